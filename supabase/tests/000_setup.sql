-- Helpers of the other files, kept (not rolled back): accounts, and speaking as one of them.
create schema if not exists tests;
grant usage on schema tests, extensions to anon, authenticated, service_role;
grant execute on all functions in schema extensions to anon, authenticated, service_role;

create or replace function tests.user(email text, is_verified boolean default true, has_charter boolean default true)
returns uuid
language plpgsql
as $$
declare
  id uuid := gen_random_uuid();
begin
  insert into auth.users (id, email, email_confirmed_at) values (id, email, case when is_verified then now() end);
  perform private.ensure_profile(id);
  if has_charter then
    insert into app.charter_acceptances (user_id, rev) values (id, private.current_charter());
  end if;
  return id;
end;
$$;
comment on function tests.user(text, boolean, boolean) is 'A new account, by default a contributor.';

create or replace function tests.member(who uuid, group_name text, role text, territories text[] default '{*}')
returns void
language sql
as $$ insert into app.memberships (user_id, group_id, role, territories) values (who, group_name, role, territories); $$;
comment on function tests.member(uuid, text, text, text[]) is 'Gives a role in a working group.';

create or replace function tests.as_user(who uuid)
returns void
language sql
as $$
  select set_config('request.jwt.claim.sub', who::text, true), set_config('request.jwt.claim.role', 'authenticated', true),
    set_config('request.jwt.claims', json_build_object('sub', who, 'role', 'authenticated')::text, true),
    set_config('role', 'authenticated', true);
$$;
comment on function tests.as_user(uuid) is 'What follows runs as this person does through the API.';

create or replace function tests.as_anon()
returns void
language sql
as $$
  select set_config('request.jwt.claim.sub', '', true), set_config('request.jwt.claim.role', 'anon', true),
    set_config('request.jwt.claims', '{"role": "anon"}', true), set_config('role', 'anon', true);
$$;
comment on function tests.as_anon() is 'What follows runs as somebody without account does through the API.';

create or replace function tests.as_service()
returns void
language sql
as $$
  select set_config('request.jwt.claim.sub', '', true), set_config('request.jwt.claim.role', 'service_role', true),
    set_config('request.jwt.claims', '{"role": "service_role"}', true), set_config('role', 'service_role', true);
$$;
comment on function tests.as_service() is 'What follows runs as the functions do with the service key.';

create or replace function tests.as_owner()
returns void
language sql
as $$
  select set_config('request.jwt.claim.sub', '', true), set_config('request.jwt.claim.role', '', true),
    set_config('request.jwt.claims', '', true), set_config('role', 'none', true);
$$;
comment on function tests.as_owner() is 'What follows runs as the owner of the database again.';

create or replace function tests.point(
  theme text, lon float8, lat float8, status text default 'published', concept text default null, author uuid default null,
  attributes jsonb default '{}', sensitivity text default 'open')
returns uuid
language plpgsql
as $$
declare
  id uuid := gen_random_uuid();
begin
  insert into app.points (id, theme, author, status, concept, geom, accuracy_m, position_source, attributes, sensitivity, captured_at)
  values (id, theme, author, status, concept, extensions.st_setsrid(extensions.st_makepoint(lon, lat), 4326), 8, 'gps',
    attributes, sensitivity, '2026-05-02 10:11:12Z');
  return id;
end;
$$;
comment on function tests.point(text, float8, float8, text, text, uuid, jsonb, text) is 'A point as it would be after its history, without that history.';

create or replace function tests.mutation(kind text, point uuid, fields jsonb default '{}', id uuid default gen_random_uuid())
returns jsonb
language sql
as $$
  select jsonb_build_object('mutation_id', id, 'v', 1, 'kind', kind, 'point_id', point, 'captured_at', '2026-05-02T10:11:12.000Z') || fields;
$$;
comment on function tests.mutation(text, uuid, jsonb, uuid) is 'A contribution as a device sends it.';

create or replace function tests.push(who uuid, variadic mutations jsonb[])
returns jsonb
language plpgsql
as $$
declare
  answer jsonb;
begin
  perform tests.as_user(who);
  answer := public.sync_push(jsonb_build_object('device_id', 'test', 'client', '{"name": "test", "version": "1.0.0"}'::jsonb,
    'mutations', to_jsonb(mutations)));
  perform tests.as_owner();
  return answer -> 'results';
end;
$$;
comment on function tests.push(uuid, jsonb[]) is 'The results that a device of this person gets for its contributions.';

create or replace function tests.said(results jsonb)
returns text
language sql
as $$
  select string_agg(concat_ws(' ', r ->> 'status', r ->> 'code'), ', ' order by n)
  from jsonb_array_elements(results) with ordinality as list (r, n);
$$;
comment on function tests.said(jsonb) is 'Results in words: "applied, rejected invalid_patch".';

create or replace function tests.geom(lon float8 default 2.1, lat float8 default 43.6, accuracy_m float8 default 8)
returns jsonb
language sql
as $$ select jsonb_build_object('lon', lon, 'lat', lat, 'accuracy_m', accuracy_m, 'source', 'gps'); $$;
comment on function tests.geom(float8, float8, float8) is 'A position by GPS.';

create or replace function tests.attributes(point uuid)
returns jsonb
language sql
security definer
as $$ select attributes from app.points where id = point; $$;
comment on function tests.attributes(uuid) is 'What the point says now.';

create or replace function tests.rev(point uuid)
returns int
language sql
security definer
as $$ select rev from app.points where id = point; $$;
comment on function tests.rev(uuid) is 'Content counter of a point.';

grant execute on all functions in schema tests to anon, authenticated, service_role;
