-- What was decided, on what kind of item, after how long: for the figures, and for what is known of an author in a theme.
create table app.decisions (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor uuid references app.profiles on delete set null,
  author uuid references app.profiles on delete set null,
  point_id uuid not null references app.points,
  theme text not null,
  commune text,
  kind text,
  decision text not null,
  reason text,
  outcome text check (outcome in ('accepted', 'corrected', 'refused')),
  waited interval,
  mutation_id uuid
);
create index decisions_actor_idx on app.decisions (actor, at);
create index decisions_author_idx on app.decisions (author, at);
create index decisions_point_id_idx on app.decisions (point_id);
create index decisions_theme_idx on app.decisions (theme, at);
alter table app.decisions enable row level security;
comment on table app.decisions is
  'One row a decision, beside the event that tells it: what waited, how long, and what came of it for whom. A figure, not the history: that is app.events.';
comment on column app.decisions.kind is 'Kind of the item of the queue that it answered; null when nothing waited (an archive, a restoration).';
comment on column app.decisions.outcome is 'What became of a contribution (new point or edit): taken as it was, taken corrected or in part, refused.';

create table app.standings (
  user_id uuid not null references app.profiles on delete cascade,
  theme text not null references app.themes,
  accepted int not null default 0,
  corrected int not null default 0,
  refused int not null default 0,
  in_a_row int not null default 0,
  primary key (user_id, theme)
);
create index standings_theme_idx on app.standings (theme);
alter table app.standings enable row level security;
comment on table app.standings is 'What became of a person''s contributions to a theme. Seen by themselves and by who decides on their next one.';
comment on column app.standings.in_a_row is 'Accepted as they were since the last one that was corrected or refused: what trust rests on.';

create function private.item_to_decide(was app.points, m jsonb)
returns app.queue
language plpgsql
stable
set search_path = ''
as $$
declare
  i app.queue;
  decision text := m ->> 'decision';
begin
  select q.* into i from app.queue as q
  where q.point_id = was.id and case
    when coalesce(m -> 'revision_id', 'null') <> 'null' then q.kind = 'edit' and q.item_id = private.to_uuid(m ->> 'revision_id')
    when coalesce(m -> 'report_id', 'null') <> 'null' then q.kind in ('gone', 'report') and q.item_id = private.to_uuid(m ->> 'report_id')
    when was.status = 'submitted' then q.kind = 'new'
    when decision in ('dismiss', 'archive', 'destroy') then q.kind in ('gone', 'report')
    when decision in ('publish', 'reject') then q.kind = 'photo' or decision = 'publish' and q.kind in ('gone', 'report')
    else false end
  order by (q.kind = 'photo') desc, q.since limit 1;
  return i;
end;
$$;
comment on function private.item_to_decide(app.points, jsonb) is 'The item of the queue that a decision answers, as long as it waits; null when none does.';

create function private.outcome_of(was app.points, p app.points, i app.queue, m jsonb)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return case
    when i.kind is null or i.kind not in ('new', 'edit') then null
    when m ->> 'decision' = 'reject' then 'refused'
    when m ->> 'decision' <> 'publish' then null
    when coalesce(m -> 'correction', 'null') <> 'null'
      or i.kind = 'new' and private.content_of(was) <> private.content_of(p)
      or i.kind = 'edit' and (select state from app.revisions where id = i.item_id) <> 'accepted'
      or coalesce(m -> 'photos', 'null') <> 'null'
        and exists (select from app.photos where point_id = p.id and user_id = i.author and state = 'refused') then 'corrected'
    else 'accepted' end;
end;
$$;
comment on function private.outcome_of(app.points, app.points, app.queue, jsonb) is 'What a decision made of a new point or an edit: accepted, corrected or refused; null for any other.';

create function private.note_standing(who uuid, in_theme text, outcome text)
returns void
language sql
set search_path = ''
as $$
  insert into app.standings as s (user_id, theme, accepted, corrected, refused, in_a_row)
  select who, in_theme, (outcome = 'accepted')::int, (outcome = 'corrected')::int, (outcome = 'refused')::int, (outcome = 'accepted')::int
  where who is not null and outcome is not null
  on conflict (user_id, theme) do update set
    accepted = s.accepted + excluded.accepted, corrected = s.corrected + excluded.corrected, refused = s.refused + excluded.refused,
    in_a_row = case when excluded.accepted = 1 then s.in_a_row + 1 else 0 end;
$$;
comment on function private.note_standing(uuid, text, text) is 'Counts what became of a contribution.';

create function private.note_decision(was app.points, p app.points, who uuid, i app.queue, m jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  outcome text := private.outcome_of(was, p, i, m);
begin
  insert into app.decisions (actor, author, point_id, theme, commune, kind, decision, reason, outcome, waited, mutation_id)
  values (who, case when i.kind is null then was.author else i.author end, p.id, p.theme, p.commune, i.kind, m ->> 'decision',
    nullif(m ->> 'reason', ''), outcome, now() - i.since, private.to_uuid(m ->> 'mutation_id'));
  perform private.note_standing(i.author, p.theme, outcome);
  if m ->> 'decision' = 'restore' and was.status = 'rejected' then
    -- A refusal that is taken back counts no more.
    update app.standings set refused = greatest(0, refused - 1) where user_id = was.author and theme = was.theme;
  end if;
  delete from app.leases where point_id = p.id and holder = who;
end;
$$;
comment on function private.note_decision(app.points, app.points, uuid, app.queue, jsonb) is
  'After a decision: notes it and what it made of the contribution, and gives the item back.';

create or replace function private.push_decide(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  theme app.themes;
  decision text := m ->> 'decision';
  is_on_revision boolean := coalesce(m -> 'revision_id', 'null') <> 'null';
  is_on_published boolean := decision in ('publish', 'reject') and was.status = 'published' and not is_on_revision;
  item app.queue := private.item_to_decide(was, m);
  p app.points;
begin
  if not private.is_moderator_of(who, was) then
    perform private.reject('not_allowed', 'Ce point n’est pas dans votre périmètre de modération.');
  end if;
  if decision is null or decision not in
    ('publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss') then
    perform private.reject('invalid_patch', 'Décision inconnue.');
  end if;
  select * into theme from app.themes where id = was.theme;
  if is_on_revision then
    p := private.decide_revision(was, theme, who, m);
  elsif is_on_published then
    p := private.decide_published(was, theme, who, m);
  else
    perform private.refuse_own(theme, who, was.author);
    if decision = 'dismiss' then
      p := private.dismiss_reports(was, theme, who, m);
    else
      perform private.check_seen(was, who, m);
      p := private.decide_point(was, theme, who, m);
    end if;
  end if;
  perform private.note_decision(was, p, who, item, m);
  perform private.record_event(p, who, decision, was.status, nullif(m ->> 'reason', ''), nullif(m ->> 'comment', ''),
    private.content_diff(private.content_of(was), private.content_of(p)), (m ->> 'mutation_id')::uuid,
    private.to_uuid(m ->> 'revision_id'), 'moderator');
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;

create function private.values_to_give_back(survivor app.points, duplicate uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  content jsonb := private.content_of(survivor);
begin
  return (
    select coalesce(jsonb_object_agg(change.path, change.was), '{}')
    from (
      select e.diff from app.events as e
      where e.point_id = survivor.id and e.action = 'merge' and e.diff #>> '{duplicate,1}' = duplicate::text
      order by e.id desc limit 1) as last,
    lateral (select path, value -> 0 as was, value -> 1 as taken from jsonb_each(last.diff - 'duplicate') as d (path, value)) as change
    -- What somebody changed since is theirs.
    where coalesce(content -> change.path, 'null') = change.taken);
end;
$$;
comment on function private.values_to_give_back(app.points, uuid) is
  'What a survivor held before it took the values of a duplicate, path by path, as far as nobody changed them since.';

create or replace function private.leave_survivor(p app.points, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points;
  merged app.points;
  moved int;
begin
  select * into survivor from app.points where id = p.duplicate_of for update;
  p.duplicate_of := null;
  p.status_before := null;
  update app.points set duplicate_of = null, status_before = null where id = p.id;
  -- With the photos that came to it from duplicates of its own.
  with recursive family as (
    select p.id as id
    union
    select d.id from family join app.points as d on d.duplicate_of = family.id)
  update app.photos set point_id = p.id, came_from = nullif(came_from, p.id),
    state = case when p.status = 'published' then state else 'pending' end
  where came_from in (select id from family);
  get diagnostics moved = row_count;
  if survivor.id is not null then
    merged := private.with_values(survivor, private.values_to_give_back(survivor, p.id));
    select c.count, c.last_on into merged.confirmation_count, merged.last_confirmed_on from private.confirmations_of(survivor.id) as c;
    merged := private.save_point(survivor, merged, moved > 0 and survivor.status = 'published');
    perform private.record_event(merged, who, 'unmerge', survivor.status,
      diff => private.content_diff(private.content_of(survivor), private.content_of(merged))
        || jsonb_build_object('duplicate', jsonb_build_array(p.id, null)),
      mutation_id => (m ->> 'mutation_id')::uuid, as_kind => 'moderator');
  end if;
  return p;
end;
$$;
comment on function private.leave_survivor(app.points, uuid, jsonb) is
  'Undoes a merge: the photos go back to the point they came from, confirmations are counted apart again, and the survivor says again what it said before, but where somebody changed it since.';

revoke all on function private.item_to_decide(app.points, jsonb), private.outcome_of(app.points, app.points, app.queue, jsonb),
  private.note_standing(uuid, text, text), private.note_decision(app.points, app.points, uuid, app.queue, jsonb),
  private.values_to_give_back(app.points, uuid) from public;
