-- Undoing a decision left its reports closed, and the count of what its author gave in a row at nothing. What a decision
-- made of a person's contribution is now kept beside it, so that it can be taken back, and no other with it.
alter table app.decisions add column undoes bigint references app.decisions on delete set null;
create unique index decisions_undoes_idx on app.decisions (undoes);
comment on column app.decisions.undoes is 'Of a restoration: the decision that it undid.';

create table app.judgements (
  id bigint generated always as identity primary key,
  decision_id bigint not null references app.decisions on delete cascade,
  user_id uuid not null references app.profiles on delete cascade,
  theme text not null references app.themes,
  outcome text not null check (outcome in ('accepted', 'corrected', 'refused')),
  lost int not null default 0,
  undone boolean not null default false
);
create index judgements_decision_id_idx on app.judgements (decision_id);
create index judgements_user_id_idx on app.judgements (user_id, theme, id);
create index judgements_theme_idx on app.judgements (theme);
alter table app.judgements enable row level security;
comment on table app.judgements is 'What each decision made of whose contribution: what app.standings adds up, so that an undone decision can be taken off again.';
comment on column app.judgements.lost is 'How many in a row were lost to it: given back with it.';

drop function private.note_standing(uuid, text, text);
create function private.judge(decision bigint, who uuid, in_theme text, outcome text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  before int;
begin
  if who is null or outcome is null then
    return;
  end if;
  insert into app.standings (user_id, theme) values (who, in_theme) on conflict (user_id, theme) do nothing;
  -- Locked first: judgements of one person are numbered in the order in which they count.
  select s.in_a_row into before from app.standings as s where s.user_id = who and s.theme = in_theme for update;
  insert into app.judgements (decision_id, user_id, theme, outcome, lost)
  values (decision, who, in_theme, outcome, case outcome when 'accepted' then 0 else before end);
  update app.standings as s set
    accepted = s.accepted + (outcome = 'accepted')::int, corrected = s.corrected + (outcome = 'corrected')::int,
    refused = s.refused + (outcome = 'refused')::int, in_a_row = case outcome when 'accepted' then before + 1 else 0 end
  where s.user_id = who and s.theme = in_theme;
end;
$$;
comment on function private.judge(bigint, uuid, text, text) is 'Counts what a decision made of somebody''s contribution; nothing when it made nothing of it.';

create function private.take_back_judgements(of_decision bigint)
returns void
language plpgsql
set search_path = ''
as $$
declare
  j app.judgements;
  back int;
begin
  for j in select * from app.judgements as k where k.decision_id = of_decision and not k.undone order by k.user_id, k.id loop
    perform from app.standings where user_id = j.user_id and theme = j.theme for update;
    select k.lost into j.lost from app.judgements as k where k.id = j.id;
    update app.judgements set undone = true where id = j.id;
    back := case j.outcome when 'accepted' then -1 else j.lost end;
    -- What was lost once more since is lost all the same: it is owed to that later one.
    update app.judgements as k set lost = greatest(0, k.lost + back)
    where k.id = (
      select l.id from app.judgements as l
      where l.user_id = j.user_id and l.theme = j.theme and l.id > j.id and not l.undone and l.outcome <> 'accepted' order by l.id limit 1);
    update app.standings as s set
      in_a_row = case when found then s.in_a_row else greatest(0, s.in_a_row + back) end,
      accepted = greatest(0, s.accepted - (j.outcome = 'accepted')::int),
      corrected = greatest(0, s.corrected - (j.outcome = 'corrected')::int),
      refused = greatest(0, s.refused - (j.outcome = 'refused')::int)
    where s.user_id = j.user_id and s.theme = j.theme;
  end loop;
end;
$$;
comment on function private.take_back_judgements(bigint) is
  'The standings of those whom a decision judged are what they would be without it; what was decided since counts on.';

create function private.decision_to_undo(was app.points)
returns app.decisions
language sql
stable
set search_path = ''
as $$
  select d from app.decisions as d
  where d.point_id = was.id and coalesce(d.kind, '') not in ('edit', 'photo')
    and d.decision = case was.status when 'archived' then 'archive' when 'destroyed' then 'destroy' when 'duplicate' then 'duplicate'
      when 'rejected' then 'reject' when 'to_complete' then 'to_complete' end
    and not exists (select from app.decisions as u where u.undoes = d.id)
  order by d.id desc limit 1;
$$;
comment on function private.decision_to_undo(app.points) is 'The decision that brought a point where it is: the one that `restore` undoes.';

create function private.undo_decision(d app.decisions, p app.points)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.take_back_judgements(d.id);
  update app.reports set state = 'open', closed_at = null, closed_by = null, closed_with = null, closed_in = null
  where point_id = p.id and state = 'closed' and closed_in = d.mutation_id;
  -- It waits since it waited, not since the mistake was mended.
  update app.queue set since = d.at - d.waited where kind = 'new' and item_id = p.id and d.kind = 'new' and d.waited is not null;
end;
$$;
comment on function private.undo_decision(app.decisions, app.points) is
  'What a decision did beside the point itself: the reports that it closed wait again, the standings are given back, a new point takes its place in the queue again.';

create or replace function private.item_to_decide(was app.points, m jsonb)
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
    when decision in ('dismiss', 'archive', 'destroy', 'duplicate') then q.kind in ('gone', 'report')
    when decision in ('publish', 'reject') then q.kind = 'photo' or decision = 'publish' and q.kind in ('gone', 'report')
    else false end
  order by (q.kind = 'photo') desc, q.since limit 1;
  return i;
end;
$$;

drop function private.outcome_of(app.points, app.points, app.queue, jsonb);
create function private.outcome_of(was app.points, p app.points, i app.queue, m jsonb, waiting uuid[])
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
      or exists (select from app.photos where id = any (waiting) and user_id = i.author and state = 'refused') then 'corrected'
    else 'accepted' end;
end;
$$;
comment on function private.outcome_of(app.points, app.points, app.queue, jsonb, uuid[]) is
  'What a decision made of a new point or an edit: accepted, corrected (a photo that waited with it and was left out included) or refused; null for any other.';

create function private.judge_photos(noted bigint, p app.points, m jsonb, waiting uuid[])
returns void
language sql
set search_path = ''
as $$
  -- Photos that are taken count for nothing: a point takes many.
  select private.judge(noted, f.user_id, p.theme, case m ->> 'decision' when 'reject' then 'refused' else 'corrected' end)
  from (select distinct user_id from app.photos where id = any (waiting) and state = 'refused' and user_id is not null order by user_id) as f;
$$;
comment on function private.judge_photos(bigint, app.points, jsonb, uuid[]) is
  'Whoever took a photo that waited on a published point answers for it when it is refused, and not who captured the point.';

create function private.judge_audits(noted bigint, p app.points, m jsonb)
returns void
language sql
set search_path = ''
as $$
  select private.judge(noted, a.user_id, p.theme, case
      when m ->> 'decision' in ('archive', 'destroy', 'duplicate') then 'refused'
      when coalesce(m -> 'correction', 'null') = 'null' then null
      -- Who edited answers for what they wrote, not for the rest of the point.
      when a.revision_id is null or exists (
        select from app.revisions as r
        where r.point_id = p.id and r.author = a.user_id and r.reason = 'trust' and r.decided_at >= a.created_at
          and r.patch ?| array(select jsonb_object_keys(m -> 'correction' -> 'patch'))) then 'corrected' end)
  from (
    select * from app.reports
    where point_id = p.id and kind = 'audit' and closed_in = private.to_uuid(m ->> 'mutation_id')
      and (coalesce(m -> 'report_id', 'null') = 'null' or id = private.to_uuid(m ->> 'report_id'))
    order by user_id) as a;
$$;
comment on function private.judge_audits(bigint, app.points, jsonb) is
  'What was published by trust and is found wanting afterwards counts against who gave it: the audits that a decision closed, or the one that it names.';

drop function private.note_decision(app.points, app.points, uuid, app.queue, jsonb);
create function private.note_decision(was app.points, p app.points, who uuid, i app.queue, m jsonb, waiting uuid[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  outcome text := private.outcome_of(was, p, i, m, waiting);
  undone app.decisions;
  noted bigint;
begin
  if m ->> 'decision' = 'restore' then
    undone := private.decision_to_undo(was);
  end if;
  insert into app.decisions (actor, author, point_id, theme, commune, kind, decision, reason, outcome, waited, mutation_id, undoes)
  values (who, case when i.kind in ('new', 'edit', 'photo') then i.author else was.author end, p.id, p.theme, p.commune, i.kind, m ->> 'decision',
    nullif(m ->> 'reason', ''), outcome, now() - i.since, private.to_uuid(m ->> 'mutation_id'), undone.id)
  returning id into noted;
  perform private.judge(noted, i.author, p.theme, outcome);
  if i.kind = 'photo' then
    perform private.judge_photos(noted, p, m, waiting);
  end if;
  perform private.judge_audits(noted, p, m);
  if undone.id is not null then
    perform private.undo_decision(undone, p);
  end if;
  delete from app.leases where point_id = p.id and holder = who;
end;
$$;
comment on function private.note_decision(app.points, app.points, uuid, app.queue, jsonb, uuid[]) is
  'After a decision: notes it and what it made of the contributions, undoes the one that it takes back, and gives the item back. `waiting` are the photos that waited before it.';

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
  waiting uuid[] := array(select id from app.photos where point_id = was.id and state = 'pending');
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
  perform private.check_report(was, theme, who, m);
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
      perform private.check_bulk(was, who, m);
      p := private.decide_point(was, theme, who, m);
    end if;
  end if;
  perform private.note_decision(was, p, who, item, m, waiting);
  perform private.record_event(p, who, decision, was.status, nullif(m ->> 'reason', ''), nullif(m ->> 'comment', ''),
    private.content_diff(private.content_of(was), private.content_of(p)), (m ->> 'mutation_id')::uuid,
    private.to_uuid(m ->> 'revision_id'), 'moderator');
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;

revoke all on function private.judge(bigint, uuid, text, text), private.take_back_judgements(bigint), private.decision_to_undo(app.points),
  private.undo_decision(app.decisions, app.points), private.outcome_of(app.points, app.points, app.queue, jsonb, uuid[]),
  private.judge_photos(bigint, app.points, jsonb, uuid[]), private.judge_audits(bigint, app.points, jsonb),
  private.note_decision(app.points, app.points, uuid, app.queue, jsonb, uuid[]) from public;
