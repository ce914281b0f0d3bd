create function private.joined_scopes(held text[], offered text[])
returns text[]
language sql
stable
set search_path = ''
as $$
  select case
    when private.covers_scope(offered, held) then offered
    when private.covers_scope(held, offered) then held
    else array(select distinct one from unnest(held || offered) as one order by one) end;
$$;
comment on function private.joined_scopes(text[], text[]) is 'Two scopes together; the wider one where it holds the other.';

create or replace function private.consume_invitations(who uuid)
returns int
language plpgsql
security definer
set search_path = ''
as $$
declare
  i app.invitations;
  taken int := 0;
begin
  -- Only what was offered to the verified address of who is named: safe whoever calls.
  for i in
    select inv.* from auth.users as u
    join app.invitations as inv on inv.email = lower(u.email)
    where u.id = who and u.email_confirmed_at is not null and inv.consumed_at is null and inv.revoked_at is null
    order by inv.group_id
    for update of inv
  loop
    if i.expires_at <= now() then
      continue;
    elsif i.invited_by is null or i.invited_by = who or not private.may_grant(i.invited_by, i.group_id, i.territories) then
      -- Who offered it has lost the right to.
      update app.invitations set revoked_at = now(), email = null where id = i.id;
      continue;
    end if;
    perform private.ensure_profile(who);
    insert into app.memberships as held (user_id, group_id, role, territories) values (who, i.group_id, i.role, i.territories)
    -- An invitation adds to what somebody holds, and takes nothing away.
    on conflict (user_id, group_id) do update set role = excluded.role,
      territories = private.joined_scopes(held.territories, excluded.territories)
      where private.role_rank(held.role) = private.role_rank(excluded.role)
        -- The higher role counts on all that is held: who offered it must be able to grant it there.
        or private.role_rank(held.role) < private.role_rank(excluded.role)
          and private.may_grant(i.invited_by, i.group_id, held.territories);
    if not found and exists (
      select from app.memberships as held
      where held.user_id = who and held.group_id = i.group_id and private.role_rank(held.role) < private.role_rank(i.role)) then
      -- It stays unused, and runs out in sight of the coordinators, one of whom may offer more.
      continue;
    end if;
    update app.invitations set consumed_at = now(), consumed_by = who, email = null where id = i.id;
    taken := taken + 1;
  end loop;
  return taken;
end;
$$;
comment on function private.consume_invitations(uuid) is
  'Gives the person the roles that were offered to their verified address, if who offered them still may; takes no territory away. Returns how many.';

revoke all on function private.joined_scopes(text[], text[]) from public;
