-- What a term that is restored keeps, what a merge keeps, and what it may not touch.
begin;
set local search_path = public, extensions;
select plan(8);

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

select pg_temp.edit('change', '{"concept": "croix-mission", "fields": {"related": {"from": [], "to": ["lavoir"]}}}');
create temp table merged as select pg_temp.edit('merge', '{"concept": "croix-mission", "into": "croix"}') as e;
select ok((select 'lavoir' = any (related) from app.concepts where id = 'croix'), 'what a term was related to, the kept one is');
select pg_temp.edit('restore', '{"concept": "croix-mission"}');
create temp table thing as select tests.point('heritage', 2.5, 43.6, concept => 'croix-mission', author => author) as late from actor;
select private.look_for_points_left();
update app.jobs set run_after = now() where kind = 'remap' and done_at is null;
select private.run_own_jobs();
select is((select concept from app.points, thing where id = late), 'croix-mission', 'points of a restored term stay under it, whatever looks for those left');

select is(pg_temp.edit('merge', '{"concept": "autre", "into": "croix"}'), '"PT409 holding_term"', 'the term under which things wait for a name is not merged');
select is(pg_temp.edit('deprecate', '{"concept": "autre"}'), '"PT409 holding_term"', 'nor retired');
select is(pg_temp.edit('change', '{"concept": "croix", "fields": {"alt.fr": "x"}}'), '"PT400 invalid_argument"', 'a change says what was seen and what is wanted');
select is(pg_temp.edit('change', '{"concept": "croix", "fields": {"unverified": {"from": [], "to": ["zz"]}}}'), '"PT400 invalid_argument"', 'a language that there is not has no label to validate');

create temp table word as select gen_random_uuid() as id;
insert into app.term_proposals (id, user_id, scheme, text, lang, captured_at, point_id) select word.id, author, 'petit-patrimoine', 'bidule', 'fr', now(), late from word, actor, thing;
select is(pg_temp.call(coordinator, 'thesaurus_answer', jsonb_build_object('id', merged.e #>> '{edit,id}', 'ids', jsonb_build_array(word.id), 'as', 'synonym', 'concept', 'lavoir')),
  '"PT409 id_taken"', 'an answer takes no other edit''s place') from actor, word, merged;
select is(private.vocabulary_changes('[]', '[{"id": "x", "status": "deprecated", "labels": {}}]'), '[]', 'a term made and taken back between two versions is no change');

select * from finish();
rollback;
