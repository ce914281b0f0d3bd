-- One decision on many points of one author, where nothing asks to be looked at closely.
create table app.bulks (
  id uuid primary key,
  moderator uuid references app.profiles on delete set null,
  author uuid references app.profiles on delete set null,
  theme text not null references app.themes,
  decision text not null,
  items int not null default 0 check (items between 0 and 100),
  at timestamptz not null default now()
);
create index bulks_moderator_idx on app.bulks (moderator);
create index bulks_author_idx on app.bulks (author);
create index bulks_theme_idx on app.bulks (theme);
alter table app.bulks enable row level security;
comment on table app.bulks is
  'Decisions taken on many items at once (field `bulk` of `decide`): one moderator, one author, one theme, one decision, 100 items at most.';

create function private.bulk_problem(p app.points, who uuid)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return case
    when p.status <> 'submitted' then 'not_waiting'
    when p.author is null or p.author = who then 'own_contribution'
    when exists (select from app.conflicts where point_id = p.id and resolved_by is null) then 'conflict'
    when exists (select from app.term_proposals where point_id = p.id and state = 'proposed') then 'term_proposed'
    when exists (select from private.duplicate_candidates(p, who)) then 'candidate' end;
end;
$$;
comment on function private.bulk_problem(app.points, uuid) is
  'Why a point must be looked at alone: not_waiting, own_contribution, conflict, term_proposed, candidate; null when it may be decided with others.';

create function private.check_bulk(was app.points, who uuid, m jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  bulk uuid := private.to_uuid(m ->> 'bulk');
  b app.bulks;
  problem text;
begin
  if coalesce(m -> 'bulk', 'null') = 'null' then
    return;
  elsif bulk is null or m ->> 'decision' not in ('publish', 'reject', 'to_complete')
    or jsonb_strip_nulls(m) ?| array['fields', 'photos', 'correction', 'keep', 'duplicate_of', 'revision_id', 'report_id'] then
    perform private.reject('not_bulk_safe', 'En lot on publie, on refuse ou on renvoie, sans rien changer.');
  end if;
  problem := private.bulk_problem(was, who);
  if problem is not null then
    perform private.reject('not_bulk_safe', format('Ce point se regarde seul : %s.', problem));
  end if;
  insert into app.bulks (id, moderator, author, theme, decision) values (bulk, who, was.author, was.theme, m ->> 'decision')
  on conflict (id) do nothing;
  select * into b from app.bulks where id = bulk for update;
  if (b.moderator, b.author, b.theme, b.decision) is distinct from (who, was.author, was.theme, m ->> 'decision') then
    perform private.reject('not_bulk_safe', 'Un lot est d’un seul auteur, d’une seule thématique et d’une seule décision.');
  elsif b.items >= 100 then
    perform private.reject('not_bulk_safe', 'Un lot compte 100 points au plus.');
  end if;
  update app.bulks set items = items + 1 where id = bulk;
end;
$$;
comment on function private.check_bulk(app.points, uuid, jsonb) is
  'Refuses as not_bulk_safe a decision taken with others (field `bulk`) on what must be looked at alone; the others of the lot pass.';

create function private.moderation_bulk(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  ids uuid[] := array(select private.to_uuid(one #>> '{}') from jsonb_array_elements(private.arg_list(p, 'point_ids', 100)) as one);
begin
  return (
    with asked as (
      select o, private.bulk_problem(o, me) as problem from app.points as o
      where o.id = any (ids) and o.status not in ('draft', 'withdrawn') and private.moderates(me, o.theme, o.commune)
    ), main as (
      -- Of several authors or themes, the lot of the most.
      select (o).author as author, (o).theme as theme from asked where problem is null
      group by 1, 2 order by count(*) desc, 1, 2 limit 1
    ), judged as (
      select o, case when problem is not null then problem
        when ((o).author, (o).theme) is distinct from (main.author, main.theme) then 'other_author_or_theme' end as problem
      from asked left join main on true
    )
    select jsonb_build_object(
      'safe', (select coalesce(jsonb_agg(jsonb_build_object('point_id', (o).id, 'rev', (o).rev) order by (o).id), '[]') from judged where problem is null),
      'unsafe', (select coalesce(jsonb_agg(jsonb_build_object('point_id', (o).id, 'why', problem) order by (o).id), '[]') from judged where problem is not null)));
end;
$$;
comment on function private.moderation_bulk(jsonb) is 'Which of some points may be decided together. Checks: signed in; only points of the caller''s scope.';

create function public.moderation_bulk(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.moderation_bulk(p); $$;
comment on function public.moderation_bulk(jsonb) is
  '{point_ids ≤ 100} → {safe: [{point_id, rev}], unsafe: [{point_id, why: not_waiting|own_contribution|conflict|term_proposed|candidate|other_author_or_theme}]}. Each safe one is then decided by its own `decide` with one same `bulk` (UUID). Moderators, in their scope.';

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
      perform private.check_bulk(was, who, m);
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

revoke all on function private.bulk_problem(app.points, uuid), private.check_bulk(app.points, uuid, jsonb),
  private.moderation_bulk(jsonb), public.moderation_bulk(jsonb) from public;
grant execute on function private.moderation_bulk(jsonb), public.moderation_bulk(jsonb) to anon, authenticated, service_role;
