begin;
set local search_path = public, extensions;
-- What Supabase grants to somebody without account.
set local statement_timeout = '3s';
select plan(22);

create temp table people as select tests.user('author@test') as author, tests.user('moderator@test') as moderator;
grant select on people to public;
update app.profiles set display_name = 'Jeanne', named = true where user_id = (select author from people);
update app.profiles set display_name = 'Relecteur', named = true where user_id = (select moderator from people);
select tests.member((select moderator from people), 'heritage', 'moderator');
create temp table made as
select tests.point('heritage', 2.75, 43.2, 'published', 'lavoir', (select author from people), '{"name": "Lavoir du Riou", "access": "public"}') as open,
  tests.point('heritage', 2.751, 43.2, 'published', 'croix') as neighbour,
  tests.point('heritage', 2.76, 43.25, 'published', 'capitelle', null, '{"name": "Cabane", "access": "public"}', 'blurred') as blurred,
  tests.point('heritage', 2.75, 43.2, 'published', 'lavoir', sensitivity => 'hidden') as hidden,
  tests.point('heritage', 2.75, 43.2, 'submitted', 'lavoir') as submitted,
  tests.point('heritage', 2.75, 43.2, 'archived', 'lavoir') as archived,
  tests.point('heritage', 2.75, 43.2, 'duplicate', 'lavoir') as duplicate,
  tests.point('heritage', 2.75, 43.2, 'duplicate', 'lavoir', sensitivity => 'hidden') as hidden_duplicate;
grant select on made to public;
update app.points set duplicate_of = (select open from made) where id in (select duplicate from made union select hidden_duplicate from made);
insert into app.events (point_id, at, actor, actor_kind, action, from_status, to_status, reason, comment, rev, diff)
select open, now() - interval '1 day', author, 'author', 'create', null, 'submitted', null, null, 1, '{"attributes.name": [null, "Brouillon"]}'::jsonb from made, people
union all select open, now(), moderator, 'moderator', 'publish', 'submitted', 'published', null, 'un commentaire privé', 2, '{"attributes.name": ["Brouillon", "Lavoir du Riou"]}'::jsonb from made, people
union all select open, now(), author, 'author', 'propose', null, 'published', null, null, 2, '{"attributes.name": ["Lavoir du Riou", "Lavoir proposé"]}'::jsonb from made, people
union all select open, now(), moderator, 'moderator', 'edit', 'published', 'published', null, null, 3, '{"attributes.access": [null, "public"]}'::jsonb from made, people
union all select blurred, now(), moderator, 'moderator', 'edit', 'published', 'published', null, null, 3,
  '{"geom": [{"lon": 2.7}, {"lon": 2.76}], "attributes.name": [null, "Cabane"], "attributes.access": [null, "public"]}'::jsonb from made, people;
create function tests.sheet(id uuid) returns jsonb language sql as $$ select public.point_sheet(jsonb_build_object('id', id))::jsonb; $$;
grant execute on function tests.sheet(uuid) to public;

select tests.as_anon();
select is(tests.sheet((select open from made)) #>> '{point,attributes,name}', 'Lavoir du Riou', 'a published point is public');
select is(tests.sheet((select open from made)) #>> '{point,author}', 'Jeanne', 'with its author when they chose to be named');
select is(tests.sheet((select open from made)) #>> '{concept,id}', 'lavoir', 'with its concept');
select ok(tests.sheet((select open from made)) -> 'nearby' @> jsonb_build_array(jsonb_build_object('id', (select neighbour from made))), 'with its neighbours');
select ok(not tests.sheet((select open from made)) -> 'nearby' @> jsonb_build_array(jsonb_build_object('id', (select hidden from made))), 'none of them hidden');
select is(tests.sheet((select archived from made)) #>> '{point,status}', 'archived', 'an archived point too');
select throws_ok($$select tests.sheet((select submitted from made))$$, 'PT404', 'point_not_found', 'a submitted one is not');
select throws_ok($$select tests.sheet((select hidden from made))$$, 'PT404', 'point_not_found', 'a hidden one is not');
select throws_ok($$select tests.sheet(gen_random_uuid())$$, 'PT404', 'point_not_found', 'as if it did not exist');
select throws_ok($$select public.point_sheet('{"id": "lavoir"}')$$, 'PT400', 'invalid_argument', 'an id is a UUID');
select throws_ok($$select public.point_sheet()$$, 'PT404', 'point_not_found', 'without id there is no point');

select is(tests.sheet((select duplicate from made)) #>> '{point,id}', (select open::text from made), 'a merged point answers its survivor');
select is(tests.sheet((select duplicate from made)) ->> 'merged_from', (select duplicate::text from made), 'and says so');
select is(tests.sheet((select open from made)) -> 'merged_from', null, 'others do not');
select throws_ok($$select tests.sheet((select hidden_duplicate from made))$$, 'PT404', 'point_not_found', 'a hidden one leads nowhere');

select is(
  (select array_agg(e ->> 'action') from jsonb_array_elements(tests.sheet((select open from made)) -> 'history') as e),
  '{publish,edit}', 'the public history begins with the publication and has no proposal');
select is(tests.sheet((select open from made)) #>> '{history,0,actor}', 'modération', 'a moderator is not named in it');
select ok(tests.sheet((select open from made))::text !~ 'privé|Brouillon|proposé', 'nor are comments, drafts and proposals told');
select is(tests.sheet((select open from made)) #> '{history,1,diff}', '{"attributes.access": [null, "public"]}', 'differences of published content are');
select is(tests.sheet((select blurred from made)) #> '{history,0,diff}', '{"attributes.access": [null, "public"]}', 'without what would tell the place of a blurred point');
select ok(
  st_distancesphere(st_makepoint(2.76, 43.25), st_makepoint(
    (tests.sheet((select blurred from made)) #>> '{point,geom,lon}')::float8, (tests.sheet((select blurred from made)) #>> '{point,geom,lat}')::float8))
    between 1 and 708 and tests.sheet((select blurred from made)) #>> '{point,geom,source}' = 'blurred',
  'a blurred point is at the centre of its kilometre');
select is(
  tests.sheet((select open from made)),
  (select s from tests.as_user((select author from people)), lateral tests.sheet((select open from made)) as s),
  'the author reads the same sheet as everybody');

select * from finish();
rollback;
