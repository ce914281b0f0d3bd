create or replace function public.sync_push(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$
  select private.sync_push(p) || jsonb_build_object('server_time',
    to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
$$;
comment on function public.sync_push(jsonb) is
  'Sends contributions (contract §3, auth): {device_id, client, mutations} → {epoch, user_id, results}; `server_time` dates the receipts of a phone whose clock is wrong.';
