-- Anybody does anything, in any order: no sequence of calls reaches a state that the contract has no row for.
begin;
set local search_path = public, extensions;
select plan(20);
create temp table actor as select name, tests.user(name || '@test') as id from unnest(array['author', 'other', 'both', 'moderator', 'second', 'sector']) as name;
select tests.member(id, 'heritage', 'moderator', case name when 'sector' then '{11}'::text[] else '{*}' end) from actor where name in ('both', 'moderator', 'second', 'sector');
create temp table place as select n, gen_random_uuid() as id from generate_series(1, 60) as n;
-- `rev`: of the point, before.
create temp table said (step int, who text, mutation uuid, kind text, outcome text, rev int);
-- The last ones are trusted once they earned it, with every second one looked at afterwards.
update app.themes set settings = settings || '{"trust": {"enabled": true, "accepted": 1, "audit": 0.4}}' where id = 'heritage';

create function pg_temp.any_of(choices text[]) returns text language sql volatile as $$ select choices[1 + floor(random() * cardinality(choices))]; $$;
create function pg_temp.value(path text) returns jsonb language sql volatile as $$
  select case path when 'geom' then tests.geom(2.0 + random()) when 'sensitivity' then to_jsonb(pg_temp.any_of('{open,open,blurred,hidden}'))
    else to_jsonb(pg_temp.any_of('{A,B,C,D,E,F}')) end; $$;
create function pg_temp.photo(point uuid, who uuid) returns text language plpgsql as $$
declare photo uuid := gen_random_uuid();
begin
  return private.photo_record(jsonb_build_object('user_id', who, 'photo_id', photo, 'point_id', point, 'path', who || '/' || point || '/' || photo || '.jpg',
    'sha256', repeat('a', 64), 'size', 1, 'width', 1, 'height', 1, 'licence', 'x')) ->> 'status';
end; $$;
create function pg_temp.something(point uuid, who uuid) returns jsonb language plpgsql as $$
declare
  p app.points;
  kind text := pg_temp.any_of('{edit,edit,edit,submit,submit,withdraw,comment,confirm,gone,decide}');
  decision text := pg_temp.any_of('{publish,publish,publish,reject,to_complete,duplicate,archive,destroy,restore,restore,dismiss}');
  -- A field, a place, or how a place is shown.
  path text := pg_temp.any_of('{attributes.name,attributes.name,attributes.name,geom,sensitivity}');
  fields jsonb;
begin
  select * into p from app.points where id = point;
  -- Mostly what the state of the point allows, so that the walk gets somewhere.
  if random() < 0.7 then
    decision := pg_temp.any_of(case p.status when 'submitted' then '{publish,publish,publish,publish,reject,reject,to_complete,duplicate}'::text[]
      when 'published' then '{archive,destroy,duplicate,dismiss,publish,reject,reject}' else '{restore}' end);
  end if;
  -- Moderators mostly moderate, the others mostly contribute; now and then it is the other way round.
  if exists (select from app.memberships where user_id = who) and random() < 0.85 then
    kind := 'decide';
  end if;
  if p.id is null or random() < 0.03 then
    return tests.mutation('create', point, jsonb_build_object('theme', 'heritage', 'status', pg_temp.any_of('{draft,submitted,submitted,submitted}'),
      'patch', jsonb_build_object('geom', tests.geom(2.0 + random()), 'concept', pg_temp.any_of('{lavoir,croix}'), 'attributes.name', pg_temp.any_of('{A,B,C}'), 'sensitivity', pg_temp.any_of('{open,open,open,blurred,hidden}'))));
  elsif kind in ('edit', 'submit') then
    return tests.mutation('edit', point, jsonb_build_object('base_rev', p.rev, 'submit', kind = 'submit',
      'base', jsonb_build_object(path, private.content_of(p) -> path), 'patch', jsonb_build_object(path, pg_temp.value(path))));
  elsif kind in ('confirm', 'gone') then
    return tests.mutation('confirm', point, jsonb_build_object('observed_at', '2026-05-03T00:00:00Z', 'found', kind = 'confirm'));
  elsif kind = 'comment' then
    return tests.mutation('comment', point, '{"text": "Bonjour"}');
  elsif kind = 'withdraw' then
    fields := case when random() < 0.4 then jsonb_build_object('revision_id', (select id from app.revisions where point_id = point order by random() limit 1)) else '{}' end;
    return tests.mutation('withdraw', point, jsonb_strip_nulls(fields));
  end if;
  fields := jsonb_build_object('seen_rev', p.rev - (random() < 0.1)::int, 'decision', decision, 'reason', 'other');
  if random() < 0.4 and decision in ('publish', 'reject') then
    fields := fields || jsonb_build_object('revision_id', (select id from app.revisions where point_id = point order by random() limit 1));
  elsif random() < 0.2 then
    fields := fields || jsonb_build_object('report_id', (select id from app.reports where point_id = point order by random() limit 1));
  end if;
  if decision = 'publish' and random() < 0.15 then
    fields := fields || jsonb_build_object('correction', jsonb_build_object('patch', jsonb_build_object(path, pg_temp.value(path))));
  elsif decision = 'duplicate' then
    fields := fields || jsonb_build_object('duplicate_of', (select o.id from place as l join app.points as o using (id) order by random() limit 1),
      'keep', case when random() < 0.5 then jsonb_build_object(path, 'this') else '{}' end);
  end if;
  -- Part of the fields, part of the photos, photos that were seen.
  if decision = 'publish' and p.status = 'submitted' and not fields ? 'revision_id' and random() < 0.1 then
    fields := fields || jsonb_build_object('fields', (select jsonb_agg(k) from jsonb_object_keys(private.content_of(p)) as k where k <> path));
  end if;
  if decision = 'publish' and random() < 0.3 then
    fields := fields || jsonb_build_object('photos', (select coalesce(jsonb_agg(f.id), '[]') from app.photos as f where f.point_id = point and f.state = 'pending' and random() < 0.5));
  elsif random() < 0.2 then
    fields := fields || jsonb_build_object('photos_seen', (select coalesce(jsonb_agg(f.id), '[]') from app.photos as f where f.point_id = point and random() < 0.7));
  end if;
  return tests.mutation('decide', point, jsonb_strip_nulls(fields));
end; $$;
-- What everybody reads, and how it changed under each call: looked at itself, not as its history tells it.
create temp table shown (step int, who text, kind text, outcome text, point uuid, was jsonb, now jsonb);
create function pg_temp.public() returns table (id uuid, content jsonb) language sql as $$
  select p.id, private.content_of(p) || jsonb_build_object('photos', (select jsonb_agg(f.id order by f.id) from app.photos as f where f.point_id = p.id and f.state = 'published'))
  from app.points as p where p.status = 'published'; $$;
-- Standings that are not what the judgements that still hold add up to.
create temp table wrong (step int, who uuid, said int, counted bigint);
create function pg_temp.recount(at int) returns void language sql as $$
  insert into wrong select at, s.user_id, s.in_a_row, j.n from app.standings as s,
    lateral (select count(*) as n from app.judgements as k where k.user_id = s.user_id and k.theme = s.theme and not k.undone and k.outcome = 'accepted'
      and not exists (select from app.judgements as l where l.user_id = k.user_id and l.theme = k.theme and l.id > k.id and not l.undone and l.outcome <> 'accepted')) as j
    where s.in_a_row <> j.n; $$;
create function pg_temp.walk(steps int) returns void language plpgsql as $$
declare
  a actor;
  m jsonb;
  was jsonb;
  rev int;
begin
  for at in 1..steps loop
    select * into a from actor order by random() * case name when 'sector' then 4 else 1 end limit 1;
    was := (select jsonb_object_agg(t.id, t.content) from pg_temp.public() as t);
    if random() < 0.15 then
      insert into said select at, a.name, null, 'photo', pg_temp.photo((select id from place order by random() limit 1), a.id);
    else
      m := pg_temp.something((select id from place order by random() limit 1), a.id);
      rev := (select p.rev from app.points as p where p.id = (m ->> 'point_id')::uuid);
      insert into said select at, a.name, (m ->> 'mutation_id')::uuid, m ->> 'kind', tests.said(tests.push(a.id, m)), rev;
    end if;
    perform pg_temp.recount(at);
    insert into shown select at, a.name, s.kind, s.outcome, t.id, was -> t.id::text, t.content
    from pg_temp.public() as t, said as s where s.step = at and was ? t.id::text and was -> t.id::text <> t.content;
  end loop;
end; $$;
select setseed(0.20261122);
select pg_temp.walk(600);

select ok((select count(*) > 50 from said where outcome in ('applied', 'merged', 'pending', 'conflict')), 'much was taken');
select ok((select count(distinct to_status) >= 6 from app.events), 'most states were reached');
select is_empty($$select outcome, count(*) from said where outcome like 'retry%' or outcome like '%invalid_patch%' group by 1$$, 'nothing broke');
create temp table allowed (kinds text[], action text, from_status text, to_status text);
insert into allowed select array['author'], 'create', null, s from unnest(array['draft', 'submitted']) as s;
insert into allowed select array['author'], 'edit', f, t from (values ('draft', 'submitted'), ('to_complete', 'submitted'), ('rejected', 'submitted'), ('withdrawn', 'submitted')) as v (f, t);
insert into allowed select array['author'], 'withdraw', f, 'withdrawn' from unnest(array['draft', 'submitted', 'to_complete', 'rejected']) as f;
insert into allowed select array['moderator', 'system'], 'publish', 'submitted', 'published';
insert into allowed select array['moderator'], a, f, t from (values ('to_complete', 'submitted', 'to_complete'), ('reject', 'submitted', 'rejected'),
  ('duplicate', 'submitted', 'duplicate'), ('duplicate', 'published', 'duplicate'), ('archive', 'published', 'archived'), ('destroy', 'published', 'destroyed'),
  ('restore', 'archived', 'published'), ('restore', 'destroyed', 'published'), ('restore', 'duplicate', 'published'), ('restore', 'duplicate', 'submitted'),
  ('restore', 'rejected', 'submitted'), ('restore', 'to_complete', 'submitted')) as v (a, f, t);
select is_empty($$select e.actor_kind, e.action, e.from_status, e.to_status from app.events as e
  where (e.action = 'create' or e.from_status is distinct from e.to_status and e.from_status is not null)
    and not exists (select from allowed as a where e.actor_kind = any (a.kinds) and a.action = e.action
      and a.from_status is not distinct from e.from_status and a.to_status = e.to_status)$$, 'every change of state is a row of the table');
select is_empty($$select * from (select point_id, id, from_status, lag(to_status) over (partition by point_id order by id) as before from app.events) as e
  where from_status is not null and before is not null and from_status <> before$$, 'each begins where the one before ended');
select is_empty($$select p.id, p.status, e.to_status from app.points as p
  join lateral (select to_status from app.events where point_id = p.id order by id desc limit 1) as e on true where p.status <> e.to_status$$, 'and the last is where the point is');
select is_empty($$select e.point_id, e.actor_kind, e.action from (
    select *, lag(rev) over (partition by point_id order by id) as rev_before from app.events) as e
  where e.from_status = 'published' and e.rev > e.rev_before and e.actor_kind <> 'moderator' and not (e.actor_kind = 'system' and e.reason = 'trust')
    and not (e.actor_kind = 'author' and exists (select from actor where id = e.actor and name in ('both', 'moderator', 'second')))$$,
  'what is public changes by a decision, by a moderator''s own hand, or by trust');
select ok((select count(*) > 10 from shown), 'what is public did change');
select is_empty($$select s.* from shown as s where s.outcome not in ('applied', 'merged', 'conflict', 'stored')
    or (s.who not in ('both', 'moderator', 'second') or s.kind not in ('edit', 'decide')) and not exists (
      select from app.events as e join said on said.mutation = e.mutation_id where said.step = s.step and e.reason = 'trust')
      and not (s.kind = 'photo' and exists (select from app.events as e where e.point_id = s.point and e.reason = 'trust' and e.mutation_id is null))$$,
  'and only by an edit or a decision of a moderator in scope, or by trust');
select is_empty($$select e.id from app.events as e where e.actor_kind = 'moderator' and e.actor not in (select id from actor where name in ('both', 'moderator', 'second'))$$,
  'nobody moderates out of their scope');
select is_empty($$select r.mutation_id from app.receipts as r
  where r.status in ('applied', 'merged', 'pending') and r.mutation_id not in (select mutation_id from app.events where mutation_id is not null)
    -- An edit that says what the point says already changes nothing: not even its count.
    and not exists (select from said as s where s.mutation = r.mutation_id and s.kind = 'edit' and s.outcome = 'applied' and s.rev = r.rev)$$, 'everything that was taken is told');
select is_empty($$select d.id from app.decisions as d where d.actor = d.author
    -- A moderator corrects what they published themselves as they would edit it.
    and not (d.decision = 'publish' and (d.kind is null or d.kind in ('gone', 'report')))$$, 'nobody decided on their own');
select is_empty($$select p.id from app.points as p where p.status = 'duplicate' and (select status from app.points where id = private.survivor_of(p.id)) = 'duplicate'$$, 'no circle of duplicates');
select set_eq('select kind, item_id, point_id, theme, commune, author from app.queue',
  'select kind, item_id, point_id, theme, commune, author from private.waiting_items(array(select id from app.points))', 'the queue holds what waits, and nothing else');
select is_empty($$select s.user_id from app.standings as s where s.in_a_row > s.accepted$$, 'trust is no more than what was accepted');
select is_empty($$select s.* from shown as s where (s.who not in ('both', 'moderator', 'second') or s.kind = 'photo') and 'open' <> any (array[was ->> 'sensitivity', now ->> 'sensitivity'])$$,
  'trust touches no place that is not shown as it is, nor its pictures');
select ok((select count(*) filter (where kind = 'photo' and outcome = 'stored') > 10 and count(*) filter (where kind = 'photo' and outcome <> 'stored') > 10 from said)
  and (select count(distinct state) = 3 from app.photos), 'photos came, were taken and were refused');
select is_empty($$select p.id from app.public_points as t join app.points as p on p.id = t.point_id
  where p.status not in ('published', 'archived', 'destroyed') or p.sensitivity = 'hidden' or abs(t.lon - st_x(p.public_geom)) + abs(t.lat - st_y(p.public_geom)) > 1e-6
    or p.sensitivity = 'blurred' and (t.lon, t.lat) = (st_x(p.geom), st_y(p.geom))$$, 'what is hidden is in no public table, what is blurred lies elsewhere');
select is_empty('select * from wrong', 'whatever is undone, trust is what was accepted since the last that was not');
select is_empty($$select r.id from app.reports as r join app.decisions as d on d.mutation_id = r.closed_in
  where exists (select from app.decisions as u where u.undoes = d.id)$$, 'no report stays closed by a decision that was undone');
select * from finish();
rollback;
