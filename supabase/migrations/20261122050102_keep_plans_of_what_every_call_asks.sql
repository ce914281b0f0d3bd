-- A function in SQL that cannot be inlined is planned anew at each call; plpgsql keeps its plans for the session.
create or replace function private.ensure_profile(who uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- Nothing but an empty row, and only for someone who exists: safe whoever calls.
  if not exists (select from app.profiles where user_id = who) then
    insert into app.profiles (user_id) select id from auth.users where id = who
    on conflict (user_id) do nothing;
  end if;
end;
$$;

create or replace function private.has_verified_email(who uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return exists (select from auth.users where id = who and email_confirmed_at is not null);
end;
$$;

create or replace function private.current_charter()
returns int
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return (select max(rev) from app.charters);
end;
$$;

create or replace function private.has_current_charter(who uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  current int := private.current_charter();
begin
  return current is null or exists (select from app.charter_acceptances where user_id = who and rev = current);
end;
$$;

create or replace function private.is_contributor(who uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return private.has_verified_email(who) and private.has_current_charter(who)
    and ((select contribution from app.settings) = 'verified' or exists (select from app.memberships where user_id = who));
end;
$$;

create or replace function private.account_problem(who uuid)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return case
    when not private.has_verified_email(who) then 'not_allowed'
    when not private.has_current_charter(who) then 'charter_required'
    when not private.is_contributor(who) then 'not_allowed' end;
end;
$$;

create or replace function private.is_client_too_old(version text)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(
      case when version ~ '^\d{1,6}(\.\d{1,6}){0,3}' then string_to_array(substring(version from '^[\d.]*\d'), '.')::int[] end
        < string_to_array(min_client_version, '.')::int[], false)
    from app.settings);
end;
$$;

create or replace function private.current_epoch()
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  -- A hash that tells nothing of what it is made of: safe whoever calls. A value kept in a table would be
  -- restored with it, hence the oids (a logical restore makes new ones) and the generation, kept outside.
  return left(encode(sha256(convert_to(concat_ws('/',
    private.cluster_identity(),
    (select oid from pg_database where datname = current_database()),
    'app.changes'::regclass::oid,
    (select instance_id from app.settings),
    current_setting('capitelle.generation', true)), 'UTF8')), 'hex'), 16);
end;
$$;

create or replace function private.visibility_epoch(who uuid)
returns int
language plpgsql
stable
set search_path = ''
as $$
begin
  return coalesce((select p.visibility_epoch from app.profiles as p where p.user_id = who), 1);
end;
$$;

create or replace function private.pull_epoch_matches(p jsonb, viewer uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
declare
  epoch text := private.current_epoch();
  visibility text := private.visibility_epoch(viewer)::text;
begin
  return coalesce(p ->> 'epoch', epoch) = epoch and coalesce(p ->> 'visibility_epoch', visibility) = visibility;
end;
$$;

create or replace function private.refused_by_epoch(p jsonb, epoch text)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  if coalesce(p ->> 'epoch', epoch) = epoch then
    return '[]';
  end if;
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object('mutation_id', m -> 'mutation_id', 'status', 'retry', 'code', 'epoch_changed') order by n), '[]')
    from jsonb_array_elements(p -> 'mutations') with ordinality as sent (m, n));
end;
$$;

create or replace function private.to_uuid(value text)
returns uuid
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case when value ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then value::uuid end;
end;
$$;

create or replace function public.sync_push(p jsonb default '{}')
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
  return private.sync_push(p) || jsonb_build_object('server_time',
    to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
end;
$$;

create or replace function public.sync_pull(p jsonb default '{}')
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return private.sync_pull(p) || jsonb_build_object('server_time',
    to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
end;
$$;

create or replace function private.geom_json(
  geom extensions.geometry, accuracy_m real, position_source text, heading_deg real default null, moved_m real default null)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, extensions
as $$
declare
  place jsonb := jsonb_build_object(
    'lon', round(st_x(geom)::numeric, 7), 'lat', round(st_y(geom)::numeric, 7), 'accuracy_m', accuracy_m, 'source', position_source);
begin
  if heading_deg is null and moved_m is null then
    return place;
  end if;
  return place || jsonb_strip_nulls(jsonb_build_object('heading_deg', heading_deg, 'moved_m', moved_m));
end;
$$;
