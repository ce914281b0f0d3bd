-- A value of another database that no term names is a word to propose like one from the field: it waits with how often it is used there,
-- and with no point.
alter table app.term_proposals
  alter column point_id drop not null,
  add column origin text check (char_length(origin) between 1 and 120),
  add column uses int not null default 1 check (uses > 0),
  add constraint term_proposals_origin_or_point check (num_nonnulls(point_id, origin) = 1);
create unique index term_proposals_origin_idx on app.term_proposals (scheme, origin, private.fold(text)) where state = 'proposed' and origin is not null;
comment on column app.term_proposals.point_id is 'The point that needs the word; null for a word of another database.';
comment on column app.term_proposals.origin is 'The database in which the word stands, by the name that people gave it; null for a word from the field.';
comment on column app.term_proposals.uses is 'How many things the word names: the point, or so many rows of the database.';
comment on table app.term_proposals is
  'Terms that people did not find: with the point that needs them, where the id is that of the mutation, or from the values of another database. Read in the rows of their points, by who proposed them and the moderators in scope, and at the desk of their vocabulary; written by sync_push and thesaurus_propose.';

create function private.propose_words(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  given_source text := private.alignment_source(p);
  given jsonb;
begin
  perform private.require_vocabulary_role(me, scheme_id);
  given := private.arg_list(p, 'terms', 200);
  if given_source is null then
    perform private.invalid_argument('source : le nom de la base dont viennent les mots.');
  elsif exists (
    select from jsonb_array_elements(given) as t
    where jsonb_typeof(t) <> 'object' or jsonb_typeof(t -> 'text') is distinct from 'string'
      or char_length(btrim(t ->> 'text', E' \t\n\r')) not between 1 and 120
      -- Signs alone ("?") are no word, and could not be told apart.
      or private.fold(t ->> 'text') = ''
      or jsonb_typeof(t -> 'lang') is distinct from 'string' or t ->> 'lang' !~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'
      or coalesce(jsonb_typeof(t -> 'note'), 'null') not in ('string', 'null') or char_length(t ->> 'note') > 1000
      or coalesce(t ->> 'count', '1') !~ '^[0-9]{1,9}$') then
    perform private.invalid_argument('terms : {text ≤ 120 caractères, lang, count, note? ≤ 1 000 caractères}.');
  end if;
  -- A word said twice: what is said last holds.
  insert into app.term_proposals as w (id, user_id, scheme, text, lang, note, captured_at, origin, uses)
  select distinct on (private.fold(word)) gen_random_uuid(), me, scheme_id, word, t ->> 'lang', nullif(btrim(t ->> 'note', E' \t\n\r'), ''),
    now(), given_source, greatest(coalesce((t ->> 'count')::int, 1), 1)
  from jsonb_array_elements(given) with ordinality as one (t, n), lateral btrim(t ->> 'text', E' \t\n\r') as word
  order by private.fold(word), n desc
  on conflict (scheme, origin, private.fold(text)) where state = 'proposed' and origin is not null
  do update set uses = excluded.uses, note = coalesce(excluded.note, w.note);
  return jsonb_build_object('words', (
    select coalesce(jsonb_agg(jsonb_build_object('text', w.text, 'id', w.id) order by w.created_at, w.text), '[]')
    from app.term_proposals as w
    where w.scheme = scheme_id and w.origin = given_source and w.state = 'proposed'
      and private.fold(w.text) in (select private.fold(t ->> 'text') from jsonb_array_elements(given) as t)));
end;
$$;
comment on function private.propose_words(jsonb) is
  'Keeps words of a source that the vocabulary lacks. Checks: signed in, moderates or coordinates a theme that names its things by it.';

create function private.source_words(scheme_id text, asked text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('text', w.text, 'state', w.state, 'concept', private.current_concept(w.concept)) order by w.text), '[]')
  from (
    -- The latest of each: a word that was refused may be proposed again.
    select distinct on (private.fold(t.text)) t.* from app.term_proposals as t
    where t.scheme = scheme_id and t.origin = asked order by private.fold(t.text), t.created_at desc) as w;
$$;
comment on function private.source_words(text, text) is 'The words that were proposed from a source, each as it stands now.';

create function public.thesaurus_propose(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.propose_words(p); $$;
comment on function public.thesaurus_propose(jsonb) is
  '{scheme, source, terms: [{text, lang, count, note?}] ≤ 200} → {words: [{text, id}]}. Again changes nothing while the word waits. Moderators and coordinators of its themes. PT400 invalid_argument, PT403 not_allowed, PT404 unknown_scheme.';

revoke all on function private.propose_words(jsonb), private.source_words(text, text), public.thesaurus_propose(jsonb) from public;
grant execute on function private.propose_words(jsonb), public.thesaurus_propose(jsonb) to anon, authenticated, service_role;
