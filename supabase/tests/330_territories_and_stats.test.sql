begin;
set local search_path = public, extensions;
-- What Supabase grants to somebody without account.
set local statement_timeout = '3s';
select plan(17);

insert into app.territories (level, code, name, epci, departement, region, geom) values
  ('region', '76', 'Occitanie', null, null, null, null),
  ('departement', '11', 'Aude', null, null, '76', null),
  ('epci', '200035863', 'CC Région Lézignanaise', null, '11', '76', null),
  ('commune', '11203', 'Lézignan-Corbières', '200035863', '11', '76', st_multi(st_makeenvelope(2.7, 43.15, 2.8, 43.25, 4326))),
  ('commune', '11002', 'Aigues-Vives', null, '11', '76', st_multi(st_makeenvelope(2.5, 43.15, 2.6, 43.25, 4326)))
on conflict do nothing;
select tests.point('heritage', 2.75, 43.2, 'published', 'lavoir');
select tests.point('heritage', 2.75, 43.21, 'archived', 'lavoir');
select tests.point('heritage', 2.55, 43.2, 'published', 'croix');
select tests.point('lighting', 2.55, 43.2, 'published', 'lanterne');
select tests.point('heritage', 2.75, 43.2, 'submitted', 'lavoir');
select tests.point('heritage', 2.75, 43.2, 'published', 'lavoir', sensitivity => 'hidden');

select tests.as_anon();
select is(
  (select array_agg(t ->> 'code' order by t ->> 'code') from jsonb_array_elements(public.territories('{"within": "11", "level": "commune"}')::jsonb -> 'territories') as t
   where t ->> 'code' in ('11203', '11002')),
  '{11002,11203}', 'the communes of a département');
select is(public.territories('{"q": "lezignan corb"}')::jsonb #>> '{territories,0,code}', '11203', 'a name is found without accents, by the beginning of its words');
select is(public.territories('{"q": "lezignan"}')::jsonb #> '{territories,0,outline}', null, 'outlines come only when asked for');
select is(
  (select t #>> '{outline,type}' from jsonb_array_elements(public.territories('{"q": "lezignan corbieres", "outlines": true}')::jsonb -> 'territories') as t
   where t ->> 'code' = '11203'),
  'MultiPolygon', 'as GeoJSON');
select is(public.territories('{"q": "lezignan corbieres"}')::jsonb #> '{territories,0,bbox}', '[2.70000, 43.15000, 2.80000, 43.25000]', 'each with its box');
select ok(
  not exists (select from jsonb_array_elements(public.territories('{"bbox": [2.5, 43.1, 2.61, 43.3]}')::jsonb -> 'territories') as t where t ->> 'code' = '11203'),
  'a box leaves out what does not touch it');
select throws_ok($$select public.territories('{"level": "pays"}')$$, 'PT400', 'invalid_argument', 'an unknown level is refused');
select throws_ok($$select public.territories('{"bbox": [1, 2, 3]}')$$, 'PT400', 'invalid_argument', 'a box has four sides');
select throws_ok($$select public.territories('{"bbox": [3, 43, 2, 44]}')$$, 'PT400', 'invalid_argument', 'its west is west of its east');

select is(public.stats('{"territory": "11203"}')::jsonb -> 'total', '1', 'a commune counts what is published there: nothing waiting, nothing hidden');
select is(public.stats('{"territory": "11203"}')::jsonb -> 'by_status', '{"archived": 1, "published": 1}', 'by state');
select is(public.stats('{"territory": "200035863"}')::jsonb -> 'total', '1', 'an EPCI counts its communes');
select is(public.stats('{"territory": "11"}')::jsonb -> 'by_theme', '{"heritage": 2, "lighting": 1}', 'a département too, by theme');
select is(public.stats('{"territory": "11", "theme": "lighting"}')::jsonb -> 'by_concept', '[{"count": 1, "concept": "lanterne"}]', 'by concept');
select is(public.stats('{"territory": "99999"}')::jsonb -> 'total', '0', 'an unknown territory holds nothing');
select is(public.stats('{"theme": "nothing"}')::jsonb -> 'total', '0', 'nor does an unknown theme');
select throws_ok($$select public.stats('{"theme": ["heritage"]}')$$, 'PT400', 'invalid_argument', 'a theme is a text');

select * from finish();
rollback;
