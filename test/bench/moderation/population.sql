-- A region at work: towns full of lights, villages, a tenth of it all waiting for a decision. Written as the superuser
-- with the triggers asleep (they would take ten minutes): every derived column is given here as they would have made it.
-- Parameters: bench.points, bench.waiting.
set session_replication_role = replica;
select setseed(0.5);

-- 13 départements of 300 communes, on a grid; an EPCI is ten communes.
insert into app.territories (level, code, name, departement, epci, geom)
select 'commune', lpad((10 + col)::text, 2, '0') || lpad((line + 1)::text, 3, '0'), 'Commune ' || col || '-' || line,
  lpad((10 + col)::text, 2, '0'), '2000' || lpad(col::text, 2, '0') || lpad((line / 10)::text, 3, '0'),
  extensions.st_multi(extensions.st_makeenvelope(-0.4 + col * 0.4, 42.3 + line * 0.009, 0.0 + col * 0.4, 42.309 + line * 0.009, 4326))
from generate_series(0, 12) as col, generate_series(0, 299) as line
on conflict do nothing;
insert into app.territories (level, code, name) select 'departement', lpad((10 + col)::text, 2, '0'), 'Département ' || col from generate_series(0, 12) as col on conflict do nothing;

insert into auth.users (id, email, email_confirmed_at)
select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'b' || n || '@bench.test', now() from generate_series(1, 2000) as n;
insert into app.profiles (user_id, display_name) select id, split_part(email, '@', 1) from auth.users where email like '%@bench.test';
insert into app.charter_acceptances (user_id, rev) select user_id, private.current_charter() from app.profiles on conflict do nothing;
create temp table towns as
select n, random() * 5.1 - 0.35 as lon, 42.35 + random() * 2.6 as lat, 0.005 + random() * 0.02 as spread from generate_series(1, 3000) as n;

create temp table made as
select k.n, gen_random_uuid() as id,
  case when k.n % 10 < 7 then 'lighting' when k.n % 10 < 9 then 'heritage' else 'accessibility' end as theme,
  ('00000000-0000-4000-8000-' || lpad((10 + floor(random() * random() * 1990))::text, 12, '0'))::uuid as author,
  k.n <= current_setting('bench.waiting')::int * 0.9 as is_submitted,
  least(4.79, greatest(-0.39, t.lon + (random() + random() - 1) * t.spread)) as lon,
  least(44.99, greatest(42.31, t.lat + (random() + random() - 1) * t.spread)) as lat,
  now() - random() * interval '60 days' as at
from generate_series(1, current_setting('bench.points')::int) as k (n)
join towns as t on t.n = 1 + (k.n * 7919::bigint) % 3000;

create temp table concept_of as
select t.id as theme, array(select c.id from app.concepts as c where c.scheme = t.scheme order by c.id limit 40) as concepts from app.themes as t;

insert into app.points (id, theme, author, status, concept, geom, accuracy_m, position_source, attributes, sensitivity, commune,
  public_geom, public_commune, public_cell, captured_at, received_at, updated_at, first_published_at, form_rev)
select m.id, m.theme, m.author, case when m.is_submitted then 'submitted' else 'published' end,
  c.concepts[1 + m.n % greatest(1, cardinality(c.concepts))], place.g, 8, 'gps',
  case m.theme when 'heritage' then jsonb_build_object('name', 'Lavoir ' || m.n % 5000, 'condition', 'good') else '{}' end, 'open', town.code,
  place.g, town.code, private.cell_of(place.g), m.at, m.at, m.at, case when not m.is_submitted then m.at end, 1
from made as m
join concept_of as c on c.theme = m.theme
cross join lateral (select extensions.st_setsrid(extensions.st_makepoint(m.lon, m.lat), 4326) as g) as place
cross join lateral (select lpad((10 + floor((m.lon + 0.4) / 0.4))::text, 2, '0') || lpad((floor((m.lat - 42.3) / 0.009) + 1)::text, 3, '0') as code) as town;

insert into app.public_points (point_id, theme, status, concept, commune, title, folded, updated_on, lon, lat, x, y, morton, place)
select p.id, p.theme, p.status, p.concept, p.commune, p.attributes ->> 'name', ' ' || lower(p.attributes ->> 'name'), p.updated_at::date,
  extensions.st_x(p.geom), extensions.st_y(p.geom), w.x, w.y, private.morton(w.x, w.y), w.place
from app.points as p
cross join lateral (select extensions.st_transform(p.geom, 3857) as place) as m
cross join lateral (select m.place,
  floor((extensions.st_x(m.place) + 20037508.342789244) / 20037508.342789244 * 1073741824)::int as x,
  floor((20037508.342789244 - extensions.st_y(m.place)) / 20037508.342789244 * 1073741824)::int as y) as w
where p.status = 'published';

insert into app.events (point_id, at, actor, actor_kind, action, to_status, rev, diff)
select id, received_at, author, 'author', 'create', 'submitted', 1, '{"concept": [null, "lavoir"]}' from app.points;

-- Of what is published: edits, photos and reports that wait.
create temp table busy as select id, author, row_number() over (order by id) as n from app.points
where status = 'published' order by id limit current_setting('bench.waiting')::int / 10;
insert into app.revisions (id, point_id, author, base_rev, base, patch, captured_at, created_at)
select gen_random_uuid(), id, author, 1, '{"attributes.condition": "good"}', '{"attributes.condition": "fair"}', now(), now() - random() * interval '60 days'
from busy where n % 2 = 0;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence, created_at)
select gen_random_uuid(), id, author, id || '.jpg', repeat('a', 64), 1, 1600, 1200, 'CC-BY-SA-4.0', now() - random() * interval '60 days' from busy where n % 4 = 1;
insert into app.reports (id, point_id, kind, user_id, created_at)
select gen_random_uuid(), id, case when n % 8 = 3 then 'gone' else 'problem' end, author, now() - random() * interval '60 days' from busy where n % 4 = 3;

insert into app.queue (kind, item_id, point_id, theme, commune, author, since, epci, departement)
select 'new', p.id, p.id, p.theme, p.commune, p.author, p.received_at, t.epci, t.departement
from app.points as p left join app.territories as t on t.level = 'commune' and t.code = p.commune where p.status = 'submitted';
insert into app.queue (kind, item_id, point_id, theme, commune, author, since, epci, departement)
select w.kind, w.item_id, w.point_id, w.theme, w.commune, w.author, w.since, t.epci, t.departement
from private.waiting_items(array(select id from busy)) as w
left join app.territories as t on t.level = 'commune' and t.code = w.commune;
insert into app.changes (bucket, point_id)
select 'm:' || theme || ':' || commune, point_id from app.queue on conflict do nothing;
-- Five scopes, each the fullest of its kind: everything, a département, an EPCI, a commune, and several of each.
create temp table fullest as
select array_agg(code) filter (where level = 'departement') as departements, array_agg(code) filter (where level = 'epci') as epcis,
  array_agg(code) filter (where level = 'commune') as communes
from (
  select 'departement' as level, departement as code, row_number() over (order by count(*) desc) as place from app.queue group by departement
  union all select 'epci', epci, row_number() over (order by count(*) desc) from app.queue group by epci
  union all select 'commune', commune, row_number() over (order by count(*) desc) from app.queue group by commune) as ranked
where place <= 3;
insert into app.memberships (user_id, group_id, role, territories)
select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, g.id, 'moderator',
  case n when 1 then '{*}'::text[] when 2 then f.departements[1:1] when 3 then f.epcis[1:1] when 4 then f.communes[1:1]
    else f.departements[2:2] || f.epcis[2:3] || f.communes[2:3] end
from generate_series(1, 5) as n, app.groups as g, fullest as f;
set session_replication_role = default;
drop table fullest;
drop table towns, made, concept_of, busy;
vacuum analyze;
