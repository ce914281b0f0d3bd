-- Three rooms: `app` holds the tables and is not exposed, `private` the helpers that RPCs call,
-- `public` the RPCs themselves. Extensions live apart so that no function of theirs is an RPC.
create schema if not exists extensions;
create schema app;
create schema private;

comment on schema app is 'Tables. Not exposed by the API; reached through the RPCs of schema public only.';
comment on schema private is 'Helpers. security definer lives here only, each with an explicit check of who calls.';

create extension if not exists postgis with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;

revoke all on schema app, private from public;
grant usage on schema private, extensions to anon, authenticated, service_role;

-- Supabase grants every new function of `public` to the API roles: take it back, each RPC then grants its own.
alter default privileges in schema public revoke all on functions from public, anon, authenticated, service_role;
alter default privileges in schema public revoke all on tables from public, anon, authenticated, service_role;
alter default privileges revoke execute on functions from public;
