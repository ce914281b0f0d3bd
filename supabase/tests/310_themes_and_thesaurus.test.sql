begin;
set local search_path = public, extensions;
-- What Supabase grants to somebody without account.
set local statement_timeout = '3s';
select plan(26);

select tests.as_anon();
select is(public.themes() ->> 'contract', '1', 'themes tells the version of the contract');
select is(public.themes('{}')::text, public.themes()::text, 'themes answers the same with and without its argument');
select is(
  (select array_agg(t ->> 'id') from json_array_elements(public.themes() -> 'themes') as t),
  '{heritage,accessibility,lighting}', 'the three inventories, in the order of their position');
select ok(
  (select bool_and(t ?& array['id', 'labels', 'group', 'form', 'form_rev', 'settings']
    and t #>> '{form,rev}' = t ->> 'form_rev' and jsonb_array_length(t #> '{form,sections}') > 0)
   from jsonb_array_elements(public.themes()::jsonb -> 'themes') as t),
  'each theme carries its current form and its settings');
select is(public.themes()::jsonb #>> '{charter,data_licence}', 'etalab-2.0', 'the charter says the licence of the data');
select is(public.themes()::jsonb #>> '{charter,photo_licence}', 'CC-BY-SA-4.0', 'and that of the photos');
select ok(public.themes()::jsonb #>> '{charter,texts,fr,acceptance}' like '%15 ans%', 'and speaks of age');

select matches(current_setting('response.headers'), 'Cache-Control.*public, max-age=\d+', 'a public read may be cached');
select matches(current_setting('response.headers'), 'ETag', 'and carries an ETag');
select set_config('request.method', 'GET', true), set_config('request.headers',
  json_build_object('if-none-match', '"' || md5(private_answer.body) || '"')::text, true)
from (select public.themes()::text as body) as private_answer;
select is(public.themes()::text, null, 'whoever holds the current version gets no body');
select is(current_setting('response.status'), '304', 'but 304');
select set_config('request.method', '', true), set_config('request.headers', '', true), set_config('response.status', '', true);

create function pg_temp.around(concept text) returns text[] language sql as $$
  select array_agg(c ->> 'id' order by c ->> 'id')
  from json_array_elements(public.thesaurus(jsonb_build_object('concept', concept)) -> 'concepts') as c;
$$;
select is(pg_temp.around('croix-chemin'), '{croix,croix-chemin}', 'a term is given with the one above it');
select is(
  pg_temp.around('croix'),
  (select array_agg(c ->> 'id' order by c ->> 'id')
   from jsonb_array_elements(public.thesaurus('{"scheme": "petit-patrimoine"}')::jsonb -> 'concepts') as c
   where 'croix' in (c ->> 'id', c ->> 'broader') or c ->> 'id' = 'rel' or c -> 'related' @> '["croix"]'),
  'and with those below');
select is(
  (select array_agg(s ->> 'id') from json_array_elements(public.thesaurus('{"concept": "croix"}') -> 'schemes') as s),
  '{petit-patrimoine}', 'with its scheme alone');
select is(pg_temp.around('licorne'), null, 'a term that is none gives nothing');
select is(
  (select jsonb_array_length(public.thesaurus('{"scheme": "petit-patrimoine"}')::jsonb -> 'concepts')), 145, 'a scheme is given whole');
select ok(
  (select bool_and(c ?& array['id', 'uri', 'scheme', 'labels', 'alt', 'hidden', 'definition', 'broader', 'related', 'matches', 'unverified', 'status', 'replaced_by']
    and c -> 'matches' ?& array['exact', 'close', 'broad'])
   from jsonb_array_elements(public.thesaurus()::jsonb -> 'concepts') as c),
  'each concept has every member of the contract');
select is(
  (select c ->> 'unverified' from jsonb_array_elements(public.thesaurus()::jsonb -> 'concepts') as c where c ->> 'id' = 'lavoir'),
  '["oc", "ca"]', 'labels that no source validated keep their flag');
select throws_ok($$select public.thesaurus('{"since": "yesterday"}')$$, 'PT400', 'invalid_argument', 'a rev that is none is refused');
select throws_ok($$select public.thesaurus('{"scheme": 3}')$$, 'PT400', 'invalid_argument', 'a scheme that is no text is refused');
select is(
  jsonb_array_length(public.thesaurus(jsonb_build_object('since', public.thesaurus() ->> 'rev'))::jsonb -> 'concepts'), 0,
  'nothing changed since now');

select tests.as_owner();
update app.concepts set status = 'deprecated', replaced_by = 'lavoir' where id = 'mare';
update app.concepts set status = 'proposed' where id = 'gue';
update app.themes set is_active = false where id = 'lighting';
select tests.as_anon();
select is(
  (select array_agg(c ->> 'id') from jsonb_array_elements(
    public.thesaurus(jsonb_build_object('since', public.thesaurus() ->> 'rev'))::jsonb -> 'concepts') as c),
  '{mare}', 'what changed since a rev: the deprecated, never the merely proposed');
select ok(
  not exists (select from jsonb_array_elements(public.thesaurus()::jsonb -> 'concepts') as c where c ->> 'id' = 'gue'),
  'a proposed concept is not public');
select is(json_array_length(public.themes() -> 'themes'), 2, 'a closed theme is not offered');

select tests.as_owner();
select lives_ok($$select private.put_groups('[{"id": "heritage", "labels": {"fr": "Autre"}}]')$$, 'seeds may be applied again');
select isnt((select labels ->> 'fr' from app.groups where id = 'heritage'), 'Autre', 'and overwrite nothing');

select * from finish();
rollback;
