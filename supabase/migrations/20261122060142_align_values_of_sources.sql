-- The alignment workshop reads what was decided before, and keeps each decision as it is made.
create function private.read_alignments(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  asked text := private.alignment_source(p);
begin
  perform private.require_vocabulary_role(me, scheme_id);
  return jsonb_build_object(
    'decisions', (
      -- In order, the last of a value last: who reads them in turn ends with what holds.
      select coalesce(jsonb_agg(jsonb_build_object('source', a.source, 'value', a.value, 'concept', a.current, 'at', private.instant(a.decided_at))
        order by a.decided_at, a.source, a.value), '[]')
      from (
        select l.*, case when l.concept is not null then private.current_concept(l.concept) end as current
        from app.alignments as l where l.scheme = scheme_id
        -- Those of the source that is asked for go first: the others only help.
        order by (l.source = asked) is true desc, l.decided_at desc, l.source, l.value limit 20000) as a
      where a.concept is null or a.current is not null),
    'sources', (
      select coalesce(jsonb_agg(jsonb_build_object('source', s.source, 'values', s.n, 'at', private.instant(s.last)) order by s.last desc, s.source), '[]')
      from (
        select l.source, count(*) as n, max(l.decided_at) as last from app.alignments as l where l.scheme = scheme_id
        group by l.source order by max(l.decided_at) desc limit 100) as s),
    'words', private.source_words(scheme_id, asked));
end;
$$;
comment on function private.read_alignments(jsonb) is
  'What was decided of the values of sources, and which words were proposed from one. Checks: signed in, moderates or coordinates a theme that names its things by the vocabulary.';

create function private.keep_alignments(p jsonb)
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
  wrong text;
  kept int;
begin
  perform private.require_vocabulary_role(me, scheme_id);
  given := private.arg_list(p, 'decisions', 1000);
  if given_source is null then
    perform private.invalid_argument('source : le nom de la base dont viennent les valeurs.');
  elsif exists (
    select from jsonb_array_elements(given) as d
    where jsonb_typeof(d) <> 'object' or jsonb_typeof(d -> 'value') is distinct from 'string'
      or char_length(btrim(d ->> 'value', E' \t\n\r')) not between 1 and 200
      or coalesce(jsonb_typeof(d -> 'concept'), 'null') not in ('string', 'null')
      or coalesce(jsonb_typeof(d -> 'forget'), 'boolean') <> 'boolean'
      -- Silence is not "none of them".
      or not (d ? 'concept' or coalesce(d -> 'forget' = 'true', false))) then
    perform private.invalid_argument('decisions : {value, concept} ou {value, forget: true}, une valeur de 1 à 200 caractères.');
  end if;
  select d ->> 'concept' into wrong from jsonb_array_elements(given) as d
  where d ->> 'concept' is not null and not exists (
    select from app.concepts as c where c.id = private.current_concept(d ->> 'concept') and c.scheme = scheme_id)
  limit 1;
  if found then
    perform private.fail(404, 'unknown_concept', wrong);
  end if;
  with decisions as (
    select distinct on (value) value, d ->> 'concept' as concept, coalesce(d -> 'forget' = 'true', false) as forget
    from jsonb_array_elements(given) with ordinality as one (d, n), lateral btrim(d ->> 'value', E' \t\n\r') as value
    -- A value said twice: the last holds.
    order by value, n desc
  ), forgotten as (
    delete from app.alignments as a using decisions as d
    where d.forget and a.scheme = scheme_id and a.source = given_source and a.value = d.value returning 1
  ), written as (
    insert into app.alignments as a (scheme, source, value, concept, decided_by)
    select scheme_id, given_source, d.value, private.current_concept(d.concept), me from decisions as d where not d.forget
    on conflict (scheme, source, value) do update set concept = excluded.concept, decided_by = excluded.decided_by, decided_at = now()
    -- Sent again, it stays as it was, with who decided and when.
    where a.concept is distinct from excluded.concept
    returning 1
  )
  select (select count(*) from written) + (select count(*) from forgotten) into kept;
  return jsonb_build_object('changed', kept);
end;
$$;
comment on function private.keep_alignments(jsonb) is
  'Keeps what values of a source mean. Checks: signed in, moderates or coordinates a theme that names its things by the vocabulary.';

create function public.thesaurus_alignments(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.read_alignments(p); $$;
comment on function public.thesaurus_alignments(jsonb) is
  '{scheme, source?} → {decisions: [{source, value, concept|null, at}] in the order in which they were made, those of the source for sure, 20 000 at most; sources: [{source, values, at}] latest first; words: [{text, state, concept|null}] proposed from the source}. Moderators and coordinators of its themes. PT403 not_allowed, PT404 unknown_scheme.';

create function public.thesaurus_align(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.keep_alignments(p); $$;
comment on function public.thesaurus_align(jsonb) is
  '{scheme, source, decisions: [{value, concept|null} or {value, forget: true}] ≤ 1 000} → {changed}. All or nothing; again changes nothing. Moderators and coordinators of its themes. PT400 invalid_argument, PT403 not_allowed, PT404 unknown_scheme, unknown_concept.';

revoke all on function private.read_alignments(jsonb), private.keep_alignments(jsonb),
  public.thesaurus_alignments(jsonb), public.thesaurus_align(jsonb) from public;
grant execute on function private.read_alignments(jsonb), private.keep_alignments(jsonb), public.thesaurus_alignments(jsonb), public.thesaurus_align(jsonb)
  to anon, authenticated, service_role;
