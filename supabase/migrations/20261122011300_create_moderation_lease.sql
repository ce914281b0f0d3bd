create function private.lease_json(point uuid, viewer uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object('holder', coalesce(who.display_name, 'modération'), 'until', private.instant(l.until),
      'mine', l.holder = viewer)
    from app.leases as l
    left join app.profiles as who on who.user_id = l.holder
    where l.point_id = point and l.until > now());
end;
$$;
comment on function private.lease_json(uuid, uuid) is 'Who is reading the point, null when nobody is.';

create function private.moderation_lease(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  point app.points := private.require_scope(private.arg_uuid(p, 'point_id'), me);
  lease jsonb;
begin
  if p -> 'release' = 'true' then
    delete from app.leases where point_id = point.id and holder = me;
  else
    insert into app.leases as held (point_id, holder, until)
    values (point.id, me, now() + interval '5 minutes')
    on conflict (point_id) do update set holder = excluded.holder, until = excluded.until
    where held.holder = me or held.until <= now();
  end if;
  lease := private.lease_json(point.id, me);
  return jsonb_build_object('granted', coalesce((lease -> 'mine')::boolean, false),
    'until', lease -> 'until', 'holder', lease -> 'holder');
end;
$$;
comment on function private.moderation_lease(jsonb) is
  'Says for five minutes who is reading an item. Advisory: it never refuses a decision. Checks: signed in, moderator in scope.';

create function public.moderation_lease(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.moderation_lease(p); $$;
comment on function public.moderation_lease(jsonb) is 'Contract §4: {point_id, release?} → {granted, until, holder}. Moderators in scope.';

revoke all on function private.lease_json(uuid, uuid), private.moderation_lease(jsonb), public.moderation_lease(jsonb) from public;
grant execute on function private.moderation_lease(jsonb), public.moderation_lease(jsonb) to anon, authenticated, service_role;
