-- Whoever reads the history of a point reads that its term was replaced by another in the vocabulary.
create or replace function private.public_history_json(p app.points)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'at', private.day(e.at),
    'actor', case
      when e.actor_kind = 'moderator' then 'modération'
      when who.named then who.display_name end,
    'actor_kind', e.actor_kind,
    'action', e.action,
    'from', case when e.from_status in ('published', 'archived', 'destroyed') then e.from_status end,
    'to', e.to_status,
    'reason', e.reason,
    'comment', null,
    'rev', e.rev,
    'diff', case when e.from_status in ('published', 'archived', 'destroyed') or e.action = 'confirm' then private.public_diff(p, e.diff) end
  ) order by e.id), '[]')
  from app.events as e
  left join app.profiles as who on who.user_id = e.actor
  where e.point_id = p.id
    and e.at >= p.first_published_at
    and e.to_status in ('published', 'archived', 'destroyed')
    -- What was proposed, commented or refused never became public: neither does its trace.
    and e.action in ('create', 'publish', 'edit', 'archive', 'destroy', 'restore', 'confirm', 'load', 'merge', 'unmerge', 'remap');
$$;
