begin;
set local search_path = public, extensions;
-- What Supabase grants to somebody without account.
set local statement_timeout = '3s';
select plan(28);
delete from app.public_points;

insert into app.territories (level, code, name, departement, geom) values
  ('commune', '11203', 'Lézignan-Corbières', '11', st_multi(st_makeenvelope(2.7, 43.15, 2.8, 43.25, 4326)))
on conflict (level, code) do update set geom = excluded.geom;
create temp table made as
select tests.point('heritage', 2.75, 43.2, 'published', 'lavoir', attributes => '{"name": "Lavoir de l’Église"}') as washhouse,
  tests.point('heritage', 2.76, 43.2, 'published', 'croix-chemin') as cross_,
  tests.point('heritage', 2.9, 43.4, 'published', 'capitelle', attributes => '{"name": "Cabane secrète"}', sensitivity => 'blurred') as hut,
  tests.point('heritage', 2.75, 43.2, 'published', 'lavoir', attributes => '{"name": "Lavoir caché"}', sensitivity => 'hidden') as hidden,
  tests.point('heritage', 2.75, 43.2, 'draft', 'lavoir', attributes => '{"name": "Lavoir en brouillon"}') as draft,
  tests.point('heritage', 2.75, 43.2, 'destroyed', 'lavoir', attributes => '{"name": "Lavoir détruit"}') as destroyed,
  tests.point('lighting', 2.75, 43.2, 'published', 'lanterne', attributes => '{"ref": "A42"}') as light;
grant select on made to public;
create function tests.found(p jsonb) returns uuid[] language sql as $$
  select coalesce(array_agg((i ->> 'id')::uuid order by n), '{}') from jsonb_array_elements(public.points_search(p)::jsonb -> 'items') with ordinality as e (i, n);
$$;
grant execute on function tests.found(jsonb) to public;

select tests.as_anon();
select is(cardinality(tests.found('{}')), 4, 'published points only, none hidden');
select is(public.points_search()::jsonb -> 'total', '4', 'counted');
select is(public.points_search()::jsonb -> 'exact', 'true', 'exactly');
select ok(
  (select bool_and(i ?& array['id', 'theme', 'concept', 'label', 'status', 'lon', 'lat', 'commune', 'commune_name', 'updated_at'])
   from jsonb_array_elements(public.points_search()::jsonb -> 'items') as i), 'each with every member of the contract');
select is(tests.found('{"q": "eglise"}'), array[(select washhouse from made)], 'found by its name, accents and apostrophes aside');
select is(tests.found('{"q": "ÉGLI"}'), array[(select washhouse from made)], 'by the beginning of a word');
select is(tests.found('{"q": "bugadiere"}'), array[(select washhouse from made)], 'by a synonym of what it is');
select is(tests.found('{"q": "safareig"}'), array[(select washhouse from made)], 'by a label that is not yet validated');
select is(tests.found('{"q": "lavoir lezignan"}'), array[(select washhouse from made)], 'by what and where at once');
select is(tests.found('{"q": "a42"}'), array[(select light from made)], 'by a number');
select is(cardinality(tests.found('{"q": "%"}')), 4, 'punctuation is not a word');
select is(tests.found('{"q": "secrete"}'), '{}', 'a name that would tell the place of a blurred point is not searched');
select ok(not exists (select from jsonb_array_elements(public.points_search()::jsonb -> 'items') as i where i ->> 'label' = 'Cabane secrète'), 'nor shown');
select is(tests.found('{"concept": "croix"}'), array[(select cross_ from made)], 'by concept with what is narrower');
select is(tests.found('{"commune": "11203", "themes": ["lighting"]}'), array[(select light from made)], 'by commune and theme');
select is(cardinality(tests.found('{"themes": "heritage,lighting"}')), 4, 'themes may be one text');
select is(tests.found('{"statuses": ["destroyed"]}'), array[(select destroyed from made)], 'what no longer exists, when asked for');
select is(tests.found('{"bbox": [2.899, 43.399, 2.901, 43.401]}'), '{}', 'a box around the true place of a blurred point finds nothing');
select is(cardinality(tests.found('{"bbox": [2.7, 43.1, 2.8, 43.3]}')), 3, 'a box');
select is((tests.found('{"near": {"lon": 2.7601, "lat": 43.2}}'))[1], (select cross_ from made), 'the nearest first');
select ok(public.points_search('{"near": {"lon": 2.9, "lat": 43.4}, "concept": "capitelle"}')::jsonb #>> '{items,0,distance_m}' <> '0', 'distances are to public positions');

select is(
  (with first as (select public.points_search('{"limit": 3}')::jsonb as page),
    second as (select public.points_search(jsonb_build_object('limit', 3, 'after', page ->> 'next'))::jsonb as page from first)
   select count(distinct i ->> 'id') from (select jsonb_array_elements(page -> 'items') as i from first union all select jsonb_array_elements(page -> 'items') from second) as all_items),
  4::bigint, 'pages follow each other');
select is(
  (with first as (select public.points_search('{"limit": 3, "near": {"lon": 2.7, "lat": 43.2}}')::jsonb as page),
    second as (select public.points_search(jsonb_build_object('limit', 3, 'after', page ->> 'next', 'near', '{"lon": 2.7, "lat": 43.2}'::jsonb))::jsonb as page from first)
   select array[count(distinct i ->> 'id'), count(*)] from (select jsonb_array_elements(page -> 'items') as i from first union all select jsonb_array_elements(page -> 'items') from second) as all_items),
  '{4,4}', 'by distance too');
select is(public.points_search('{"limit": 4}')::jsonb -> 'next', 'null', 'the last page says so');
select throws_ok($$select public.points_search('{"after": "zzz"}')$$, 'PT400', 'invalid_argument', 'a cursor of something else is refused');
select throws_ok($$select public.points_search('{"statuses": ["draft"]}')$$, 'PT400', 'invalid_argument', 'no other state can be asked for');
select throws_ok($$select public.points_search('{"limit": 1000}')$$, 'PT400', 'invalid_argument', 'pages are bounded');
select throws_ok($$select public.points_search('{"near": {"lon": 2.7}}')$$, 'PT400', 'invalid_argument', 'half a position is refused');

select * from finish();
rollback;
