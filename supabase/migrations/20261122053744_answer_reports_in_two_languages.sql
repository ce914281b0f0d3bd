-- Whoever reports without an account is answered in the language of the page on which they did.
alter table app.reports add column lang text not null default 'fr' check (lang in ('fr', 'en'));
comment on column app.reports.lang is 'The language of the page on which it was written: its author is answered in it.';
insert into app.mail_texts (key, lang, text) values
  ('report_subject', 'fr', 'Votre signalement a été lu'), ('report_subject', 'en', 'Your report was read'),
  ('report_about', 'fr', 'Vous avez signalé un problème sur {place}. {answer}'), ('report_about', 'en', 'You reported a problem on {place}. {answer}'),
  ('report_read', 'fr', 'Le groupe de travail l’a lu : {outcome}'), ('report_read', 'en', 'The working group has read it: {outcome}'),
  ('report_again', 'fr', 'Le groupe de travail est revenu sur sa décision : finalement, {outcome}'),
  ('report_again', 'en', 'The working group has changed its decision: in the end, {outcome}'),
  ('report_dismiss', 'fr', 'la fiche reste comme elle est.'), ('report_dismiss', 'en', 'the sheet stays as it is.'),
  ('report_destroy', 'fr', 'la fiche dit désormais que cela n’existe plus.'), ('report_destroy', 'en', 'the sheet now says that it no longer exists.'),
  ('report_archive', 'fr', 'la fiche a été retirée.'), ('report_archive', 'en', 'the sheet was withdrawn.'),
  ('report_corrected', 'fr', 'la fiche a été corrigée.'), ('report_corrected', 'en', 'the sheet was corrected.'),
  ('report_forgotten', 'fr', 'Votre adresse sera effacée dans 30 jours.'), ('report_forgotten', 'en', 'Your address will be deleted in 30 days.');

create or replace function private.answer_reporter()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  mail bigint;
begin
  select private.send_mail('report', new.email, private.mail_text('report_subject', new.lang),
    concat(concat_ws(E'\n\n', private.mail_text('hello', new.lang),
      private.mail_text('report_about', new.lang, jsonb_build_object('place', s.instance_name || ' (' || s.public_url || '/p/' || new.point_id || ')',
        'answer', private.mail_text(case when new.answer_id is null then 'report_read' else 'report_again' end, new.lang,
          jsonb_build_object('outcome', private.mail_text('report_' || case when new.closed_with in ('dismiss', 'destroy', 'archive')
            then new.closed_with else 'corrected' end, new.lang))))),
      private.mail_text('report_forgotten', new.lang)), E'\n'))
  into mail from app.settings as s;
  update app.reports set answer_id = mail where id = new.id;
  return null;
end;
$$;
