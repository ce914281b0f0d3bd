begin;
set local search_path = public, extensions;
select plan(17);

create temp table actor as select tests.user('a@test') as author, tests.user('b@test') as other;
grant select on actor to public;

-- The same capture, as often as wanted.
create function tests.capture(more jsonb default '{}', point uuid default gen_random_uuid())
returns jsonb
language sql
as $$
  select tests.mutation('create', point, jsonb_build_object('theme', 'heritage', 'form_rev', 1, 'expected_photos', 2,
    'patch', jsonb_build_object('geom', tests.geom(), 'concept', 'lavoir', 'attributes.name', 'Lavoir', 'attributes.condition', 'good')) || more);
$$;
-- All that a point left behind, but for what names it and when.
create function tests.traces(point uuid)
returns jsonb
language sql
as $$
  select jsonb_build_object(
    'point', (select to_jsonb(p) - 'id' from app.points as p where p.id = point),
    'events', (select jsonb_agg(to_jsonb(e) - '{id,point_id,mutation_id}'::text[] order by e.id) from app.events as e where e.point_id = point),
    'receipts', (select jsonb_agg(to_jsonb(r) - '{mutation_id,point_id,payload_hash}'::text[]) from app.receipts as r where r.point_id = point),
    'changes', (select jsonb_agg(c.bucket order by c.bucket) from app.changes as c where c.point_id = point));
$$;

-- Together or alone, the same is written and the same is answered.
create temp table sent as select n, tests.capture() as m from generate_series(1, 5) as n;
create temp table many as select tests.push(author, variadic (select array_agg(m order by n) from sent where n < 5)) as results from actor;
create temp table one as select tests.push(author, m) as results from actor, sent where n = 5;
select is(tests.said(results), 'applied, applied, applied, applied', 'a day of captures in one call') from many;
select is((select array_agg(r -> 'mutation_id' order by place) from many, jsonb_array_elements(results) with ordinality as t (r, place)),
  (select array_agg(m -> 'mutation_id' order by n) from sent where n < 5), 'one result each, in order');
select is((select count(distinct tests.traces((m ->> 'point_id')::uuid))::int from sent), 1, 'together leaves what alone leaves');
select is((select jsonb_array_length(tests.traces((m ->> 'point_id')::uuid) -> 'changes') from sent where n = 1), 2,
  'the author''s feed and the moderators''');
select is((select results -> 0 #- '{mutation_id}' #- '{point,id}' from one), (select results -> 2 #- '{mutation_id}' #- '{point,id}' from many),
  'and answers what alone answers');
select is((select count(*)::int from sent join app.receipts as r on r.mutation_id = (m ->> 'mutation_id')::uuid
    and r.payload_hash = sha256(convert_to(m::text, 'UTF8'))), 5, 'each has its receipt');
select is((select count(*)::int from sent join app.events as e on e.mutation_id = (m ->> 'mutation_id')::uuid and e.point_id = (m ->> 'point_id')::uuid),
  5, 'and its place in the history');
select is(tests.push(author, variadic (select array_agg(m order by n) from sent where n < 5)), (select results from many), 'a replay answers the same') from actor;

-- One that is refused takes no other with it.
create temp table mixed as select tests.push(author, tests.capture(), tests.capture('{"patch": {"geom": {"lon": 2}}}'), tests.capture(),
  tests.capture('{"status": "published"}'), tests.capture('{"theme": "nope"}'), tests.capture('{"status": "draft"}')) as results from actor;
select is(tests.said(results), 'applied, rejected invalid_geometry, applied, rejected invalid_patch, rejected unknown_theme, applied',
  'a bad one delays no other point') from mixed;
select is((select count(*)::int from mixed, jsonb_array_elements(results) as r join app.receipts as k on k.mutation_id = (r ->> 'mutation_id')::uuid), 5,
  'the refusals are stored, but the theme that may come');

-- What follows on the point that was just made finds it, in its order.
create temp table things as select gen_random_uuid() as a, gen_random_uuid() as b, gen_random_uuid() as c;
create temp table chain as select tests.push(author, tests.capture(point => a),
  tests.mutation('edit', a, '{"base_rev": 1, "base": {"attributes.name": "Lavoir"}, "patch": {"attributes.name": "Fontaine"}}'), tests.capture(point => b),
  tests.capture(point => a), tests.mutation('comment', b, '{"text": "bonjour"}')) as results from actor, things;
select is(tests.said(results), 'applied, applied, applied, rejected invalid_transition, applied', 'create, edit, create again') from chain;
select is((select jsonb_agg(r #> '{point,rev}') from chain, jsonb_array_elements(results) as r), '[1, 2, 1, null, 1]', 'each with the row as it was then');
select is(tests.said(tests.push(author, tests.mutation('comment', c, '{"text": "x"}'), tests.capture(point => c), tests.capture())),
  'rejected unknown_point, retry blocked, applied', 'a create does not pass what comes before it on its point') from actor, things;
select is(tests.said(tests.push(other, tests.capture(point => a), tests.capture(), tests.capture())), 'rejected not_allowed, applied, applied',
  'somebody else''s id is not taken') from actor, things;

-- The same mutation twice in a call.
create temp table twice as select tests.capture() as m;
select is(tests.said(tests.push(author, m, m, tests.capture(), tests.capture())), 'applied, applied, applied, applied', 'twice in one call is once') from actor, twice;
select is((select count(*)::int from app.events, twice where mutation_id = (m ->> 'mutation_id')::uuid), 1, 'with one effect') from twice;

-- A field that is no field of a plain create is left to whoever knows it.
select is((select count(*)::int from private.plain_creates(jsonb_build_array(tests.capture(), tests.capture('{"unheard_of": 1}')), '{}')), 1, 'nothing unknown is passed over');
select * from finish();
rollback;
