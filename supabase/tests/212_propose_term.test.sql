begin;
set local search_path = public, extensions;
select plan(27);

create temp table actor as select tests.user('a@test') as author, tests.user('m@test') as moderator, tests.user('o@test') as other,
  tests.user('n@test', has_charter => false) as newcomer, gen_random_uuid() as point, gen_random_uuid() as term;
grant select on actor to authenticated;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create function pg_temp.propose(who uuid, fields jsonb default '{}', at uuid default null) returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('propose_term', coalesce(at, point),
    '{"scheme": "petit-patrimoine", "text": "cabane à outils", "lang": "fr"}'::jsonb || fields))) from actor;
$$;
create function pg_temp.row_for(who uuid) returns jsonb language sql as $$
  select private.point_json(p, who) from app.points as p, actor where p.id = point;
$$;

-- A capture without a name, and its word, in one call.
select is(tests.said(tests.push(author,
  tests.mutation('create', point, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(), 'concept', 'autre'))),
  tests.mutation('propose_term', point, '{"scheme": "petit-patrimoine", "text": "  cabane à outils ", "lang": "fr", "broader": "lavoir", "note": " au bord des vignes "}', term))),
  'applied, applied', 'the point and its term go together') from actor;
select is(pg_temp.row_for(author) -> 'proposed_terms' #- '{0,at}', jsonb_build_array(jsonb_build_object('mutation_id', term, 'scheme', 'petit-patrimoine',
  'text', 'cabane à outils', 'lang', 'fr', 'broader', 'lavoir', 'note', 'au bord des vignes', 'state', 'proposed', 'concept', null, 'mine', true,
  'author', null, 'reason', null)), 'its author sees it proposed') from actor;
select is(pg_temp.row_for(moderator) #>> '{proposed_terms,0,text}', 'cabane à outils', 'moderators in scope see it') from actor;
select is(pg_temp.row_for(moderator) #>> '{proposed_terms,0,mine}', 'false', 'and that it is not theirs') from actor;
select is(pg_temp.row_for(author) ->> 'concept', 'autre', 'the point waits under the holding concept') from actor;
select is(tests.rev(point), 1, 'its content has not changed') from actor;
select is((select v from app.points, actor where id = point), 2::bigint, 'its row has') from actor;
select ok(exists (select from app.changes where bucket = 'u:' || author and point_id = point), 'its author''s devices are told') from actor;

-- Exactly once.
select is(tests.said(tests.push(author, tests.mutation('propose_term', point,
  '{"scheme": "petit-patrimoine", "text": "  cabane à outils ", "lang": "fr", "broader": "lavoir", "note": " au bord des vignes "}', term))),
  'applied', 'sent again it is answered again') from actor;
select is((select count(*)::int from app.term_proposals), 1, 'and kept once');
select is(tests.said(tests.push(author, tests.mutation('propose_term', point, '{"scheme": "petit-patrimoine", "text": "autre", "lang": "fr"}', term))),
  'rejected payload_mismatch', 'the same id says nothing else') from actor;

-- What is refused.
select is(pg_temp.propose(author, '{"text": "   "}'), 'rejected invalid_patch', 'a blank word') from actor;
select is(pg_temp.propose(author, jsonb_build_object('text', repeat('é', 121))), 'rejected invalid_patch', 'more than 120 characters') from actor;
select is(pg_temp.propose(author, jsonb_build_object('text', repeat('é', 120))), 'applied', '120 characters') from actor;
select is(pg_temp.propose(author, '{"text": 3}'), 'rejected invalid_patch', 'a number') from actor;
select is(pg_temp.propose(author, '{"lang": "français"}'), 'rejected invalid_patch', 'no language') from actor;
select is(pg_temp.propose(author, '{"scheme": "eclairage"}'), 'rejected invalid_concept', 'a vocabulary of another theme') from actor;
select is(pg_temp.propose(author, '{"broader": "licorne"}'), 'rejected invalid_concept', 'under a term that is not there') from actor;
select is(pg_temp.propose(author, '{"note": {}}'), 'rejected invalid_patch', 'a note that is no text') from actor;
select is(pg_temp.propose(author, jsonb_build_object('note', repeat('n', 1001))), 'rejected invalid_patch', 'a note of more than 1 000 characters') from actor;
select is(pg_temp.propose(author, at => gen_random_uuid()), 'rejected unknown_point', 'no such point') from actor;
select is(pg_temp.propose(other), 'rejected unknown_point', 'a stranger does not know of an unpublished point') from actor;
select is(pg_temp.propose(newcomer), 'rejected charter_required', 'the charter first') from actor;

-- Published: anybody may propose a word for it, nobody else reads it.
update app.points set status = 'published' where id = (select point from actor);
select is(pg_temp.propose(other, '{"lang": "oc", "text": "cabaneta"}'), 'applied', 'a contributor who sees the point') from actor;
select is(jsonb_path_query_array(pg_temp.row_for(other), '$.proposed_terms[*].text'), '["cabaneta"]', 'sees what they proposed') from actor;
select is(pg_temp.row_for(newcomer) -> 'proposed_terms', '[]', 'somebody else sees none') from actor;
select ok(not pg_temp.row_for(null) ? 'proposed_terms' and not private.public_history_json((select p from app.points as p, actor where id = point))::text like '%cabane%',
  'the public knows nothing of it');

select * from finish();
rollback;
