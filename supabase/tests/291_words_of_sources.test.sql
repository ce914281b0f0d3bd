-- Words of other databases that the vocabulary lacks: proposed like those of the field, without a point.
begin;
set local search_path = public, extensions;
select plan(28);

create temp table actor as select tests.user('coordinator@test') as coordinator, tests.user('moderator@test') as moderator, tests.user('other@test') as other,
  tests.user('volunteer@test') as volunteer, gen_random_uuid() as point;
grant select on actor to authenticated;
select tests.member(coordinator, 'heritage', 'coordinator'), tests.member(moderator, 'heritage', 'moderator'), tests.member(other, 'lighting', 'coordinator') from actor;
create function pg_temp.call(who uuid, fn text, p jsonb) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  if who is null then
    perform tests.as_anon();
  else
    perform tests.as_user(who);
  end if;
  execute format('select public.%I($1)::jsonb', fn) using p into answer;
  perform tests.as_owner();
  return answer;
exception when others then
  perform tests.as_owner();
  return to_jsonb(sqlstate || ' ' || sqlerrm);
end; $$;
create function pg_temp.propose(who uuid, terms jsonb, over jsonb default '{}') returns jsonb language sql as $$
  select pg_temp.call(who, 'thesaurus_propose', '{"scheme": "petit-patrimoine", "source": "CAUE 2004"}' || jsonb_build_object('terms', terms) || over);
$$;
create function pg_temp.words(over jsonb default '{}') returns jsonb language sql as $$
  select pg_temp.call(coordinator, 'thesaurus_alignments', '{"scheme": "petit-patrimoine", "source": "CAUE 2004"}' || over) -> 'words' from actor;
$$;

select is(pg_temp.propose(null, '[]'), '"PT401 auth_required"', 'nobody proposes without account');
select is(pg_temp.propose(volunteer, '[]'), '"PT403 not_allowed"', 'nor a volunteer, whose words come with a point') from actor;
select is(pg_temp.propose(other, '[]'), '"PT403 not_allowed"', 'nor another group') from actor;
select is(pg_temp.propose(moderator, '[]', '{"scheme": "licorne"}'), '"PT404 unknown_scheme"', 'nor for a vocabulary that is none') from actor;
select is(pg_temp.propose(moderator, '[{"text": " Travail à bœuf ", "lang": "fr", "count": 12, "note": " métal "}, {"text": "Gargouille", "lang": "fr"}]') #>> '{words,0,text}',
  'Gargouille', 'a moderator does') from actor;
select is((select jsonb_agg(jsonb_build_array(text, lang, note, uses, origin, point_id, state) order by text) from app.term_proposals),
  '[["Gargouille", "fr", null, 1, "CAUE 2004", null, "proposed"], ["Travail à bœuf", "fr", "métal", 12, "CAUE 2004", null, "proposed"]]', 'with how often it is used');
select is((select distinct user_id from app.term_proposals), moderator, 'in their name') from actor;
select is(jsonb_array_length(pg_temp.propose(coordinator, '[{"text": "TRAVAIL A BOEUF", "lang": "fr", "count": 15}, {"text": "travail à bœuf", "lang": "fr", "count": 14}]') -> 'words'), 1,
  'the same word again, in whatever letters') from actor;
select is((select count(*)::int from app.term_proposals), 2, 'waits once');
select is((select array[text, uses::text, note] from app.term_proposals where uses > 1), '{Travail à bœuf,14,métal}', 'with its latest count, as it was first written');
select is(jsonb_array_length(pg_temp.propose(moderator, '[{"text": "Gargouille", "lang": "fr"}]', '{"source": "Pays Cathare"}') -> 'words'), 1, 'another source proposes it as well') from actor;
select is((select count(*)::int from app.term_proposals), 3, 'which is counted apart');
select is(pg_temp.words(), '[{"text": "Gargouille", "state": "proposed", "concept": null}, {"text": "Travail à bœuf", "state": "proposed", "concept": null}]', 'who comes back finds them');

-- Answered.
update app.term_proposals set state = 'accepted', concept = 'lavoir' where origin = 'CAUE 2004' and text = 'Gargouille';
update app.term_proposals set state = 'refused' where uses > 1;
select is(pg_temp.words(), '[{"text": "Gargouille", "state": "accepted", "concept": "lavoir"}, {"text": "Travail à bœuf", "state": "refused", "concept": null}]', 'with what became of them');
select is(jsonb_array_length(pg_temp.propose(moderator, '[{"text": "Travail à bœuf", "lang": "fr"}]') -> 'words'), 1, 'a refused word may be proposed again') from actor;
select is(pg_temp.words() #>> '{1,state}', 'proposed', 'and waits');

-- The desk of the vocabulary lists them, those of the field beside.
select is((select jsonb_agg(x order by x) from actor, jsonb_path_query(pg_temp.call(coordinator, 'thesaurus_desk', '{"scheme": "petit-patrimoine"}'), '$.proposals[*].text') as x),
  '["Gargouille", "Travail à bœuf"]', 'the desk lists them');
select is(pg_temp.call(coordinator, 'thesaurus_answer', jsonb_build_object('ids', jsonb_build_array(w.id), 'as', 'synonym', 'concept', 'lavoir')) ->> 'points', '0',
  'an answer moves no point') from actor, app.term_proposals as w where w.state = 'proposed' and w.text = 'Travail à bœuf';
select is(pg_temp.words() #>> '{1,concept}', 'lavoir', 'and says which term it is');

-- A point shows its own words alone.
select is(tests.said(tests.push(volunteer, tests.mutation('create', point, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(), 'concept', 'autre'))),
  tests.mutation('propose_term', point, '{"scheme": "petit-patrimoine", "text": "Gargouille", "lang": "fr"}'))), 'applied, applied', 'a word from the field') from actor;
select is(jsonb_array_length(private.point_json(p, coordinator) -> 'proposed_terms'), 1, 'stands on its point alone') from actor, app.points as p where p.id = point;

-- Bad input.
select is(pg_temp.propose(moderator, '[{"text": " ", "lang": "fr"}]'), '"PT400 invalid_argument"', 'a blank word') from actor;
select is(pg_temp.propose(moderator, '[{"text": "?!", "lang": "fr"}]'), '"PT400 invalid_argument"', 'signs') from actor;
select is(pg_temp.propose(moderator, '[{"text": "x", "lang": "français"}]'), '"PT400 invalid_argument"', 'no language') from actor;
select is(pg_temp.propose(moderator, '[{"text": "x", "lang": "fr", "count": -1}]'), '"PT400 invalid_argument"', 'fewer than none') from actor;
select is(pg_temp.propose(moderator, (select jsonb_agg(jsonb_build_object('text', n::text, 'lang', 'fr')) from generate_series(1, 201) as n)), '"PT400 invalid_argument"', 'more than 200') from actor;
select throws_ok($$insert into app.term_proposals (id, scheme, text, lang, captured_at) values (gen_random_uuid(), 'petit-patrimoine', 'x', 'fr', now())$$, '23514', null, 'a word comes from somewhere');
delete from app.profiles where user_id = (select moderator from actor);
select is((select count(*)::int from app.term_proposals where origin is not null and user_id is null), 4, 'a person who goes leaves their words');
select * from finish();
rollback;
