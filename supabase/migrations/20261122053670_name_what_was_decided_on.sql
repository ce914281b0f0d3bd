-- A refused photo or edit was mailed as a refused point, with the advice to propose the point again.
create or replace function private.decision_line(d app.decisions)
returns text
language sql
stable
set search_path = ''
as $$
  select concat('- ', coalesce('« ' || private.point_title(p) || ' »', t.labels ->> 'fr'), ' : ',
    case
      when d.reason = 'trust' then case d.kind when 'edit' then 'modification publiée aussitôt, par confiance'
        when 'photo' then 'photos publiées aussitôt, par confiance' else 'publié aussitôt, par confiance' end
      when d.kind = 'photo' then case coalesce(d.outcome, case d.decision when 'reject' then 'refused' end)
        when 'refused' then 'photos refusées' when 'corrected' then 'photos publiées en partie' else 'photos publiées' end
      when d.kind = 'edit' then case when d.outcome = 'corrected' then 'modification publiée en partie ou corrigée'
        when d.decision = 'publish' then 'modification publiée' else 'modification refusée' end
      when d.decision = 'publish' and d.kind is distinct from 'new' then 'corrigé par le groupe'
      when d.outcome = 'corrected' then 'publié, après correction'
      when d.decision = 'publish' then 'publié' when d.decision = 'reject' then 'refusé' when d.decision = 'to_complete' then 'à compléter'
      when d.decision = 'duplicate' then 'réuni à un point déjà connu' when d.decision = 'archive' then 'archivé'
      when d.decision = 'destroy' then 'noté comme disparu'
      when d.decision = 'restore' and e.to_status = 'published' then 'de nouveau publié' when d.decision = 'restore' then 'remis dans la file'
      else 'lu' end,
    ' ; motif : ' || case when d.reason <> 'trust' then private.reason_label(d.theme, d.reason) end,
    E'\n  « ' || e.comment || ' »',
    case
      when d.decision = 'to_complete' then E'\n  Complétez-le dans l’application et renvoyez-le.'
      when d.kind = 'photo' and (d.decision = 'reject' or d.outcome = 'refused') then E'\n  Vous pouvez en proposer d’autres.'
      when d.kind = 'edit' and d.decision = 'reject' then E'\n  Vous pouvez en proposer une autre.'
      when d.decision = 'reject' then E'\n  Vous pouvez le modifier et le proposer de nouveau.' end)
  from app.points as p join app.themes as t on t.id = p.theme
  left join lateral (
    select had.to_status, had.comment from app.events as had
    where had.point_id = d.point_id and had.mutation_id = d.mutation_id and had.action = d.decision order by had.id desc limit 1) as e on true
  where p.id = d.point_id;
$$;
