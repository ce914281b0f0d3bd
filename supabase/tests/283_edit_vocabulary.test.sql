-- A vocabulary edited in the tool: who may, what each action makes of the terms, two at once, undone until a version carries it.
begin;
set local search_path = public, extensions;
select plan(77);

create temp table actor as select tests.user('coordinator@test') as coordinator, tests.user('second@test') as second, tests.user('moderator@test') as moderator,
  tests.user('part@test') as part, tests.user('other@test') as other, tests.user('nobody@test') as nobody;
select tests.member(coordinator, 'heritage', 'coordinator'), tests.member(second, 'heritage', 'coordinator'), tests.member(moderator, 'heritage', 'moderator'),
  tests.member(part, 'heritage', 'coordinator', '{34}'), tests.member(other, 'lighting', 'coordinator') from actor;
create function pg_temp.call(who uuid, fn text, p jsonb) returns jsonb language plpgsql as $$
declare answer jsonb; detail text;
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
  get stacked diagnostics detail = pg_exception_detail;
  perform tests.as_owner();
  return to_jsonb(concat_ws(' ', sqlstate, sqlerrm, case when sqlerrm in ('invalid_concept', 'concept_moved', 'built_upon') then nullif(detail, '') end));
end; $$;
create function pg_temp.edit(who uuid, action text, args jsonb) returns jsonb language sql as $$
  select pg_temp.call(who, 'thesaurus_edit', jsonb_build_object('id', gen_random_uuid(), 'scheme', 'petit-patrimoine', 'action', action) || args);
$$;
create function pg_temp.undo(who uuid, edit jsonb) returns jsonb language sql as $$
  select pg_temp.call(who, 'thesaurus_undo', jsonb_build_object('edit', edit #>> '{edit,id}'));
$$;
create function pg_temp.said(concept text) returns app.concepts language sql as $$ select c from app.concepts as c where c.id = concept; $$;

-- Who may.
select is(pg_temp.edit(null, 'create', '{"concept": {"labels": {"fr": "X"}}}'), '"PT401 auth_required"', 'nobody edits without account');
select is(pg_temp.edit(nobody, 'create', '{"concept": {"labels": {"fr": "X"}}}'), '"PT403 not_allowed"', 'nor a volunteer') from actor;
select is(pg_temp.edit(other, 'create', '{"concept": {"labels": {"fr": "X"}}}'), '"PT403 not_allowed"', 'nor another group') from actor;
select is(pg_temp.call(coordinator, 'thesaurus_edit', '{"id": "00000000-0000-4000-8000-000000000001", "scheme": "licorne", "action": "create"}'), '"PT404 unknown_scheme"', 'nor what is no vocabulary') from actor;
select is(pg_temp.call(nobody, 'thesaurus_desk', '{"scheme": "petit-patrimoine"}'), '"PT403 not_allowed"', 'nor reads the desk') from actor;
select is(pg_temp.call(null, 'thesaurus_desk', '{"scheme": "petit-patrimoine"}'), '"PT401 auth_required"', 'nor who is nobody') from actor;
select is(pg_temp.call(nobody, 'thesaurus_uses', '{"concept": "croix"}'), '"PT403 not_allowed"', 'nor how much a term is used') from actor;
select is(pg_temp.call(part, 'thesaurus_desk', '{"scheme": "petit-patrimoine"}') ->> 'role', 'propose', 'who coordinates a part proposes') from actor;
select is(pg_temp.call(coordinator, 'thesaurus_desk', '{"scheme": "petit-patrimoine"}') ->> 'role', 'decide', 'the whole group decides') from actor;
select is(pg_temp.call(moderator, 'thesaurus_decide', '{"edit": "00000000-0000-4000-8000-000000000009", "accept": true}'), '"PT404 unknown_edit"', 'what is not there is not decided') from actor;

-- Create.
create temp table made as select pg_temp.edit(coordinator, 'create', '{"concept": {"labels": {"fr": "Croix de test"}, "broader": "croix", "alt": {"fr": ["croisette"]}, "scope_note": {"fr": "Pour essayer."}}}') as e from actor;
select is(e #>> '{after,0,id}', 'croix-de-test', 'a term is made, its id from its name') from made;
select is(((pg_temp.said('croix-de-test')).broader, (pg_temp.said('croix-de-test')).scope_note)::text, '(croix,"{""fr"": ""Pour essayer.""}")', 'where and with what was said');
select is(pg_temp.edit(coordinator, 'create', '{"concept": {"labels": {"fr": "Croix de test"}}}') #>> '{after,0,id}', 'croix-de-test-2', 'another of that name has another id') from actor;
select is(pg_temp.edit(coordinator, 'create', '{"concept": {"labels": {"xx": "Y"}}}'), '"PT400 invalid_concept y : unknown_language"', 'a language is one of the four') from actor;
select is(pg_temp.edit(coordinator, 'create', '{"concept": {"labels": {"fr": ["Y"]}}}'), '"PT400 invalid_argument"', 'a label is a text') from actor;
select is(pg_temp.edit(coordinator, 'create', '{"concept": {"labels": {}}}'), '"PT400 invalid_argument"', 'a term has a name') from actor;
select is(pg_temp.edit(coordinator, 'create', '{"concept": {"labels": {"fr": "Z"}, "broader": "licorne"}}'), '"PT404 unknown_concept"', 'under a term that is there') from actor;
select is(pg_temp.edit(coordinator, 'create', '{"concept": {"labels": {"fr": "Z"}, "broader": "lampadaire"}}'), '"PT404 unknown_concept"', 'of this vocabulary') from actor;
select is((select count(*)::int from app.thesaurus_edits), 2, 'what was refused is not in the journal');
select is(pg_temp.call(coordinator, 'thesaurus_edit', jsonb_build_object('id', e #>> '{edit,id}', 'scheme', 'petit-patrimoine', 'action', 'create', 'concept', '{"labels": {"fr": "Croix de test"}}'::jsonb)) #>> '{after,0,id}',
  'croix-de-test', 'sent twice it is one edit') from actor, made;
select is(pg_temp.call(second, 'thesaurus_edit', jsonb_build_object('id', e #>> '{edit,id}', 'scheme', 'petit-patrimoine', 'action', 'create')), '"PT409 id_taken"', 'of its author') from actor, made;

-- Change, by two.
create temp table renamed as select pg_temp.edit(coordinator, 'change', '{"concept": "croix-de-test", "fields": {"labels.fr": {"from": "Croix de test", "to": "Croix d’essai"}, "alt.fr": {"from": ["croisette"], "to": ["croisette", "petite croix"]}}}') as e from actor;
select is((pg_temp.said('croix-de-test')).labels, '{"fr": "Croix d’essai"}', 'renamed') from renamed;
select is(pg_temp.edit(second, 'change', '{"concept": "croix-de-test", "fields": {"labels.fr": {"from": "Croix de test", "to": "Croix à nous"}}}'),
  '"PT409 concept_moved {\"now\": \"Croix d’essai\", \"field\": \"labels.fr\", \"concept\": \"croix-de-test\"}"', 'who saw the former name is told the new one') from actor;
select is(pg_temp.edit(second, 'change', '{"concept": "croix-de-test", "fields": {"alt.fr": {"from": ["croisette"], "to": ["croix menue"]}, "definition.fr": {"from": null, "to": "Une croix."}}}') #> '{after,0,alt}',
  '{"fr": ["petite croix", "croix menue"]}', 'lists that two change at once merge, other fields do not meet') from actor;
select is(pg_temp.edit(second, 'change', '{"concept": "croix-de-test", "fields": {"labels.fr": {"from": "Croix de test", "to": "Croix d’essai"}}}') #>> '{edit,state}', 'applied', 'what says what is there is no conflict') from actor;
select is(pg_temp.edit(coordinator, 'change', '{"concept": "croix-de-test", "fields": {"status": {"from": "accepted", "to": "deprecated"}}}'), '"PT400 invalid_argument"', 'a field that is not to be written is not') from actor;
select is(pg_temp.edit(coordinator, 'change', '{"concept": "croix-de-test", "fields": {"labels.fr": {"from": "Croix d’essai", "to": null}}}'), '"PT400 invalid_concept croix-de-test : no_label"', 'nor the only name taken away') from actor;
select is(pg_temp.edit(coordinator, 'change', '{"concept": "croix-de-test", "fields": {"alt.fr": {"from": [], "to": ["Croix d’essai"]}}}'), '"PT400 invalid_concept croix-de-test : labels_meet"', 'nor one said twice') from actor;
select is(pg_temp.edit(coordinator, 'change', '{"concept": "croix-de-test", "fields": {"matches.exact": {"from": [], "to": ["osm:historic=wayside_cross"]}, "related": {"from": [], "to": ["licorne"]}}}'),
  '"PT400 invalid_concept croix-de-test : dangling_related"', 'nor related to nothing') from actor;

-- Move.
select is(pg_temp.edit(coordinator, 'move', '{"concept": "croix", "from": null, "broader": "croix-de-test"}') #>> '{}' like 'PT4%', true, 'no term lies under itself') from actor;
select is(pg_temp.edit(coordinator, 'move', '{"concept": "croix-de-test", "from": "lavoir", "broader": "fontaine"}'),
  '"PT409 concept_moved {\"now\": \"croix\", \"field\": \"broader\", \"concept\": \"croix-de-test\"}"', 'who saw it elsewhere is told where it is') from actor;
create temp table moved as select pg_temp.edit(coordinator, 'move', '{"concept": "croix-de-test", "from": "croix", "broader": "fontaine"}') as e from actor;
select is((pg_temp.said('croix-de-test')).broader, 'fontaine', 'moved') from moved;

-- Undone.
select is(pg_temp.undo(moderator, e), '"PT403 not_allowed"', 'a moderator undoes nothing of the coordination') from actor, moved;
select is(pg_temp.undo(second, e) #>> '{edit,state}', 'undone', 'another coordinator does') from actor, moved;
select is((pg_temp.said('croix-de-test')).broader, 'croix', 'it is back') from moved;
select is(pg_temp.undo(second, e) #>> '{edit,state}', 'undone', 'pressed twice it is undone once') from actor, moved;
select is(pg_temp.undo(coordinator, e), '"PT409 built_upon croix-de-test : alt"', 'what somebody went on from is not undone') from actor, renamed;
select is(pg_temp.undo(coordinator, e) #>> '{}' like 'PT409 built_upon%', true, 'nor the making of a term that was changed since') from actor, made;

-- Proposed by a moderator.
create temp table proposed as select pg_temp.edit(moderator, 'create', '{"concept": {"labels": {"fr": "Puits de lumière"}}, "note": "On en voit partout."}') as e from actor;
select is(e #>> '{edit,state}', 'proposed', 'what a moderator writes waits') from proposed;
select is(e #>> '{after,0,id}', 'puits-de-lumiere', 'with what it would be') from proposed;
select ok((pg_temp.said('puits-de-lumiere')).id is null, 'and nothing is there yet') from proposed;
select is(pg_temp.call(moderator, 'thesaurus_decide', jsonb_build_object('edit', e #>> '{edit,id}', 'accept', true)), '"PT403 not_allowed"', 'they do not accept it themselves') from actor, proposed;
select is(pg_temp.call(coordinator, 'thesaurus_decide', jsonb_build_object('edit', e #>> '{edit,id}', 'accept', false)), '"PT400 reason_required"', 'a refusal says why') from actor, proposed;
select is(pg_temp.call(coordinator, 'thesaurus_decide', jsonb_build_object('edit', e #>> '{edit,id}', 'accept', true)) #>> '{edit,state}', 'applied', 'the coordination accepts') from actor, proposed;
select ok((pg_temp.said('puits-de-lumiere')).id is not null, 'it is there') from proposed;
select is(pg_temp.call(coordinator, 'thesaurus_decide', jsonb_build_object('edit', e #>> '{edit,id}', 'accept', true)), '"PT409 unknown_edit"', 'once') from actor, proposed;
create temp table withdrawn as select pg_temp.edit(moderator, 'deprecate', '{"concept": "croix-de-test-2"}') as e from actor;
select is(pg_temp.undo(moderator, e) #>> '{edit,state}', 'undone', 'a proposal is taken back by who made it') from actor, withdrawn;
create temp table refused as select pg_temp.edit(moderator, 'deprecate', '{"concept": "croix-de-test-2"}') as e from actor;
select is(pg_temp.call(coordinator, 'thesaurus_decide', jsonb_build_object('edit', e #>> '{edit,id}', 'accept', false, 'reason', 'Elle sert.')) #>> '{edit,reason}', 'Elle sert.', 'or refused with a reason') from actor, refused;

-- Dry.
select is(pg_temp.edit(coordinator, 'merge', '{"concept": "croix-de-test-2", "into": "croix-de-test", "dry": true}') #> '{after,1,replaced_by}', '"croix-de-test"', 'what would be') from actor;
select is((pg_temp.said('croix-de-test-2')).status, 'accepted', 'is not');

-- Deprecate, restore, split.
select is(pg_temp.edit(coordinator, 'deprecate', '{"concept": "croix-de-test-2"}') #>> '{after,0,status}', 'deprecated', 'used no more') from actor;
select is(pg_temp.edit(coordinator, 'deprecate', '{"concept": "croix-de-test-2"}') #>> '{}' like 'PT409 concept_moved%', true, 'once') from actor;
select is(pg_temp.edit(coordinator, 'restore', '{"concept": "croix-de-test-2"}') #>> '{after,0,status}', 'accepted', 'used again') from actor;
create temp table split as select pg_temp.edit(coordinator, 'split', '{"concept": "croix-de-test-2", "into": [{"labels": {"fr": "Croix haute"}}, {"labels": {"fr": "Croix basse"}}]}') as e from actor;
select is((select array_agg(c.id order by c.id) from app.concepts as c where c.broader = 'croix-de-test-2'), '{croix-basse,croix-haute}', 'split into two below it') from split;
select is(pg_temp.edit(coordinator, 'split', '{"concept": "croix-de-test-2", "into": [{"labels": {"fr": "Seule"}}]}'), '"PT400 invalid_argument"', 'one is no split') from actor;
select is(pg_temp.undo(coordinator, e) #>> '{edit,state}', 'undone', 'undone') from actor, split;
select is((select array_agg(distinct c.status) from app.concepts as c where c.id in ('croix-basse', 'croix-haute')), '{deprecated}', 'what phones may know stays known, and is used no more');

-- A delivery of a reference vocabulary.
create function pg_temp.seen() returns text language sql as $$ select max(c.change_xid::text || '.' || c.change_seq) from (select * from app.concepts where scheme = 'petit-patrimoine' order by change_xid desc, change_seq desc limit 1) as c; $$;
create function pg_temp.import(who uuid, args jsonb) returns jsonb language sql as $$ select pg_temp.edit(who, 'import', '{"concepts": [], "deprecated": []}'::jsonb || jsonb_build_object('seen', pg_temp.seen()) || args); $$;
select is(pg_temp.import(coordinator, '{"concepts": [{"id": "ref-a", "labels": {"fr": "Repère"}, "notation": "R1", "origin": {"uri": "https://ref.test/a"}}, {"id": "ref-b", "labels": {"fr": "Balise"}, "broader": "ref-a", "origin": {"uri": "https://ref.test/b"}}]}') #>> '{edit,touched}', '2', 'a delivery is one edit') from actor;
select is(pg_temp.call(coordinator, 'thesaurus_desk', '{"scheme": "petit-patrimoine"}') #>> '{origins,ref-b,uri}', 'https://ref.test/b', 'each term remembers what its source said') from actor;
select is(pg_temp.import(coordinator, '{"concepts": [{"id": "ref-a", "notation": null}]}') #> '{after,0,notation}', 'null', 'a code taken away goes') from actor;
create temp table given_up as select tests.point('heritage', 2.1, 43.6, concept => 'ref-b') as point, pg_temp.import(coordinator, '{"deprecated": ["ref-b"], "replaced": {"ref-b": "ref-a"}}') as e from actor;
select is(((pg_temp.said('ref-b')).status, (pg_temp.said('ref-b')).replaced_by, (pg_temp.said('ref-b')).origin ->> 'status')::text, '(deprecated,ref-a,deprecated)', 'what a source gives up is used no more, and leads where the source says') from given_up;
select is((select moves from app.thesaurus_edits where id = (e #>> '{edit,id}')::uuid), '{"ref-b": "ref-a"}', 'its points with it') from given_up;
select is(pg_temp.import(coordinator, '{"concepts": [{"id": "ref-b", "status": "accepted", "origin": {"uri": "https://ref.test/b"}}]}') #>> '{after,0,status}', 'accepted', 'what it uses again is used again') from actor;
select is(pg_temp.import(coordinator, '{"seen": "1.1"}'), '"PT409 concept_moved {\"field\": \"scheme\"}"', 'a comparison with what is no more writes nothing') from actor;
select is(pg_temp.import(coordinator, '{"seen": "hier"}'), '"PT400 invalid_argument"', 'and one with nothing neither') from actor;
select is(pg_temp.import(coordinator, '{"concepts": [{"id": "ref-c", "labels": {"fr": "Cycle"}, "broader": "ref-d"}, {"id": "ref-d", "labels": {"fr": "Cycle"}, "broader": "ref-c"}]}') #>> '{}' like 'PT400 invalid_concept ref-_ : cycle', true, 'a ring is refused whole') from actor;
select is(pg_temp.import(coordinator, '{"concepts": [{"id": "lampadaire", "labels": {"fr": "Pris"}}]}') #>> '{}' like 'PT400 invalid_%', true, 'and a term of another vocabulary') from actor;

-- A version closes them.
create temp table last_edit as select pg_temp.edit(coordinator, 'change', '{"concept": "croix-de-test-2", "fields": {"notation": {"from": null, "to": "C2"}}}') as e from actor;
select is(pg_temp.call(coordinator, 'thesaurus_release', '{"scheme": "petit-patrimoine", "after": 0}'), '{"number": 1}', 'a version is published') from actor, last_edit;
select is(pg_temp.undo(coordinator, e), '"PT409 released"', 'what it carries is not undone') from actor, last_edit;
select is((select bool_or((x ->> 'may_undo')::boolean) from jsonb_array_elements(pg_temp.call(coordinator, 'thesaurus_desk', '{"scheme": "petit-patrimoine"}') -> 'edits') as x), false, 'and the journal says so') from actor;

-- A picture: a published photo, as long as it is public.
create temp table shown as select tests.point('heritage', 2.1, 43.6, concept => 'croix-de-test') as public, tests.point('heritage', 2.1, 43.6, 'submitted', concept => 'croix-de-test') as hidden,
  gen_random_uuid() as photo, gen_random_uuid() as secret;
insert into app.photos (id, point_id, path, sha256, size_bytes, width, height, licence, state, public_path)
select photo, public, 'a/1.jpg', repeat('a', 64), 1, 1, 1, 'CC-BY-4.0', 'published', 'p/1.jpg' from shown
union all select secret, hidden, 'a/2.jpg', repeat('b', 64), 1, 1, 1, 'CC-BY-4.0', 'published', 'p/2.jpg' from shown;
select is(pg_temp.call(moderator, 'thesaurus_uses', '{"concept": "croix-de-test"}') #> '{photos}', jsonb_build_array(private.picture_json(photo)), 'public photos alone are offered') from actor, shown;
select is(pg_temp.edit(coordinator, 'change', jsonb_build_object('concept', 'croix-de-test', 'fields', jsonb_build_object('picture', jsonb_build_object('from', null, 'to', photo)))) #>> '{after,0,picture,url}',
  '/storage/v1/object/public/published/p/1.jpg', 'one shows what the term means') from actor, shown;
select is(pg_temp.edit(coordinator, 'change', jsonb_build_object('concept', 'croix-de-test', 'fields', jsonb_build_object('picture', jsonb_build_object('from', photo, 'to', secret)))) #> '{after,0,picture}',
  null, 'one that is not public shows nothing') from actor, shown;
select is(pg_temp.edit(coordinator, 'change', '{"concept": "croix-de-test", "fields": {"picture": {"from": null, "to": "licorne"}}}') #>> '{}' like 'PT4%', true, 'and what is none is refused') from actor;

select tests.as_user(coordinator) from actor;
select throws_ok('select * from app.thesaurus_edits', '42501', null, 'the journal is read through the API alone');
select throws_ok('select * from app.remapped_points', '42501', null, 'so are the points moved');
select tests.as_owner();
delete from app.profiles where user_id = (select moderator from actor);
select is((select count(*)::int from app.thesaurus_edits where note = 'On en voit partout.' and author is null), 1, 'who goes leaves their edits');
select * from finish();
rollback;
