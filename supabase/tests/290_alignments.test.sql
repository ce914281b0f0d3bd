-- What the values of other databases mean: kept as it is decided, by those who look after the vocabulary alone.
begin;
set local search_path = public, extensions;
select plan(41);

create temp table actor as select tests.user('coordinator@test') as coordinator, tests.user('moderator@test') as moderator, tests.user('other@test') as other,
  tests.user('part@test') as part, tests.user('volunteer@test') as volunteer;
select tests.member(coordinator, 'heritage', 'coordinator'), tests.member(moderator, 'heritage', 'moderator'), tests.member(other, 'lighting', 'coordinator'),
  tests.member(part, 'heritage', 'moderator', '{34}') from actor;
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
create function pg_temp.align(who uuid, decisions jsonb, over jsonb default '{}') returns jsonb language sql as $$
  select pg_temp.call(who, 'thesaurus_align', '{"scheme": "petit-patrimoine", "source": "CAUE 2004"}' || jsonb_build_object('decisions', decisions) || over);
$$;
create function pg_temp.read(who uuid, over jsonb default '{}') returns jsonb language sql as $$
  select pg_temp.call(who, 'thesaurus_alignments', '{"scheme": "petit-patrimoine", "source": "CAUE 2004"}' || over);
$$;
create function pg_temp.said(over jsonb default '{}') returns jsonb language sql as $$
  select jsonb_agg(d - 'at' order by d ->> 'source', d ->> 'value') from actor, jsonb_array_elements(pg_temp.read(coordinator, over) -> 'decisions') as d;
$$;

-- Who.
select is(pg_temp.align(null, '[]'), '"PT401 auth_required"', 'nobody decides without account');
select is(pg_temp.read(null), '"PT401 auth_required"', 'nor reads');
select is(pg_temp.align(volunteer, '[]'), '"PT403 not_allowed"', 'nor a volunteer') from actor;
select is(pg_temp.read(volunteer), '"PT403 not_allowed"', 'nor reads') from actor;
select is(pg_temp.align(other, '[]'), '"PT403 not_allowed"', 'nor another group') from actor;
select is(pg_temp.read(other), '"PT403 not_allowed"', 'nor reads') from actor;
select is(pg_temp.align(coordinator, '[]', '{"scheme": "licorne"}'), '"PT404 unknown_scheme"', 'a vocabulary that is none') from actor;
select is(pg_temp.read(coordinator, '{"scheme": "licorne"}'), '"PT404 unknown_scheme"', 'nor is there anything to read') from actor;
select is(pg_temp.read(coordinator), '{"decisions": [], "sources": [], "words": []}', 'nothing to begin with') from actor;

-- What.
select is(pg_temp.align(coordinator, '[{"value": " Lavoirs ", "concept": "lavoir"}, {"value": "Divers", "concept": null}]'), '{"changed": 2}', 'a concept, and none of them') from actor;
select is(pg_temp.said(), '[{"source": "CAUE 2004", "value": "Divers", "concept": null}, {"source": "CAUE 2004", "value": "Lavoirs", "concept": "lavoir"}]', 'are read again');
select is((select folded from app.alignments where value = 'Lavoirs'), 'lavoirs', 'folded');
select is((select decided_by from app.alignments where value = 'Lavoirs'), coordinator, 'with who decided') from actor;
update app.alignments set decided_at = '2026-01-01';
select is(pg_temp.align(moderator, '[{"value": "Lavoirs", "concept": "lavoir"}, {"value": "Divers", "concept": null}]'), '{"changed": 0}', 'again changes nothing') from actor;
select is((select array_agg(distinct decided_at::date::text) from app.alignments), '{2026-01-01}', 'nor when it was decided');
select is(pg_temp.align(part, '[{"value": "Divers", "concept": "croix"}]'), '{"changed": 1}', 'a moderator of a part changes a decision') from actor;
select is((select decided_by from app.alignments where value = 'Divers'), part, 'in their name') from actor;
select is(pg_temp.align(moderator, '[{"value": "Puit", "concept": "croix"}, {"value": "Puit", "concept": "puits"}]'), '{"changed": 1}', 'said twice') from actor;
select is(pg_temp.said() -> 2 ->> 'concept', 'puits', 'the last holds');
select is(pg_temp.align(moderator, '[{"value": "Puit", "forget": true}, {"value": "Never seen", "forget": true}]'), '{"changed": 1}', 'taken back') from actor;
select is(jsonb_array_length(pg_temp.said()), 2, 'it is not there any more');

-- Other sources.
select is(pg_temp.align(moderator, '[{"value": "Lavoirs", "concept": "fontaine"}]', '{"source": "Pays Cathare"}'), '{"changed": 1}', 'another source says otherwise') from actor;
select is(jsonb_path_query_array(pg_temp.said('{"source": null}'), '$[*].source'), '["CAUE 2004", "CAUE 2004", "Pays Cathare"]', 'all are read');
update app.alignments set decided_at = '2026-01-02' where source = 'CAUE 2004';
select is(jsonb_path_query_array(pg_temp.read(coordinator), '$.sources[*].source'), '["Pays Cathare", "CAUE 2004"]', 'sources are listed, the latest first') from actor;
select is(pg_temp.said('{"scheme": "petit-patrimoine", "source": "Pays Cathare"}'), pg_temp.said(), 'the others help whichever is asked for');

-- A concept that is no longer used.
update app.concepts set status = 'deprecated', replaced_by = 'puits' where id = 'puits-couvert';
update app.concepts set status = 'deprecated' where id = 'croix-discoidale';
select is(pg_temp.align(moderator, '[{"value": "Couvert", "concept": "puits-couvert"}]'), '{"changed": 1}', 'an old concept') from actor;
select is((select concept from app.alignments where value = 'Couvert'), 'puits', 'is kept as what replaced it');
select is(pg_temp.align(moderator, '[{"value": "Disque", "concept": "croix-discoidale"}]'), '"PT404 unknown_concept"', 'nothing replaced this one') from actor;
update app.concepts set status = 'deprecated', replaced_by = 'lavoir' where id = 'croix';
select is((select d ->> 'concept' from jsonb_array_elements(pg_temp.said()) as d where d ->> 'value' = 'Divers'), 'lavoir', 'decided before, it is read as what replaced it since');
update app.concepts set replaced_by = null where id = 'croix';
select is((select count(*)::int from jsonb_array_elements(pg_temp.said()) as d where d ->> 'value' = 'Divers'), 0, 'replaced by nothing, it is to be decided again');

-- Bad input: nothing is written.
select is(pg_temp.align(moderator, '[{"value": "Bon", "concept": "lavoir"}, {"value": "Licorne", "concept": "licorne"}]'), '"PT404 unknown_concept"', 'a concept that is none') from actor;
select is(pg_temp.align(moderator, '[{"value": "Mât", "concept": "lampadaire"}]'), '"PT404 unknown_concept"', 'a concept of another vocabulary') from actor;
select is(pg_temp.align(moderator, '[{"value": "Silence"}]'), '"PT400 invalid_argument"', 'silence is not none of them') from actor;
select is(pg_temp.align(moderator, '[{"value": "  ", "concept": "lavoir"}]'), '"PT400 invalid_argument"', 'a blank value') from actor;
select is(pg_temp.align(moderator, jsonb_build_array(jsonb_build_object('value', repeat('x', 201), 'concept', null))), '"PT400 invalid_argument"', 'a value without end') from actor;
select is(pg_temp.align(moderator, '[{"value": "x", "concept": 3}]'), '"PT400 invalid_argument"', 'a number is no concept') from actor;
select is(pg_temp.align(moderator, '[]', '{"source": " "}'), '"PT400 invalid_argument"', 'a source without name') from actor;
select is(pg_temp.align(moderator, '[]', '{"source": null}'), '"PT400 invalid_argument"', 'no source') from actor;
select is(pg_temp.align(moderator, (select jsonb_agg(jsonb_build_object('value', n::text, 'concept', null)) from generate_series(1, 1001) as n)), '"PT400 invalid_argument"', 'more than 1 000 at once') from actor;
select is((select count(*)::int from app.alignments), 4, 'nothing of it was written');

delete from app.profiles where user_id = (select coordinator from actor);
select is((select count(*)::int from app.alignments where decided_by is null), 1, 'a person who goes leaves their decisions');
select * from finish();
rollback;
