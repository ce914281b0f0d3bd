-- Versions of a vocabulary: numbered, dated, kept as they were, published by the group's coordination alone.
begin;
set local search_path = public, extensions;
select plan(32);

create temp table actor as select tests.user('coordinator@test') as coordinator, tests.user('moderator@test') as moderator, tests.user('other@test') as other, tests.user('part@test') as part;
select tests.member(coordinator, 'heritage', 'coordinator'), tests.member(moderator, 'heritage', 'moderator'), tests.member(other, 'lighting', 'coordinator'),
  tests.member(part, 'heritage', 'coordinator', '{34}') from actor;
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
create function pg_temp.release(who uuid, after int, notes text default null) returns jsonb language sql as $$
  select pg_temp.call(who, 'thesaurus_release', jsonb_build_object('scheme', 'petit-patrimoine', 'after', after, 'notes', notes));
$$;
create function pg_temp.releases(p jsonb default '{}') returns jsonb language sql as $$
  select pg_temp.call(null, 'thesaurus_releases', '{"scheme": "petit-patrimoine"}' || p);
$$;

select is(jsonb_array_length(pg_temp.releases() -> 'releases'), 0, 'none to begin with');
select is(jsonb_array_length(pg_temp.releases() -> 'pending'), 145, 'and everything to be published');
select is(pg_temp.release(null, 0), '"PT401 auth_required"', 'nobody publishes one without account');
select is(pg_temp.release(moderator, 0), '"PT403 not_allowed"', 'nor does a moderator') from actor;
select is(pg_temp.release(part, 0), '"PT403 beyond_scope"', 'nor who coordinates a part: it holds everywhere') from actor;
select is(pg_temp.release(other, 0), '"PT403 not_allowed"', 'nor another group') from actor;
select is(pg_temp.call(coordinator, 'thesaurus_release', '{"scheme": "licorne", "after": 0}'), '"PT403 not_allowed"', 'nor anybody of what is none') from actor;
select is(pg_temp.release(coordinator, 0, repeat('x', 2001)), '"PT400 invalid_argument"', 'notes have an end') from actor;
select is(pg_temp.release(coordinator, 1), '"PT409 release_moved"', 'a version that is not there was not seen') from actor;
select is(pg_temp.release(coordinator, 0, ' Première version. '), '{"number": 1}', 'the coordination publishes the first') from actor;
select is(pg_temp.release(coordinator, 0), '"PT409 release_moved"', 'once: a second press, or a second coordinator, is told') from actor;
select is(pg_temp.release(coordinator, 1), '"PT409 nothing_to_release"', 'and no version that changes nothing') from actor;
select is(pg_temp.releases() -> 'pending', '[]', 'nothing waits');
select is(pg_temp.releases() #>> '{releases,0,notes}', 'Première version.', 'its notes are told');
select is(jsonb_array_length(pg_temp.releases() #> '{releases,0,changes}'), 145, 'all is new in the first');

update app.concepts set labels = labels || '{"fr": "Grande croix"}' where id = 'croix';
update app.concepts set status = 'deprecated', replaced_by = 'croix' where id = 'croix-mission';
insert into app.concepts (id, scheme, labels, broader) values ('croix-neuve', 'petit-patrimoine', '{"fr": "Croix neuve"}', 'croix');
insert into app.concepts (id, scheme, labels, status) values ('croix-revee', 'petit-patrimoine', '{"fr": "Croix rêvée"}', 'proposed');
create temp table pending as select c from jsonb_array_elements(pg_temp.releases() -> 'pending') as c;
select is((select array_agg(c ->> 'id' order by c ->> 'id') from pending), '{croix,croix-mission,croix-neuve}', 'what changed waits, what is only proposed does not');
select is((select c - 'labels' from pending where c ->> 'id' = 'croix') #- '{was,en}' #- '{was,oc}' #- '{was,ca}',
  '{"id": "croix", "kind": "changed", "fields": ["labels"], "was": {"fr": "Croix"}}', 'a new name, with the one before');
select is((select c - 'labels' - 'fields' from pending where c ->> 'id' = 'croix-mission'),
  '{"id": "croix-mission", "kind": "deprecated", "replaced_by": "croix"}', 'what is not used any more, with where it went');
select is((select c - 'labels' from pending where c ->> 'id' = 'croix-neuve'), '{"id": "croix-neuve", "kind": "added"}', 'what is new');
select is(pg_temp.release(coordinator, 1), '{"number": 2}', 'the second') from actor;
select is((select array_agg(r ->> 'number') from jsonb_array_elements(pg_temp.releases() -> 'releases') as r), '{2,1}', 'the latest first');
select is((select jsonb_agg(c order by c ->> 'id') from pending), pg_temp.releases() #> '{releases,0,changes}', 'with what had waited');

create function pg_temp.label(release int) returns text language sql as $$
  select c #>> '{labels,fr}' from jsonb_array_elements(pg_temp.releases(jsonb_build_object('number', release)) -> 'concepts') as c where c ->> 'id' = 'croix';
$$;
select is(pg_temp.label(1), 'Croix', 'the first is read as it was');
select is(pg_temp.label(2), 'Grande croix', 'the second as it is');
select is(pg_temp.releases('{"number": 3}'), '"PT404 unknown_release"', 'there is no third');
select is(pg_temp.call(null, 'thesaurus_releases', '{"scheme": "licorne"}'), '"PT404 unknown_scheme"', 'nor of what is none');
select throws_ok($$update app.thesaurus_releases set notes = 'x'$$, 'app.thesaurus_releases is append-only', 'nobody rewrites one');
select throws_ok($$delete from app.thesaurus_releases$$, 'app.thesaurus_releases is append-only', 'or takes one away');
delete from app.profiles where user_id = (select coordinator from actor);
select is((select count(released_by)::int from app.thesaurus_releases), 0, 'a person who goes leaves their versions');
update app.concepts set status = 'accepted', replaced_by = null where id = 'croix-mission';
select is((select c ->> 'kind' from jsonb_array_elements(pg_temp.releases() -> 'pending') as c), 'restored', 'what is used again is told so');
-- A version from before terms had notes.
insert into app.thesaurus_releases (scheme, number, concepts, changes)
select 'petit-patrimoine', 3, jsonb_agg(c - 'scope_note' - 'change_note'), '[]' from jsonb_array_elements(private.vocabulary_json('petit-patrimoine')) as c;
select is(pg_temp.releases() -> 'pending', '[]', 'what an old version could not say is no change');
update app.concepts set scope_note = '{"fr": "Pour les grandes."}' where id = 'croix';
select is(pg_temp.releases() #> '{pending,0,fields}', '["scope_note"]', 'what is said since is one');
select * from finish();
rollback;
