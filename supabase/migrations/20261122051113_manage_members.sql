create function private.member_json(m app.memberships, viewer uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('user_id', m.user_id, 'name', who.display_name, 'email', u.email, 'role', m.role, 'territories', m.territories,
    'since', private.day(m.created_at), 'last_seen_on', who.last_seen_on, 'mine', m.user_id = viewer)
  from app.profiles as who join auth.users as u on u.id = who.user_id
  where who.user_id = m.user_id;
$$;
comment on function private.member_json(app.memberships, uuid) is 'A member as the coordinators of the group see them: how to reach them, and the last day they were here.';

create function private.members(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  asked text := private.arg_text(p, 'group');
begin
  if asked is not null and not private.is_coordinator_of(me, asked) then
    perform private.fail(403, 'not_allowed', 'Seule la coordination du groupe voit ses membres.');
  end if;
  return jsonb_build_object('groups', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'group', g.id,
      'labels', g.labels,
      'members', (select coalesce(jsonb_agg(private.member_json(m, me) order by private.role_rank(m.role) desc, m.created_at, m.user_id), '[]')
        from app.memberships as m where m.group_id = g.id),
      'invitations', (select coalesce(jsonb_agg(private.invitation_json(i) order by i.created_at desc), '[]')
        from app.invitations as i where i.group_id = g.id and i.consumed_at is null and i.revoked_at is null),
      'changes', (select coalesce(jsonb_agg(jsonb_build_object('at', private.instant(c.at), 'actor', by.display_name, 'name', who.display_name,
          'from', c.from_role, 'to', c.to_role, 'territories', c.to_territories) order by c.id desc), '[]')
        from (select * from app.role_changes where group_id = g.id order by id desc limit 50) as c
        left join app.profiles as by on by.user_id = c.actor
        left join app.profiles as who on who.user_id = c.user_id)) order by g.id), '[]')
    from app.groups as g
    where (asked is null or g.id = asked) and private.is_coordinator_of(me, g.id)));
end;
$$;
comment on function private.members(jsonb) is 'Members, open invitations and last changes of roles. Checks: signed in; only groups that the caller coordinates.';

create function public.members(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.members(p); $$;
comment on function public.members(jsonb) is
  '{group?} → {groups: [{group, labels, members: [{user_id, name, email, role, territories, since, last_seen_on, mine}], invitations: […], changes: [{at, actor, name, from, to, territories}]}]} of the groups that the caller coordinates.';

create function private.set_member(p jsonb)
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
    elsif not exists (select from app.memberships where group_id = asked_group and role = 'coordinator' and user_id <> me) then
      perform private.fail(409, 'last_coordinator', 'Vous êtes seul à coordonner ce groupe : nommez d’abord quelqu’un.');
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
  'Changes or ends somebody''s role in a group. Checks: signed in, coordinates the group over the person''s scope and the new one; nobody changes their own role, but may leave unless last.';

create function public.member_set(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.set_member(p); $$;
comment on function public.member_set(jsonb) is
  '{group, user_id, role?, territories?} → {member}; {group, user_id, remove: true} → {member: null}, oneself included. Coordinators. PT403 own_role, beyond_scope; PT404 unknown_member, unknown_group; PT409 last_coordinator.';

revoke all on function private.member_json(app.memberships, uuid), private.members(jsonb), public.members(jsonb),
  private.set_member(jsonb), public.member_set(jsonb) from public;
grant execute on function private.members(jsonb), public.members(jsonb), private.set_member(jsonb), public.member_set(jsonb)
  to anon, authenticated, service_role;
