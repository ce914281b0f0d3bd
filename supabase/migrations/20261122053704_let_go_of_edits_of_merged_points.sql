-- An edit that waited on a point which was merged since could not be taken back by its author, who sees that point no
-- more, and to clear it counted as a refusal of what they gave.
create or replace function private.push_withdraw(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  was app.points;
  p app.points;
  is_whole boolean := coalesce(m -> 'revision_id', 'null') = 'null';
begin
  if is_whole or not exists (
    select from app.revisions where id = private.to_uuid(m ->> 'revision_id') and point_id = (m ->> 'point_id')::uuid and author = who) then
    was := private.lock_point((m ->> 'point_id')::uuid, who);
  else
    select * into was from app.points where id = (m ->> 'point_id')::uuid for update;
  end if;
  p := case when is_whole then private.withdraw_point(was, who) else private.withdraw_revision(was, who, m) end;
  if is_whole then
    perform private.free_duplicates(p, who, m);
    select * into p from app.points where id = was.id;
  end if;
  perform private.record_event(p, who, 'withdraw', was.status, mutation_id => (m ->> 'mutation_id')::uuid,
    revision_id => private.to_uuid(m ->> 'revision_id'));
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;

create or replace function private.outcome_of(was app.points, p app.points, i app.queue, m jsonb, waiting uuid[])
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return case
    when i.kind is null or i.kind not in ('new', 'edit') then null
    -- Beside a point that was merged, archived or destroyed it can only be refused: that is nobody's mistake.
    when i.kind = 'edit' and was.status <> 'published' then null
    when m ->> 'decision' = 'reject' then 'refused'
    when m ->> 'decision' <> 'publish' then null
    when coalesce(m -> 'correction', 'null') <> 'null'
      or i.kind = 'new' and private.content_of(was) <> private.content_of(p)
      or i.kind = 'edit' and (select state from app.revisions where id = i.item_id) <> 'accepted'
      or exists (select from app.photos where id = any (waiting) and user_id = i.author and state = 'refused') then 'corrected'
    else 'accepted' end;
end;
$$;
