create type private.sync_cursor as (xid xid8, seq bigint);
comment on type private.sync_cursor is 'Place in the feed: transaction, then order inside it. On the wire an opaque string.';

create function private.cursor_text(xid xid8, seq bigint)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return xid::text || '.' || seq::text;
end;
$$;
comment on function private.cursor_text(xid8, bigint) is 'A cursor as the wire carries it. A string: JSON numbers round beyond 2^53.';

create function private.read_cursor(given text)
returns private.sync_cursor
language plpgsql
immutable
set search_path = ''
as $$
begin
  if given is null then
    return row('0'::xid8, 0)::private.sync_cursor;
  end if;
  if given !~ '^[0-9]{1,19}\.[0-9]{1,18}$' then
    return null;
  end if;
  return row(split_part(given, '.', 1)::xid8, split_part(given, '.', 2)::bigint)::private.sync_cursor;
end;
$$;
comment on function private.read_cursor(text) is 'A cursor from the wire: the beginning when there is none, null when it is not one of ours.';

create function private.horizon()
returns xid8
language plpgsql
stable
set search_path = ''
as $$
begin
  return pg_snapshot_xmin(pg_current_snapshot());
end;
$$;
comment on function private.horizon() is
  'Every transaction before this one has ended: a cursor may pass its changes without missing one that commits late (invariant I6).';

create function private.is_cursor_possible(given text)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return coalesce((private.read_cursor(given)).xid <= pg_snapshot_xmax(pg_current_snapshot()), false);
end;
$$;
comment on function private.is_cursor_possible(text) is
  'Whether this server can have issued the cursor: one beyond its own next transaction comes from a life that a restored backup has erased.';

alter table app.settings add column instance_id uuid not null default gen_random_uuid();
comment on column app.settings.instance_id is
  'Drawn when the database is made: two data folders made from the same embedded image share a system identifier.';

create function private.cluster_identity()
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  -- Names no row and no person: safe whoever calls.
  return (select c.system_identifier from pg_control_system() as c)
    || '.' || (select c.timeline_id from pg_control_checkpoint() as c);
exception when others then
  return 'unknown';
end;
$$;
comment on function private.cluster_identity() is
  'System identifier and timeline of the cluster (a point-in-time recovery opens a new timeline); "unknown" where the platform does not tell.';

create function private.current_epoch()
returns text
language sql
stable
security definer
set search_path = ''
as $$
  -- A hash that tells nothing of what it is made of: safe whoever calls. A value kept in a table would be
  -- restored with it, hence the oids (a logical restore makes new ones) and the generation, kept outside.
  select left(encode(sha256(convert_to(concat_ws('/',
    private.cluster_identity(),
    (select oid from pg_database where datname = current_database()),
    'app.changes'::regclass::oid,
    (select instance_id from app.settings),
    current_setting('capitelle.generation', true)), 'UTF8')), 'hex'), 16);
$$;
comment on function private.current_epoch() is
  'Which life of the server this is. It changes when a backup is restored; the restore command sets the parameter capitelle.generation where nothing else would tell.';

create function private.visibility_epoch(who uuid)
returns int
language sql
stable
set search_path = ''
as $$ select coalesce((select p.visibility_epoch from app.profiles as p where p.user_id = who), 1); $$;
comment on function private.visibility_epoch(uuid) is 'Bumped when what the person may see changes as a whole: their devices take snapshots again.';

revoke all on function private.cursor_text(xid8, bigint), private.read_cursor(text), private.horizon(),
  private.is_cursor_possible(text), private.cluster_identity(), private.current_epoch(), private.visibility_epoch(uuid) from public;
