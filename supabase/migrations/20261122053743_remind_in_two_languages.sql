-- Reminders in the language of whoever is reminded.
insert into app.mail_texts (key, lang, text) values
  ('waits_subject_one', 'fr', '{label} : une contribution en attente depuis plus de {days} jours'),
  ('waits_subject_one', 'en', '{label}: one contribution waiting for more than {days} days'),
  ('waits_subject_many', 'fr', '{label} : {n} contributions en attente depuis plus de {days} jours'),
  ('waits_subject_many', 'en', '{label}: {n} contributions waiting for more than {days} days'),
  ('waits_one', 'fr', 'Dans « {label} », une contribution attend depuis plus de {days} jours dans votre périmètre.'),
  ('waits_one', 'en', 'In “{label}”, one contribution has waited for more than {days} days within your scope.'),
  ('waits_many', 'fr', 'Dans « {label} », {n} contributions attendent depuis plus de {days} jours dans votre périmètre.'),
  ('waits_many', 'en', 'In “{label}”, {n} contributions have waited for more than {days} days within your scope.'),
  ('waits_where', 'fr', 'La file : {url}/#/moderation'), ('waits_where', 'en', 'The queue: {url}/#/moderation');

create or replace function private.remind(of_level text, roles text[], days int)
returns void
language plpgsql
set search_path = ''
as $$
declare
  who record;
  filled jsonb;
  size text;
begin
  for who in
    select m.user_id, u.email, t.id as theme, l.lang, private.label_in(t.labels, l.lang) as label,
      private.late_items(m.user_id, t.id, days) as late, s.public_url, s.instance_name
    from app.memberships as m
    join app.themes as t on t.group_id = m.group_id and t.is_active
    join auth.users as u on u.id = m.user_id and u.email_confirmed_at is not null
    cross join lateral (select private.language_of(m.user_id) as lang) as l
    cross join app.settings as s
    where m.role = any (roles)
      and exists (select from app.queue as q where q.theme = t.id and q.since < now() - make_interval(days => days))
      and not exists (select from app.reminders as r
        where r.user_id = m.user_id and r.theme = t.id and r.level = of_level and r.sent_at > now() - interval '7 days')
    order by m.user_id, t.id
  loop
    continue when who.late = 0;
    size := case who.late when 1 then 'one' else 'many' end;
    filled := jsonb_build_object('label', who.label, 'n', who.late, 'days', days, 'url', who.public_url);
    perform private.send_mail('reminder', who.email, private.mail_text('waits_subject_' || size, who.lang, filled),
      concat(concat_ws(E'\n\n', private.mail_text('hello', who.lang), private.mail_text('waits_' || size, who.lang, filled),
        private.mail_text('waits_where', who.lang, filled), who.instance_name), E'\n'),
      who.user_id);
    insert into app.reminders (user_id, theme, level) values (who.user_id, who.theme, of_level)
    on conflict (user_id, theme, level) do update set sent_at = now();
  end loop;
end;
$$;
