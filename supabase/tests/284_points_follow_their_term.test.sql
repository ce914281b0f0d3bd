-- Points follow a term that is merged, come back when that is undone; phones with the former term meet no conflict; words from the field are answered.
begin;
set local search_path = public, extensions;
select plan(58);

create temp table actor as select tests.user('coordinator@test') as coordinator, tests.user('moderator@test') as moderator, tests.user('author@test') as author;
grant select on actor to authenticated;
select tests.member(coordinator, 'heritage', 'coordinator'), tests.member(moderator, 'heritage', 'moderator') from actor;
create function pg_temp.call(who uuid, fn text, p jsonb) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  execute format('select public.%I($1)::jsonb', fn) using p into answer;
  perform tests.as_owner();
  return answer;
exception when others then
  perform tests.as_owner();
  return to_jsonb(sqlstate || ' ' || sqlerrm);
end; $$;
create function pg_temp.edit(action text, args jsonb) returns jsonb language sql as $$
  select pg_temp.call(coordinator, 'thesaurus_edit', jsonb_build_object('id', gen_random_uuid(), 'scheme', 'petit-patrimoine', 'action', action) || args) from actor;
$$;
create function pg_temp.undo(edit jsonb) returns jsonb language sql as $$
  select pg_temp.call(coordinator, 'thesaurus_undo', jsonb_build_object('edit', edit #>> '{edit,id}')) from actor;
$$;
create function pg_temp.work() returns text language plpgsql as $$
begin
  for n in 1..6 loop
    update app.jobs set run_after = now() where kind = 'remap' and done_at is null and id not in (select id from app.jobs where kind = 'remap' order by id limit n - 1);
    perform private.run_own_jobs();
  end loop;
  return (select string_agg(concat_ws(' ', kind, case when done_at is null then 'waits' else 'done' end, last_error), ', ' order by id) from app.jobs where kind = 'remap');
end; $$;
create function pg_temp.desk() returns jsonb language sql as $$ select pg_temp.call(coordinator, 'thesaurus_desk', '{"scheme": "petit-patrimoine"}') from actor; $$;
create function pg_temp.concepts(ids uuid[]) returns text language sql as $$
  select string_agg(distinct concept, ',' order by concept) from app.points where id = any (ids);
$$;

-- Merge.
create temp table before as select * from app.concepts;
create temp table thing as select
  array(select tests.point('heritage', 2.1 + n / 1000.0, 43.6, concept => 'croix-mission', author => author, attributes => '{"name": "Croix"}') from generate_series(1, 130) as n) as crosses,
  tests.point('heritage', 2.5, 43.6, concept => 'lavoir', author => author) as wash_house,
  tests.point('heritage', 2.6, 43.6, 'withdrawn', concept => 'croix-mission', author => author) as withdrawn from actor;
create temp table below as select pg_temp.edit('create', '{"concept": {"id": "croix-mission-petite", "labels": {"fr": "Petite croix de mission"}, "broader": "croix-mission", "related": ["lavoir"]}}') as e;
select is(pg_temp.edit('merge', '{"concept": "croix-mission", "into": "croix", "dry": true}') ->> 'points', '131', 'what would move is told before') from below;
create temp table merged as select pg_temp.edit('merge', '{"concept": "croix-mission", "into": "croix"}') as e;
select is(e ->> 'points', '131', 'as many move') from merged;
select is((select (status, replaced_by)::text from app.concepts where id = 'croix-mission'), '(deprecated,croix)', 'the term leads to the other') from merged;
select ok((select alt -> 'fr' ? (select labels ->> 'fr' from app.concepts where id = 'croix-mission') from app.concepts where id = 'croix'), 'which answers to its name');
select is((select broader from app.concepts where id = 'croix-mission-petite'), 'croix', 'what lay below it lies below that');
select is(pg_temp.edit('merge', '{"concept": "croix-mission", "into": "croix"}'), '"PT409 concept_moved"', 'once');
select is(pg_temp.edit('merge', '{"concept": "croix", "into": "croix"}'), '"PT400 invalid_argument"', 'not into itself');
select is(pg_temp.edit('merge', '{"concept": "croix", "into": "licorne"}'), '"PT404 unknown_concept"', 'nor into nothing');
select is(pg_temp.concepts(crosses), 'croix-mission', 'points follow in the background') from thing;
select is(tests.said(tests.push(moderator, tests.mutation('edit', crosses[6], '{"base_rev": 1, "base": {"concept": "croix-mission"}, "patch": {"concept": "fontaine"}}'))), 'applied', 'an edit of one that has not moved yet meets no conflict') from actor, thing;
select tests.push(moderator, tests.mutation('edit', crosses[6], '{"base_rev": 2, "base": {"concept": "fontaine"}, "patch": {"concept": "croix-mission"}}')) from actor, thing;
select is((select concept from app.points, thing where id = crosses[6]), 'croix', 'and one that names the former term is kept under the one of today');
select is(pg_temp.desk() #> '{edits,0,remap}', '{"done": 0, "total": 131, "until": true}', 'how far they are is told');
select is((select count(*)::int from app.jobs where kind = 'remap' and done_at is null), 1, 'one job carries them');
create temp table asked as select (public.worker_take('{}') -> 'jobs') as jobs;
select ok(not jobs @> '[{"kind": "remap"}]', 'which is never handed to the worker') from asked;
select is(pg_temp.concepts(crosses || withdrawn), 'croix', 'they are there, whatever their state') from thing;
select is(pg_temp.concepts(array[wash_house]), 'lavoir', 'and no other') from thing;
select is((select count(*)::int from app.events where action = 'remap' and actor is null and actor_kind = 'system' and diff -> 'concept' = '["croix-mission", "croix"]'), 130, 'the history of each says so, as nobody''s edit');
select is((select rev from app.points, thing where id = crosses[1]), 2, 'as a change of content');
select ok(exists (select from app.changes, thing where point_id = crosses[1]), 'that devices are told');
select is((select string_agg(distinct status, ',') from app.points, thing where id = any (crosses)), 'published', 'which changes no state');
select is(pg_temp.work(), 'remap waits', 'a last look comes when no push can still be writing the former term');
select ok(run_after <= now() + interval '5 seconds', 'and whoever takes the edit back does not wait for it') from app.jobs where kind = 'remap';

-- A push that began before the merge wrote with the former term, after the points were moved.
update app.points set concept = 'croix-mission' from thing where id = crosses[2];
select is(pg_temp.work(), 'remap waits', 'what comes late') from thing;
select is(pg_temp.concepts(crosses), 'croix', 'is moved too') from thing;
update app.thesaurus_edits set remap_until = now() where remap_until is not null;
select is(pg_temp.work(), 'remap done', 'then it is over');
select is(pg_temp.desk() #> '{edits,0,remap}', '{"done": 130, "total": 131, "until": false}', 'and told so');

-- A phone that has been away.
create temp table pushed as select gen_random_uuid() as made, tests.push(author,
  tests.mutation('edit', crosses[3], '{"base_rev": 1, "base": {"concept": "croix-mission", "attributes.name": "Croix"}, "patch": {"concept": "calvaire", "attributes.name": "Grande croix"}}')) as said from actor, thing;
select is(tests.said(said), 'pending', 'its edit of the term meets no conflict: what it saw and what is there mean the same') from pushed;
select is(tests.said(tests.push(author, tests.mutation('edit', crosses[4], '{"base_rev": 1, "base": {"attributes.name": "Croix"}, "patch": {"attributes.name": "Croix blanche"}}'))), 'pending', 'nor one of the name') from actor, thing;
select is(tests.said(tests.push(author, tests.mutation('create', made, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(), 'concept', 'croix-mission'))))), 'applied', 'a capture with the former term arrives') from actor, pushed;
select is((select concept from app.points, pushed where id = made), 'croix', 'under the one that replaced it');
-- A revision that waited since before the merge.
insert into app.revisions (id, point_id, author, base_rev, base, patch, captured_at)
select '00000000-0000-4000-8000-0000000000aa', wash_house, author, 1, '{"concept": "lavoir"}', '{"concept": "croix-mission"}', now() from actor, thing;
select is(tests.said(tests.push(moderator, tests.mutation('decide', wash_house, '{"decision": "publish", "revision_id": "00000000-0000-4000-8000-0000000000aa", "seen_rev": 1}'))), 'applied', 'one that waited is published') from actor, thing;
select is((select concept from app.points, thing where id = wash_house), 'croix', 'with the term of today');

-- Undone.
update app.points set concept = 'calvaire' from thing where id = crosses[5];
create temp table undone as select pg_temp.undo(e) as e from merged;
select is(e #>> '{edit,state}', 'undone', 'the merge is taken back') from undone;
select is((select status from app.concepts where id = 'croix-mission'), 'accepted', 'the term is used again');
select is((select broader from app.concepts where id = 'croix-mission-petite'), 'croix-mission', 'with what lay below it');
select is((select private.concept_row(c) - 'position' from app.concepts as c where id = 'croix'), (select private.concept_row(c::app.concepts) - 'position' from (select * from before where id = 'croix') as c), 'and the other says what it said');
select is(pg_temp.work(), 'remap done, remap done', 'points come back');
select is((select string_agg(concept || ' ' || n, ', ' order by concept) from (select concept, count(*) as n from app.points, thing where id = any (crosses || withdrawn) group by concept) as c),
  'calvaire 1, croix 1, croix-mission 129', 'but one that somebody had put elsewhere') from undone;
select is((select concept from app.points, pushed where id = made), 'croix', 'what arrived meanwhile stays where it arrived');
select is((select concept from app.points, thing where id = wash_house), 'croix', 'and so does what was decided');

-- Two merges in a row: the first is not undone under the second.
create temp table first_merge as select pg_temp.edit('merge', '{"concept": "croix-mission", "into": "croix"}') as e;
create temp table second_merge as select pg_temp.edit('merge', '{"concept": "croix", "into": "calvaire"}') as e from first_merge;
select is(pg_temp.undo(first_merge.e), '"PT409 built_upon"', 'what was merged further stays merged') from first_merge, second_merge;
select is(private.current_concept('croix-mission'), 'calvaire', 'the former term leads to the end') from second_merge;

-- Words from the field.
create temp table word as select gen_random_uuid() as id, gen_random_uuid() as other, gen_random_uuid() as point, gen_random_uuid() as point2;
select tests.push(author,
  tests.mutation('create', point, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(), 'concept', 'autre'))),
  tests.mutation('propose_term', point, '{"scheme": "petit-patrimoine", "text": "cabane à outils", "lang": "fr"}', id)) from actor, word;
select tests.push(author,
  tests.mutation('create', point2, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(2.2), 'concept', 'autre'))),
  tests.mutation('propose_term', point2, '{"scheme": "petit-patrimoine", "text": "Cabane  à outils", "lang": "fr"}', other)) from actor, word;
update app.profiles set digest = 'daily' from actor where user_id = author;
select is((select jsonb_path_query_array(pg_temp.desk(), '$.proposals[*].count') from word), '[2]', 'words that say the same are one, with who waits');
select is(pg_temp.call(moderator, 'thesaurus_answer', jsonb_build_object('ids', jsonb_build_array(id), 'as', 'refused', 'reason', 'x')), '"PT403 not_allowed"', 'a moderator does not answer') from actor, word;
select is(pg_temp.call(coordinator, 'thesaurus_answer', jsonb_build_object('ids', jsonb_build_array(id), 'as', 'refused')), '"PT400 reason_required"', 'a refusal says why') from actor, word;
create temp table answered as select pg_temp.call(coordinator, 'thesaurus_answer', jsonb_build_object('ids', jsonb_build_array(id, other), 'as', 'new', 'concept', '{"labels": {"fr": "Cabane à outils"}}'::jsonb)) as a from actor, word;
select is(a - 'edit', '{"points": 2, "concept": "cabane-a-outils"}', 'a new term, and the points that waited are under it') from answered;
select is(pg_temp.concepts(array[point, point2]), 'cabane-a-outils', 'at once') from word;
select is((select array_agg(distinct state || ' ' || concept) from app.term_proposals, word where term_proposals.id in (word.id, other)), '{"accepted cabane-a-outils"}', 'who proposed reads it');
select is((select array_agg(subject) from app.mails where kind = 'decision'), '{"Le mot que vous avez proposé : cabane à outils"}', 'and is written to, once');
select is(pg_temp.call(coordinator, 'thesaurus_answer', jsonb_build_object('ids', jsonb_build_array(id, other), 'as', 'new', 'concept', '{"labels": {"fr": "Cabane à outils"}}'::jsonb)),
  '{"edit": null, "points": 0, "concept": "cabane-a-outils"}', 'sent twice it is one answer') from actor, word;
select is(pg_temp.call(coordinator, 'thesaurus_answer', jsonb_build_object('ids', jsonb_build_array(id), 'as', 'refused', 'reason', 'x')), '"PT409 already_answered"', 'and no other') from actor, word;
select is(pg_temp.call(coordinator, 'thesaurus_undo', jsonb_build_object('edit', a ->> 'edit')) #>> '{edit,state}', 'undone', 'it is taken back') from actor, answered;
select matches(pg_temp.work(), 'remap (done|waits)$', 'the points too');
select is(pg_temp.concepts(array[point, point2]), 'autre', 'which wait again') from word;
select is((select jsonb_path_query_array(pg_temp.desk(), '$.proposals[*].count') from word), '[2]', 'as the words do');

-- What a phone fetches after a release: the terms that changed, and no other.
create temp table fetched as select pg_temp.call(author, 'thesaurus', '{}') ->> 'rev' as rev from actor;
create temp table edited as select pg_temp.edit('change', jsonb_build_object('concept', c.id, 'fields', jsonb_build_object('scope_note.en', jsonb_build_object('from', null, 'to', 'A thing of stone, of some age.')))) as e
from (select id from app.concepts where scheme = 'petit-patrimoine' and status = 'accepted' and not scope_note ? 'en' order by id limit 24) as c;
select is((select string_agg(distinct coalesce(e #>> '{edit,state}', e #>> '{}'), ',') from edited), 'applied', 'two dozen terms are edited');
create temp table news as select pg_temp.call(author, 'thesaurus', jsonb_build_object('since', rev)) as n from actor, fetched;
select is((select count(*)::int from jsonb_array_elements(n -> 'concepts') as c where c #>> '{scope_note,en}' like 'A thing%'), 24, 'a phone fetches the two dozen terms of a release') from news;
select cmp_ok((select octet_length((jsonb_agg(c))::text) from jsonb_array_elements(n -> 'concepts') as c where c #>> '{scope_note,en}' like 'A thing%'), '<', 20000, 'in less than 20 kB') from news;
select * from finish();
rollback;
