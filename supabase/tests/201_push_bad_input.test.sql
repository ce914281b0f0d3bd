begin;
set local search_path = public, extensions;

create temp table actor as select tests.user('a@test') as author;
create function pg_temp.create_with(patch jsonb, theme text default 'heritage', fields jsonb default '{}')
returns text language sql as $$
  select tests.said(tests.push(author, tests.mutation('create', gen_random_uuid(),
    jsonb_build_object('theme', theme, 'patch', jsonb_build_object('geom', tests.geom()) || patch) || fields))) from actor;
$$;
update app.forms set form = jsonb_build_object('rev', 1, 'sections', jsonb_build_array(jsonb_build_object('id', 's', 'fields', '[
  {"key": "name", "type": "text", "max": 10}, {"key": "story", "type": "long_text"}, {"key": "steps", "type": "integer", "min": 0, "max": 20},
  {"key": "height", "type": "decimal"}, {"key": "lit", "type": "boolean", "unsure": true}, {"key": "dry", "type": "boolean"},
  {"key": "state", "type": "choice", "options": [{"code": "good"}, {"code": "ruin"}]},
  {"key": "state_unsure", "type": "choice", "unsure": true, "options": [{"code": "good"}]},
  {"key": "stones", "type": "choices", "options": [{"code": "lime"}, {"code": "slate"}]}, {"key": "built", "type": "date"},
  {"key": "kind", "type": "concept", "scheme": "petit-patrimoine"},
  {"key": "parts", "type": "group", "fields": [{"key": "n", "type": "integer"}, {"key": "what", "type": "text"}]}]'::jsonb)))
where theme = 'heritage';
insert into app.forms (theme, rev, form) values ('heritage', 9, '{"rev": 9, "sections": [{"id": "s", "fields": [{"key": "later", "type": "text"}]}]}');
insert into app.concepts (id, scheme, labels, status, replaced_by) values
  ('lavoir-ancien', 'petit-patrimoine', '{"fr": "lavoir ancien"}', 'deprecated', 'lavoir'),
  ('lavoir-perdu', 'petit-patrimoine', '{"fr": "lavoir perdu"}', 'deprecated', null),
  ('lavoir-propose', 'petit-patrimoine', '{"fr": "lavoir proposé"}', 'proposed', null);

create temp table bad (patch jsonb, expected text, about text);
insert into bad values
  ('{"geom": null}', 'rejected invalid_geometry', 'no position'),
  ('{"geom": {"lon": 2.1}}', 'rejected invalid_geometry', 'no latitude'),
  ('{"geom": {"lon": 2.1, "lat": "43.6"}}', 'rejected invalid_geometry', 'a latitude that is text'),
  ('{"geom": {"lon": 2.1, "lat": 91}}', 'rejected invalid_geometry', 'a latitude over 90'),
  ('{"geom": {"lon": 1e400, "lat": 43}}', 'rejected invalid_geometry', 'an endless longitude'),
  ('{"geom": {"lon": 2.1, "lat": 43.6, "z": 3}}', 'rejected invalid_geometry', 'another key'),
  ('{"geom": {"lon": 2.1, "lat": 43.6, "accuracy_m": -1}}', 'rejected invalid_geometry', 'a negative accuracy'),
  ('{"geom": {"lon": 2.1, "lat": 43.6, "heading_deg": 400}}', 'rejected invalid_geometry', 'a heading over 360'),
  ('{"geom": {"lon": 2.1, "lat": 43.6, "source": "dream"}}', 'rejected invalid_geometry', 'an unknown source'),
  ('{"geom": {"lon": 2.1, "lat": 43.6, "source": "blurred"}}', 'rejected invalid_geometry', 'a blurred position is not written'),
  ('{"geom": [2.1, 43.6]}', 'rejected invalid_geometry', 'a list'),
  ('{"geom": {"lon": 2.35, "lat": 48.85}}', 'rejected outside_territory', 'Paris'),
  ('{"geom": {"lon": 43.6, "lat": 2.1}}', 'rejected outside_territory', 'coordinates the wrong way round'),
  ('{"concept": "licorne"}', 'rejected invalid_concept', 'an unknown concept'),
  ('{"concept": 12}', 'rejected invalid_concept', 'a concept that is a number'),
  ('{"concept": "applique"}', 'rejected invalid_concept', 'a concept of another theme'),
  ('{"concept": "lavoir-perdu"}', 'rejected invalid_concept', 'a deprecated concept that nothing replaces'),
  ('{"concept": "lavoir-propose"}', 'rejected invalid_concept', 'a concept that is only proposed'),
  ('{"sensitivity": "secret"}', 'rejected invalid_patch', 'an unknown sensitivity'),
  ('{"colour": "red"}', 'rejected invalid_patch', 'an unknown path'),
  ('{"attributes": {"name": "x"}}', 'rejected invalid_patch', 'attributes as a whole'),
  ('{"attributes.nope": 1}', 'rejected invalid_attributes', 'an unknown attribute'),
  ('{"attributes.name": 3}', 'rejected invalid_attributes', 'a number where text goes'),
  ('{"attributes.name": "12345678901"}', 'rejected invalid_attributes', 'a text too long'),
  ('{"attributes.steps": 2.5}', 'rejected invalid_attributes', 'half a step'),
  ('{"attributes.steps": "2"}', 'rejected invalid_attributes', 'a number as text'),
  ('{"attributes.steps": 21}', 'rejected invalid_attributes', 'over the bound'),
  ('{"attributes.steps": -1}', 'rejected invalid_attributes', 'under the bound'),
  ('{"attributes.height": true}', 'rejected invalid_attributes', 'a boolean where a number goes'),
  ('{"attributes.lit": "yes"}', 'rejected invalid_attributes', 'a word where yes or no goes'),
  ('{"attributes.dry": "unsure"}', 'rejected invalid_attributes', 'unsure where the form does not say so'),
  ('{"attributes.state": "unsure"}', 'rejected invalid_attributes', 'unsure choice where the form does not say so'),
  ('{"attributes.state": "perfect"}', 'rejected invalid_attributes', 'an unknown choice'),
  ('{"attributes.state": ["good"]}', 'rejected invalid_attributes', 'a list where one choice goes'),
  ('{"attributes.stones": "lime"}', 'rejected invalid_attributes', 'one choice where a list goes'),
  ('{"attributes.stones": ["lime", "gold"]}', 'rejected invalid_attributes', 'an unknown choice in a list'),
  ('{"attributes.built": "2026-02-30"}', 'rejected invalid_attributes', 'the 30th of February'),
  ('{"attributes.built": "02/03/2026"}', 'rejected invalid_attributes', 'a date of another shape'),
  ('{"attributes.kind": "licorne"}', 'rejected invalid_attributes', 'an unknown concept in an attribute'),
  ('{"attributes.parts": "x"}', 'rejected invalid_attributes', 'text where a group goes'),
  ('{"attributes.parts": {"n": "x"}}', 'rejected invalid_attributes', 'a wrong answer in a group'),
  ('{"attributes.parts": [{"m": 1}]}', 'rejected invalid_attributes', 'an unknown key in a group');
create temp table good (patch jsonb, stored jsonb, about text);
insert into good values
  ('{"attributes.name": "  "}', '{}', 'blank text is nothing'),
  ('{"attributes.stones": []}', '{}', 'an empty list is nothing'),
  ('{"attributes.stones": ["slate", "lime", "slate"]}', '{"stones": ["slate", "lime"]}', 'a list says each once'),
  ('{"attributes.lit": "unsure", "attributes.state_unsure": "unsure"}', '{"lit": "unsure", "state_unsure": "unsure"}', 'unsure where the form says so'),
  ('{"attributes.steps": 20, "attributes.height": 1.5, "attributes.dry": false}', '{"dry": false, "steps": 20, "height": 1.5}', 'numbers and booleans'),
  ('{"attributes.built": "2024-02-29"}', '{"built": "2024-02-29"}', 'a leap day'),
  ('{"attributes.kind": "lavoir-ancien"}', '{"kind": "lavoir"}', 'a replaced concept in an attribute'),
  ('{"attributes.parts": [{"n": 1, "what": ""}, {"n": 2}]}', '{"parts": [{"n": 1}, {"n": 2}]}', 'a list of groups'),
  ('{"attributes.later": "x"}', '{"later": "x"}', 'a key of the newest form');

select plan((select count(*)::int from bad) + (select count(*)::int from good) + 14);
select is(pg_temp.create_with(patch), expected, about) from bad;
select is((select count(*)::int from app.points where theme = 'heritage'), 0, 'nothing of all that is stored');
create temp table stored as
select about, stored as expected, tests.push(author, tests.mutation('create', gen_random_uuid(),
  jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom()) || patch))) -> 0 -> 'point' -> 'attributes' as got
from good, actor;
select is(got, expected, about) from stored;

select is(tests.push(author, tests.mutation('create', gen_random_uuid(), jsonb_build_object('theme', 'heritage', 'patch',
  jsonb_build_object('geom', tests.geom(), 'concept', 'lavoir-ancien')))) -> 0 -> 'point' ->> 'concept', 'lavoir', 'a replaced concept is mapped') from actor;
select is(pg_temp.create_with('{"sensitivity": null}'), 'applied', 'no sensitivity is open');
select is(pg_temp.create_with('{"geom": {"lon": 2.1234567891, "lat": 43.6}}'), 'applied', 'a position that says no more than where');
select is((select count(*)::int from app.points where st_x(geom) = 2.1234568 and position_source = 'typed'), 1, 'is rounded, and typed');
select is(pg_temp.create_with('{}', fields => '{"status": "published"}'), 'rejected invalid_patch', 'nobody creates a published point');
select is(pg_temp.create_with('{}', fields => '{"expected_photos": -1}'), 'rejected invalid_patch', 'photos are not negative');
select is(pg_temp.create_with('{}', fields => '{"captured_at": "hier"}'), 'rejected invalid_patch', 'an instant is ISO 8601');
select is(pg_temp.create_with('{}', fields => '{"captured_at": "2026-02-31T00:00:00Z"}'), 'rejected invalid_patch', 'and exists');
select is(pg_temp.create_with('{}', fields => '{"captured_at": "2099-01-01T00:00:00Z"}'), 'applied', 'a clock in 2099 loses nothing');
select is((select count(*)::int from app.points where captured_at > now()), 0, 'and nothing was seen tomorrow');
select is(pg_temp.create_with('{}', fields => '{"captured_at": "1970-01-01T00:00:00Z"}'), 'applied', 'nor does one in 1970');
select is(pg_temp.create_with('{}', fields => '{"patch": []}'), 'rejected invalid_patch', 'a patch is an object');
select is(pg_temp.create_with('{}', fields => '{"patch": {}}'), 'rejected invalid_geometry', 'a point needs a position');
select * from finish();
rollback;
