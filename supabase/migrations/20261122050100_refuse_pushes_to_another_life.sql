create function private.refused_by_epoch(p jsonb, epoch text)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(
    jsonb_build_object('mutation_id', m -> 'mutation_id', 'status', 'retry', 'code', 'epoch_changed') order by n), '[]')
  from jsonb_array_elements(p -> 'mutations') with ordinality as sent (m, n)
  where p ->> 'epoch' <> epoch;
$$;
comment on function private.refused_by_epoch(jsonb, text) is
  'The results of a push that was meant for another life of this server (field `epoch`): nothing of it is applied, since what a restored backup has forgotten must come before what waited. Empty when it speaks to this life, or names none.';
revoke all on function private.refused_by_epoch(jsonb, text) from public;

create or replace function private.check_push(p jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if jsonb_typeof(p) is distinct from 'object' or jsonb_typeof(p -> 'mutations') is distinct from 'array'
    or coalesce(jsonb_typeof(p -> 'epoch'), 'null') not in ('string', 'null')
    or exists (select from jsonb_array_elements(p -> 'mutations') as m where jsonb_typeof(m) <> 'object') then
    perform private.fail(400, 'invalid_argument', 'Un objet {device_id, client, mutations: [...]} est attendu.');
  end if;
  -- jsonb writes a space after each colon and comma, which the body did not have.
  if jsonb_array_length(p -> 'mutations') > 50
    or octet_length(p::text) > 524288
    or octet_length(p::text) > 262144 and octet_length(regexp_replace(p::text, '([:,]) ', '\1', 'g')) > 262144 then
    perform private.fail(413, 'too_large', 'Au plus 50 contributions et 256 Ko par envoi.');
  end if;
end;
$$;
comment on function private.check_push(jsonb) is 'Refuses a push as a whole when its body is malformed or too large.';

create or replace function private.sync_push(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
set lock_timeout = '4s'
as $$
declare
  who uuid := private.require_user();
  epoch text := private.current_epoch();
  account_code text;
  is_too_old boolean := private.is_client_too_old(p -> 'client' ->> 'version');
  busy uuid[];
  halted uuid[] := '{}';
  results jsonb;
  result jsonb;
  m jsonb;
begin
  perform private.check_push(p);
  results := private.refused_by_epoch(p, epoch);
  if results <> '[]' then
    return jsonb_build_object('epoch', epoch, 'user_id', who, 'results', results);
  end if;
  perform private.ensure_profile(who);
  account_code := private.account_problem(who);
  busy := private.lock_points(array(
    select private.to_uuid(one ->> 'point_id') from jsonb_array_elements(p -> 'mutations') as one));
  for m in select * from jsonb_array_elements(p -> 'mutations') loop
    result := private.push_one(who, p ->> 'device_id', m, account_code, is_too_old, busy, halted);
    if result ->> 'status' in ('rejected', 'retry') then
      halted := halted || private.to_uuid(m ->> 'point_id');
    end if;
    results := results || private.with_point(result, m, who);
  end loop;
  return jsonb_build_object('epoch', epoch, 'user_id', who, 'results', results);
end;
$$;
comment on function private.sync_push(jsonb) is
  'Takes the contributions of a device: one result per mutation, in order; each applied exactly once however often it is sent, none when the device speaks to another life of the server.';
