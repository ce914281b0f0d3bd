-- A role that came by invitation is news to whoever signs in; one that an administrator wrote is not.
create or replace function private.account_json(who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'user_id', p.user_id,
    'display_name', p.display_name,
    'named', p.named,
    'email_verified', private.has_verified_email(who),
    'has_password', (select coalesce(u.encrypted_password, '') <> '' from auth.users as u where u.id = who),
    'is_contributor', private.is_contributor(who),
    'visibility_epoch', p.visibility_epoch,
    'charter', (
      select jsonb_build_object(
        'accepted', (select max(a.rev) from app.charter_acceptances as a where a.user_id = who),
        'current', c.rev, 'data_licence', c.data_licence, 'photo_licence', c.photo_licence, 'texts', coalesce(c.texts, '{}'))
      from (select private.current_charter() as rev) as current left join app.charters as c on c.rev = current.rev),
    'memberships', (
      select coalesce(jsonb_agg(jsonb_build_object('group', m.group_id, 'role', m.role, 'territories', m.territories,
        'since', private.instant((select coalesce(max(c.at), m.created_at) from app.role_changes as c where c.group_id = m.group_id and c.user_id = who)),
        'invited_at', private.instant((select max(i.consumed_at) from app.invitations as i where i.group_id = m.group_id and i.consumed_by = who)))
        order by m.group_id), '[]')
      from app.memberships as m where m.user_id = who),
    'trust', private.trust_json(who),
    'counts', (
      select coalesce(jsonb_object_agg(s.status, s.n), '{}')
      from (select o.status, count(*) as n from app.points as o where o.author = who group by o.status) as s))
  from app.profiles as p
  where p.user_id = who;
$$;
