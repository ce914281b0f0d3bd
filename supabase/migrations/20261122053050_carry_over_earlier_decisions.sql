-- What was decided before these tables and columns were there: told already, or in the app, except where a mail was still
-- to tell it; and judged as it was noted, so that its undo takes it off.
update app.decisions as d set generation = 0
where d.generation is null and not exists (
  select from app.profiles as p where p.user_id = d.author and p.digest <> 'never' and d.at > p.digest_sent_at);

insert into app.judgements (decision_id, user_id, theme, outcome)
select d.id, d.author, d.theme, d.outcome from app.decisions as d
where d.outcome is not null and d.author is not null and d.kind in ('new', 'edit')
  and not exists (select from app.judgements as j where j.decision_id = d.id)
order by d.id;
