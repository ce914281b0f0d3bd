create function private.actor_label(e app.events, viewer uuid, is_moderator boolean)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select case
      when is_moderator or who.named or e.actor = viewer then who.display_name
      when e.actor_kind = 'moderator' then coalesce(who.display_name, 'modération') end
    from app.profiles as who where who.user_id = e.actor);
end;
$$;
comment on function private.actor_label(app.events, uuid, boolean) is
  'Who did it, for the author and the moderators of a point: a contributor who did not choose to be named stays unnamed to the author.';

create function private.full_history_json(point uuid, viewer uuid, is_moderator boolean)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'at', private.instant(e.at),
      'actor', private.actor_label(e, viewer, is_moderator),
      'actor_kind', e.actor_kind,
      'action', e.action,
      'from', e.from_status,
      'to', e.to_status,
      'reason', e.reason,
      'comment', e.comment,
      'rev', e.rev,
      'diff', e.diff,
      'revision_id', e.revision_id
    ) order by e.id), '[]')
    from app.events as e where e.point_id = point);
end;
$$;
comment on function private.full_history_json(uuid, uuid, boolean) is 'The whole history of a point, for its author and the moderators in scope.';

create function private.point_history(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  asked uuid := private.arg_uuid(p, 'point_id');
  point app.points;
begin
  select * into point from app.points where id = asked;
  if point.id is null or not private.can_see(point, me) then
    perform private.fail(404, 'point_not_found', 'Ce point n''existe pas ou n''est pas visible.');
  end if;
  return jsonb_build_object('events', case when private.is_insider(point, me)
    then private.full_history_json(point.id, me, private.moderates(me, point.theme, point.commune))
    else private.public_history_json(point) end);
end;
$$;
comment on function private.point_history(jsonb) is
  'History of a point. Checks: signed in; everything for the author and the moderators in scope, the public part for others, PT404 for who may not know of it.';

create function public.point_history(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.point_history(p); $$;
comment on function public.point_history(jsonb) is 'Contract §4: {point_id} → {events}. Signed-in callers, each what they may see.';

revoke all on function private.actor_label(app.events, uuid, boolean), private.full_history_json(uuid, uuid, boolean),
  private.point_history(jsonb), public.point_history(jsonb) from public;
grant execute on function private.point_history(jsonb), public.point_history(jsonb) to anon, authenticated, service_role;
