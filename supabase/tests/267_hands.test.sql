-- How far a hand set a place from where the phone was, and where the camera looked, tell where somebody stood.
begin;
set local search_path = public, extensions;
select plan(17);
create temp table actor as select tests.user('author@test.fr') as author, tests.user('judge@test.fr') as judge, tests.user('other@test.fr') as other;
select tests.member(judge, 'heritage', 'moderator') from actor;
create temp table thing as select gen_random_uuid() as id, gen_random_uuid() as far_id;
grant select on actor, thing to public;
create function pg_temp.place(moved numeric, east float8 default 0) returns jsonb language sql as $$
  select jsonb_build_object('lon', 2.1 + east, 'lat', 43.6, 'accuracy_m', 5, 'source', 'map', 'heading_deg', 120, 'moved_m', moved);
$$;
create function pg_temp.capture(point uuid, moved numeric) returns jsonb language sql as $$
  select tests.mutation('create', point, jsonb_build_object('theme', 'heritage',
    'patch', jsonb_build_object('geom', pg_temp.place(moved), 'concept', 'lavoir', 'attributes.condition', 'good')));
$$;
select is(tests.said(tests.push(author, pg_temp.capture(id, 200), pg_temp.capture(far_id, 200.01))), 'applied, applied', 'neither is a reason to refuse a place') from actor, thing;
select results_eq('select moved_m, heading_deg from app.points, thing where points.id = thing.id', 'values (200::real, 120::real)', 'kept on site');
select results_eq('select moved_m, heading_deg from app.points, thing where points.id = far_id', 'values (null::real, null::real)', 'never stored from further');
select is((select count(*)::int from app.events, thing where point_id = far_id and diff::text like '%moved_m%'), 0, 'not in the history either');

update app.points set status = 'published' where id in (select id from thing union select far_id from thing);
update app.points set first_published_at = now() - interval '1 day' where id in (select id from thing);
create function pg_temp.seen(who uuid) returns jsonb language sql as $$ select private.point_json(p, who) -> 'geom' from app.points as p, thing where p.id = thing.id $$;
select is(pg_temp.seen(null) - 'lon' - 'lat', '{"accuracy_m": 5, "source": "map"}', 'nobody reads them');
select is(pg_temp.seen(other), pg_temp.seen(null), 'nor does another contributor') from actor;
select is(pg_temp.seen(author) - 'lon' - 'lat', '{"accuracy_m": 5, "source": "map", "moved_m": 200, "heading_deg": 120}', 'its author does') from actor;
select is(pg_temp.seen(judge), pg_temp.seen(author), 'and who moderates there') from actor;

-- A stranger moves the place while its author did: what they are told of it is plain.
create temp table base as select pg_temp.seen(other) as geom from actor;
grant select on base to public;
select is(tests.said(tests.push(author, tests.mutation('edit', id, jsonb_build_object('base_rev', 1, 'base', jsonb_build_object('geom', pg_temp.seen(author)), 'patch', jsonb_build_object('geom', pg_temp.place(150, 0.001)))))),
  'pending', 'an author moves their published point') from actor, thing;
select tests.push(judge, tests.mutation('decide', id, jsonb_build_object('decision', 'publish', 'seen_rev', 1, 'revision_id', (select r.id from app.revisions as r where r.point_id = thing.id)))) from actor, thing;
create temp table fight as select tests.push(other, tests.mutation('edit', id, jsonb_build_object('base_rev', 1, 'base', jsonb_build_object('geom', base.geom), 'patch', jsonb_build_object('geom', pg_temp.place(30, 0.002))))) as answer from actor, thing, base;
select is((select tests.said(answer) from fight), 'conflict', 'another one has moved it too');
select ok((select answer::text not like '%"moved_m": 150%' from fight), 'whose answer tells nothing of the author');
select tests.as_user((select other from actor));
create temp table told as select public.point_history(jsonb_build_object('point_id', id))::text as answer from thing;
select ok((select answer like '%"geom"%' and answer not like '%moved_m%' and answer not like '%heading_deg%' from told), 'the public history tells the move, and no hint');
select tests.as_owner();

-- What an older server kept is cleaned, everywhere.
update app.points set moved_m = 8200, heading_deg = 12 where id in (select id from thing);
update app.revisions set base = jsonb_build_object('geom', pg_temp.place(8200)), patch = jsonb_build_object('geom', pg_temp.place(90)) where point_id in (select id from thing);
update app.conflicts set theirs = pg_temp.place(8200) where point_id in (select id from thing);
insert into app.events (point_id, actor_kind, action, diff) select id, 'author', 'edit', jsonb_build_object('geom', jsonb_build_array(null, pg_temp.place(8200))) from thing;
create temp table was as select p.v from app.points as p, thing where p.id = thing.id;
select is(private.forget_far_hands(), 1, 'one point held such hints');
select is((select count(*)::int from app.points where moved_m > 200), 0, 'no point does any more');
select is((select string_agg(t, '') from (select to_jsonb(r)::text from app.revisions as r union all select to_jsonb(c)::text from app.conflicts as c union all select to_jsonb(e)::text from app.events as e) as kept (t) where t like '%"moved_m": 8200%'), null,
  'nor does what hangs on one');
select ok((select bool_and(r.patch #> '{geom,moved_m}' = '90') from app.revisions as r), 'what was set on site stays');
select ok((select p.v > was.v from app.points as p, thing, was where p.id = thing.id), 'and phones are told');
select * from finish();
rollback;
