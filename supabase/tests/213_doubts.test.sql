begin;
set local search_path = public, extensions;
select plan(20);

create temp table actor as select tests.user('a@test') as author, tests.user('m@test') as judge;
select tests.member(judge, 'heritage', 'moderator') from actor;
create temp table known as select
  tests.point('heritage', 2.1, 43.6, concept => 'lavoir', attributes => '{"name": "Lavoir du haut"}') as near,
  tests.point('heritage', 2.11, 43.6, concept => 'puits') as far,
  tests.point('lighting', 2.1, 43.6) as lamp,
  gen_random_uuid() as mine, gen_random_uuid() as next, gen_random_uuid() as bad;
grant select on actor, known to public;

create function pg_temp.capture(point uuid, doubts jsonb) returns jsonb language sql as $$
  select tests.mutation('create', point, jsonb_build_object('theme', 'heritage', 'maybe_same_as', doubts,
    'patch', jsonb_build_object('geom', tests.geom(), 'concept', 'lavoir', 'attributes.condition', 'good')));
$$;

-- What the author could not tell arrives with the capture.
create temp table sent as select pg_temp.capture(mine, jsonb_build_array(far, far, lamp, mine, gen_random_uuid(), 'x', null, near)) as m from known;
select is(tests.said(tests.push(author, m, pg_temp.capture(next, '[]'))), 'applied, applied', 'a doubt holds nothing back') from actor, known, sent;
select set_eq('select point_id, other_id from app.doubts', 'select mine, near from known union all select mine, far from known',
  'each once; not of another theme, not itself, not what nobody knows');
select is(tests.said(tests.push(author, m)), 'applied', 'sent again') from actor, sent;
select is((select count(*)::int from app.doubts), 2, 'nothing is doubled');

-- The moderators see it first, whatever the distance, from both sides.
create function pg_temp.told(of uuid) returns jsonb language plpgsql as $$
declare
  answer jsonb;
begin
  perform tests.as_user((select judge from actor));
  answer := public.moderation_candidates(jsonb_build_object('point_id', of)) -> 'candidates';
  perform tests.as_owner();
  return answer;
end;
$$;
select ok((select c -> 'why' ? 'author_unsure' from known, jsonb_array_elements(pg_temp.told(mine)) as c where c #>> '{point,id}' = near::text), 'near');
select ok((select c -> 'why' ? 'author_unsure' from known, jsonb_array_elements(pg_temp.told(mine)) as c where c #>> '{point,id}' = far::text),
  'and where the rule alone would not look');
select ok((select not coalesce(bool_or(c #>> '{point,id}' = far::text), false) from known, jsonb_array_elements(pg_temp.told(next)) as c),
  'which it does not for who was sure');

-- What is not a list of a few points is refused, and nothing is left of it.
select is(tests.said(tests.push(author, pg_temp.capture(bad, '"x"'))), 'rejected invalid_patch', 'a word') from actor, known;
select is(tests.said(tests.push(author, pg_temp.capture(gen_random_uuid(), (select jsonb_agg(gen_random_uuid()) from generate_series(1, 21))))),
  'rejected invalid_patch', 'more than anybody hesitates between') from actor;
select is((select count(*)::int from app.points, known where id = bad), 0, 'no point');
select is(tests.said(tests.push(author, pg_temp.capture(gen_random_uuid(), 'null'))), 'applied', 'none is none') from actor;

-- "Another one" arrives too: still a candidate by the rule, told apart, after the others; from both sides.
create function pg_temp.sure(point uuid, others jsonb) returns jsonb language sql as $$
  select tests.mutation('create', point, jsonb_build_object('theme', 'heritage', 'not_same_as', others,
    'patch', jsonb_build_object('geom', tests.geom(), 'concept', 'lavoir', 'attributes.condition', 'good')));
$$;
create temp table third as select gen_random_uuid() as id;
grant select on third to public;
select is(tests.said(tests.push(author, pg_temp.sure(id, jsonb_build_array(near, near, far, lamp, id, gen_random_uuid(), 'x', null)))),
  'applied', 'what was ruled out holds nothing back') from actor, known, third;
select set_eq('select point_id, other_id from app.ruled_out', 'select id, near from known, third union all select id, far from known, third',
  'each once; not of another theme, not itself, not what nobody knows');
select ok((select c -> 'why' ? 'author_ruled_out' and not c -> 'why' ? 'author_unsure'
  from known, third, jsonb_array_elements(pg_temp.told(third.id)) as c where c #>> '{point,id}' = near::text), 'near, and told apart');
select ok((select c -> 'why' ? 'author_ruled_out'
  from known, third, jsonb_array_elements(pg_temp.told(near)) as c where c #>> '{point,id}' = third.id::text), 'seen from the other one');
select is((select (pg_temp.told(third.id) -> -1) #>> '{point,id}' from third), (select near::text from known), 'the last to look at');
select ok((select not coalesce(bool_or(c #>> '{point,id}' = far::text), false)
  from known, third, jsonb_array_elements(pg_temp.told(third.id)) as c), 'where the rule alone would not look nobody looks');
select is(tests.said(tests.push(author, pg_temp.sure(gen_random_uuid(), '{"a": 1}'))), 'rejected invalid_patch', 'no list') from actor;

-- Nobody reads it but through the moderation.
select tests.as_user(author) from actor;
select throws_ok('select 1 from app.doubts', '42501', null, 'not a table for the API');
select throws_ok('select 1 from app.ruled_out', '42501', null, 'nor this one');
select tests.as_owner();
select * from finish();
rollback;
