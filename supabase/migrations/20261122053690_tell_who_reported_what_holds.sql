-- Whoever reported something was mailed what was then undone, and the opposite later. A mail that did not leave is taken back
-- with the decision; where it left, the next one says that this is what was decided in the end.
alter table app.reports add column answer_id bigint references app.mails on delete set null;
create index reports_answer_id_idx on app.reports (answer_id);
comment on column app.reports.answer_id is 'The last mail that told its author what became of it.';

create or replace function private.answer_reporter()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  mail bigint;
begin
  select private.send_mail('report', new.email, 'Votre signalement a été lu',
    format(E'Bonjour,\n\nVous avez signalé un problème sur %s. %s%s\n\nVotre adresse sera effacée dans 30 jours.\n',
      s.instance_name || ' (' || s.public_url || '/p/' || new.point_id || ')',
      case when new.answer_id is null then 'Le groupe de travail l’a lu : ' else 'Le groupe de travail est revenu sur sa décision : finalement, ' end,
      case new.closed_with when 'dismiss' then 'la fiche reste comme elle est.' when 'destroy' then 'la fiche dit désormais que cela n’existe plus.'
        when 'archive' then 'la fiche a été retirée.' else 'la fiche a été corrigée.' end))
  into mail from app.settings as s;
  update app.reports set answer_id = mail where id = new.id;
  return null;
end;
$$;

create function private.take_back_answers(point uuid, decision uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  mail bigint;
begin
  for mail in select r.answer_id from app.reports as r where r.point_id = point and r.closed_in = decision and r.answer_id is not null loop
    -- One that the worker holds may have left.
    delete from app.jobs where kind = 'mail' and dedupe_key = 'mail:' || mail and done_at is null and locked_until is null;
    if found then
      delete from app.mails where id = mail and sent_at is null;
    end if;
  end loop;
end;
$$;
comment on function private.take_back_answers(uuid, uuid) is 'Takes back the mails that tell of a decision to those who reported, as long as they did not leave.';

create or replace function private.undo_decision(d app.decisions, p app.points)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.take_back_judgements(d.id);
  perform private.take_back_answers(p.id, d.mutation_id);
  update app.reports set state = 'open', closed_at = null, closed_by = null, closed_with = null, closed_in = null
  where point_id = p.id and state = 'closed' and closed_in = d.mutation_id;
  -- It waits since it waited, not since the mistake was mended.
  update app.queue set since = d.at - d.waited where kind = 'new' and item_id = p.id and d.kind = 'new' and d.waited is not null;
end;
$$;

revoke all on function private.take_back_answers(uuid, uuid) from public;
