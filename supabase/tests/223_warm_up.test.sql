begin;
set local search_path = public, extensions;
select plan(4);
create temp view everything as select (select count(*) from auth.users) as users, (select count(*) from app.points) as points,
  (select count(*) from app.receipts) as receipts, (select count(*) from app.changes) as changes, (select count(*) from app.events) as events,
  (select count(*) from app.profiles) as profiles;
create temp table before as select * from everything;
select is(private.warm_up(), 2, 'what a push does is done');
select results_eq('select * from everything', 'select * from before', 'and nothing of it stays');
select is(coalesce(current_setting('request.jwt.claim.sub', true), ''), '', 'nor who was pretended');
select ok(not has_function_privilege('authenticated', 'private.warm_up()', 'execute'), 'nobody warms up through the API');
select * from finish();
rollback;
