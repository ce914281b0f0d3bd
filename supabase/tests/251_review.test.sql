-- One answer with all that is needed to decide; standings; templates and reasons.
begin;
set local search_path = public, extensions;
select plan(51);
create temp table actor as select tests.user('a@test') as author, tests.user('b@test') as other, tests.user('m@test') as moderator,
  tests.user('c@test') as coordinator, tests.user('s@test') as sector;
grant select on actor to public;
select tests.member(moderator, 'heritage', 'moderator'), tests.member(coordinator, 'heritage', 'coordinator'), tests.member(sector, 'heritage', 'moderator', '{11}') from actor;
update app.profiles set display_name = 'Jeanne' where user_id = (select author from actor);
create function pg_temp.call(who uuid, name text, p jsonb) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  begin
    execute format('select public.%I($1)', name) into answer using p;
  exception when others then answer := to_jsonb(sqlstate || ' ' || sqlerrm);
  end;
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.decide(point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(moderator, tests.mutation('decide', point,
    jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'other') || fields))) from actor; $$;
create function pg_temp.review(point uuid, fields jsonb default '{}') returns jsonb language sql as $$
  select pg_temp.call(moderator, 'moderation_review', jsonb_build_object('point_id', point) || fields) from actor; $$;
create function pg_temp.standing(who uuid) returns text language sql as $$
  select concat_ws(' ', accepted, corrected, refused, in_a_row) from app.standings where user_id = who and theme = 'heritage'; $$;

create temp table thing as select gen_random_uuid() as a, gen_random_uuid() as b, gen_random_uuid() as c, gen_random_uuid() as d, gen_random_uuid() as edit;
select tests.push(author, tests.mutation('create', a, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(), 'attributes.name', 'Lavoir', 'concept', 'lavoir'))),
  tests.mutation('create', b, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(), 'attributes.name', 'Le lavoir', 'concept', 'lavoir'))),
  tests.mutation('create', c, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(2.3), 'attributes.name', 'C'))),
  tests.mutation('create', d, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(2.4), 'attributes.name', 'D')))) is not null as pushed from actor, thing;

-- Who may read it.
select is(pg_temp.call(author, 'moderation_review', jsonb_build_object('point_id', a)), '"PT403 not_allowed"', 'an author reviews nothing') from actor, thing;
select is(pg_temp.call(other, 'moderation_review', jsonb_build_object('point_id', a)), '"PT404 point_not_found"', 'a stranger does not know of it') from actor, thing;
select is(pg_temp.call(sector, 'moderation_review', jsonb_build_object('point_id', a)), '"PT404 point_not_found"', 'nor does a moderator of elsewhere') from actor, thing;
select tests.as_anon();
select throws_ok($$select public.moderation_review()$$, 'PT401', 'auth_required', 'nor anybody without account');
select tests.as_owner();

-- A new point.
create temp table first as select pg_temp.review(a) as r from thing;
select is(r #>> '{item,kind}', 'new', 'what waits') from first;
select is(jsonb_path_query_array(r, '$.changes[*].path'), '["attributes.name", "concept", "geom", "sensitivity"]', 'every field of a first reading') from first;
select is(r #>> '{changes,0,change}', 'added', 'is added') from first;
select is(r -> 'author' ->> 'name' || (r #>> '{author,accepted}'), 'Jeanne0', 'with who sent it and what is known of them') from first;
select is((r #>> '{candidates,0,point,id}')::uuid, b, 'what may be the same thing') from first, thing;
select is(jsonb_path_query_array(r, '$.events[*].action'), '["create"]', 'and its history') from first;
select is(r -> 'may_decide', 'true', 'to be decided') from first;

-- Sent back, completed, sent again.
select is(pg_temp.decide(a, 'to_complete', '{"comment": "<b>Une photo ?</b>"}'), 'applied', 'to complete') from thing;
select is(pg_temp.review(a) -> 'item', 'null', 'nothing waits any more') from thing;
select is(tests.said(tests.push(author, tests.mutation('edit', a, '{"base_rev": 2, "base": {"attributes.name": "Lavoir"}, "patch": {"attributes.name": "Lavoir du pré"}, "submit": true}'),
  tests.mutation('comment', a, '{"text": "Voilà"}'))), 'applied, applied', 'completed') from actor, thing;
create temp table again as select pg_temp.review(a) as r from thing;
select is(r -> 'changes', '[{"path": "attributes.name", "after": "Lavoir du pré", "before": "Lavoir", "change": "changed"}]', 'what changed since the last decision') from again;
select is(jsonb_path_query_array(r, '$.thread[*].text'), '["<b>Une photo ?</b>", "Voilà"]', 'the thread, markup being text') from again;

-- Standings.
select is(pg_temp.decide(a, 'publish'), 'applied', 'published as it is') from thing;
select is(pg_temp.standing(author), '1 0 0 1', 'counts as accepted') from actor;
select is(pg_temp.decide(c, 'publish', '{"correction": {"base": {"attributes.name": "C"}, "patch": {"attributes.name": "Croix"}}}'), 'applied', 'published, corrected') from thing;
select is(pg_temp.standing(author), '1 1 0 0', 'counts as corrected') from actor;
select is(pg_temp.decide(d, 'reject'), 'applied', 'refused') from thing;
select is(pg_temp.standing(author), '1 1 1 0', 'counts as refused') from actor;
select is(pg_temp.decide(d, 'restore'), 'applied', 'a refusal taken back') from thing;
select is(pg_temp.standing(author), '1 1 0 0', 'counts no more') from actor;
select is((select string_agg(kind || ' ' || decision || ' ' || coalesce(outcome, '-'), ', ' order by id) from app.decisions where point_id = a), 'new to_complete -, new publish accepted', 'each decision is noted') from thing;
select ok((select bool_and(waited >= interval '0') from app.decisions where kind = 'new'), 'with how long it waited');

-- An edit beside a published point.
select is(tests.said(tests.push(other, tests.mutation('edit', a, jsonb_build_object('base_rev', 3, 'base', jsonb_build_object('attributes.name', 'Lavoir du pré', 'geom', tests.geom()),
  'patch', jsonb_build_object('attributes.name', null, 'attributes.description', 'Sous le pont', 'geom', tests.geom(2.1005))), edit))), 'pending', 'an edit') from actor, thing;
select is(tests.said(tests.push(coordinator, tests.mutation('edit', a, '{"base_rev": 2, "base": {"attributes.name": "Lavoir du pré"}, "patch": {"attributes.name": "Grand lavoir"}}'))), 'merged', 'the point changes meanwhile') from actor, thing;
create temp table proposed as select pg_temp.review(a, jsonb_build_object('revision_id', edit)) as r from thing;
select is((select jsonb_agg(c - 'before' - 'after') from proposed, jsonb_array_elements(r -> 'changes') as c),
  '[{"path": "attributes.description", "change": "added"}, {"path": "attributes.name", "change": "removed", "now": "Grand lavoir"}, {"path": "geom", "change": "changed"}]', 'field by field, with what it says now');
select ok((r #>> '{moved,distance_m}')::numeric between 39 and 42, 'and how far it moves') from proposed;
select is(pg_temp.call(other, 'moderation_review', jsonb_build_object('point_id', a)), '"PT403 not_allowed"', 'who proposed it reviews nothing') from actor, thing;
select is(pg_temp.decide(a, 'publish', jsonb_build_object('revision_id', edit, 'fields', '["geom"]'::jsonb)), 'applied', 'part of it') from thing;
select is(pg_temp.standing(other), '0 1 0 0', 'is a correction') from actor;

-- Undoing a merge gives the survivor its values back.
select is(pg_temp.decide(b, 'publish'), 'applied', 'a twin') from thing;
select is(pg_temp.decide(b, 'duplicate', jsonb_build_object('duplicate_of', a, 'keep', '{"attributes.name": "this"}'::jsonb)), 'applied', 'is merged') from thing;
select is(tests.attributes(a) ->> 'name', 'Le lavoir', 'its name taken over') from thing;
select is(pg_temp.decide(b, 'restore'), 'applied', 'the merge is undone') from thing;
select is(tests.attributes(a) ->> 'name', 'Grand lavoir', 'and the name is back') from thing;

-- Templates and reasons.
select is(pg_temp.call(moderator, 'template_set', '{"theme": "heritage", "label": "Photo", "text": "Merci d’ajouter une photo."}'), '"PT403 not_allowed"', 'a moderator writes no template') from actor;
create temp table template as select pg_temp.call(coordinator, 'template_set', '{"theme": "heritage", "decision": "to_complete", "reason": "photo_missing", "label": "Photo", "text": "Merci d’ajouter une photo."}') as r from actor;
select is(pg_temp.call(moderator, 'moderation_templates', '{}') #>> '{templates,0,label}', 'Photo', 'a coordinator does, the group reads it') from actor;
select is(pg_temp.call(coordinator, 'template_set', r || '{"remove": true}') -> 'id', 'null', 'and takes it away') from actor, template;
select is(pg_temp.call(coordinator, 'reasons_set', '{"theme": "heritage", "reasons": [{"code": "too_new", "labels": {"fr": "Trop récent"}}]}') -> 'known' ? 'photo_missing', true, 'reasons of a theme are added to those of the contract') from actor;
select is(pg_temp.decide(d, 'reject', '{"reason": "too_new"}'), 'applied', 'and serve') from thing;
select is(pg_temp.call(coordinator, 'reasons_set', '{"theme": "lighting", "reasons": []}'), '"PT403 not_allowed"', 'of one''s own group') from actor;
-- One's own is told before anything is tried.
create temp table own as select tests.point('heritage', 2.31, 43.6, 'published', 'lavoir', moderator) as known, tests.point('heritage', 2.32, 43.6, 'submitted', 'lavoir', moderator, '{"name": "N"}') as new,
  tests.point('heritage', 2.33, 43.6, 'published', 'lavoir', other) as shown from actor;
select is(pg_temp.review(known) -> 'may_decide', 'false', 'one''s own published point, where nothing waits') from own;
select is(pg_temp.decide(known, 'archive'), 'rejected own_contribution', 'as the server holds it') from own;
select is(pg_temp.review(new) -> 'may_decide', 'false', 'one''s own new point') from own;
select is(pg_temp.review(shown) -> 'may_decide', 'true', 'not the published point of another') from own;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence, created_at)
select gen_random_uuid(), shown, who, gen_random_uuid() || '.jpg', repeat('a', 64), 1, 1, 1, 'x', now() + n * interval '1 second'
from own, actor, unnest(array[other, moderator]) with ordinality as taken (who, n);
select is(pg_temp.review(shown) -> 'may_decide', 'false', 'photos of which one is one''s own') from own;
update app.themes set settings = settings || '{"may_decide_own": true}' where id = 'heritage';
select is(jsonb_build_array(pg_temp.review(known) -> 'may_decide', pg_temp.review(new) -> 'may_decide', pg_temp.review(shown) -> 'may_decide'), '[true, true, true]', 'unless the theme lets people') from own;
select is(pg_temp.decide(known, 'archive'), 'applied', 'which the server holds too') from own;

select * from finish();
rollback;
