create function private.fail(http_status int, code text, details text default null, hint text default null)
returns void
language plpgsql
set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT' || http_status,
    message = code,
    detail = coalesce(details, ''),
    hint = coalesce(hint, '');
end;
$$;
comment on function private.fail(int, text, text, text) is
  'Ends the call with an HTTP status and a stable code (contract §2): PostgREST and @supabase/lite both read SQLSTATE PTxyz.';

create function private.require_user()
returns uuid
language plpgsql
stable
set search_path = ''
as $$
declare
  caller uuid := (select auth.uid());
begin
  if caller is null then
    perform private.fail(401, 'auth_required', 'Connectez-vous pour continuer.');
  end if;
  return caller;
end;
$$;
comment on function private.require_user() is 'The signed-in caller, or PT401 auth_required: never an empty success.';
revoke all on function private.fail(int, text, text, text), private.require_user() from public;
grant execute on function private.fail(int, text, text, text), private.require_user() to anon, authenticated, service_role;
