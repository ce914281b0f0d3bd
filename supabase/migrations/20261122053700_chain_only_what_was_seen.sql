-- A receipt holds the rev at arrival. A comment or a confirmation is taken whatever was read, so a decision chained to one
-- (`seen_after`) was taken on content that its moderator had never seen. Decisions check what was seen, an edit that is
-- `applied` (not `merged`) was written on the current content: these alone are chained to.
create or replace function private.check_seen(p app.points, who uuid, m jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  seen int;
begin
  if coalesce(m -> 'seen_rev', 'null') <> 'null' then
    seen := private.to_count(m -> 'seen_rev', 2147483647);
  elsif coalesce(m -> 'seen_after', 'null') <> 'null' then
    select coalesce(r.rev, -1) into seen from app.receipts as r
    where r.mutation_id = private.to_uuid(m ->> 'seen_after') and r.user_id = who and r.point_id = p.id and r.status = 'applied'
      and exists (select from app.events as e
        where e.point_id = p.id and e.mutation_id = r.mutation_id and e.action in
          ('create', 'edit', 'publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss')
          and (e.action <> 'edit' or e.diff is not null));
    seen := coalesce(seen, -1);
  end if;
  if seen is null then
    perform private.reject('invalid_patch', 'Une décision dit ce qu’elle a vu : seen_rev ou seen_after.');
  elsif seen <> p.rev then
    perform private.reject('stale_review', 'Le contenu a changé depuis la lecture.');
  end if;
end;
$$;
