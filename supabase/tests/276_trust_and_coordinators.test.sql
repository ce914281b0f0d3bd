-- What trust leaves to a person for want of a name, who may leave a group, what is forgotten and who is written to.
begin;
set local search_path = public, extensions;
select plan(22);
insert into app.territories (level, code, name, departement, geom) values ('departement', '11', 'Aude', null, null), ('departement', '34', 'Hérault', null, null);
create temp table actor as select tests.user('author@test.fr') as author, tests.user('w@test.fr') as whole, tests.user('w2@test.fr') as other,
  tests.user('a@test.fr') as aude, tests.user('h@test.fr') as herault;
grant select on actor to public;

-- Trust.
update app.themes set settings = settings || '{"trust": {"enabled": true, "accepted": 1, "audit": 0}}' where id = 'heritage';
insert into app.standings (user_id, theme, accepted, in_a_row) select author, 'heritage', 5, 5 from actor;
create function pg_temp.made(lon float, patch jsonb) returns text language sql as $$
  select tests.push(author, tests.mutation('create', gen_random_uuid(), jsonb_build_object('theme', 'heritage', 'captured_at', now(),
    'patch', jsonb_build_object('geom', tests.geom(lon, 43.2)) || patch))) #>> '{0,point,id}' from actor; $$;
select pg_temp.made(2.1, '{"concept": "lavoir", "attributes.name": "Avec terme"}'), pg_temp.made(2.2, '{"attributes.name": "Sans terme"}'),
  pg_temp.made(2.3, '{"concept": "autre", "attributes.name": "En attente"}');
select is((select jsonb_object_agg(attributes ->> 'name', status) from app.points),
  '{"Avec terme": "published", "Sans terme": "submitted", "En attente": "submitted"}', 'trust publishes what bears a term, and nothing without');
create function pg_temp.edit(base jsonb, patch jsonb) returns text language sql as $$
  select tests.said(tests.push(actor.author, tests.mutation('edit', id, jsonb_build_object('base_rev', tests.rev(id), 'base', base, 'patch', patch))))
  from actor, app.points where attributes ->> 'name' = 'D''autrui'; $$;
select tests.point('heritage', 2.4, 43.2, 'published', 'croix', other, '{"name": "D''autrui"}') from actor;
select is(pg_temp.edit('{"attributes.condition": null}', '{"attributes.condition": "good"}'), 'applied', 'an edit of another''s point is taken at once');
select is(pg_temp.edit('{"attributes.name": "D''autrui"}', '{"attributes.name": null}'), 'pending', 'not one that takes its name away');
select is(pg_temp.edit('{"concept": "croix"}', '{"concept": null}'), 'pending', 'nor its term');
update app.themes set settings = settings - 'holding_concept' where id = 'heritage';
select pg_temp.made(2.5, '{"attributes.name": "Libre"}');
select is((select status from app.points where attributes ->> 'name' = 'Libre'), 'published',
  'where a theme wants no term, trust asks for none');

-- Coordinators.
select tests.member(whole, 'heritage', 'coordinator'), tests.member(aude, 'heritage', 'coordinator', '{11}'), tests.member(herault, 'heritage', 'coordinator', '{11,34}') from actor;
create function pg_temp.leave(who uuid) returns text language plpgsql as $$
begin
  perform tests.as_user(who);
  begin perform public.member_set(jsonb_build_object('group', 'heritage', 'user_id', who, 'remove', true));
  exception when others then perform tests.as_owner(); return sqlstate || ' ' || sqlerrm; end;
  perform tests.as_owner();
  return 'ok';
end; $$;
select is(pg_temp.leave(whole), 'PT409 last_coordinator', 'who coordinates everywhere does not leave it to those of a part') from actor;
select tests.member(other, 'heritage', 'coordinator') from actor;
select is(pg_temp.leave(aude), 'ok', 'who coordinates a part leaves while others hold it') from actor;
select is(pg_temp.leave(whole), 'ok', 'and so does one of two who hold everything') from actor;
delete from app.memberships where user_id = (select other from actor);
select tests.member(aude, 'heritage', 'coordinator', '{11}') from actor;
select is(pg_temp.leave(herault), 'PT409 last_coordinator', 'nobody leaves a territory that they alone hold') from actor;
select tests.member(whole, 'heritage', 'coordinator', '{34}') from actor;
select is(pg_temp.leave(herault), 'ok', 'held by several together, it is left') from actor;
select ok(private.is_last_coordinator(whole, 'heritage', '{34}'), 'who remains is the last there') from actor;
select ok(not private.is_last_coordinator(whole, 'heritage', '{11}'), 'and not elsewhere') from actor;

-- What is forgotten.
delete from app.report_salts;
insert into app.report_salts (day) values (current_date - 1), (current_date);
select private.forget_addresses();
select is((select array_agg(day) from app.report_salts), array[current_date], 'the duty of a day forgets the salts of those before');
insert into app.report_salts (day) values (current_date - 2);
select private.count_report('192.0.2.7');
select is((select array_agg(day) from app.report_salts), array[current_date], 'and so does a report');
select is((select array_agg(private.count_report('192.0.2.8')) from generate_series(1, 6)), '{t,t,t,t,t,f}'::boolean[], 'five reports an hour are counted all the same');

-- Who is written to.
create temp table seen as select tests.point('heritage', 2.6, 43.2, 'published', 'lavoir', author, '{"name": "Vu"}') as id from actor;
select public.report_record(jsonb_build_object('point_id', id, 'kind', 'description', 'email', ' Victime@Test.fr', 'address', '192.0.2.' || (20 + n))) from seen, generate_series(1, 5) as n;
select is((select array_agg(email order by email) from app.reports where point_id = (select id from seen)),
  array['victime@test.fr', 'victime@test.fr', 'victime@test.fr', null, null], 'an address is kept three times a day, the reports all are');
select ok(private.is_written_to_enough('victime@test.fr'), 'it is written to enough');
select ok(not private.is_written_to_enough('autre@test.fr'), 'another is not');
update app.reports set created_at = now() - interval '25 hours' where email is not null;
select ok(not private.is_written_to_enough('victime@test.fr'), 'nor the same the next day');
select tests.member(author, 'heritage', 'coordinator') from actor;
create function pg_temp.invited() returns int language plpgsql as $$
begin
  perform tests.as_user((select author from actor));
  perform public.invite('{"group": "heritage", "email": "nouveau@test.fr", "role": "moderator", "territories": ["11"]}');
  perform tests.as_owner();
  return (select count(*)::int from app.mails where address = 'nouveau@test.fr');
end; $$;
select is(pg_temp.invited(), 1, 'who is invited is written to');
select is(pg_temp.invited(), 1, 'once an hour, however often it is asked');
update app.mails set created_at = now() - interval '61 minutes';
select is(pg_temp.invited(), 2, 'and again after it');
select * from finish();
rollback;
