create function private.conflict_writer(c app.conflicts, viewer uuid, is_moderator boolean)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'theirs_at', private.instant(e.at),
      'theirs_by', jsonb_build_object(
        'kind', case when e.actor = viewer then 'self' else e.actor_kind end,
        'name', case when is_moderator or (who.named and e.actor_kind <> 'moderator') then who.display_name end))
    from app.events as e
    left join app.profiles as who on who.user_id = e.actor
    where e.point_id = c.point_id and e.diff ? c.field and e.mutation_id is distinct from c.mutation_id and e.at <= c.at
    order by e.id desc
    limit 1);
end;
$$;
comment on function private.conflict_writer(app.conflicts, uuid, boolean) is
  'Who gave the value that a conflict found on the server, and when: the viewer themself (another device), the author, a contributor or a moderator; a name where that person shows it.';

create or replace function private.point_conflicts_json(point uuid, viewer uuid, is_moderator boolean)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'mutation_id', c.mutation_id,
        'field', c.field,
        'base', c.base,
        'mine', c.mine,
        'theirs', c.theirs,
        'at', private.instant(c.at),
        'own', coalesce(c.user_id = viewer, false))
      || coalesce(private.conflict_writer(c, viewer, is_moderator), '{}')
      order by c.at, c.mutation_id, c.field), '[]')
    from app.conflicts as c
    where c.point_id = point and c.resolved_by is null and (is_moderator or c.user_id = viewer));
end;
$$;

revoke all on function private.conflict_writer(app.conflicts, uuid, boolean) from public;
