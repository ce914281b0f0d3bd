-- Decisions that come too late, from the wrong place, or with something wrong in them: each is refused by its code, and of a
-- refusal nothing is left but its receipt.
begin;
set local search_path = public, extensions;
select plan(19);
insert into app.territories (level, code, name, departement, epci, geom) values ('departement', '11', 'Aude', null, null, null), ('departement', '34', 'Hérault', null, null, null),
  ('commune', '11069', 'Carcassonne', '11', null, st_multi(st_makeenvelope(2.2, 43.1, 2.5, 43.3, 4326))), ('commune', '34172', 'Montpellier', '34', null, st_multi(st_makeenvelope(3.7, 43.5, 4.0, 43.7, 4326)))
on conflict (level, code) do update set departement = excluded.departement, geom = excluded.geom;
create temp table actor as select tests.user('author@test.fr') as author, tests.user('other@test.fr') as other, tests.user('mod@test.fr') as moderator, tests.user('second@test.fr') as second;
select tests.member(moderator, 'heritage', 'moderator', '{11}'), tests.member(second, 'heritage', 'moderator') from actor;
create function pg_temp.point(status text, lon float8 default 2.35) returns uuid language sql as $$ select tests.point('heritage', lon, 43.2, status, 'lavoir', author, '{"name": "A"}') from actor; $$;
-- What was taken along on the train: nine new points, three edits, a photo, two reports; all read at their rev 1.
create temp table taken (name text primary key, point uuid, part uuid);
insert into taken select name, pg_temp.point('submitted'), null from unnest(array['same', 'withdrawn', 'decided', 'changed', 'moved', 'reason', 'merged', 'hidden', 'twice']) as name;
insert into taken select name, pg_temp.point('published'), gen_random_uuid() from unnest(array['edit taken back', 'edit replaced', 'edit decided', 'photo', 'report', 'report closed', 'survivor', 'last']) as name;
insert into app.revisions (id, point_id, author, base_rev, base, patch, captured_at, state) select part, point, other, 1, '{"attributes.name": "A"}', '{"attributes.name": "B"}', now(), 'pending' from taken, actor where name like 'edit%';
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence) select part, point, other, 'p.jpg', repeat('a', 64), 1, 1, 1, 'CC' from taken, actor where name = 'photo';
insert into app.reports (id, point_id, kind, user_id) select part, point, 'problem', other from taken, actor where name like 'report%';
create function pg_temp.decision(of_name text, decision text, fields jsonb default '{}', rev int default 1) returns jsonb language sql as $$
  select tests.mutation('decide', point, jsonb_build_object('captured_at', now() - interval '2 days', 'seen_rev', rev, 'decision', decision, 'reason', 'other') || fields) from taken where name = of_name; $$;
create function pg_temp.decide(who uuid, of_name text, decision text, fields jsonb default '{}', rev int default 1) returns text language sql as $$
  select tests.said(tests.push(who, pg_temp.decision(of_name, decision, fields, rev))); $$;

-- Meanwhile…
update app.themes set settings = settings || '{"reasons": [{"code": "dark", "labels": {"fr": "Trop sombre"}}]}' where id = 'heritage';
create temp table train as select name, m from (values
  ('same', pg_temp.decision('same', 'publish')), ('withdrawn', pg_temp.decision('withdrawn', 'publish')), ('decided', pg_temp.decision('decided', 'publish')),
  ('changed', pg_temp.decision('changed', 'to_complete', '{"reason": "photo_missing"}')), ('moved', pg_temp.decision('moved', 'publish')), ('reason', pg_temp.decision('reason', 'reject', '{"reason": "dark"}')),
  ('merged', pg_temp.decision('merged', 'duplicate', jsonb_build_object('reason', 'duplicate', 'duplicate_of', (select point from taken where name = 'survivor')))),
  ('hidden', pg_temp.decision('hidden', 'publish')),
  ('edit taken back', pg_temp.decision('edit taken back', 'publish', jsonb_build_object('revision_id', (select part from taken where name = 'edit taken back')))),
  ('edit replaced', pg_temp.decision('edit replaced', 'publish', jsonb_build_object('revision_id', (select part from taken where name = 'edit replaced')))),
  ('edit decided', pg_temp.decision('edit decided', 'reject', jsonb_build_object('revision_id', (select part from taken where name = 'edit decided')))),
  ('photo', pg_temp.decision('photo', 'reject')), ('report', pg_temp.decision('report', 'dismiss', jsonb_build_object('report_id', (select part from taken where name = 'report')))),
  ('report closed', pg_temp.decision('report closed', 'dismiss', jsonb_build_object('report_id', (select part from taken where name = 'report closed'))))) as v (name, m);
select is(tests.said(tests.push(author, tests.mutation('withdraw', w.point), tests.mutation('edit', c.point, '{"base_rev": 1, "base": {"attributes.name": "A"}, "patch": {"attributes.name": "C"}}'),
  tests.mutation('edit', m.point, jsonb_build_object('base_rev', 1, 'base', jsonb_build_object('geom', tests.geom(2.35, 43.2)), 'patch', jsonb_build_object('geom', tests.geom(3.85, 43.6)))))),
  'applied, applied, applied', 'an author takes one back, changes another, puts a third where it is') from actor, taken as w, taken as c, taken as m where (w.name, c.name, m.name) = ('withdrawn', 'changed', 'moved');
select is(tests.said(tests.push(other, tests.mutation('withdraw', b.point, jsonb_build_object('revision_id', b.part)), tests.mutation('edit', r.point, '{"base_rev": 1, "base": {}, "patch": {"attributes.use": "laver"}}'))),
  'applied, pending', 'so does who proposed an edit') from actor, taken as b, taken as r where (b.name, r.name) = ('edit taken back', 'edit replaced');
select is(array[pg_temp.decide(second, 'decided', 'reject'), pg_temp.decide(second, 'edit decided', 'publish', jsonb_build_object('revision_id', part)), pg_temp.decide(second, 'photo', 'publish'),
  pg_temp.decide(second, 'survivor', 'duplicate', jsonb_build_object('reason', 'duplicate', 'duplicate_of', (select point from taken where name = 'last')))],
  '{applied,applied,applied,applied}', 'another moderator decides on some, and merges the survivor of one') from actor, taken where name = 'edit decided';
select is(pg_temp.decide(second, 'report closed', 'dismiss', jsonb_build_object('report_id', part)), 'applied', 'and reads a report') from actor, taken where name = 'report closed';
update app.themes set settings = settings - 'reasons' where id = 'heritage';

-- … and the train arrives.
create function pg_temp.everything() returns text language sql as $$
  select md5(concat(
    (select string_agg(t::text, '|' order by id) from app.points as t), (select string_agg(t::text, '|' order by id) from app.events as t),
    (select string_agg(t::text, '|' order by id) from app.revisions as t), (select string_agg(t::text, '|' order by id) from app.reports as t),
    (select string_agg(t::text, '|' order by id) from app.photos as t), (select string_agg(t::text, '|' order by kind, item_id) from app.queue as t),
    (select string_agg(t::text, '|' order by id) from app.decisions as t), (select string_agg(t::text, '|' order by user_id, theme) from app.standings as t),
    (select string_agg(t::text, '|' order by id) from app.bulks as t), (select string_agg(t::text, '|' order by id) from app.mails as t),
    (select string_agg(t::text, '|' order by bucket, point_id) from app.changes as t), (select string_agg(t::text, '|' order by id) from app.jobs as t)));
$$;
create temp table arrived (name text, said text, left_nothing boolean, shows jsonb);
do $$
declare
  one train;
  was text;
  answer jsonb;
begin
  for one in select * from train loop
    was := pg_temp.everything();
    answer := tests.push((select moderator from actor), one.m);
    insert into arrived values (one.name, tests.said(answer), pg_temp.everything() = was, answer -> 0 -> 'point');
  end loop;
end $$;
select set_eq('select name, said from arrived', $$values ('same', 'applied'), ('withdrawn', 'rejected unknown_point'), ('decided', 'rejected stale_review'), ('changed', 'rejected stale_review'),
  ('moved', 'rejected unknown_point'), ('reason', 'rejected unknown_reason'), ('merged', 'applied'), ('hidden', 'applied'), ('edit taken back', 'rejected stale_review'), ('edit replaced', 'rejected stale_review'),
  ('edit decided', 'rejected stale_review'), ('photo', 'rejected stale_review'), ('report', 'applied'), ('report closed', 'rejected invalid_transition')$$,
  'what still holds is taken, what does not is told why');
select is_empty($$select name, said from arrived where left_nothing = (said = 'applied')$$, 'of a refusal nothing is left');
select is_empty($$select name from arrived where said like '%stale_review' and shows is null$$, 'what is stale comes back as it is now');
select is((select shows #>> '{attributes,name}' from arrived where name = 'changed'), 'C', 'with what changed');
select is((select duplicate_of from app.points join taken on id = point where name = 'merged'), (select point from taken where name = 'last'), 'a merge into what was merged meanwhile goes to the end');
select set_eq('select tests.said(tests.push(moderator, m)) from train, actor where name <> ''same''', $$select said from arrived$$, 'sent again it is answered the same');

-- A moderator who is one no more.
create temp table late as select pg_temp.decision('twice', 'publish') as m;
delete from app.memberships where user_id = (select moderator from actor);
select is(tests.said(tests.push(moderator, m)), 'rejected unknown_point', 'who left the group decides no more, and is told nothing') from actor, late;
select is((select status || ' ' || rev from app.points join taken on id = point where name = 'twice'), 'submitted 1', 'the point waits as it did');

-- Every field of a decision, with every sort of nonsense: a stable code, nothing half done.
create temp table nonsense as
select field, value from unnest(array['seen_rev', 'seen_after', 'decision', 'reason', 'comment', 'fields', 'photos', 'duplicate_of', 'seen_other_rev', 'keep', 'correction', 'revision_id', 'report_id', 'bulk']) as field,
  (values ('""'::jsonb), ('"x"'), ('-1'), ('1.5'), ('1e40'), ('true'), ('[]'), ('[null]'), ('["x"]'), ('[[]]'), ('{}'), ('{"x": null}'), ('{"base": 1, "patch": 2}'), ('{"patch": {"attributes": {}}}'), ('{"patch": {"attributes.nope": 1}}'), ('"00000000-0000-4000-8000-000000000000"')) as v (value);
insert into nonsense select 'comment', to_jsonb(repeat('é', 4001));
create temp table tried (decision text, field text, value jsonb, said text, is_whole boolean);
do $$
declare
  one nonsense;
  was text;
  answer text;
  verb text;
begin
  foreach verb in array array['publish', 'reject', 'duplicate'] loop
    for one in select * from nonsense loop
      begin
        was := pg_temp.everything();
        answer := pg_temp.decide((select second from actor), 'twice', verb, jsonb_build_object('duplicate_of', (select point from taken where name = 'last')) || jsonb_build_object(one.field, one.value));
        -- What is taken is taken back: the next one finds the point as it was.
        raise exception using errcode = 'ZZ001', message = (answer = 'applied' or pg_temp.everything() = was)::text;
      exception when sqlstate 'ZZ001' then
        insert into tried values (verb, one.field, one.value, answer, sqlerrm::boolean);
      end;
    end loop;
  end loop;
end $$;
select is((select count(*)::int from tried), 3 * (14 * 16 + 1), 'every field and every nonsense was tried');
select is_empty($$select said, count(*), min(field || ' ' || left(value::text, 60)) from tried where said <> 'applied' and said !~ '^rejected (invalid_patch|invalid_attributes|stale_review|reason_required|unknown_reason|unknown_revision|unknown_point|invalid_transition|not_bulk_safe|comment_too_long)$' group by said$$,
  'each is refused by a code of the contract');
select is_empty('select decision, field, value, said from tried where not is_whole', 'and leaves nothing');
select set_eq($$select distinct said from tried where field = 'comment' and jsonb_typeof(value) <> 'string'$$, array['rejected invalid_patch'], 'a comment is a text');
select set_eq($$select distinct said from tried where field = 'comment' and char_length(value #>> '{}') > 4000$$, array['rejected comment_too_long'], 'a comment has 4 000 characters');
select ok((select count(*) > 150 from tried where said <> 'applied'), 'most are refused');

-- Markup is text: kept and told as it was written.
select is((select tests.push(second, tests.mutation('decide', point, '{"seen_rev": 1, "decision": "reject", "reason": "other", "comment": "<b>non</b> & <script>alert(1)</script>"}')) #>> '{0,point,decision,comment}'
  from actor, taken where name = 'twice'), '<b>non</b> & <script>alert(1)</script>', 'a comment with markup is the same text');
select * from finish();
rollback;
