-- An undone decision leaves reports and standings as they were; an audit is answered for by who gave what it looks at.
begin;
set local search_path = public, extensions;
select plan(47);
create temp table actor as select tests.user('a@test') as author, tests.user('e@test') as editor, tests.user('m@test') as moderator, tests.user('n@test') as second;
grant select on actor to public;
select tests.member(moderator, 'lighting', 'moderator'), tests.member(second, 'lighting', 'moderator') from actor;
create function pg_temp.decide(who uuid, point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('decide', point,
    jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'other') || fields))); $$;
create function pg_temp.decided(point uuid, variadic decisions text[]) returns text language sql as $$
  select string_agg(pg_temp.decide(moderator, point, one), ', ' order by n) from actor, unnest(decisions) with ordinality as d (one, n); $$;
create function pg_temp.standing(who uuid) returns text language sql as $$
  select concat_ws(' ', accepted, corrected, refused, in_a_row) from app.standings where user_id = who and theme = 'lighting'; $$;
create function pg_temp.reports(point uuid) returns text language sql as $$
  select string_agg(kind || ' ' || state || coalesce(' ' || closed_with, ''), ', ' order by kind) from app.reports where point_id = point; $$;
create function pg_temp.waits(point uuid) returns text language sql as $$ select coalesce(string_agg(kind, ' ' order by kind), '') from app.queue where point_id = point; $$;

-- The reports that a decision closed wait again, and no others.
create temp table thing as select tests.point('lighting', 2.1, 43.6, 'published', 'lampadaire', author) as lamp, tests.point('lighting', 2.2, 43.6, 'published', 'lampadaire', author) as twin,
  tests.point('lighting', 2.3, 43.6, 'published', 'lampadaire', author) as survivor from actor;
create function pg_temp.report(point uuid, kind text, of_user uuid default null) returns uuid language sql as $$
  insert into app.reports (id, point_id, kind, user_id) values (gen_random_uuid(), point, kind, of_user) returning id; $$;
select is(pg_temp.decide(moderator, lamp, 'dismiss', jsonb_build_object('report_id', pg_temp.report(lamp, 'gone'))), 'applied', 'a report closed before') from thing, actor;
create temp table open as select pg_temp.report(lamp, 'problem') as id from thing;
select is(pg_temp.decided(lamp, 'archive') || ': ' || pg_temp.reports(lamp), 'applied: gone closed dismiss, problem closed archive', 'an archive closes what waits') from thing;
select is(pg_temp.decided(lamp, 'restore') || ': ' || pg_temp.reports(lamp), 'applied: gone closed dismiss, problem open', 'its undo opens that again, and nothing else') from thing;
select is(pg_temp.waits(lamp), 'report', 'in the queue') from thing;
select is((select concat(closed_at, closed_by, closed_in) from app.reports, open where reports.id = open.id), '', 'as if it had never been closed');
select is(pg_temp.decided(lamp, 'destroy', 'restore', 'archive', 'restore') || ': ' || pg_temp.reports(lamp), 'applied, applied, applied, applied: gone closed dismiss, problem open', 'as often as one likes') from thing;
select is(pg_temp.decided(lamp, 'archive') || pg_temp.decide(moderator, lamp, 'restore', '{"correction": {"patch": {"attributes.description": "x"}}}') || pg_temp.waits(lamp), 'appliedappliedreport', 'with a correction too') from thing, actor;
select is(pg_temp.decide(moderator, twin, 'duplicate', jsonb_build_object('duplicate_of', survivor)) || pg_temp.waits(twin), 'applied', 'a merge') from (select twin, survivor, pg_temp.report(twin, 'gone') from thing) as t, actor;
select is(pg_temp.decided(twin, 'restore') || ' ' || pg_temp.waits(twin), 'applied gone', 'undone, what was reported of the duplicate waits again') from thing;
select is((select count(*)::int from app.decisions where undoes is not null), 5, 'each undo says what it undoes');

-- What was lost to a refusal is given back.
create temp table lot as select n, tests.point('lighting', 2.4 + n * 0.01, 43.6, 'submitted', 'lampadaire', author) as id from actor, generate_series(1, 8) as n;
create function pg_temp.one(at int) returns uuid language sql as $$ select id from lot where n = at; $$;
select is(pg_temp.decided(pg_temp.one(1), 'publish') || pg_temp.decided(pg_temp.one(2), 'publish') || pg_temp.decided(pg_temp.one(3), 'publish'), 'appliedappliedapplied', 'three taken');
update app.queue set since = now() - interval '6 days' where item_id = pg_temp.one(4);
select is(pg_temp.decided(pg_temp.one(4), 'reject') || ' ' || pg_temp.standing(author), 'applied 3 0 1 0', 'one refused: trust is lost') from actor;
select is(pg_temp.decided(pg_temp.one(4), 'restore') || ' ' || pg_temp.standing(author), 'applied 3 0 0 3', 'undone, it is as it was') from actor;
select is((select since from app.queue where item_id = pg_temp.one(4)), now() - interval '6 days', 'and takes its place in the queue again');
select is(pg_temp.decided(pg_temp.one(4), 'to_complete', 'restore') || ' ' || pg_temp.standing(author), 'applied, applied 3 0 0 3', 'sent back and undone, nothing') from actor;
select is(pg_temp.decided(pg_temp.one(4), 'reject') || pg_temp.decided(pg_temp.one(5), 'publish') || ' ' || pg_temp.standing(author), 'appliedapplied 4 0 1 1', 'refused again, another taken since') from actor;
select is(pg_temp.decided(pg_temp.one(6), 'reject') || ' ' || pg_temp.standing(author), 'applied 4 0 2 0', 'and another refused') from actor;
select is(pg_temp.decided(pg_temp.one(4), 'restore') || ' ' || pg_temp.standing(author), 'applied 4 0 1 0', 'undone under it: the later one still counts') from actor;
select is(pg_temp.decided(pg_temp.one(6), 'restore') || ' ' || pg_temp.standing(author), 'applied 4 0 0 4', 'undone too: all four in a row') from actor;
select is(pg_temp.decided(pg_temp.one(6), 'reject') || pg_temp.decided(pg_temp.one(7), 'reject', 'restore') || ' ' || pg_temp.standing(author), 'appliedapplied, applied 4 0 1 0', 'undone over an earlier one: the earlier one counts') from actor;
select is(tests.said(tests.push(author, tests.mutation('edit', pg_temp.one(6), '{"base_rev": 1, "base": {}, "patch": {"attributes.description": "Refait"}}'))), 'merged', 'sent again by its author') from actor;
select is(pg_temp.decided(pg_temp.one(6), 'publish') || ' ' || pg_temp.standing(author), 'applied 5 0 1 1', 'that is no undo') from actor;
select is(pg_temp.decided(pg_temp.one(6), 'archive', 'restore') || ' ' || pg_temp.standing(author), 'applied, applied 5 0 1 1', 'nor does the undo of an archive give an old refusal back') from actor;
select is_empty($$select s.user_id from app.standings as s,
  lateral (select count(*) filter (where outcome = 'accepted') as a, count(*) filter (where outcome = 'corrected') as c, count(*) filter (where outcome = 'refused') as r
    from app.judgements as j where j.user_id = s.user_id and j.theme = s.theme and not undone) as counted
  where (accepted, corrected, refused) <> (a, c, r)$$, 'a standing is the sum of the judgements');

-- Audits: of the edit of somebody trusted, on the point of somebody else.
update app.themes set settings = settings || '{"trust": {"enabled": true, "accepted": 2, "audit": 1}}' where id = 'lighting';
delete from app.judgements; delete from app.standings;
insert into app.standings (user_id, theme, accepted, in_a_row) select who, 'lighting', 7, 7 from actor, unnest(array[editor, author]) as who;
create temp table known as select n, tests.point('lighting', 3.0 + n * 0.01, 43.6, 'published', 'lampadaire', author) as id from actor, generate_series(1, 6) as n;
create function pg_temp.known(at int) returns uuid language sql as $$ select id from known where n = at; $$;
create function pg_temp.edited(who uuid, point uuid, text text) returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('edit', point, jsonb_build_object('base_rev', 1, 'base', '{}'::jsonb, 'patch', jsonb_build_object('attributes.description', text))))); $$;
select is(pg_temp.edited(editor, pg_temp.known(n), 'Penche'), 'applied', 'taken by trust') from actor, known where n <= 4;
select is((select user_id from app.reports where point_id = pg_temp.known(1)), editor, 'the audit says who gave it') from actor;
select is(pg_temp.decided(pg_temp.known(1), 'archive') || ': ' || pg_temp.standing(editor) || ', ' || pg_temp.standing(author), 'applied: 7 0 1 0, 7 0 0 7', 'who edited answers for it, and not who captured the point') from actor;
select is(pg_temp.decided(pg_temp.known(1), 'restore') || ': ' || pg_temp.standing(editor) || ', ' || pg_temp.waits(pg_temp.known(1)), 'applied: 7 0 0 7, report', 'undone, the audit waits again and trust is back') from actor;
select is(pg_temp.decide(moderator, pg_temp.known(2), 'publish', '{"correction": {"patch": {"attributes.description": "Droit"}}}') || ': ' || pg_temp.standing(editor) || ', ' || pg_temp.standing(author), 'applied: 7 1 0 0, 7 0 0 7', 'corrected, the same') from actor;
delete from app.judgements; update app.standings set in_a_row = 7, corrected = 0;
select is(pg_temp.decide(moderator, pg_temp.known(3), 'dismiss', '{"correction": {"patch": {"attributes.ref": "12"}}}'), 'applied', 'what somebody else wrote is corrected') from actor;
select is(pg_temp.standing(editor), '7 0 0 7', 'who edited something else does not answer for it') from actor;
select is(pg_temp.decide(moderator, pg_temp.known(4), 'duplicate', jsonb_build_object('duplicate_of', pg_temp.known(5))) || ': ' || pg_temp.standing(editor), 'applied: 7 0 1 0', 'a merge counts as an archive does') from actor;
select is((select string_agg(distinct kind, ' ') from app.decisions where point_id = pg_temp.known(4) and decision = 'duplicate'), 'report', 'and is noted as the answer to a report');
update app.standings set in_a_row = 7;
create temp table two as select pg_temp.edited(editor, pg_temp.known(6), 'Penche') as by_editor, pg_temp.report(pg_temp.known(6), 'audit', author) as of_author from actor;
select is(pg_temp.decide(moderator, pg_temp.known(6), 'archive', jsonb_build_object('report_id', of_author)) || ': ' || pg_temp.standing(editor) || ', ' || pg_temp.standing(author),
  'applied: 7 0 1 7, 7 0 1 0', 'of two audits, the one that the decision names') from actor, two;

-- Nobody looks at their own contribution afterwards.
create temp table own as select tests.point('lighting', 3.3, 43.6, 'published', 'lampadaire', author) as id from actor;
create temp table own_audit as select pg_temp.report(own.id, 'audit', moderator) as id from own, actor;
select is(pg_temp.decide(moderator, own.id, 'dismiss'), 'rejected own_contribution', 'not by dismissing it') from own, actor;
select is(pg_temp.decide(moderator, own.id, 'publish', '{"correction": {"patch": {"attributes.description": "x"}}}'), 'rejected own_contribution', 'nor by a correction') from own, actor;
select is(pg_temp.decide(second, own.id, 'dismiss'), 'applied', 'another moderator does') from own, actor;

-- A decision names a report that waits on this point, or is refused.
create temp table named as select pg_temp.report(own.id, 'problem') as here, pg_temp.report(own.id, 'gone') as other, pg_temp.report(pg_temp.known(5), 'problem') as elsewhere from own;
create function pg_temp.named(report text, decision text default 'publish', with_correction boolean default true) returns text language sql as $$
  select pg_temp.decide(moderator, own.id, decision, jsonb_build_object('report_id', report)
    || case when with_correction then '{"correction": {"patch": {"attributes.description": "Vu"}}}'::jsonb else '{}' end) from own, actor; $$;
select is(string_agg(distinct pg_temp.named(r), ', '), 'rejected invalid_transition', 'of another point, unknown, malformed') from named, unnest(array[elsewhere::text, gen_random_uuid()::text, 'x', '']) as r;
select is(pg_temp.named(elsewhere::text, 'archive', false) || pg_temp.named(elsewhere::text, 'dismiss', false), 'rejected invalid_transitionrejected invalid_transition', 'by no decision') from named;
select is(pg_temp.named(here::text, 'publish', false), 'rejected invalid_transition', 'a report is answered by a correction, not by nothing') from named;
select is(tests.attributes(own.id) ->> 'description', null, 'nothing half done') from own;
select is(pg_temp.named(here::text) || ': ' || pg_temp.waits(own.id), 'applied: gone', 'the named one is answered, the other waits') from own, named;
select is(pg_temp.named(here::text), 'rejected invalid_transition', 'once') from named;
select set_eq('select kind, item_id, point_id, theme, commune, author from app.queue',
  'select kind, item_id, point_id, theme, commune, author from private.waiting_items(array(select id from app.points))', 'the queue holds what waits, and nothing else');
select * from finish();
rollback;
