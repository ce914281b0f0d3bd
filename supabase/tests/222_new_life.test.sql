begin;
set local search_path = public, extensions;
select plan(6);

create temp table lives as select private.current_epoch() as former;
create temp table backup as select * from app.settings;
select is(private.current_epoch(), former, 'the epoch stays as long as nothing is put back') from lives;
create temp table second as select private.begin_new_life() as epoch;
select isnt((select epoch from second), former, 'whoever puts a backup back begins a new life') from lives;
select is(private.current_epoch(), epoch, 'which is the one that is told') from second;

-- The row is put back with the rest, as often as somebody wants: it is drawn after that.
update app.settings set generation = backup.generation from backup;
select is(private.current_epoch(), former, 'files put back tell nothing by themselves') from lives;
select ok(private.begin_new_life() not in (former, epoch), 'the same backup twice makes two lives') from lives, second;
select ok(not has_function_privilege('authenticated', 'private.begin_new_life()', 'execute'), 'only the owner of the database says so');
select * from finish();
rollback;
