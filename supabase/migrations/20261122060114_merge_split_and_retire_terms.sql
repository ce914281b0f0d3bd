-- Terms that become one, or several, or are used no more: nothing disappears, what was goes on leading somewhere.
create function private.with_labels_of(kept jsonb, gone jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  with words as (
    -- A name that no source has validated is searched by, and shown nowhere.
    select case when gone -> 'unverified' ? l.key then 'hidden' else 'alt' end as kind, l.key as lang, l.value #>> '{}' as word, 0 as n
    from jsonb_each(gone -> 'labels') as l
    union all
    select k.kind, l.key, w.word, w.n from (values ('alt'), ('hidden')) as k (kind), jsonb_each(gone -> k.kind) as l,
      jsonb_array_elements_text(l.value) with ordinality as w (word, n)
  ), added as (
    select distinct on (lang, word) kind, lang, word, n from words
    where kept #>> array['labels', lang] is distinct from word
      and not coalesce(kept #> array['alt', lang], '[]') ? word and not coalesce(kept #> array['hidden', lang], '[]') ? word
    order by lang, word, kind
  ), lists as (
    select kind, lang, coalesce(kept #> array[kind, lang], '[]') || jsonb_agg(word order by n, word) as list from added group by kind, lang
  )
  select kept
    || jsonb_build_object('alt', (kept -> 'alt') || coalesce((select jsonb_object_agg(lang, list) from lists where kind = 'alt'), '{}'))
    || jsonb_build_object('hidden', (kept -> 'hidden') || coalesce((select jsonb_object_agg(lang, list) from lists where kind = 'hidden'), '{}'));
$$;
comment on function private.with_labels_of(jsonb, jsonb) is 'A term that answers to the names of another too: who knew it by those goes on finding it.';

create function private.refuse_holding_terms(ids text[])
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  held text := (select min(t.settings ->> 'holding_concept') from app.themes as t where t.settings ->> 'holding_concept' = any (ids));
begin
  if held is not null then
    perform private.fail(409, 'holding_term', held);
  end if;
end;
$$;
comment on function private.refuse_holding_terms(text[]) is
  'PT409 holding_term: under such a term wait the things that nobody has named yet; it goes on being used.';

create function private.merged_terms(scheme_id text, args jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  gone jsonb := private.term(scheme_id, args ->> 'concept');
  kept jsonb := private.term(scheme_id, args ->> 'into');
  gone_id text := gone ->> 'id';
  kept_id text := kept ->> 'id';
  others jsonb;
begin
  if gone_id = kept_id then
    perform private.invalid_argument('into : un autre terme.');
  end if;
  perform private.refuse_holding_terms(array[gone_id]);
  kept := private.with_labels_of(kept, gone);
  kept := kept || jsonb_build_object(
    'broader', case when kept ->> 'broader' = gone_id then gone -> 'broader' else kept -> 'broader' end,
    -- What either was related to, but for what stands above it, and for what will stand below it.
    'related', (select coalesce(jsonb_agg(distinct r), '[]')
      from jsonb_array_elements_text((kept -> 'related') || (gone -> 'related')) as r
      where r not in (gone_id, kept_id)
        and not exists (select from private.concepts_above(kept_id) as a where a.id = r)
        and not exists (select from private.concepts_above(r) as a where a.id in (gone_id, kept_id))),
    'matches', (select coalesce(jsonb_object_agg(kind, private.merged_list(kept -> 'matches' -> kind, '[]', gone -> 'matches' -> kind)), '{}')
      from jsonb_object_keys((kept -> 'matches') || (gone -> 'matches')) as kind));
  -- What lay below it lies below what is kept; what it was related to is related to that, but for its own line.
  select jsonb_agg(private.concept_row(c) || case
    when exists (select from private.concepts_above(c.id) as a where a.id = gone_id) then jsonb_build_object(
      'broader', case when c.broader = gone_id then kept_id else c.broader end, 'related', to_jsonb(c.related) - gone_id - kept_id)
    else jsonb_build_object('related', (to_jsonb(c.related) - gone_id) || case
      when kept_id = any (c.related) or exists (select from private.concepts_above(c.id) as a where a.id = kept_id)
        or exists (select from private.concepts_above(kept_id) as a where a.id = c.id) then '[]' else jsonb_build_array(kept_id) end) end)
  into others
  from app.concepts as c
  where c.id not in (gone_id, kept_id) and (c.broader = gone_id or gone_id = any (c.related)
    or kept_id = any (c.related) and exists (select from private.concepts_above(c.id) as a where a.id = gone_id));
  return jsonb_build_array(kept, gone || jsonb_build_object('status', 'deprecated', 'replaced_by', kept_id, 'related', '[]'::jsonb))
    || coalesce(others, '[]');
end;
$$;
comment on function private.merged_terms(text, jsonb) is
  'Action `merge` {concept, into}: the first is used no more and leads to the second, which takes over its names, its matches and what lay below it.';

create function private.split_term(scheme_id text, args jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  above jsonb := private.term(scheme_id, args ->> 'concept');
  made jsonb := '[]';
  one jsonb;
begin
  for one in select * from jsonb_array_elements(private.arg_list(args, 'into', 50)) loop
    made := made || private.new_term(scheme_id, one || jsonb_build_object('broader', above ->> 'id'),
      array(select m ->> 'id' from jsonb_array_elements(made) as m));
  end loop;
  if jsonb_array_length(made) < 2 then
    perform private.invalid_argument('into : deux termes au moins.');
  end if;
  return made;
end;
$$;
comment on function private.split_term(text, jsonb) is
  'Action `split` {concept, into: [{labels, …}…]}: terms below it that say more. It stays, and its points wait on it: nobody but who saw them knows which they are.';

create function private.deprecated_term(scheme_id text, args jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  c jsonb := private.term(scheme_id, args ->> 'concept');
  below jsonb;
begin
  perform private.refuse_holding_terms(array[c ->> 'id']);
  if args ->> 'replaced_by' is not null then
    perform private.term(scheme_id, args ->> 'replaced_by');
  end if;
  select jsonb_agg(private.concept_row(t) || jsonb_build_object('broader', c -> 'broader')) into below
  from app.concepts as t where t.broader = c ->> 'id' and t.status = 'accepted';
  return jsonb_build_array(c || jsonb_build_object('status', 'deprecated', 'replaced_by', args -> 'replaced_by')) || coalesce(below, '[]');
end;
$$;
comment on function private.deprecated_term(text, jsonb) is
  'Action `deprecate` {concept, replaced_by?}: used no more; what lay below it goes up one.';

create function private.restored_term(scheme_id text, args jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  c jsonb := private.term(scheme_id, args ->> 'concept', false);
begin
  if exists (select from app.concepts as t where t.id = c ->> 'broader' and t.status <> 'accepted') then
    c := c || '{"broader": null}';
  end if;
  return jsonb_build_array(c || '{"status": "accepted", "replaced_by": null}');
end;
$$;
comment on function private.restored_term(text, jsonb) is 'Action `restore` {concept}: used again, under the term where it was as long as that is used. Its points stay where they went.';

create function private.imported_terms(scheme_id text, args jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  made jsonb[] := '{}';
  taken text[] := array(select c ->> 'id' from jsonb_array_elements(private.arg_list(args, 'concepts', 20000)) as c where c ->> 'id' is not null);
  gone text[] := coalesce(private.text_array(args -> 'deprecated'), '{}');
  given jsonb;
  known app.concepts;
begin
  if coalesce(args ->> 'seen', '') !~ '^\d{1,18}\.\d{1,18}$' then
    perform private.invalid_argument('seen : la valeur rev du thésaurus avec lequel le fichier a été comparé.');
  elsif exists (
    select from app.concepts as c where c.scheme = scheme_id
      and (c.change_xid, c.change_seq) > (split_part(args ->> 'seen', '.', 1)::xid8, split_part(args ->> 'seen', '.', 2)::bigint)) then
    -- It was compared with a vocabulary that is not any more: compared again, nobody's edit is written over.
    perform private.fail(409, 'concept_moved', '{"field": "scheme"}');
  end if;
  for given in select * from jsonb_array_elements(args -> 'concepts') loop
    select * into known from app.concepts as c where c.id = given ->> 'id';
    if known.id is not null and known.scheme <> scheme_id then
      perform private.fail(400, 'invalid_concept', known.id || ' : other_scheme');
    elsif coalesce(jsonb_typeof(given -> 'origin'), 'null') not in ('object', 'null') then
      perform private.invalid_argument('origin : ce que la source en dit.');
    end if;
    made := made || (case when known.id is null then private.new_term(scheme_id, given, taken)
      else private.concept_row(known) || private.concept_content(given)
        -- Null takes away: these two are not sent otherwise.
        || case when given ? 'broader' then jsonb_build_object('broader', given -> 'broader') else '{}' end
        || case when given ? 'notation' then jsonb_build_object('notation', given -> 'notation') else '{}' end
        || case when known.status = 'deprecated' and given ->> 'status' = 'accepted' then '{"status": "accepted", "replaced_by": null}'::jsonb else '{}' end end
      || case when given -> 'origin' is not null then jsonb_build_object('origin', given -> 'origin') else '{}' end);
  end loop;
  perform private.refuse_holding_terms(gone);
  for known in select * from app.concepts as c where c.scheme = scheme_id and c.id = any (gone) and c.id <> all (taken) loop
    made := made || (private.concept_row(known)
      || jsonb_build_object('status', 'deprecated', 'replaced_by', args -> 'replaced' -> known.id)
      -- So that it is told when the source uses it again.
      || case when known.origin is not null then jsonb_build_object('origin', known.origin || '{"status": "deprecated"}') else '{}' end);
  end loop;
  return to_jsonb(made);
end;
$$;
comment on function private.imported_terms(text, jsonb) is
  'Action `import` {concepts: [{id?, …, status?, origin}], deprecated: [id…], replaced?: {id: id}, seen: rev of the vocabulary it was compared with}: all of a delivery in one edit; PT409 concept_moved where somebody edited since.';

revoke all on function private.with_labels_of(jsonb, jsonb), private.refuse_holding_terms(text[]), private.merged_terms(text, jsonb), private.split_term(text, jsonb),
  private.deprecated_term(text, jsonb), private.restored_term(text, jsonb), private.imported_terms(text, jsonb) from public;
