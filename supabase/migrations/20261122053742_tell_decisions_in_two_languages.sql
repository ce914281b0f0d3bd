-- What was decided, and what moved, in the language of whoever is told.
insert into app.mail_texts (key, lang, text) values
  ('hello', 'fr', 'Bonjour,'), ('hello', 'en', 'Hello,'),
  ('digest_subject', 'fr', 'Vos contributions : ce qu’elles sont devenues'), ('digest_subject', 'en', 'Your contributions: what became of them'),
  ('digest_followed', 'fr', 'Ce que vous suivez :'), ('digest_followed', 'en', 'What you follow:'),
  ('digest_choice', 'fr', 'Vous choisissez dans votre compte si nous vous écrivons, et quand.'),
  ('digest_choice', 'en', 'In your account you choose whether we write to you, and when.'),
  ('news_one', 'fr', '- {label} : 1 nouveauté'), ('news_one', 'en', '- {label}: 1 change'),
  ('news_many', 'fr', '- {label} : {n} nouveautés'), ('news_many', 'en', '- {label}: {n} changes'),
  ('news_point', 'fr', 'un point suivi'), ('news_point', 'en', 'a point that you follow'),
  ('title', 'fr', '« {title} »'), ('title', 'en', '“{title}”'),
  ('decided', 'fr', '- {label} : {outcome}'), ('decided', 'en', '- {label}: {outcome}'),
  ('decided_reason', 'fr', ' ; motif : {reason}'), ('decided_reason', 'en', '; reason: {reason}'),
  ('trust_edit', 'fr', 'modification publiée aussitôt, par confiance'), ('trust_edit', 'en', 'change published at once, on trust'),
  ('trust_photo', 'fr', 'photos publiées aussitôt, par confiance'), ('trust_photo', 'en', 'photos published at once, on trust'),
  ('trust_new', 'fr', 'publié aussitôt, par confiance'), ('trust_new', 'en', 'published at once, on trust'),
  ('photo_refused', 'fr', 'photos refusées'), ('photo_refused', 'en', 'photos refused'),
  ('photo_corrected', 'fr', 'photos publiées en partie'), ('photo_corrected', 'en', 'photos published in part'),
  ('photo_published', 'fr', 'photos publiées'), ('photo_published', 'en', 'photos published'),
  ('edit_corrected', 'fr', 'modification publiée en partie ou corrigée'), ('edit_corrected', 'en', 'change published in part or corrected'),
  ('edit_published', 'fr', 'modification publiée'), ('edit_published', 'en', 'change published'),
  ('edit_refused', 'fr', 'modification refusée'), ('edit_refused', 'en', 'change refused'),
  ('group_corrected', 'fr', 'corrigé par le groupe'), ('group_corrected', 'en', 'corrected by the group'),
  ('new_corrected', 'fr', 'publié, après correction'), ('new_corrected', 'en', 'published, after a correction'),
  ('publish', 'fr', 'publié'), ('publish', 'en', 'published'),
  ('reject', 'fr', 'refusé'), ('reject', 'en', 'refused'),
  ('to_complete', 'fr', 'à compléter'), ('to_complete', 'en', 'to be completed'),
  ('duplicate', 'fr', 'réuni à un point déjà connu'), ('duplicate', 'en', 'merged into a point already known'),
  ('archive', 'fr', 'archivé'), ('archive', 'en', 'archived'),
  ('destroy', 'fr', 'noté comme disparu'), ('destroy', 'en', 'noted as gone'),
  ('restored', 'fr', 'de nouveau publié'), ('restored', 'en', 'published again'),
  ('restore', 'fr', 'remis dans la file'), ('restore', 'en', 'back in the queue'),
  ('read', 'fr', 'lu'), ('read', 'en', 'read'),
  ('comment', 'fr', '  « {text} »'), ('comment', 'en', '  “{text}”'),
  ('todo_complete', 'fr', '  Complétez-le dans l’application et renvoyez-le.'), ('todo_complete', 'en', '  Complete it in the app and send it again.'),
  ('todo_photos', 'fr', '  Vous pouvez en proposer d’autres.'), ('todo_photos', 'en', '  You may propose others.'),
  ('todo_edit', 'fr', '  Vous pouvez en proposer une autre.'), ('todo_edit', 'en', '  You may propose another one.'),
  ('todo_resubmit', 'fr', '  Vous pouvez le modifier et le proposer de nouveau.'), ('todo_resubmit', 'en', '  You may change it and propose it again.'),
  ('reason_photo_missing', 'fr', 'il manque une photo'), ('reason_photo_missing', 'en', 'a photo is missing'),
  ('reason_photo_unusable', 'fr', 'la photo ne se lit pas'), ('reason_photo_unusable', 'en', 'the photo cannot be read'),
  ('reason_position_doubtful', 'fr', 'la position est douteuse'), ('reason_position_doubtful', 'en', 'the position is doubtful'),
  ('reason_description_incomplete', 'fr', 'la description est incomplète'), ('reason_description_incomplete', 'en', 'the description is incomplete'),
  ('reason_wrong_concept', 'fr', 'ce n’est pas le bon terme'), ('reason_wrong_concept', 'en', 'this is not the right term'),
  ('reason_out_of_scope', 'fr', 'ce n’est pas dans le sujet de l’inventaire'), ('reason_out_of_scope', 'en', 'this is not a matter of the inventory'),
  ('reason_duplicate', 'fr', 'ce point est déjà connu'), ('reason_duplicate', 'en', 'this point is already known'),
  ('reason_private_life', 'fr', 'la vie privée de quelqu’un est en jeu'), ('reason_private_life', 'en', 'somebody’s private life is at stake'),
  ('reason_sensitive_place', 'fr', 'le lieu est sensible'), ('reason_sensitive_place', 'en', 'the place is sensitive'),
  ('reason_not_found_on_site', 'fr', 'rien n’a été trouvé sur place'), ('reason_not_found_on_site', 'en', 'nothing was found on site');

create function private.reason_label(in_theme text, code text, lang text)
returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (select private.label_in(r -> 'labels', reason_label.lang) from app.themes as t,
      jsonb_array_elements(case jsonb_typeof(t.settings -> 'reasons') when 'array' then t.settings -> 'reasons' else '[]' end) as r
      where t.id = in_theme and r ->> 'code' = reason_label.code limit 1),
    private.mail_text('reason_' || code, lang));
$$;
comment on function private.reason_label(text, text, text) is 'A reason as mails write it, in a language; null when it has no words.';

create function private.decision_line(d app.decisions, lang text)
returns text
language sql
stable
set search_path = ''
as $$
  select concat_ws(E'\n',
    concat(
      private.mail_text('decided', lang, jsonb_build_object(
        'label', coalesce(private.mail_text('title', lang, jsonb_build_object('title', nullif(private.point_title(p), ''))), private.label_in(t.labels, lang)),
        'outcome', private.mail_text(case
          when d.reason = 'trust' then case d.kind when 'edit' then 'trust_edit' when 'photo' then 'trust_photo' else 'trust_new' end
          when d.kind = 'photo' then case coalesce(d.outcome, case d.decision when 'reject' then 'refused' end)
            when 'refused' then 'photo_refused' when 'corrected' then 'photo_corrected' else 'photo_published' end
          when d.kind = 'edit' then case when d.outcome = 'corrected' then 'edit_corrected'
            when d.decision = 'publish' then 'edit_published' else 'edit_refused' end
          when d.decision = 'publish' and d.kind is distinct from 'new' then 'group_corrected'
          when d.outcome = 'corrected' then 'new_corrected'
          when d.decision = 'restore' and e.to_status = 'published' then 'restored'
          when d.decision in ('publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore') then d.decision
          else 'read' end, lang))),
      private.mail_text('decided_reason', lang, jsonb_build_object('reason',
        case when d.reason <> 'trust' then private.reason_label(d.theme, d.reason, lang) end))),
    private.mail_text('comment', lang, jsonb_build_object('text', e.comment)),
    case
      when d.decision = 'to_complete' then private.mail_text('todo_complete', lang)
      when d.kind = 'photo' and (d.decision = 'reject' or d.outcome = 'refused') then private.mail_text('todo_photos', lang)
      when d.kind = 'edit' and d.decision = 'reject' then private.mail_text('todo_edit', lang)
      when d.decision = 'reject' then private.mail_text('todo_resubmit', lang) end)
  from app.points as p join app.themes as t on t.id = p.theme
  left join lateral (
    select had.to_status, had.comment from app.events as had
    where had.point_id = d.point_id and had.mutation_id = d.mutation_id and had.action = d.decision order by had.id desc limit 1) as e on true
  where p.id = d.point_id;
$$;
comment on function private.decision_line(app.decisions, text) is
  'A decision as its mail tells it, in a language: what, the outcome, the reason, what was written, and what to do.';

create or replace function private.decision_pages(who uuid, after bigint, upto bigint)
returns setof text
language plpgsql
stable
set search_path = ''
as $$
declare
  -- Of one mail, whose text holds 20 000 characters.
  lines_per_page constant int := 100;
  page_length constant int := 18000;
  lang constant text := private.language_of(who);
  line text;
  page text;
  lines int := 0;
begin
  for line in
    select private.decision_line(d, lang) from app.decisions as d
    where d.author = who and d.actor is distinct from who and d.generation > after and d.generation <= upto and d.decision <> 'dismiss'
      -- What was decided and undone before anybody was told.
      and not private.is_undone(d, upto)
      and not exists (select from app.decisions as u join app.decisions as w on w.id = u.undoes
        where d.decision = 'restore' and u.point_id = d.point_id and (u.id = d.id or u.mutation_id = d.mutation_id) and w.generation > after)
    order by d.id
  loop
    if lines = lines_per_page or char_length(page) + char_length(line) >= page_length then
      return next page;
      page := null;
      lines := 0;
    end if;
    page := concat(page || E'\n', line);
    lines := lines + 1;
  end loop;
  if page is not null then
    return next page;
  end if;
end;
$$;
drop function private.decision_line(app.decisions);
drop function private.reason_label(text, text);

create or replace function private.followed_news(who uuid, after bigint, upto bigint)
returns text
language sql
stable
set search_path = ''
as $$
  select string_agg(private.mail_text(case n when 1 then 'news_one' else 'news_many' end, lang, jsonb_build_object('label', label, 'n', n)), E'\n' order by label)
  from (
    select lang, coalesce(private.label_in(t.labels, lang), c.name,
      private.mail_text('title', lang, jsonb_build_object('title', nullif(private.point_title(p), ''))),
      private.mail_text('news_point', lang)) as label, count(distinct d.point_id) as n
    from private.language_of(who) as lang
    join app.follows as f on f.user_id = who
    cross join lateral (select case f.kind when 'point' then private.survivor_of(private.to_uuid(f.target))::text else f.target end as target) as followed
    join app.decisions as d on d.generation > after and d.generation <= upto and d.decision in ('publish', 'archive', 'destroy')
      and case f.kind when 'point' then d.point_id::text when 'theme' then d.theme else d.commune end = followed.target
    join app.points as p on p.id = d.point_id
    left join app.themes as t on f.kind = 'theme' and t.id = f.target
    left join app.territories as c on f.kind = 'commune' and c.level = 'commune' and c.code = f.target
    -- What is hidden, or shown elsewhere than it lies, makes no news; nor does what was undone meanwhile.
    where private.is_public(p) and p.sensitivity = 'open' and not private.is_undone(d, upto)
    group by 1, 2) as news;
$$;

create or replace function private.write_digest(who uuid, address text, decided text, news text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  lang constant text := private.language_of(who);
begin
  perform private.send_mail(case when decided is null then 'digest' else 'decision' end, address, private.mail_text('digest_subject', lang),
    concat(concat_ws(E'\n\n', private.mail_text('hello', lang), decided, private.mail_text('digest_followed', lang) || E'\n' || news,
      s.public_url, private.mail_text('digest_choice', lang), s.instance_name), E'\n'), who)
  from app.settings as s;
end;
$$;
revoke all on function private.reason_label(text, text, text), private.decision_line(app.decisions, text) from public;
