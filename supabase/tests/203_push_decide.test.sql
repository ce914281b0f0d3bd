begin;
set local search_path = public, extensions;
select plan(83);

create temp table actor as select tests.user('a@test') as author, tests.user('b@test') as other, tests.user('m@test') as moderator,
  tests.user('n@test') as second, tests.user('s@test') as sector;
select tests.member(moderator, 'heritage', 'moderator'), tests.member(second, 'heritage', 'moderator'),
  tests.member(sector, 'heritage', 'moderator', '{11}') from actor;
create function pg_temp.point(status text default 'submitted', attributes jsonb default '{"name": "A", "condition": "good"}', sensitivity text default 'open')
returns uuid language sql as $$ select tests.point('heritage', 2.1, 43.6, status, 'lavoir', author, attributes, sensitivity) from actor; $$;
create function pg_temp.photo(point uuid, who uuid) returns uuid language plpgsql as $$
declare photo uuid := gen_random_uuid();
begin
  insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence)
  values (photo, point, who, photo || '.jpg', repeat('a', 64), 1, 1, 1, 'CC-BY-SA-4.0');
  return photo;
end; $$;
create function pg_temp.decide(who uuid, point uuid, decision text, fields jsonb default '{}') returns jsonb language sql as $$
  select tests.push(who, tests.mutation('decide', point,
    jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'other') || fields)) -> 0;
$$;
create function pg_temp.said(result jsonb) returns text language sql as $$ select tests.said(jsonb_build_array(result)); $$;
create function pg_temp.status(point uuid) returns text language sql as $$ select status from app.points where id = point; $$;
create temp table thing as select pg_temp.point() as a, pg_temp.point() as b, pg_temp.point() as c, pg_temp.point('published') as p,
  pg_temp.point('published') as q, pg_temp.point('published') as r, pg_temp.point('published') as s, pg_temp.point('draft') as d,
  pg_temp.point('published', sensitivity => 'hidden') as h;

-- What a decision must say.
select is(pg_temp.said(pg_temp.decide(moderator, a, decision, '{"reason": null}')), 'rejected reason_required', decision || ' needs a reason')
from actor, thing, unnest(array['reject', 'to_complete', 'duplicate']) as decision;
select is(pg_temp.said(pg_temp.decide(moderator, p, decision, '{"reason": ""}')), 'rejected reason_required', decision || ' needs a reason')
from actor, thing, unnest(array['archive', 'destroy']) as decision;
select is(pg_temp.said(pg_temp.decide(moderator, a, 'reject', '{"reason": "because"}')), 'rejected unknown_reason', 'a reason is one of the list') from actor, thing;
update app.themes set settings = settings || '{"reasons": ["because", {"code": "dark"}]}' where id = 'heritage';
select is(pg_temp.said(pg_temp.decide(moderator, c, 'reject', '{"reason": "dark"}')), 'applied', 'a theme has reasons of its own') from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, a, 'reject', jsonb_build_object('comment', repeat('x', 4001)))), 'rejected comment_too_long',
  'a comment is short') from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, a, 'bless')), 'rejected invalid_patch', 'an unknown decision') from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, a, 'publish', '{"seen_rev": null}')), 'rejected invalid_patch', 'a decision says what it saw') from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, gen_random_uuid(), 'publish')), 'rejected unknown_point', 'a point that does not exist') from actor;
select is(pg_temp.said(pg_temp.decide(moderator, d, 'publish')), 'rejected unknown_point', 'a draft is its author''s alone') from actor, thing;
select is(pg_temp.said(pg_temp.decide(sector, h, 'archive')), 'rejected unknown_point', 'a hidden point out of scope') from actor, thing;
select is(pg_temp.said(pg_temp.decide(sector, p, 'archive')), 'rejected not_allowed', 'a point out of scope') from actor, thing;
select is(pg_temp.status(a), 'submitted', 'nothing of all that is applied') from thing;

-- Stale decisions.
create temp table stale as select pg_temp.decide(moderator, a, 'publish', '{"seen_rev": 7}') as r from actor, thing;
select is(r ->> 'code', 'stale_review', 'a decision on another content') from stale;
select is(r -> 'point' ->> 'rev', '1', 'shows the point again') from stale;
create temp table step as select tests.mutation('edit', a, '{"base_rev": 1, "base": {"attributes.name": "A"}, "patch": {"attributes.name": "B"}}') as edit from thing;
select is(tests.said(tests.push(moderator, edit, tests.mutation('decide', a, jsonb_build_object('seen_after', edit -> 'mutation_id', 'decision', 'publish')))),
  'applied, applied', 'seen_after: a decision that follows one''s own edit') from actor, thing, step;
select is(pg_temp.status(a), 'published', 'publishes') from thing;
select is(pg_temp.said(pg_temp.decide(second, a, 'archive', jsonb_build_object('seen_rev', null, 'seen_after', edit -> 'mutation_id'))), 'rejected stale_review',
  'seen_after of somebody else') from actor, thing, step;
select is(pg_temp.said(pg_temp.decide(second, a, 'publish', '{"seen_rev": 2}')), 'rejected stale_review', 'two moderators race: one wins, the other is told') from actor, thing;

-- Publishing a part, correcting, and what the author learns.
create temp table shot as select pg_temp.photo(b, author) as one, pg_temp.photo(b, author) as two from actor, thing;
create temp table published as select pg_temp.decide(moderator, b, 'publish', jsonb_build_object('fields', '["concept", "attributes.name"]'::jsonb,
  'photos', jsonb_build_array(one), 'comment', 'Merci', 'correction', '{"base": {"attributes.name": "A"}, "patch": {"attributes.name": "Lavoir"}}'::jsonb)) as r from actor, thing, shot;
select is(r ->> 'status' || ' ' || (r ->> 'rev'), 'applied 2', 'part of the fields and of the photos, corrected: one step of rev') from published;
select is(tests.attributes(b), '{"name": "Lavoir"}', 'what was not accepted is out') from thing;
select is((select string_agg(state, ' ' order by state) from app.photos, thing where point_id = b), 'published refused', 'photo by photo');
select is((select count(*)::int from app.jobs, thing where kind = 'publish_photos' and payload ->> 'point_id' = b::text), 1, 'the worker copies the one');
select is((select state || ' ' || (revisions.author = moderator) from app.revisions, actor, thing where point_id = b), 'accepted true', 'the correction is the moderator''s own revision') ;
select is((select diff from app.events, thing where point_id = b and action = 'publish'),
  '{"attributes.name": ["A", "Lavoir"], "attributes.condition": ["good", null]}', 'the history keeps what was left out');
select is((select tests.push(author, tests.mutation('comment', b, '{"text": "ok"}')) -> 0 -> 'point' -> 'decision' ->> 'comment' from actor, thing), 'Merci', 'the author learns the decision');
select is(pg_temp.said(pg_temp.decide(moderator, c, 'restore')), 'applied', 'a refusal is undone') from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, c, 'publish', '{"fields": ["attributes.nope"]}')), 'rejected invalid_patch', 'accepted fields are among those proposed') from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, c, 'publish', '{"correction": {"patch": {"attributes.nope": 1}}}')), 'rejected invalid_attributes', 'a correction is checked too') from actor, thing;
select is(pg_temp.status(c), 'submitted', 'and nothing half done') from thing;

-- An edit beside a published point.
create temp table proposal as select gen_random_uuid() as id, gen_random_uuid() as own, gen_random_uuid() as refused;
select is(tests.said(tests.push(other, tests.mutation('edit', p, '{"base_rev": 1, "base": {"attributes.name": "A", "attributes.condition": "good"},
  "patch": {"attributes.name": "B", "attributes.condition": "fair"}}', id))), 'pending', 'an edit is proposed') from actor, thing, proposal;
select is(pg_temp.said(pg_temp.decide(moderator, p, 'publish', '{"revision_id": "x"}')), 'rejected unknown_revision', 'an unknown revision') from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, p, 'publish', jsonb_build_object('revision_id', id, 'fields', '[]'::jsonb))), 'rejected invalid_patch',
  'accepting none of it is no publication') from actor, thing, proposal;
select is(pg_temp.said(pg_temp.decide(moderator, p, 'archive', jsonb_build_object('revision_id', id))), 'rejected invalid_transition', 'a proposal is published or refused') from actor, thing, proposal;
select is(pg_temp.said(pg_temp.decide(moderator, p, 'publish', jsonb_build_object('revision_id', id, 'fields', '["attributes.name"]'::jsonb))), 'applied',
  'part of a proposal') from actor, thing, proposal;
select is(tests.attributes(p), '{"name": "B", "condition": "good"}', 'that part alone is written') from thing;
select is((select state from app.revisions, proposal where revisions.id = proposal.id), 'partly_accepted', 'the revision says so');
select is(pg_temp.said(pg_temp.decide(second, p, 'publish', jsonb_build_object('revision_id', id))), 'rejected stale_review', 'a decided proposal is not decided again') from actor, thing, proposal;
select is(tests.said(tests.push(other, tests.mutation('edit', p, '{"base_rev": 2, "base": {"attributes.name": "B"}, "patch": {"attributes.name": "C"}}', refused))), 'pending', 'another edit') from actor, thing, proposal;
select is(pg_temp.said(pg_temp.decide(moderator, p, 'reject', jsonb_build_object('revision_id', refused))), 'applied', 'is refused') from actor, thing, proposal;
select is((select state || ' ' || reason from app.revisions, proposal where revisions.id = refused), 'refused other', 'with its reason');
select is(tests.rev(p), 2, 'the content did not move') from thing;
update app.points set author = (select other from actor) where id = (select q from thing);
insert into app.revisions (id, point_id, author, base_rev, base, patch, captured_at) select own, q, moderator, 1, '{}', '{"attributes.name": "M"}', now() from actor, thing, proposal;
select is(pg_temp.said(pg_temp.decide(moderator, q, 'publish', jsonb_build_object('revision_id', own))), 'rejected own_contribution', 'nobody decides on their own proposal') from actor, thing, proposal;
update app.themes set settings = settings || '{"may_decide_own": true}' where id = 'heritage';
select is(pg_temp.said(pg_temp.decide(moderator, q, 'publish', jsonb_build_object('revision_id', own))), 'applied', 'unless the theme lets them') from actor, thing, proposal;
update app.themes set settings = settings - 'may_decide_own' where id = 'heritage';

-- Photos added to a published point, reports.
create temp table added as select pg_temp.photo(r, other) as theirs, pg_temp.photo(s, moderator) as own from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, r, 'publish')), 'applied', 'a photo that waits on a published point') from actor, thing;
select is((select state from app.photos, added where id = theirs), 'published', 'is published');
select is(tests.rev(r), 2, 'the set of published photos counts in rev') from thing;
select is(pg_temp.said(pg_temp.decide(moderator, s, 'publish')), 'rejected own_contribution', 'not one''s own') from actor, thing;
select is(pg_temp.said(pg_temp.decide(second, s, 'reject')), 'applied', 'somebody else refuses it') from actor, thing;
select is(tests.rev(s), 1, 'which changes no content') from thing;
select is(tests.said(tests.push(other, tests.mutation('confirm', r, '{"observed_at": "2026-05-03", "found": false}'))), 'applied', 'seen gone') from actor, thing;
select is((select kind || ' ' || state from app.reports, thing where point_id = r), 'gone open', 'waits as a report');
select is(pg_temp.said(pg_temp.decide(moderator, r, 'dismiss', '{"reason": null}')), 'applied', 'dismissed') from actor, thing;
select is((select state || ' ' || closed_with from app.reports, thing where point_id = r), 'closed dismiss', 'it is closed');
select is(tests.said(tests.push(other, tests.mutation('confirm', q, '{"observed_at": "2026-05-03", "found": false}'))), 'applied', 'another is seen gone') from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, q, 'publish', '{"correction": {"base": {}, "patch": {"attributes.use": "laver"}}}')), 'applied',
  'a correction of a published point') from actor, thing;
select is(tests.attributes(q) ->> 'use', 'laver', 'is written at once') from thing;
select is((select closed_with from app.reports, thing where point_id = q), 'publish', 'and answers the report');
select is(tests.said(tests.push(other, tests.mutation('confirm', r, '{"observed_at": "2026-05-04", "found": false}'))), 'applied', 'seen gone again') from actor, thing;
select is(pg_temp.said(pg_temp.decide(moderator, r, 'destroy', '{"reason": "not_found_on_site"}')), 'applied', 'it is') from actor, thing;
select is((select string_agg(closed_with, ' ' order by created_at, closed_with) from app.reports, thing where point_id = r), 'destroy dismiss', 'which closes the report');

-- A photo that arrives after the reading waits for the next look.
create temp table late as select pg_temp.point() as new, pg_temp.point() as part, pg_temp.point('published') as known, pg_temp.point('published') as edited, gen_random_uuid() as revision;
create temp table look as select pg_temp.photo(new, author) as new_seen, pg_temp.photo(new, author) as new_late, pg_temp.photo(part, author) as taken,
  pg_temp.photo(part, author) as left_out, pg_temp.photo(part, author) as part_late, pg_temp.photo(known, other) as known_seen, pg_temp.photo(known, other) as known_late,
  pg_temp.photo(edited, other) as edit_seen, pg_temp.photo(edited, other) as edit_late from actor, late;
create function pg_temp.saw(point uuid, decision text, seen uuid[], fields jsonb default '{}') returns text language sql as $$
  select pg_temp.said(pg_temp.decide(moderator, point, decision, jsonb_build_object('photos_seen', to_jsonb(seen)) || fields)) from actor; $$;
create function pg_temp.shown(variadic photos uuid[]) returns text language sql as $$
  select string_agg(state, ' ' order by n) from unnest(photos) with ordinality as one(id, n) join app.photos using (id); $$;
select is(pg_temp.saw(new, 'publish', array[new_seen]) || ': ' || pg_temp.shown(new_seen, new_late), 'applied: published pending', 'a new point is published with what was seen') from late, look;
select is((select string_agg(kind, ' ') from app.queue where point_id = new), 'photo', 'the other waits as a photo') from late;
select is(pg_temp.saw(part, 'publish', array[taken, left_out], jsonb_build_object('photos', jsonb_build_array(part_late))), 'rejected invalid_patch', 'nobody takes what they did not see') from late, look;
select is(pg_temp.saw(part, 'publish', array[taken, left_out], jsonb_build_object('photos', jsonb_build_array(taken))) || ': ' || pg_temp.shown(taken, left_out, part_late),
  'applied: published refused pending', 'part of what was seen') from late, look;
select is(pg_temp.saw(known, 'reject', array[known_seen]) || ': ' || pg_temp.shown(known_seen, known_late), 'applied: refused pending', 'photos are refused when they were seen') from late, look;
select is((select string_agg(kind, ' ') from app.queue where point_id = known), 'photo', 'the other still waits') from late;
select is(pg_temp.saw(known, 'publish', '{}') || ': ' || pg_temp.shown(known_seen, known_late), 'rejected invalid_transition: refused pending', 'no photo seen, none decided on') from late, look;
select is(tests.said(tests.push(other, tests.mutation('edit', edited, '{"base_rev": 1, "base": {"attributes.name": "A"}, "patch": {"attributes.name": "B"}}', revision))), 'pending', 'an edit') from actor, late;
select is(pg_temp.saw(edited, 'reject', array[edit_seen], jsonb_build_object('revision_id', revision)) || ': ' || pg_temp.shown(edit_seen, edit_late), 'applied: refused pending', 'goes with the photos that were seen beside it') from late, look;
select is(pg_temp.saw(known, 'publish', array(select gen_random_uuid() from generate_series(1, 201))), 'rejected invalid_patch', '200 photos at most') from late;
select is(pg_temp.said(pg_temp.decide(moderator, known, 'publish', '{"photos_seen": "all"}')), 'rejected invalid_patch', 'in a list') from actor, late;
select is(pg_temp.said(pg_temp.decide(moderator, known, 'publish', '{"photos_seen": null}')) || ': ' || pg_temp.shown(known_late), 'applied: published', 'not said, all of them as before') from actor, late, look;
select is(pg_temp.shown(edit_late), 'pending', 'what nobody looked at is still there') from look;

-- Confirmations.
select is(tests.said(tests.push(other, tests.mutation('confirm', s, '{"observed_at": "2026-05-03T22:00:00Z", "found": true, "expected_photos": 1}'))), 'applied', 'still there') from actor, thing;
select is((select confirmation_count || ' ' || last_confirmed_on || ' ' || expected_photos || ' ' || rev from app.points, thing where id = s), '1 2026-05-03 1 1', 'counts at once and changes no content');
select is(tests.said(tests.push(other, tests.mutation('confirm', s, '{"observed_at": "2026-05-03"}'), tests.mutation('comment', s, '{"text": " "}'))),
  'rejected invalid_patch, retry blocked', 'found or not, it must say') from actor, thing;
select is(tests.said(tests.push(other, tests.mutation('comment', s, jsonb_build_object('text', repeat('x', 4001))))), 'rejected comment_too_long', 'a comment is short') from actor, thing;
select is(tests.said(tests.push(other, tests.mutation('comment', s, '{"text": ""}'))), 'rejected invalid_patch', 'and says something') from actor, thing;
select is(tests.said(tests.push(other, tests.mutation('withdraw', s, '{"revision_id": "x"}'))), 'rejected unknown_revision', 'nothing to take back') from actor, thing;
select is(tests.said(tests.push(other, tests.mutation('edit', s, '{"base_rev": 1, "base": {}, "patch": {"attributes.use": "laver"}}', '0190aaaa-0000-7000-8000-000000000001'),
  tests.mutation('withdraw', s, '{"revision_id": "0190aaaa-0000-7000-8000-000000000001"}'),
  tests.mutation('withdraw', s, '{"revision_id": "0190aaaa-0000-7000-8000-000000000001"}'))), 'pending, applied, rejected invalid_transition', 'a proposal is taken back once') from actor, thing;
select * from finish();
rollback;
