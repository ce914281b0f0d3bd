begin;
set local search_path = public, extensions;
select plan(24);

select tests.as_anon();
select throws_ok($$select public.me()$$, 'PT401', 'auth_required', 'me wants an account');
select throws_ok($$select public.charter_accept('{"rev": 1}')$$, 'PT401', 'auth_required', 'charter_accept wants an account');
select throws_ok($$select public.profile_update('{"named": true}')$$, 'PT401', 'auth_required', 'profile_update wants an account');

select tests.as_owner();
create temp table people as
select tests.user('new@test', true, false) as newcomer, tests.user('old@test') as veteran, tests.user('unverified@test', false, false) as unverified;
grant select on people to public;
select tests.member((select veteran from people), 'heritage', 'moderator', '{11}');
create temp table points as
select tests.point('heritage', 2.5, 43.2, 'published', 'lavoir', (select veteran from people)) as published,
  tests.point('heritage', 2.5, 43.3, 'draft', 'lavoir', (select veteran from people)) as draft;
grant select on points to public;

select tests.as_user((select newcomer from people));
select ok(
  public.me() ?& array['user_id', 'display_name', 'named', 'charter', 'memberships', 'trust', 'counts']
  and public.me() -> 'charter' ?& array['accepted', 'current', 'data_licence', 'photo_licence'],
  'me has every member of the contract');
select is(public.me() #>> '{charter,accepted}', null, 'a newcomer has accepted no charter');
select is(public.me() ->> 'is_contributor', 'false', 'so may not contribute yet');
select throws_ok($$select public.charter_accept('{"rev": 99}')$$, 'PT400', 'invalid_argument', 'another version cannot be accepted');
select throws_ok($$select public.charter_accept()$$, 'PT400', 'invalid_argument', 'nor none');
select throws_ok($$select public.charter_accept('{"rev": "1"}')$$, 'PT400', 'invalid_argument', 'nor a text');
select is(public.charter_accept('{"rev": 1}') #>> '{charter,accepted}', '1', 'the current one can');
select lives_ok($$select public.charter_accept('{"rev": 1}')$$, 'twice as well');
select is(public.me() ->> 'is_contributor', 'true', 'and then one contributes');
select is(public.me() -> 'memberships', '[]', 'a newcomer belongs to no group');

select is(public.profile_update('{"display_name": "  Zoé  "}') ->> 'display_name', 'Zoé', 'a name is trimmed');
select is(public.profile_update('{"named": true}') ->> 'named', 'true', 'one may ask to be named');
select is(public.profile_update('{"named": true}') ->> 'display_name', 'Zoé', 'what is not given stays');
select throws_ok($$select public.profile_update('{"display_name": null}')$$, 'PT400', 'invalid_argument', 'nobody is named without a name');
select throws_ok($$select public.profile_update(jsonb_build_object('display_name', repeat('a', 81)))$$, 'PT400', 'invalid_argument', '81 characters are too many');
select throws_ok($$select public.profile_update('{"named": "yes"}')$$, 'PT400', 'invalid_argument', 'named is a boolean');

select tests.as_user((select unverified from people));
select is(public.charter_accept('{"rev": 1}') ->> 'is_contributor', 'false', 'without a verified e-mail the charter is not enough');

select tests.as_user((select veteran from people));
select is(public.me() -> 'counts', '{"draft": 1, "published": 1}', 'me counts the points of the person by state');
select is((public.me() #> '{memberships,0}') - '{since,invited_at}'::text[], '{"role": "moderator", "group": "heritage", "territories": ["11"]}', 'and tells their roles');
select public.profile_update('{"display_name": "Jeanne", "named": true}');
select tests.as_owner();
select is((select v from app.points where id = (select published from points)), 2::bigint, 'a row that shows the name changes with it');
select is((select v from app.points where id = (select draft from points)), 1::bigint, 'one that nobody else sees does not');

select * from finish();
rollback;
