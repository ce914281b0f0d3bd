-- A page of the queue read at once says what each item alone would: its candidates by the rule of duplicates, its picture.
begin;
set local search_path = public, extensions;
select plan(17);
select setseed(0.25);
insert into app.territories (level, code, name, departement, epci) values ('commune', '11069', 'Carcassonne', '11', '200035715'), ('commune', '34172', 'Montpellier', '34', '243400017') on conflict do nothing;
create temp table actor as select tests.user('author@test.fr') as author, tests.user('all@test.fr') as everywhere, tests.user('aude@test.fr') as aude, tests.user('none@test.fr') as nobody;
grant select on actor to public;
select tests.member(everywhere, 'heritage', 'moderator'), tests.member(everywhere, 'lighting', 'moderator'), tests.member(everywhere, 'accessibility', 'moderator'), tests.member(aude, 'heritage', 'moderator', '{11}'), tests.member(aude, 'lighting', 'moderator', '{200035715}') from actor;

-- A crowd: three themes, every state, three sensitivities, two communes and none, all sorts of accuracies and terms.
create temp table crowd as
select n, tests.point(
  (array['heritage', 'heritage', 'heritage', 'lighting', 'accessibility'])[1 + n % 5], 2.1 + (random() - 0.5) * 0.02, 43.6 + (random() - 0.5) * 0.008,
  (array['submitted', 'published', 'published', 'to_complete', 'draft', 'withdrawn', 'archived', 'rejected'])[1 + floor(random() * 8)],
  -- Of a tree, of a vocabulary without one, and of one whose names decide.
  case n % 5 when 3 then (array['lampadaire', 'lanterne', 'autre-luminaire'])[1 + floor(random() * 3)]
    when 4 then (array['boulangerie-patisserie', 'cafe-bar-brasserie', 'autre-erp'])[1 + floor(random() * 3)]
    else (array['lavoir', 'puits', 'fontaine', null, 'croix', 'autre'])[1 + floor(random() * 6)] end,
  author, jsonb_build_object('name', (array['Chez Paul', 'Boulangerie Paul', 'Le Fournil'])[1 + floor(random() * 3)]),
  (array['open', 'open', 'blurred', 'hidden'])[1 + floor(random() * 4)]) as id
from generate_series(1, 240) as n, actor;
update app.points set accuracy_m = (array[null, 3, 30, 90, 400])[1 + floor(random() * 5)], commune = (array['11069', '34172', null])[1 + floor(random() * 3)] where id in (select id from crowd);
insert into app.doubts (point_id, other_id)
select a.id, b.id from crowd as a join crowd as b on b.n = a.n + 40 where a.n % 11 = 0;

create function pg_temp.brute(viewer uuid) returns table (point_id uuid, candidate_id uuid, m numeric, is_doubted boolean) language sql stable as $$
  select a.id, c.id, round(st_distancesphere(seen.place, a.geom)::numeric, 3), named.yes
  -- What is doubted stands forty apart in the crowd: of the same theme.
  from app.points as a join app.points as c on c.id <> a.id and c.theme = a.theme
  cross join lateral (select coalesce(private.moderates(viewer, c.theme, c.commune), false) as yes) as scope
  cross join lateral (select case when scope.yes then c.geom else c.public_geom end as place, case when scope.yes or c.sensitivity = 'open' then c.accuracy_m else 707 end as accuracy) as seen
  cross join lateral (select exists (select from app.doubts as d where (d.point_id, d.other_id) in ((a.id, c.id), (c.id, a.id))) as yes) as named
  where a.id in (select id from crowd) and c.status = any (case when scope.yes then array['submitted', 'to_complete', 'published'] else array['published'] end)
    and seen.place is not null
    and (named.yes or st_dwithin(a.geom, seen.place, 0.01) and private.may_be_same(a.theme, a.geom, a.accuracy_m, a.concept, a.attributes ->> 'name', seen.place, seen.accuracy, c.concept, c.attributes ->> 'name'));
$$;
create function pg_temp.fast(viewer uuid) returns table (point_id uuid, candidate_id uuid, m numeric, is_doubted boolean) language sql stable as $$
  select d.point_id, d.candidate_id, round(d.distance_m::numeric, 3), d.is_doubted from private.possible_duplicates(array(select id from crowd), viewer) as d;
$$;
select ok((select count(*) > 250 and count(*) filter (where is_doubted) > 5 and count(*) filter (where m > 100) > 20 from pg_temp.brute(everywhere)), 'the crowd has candidates of all sorts') from actor;
select set_eq(format('select * from pg_temp.fast(%L)', everywhere), format('select * from pg_temp.brute(%L)', everywhere), 'who sees everything finds what the rule says, point by point') from actor;
select set_eq(format('select * from pg_temp.fast(%L)', aude), format('select * from pg_temp.brute(%L)', aude), 'as who sees a département or an EPCI truly and the rest as everybody') from actor;
select set_eq(format('select * from pg_temp.fast(%L)', nobody), format('select * from pg_temp.brute(%L)', nobody), 'and who moderates nothing') from actor;
select set_eq('select * from pg_temp.fast(null)', 'select * from pg_temp.brute(null)', 'and nobody at all');
select isnt((select count(*) from pg_temp.brute(aude)), (select count(*) from pg_temp.brute(everywhere)), 'which is not the same') from actor;

-- The page.
create function pg_temp.queue(who uuid, p jsonb default '{"limit": 200}') returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  answer := public.moderation_queue(p);
  perform tests.as_owner();
  return answer;
end; $$;
create temp table page as select e.item, e.n from actor, jsonb_array_elements(pg_temp.queue(everywhere) -> 'items') with ordinality as e (item, n);
select is((select count(*) from page), (select count(*) from app.queue), 'every item is told');
select results_eq('select item ->> ''point_id'' from page order by n', 'select point_id::text from app.queue order by since, kind, item_id', 'the oldest first');
select results_eq('select (item ->> ''candidates'')::bigint from page order by n',
  $$select (select count(*) from private.duplicate_candidates(p, everywhere)) from app.queue as q join app.points as p on p.id = q.point_id, actor order by q.since, q.kind, q.item_id$$,
  'each with its candidates');
create temp table pages as
with recursive pages as (
  select pg_temp.queue(aude, '{"limit": 3}') as answer from actor
  union all
  select pg_temp.queue(aude, jsonb_build_object('limit', 3, 'after', answer -> 'next')) from pages, actor where answer ->> 'next' is not null
) select answer from pages;
select is((select count(distinct e ->> 'point_id')::text || ' ' || count(*) from pages, jsonb_array_elements(answer -> 'items') as e),
  (select count(*) || ' ' || count(*) from app.queue as q where q.theme = 'heritage' and q.departement = '11' or q.theme = 'lighting' and q.epci = '200035715'), 'page after page, each once');

-- One picture of each: public, else waiting, by the order that its author gave.
create temp table thing as select (item ->> 'point_id')::uuid as id from page where item ->> 'kind' = 'new' order by n limit 1;
create function pg_temp.picture(what text) returns text language sql as $$
  select e ->> what from actor, jsonb_array_elements(pg_temp.queue(everywhere) -> 'items') as e where (e ->> 'point_id')::uuid = (select id from thing) and e ->> 'kind' = 'new'; $$;
select is(pg_temp.picture('thumb_url'), null, 'no picture');
insert into app.photos (id, point_id, user_id, path, thumb_path, sha256, size_bytes, width, height, licence, state, rank)
select gen_random_uuid(), id, author, 'u/' || name, 'u/' || name || '-t', repeat('a', 64), 1, 16, 16, 'CC-BY-SA-4.0', state, rank
from thing, actor, (values ('last', 'pending', null::int), ('second', 'pending', 1), ('refused', 'refused', 0)) as f (name, state, rank);
select is(pg_temp.picture('thumb_path'), 'u/second-t', 'the first that is not refused');
select is(pg_temp.picture('stored_photos'), '2', 'which is counted as one');
update app.photos set state = 'published', public_path = 'p.jpg', public_thumb_path = 'p-t.jpg' where path = 'u/last';
select is(pg_temp.picture('thumb_url'), '/storage/v1/object/public/published/p-t.jpg', 'or the one that everybody sees');
select is(pg_temp.picture('thumb_path'), null, 'and no other');
select is(pg_temp.picture('lease'), null, 'nobody reads it');
insert into app.leases (point_id, holder, until) select id, everywhere, now() + interval '1 minute' from thing, actor;
select is(pg_temp.picture('lease')::jsonb ->> 'mine', 'true', 'or somebody does');
select * from finish();
rollback;
