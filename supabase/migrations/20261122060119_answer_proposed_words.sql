-- A word from the field becomes a term, another name of one, or is refused with a reason; the points that waited for it are put under
-- its term in the same action, and who proposed it is told.
alter table app.term_proposals add column reason text check (char_length(reason) <= 2000);
comment on column app.term_proposals.reason is 'Why it was refused, in words for who proposed it.';

insert into app.mail_texts (key, lang, text) values
  ('term_subject', 'fr', 'Le mot que vous avez proposé : {word}'), ('term_subject', 'en', 'The word that you proposed: {word}'),
  ('term_new', 'fr', '« {word} » est maintenant un terme du vocabulaire. Merci.'), ('term_new', 'en', '“{word}” is now a term of the vocabulary. Thank you.'),
  ('term_synonym', 'fr', '« {word} » mène maintenant au terme « {term} ».'), ('term_synonym', 'en', '“{word}” now leads to the term “{term}”.'),
  ('term_refused', 'fr', '« {word} » n’a pas été retenu. Motif : {reason}'), ('term_refused', 'en', '“{word}” was not taken. Reason: {reason}');

create function private.tell_proposer(who uuid, word text, answered text, term_labels jsonb, why text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  lang text := private.language_of(who);
  address text;
begin
  select u.email into address from auth.users as u join app.profiles as o on o.user_id = u.id
  where u.id = who and u.email_confirmed_at is not null and o.digest <> 'never';
  if address is not null then
    perform private.send_mail('decision', address, private.mail_text('term_subject', lang, jsonb_build_object('word', word)),
      concat_ws(E'\n\n', private.mail_text('hello', lang),
        private.mail_text('term_' || answered, lang, jsonb_build_object('word', word, 'term', private.label_in(term_labels, lang), 'reason', why)),
        private.mail_text('digest_choice', lang), (select s.instance_name || E'\n' || s.public_url from app.settings as s)), who);
  end if;
end;
$$;
comment on function private.tell_proposer(uuid, text, text, jsonb, text) is
  'Writes to whoever proposed a word what became of it, if they want to be written to; the app tells everybody.';

create function private.answered_terms(e app.thesaurus_edits)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  asked text := e.args ->> 'as';
  word app.term_proposals;
  c jsonb;
begin
  if asked = 'new' then
    return jsonb_build_array(private.new_term(e.scheme, e.args -> 'concept', '{}'));
  end if;
  c := private.term(e.scheme, e.args ->> 'concept');
  for word in select * from app.term_proposals where id = any (e.proposals) order by created_at, id loop
    if word.lang in ('fr', 'oc', 'ca', 'en')
      and not exists (select from private.concept_words(jsonb_populate_record(null::app.concepts, c)) as w
        where w.lang = word.lang and private.fold(w.word) = private.fold(word.text)) then
      c := private.with_field(c, 'alt.' || word.lang, '[]', jsonb_build_array(word.text));
    elsif word.lang not in ('fr', 'oc', 'ca', 'en') then
      -- Of a language that this vocabulary does not show: searched by all the same.
      c := private.with_field(c, 'hidden.fr', '[]', jsonb_build_array(word.text));
    end if;
  end loop;
  return jsonb_build_array(c);
end;
$$;
comment on function private.answered_terms(app.thesaurus_edits) is
  'Action `answer` {as: new|synonym, concept}: the term that a proposed word became, or the one that answers to it from now on.';

create or replace function private.edited_terms(e app.thesaurus_edits)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select case e.action
    when 'create' then jsonb_build_array(private.new_term(e.scheme, e.args -> 'concept', '{}'))
    when 'change' then private.changed_term(e.scheme, e.args)
    when 'move' then private.moved_term(e.scheme, e.args)
    when 'merge' then private.merged_terms(e.scheme, e.args)
    when 'split' then private.split_term(e.scheme, e.args)
    when 'deprecate' then private.deprecated_term(e.scheme, e.args)
    when 'restore' then private.restored_term(e.scheme, e.args)
    when 'import' then private.imported_terms(e.scheme, e.args)
    when 'answer' then private.answered_terms(e) end;
$$;

create function private.put_waiting_points(e app.thesaurus_edits, term_id text)
returns int
language plpgsql
set search_path = ''
as $$
declare
  p app.points;
  moved int := 0;
begin
  for p in
    select o.* from app.points as o join app.themes as t on t.id = o.theme
    where o.id in (select w.point_id from app.term_proposals as w where w.id = any (e.proposals))
      -- Named by somebody since: it waits no more. A word may also answer a question of the form, not name the thing.
      and (o.concept is null or o.concept = t.settings ->> 'holding_concept') and t.scheme = e.scheme
    order by o.id for update of o
  loop
    insert into app.remapped_points (edit, point_id, was, became) values (e.id, p.id, p.concept, term_id) on conflict do nothing;
    perform private.put_under(p, term_id);
    moved := moved + 1;
  end loop;
  return moved;
end;
$$;
comment on function private.put_waiting_points(app.thesaurus_edits, text) is 'Puts the points that waited for a word under its term.';

create function private.answer_words(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  ids uuid[] := array(select private.to_uuid(i) from jsonb_array_elements_text(private.arg_list(p, 'ids', 2000)) as i);
  asked text := private.arg_choice(p, 'as', array['new', 'synonym', 'refused']);
  why text := nullif(btrim(private.arg_text(p, 'reason')), '');
  e app.thesaurus_edits;
  word app.term_proposals;
  schemes text[];
  term app.concepts;
  moved int := 0;
begin
  select array_agg(distinct w.scheme) into schemes from app.term_proposals as w where w.id = any (ids);
  if cardinality(schemes) is distinct from 1 or asked is null then
    perform private.invalid_argument('ids : des mots proposés pour un même vocabulaire ; as : new, synonym ou refused.');
  end if;
  perform private.require_vocabulary_role(me, schemes[1], 'decide');
  perform from app.concept_schemes as s where s.id = schemes[1] for update;
  perform from app.term_proposals as w where w.id = any (ids) order by w.id for update;
  if asked = 'refused' and not exists (
      select from app.term_proposals as w where w.id = any (ids) and (w.state, w.decided_by, w.reason) is distinct from ('refused', me, why))
    or exists (select from app.thesaurus_edits as t where t.proposals = ids and t.state = 'applied' and t.author = me and t.args = p - array['ids', 'id']) then
    -- Sent twice, for its answer was lost.
    return jsonb_build_object('edit', null, 'concept', (select max(w.concept) from app.term_proposals as w where w.id = any (ids)), 'points', 0);
  elsif exists (select from app.term_proposals as w where w.id = any (ids) and w.state <> 'proposed') then
    perform private.fail(409, 'already_answered');
  elsif asked = 'refused' and why is null then
    perform private.fail(400, 'reason_required', 'Qui a proposé le mot lira pourquoi.');
  elsif char_length(why) > 2000 then
    perform private.invalid_argument('reason : 2 000 caractères au plus.');
  end if;
  if asked <> 'refused' then
    e.id := coalesce(private.arg_uuid(p, 'id'), gen_random_uuid());
    if exists (select from app.thesaurus_edits as t where t.id = e.id) then
      perform private.fail(409, 'id_taken');
    end if;
    e.scheme := schemes[1];
    e.action := 'answer';
    e.args := p - array['ids', 'id'];
    e.author := me;
    e.proposals := ids;
    e := private.apply_edit(e);
    e.concept := e.after #>> '{0,id}';
    e.decided_by := me;
    e.decided_at := now();
    perform private.keep_edit(e);
    select * into term from app.concepts as c where c.id = e.concept;
    moved := private.put_waiting_points(e, term.id);
    update app.thesaurus_edits as t set remap_total = moved where t.id = e.id;
  end if;
  update app.term_proposals as w set state = case asked when 'refused' then 'refused' else 'accepted' end, concept = term.id, reason = why,
    decided_at = now(), decided_by = me
  where w.id = any (ids);
  -- Once each, however often they proposed it.
  for word in
    select distinct on (w.user_id) w.* from app.term_proposals as w where w.id = any (ids) and w.user_id is distinct from me order by w.user_id, w.created_at
  loop
    perform private.tell_proposer(word.user_id, word.text, asked, term.labels, why);
  end loop;
  -- Who proposed reads it on their point: its row changes for them.
  perform private.save_point(o, o) from app.points as o
  where o.id in (select w.point_id from app.term_proposals as w where w.id = any (ids))
    and not exists (select from app.remapped_points as r where r.edit = e.id and r.point_id = o.id);
  return jsonb_build_object('edit', e.id, 'concept', term.id, 'points', moved);
end;
$$;
comment on function private.answer_words(jsonb) is 'Answers words that people proposed. Checks: signed in, decides on the vocabulary.';

create function public.thesaurus_answer(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.answer_words(p); $$;
comment on function public.thesaurus_answer(jsonb) is
  '{ids, as: new|synonym|refused, concept?, reason?} → {edit|null, concept|null, points}. Coordination of the whole group. PT409 already_answered, PT400 reason_required.';

-- Who proposed a word reads why it was refused.
create or replace function private.point_terms_json(point uuid, viewer uuid, is_moderator boolean)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('mutation_id', t.id, 'scheme', t.scheme, 'text', t.text, 'lang', t.lang,
    'broader', t.broader, 'note', t.note, 'state', t.state, 'concept', t.concept, 'reason', t.reason, 'mine', coalesce(t.user_id = viewer, false),
    'author', case when is_moderator or who.named then who.display_name end, 'at', private.instant(t.captured_at))
    order by t.created_at, t.id), '[]')
  from app.term_proposals as t
  left join app.profiles as who on who.user_id = t.user_id
  where t.point_id = point and (is_moderator or t.user_id = viewer);
$$;

revoke all on function private.tell_proposer(uuid, text, text, jsonb, text), private.answered_terms(app.thesaurus_edits),
  private.put_waiting_points(app.thesaurus_edits, text), private.answer_words(jsonb), public.thesaurus_answer(jsonb) from public;
grant execute on function private.answer_words(jsonb), public.thesaurus_answer(jsonb) to anon, authenticated, service_role;
