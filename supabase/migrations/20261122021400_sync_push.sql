create function private.lock_points(ids uuid[])
returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  id uuid;
  busy uuid[] := '{}';
begin
  -- Sorted, so that two calls never wait for each other.
  foreach id in array array(select distinct one from unnest(ids) as one where one is not null order by one) loop
    if not pg_try_advisory_xact_lock(hashtextextended(id::text, 0)) then
      begin
        perform pg_advisory_xact_lock(hashtextextended(id::text, 0));
      exception
        when lock_not_available or deadlock_detected then
          busy := busy || id;
      end;
    end if;
  end loop;
  return busy;
end;
$$;
comment on function private.lock_points(uuid[]) is 'Takes the points of a push one call at a time; returns those that another call holds too long.';

create function private.account_problem(who uuid)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when not private.has_verified_email(who) then 'not_allowed'
    when not private.has_current_charter(who) then 'charter_required'
    when not private.is_contributor(who) then 'not_allowed' end;
$$;
comment on function private.account_problem(uuid) is
  'Why nothing of this person is taken for now (e-mail not verified, charter not accepted, not invited), or null.';

create function private.is_client_too_old(version text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(
    case when version ~ '^\d{1,6}(\.\d{1,6}){0,3}' then string_to_array(substring(version from '^[\d.]*\d'), '.')::int[] end
      < string_to_array(min_client_version, '.')::int[], false)
  from app.settings;
$$;
comment on function private.is_client_too_old(text) is 'Whether the instance asks for a later client (setting min_client_version).';

create function private.refusal(code text, message text default null)
returns jsonb
language sql
immutable
set search_path = ''
as $$ select jsonb_strip_nulls(jsonb_build_object('status', 'rejected', 'code', code, 'message', nullif(message, ''))); $$;
comment on function private.refusal(text, text) is 'The result of a mutation that is refused.';

create function private.postponement(code text, seconds int)
returns jsonb
language sql
immutable
set search_path = ''
as $$ select jsonb_build_object('status', 'retry', 'code', code, 'retry_after_s', seconds); $$;
comment on function private.postponement(text, int) is 'The result of a mutation to send again later.';

create function private.keep_receipt(who uuid, device text, m jsonb, result jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if result ->> 'status' = 'retry'
    or result ->> 'code' in ('charter_required', 'client_too_old', 'unknown_theme', 'unknown_point') then
    return;
  end if;
  insert into app.receipts
    (mutation_id, user_id, point_id, device_id, payload_hash, status, code, message, rev, revision_id, conflicts)
  values (private.to_uuid(m ->> 'mutation_id'), who, private.to_uuid(m ->> 'point_id'), left(device, 100),
    sha256(convert_to(m::text, 'UTF8')), result ->> 'status', result ->> 'code', result ->> 'message',
    (result ->> 'rev')::int, (result ->> 'revision_id')::uuid, result -> 'conflicts')
  on conflict (mutation_id) do nothing;
  if not found and result ->> 'status' <> 'rejected' then
    raise unique_violation using message = 'another call applied this contribution meanwhile';
  end if;
end;
$$;
comment on function private.keep_receipt(uuid, text, jsonb, jsonb) is
  'Stores the answer with the effect, unless it may change when the same mutation is sent again (contract §3). Raises unique_violation when the id has served meanwhile, so that the effect is undone.';

create function private.apply_mutation(who uuid, device text, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  result jsonb;
  refusal text;
  details text;
begin
  result := case m ->> 'kind'
    when 'create' then private.push_create(who, m)
    when 'edit' then private.push_edit(who, m)
    when 'confirm' then private.push_confirm(who, m)
    when 'withdraw' then private.push_withdraw(who, m)
    when 'comment' then private.push_comment(who, m)
    when 'decide' then private.push_decide(who, m)
  end;
  perform private.keep_receipt(who, device, m, result);
  return result;
exception
  when sqlstate 'CR001' then
    get stacked diagnostics refusal = message_text, details = pg_exception_detail;
    return private.refusal(refusal, details);
  when serialization_failure or deadlock_detected or lock_not_available or unique_violation or insufficient_resources then
    return private.postponement('busy', 2);
  when data_exception or integrity_constraint_violation then
    get stacked diagnostics details = message_text;
    raise warning 'mutation % refused: % %', m ->> 'mutation_id', sqlstate, details;
    return private.refusal('invalid_patch', 'Le contenu de cette contribution ne peut pas être enregistré.');
  when others then
    get stacked diagnostics details = message_text;
    raise warning 'mutation % postponed: % %', m ->> 'mutation_id', sqlstate, details;
    return private.postponement('busy', 60);
end;
$$;
comment on function private.apply_mutation(uuid, text, jsonb) is
  'One mutation in its own savepoint, with its receipt. Nothing of one that fails stays, and none makes the call fail: an error of ours is `retry`, so that no work is lost.';

create function private.replayed(r app.receipts)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_strip_nulls(jsonb_build_object('status', r.status, 'code', r.code, 'message', r.message, 'rev', r.rev,
      'revision_id', r.revision_id))
    || case when r.conflicts is not null then jsonb_build_object('conflicts', r.conflicts) else '{}' end;
$$;
comment on function private.replayed(app.receipts) is 'What a mutation that was already answered is answered again.';

create function private.push_one(who uuid, device text, m jsonb, account_code text, is_too_old boolean, busy uuid[], halted uuid[])
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  mutation uuid := private.to_uuid(m ->> 'mutation_id');
  point uuid := private.to_uuid(m ->> 'point_id');
  r app.receipts;
  result jsonb;
begin
  if mutation is null then
    return private.refusal('invalid_patch', 'mutation_id : un UUID.');
  end if;
  select * into r from app.receipts where mutation_id = mutation;
  if found then
    return case when r.user_id = who and r.payload_hash = sha256(convert_to(m::text, 'UTF8')) then private.replayed(r)
      else private.refusal('payload_mismatch', 'Cet identifiant de contribution a déjà servi.') end;
  elsif is_too_old or coalesce(m -> 'v', '1') <> '1'
    or m ->> 'kind' not in ('create', 'edit', 'confirm', 'withdraw', 'comment', 'decide') then
    -- Not stored: a kind that this server does not take yet is evaluated again once it does.
    return private.refusal('client_too_old', 'Le serveur ne comprend pas cette contribution : mettez l’application à jour.');
  elsif account_code is not null then
    return private.refusal(account_code);
  elsif point = any (busy) then
    return private.postponement('busy', 2);
  elsif point = any (halted) then
    return private.postponement('blocked', 2);
  end if;
  result := case
    when point is null then private.refusal('invalid_patch', 'point_id : un UUID.')
    when m ->> 'kind' is null then private.refusal('invalid_patch', 'kind manque.')
    else private.apply_mutation(who, device, m) end;
  if result ->> 'status' = 'rejected' then
    perform private.keep_receipt(who, device, m, result);
  end if;
  return result;
end;
$$;
comment on function private.push_one(uuid, text, jsonb, text, boolean, uuid[], uuid[]) is
  'The result of one mutation: its receipt if it has one, a refusal that depends on the account or the client, or its effect.';

create function private.with_point(result jsonb, m jsonb, who uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  point uuid;
  p app.points;
begin
  result := jsonb_build_object('mutation_id', m -> 'mutation_id') || result;
  if result ->> 'status' in ('applied', 'merged', 'pending', 'conflict') or result ->> 'code' = 'stale_review' then
    point := private.to_uuid(m ->> 'point_id');
    select * into p from app.points where id = point;
    result := result || jsonb_build_object('point', private.point_json(p, who));
  end if;
  return result;
end;
$$;
comment on function private.with_point(jsonb, jsonb, uuid) is 'A result with the row as the caller now sees it.';

create function private.check_push(p jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if jsonb_typeof(p) is distinct from 'object' or jsonb_typeof(p -> 'mutations') is distinct from 'array'
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

create function private.sync_push(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
set lock_timeout = '4s'
as $$
declare
  who uuid := private.require_user();
  account_code text;
  is_too_old boolean := private.is_client_too_old(p -> 'client' ->> 'version');
  busy uuid[];
  halted uuid[] := '{}';
  results jsonb := '[]';
  result jsonb;
  m jsonb;
begin
  perform private.check_push(p);
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
  return jsonb_build_object('epoch', private.current_epoch(), 'user_id', who, 'results', results);
end;
$$;
comment on function private.sync_push(jsonb) is
  'Takes the contributions of a device: one result per mutation, in order; each applied exactly once however often it is sent.';

create function public.sync_push(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.sync_push(p); $$;
comment on function public.sync_push(jsonb) is
  'Sends contributions (contract §3, auth): {device_id, client, mutations} → {epoch, user_id, results}.';

revoke all on function private.lock_points(uuid[]), private.account_problem(uuid), private.is_client_too_old(text),
  private.refusal(text, text), private.postponement(text, int), private.apply_mutation(uuid, text, jsonb),
  private.replayed(app.receipts), private.keep_receipt(uuid, text, jsonb, jsonb),
  private.push_one(uuid, text, jsonb, text, boolean, uuid[], uuid[]), private.with_point(jsonb, jsonb, uuid),
  private.check_push(jsonb), private.sync_push(jsonb), public.sync_push(jsonb) from public;
grant execute on function private.sync_push(jsonb), public.sync_push(jsonb) to anon, authenticated, service_role;
