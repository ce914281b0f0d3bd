-- A merge, whatever it took over, and its undo: both points are what they were, with their photos and confirmations.
begin;
set local search_path = public, extensions;
select plan(22);
select setseed(0.77);
create temp table actor as select tests.user('author@test.fr') as author, tests.user('mod@test.fr') as moderator, tests.user('other@test.fr') as other;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create function pg_temp.any_of(choices text[]) returns text language sql volatile as $$ select choices[1 + floor(random() * cardinality(choices))]; $$;
create function pg_temp.saying() returns jsonb language sql volatile as $$
  select jsonb_strip_nulls(jsonb_build_object('name', pg_temp.any_of('{A,B,C,NULL}'), 'condition', pg_temp.any_of('{good,fair,poor,NULL}'),
    'description', pg_temp.any_of('{Ici,Là,NULL}'), 'use', pg_temp.any_of('{laver,NULL}'))); $$;
create temp table pair as
select n, tests.point('heritage', 2 + n * 0.01, 43.6, status, pg_temp.any_of('{lavoir,fontaine,NULL}'), author, pg_temp.saying()) as twin,
  tests.point('heritage', 2.00005 + n * 0.01, 43.6, case when status = 'published' or n % 3 > 0 then 'published' else 'submitted' end, pg_temp.any_of('{lavoir,fontaine,NULL}'), author, pg_temp.saying()) as survivor
from actor, generate_series(1, 60) as n, lateral (select case when n % 2 = 0 then 'published' else 'submitted' end as status) as s;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence, state, public_path)
select gen_random_uuid(), o.id, actor.author, o.id || '-' || k || '.jpg', repeat('a', 64), 1, 1, 1, 'CC', state, case state when 'published' then o.id || '-' || k end
from actor, app.points as o, generate_series(1, 3) as k, lateral (select case when o.status = 'published' then (array['published', 'published', 'pending', 'refused'])[1 + floor(random() * 4 + 0 * k)::int]
  else (array['pending', 'pending', 'refused'])[1 + floor(random() * 3 + 0 * k)::int] end as state) as s;
insert into app.confirmations (mutation_id, point_id, user_id, observed_on, found)
select gen_random_uuid(), o.id, other, date '2026-05-01' + floor(random() * 20)::int, random() < 0.8 from actor, app.points as o, generate_series(1, 2) where random() < 0.6;
update app.points as o set (confirmation_count, last_confirmed_on) = (select c.count, c.last_on from private.confirmations_of(o.id) as c);

create function pg_temp.looks(point uuid) returns jsonb language sql as $$
  select jsonb_build_object('status', o.status, 'of', o.duplicate_of, 'content', private.content_of(o), 'confirmed', o.confirmation_count, 'last', o.last_confirmed_on,
    'photos', (select jsonb_agg(jsonb_build_array(f.id, f.state, f.came_from) order by f.id) from app.photos as f where f.point_id = o.id))
  from app.points as o where o.id = point; $$;
create function pg_temp.decide(point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(moderator, tests.mutation('decide', point, jsonb_build_object('seen_rev', tests.rev(point), 'decision', decision, 'reason', 'duplicate') || fields))) from actor; $$;
-- A merge that takes over some values, and some of the photos.
create function pg_temp.merge(twin uuid, survivor uuid) returns text language sql volatile as $$
  select pg_temp.decide(twin, 'duplicate', jsonb_build_object('duplicate_of', survivor,
    'keep', (select coalesce(jsonb_object_agg(path, pg_temp.any_of('{this,other}')), '{}') from unnest(array['concept', 'geom', 'attributes.name', 'attributes.condition', 'attributes.use']) as path where random() < 0.7),
    'photos', (select case when random() < 0.5 then coalesce(jsonb_agg(id), '[]') end from app.photos where point_id = twin and state <> 'refused' and random() < 0.5))); $$;

create temp table before as select n, pg_temp.looks(twin) as twin, pg_temp.looks(survivor) as survivor from pair;
create temp table merged as select n, pg_temp.merge(twin, survivor) as said from pair;
select set_eq('select distinct said from merged', array['applied'], 'sixty merges');
select is((select count(*)::int from pair join app.points as o on o.id = twin where o.duplicate_of = survivor), 60, 'each into its survivor');
select ok((select count(*) > 20 from before as b join pair as p using (n) where pg_temp.looks(p.survivor) -> 'content' <> b.survivor -> 'content'), 'values were taken over');
select ok((select count(*) > 15 from app.photos where came_from is not null) and (select count(*) > 10 from app.photos as f join pair on f.point_id = twin where f.state = 'refused'), 'photos followed, others were left');
select is_empty('select n from pair join app.points as o on o.id = survivor where o.confirmation_count <> (select count(*) from app.confirmations as c where c.found and c.point_id in (pair.twin, pair.survivor))', 'confirmations are summed');
select set_eq($$select pg_temp.decide(twin, 'restore', '{"reason": null}') from pair$$, array['applied'], 'undone');
select is_empty('select n, b.twin, pg_temp.looks(p.twin) from before as b join pair as p using (n) where pg_temp.looks(p.twin) <> b.twin', 'the duplicate is what it was');
select is_empty('select n, b.survivor, pg_temp.looks(p.survivor) from before as b join pair as p using (n) where pg_temp.looks(p.survivor) <> b.survivor', 'and so is the survivor');
select is_empty($$select f.id from app.photos as f where (f.public_path is not null) <> (f.state = 'published')
    and not exists (select from app.jobs as j where j.kind in ('publish_photos', 'unpublish_photos') and j.done_at is null and j.payload ->> 'point_id' = f.point_id::text)$$,
  'what became public, or is no more, is a job of the worker');

-- What somebody changed since is theirs.
create temp table later as select pg_temp.merge(twin, survivor) as said, twin, survivor from pair where n = 2;
select is(tests.said(tests.push(moderator, tests.mutation('edit', survivor, jsonb_build_object('base_rev', tests.rev(survivor),
  'base', jsonb_build_object('attributes.name', tests.attributes(survivor) -> 'name'), 'patch', '{"attributes.name": "Depuis"}'::jsonb)))), 'applied', 'a moderator renames the survivor') from later, actor;
select is(pg_temp.decide(twin, 'restore', '{"reason": null}'), 'applied', 'the merge is undone') from later;
select is(tests.attributes(survivor) ->> 'name', 'Depuis', 'and the name stays') from later;
-- So is a photo that was refused after it followed.
create temp table refused as select pg_temp.decide(twin, 'duplicate', jsonb_build_object('duplicate_of', survivor)) as said, twin, survivor from pair where n = 4;
create temp table bad as select f.id from app.photos as f, refused where f.came_from = twin order by f.id limit 1;
update app.photos set state = 'refused' where id = (select id from bad);
select is(pg_temp.decide(twin, 'restore', '{"reason": null}'), 'applied', 'another is undone') from refused;
select is((select f.state || ' ' || (f.point_id = twin) from app.photos as f, refused where f.id = (select id from bad)), 'refused true', 'a photo refused since comes back refused');
select is((select count(*)::int from app.merged_photos), 0, 'nothing is remembered of merges that are undone');

-- A duplicate of a duplicate: each undone in its turn.
create temp table chain as select a.twin as one, b.twin as two, c.survivor as last from pair as a, pair as b, pair as c where (a.n, b.n, c.n) = (8, 12, 14);
create temp table links as select pg_temp.looks(one) as one, pg_temp.looks(two) as two, pg_temp.looks(last) as last from chain;
select is(pg_temp.decide(one, 'duplicate', jsonb_build_object('duplicate_of', two)), 'applied', 'the first into the second') from chain;
create temp table midway as select pg_temp.looks(two) as two from chain;
select is(pg_temp.decide(two, 'duplicate', jsonb_build_object('duplicate_of', last, 'photos', '[]'::jsonb)), 'applied', 'which is one of the third') from chain;
select is(pg_temp.decide(two, 'restore', '{"reason": null}'), 'applied', 'undone') from chain;
select is(pg_temp.looks(chain.two), midway.two, 'the second is as it was with the first in it') from chain, midway;
select is(pg_temp.looks(chain.last), links.last, 'the third as before') from chain, links;
select is(pg_temp.decide(one, 'restore', '{"reason": null}'), 'applied', 'undone too') from chain;
select is(array[pg_temp.looks(chain.one), pg_temp.looks(chain.two)], array[links.one, links.two], 'and all are what they were') from chain, links;
select * from finish();
rollback;
