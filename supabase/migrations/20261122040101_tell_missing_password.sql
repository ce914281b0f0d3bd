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
      select coalesce(jsonb_agg(jsonb_build_object('group', m.group_id, 'role', m.role, 'territories', m.territories) order by m.group_id), '[]')
      from app.memberships as m where m.user_id = who),
    'trust', '{}'::jsonb,
    'counts', (
      select coalesce(jsonb_object_agg(s.status, s.n), '{}')
      from (select o.status, count(*) as n from app.points as o where o.author = who group by o.status) as s))
  from app.profiles as p
  where p.user_id = who;
$$;
comment on function private.account_json(uuid) is
  'What `me` answers (contract §6): profile, charter, roles, how many of the person''s points are in each state, and whether a password is set (an address proven late loses the one set before).';
