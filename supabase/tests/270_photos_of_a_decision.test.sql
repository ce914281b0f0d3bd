-- A decision touches the photos that its moderator was asked about, and no other.
begin;
set local search_path = public, extensions;
select plan(30);
create temp table actor as select tests.user('a@test') as author, tests.user('b@test') as other, tests.user('c@test') as third,
  tests.user('m@test') as moderator, tests.user('n@test') as second;
select tests.member(moderator, 'lighting', 'moderator'), tests.member(second, 'lighting', 'moderator') from actor;
create function pg_temp.decide(who uuid, point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('decide', point,
    jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'other') || fields))); $$;
create function pg_temp.photo(point uuid, who uuid) returns uuid language sql as $$
  insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence)
  values (gen_random_uuid(), point, who, gen_random_uuid() || '.jpg', repeat('a', 64), 1, 1, 1, 'CC-BY-SA-4.0') returning id; $$;
create function pg_temp.report(point uuid) returns uuid language sql as $$
  insert into app.reports (id, point_id, kind, about) values (gen_random_uuid(), point, 'problem', 'position') returning id; $$;
create function pg_temp.state(variadic photos uuid[]) returns text language sql as $$
  select string_agg(f.state, ' ' order by n) from unnest(photos) with ordinality as asked (id, n) join app.photos as f on f.id = asked.id; $$;
create function pg_temp.known(lon float8, status text default 'published', who uuid default null) returns uuid language sql as $$
  select tests.point('lighting', lon, 43.6, status, null, coalesce(who, author)) from actor; $$;
create function pg_temp.noted(point uuid) returns text language sql as $$
  select string_agg(concat_ws(' ', d.kind, d.decision, u.email), ', ' order by d.id) from app.decisions as d left join auth.users as u on u.id = d.author where d.point_id = point; $$;
create function pg_temp.waits(point uuid) returns text language sql as $$ select string_agg(kind, ' ' order by kind) from app.queue where point_id = point; $$;
create temp table correction as select '{"correction": {"patch": {"attributes.description": "x"}}}'::jsonb as m;

-- A report is answered by a correction: the photos that wait are another item.
create temp table told as select pg_temp.known(2.1) as id;
create temp table on_told as select pg_temp.photo(id, other) as photo, pg_temp.report(id) as report, pg_temp.report(id) as another from told, actor;
select is(pg_temp.decide(moderator, id, 'publish', m || jsonb_build_object('report_id', report, 'photos_seen', jsonb_build_array(photo))) || ' ' || pg_temp.state(photo),
  'applied pending', 'a correction of a report publishes no photo') from told, on_told, correction, actor;
select is(pg_temp.noted(id), 'report publish a@test', 'it is noted as the answer to the report, for whoever captured the point') from told;
select is(pg_temp.waits(id), 'photo report', 'and answers that one alone') from told;
select is(pg_temp.decide(moderator, id, 'publish', m || '{"photos_seen": []}') || ' ' || pg_temp.state(photo), 'applied pending', 'nor does a correction that saw none')
from told, on_told, correction, actor;
select is(pg_temp.noted(id) || '; ' || pg_temp.waits(id), 'report publish a@test, report publish a@test; photo', 'which answers all that was said') from told;
select is(pg_temp.decide(moderator, id, decision, '{"photos_seen": []}'), 'rejected invalid_transition', 'who saw no photo decides on none: ' || decision)
from told, actor, unnest(array['publish', 'reject']) as decision;
-- One's own photo waits: that is no reason not to answer a report.
create temp table own as select pg_temp.known(2.2) as id;
create temp table on_own as select pg_temp.photo(id, moderator) as photo, pg_temp.report(id) as report from own, actor;
select is(pg_temp.decide(moderator, id, 'publish', m || jsonb_build_object('report_id', report)) || ' ' || pg_temp.state(photo), 'applied pending',
  'a report is answered beside one''s own photo') from own, on_own, correction, actor;
select is(pg_temp.decide(moderator, id, 'publish', m || jsonb_build_object('photos_seen', jsonb_build_array(photo))), 'rejected own_contribution',
  'which stays somebody else''s to decide') from own, on_own, correction, actor;

-- An edit and the photos of several people: a part is taken.
create temp table edited as select pg_temp.known(2.3) as id, gen_random_uuid() as revision;
create temp table on_edited as select pg_temp.photo(id, other) as one, pg_temp.photo(id, other) as two, pg_temp.photo(id, third) as stranger from edited, actor;
select is(tests.said(tests.push(other, tests.mutation('edit', id, '{"base_rev": 1, "base": {}, "patch": {"attributes.description": "Penché"}}', revision))), 'pending', 'an edit') from edited, actor;
select is(pg_temp.decide(moderator, id, 'publish', jsonb_build_object('revision_id', revision, 'photos', jsonb_build_array(one, gen_random_uuid()),
  'photos_seen', jsonb_build_array(one, two, stranger))), 'rejected invalid_patch', 'no photo is made up') from edited, on_edited, actor;
select is(pg_temp.decide(moderator, id, 'publish', jsonb_build_object('revision_id', revision, 'photos', jsonb_build_array(one, stranger),
  'photos_seen', jsonb_build_array(one, two, stranger))) || ': ' || pg_temp.state(one, two, stranger), 'applied: published refused pending',
  'part of the photos of an edit; another''s beside them is another item') from edited, on_edited, actor;
select is(pg_temp.waits(id) || ' ' || tests.rev(id), 'photo 2', 'which waits') from edited;
create temp table more as select pg_temp.photo(id, third) as photo, gen_random_uuid() as revision from edited, actor;
select tests.push(other, tests.mutation('edit', id, '{"base_rev": 2, "base": {"attributes.description": "Penché"}, "patch": {"attributes.description": "Droit"}}', more.revision)) from edited, more, actor;
select is(pg_temp.decide(moderator, id, 'reject', jsonb_build_object('revision_id', more.revision, 'photos_seen', jsonb_build_array(photo, stranger))) || ': ' || pg_temp.state(photo, stranger),
  'applied: pending pending', 'an edit is refused without the photos of others') from edited, on_edited, more, actor;

-- Two moderators look at the same photos. To refuse them changes no content: it is the photos that tell the second.
create temp table raced as select pg_temp.known(2.4) as id;
create temp table on_raced as select pg_temp.photo(id, other) as one, pg_temp.photo(id, third) as two from raced, actor;
select is(pg_temp.decide(second, id, 'reject', jsonb_build_object('photos_seen', jsonb_build_array(one, two))), 'applied', 'the first refuses') from raced, on_raced, actor;
create temp table late as select pg_temp.photo(id, other) as photo from raced, actor;
select is(pg_temp.decide(moderator, id, decision, jsonb_build_object('seen_rev', 1, 'photos_seen', jsonb_build_array(one, two))), 'rejected stale_review', 'the second is told: ' || decision)
from raced, on_raced, actor, unnest(array['publish', 'reject']) as decision;
select is(pg_temp.decide(moderator, id, 'publish', jsonb_build_object('photos', jsonb_build_array(one, photo), 'photos_seen', jsonb_build_array(one, two, photo))), 'rejected stale_review',
  'also where one of those that they chose still waits') from raced, on_raced, late, actor;
select is(pg_temp.state(one, two, photo), 'refused refused pending', 'nothing of that is applied') from on_raced, late;
select is((select count(distinct d.mutation_id)::int from app.decisions as d where d.point_id = raced.id), 1, 'nor noted') from raced;
select is(pg_temp.decide(moderator, id, 'publish', jsonb_build_object('photos_seen', jsonb_build_array(one, photo))) || ': ' || pg_temp.state(one, photo), 'applied: refused published',
  'what still waits of what was seen is decided') from raced, on_raced, late, actor;
select is(pg_temp.decide(moderator, id, 'publish'), 'rejected invalid_transition', 'of no photo in particular, nothing waits') from raced, actor;
create temp table edited_twice as select gen_random_uuid() as revision;
create temp table beside as select pg_temp.photo(id, other) as photo from raced, actor;
select tests.push(other, tests.mutation('edit', id, '{"base_rev": 2, "base": {}, "patch": {"attributes.description": "Penché"}}', revision)) from raced, edited_twice, actor;
select pg_temp.decide(second, id, 'reject', jsonb_build_object('photos_seen', jsonb_build_array(photo))) from raced, beside, actor;
select is(pg_temp.decide(moderator, id, 'publish', jsonb_build_object('revision_id', revision, 'photos', jsonb_build_array(photo), 'photos_seen', jsonb_build_array(photo))),
  'rejected stale_review', 'an edit with a photo that somebody refused meanwhile') from raced, edited_twice, beside, actor;

-- A merge brings what was seen; what arrived since waits on the survivor.
create temp table pair as select pg_temp.known(2.5, 'submitted') as goes, pg_temp.known(2.6) as stays;
create temp table on_pair as select pg_temp.photo(goes, author) as seen, pg_temp.photo(goes, author) as late from pair, actor;
select is(pg_temp.decide(moderator, goes, 'duplicate', jsonb_build_object('duplicate_of', stays, 'photos_seen', jsonb_build_array(seen))) || ': ' || pg_temp.state(seen, late),
  'applied: published pending', 'a merge publishes the photos that were seen') from pair, on_pair, actor;
select is((select string_agg(f.point_id::text, ' ') from app.photos as f where f.id in (seen, late)), stays || ' ' || stays, 'all of them follow') from pair, on_pair;
select is(pg_temp.waits(stays) || ' ' || tests.rev(stays), 'photo 2', 'what nobody saw waits there') from pair;
select is(pg_temp.decide(moderator, goes, 'restore') || ': ' || pg_temp.state(seen, late), 'applied: pending pending', 'undone, all wait again') from pair, on_pair, actor;
select is(pg_temp.waits(goes) || ' ' || coalesce(pg_temp.waits(stays), 'nothing'), 'new nothing', 'with their point') from pair;
create temp table on_known as select pg_temp.known(2.7) as goes, pg_temp.known(2.8) as stays;
create temp table unasked as select pg_temp.photo(goes, other) as photo from on_known, actor;
select is(pg_temp.decide(moderator, goes, 'duplicate', jsonb_build_object('duplicate_of', stays, 'photos_seen', '[]'::jsonb)) || ': ' || pg_temp.state(photo) || ' ' || tests.rev(stays),
  'applied: pending 1', 'of a published point, one that nobody was asked about') from on_known, unasked, actor;
create temp table part as select pg_temp.known(2.9, 'submitted') as goes;
create temp table on_part as select pg_temp.photo(goes, author) as seen, pg_temp.photo(goes, author) as left_out, pg_temp.photo(goes, author) as late from part, actor;
select is(pg_temp.decide(moderator, part.goes, 'duplicate', jsonb_build_object('duplicate_of', stays, 'photos', jsonb_build_array(seen), 'photos_seen', jsonb_build_array(seen, left_out))) || ': ' || pg_temp.state(seen, left_out, late),
  'applied: published refused pending', 'part of them') from part, on_part, pair, actor;

select * from finish();
rollback;
