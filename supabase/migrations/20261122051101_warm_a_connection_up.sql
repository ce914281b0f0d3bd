-- The first push of a connection costs 50 to 90 ms more than the next ones: PostGIS is loaded, functions are read, their
-- plans are made. Done on a pretence beforehand, nobody waits for it.
create function private.warm_up()
returns int
language plpgsql
set search_path = ''
as $$
declare
  who uuid := gen_random_uuid();
  centre extensions.geometry;
  place jsonb;
  answer jsonb;
begin
  begin
    -- Waits for nobody: what is locked is not worth it.
    set local lock_timeout = '50ms';
    select extensions.st_centroid(extent) into centre from app.settings;
    place := jsonb_build_object('lon', extensions.st_x(centre), 'lat', extensions.st_y(centre), 'accuracy_m', 8, 'source', 'map');
    insert into auth.users (id, email, email_confirmed_at) values (who, who || '@invalid', now());
    perform private.ensure_profile(who);
    insert into app.charter_acceptances (user_id, rev)
    select who, private.current_charter() where private.current_charter() is not null;
    perform set_config('request.jwt.claim.sub', who::text, true),
      set_config('request.jwt.claims', jsonb_build_object('sub', who, 'role', 'authenticated')::text, true);
    select public.sync_push(jsonb_build_object('device_id', 'warm-up', 'mutations', jsonb_agg(m))) into answer
    from (
      select jsonb_build_object('mutation_id', gen_random_uuid(), 'kind', 'create', 'point_id', new.id, 'theme', t.id,
        'captured_at', now(), 'patch', jsonb_build_object('geom', place)) as m
      from (select id from app.themes where is_active order by position, id limit 1) as t,
        lateral (values (gen_random_uuid()), (gen_random_uuid())) as new (id)) as sent;
    perform public.sync_pull('{"buckets": [{"id": "u:me"}]}');
    raise exception using errcode = 'CR002', message = 'undo';
  exception
    when others then
      if sqlstate <> 'CR002' then
        raise warning 'warm_up: % %', sqlstate, sqlerrm;
      end if;
  end;
  return (select count(*) from jsonb_array_elements(answer -> 'results') as r where r ->> 'status' = 'applied');
end;
$$;
comment on function private.warm_up() is
  'Makes a connection ready for contributions: pushes two captures of nobody in a savepoint and undoes it. Called by the local server when it opens a connection; returns how many were taken. The owner of the database only.';
revoke all on function private.warm_up() from public;
