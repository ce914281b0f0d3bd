-- Invitations, members and the rules of roles.
begin;
set local search_path = public, extensions;
select plan(56);

insert into app.territories (level, code, name, departement, epci) values
  ('departement', '11', 'Aude', null, null), ('departement', '34', 'Hérault', null, null),
  ('epci', '200000001', 'Deux rives', null, null),
  ('commune', '11069', 'Carcassonne', '11', '200000001'), ('commune', '11262', 'Narbonne', '11', null),
  ('commune', '34172', 'Montpellier', '34', '200000001')
on conflict (level, code) do update set epci = excluded.epci, departement = excluded.departement;

create temp table actor as select tests.user('coordinator@test') as whole, tests.user('aude@test') as aude, tests.user('m@test') as moderator,
  tests.user('plain@test') as plain, tests.user('new@test', false) as newcomer, tests.user('other@test') as other;
grant select on actor to public;
select tests.member(whole, 'heritage', 'coordinator'), tests.member(aude, 'heritage', 'coordinator', '{11}'),
  tests.member(moderator, 'heritage', 'moderator', '{34}') from actor;
create function pg_temp.call(who uuid, name text, p jsonb) returns text language plpgsql as $$
declare answer jsonb; said text;
begin
  perform tests.as_user(who);
  begin
    execute format('select public.%I($1)', name) into answer using p;
    said := 'ok';
  exception when others then said := sqlstate || ' ' || sqlerrm;
  end;
  perform tests.as_owner();
  return said;
end; $$;
create function pg_temp.invite(who uuid, email text, role text default 'moderator', scope text default '{*}', group_name text default 'heritage') returns text language sql as $$
  select pg_temp.call(who, 'invite', jsonb_build_object('group', group_name, 'email', email, 'role', role, 'territories', to_jsonb(scope::text[]))); $$;
create function pg_temp.set(who uuid, target uuid, fields jsonb) returns text language sql as $$
  select pg_temp.call(who, 'member_set', jsonb_build_object('group', 'heritage', 'user_id', target) || fields); $$;
create function pg_temp.role(who uuid) returns text language sql as $$ select role || ' ' || territories::text from app.memberships where user_id = who and group_id = 'heritage'; $$;

-- Who may invite, to what.
select tests.as_anon();
select throws_ok($$select public.invite('{"group": "heritage"}')$$, 'PT401', 'auth_required', 'nobody invites without account');
select throws_ok($$select public.members()$$, 'PT401', 'auth_required', 'nor reads members');
select throws_ok($$select public.member_set('{"user_id": 1}')$$, 'PT401', 'auth_required', 'nor changes them');
select tests.as_owner();
select is(pg_temp.invite(plain, 'x@test.fr'), 'PT403 not_allowed', 'a contributor invites nobody') from actor;
select is(pg_temp.invite(moderator, 'x@test.fr', 'contributor', '{34}'), 'PT403 not_allowed', 'nor does a moderator') from actor;
select is(pg_temp.invite(whole, 'x@test.fr', 'moderator', '{*}', 'lighting'), 'PT403 not_allowed', 'nor a coordinator of another group') from actor;
select is(pg_temp.invite(whole, 'x@test.fr', 'moderator', '{*}', 'none'), 'PT404 unknown_group', 'to a group that does not exist') from actor;
select is(pg_temp.invite(aude, 'x@test.fr', 'moderator', '{*}'), 'PT403 beyond_scope', 'a coordinator of a département grants no region') from actor;
select is(pg_temp.invite(aude, 'x@test.fr', 'moderator', '{34172}'), 'PT403 beyond_scope', 'nor a commune of another') from actor;
select is(pg_temp.invite(aude, 'x@test.fr', 'moderator', '{200000001}'), 'PT403 beyond_scope', 'nor an EPCI that lies across') from actor;
select is(pg_temp.invite(aude, 'x@test.fr', 'moderator', '{99999}'), 'PT400 unknown_territory', 'nor a commune that does not exist (any more)') from actor;
select is(pg_temp.invite(whole, 'x@test.fr', 'moderator', '{}'), 'PT400 invalid_argument', 'nor nothing') from actor;
select is(pg_temp.invite(whole, 'nobody', 'moderator'), 'PT400 invalid_argument', 'an address is one') from actor;
select is(pg_temp.invite(whole, 'x@test.fr', 'king'), 'PT400 invalid_argument', 'a role is one') from actor;
select is(pg_temp.invite(whole, 'Coordinator@test', 'moderator'), 'PT400 invalid_argument', 'a domain has a dot') from actor;
update auth.users set email = 'coordinator@test.fr' where email = 'coordinator@test';
select is(pg_temp.invite(whole, 'Coordinator@test.fr', 'moderator'), 'PT403 own_role', 'nobody invites themselves') from actor;
update auth.users set email = 'new@test.fr' where email = 'new@test';
select is(pg_temp.invite(aude, ' New@Test.fr ', 'moderator', '{11069}'), 'ok', 'a commune of one''s own') from actor;
select is((select count(*)::int from app.mails where address = 'new@test.fr' and kind = 'invitation'), 1, 'it is mailed');
select is(pg_temp.invite(whole, 'new@test.fr', 'moderator', '{11069,11262}'), 'ok', 'invited again') from actor;
select is((select count(*)::int || ' ' || max(territories::text) from app.invitations where email = 'new@test.fr'), '1 {11069,11262}', 'the last word counts');

-- Taken once the address is proven.
select is(pg_temp.call(newcomer, 'me', '{}'), 'ok', 'the newcomer opens the app') from actor;
select is(pg_temp.role(newcomer), null, 'nothing is taken with an address that is not proven') from actor;
update auth.users set email_confirmed_at = now() where email = 'new@test.fr';
select is(pg_temp.role(newcomer), 'moderator {11069,11262}', 'it is, once the address is proven') from actor;
select is((select email from app.invitations where consumed_by is not null), null, 'the invitation forgets the address');
select is(pg_temp.invite(whole, 'new@test.fr', 'contributor', '{*}'), 'ok', 'a lesser role') from actor;
select is(pg_temp.call(newcomer, 'me', '{}'), 'ok', 'for somebody who is here') from actor;
select is(pg_temp.role(newcomer), 'moderator {11069,11262}', 'takes nothing away') from actor;
update auth.users set email = 'other@test.fr' where email = 'other@test';
select is(pg_temp.invite(whole, 'other@test.fr'), 'ok', 'an invitation') from actor;
update app.invitations set expires_at = now() - interval '1 second' where email = 'other@test.fr';
select is(pg_temp.call(other, 'me', '{}') || coalesce(pg_temp.role(other), ''), 'ok', 'lasts 14 days') from actor;
select is((select expires_at - created_at from app.invitations where consumed_by = newcomer limit 1), interval '14 days', 'as it says') from actor;
select is(pg_temp.invite(aude, 'other@test.fr', 'moderator', '{11}'), 'ok', 'offered by somebody') from actor;
select is(pg_temp.set(whole, aude, '{"role": "moderator"}'), 'ok', 'who is coordinator no more') from actor;
select is(pg_temp.call(other, 'me', '{}') || coalesce(pg_temp.role(other), ''), 'ok', 'is worth nothing') from actor;
select is(pg_temp.set(whole, aude, '{"role": "coordinator"}'), 'ok', 'they are again') from actor;

-- An offer takes no territory away: it adds, or stays unused where it would have to grant more than its author may.
create temp table held as select tests.user('held-' || n || '@test.fr') as id, n from generate_series(1, 5) as n;
select tests.member(id, 'heritage', case when n = 4 then 'moderator' else 'contributor' end, case n when 1 then '{*}' when 2 then '{34}' when 3 then '{11069}' else '{34}' end::text[]) from held where n < 5;
select tests.member(id, 'heritage', 'moderator', '{*}') from held where n = 5;
create function pg_temp.offered(who uuid, n int, role text, scope text) returns text language sql as $$
  select pg_temp.invite(who, 'held-' || held.n || '@test.fr', role, scope) || ' ' || pg_temp.call(held.id, 'me', '{}') from held where held.n = offered.n; $$;
create function pg_temp.holds(n int) returns text language sql as $$ select pg_temp.role(id) from held where held.n = holds.n; $$;
select is(pg_temp.offered(aude, 1, 'moderator', '{11}') || ' ' || pg_temp.holds(1), 'ok ok contributor {*}', 'a higher role over less takes nothing from who holds everything') from actor;
select is(pg_temp.offered(aude, 5, 'coordinator', '{11}') || ' ' || pg_temp.holds(5), 'ok ok moderator {*}', 'a moderator neither') from actor;
select is((select count(*)::int from app.invitations where email in ('held-1@test.fr', 'held-5@test.fr') and consumed_at is null and revoked_at is null), 2, 'these offers stay unused');
select is(pg_temp.offered(aude, 2, 'moderator', '{11}') || ' ' || pg_temp.holds(2), 'ok ok contributor {34}', 'nor from who holds something else') from actor;
select is(pg_temp.offered(aude, 4, 'moderator', '{11}') || ' ' || pg_temp.holds(4), 'ok ok moderator {11,34}', 'the same role adds its territories') from actor;
select is(pg_temp.offered(aude, 3, 'moderator', '{11262}') || ' ' || pg_temp.holds(3), 'ok ok moderator {11069,11262}', 'a higher one too, where its author may grant all of it') from actor;
select is(pg_temp.offered(aude, 3, 'coordinator', '{11}') || ' ' || pg_temp.holds(3), 'ok ok coordinator {11}', 'a wider scope holds the narrower one') from actor;
select is(pg_temp.offered(whole, 1, 'moderator', '{11}') || ' ' || pg_temp.holds(1), 'ok ok moderator {*}', 'offered again by somebody with enough, it is taken') from actor;
select is(pg_temp.offered(whole, 4, 'contributor', '{*}') || ' ' || pg_temp.holds(4), 'ok ok moderator {11,34}', 'a lower role changes nothing') from actor;
delete from app.memberships where user_id in (select id from held);
delete from app.role_changes where user_id in (select id from held);

-- Members.
select is(pg_temp.set(whole, whole, '{"territories": ["11"]}'), 'PT403 own_role', 'nobody changes their own role') from actor;
select is(pg_temp.set(aude, whole, '{"remove": true}'), 'PT403 beyond_scope', 'nor the one of somebody with more') from actor;
select is(pg_temp.set(aude, newcomer, '{"territories": ["34"]}'), 'PT403 beyond_scope', 'nor gives what they have not') from actor;
select is(pg_temp.set(aude, newcomer, '{}'), 'PT400 invalid_argument', 'a change says what') from actor;
select is(pg_temp.set(whole, plain, '{"role": "moderator"}'), 'PT404 unknown_member', 'a stranger is invited, not set') from actor;
select is(pg_temp.set(aude, newcomer, '{"territories": ["11"]}') || ' ' || pg_temp.role(newcomer), 'ok moderator {11}', 'within one''s scope it is done') from actor;
select is(pg_temp.set(whole, aude, '{"remove": true}') || coalesce(pg_temp.role(aude), ''), 'ok', 'somebody is removed') from actor;
select is(pg_temp.set(whole, whole, '{"remove": true}'), 'PT409 last_coordinator', 'the last coordinator does not leave') from actor;
select is(pg_temp.set(whole, moderator, '{"role": "coordinator", "territories": ["*"]}'), 'ok', 'unless somebody follows') from actor;
select tests.as_user(whole) from actor;
create temp table seen as select public.members('{"group": "heritage"}') #> '{groups,0}' as a;
select tests.as_owner();
select is((select jsonb_path_query_array(a, '$.members[*].role') from seen), '["coordinator", "coordinator", "moderator"]', 'coordinators see members');
select is((select a #>> '{changes,0,name}' || (a #>> '{changes,0,to}') from seen), null, 'nobody has a name they did not choose');
select is(pg_temp.set(whole, whole, '{"remove": true}') || ' ' || pg_temp.call(whole, 'members', '{"group": "heritage"}'), 'ok PT403 not_allowed', 'who left sees nothing any more') from actor;
select is((select count(*)::int from app.role_changes where to_role is null), 2, 'every change of role is kept');
select * from finish();
rollback;
