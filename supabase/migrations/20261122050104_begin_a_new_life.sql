alter table app.settings add column generation uuid not null default gen_random_uuid();
comment on column app.settings.generation is
  'Part of the epoch, drawn anew by private.begin_new_life(). It is restored with the rest, like any row; drawn after the restore, it differs from every value before.';

create or replace function private.current_epoch()
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  -- A hash that tells nothing of what it is made of: safe whoever calls. A logical restore makes new oids, a
  -- point-in-time recovery a new timeline; files that are put back change nothing by themselves, hence the generation.
  return left(encode(sha256(convert_to(concat_ws('/',
    private.cluster_identity(),
    (select oid from pg_database where datname = current_database()),
    'app.changes'::regclass::oid,
    (select concat_ws('/', instance_id, generation) from app.settings),
    current_setting('capitelle.generation', true)), 'UTF8')), 'hex'), 16);
end;
$$;
comment on function private.current_epoch() is
  'Which life of the server this is. It changes when a backup is restored; private.begin_new_life() tells where nothing else would.';

create function private.begin_new_life()
returns text
language plpgsql
set search_path = ''
as $$
begin
  update app.settings set generation = gen_random_uuid();
  return private.current_epoch();
end;
$$;
comment on function private.begin_new_life() is
  'To be called by the owner of the database after it was put back from a backup, before anybody is let in: phones then ask what was forgotten, and send it again. Returns the new epoch.';
revoke all on function private.begin_new_life() from public;
