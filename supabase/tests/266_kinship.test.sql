-- Terms that may name the same thing: by the tree where there is one, all of them where there is none.
begin;
set local search_path = public, extensions;
select plan(17);
create function pg_temp.kin(theme text, a text, b text, a_name text default null, b_name text default null) returns text language sql as $$
  select private.kinship(r.holding, r.is_same_only, a, a_name, b, b_name) from private.kinship_rule(theme) as r;
$$;
select is(pg_temp.kin('heritage', 'lavoir', 'lavoir'), 'same_concept', 'the same term');
select is(pg_temp.kin('heritage', 'lavoir', 'fontaine'), 'sibling_concept', 'siblings of a tree');
select is(pg_temp.kin('heritage', 'croix', 'croix-chemin'), 'sibling_concept', 'one above the other');
select is(pg_temp.kin('heritage', 'rel', 'ruine'), null, 'tops of a tree are its domains');
select is(pg_temp.kin('heritage', 'lavoir', 'croix'), null, 'of two domains');
select is(pg_temp.kin('heritage', 'autre', 'lavoir'), 'unnamed', 'the holding term is no term');
select is(pg_temp.kin('heritage', 'autre', 'autre'), 'unnamed', 'not even twice');
select is(pg_temp.kin('heritage', null, 'lavoir'), 'unnamed', 'nor is none');
select is(pg_temp.kin('lighting', 'lampadaire', 'lanterne'), 'sibling_concept', 'without tree all are siblings');
select is(pg_temp.kin('lighting', 'lampadaire', 'lavoir'), null, 'of one vocabulary');
select is(pg_temp.kin('accessibility', 'coiffure', 'chocolatier'), null, 'unless the theme says that siblings are others');
select is(pg_temp.kin('accessibility', 'coiffure', 'chocolatier', 'Chez Paul', 'CHEZ  PAUL'), 'similar_name', 'and their names that they are one');
select is(pg_temp.kin('accessibility', 'coiffure', 'autre-erp', 'Chez Paul', 'Hair du temps'), 'unnamed', 'the holding term there too');

-- One term below another makes a tree of the whole vocabulary.
savepoint flat;
update app.concepts set broader = 'lampadaire' where id = 'lanterne';
select is(pg_temp.kin('lighting', 'lampadaire', 'applique'), null, 'a vocabulary that got a tree');
rollback to flat;

-- A moderator reads it.
create temp table actor as select tests.user('author@test.fr') as author, tests.user('judge@test.fr') as judge;
select tests.member(judge, 'lighting', 'moderator') from actor;
create temp table lights as select
  tests.point('lighting', 2.1, 43.6, 'submitted', 'lanterne') as mine, tests.point('lighting', 2.1001, 43.6, concept => 'lampadaire') as other,
  tests.point('lighting', 2.0999, 43.6, concept => 'autre-luminaire') as unnamed;
grant select on actor, lights to public;
select tests.as_user((select judge from actor));
create temp table told as
  select c #>> '{point,id}' as id, c -> 'why' as why from lights, jsonb_array_elements(public.moderation_candidates(jsonb_build_object('point_id', mine)) -> 'candidates') as c;
select is((select count(*)::int from told), 2, 'both lights nearby');
select ok((select why ? 'sibling_concept' and not why ? 'unnamed' from told, lights where id = other::text), 'one of another sort');
select ok((select why ? 'unnamed' and not why ? 'sibling_concept' from told, lights where id = unnamed::text), 'one that nobody could name');
select * from finish();
rollback;
