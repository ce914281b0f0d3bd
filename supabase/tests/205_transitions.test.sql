-- The table of contract §3, tried whole: role × state × mutation.
begin;
set local search_path = public, extensions;
select plan(8);

create temp table actor (role text primary key, who uuid);
insert into actor values
  ('author', tests.user('author@test')), ('author_moderator', tests.user('both@test')), ('moderator', tests.user('moderator@test')),
  ('coordinator', tests.user('coordinator@test')), ('outside_moderator', tests.user('outside@test')),
  ('other_group', tests.user('group@test')), ('contributor', tests.user('contributor@test'));
select tests.member(who, case role when 'other_group' then 'lighting' else 'heritage' end,
    case role when 'coordinator' then 'coordinator' else 'moderator' end,
    case role when 'outside_moderator' then '{11}'::text[] else '{*}' end)
from actor where role in ('author_moderator', 'moderator', 'coordinator', 'outside_moderator', 'other_group');

create temp table mutation (name text primary key, kind text, fields jsonb);
insert into mutation values
  ('edit', 'edit', '{"base_rev": 1, "base": {}, "patch": {"attributes.name": "Lavoir"}}'),
  ('submit', 'edit', '{"base_rev": 1, "base": {}, "patch": {"attributes.name": "Lavoir"}, "submit": true}'),
  ('withdraw', 'withdraw', '{}'),
  ('comment', 'comment', '{"text": "Bonjour"}'),
  ('found', 'confirm', '{"observed_at": "2026-05-03T00:00:00Z", "found": true}'),
  ('gone', 'confirm', '{"observed_at": "2026-05-03T00:00:00Z", "found": false}');
insert into mutation
select decision, 'decide', jsonb_build_object('seen_rev', 1, 'decision', decision, 'reason', 'other')
from unnest(array['publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss']) as decision;

-- What is allowed, and where it leads. Everything else is refused.
create temp table allowed (role text, status text, name text, outcome text, to_status text);
insert into allowed
select role, status, name, outcome, to_status
from (values
  ('draft', 'edit', 'applied', 'draft'), ('draft', 'submit', 'applied', 'submitted'),
  ('submitted', 'edit', 'applied', 'submitted'), ('submitted', 'submit', 'applied', 'submitted'),
  ('to_complete', 'edit', 'applied', 'to_complete'), ('to_complete', 'submit', 'applied', 'submitted'),
  ('rejected', 'edit', 'applied', 'submitted'), ('rejected', 'submit', 'applied', 'submitted'),
  ('withdrawn', 'edit', 'applied', 'submitted'), ('withdrawn', 'submit', 'applied', 'submitted'),
  ('draft', 'withdraw', 'applied', 'withdrawn'), ('submitted', 'withdraw', 'applied', 'withdrawn'),
  ('to_complete', 'withdraw', 'applied', 'withdrawn'), ('rejected', 'withdraw', 'applied', 'withdrawn')
) as t (status, name, outcome, to_status), unnest(array['author', 'author_moderator']) as role;
insert into allowed
select role, status, name, outcome, to_status
from (values
  ('submitted', 'edit', 'applied', 'submitted'), ('submitted', 'submit', 'applied', 'submitted'),
  ('submitted', 'publish', 'applied', 'published'), ('submitted', 'to_complete', 'applied', 'to_complete'),
  ('submitted', 'reject', 'applied', 'rejected'), ('submitted', 'duplicate', 'applied', 'duplicate'),
  ('published', 'archive', 'applied', 'archived'), ('published', 'destroy', 'applied', 'destroyed'),
  ('published', 'duplicate', 'applied', 'duplicate'),
  ('archived', 'restore', 'applied', 'published'), ('destroyed', 'restore', 'applied', 'published'),
  ('rejected', 'restore', 'applied', 'submitted'), ('to_complete', 'restore', 'applied', 'submitted'),
  ('duplicate', 'restore', 'applied', 'published')
) as t (status, name, outcome, to_status), unnest(array['moderator', 'coordinator']) as role;
insert into allowed
select role, 'published', name, case when role in ('moderator', 'coordinator', 'author_moderator') then 'applied' else 'pending' end, 'published'
from actor, unnest(array['edit', 'submit']) as name;
insert into allowed select role, 'published', name, 'applied', 'published' from actor, unnest(array['found', 'gone']) as name;
-- What is said of a merged thing is said of its survivor: it stays merged, and counts there.
insert into allowed select role, 'duplicate', name, 'applied', 'duplicate' from actor, unnest(array['found', 'gone']) as name;

create function pg_temp.expected(role text, status text, name text)
returns text language sql as $$
  select case
    when status = 'duplicate' and name in ('found', 'gone') then 'applied'
    when not case
      when role like 'author%' then true
      when role in ('moderator', 'coordinator') then status not in ('draft', 'withdrawn')
      else status in ('published', 'archived', 'destroyed') end then 'rejected unknown_point'
    when name = 'comment' then 'applied'
    when exists (select from allowed as a where (a.role, a.status, a.name) = ($1, $2, $3))
      then (select outcome from allowed as a where (a.role, a.status, a.name) = ($1, $2, $3))
    when name = 'withdraw' and role not like 'author%' then 'rejected not_allowed'
    when name in ('publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss') then case
      when role not in ('moderator', 'coordinator', 'author_moderator') then 'rejected not_allowed'
      when role = 'author_moderator' and not (status = 'published' and name in ('publish', 'reject')) then 'rejected own_contribution'
      else 'rejected invalid_transition' end
    else 'rejected invalid_transition' end;
$$;

create temp table tried as
select role, who, status, name, kind, fields, gen_random_uuid() as point, gen_random_uuid() as survivor
from actor, mutation, unnest(array['draft', 'submitted', 'to_complete', 'rejected', 'withdrawn', 'published', 'archived', 'destroyed', 'duplicate']) as status;
insert into app.points (id, theme, author, status, geom, accuracy_m, position_source, captured_at)
select survivor, 'heritage', null, 'published', st_setsrid(st_makepoint(2.1, 43.6), 4326), 8, 'gps', '2026-05-02' from tried
where name = 'duplicate' or status = 'duplicate';
insert into app.points (id, theme, author, status, status_before, duplicate_of, geom, accuracy_m, position_source, captured_at)
select point, 'heritage', (select who from actor where role = case tried.role when 'author_moderator' then 'author_moderator' else 'author' end),
  status, case status when 'duplicate' then 'published' end, case status when 'duplicate' then survivor end,
  st_setsrid(st_makepoint(2.1, 43.6), 4326), 8, 'gps', '2026-05-02'
from tried;

create temp table sent as
select t.*, tests.mutation(kind, point,
  fields || case name when 'duplicate' then jsonb_build_object('duplicate_of', survivor) else '{}' end) as mutation
from tried as t;
-- Fifty to a call, as a device does.
create function pg_temp.answers() returns table (point uuid, result jsonb) language sql as $$
  select (m ->> 'point_id')::uuid, r
  from (
    select who, array_agg(mutation order by point) as mutations
    from (select who, point, mutation, row_number() over (partition by who order by point) / 50 as call from sent) as numbered
    group by who, call) as calls,
  lateral (select tests.push(who, variadic mutations) as results) as answer,
  unnest(mutations) with ordinality as m (m, n), jsonb_array_elements(results) with ordinality as r (r, k)
  where n = k;
$$;
create temp table result as
select s.*, tests.said(jsonb_build_array(a.result)) as said, a.result, pg_temp.expected(role, status, name) as expected
from sent as s join pg_temp.answers() as a using (point);
-- The point that a mutation speaks of: itself, or the survivor where a visit meets what was merged.
create temp table said_of as
select r.*, case when status = 'duplicate' and name in ('found', 'gone') then survivor else point end as said_of from result as r;
create function pg_temp.everything() returns text language sql as $$
  select md5(concat(
    (select string_agg(t::text, '|' order by id) from app.points as t), (select string_agg(t::text, '|' order by id) from app.events as t),
    (select string_agg(t::text, '|' order by id) from app.revisions as t), (select string_agg(t::text, '|' order by id) from app.reports as t),
    (select string_agg(t::text, '|' order by mutation_id) from app.receipts as t),
    (select string_agg(t::text, '|' order by mutation_id) from app.confirmations as t),
    (select string_agg(t::text, '|' order by bucket, point_id) from app.changes as t),
    (select string_agg(t::text, '|' order by id) from app.jobs as t)));
$$;
create temp table before as select pg_temp.everything() as hash;
create temp table replay as select r.*, a.result as again from result as r join pg_temp.answers() as a using (point);

select is((select count(*)::int from result), 7 * 9 * 14, 'every role, state and mutation was tried');
select is_empty($$select role, status, name, said, expected from result where said is distinct from expected$$,
  'each answers as the table says');
select is_empty($$
  select r.role, r.status, r.name, p.status
  from result as r join app.points as p on p.id = r.point
  left join allowed as a on (a.role, a.status, a.name) = (r.role, r.status, r.name)
  where p.status is distinct from coalesce(a.to_status, r.status)$$, 'each leads where the table says, or nowhere');
select is_empty($$
  select r.role, r.status, r.name, p.rev, p.v
  from said_of as r join app.points as p on p.id = r.said_of
  where p.rev <> 1 + (r.said = 'applied' and r.name not in ('comment', 'found', 'gone'))::int
    or p.v <> 1 + (r.said in ('applied', 'pending'))::int
    or (r.said in ('applied', 'pending')) is distinct from (r.result -> 'point' is not null)$$,
  'rev counts content and state, v every visible change, and the row comes back');
select is_empty($$
  select r.role, r.status, r.name, count(e.id)
  from said_of as r left join app.events as e on e.point_id = r.said_of and e.actor = r.who
    and (e.from_status is null or e.from_status = case r.said_of when r.point then r.status else 'published' end)
    and e.to_status = (select status from app.points where id = r.said_of)
  group by r.role, r.status, r.name, r.said
  having count(e.id) <> (r.said in ('applied', 'pending'))::int$$, 'each change is one row of the history, each refusal none');
select is_empty($$select role, status, name, result, again from replay where again - 'message' is distinct from result - 'message'$$,
  'the whole history sent again is answered the same');
select is(pg_temp.everything(), (select hash from before), 'and changes no row');
select set_eq('select kind, item_id, point_id, theme, commune, author from app.queue',
  'select kind, item_id, point_id, theme, commune, author from private.waiting_items(array(select id from app.points))',
  'after all that the queue holds what waits, and nothing else');
select * from finish();
rollback;
