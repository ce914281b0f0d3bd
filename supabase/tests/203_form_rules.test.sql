begin;
set local search_path = public, extensions;
select plan(33);

create temp table actor as select tests.user('a@test') as author;
create function pg_temp.create_with(answers jsonb, rev int default null, status text default 'submitted')
returns text language sql as $$
  select tests.said(tests.push(author, tests.mutation('create', gen_random_uuid(), jsonb_strip_nulls(jsonb_build_object(
    'theme', 'heritage', 'status', status, 'form_rev', rev, 'patch', jsonb_build_object('geom', tests.geom()) || answers)))))
  from actor;
$$;
create function pg_temp.form(rev int, fields jsonb) returns void language sql as $$
  insert into app.forms (theme, rev, form) values ('heritage', rev,
    jsonb_build_object('rev', rev, 'sections', jsonb_build_array(jsonb_build_object('id', 's', 'fields', fields))));
  update app.themes set form_rev = rev where id = 'heritage';
$$;

-- Conditions.
select ok(private.is_met(null, '{}'), 'no condition always holds');
select ok(private.is_met('{"key": "a", "is": true}', '{"a": true}'), 'is');
select ok(not private.is_met('{"key": "a", "is": true}', '{"a": "true"}'), 'a word is no yes');
select ok(private.is_met('{"key": "a", "is": null}', '{}'), 'nothing was answered');
select ok(private.is_met('{"key": "a", "in": [1, "x"]}', '{"a": ["y", "x"]}'), 'a list answers to each of its items');
select ok(private.is_met('{"all": [{"key": "a", "is": 1}, {"any": [{"key": "b", "is": 2}, {"key": "b", "is": 3}]}]}', '{"a": 1, "b": 3}'), 'nested');
select ok(not private.is_met('{"all": [{"key": "a", "is": 1}, {"any": []}]}', '{"a": 1}'), 'any of nothing never holds');
select ok(private.is_met('{"all": []}', '{}'), 'all of nothing holds');

-- Lists and fields of several versions.
select is(private.union_by('code', '[{"code": "a", "n": 2}]', '[{"code": "a", "n": 1}, {"code": "b"}]'), '[{"code": "a", "n": 2}, {"code": "b"}]', 'the newest wins');
select is(private.union_by('code', null, '[{"code": "b"}]'), '[{"code": "b"}]', 'nothing new');
select is(private.widened_field('{"key": "k", "type": "integer", "min": 2, "max": 5}', '{"key": "k", "type": "integer", "min": 0}'),
  '{"key": "k", "type": "integer", "min": 0}', 'the wider bounds');
select is(private.widened_field('{"key": "k", "type": "choice", "options": [{"code": "a"}]}', '{"key": "k", "type": "choice", "unsure": true, "options": [{"code": "b"}]}'),
  '{"key": "k", "type": "choice", "unsure": true, "options": [{"code": "a"}, {"code": "b"}]}', 'all options');
select is(private.widened_field('{"key": "k", "type": "text"}', '{"key": "k", "type": "integer", "max": 3}'), '{"key": "k", "type": "text"}', 'another kind adds nothing');

-- What is required, of whom.
select is(private.required_fields('{"sections": [{"fields": [{"key": "a", "type": "text"}, {"key": "b", "required": true}, {"key": "g", "type": "group", "fields": [{"key": "i", "required": true}]}]}]}'),
  '[{"key": "b", "required": true}, {"key": "g", "fields": [{"key": "i"}], "required": false}]', 'in short');
select is(private.missing_answer('[{"key": "b", "required": true, "visible_if": {"key": "a", "is": 1}}]', '{}'), null, 'a hidden question requires nothing');
select is(private.missing_answer('[{"key": "b", "required": true, "visible_if": {"key": "a", "is": 1}}]', '{"a": 1, "b": " "}'), 'b', 'a blank is no answer');
select is(private.missing_answer('[{"key": "g", "required": false, "fields": [{"key": "i"}]}]', '{"g": [{"i": 1}, {"j": 1}]}'), 'g.i', 'in an item');
select ok(not private.is_answer('[]') and not private.is_answer('null') and private.is_answer('false') and private.is_answer('0'), 'no is an answer');

select pg_temp.form(11, '[{"key": "name", "type": "text"}, {"key": "state", "type": "choice", "options": [{"code": "good"}, {"code": "gone"}]},
  {"key": "old", "type": "text"}, {"key": "parts", "type": "group", "fields": [{"key": "n", "type": "integer"}, {"key": "before", "type": "text"}]}]');
select pg_temp.form(12, '[{"key": "name", "type": "text", "required": true}, {"key": "state", "type": "choice", "options": [{"code": "good"}]},
  {"key": "parts", "type": "group", "fields": [{"key": "n", "type": "integer", "max": 3}, {"key": "must", "type": "text", "required": true}]}]');
select is(pg_temp.create_with('{"attributes.name": "x", "attributes.state": "gone", "attributes.old": "y"}', 11), 'applied', 'an option and a key that were dropped since');
select is(pg_temp.create_with('{"attributes.name": "x", "attributes.parts": [{"n": 9, "before": "z"}]}', 11), 'applied', 'the same in a group');
select is(pg_temp.create_with('{"attributes.state": "good"}', 11), 'applied', 'what a later form requires was not asked');
select is(pg_temp.create_with('{"attributes.state": "good"}', 12), 'rejected invalid_attributes', 'what this form requires is missing');
select is(pg_temp.create_with('{"attributes.state": "good"}'), 'rejected invalid_attributes', 'without a version, the current one');
select is(pg_temp.create_with('{"attributes.state": "good"}', 12, 'draft'), 'applied', 'a draft may wait for it');
select is(pg_temp.create_with('{"attributes.name": "x", "attributes.parts": [{"n": 1}]}', 12), 'rejected invalid_attributes', 'required in an item');
select is(pg_temp.create_with('{"attributes.name": "x", "attributes.parts": [{}, {"n": 1, "must": "y"}, {"must": ""}]}', 12), 'applied', 'an empty item asks nothing');
select is(pg_temp.create_with('{"attributes.name": "x", "attributes.parts": [[{"n": 1, "must": "y"}]]}', 12), 'rejected invalid_attributes', 'a list in a list is no item');
select is((select attributes -> 'parts' from app.points where attributes -> 'parts' @> '[{"must": "y"}]'), '[{"n": 1, "must": "y"}]', 'items that say nothing are left out');

-- An edit keeps what is required, and does not answer for what was missing before.
create temp table made as select tests.point('heritage', 2.1, 43.6, 'submitted', author => author, attributes => '{"name": "x", "state": "good"}') as id from actor;
update app.points set form_rev = 12 where id = (select id from made);
create function pg_temp.edit_with(base jsonb, patch jsonb) returns text language sql as $$
  select tests.said(tests.push(author, tests.mutation('edit', id, jsonb_build_object('base_rev', tests.rev(id), 'base', base, 'patch', patch, 'form_rev', 12))))
  from actor, made;
$$;
select is(pg_temp.edit_with('{"attributes.name": "x"}', '{"attributes.name": null}'), 'rejected invalid_attributes', 'a required answer is not taken away');
select is(pg_temp.edit_with('{"attributes.state": "good"}', '{"attributes.state": null}'), 'applied', 'another one is');
update app.points set status = 'draft', attributes = '{}' where id = (select id from made);
select is(pg_temp.edit_with('{"attributes.state": null}', '{"attributes.state": "good"}'), 'applied', 'a draft changes without it');
update app.points set status = 'withdrawn' where id = (select id from made);
select is(pg_temp.edit_with('{"attributes.state": "good"}', '{"attributes.state": "gone"}'), 'applied', 'what was already missing stops nobody');

select is((select count(*)::int from app.form_fields where theme = 'heritage' and key in ('old', 'name')), 2, 'one row a key');
select * from finish();
rollback;
