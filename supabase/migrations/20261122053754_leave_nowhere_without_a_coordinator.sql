-- Whoever coordinates everywhere could leave as soon as somebody coordinated one commune: the rest had nobody left.
create function private.is_last_coordinator(who uuid, group_name text, scope text[])
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from unnest(scope) as one
    where not exists (
      select from app.memberships as m
      where m.group_id = group_name and m.user_id <> who and m.role = 'coordinator' and private.covers_scope(m.territories, array[one])));
$$;
comment on function private.is_last_coordinator(uuid, text, text[]) is
  'Whether some territory of a scope would have nobody to coordinate it without this person.';

create or replace function private.set_member(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  asked_group text := private.arg_text(p, 'group');
  target uuid := private.arg_uuid(p, 'user_id');
  asked_role text := private.arg_role(p);
  scope text[] := private.arg_territories(p);
  is_removal boolean := coalesce(p -> 'remove' = 'true', false);
  was app.memberships;
begin
  perform private.lock_members(asked_group, me);
  select * into was from app.memberships where group_id = asked_group and user_id = target for update;
  if not found then
    perform private.fail(404, 'unknown_member', 'Cette personne n’est pas membre du groupe : invitez-la.');
  end if;
  if target = me then
    if not is_removal then
      perform private.fail(403, 'own_role', 'Personne ne change son propre rôle.');
    elsif private.is_last_coordinator(me, asked_group, was.territories) then
      perform private.fail(409, 'last_coordinator', 'Vous êtes seul à coordonner tout ou partie de votre périmètre : nommez d’abord quelqu’un.');
    end if;
  elsif not private.may_grant(me, asked_group, was.territories) or not private.may_grant(me, asked_group, coalesce(scope, was.territories)) then
    perform private.fail(403, 'beyond_scope', 'Ce périmètre dépasse le vôtre.');
  elsif not is_removal and asked_role is null and scope is null then
    perform private.invalid_argument('role, territories ou remove est attendu.');
  end if;
  if is_removal then
    delete from app.memberships where group_id = asked_group and user_id = target;
    return jsonb_build_object('member', null);
  end if;
  update app.memberships set role = coalesce(asked_role, role), territories = coalesce(scope, territories)
  where group_id = asked_group and user_id = target returning * into was;
  return jsonb_build_object('member', private.member_json(was, me));
end;
$$;
comment on function private.set_member(jsonb) is
  'Changes or ends somebody''s role in a group. Checks: signed in, coordinates the group over the person''s scope and the new one; nobody changes their own role, but may leave unless last in some territory of theirs.';

revoke all on function private.is_last_coordinator(uuid, text, text[]) from public;
