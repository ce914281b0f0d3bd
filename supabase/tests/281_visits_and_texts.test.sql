-- What is said of a merged point is said of its survivor; texts are as long, and as blank, as the app says.
begin;
set local search_path = public, extensions;
select plan(11);
create temp table actor as select tests.user('author@test.fr') as author, tests.user('m@test.fr') as moderator, tests.user('v@test.fr') as visitor;
grant select on actor to public;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create temp table thing as select tests.point('heritage', 2.3, 43.2, 'published', 'lavoir', author, '{"name": "A"}') as goes,
  tests.point('heritage', 2.3, 43.2001, 'published', 'lavoir', moderator, '{"name": "A"}') as stays from actor;
grant select on thing to public;
select is(tests.said(tests.push(moderator, tests.mutation('decide', goes, jsonb_build_object('seen_rev', tests.rev(goes), 'decision', 'duplicate', 'reason', 'duplicate',
  'duplicate_of', stays, 'seen_other_rev', tests.rev(stays))))), 'applied', 'two are one') from actor, thing;
create function pg_temp.visit(who uuid, found boolean) returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('confirm', goes, jsonb_build_object('observed_at', now(), 'found', found, 'photos', 1)))) from thing; $$;
select is(pg_temp.visit(visitor, true), 'applied', 'who saw the one that went is heard') from actor;
select is(pg_temp.visit(author, true), 'applied', 'its author too') from actor;
select is((select count(*)::int from app.confirmations, thing where point_id = stays), 2, 'of the one that stands for it');
select is(pg_temp.visit(visitor, false), 'applied', 'gone is said of it') from actor;
select is((select string_agg(kind, ',') from app.reports, thing where point_id = stays and kind = 'gone'), 'gone', 'where it is read');
update app.points set status = 'archived' where id = (select stays from thing);
select isnt(pg_temp.visit(visitor, true), 'applied', 'of what is archived nothing is said') from actor;

select is(private.widened_field('{"key": "t", "type": "text"}', '{"key": "t", "type": "text", "max": 2000}') ->> 'max', '2000', 'a longer text that was allowed stays so');
select is(private.widened_field('{"key": "t", "type": "text", "max": 5}', '{"key": "t", "type": "text"}') ->> 'max', '500', 'so does one without bound');
select is(private.check_answer('{"key": "t", "type": "text"}', to_jsonb(E'\u2003\u3000'::text)), to_jsonb(E'\u2003\u3000'::text), 'rare spaces are a text, as they are for the app');
select is(private.check_answer('{"key": "t", "type": "text"}', to_jsonb(E' \t\n'::text)), 'null', 'plain ones are none');
select * from finish();
rollback;
