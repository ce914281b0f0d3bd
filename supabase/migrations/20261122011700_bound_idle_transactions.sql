-- One writing transaction left open stalls every pull (the horizon waits for it): none may idle.
do $bound$
declare
  api_role text;
begin
  for api_role in select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role', 'authenticator') loop
    begin
      execute format('alter role %I in database %I set idle_in_transaction_session_timeout = %L',
        api_role, current_database(), '10s');
    exception when insufficient_privilege then
      -- A platform that keeps its roles to itself has its own bound; the pull says `stalled_s` all the same.
      raise notice 'idle_in_transaction_session_timeout of % is left as the platform has it', api_role;
    end;
  end loop;
end;
$bound$;
