-- A decision that answers a report is told to the author of the point, who did not ask for it, and not to who reported.
create or replace function private.note_decision(was app.points, p app.points, who uuid, i app.queue, m jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  outcome text := private.outcome_of(was, p, i, m);
begin
  insert into app.decisions (actor, author, point_id, theme, commune, kind, decision, reason, outcome, waited, mutation_id)
  values (who, case when i.kind in ('new', 'edit', 'photo') then i.author else was.author end, p.id, p.theme, p.commune, i.kind, m ->> 'decision',
    nullif(m ->> 'reason', ''), outcome, now() - i.since, private.to_uuid(m ->> 'mutation_id'));
  perform private.note_standing(i.author, p.theme, outcome);
  if m ->> 'decision' = 'restore' and was.status = 'rejected' then
    -- A refusal that is taken back counts no more.
    update app.standings set refused = greatest(0, refused - 1) where user_id = was.author and theme = was.theme;
  end if;
  if i.kind = 'report' and exists (select from app.reports where id = i.item_id and kind = 'audit') then
    -- Published by trust, found wanting afterwards.
    perform private.note_standing(was.author, p.theme, case
      when m ->> 'decision' in ('archive', 'destroy', 'duplicate') then 'refused'
      when coalesce(m -> 'correction', 'null') <> 'null' then 'corrected' end);
  end if;
  delete from app.leases where point_id = p.id and holder = who;
end;
$$;
