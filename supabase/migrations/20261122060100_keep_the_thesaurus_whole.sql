-- A vocabulary is read by phones, by other people's software and by those who import it: what SKOS forbids (a cycle, a word
-- that is two labels of one concept, a link to nothing) is refused when it is written, whoever writes it.
create function private.concepts_above(start text)
returns table (id text, is_cycle boolean)
language sql
stable
set search_path = ''
as $$
  with recursive up as (
    select c.broader as id, array[c.id] as path, c.broader = c.id as is_cycle from app.concepts as c where c.id = start
    union all
    select c.broader, up.path || c.id, c.broader = any (up.path || c.id)
    from up join app.concepts as c on c.id = up.id
    where not up.is_cycle
  )
  select up.id, up.is_cycle from up where up.id is not null;
$$;
comment on function private.concepts_above(text) is 'All that is broader than a concept, nearest first; is_cycle where the way up comes back to itself.';

create function private.concepts_replacing(start text)
returns table (id text, is_cycle boolean)
language sql
stable
set search_path = ''
as $$
  with recursive next as (
    select c.replaced_by as id, array[c.id] as path, c.replaced_by = c.id as is_cycle from app.concepts as c where c.id = start
    union all
    select c.replaced_by, next.path || c.id, c.replaced_by = any (next.path || c.id)
    from next join app.concepts as c on c.id = next.id
    where not next.is_cycle
  )
  select next.id, next.is_cycle from next where next.id is not null;
$$;
comment on function private.concepts_replacing(text) is 'What replaces a concept, and what replaces that, to the end; is_cycle where it comes back to itself.';

create function private.concept_words(c app.concepts)
returns table (kind text, lang text, word text)
language sql
immutable
set search_path = ''
as $$
  select 'pref', l.key, l.value #>> '{}' from jsonb_each(c.labels) as l
  union all
  select 'alt', l.key, w from jsonb_each(c.alt) as l, jsonb_array_elements_text(l.value) as w
  union all
  select 'hidden', l.key, w from jsonb_each(c.hidden) as l, jsonb_array_elements_text(l.value) as w;
$$;
comment on function private.concept_words(app.concepts) is 'The labels of a concept: preferred, alternative and hidden, by language.';

create function private.thesaurus_faults(ids text[])
returns table (concept text, fault text)
language sql
stable
set search_path = ''
as $$
  with touched as (
    select c.* from app.concepts as c where c.id = any (ids) or c.broader = any (ids)
  ), words as (
    select c.id, w.* from touched as c, lateral private.concept_words(c) as w
  )
  select t.id, 'unknown_language' from touched as t
  where (t.labels || t.alt || t.hidden || t.definition || t.example) - array['fr', 'oc', 'ca', 'en'] <> '{}'
  union all
  select t.id, 'no_label' from touched as t where not exists (select from words as w where w.id = t.id and w.kind = 'pref')
  union all
  select w.id, 'blank_label' from words as w where coalesce(btrim(w.word), '') = '' or char_length(w.word) > 200
  union all
  -- SKOS S13: the three kinds of labels are disjoint.
  select w.id, 'labels_meet' from words as w group by w.id, w.lang, w.word having count(*) > 1
  union all
  select t.id, 'cycle' from touched as t where exists (select from private.concepts_above(t.id) as above where above.is_cycle)
  union all
  select t.id, 'other_scheme' from touched as t join app.concepts as b on b.id = t.broader where b.scheme <> t.scheme
  union all
  select t.id, 'dangling_related' from touched as t, unnest(t.related) as r
  where r = t.id or not exists (select from app.concepts as c where c.id = r)
  union all
  -- SKOS S27: what is related is not in the line above.
  select t.id, 'related_above' from touched as t, lateral private.concepts_above(t.id) as above
  where above.id = any (t.related) or t.id = any (select unnest(c.related) from app.concepts as c where c.id = above.id)
  union all
  select t.id, 'replaced_though_accepted' from touched as t where t.replaced_by is not null and t.status <> 'deprecated'
  union all
  select t.id, 'replacement_cycle' from touched as t where exists (select from private.concepts_replacing(t.id) as r where r.is_cycle);
$$;
comment on function private.thesaurus_faults(text[]) is
  'What SKOS, or this project, forbids in these concepts and those just below them: unknown_language, no_label, blank_label, labels_meet, cycle, other_scheme, dangling_related, related_above, replaced_though_accepted, replacement_cycle.';

create function private.keep_thesaurus_whole()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  first record;
begin
  -- What was written is named before what lies below it.
  select * into first from private.thesaurus_faults(array(select id from changed))
  order by not exists (select from changed where changed.id = concept), concept, fault limit 1;
  if found then
    perform private.fail(400, 'invalid_concept', first.concept || ' : ' || first.fault);
  end if;
  return null;
end;
$$;
comment on function private.keep_thesaurus_whole() is
  'Trigger: refuses what thesaurus_faults finds, once a statement has written all its rows, so that a whole vocabulary goes in at once in any order.';
create trigger concepts_stay_whole_when_added after insert on app.concepts
referencing new table as changed for each statement execute function private.keep_thesaurus_whole();
create trigger concepts_stay_whole_when_changed after update on app.concepts
referencing new table as changed for each statement execute function private.keep_thesaurus_whole();

revoke all on function private.concepts_above(text), private.concepts_replacing(text), private.concept_words(app.concepts),
  private.thesaurus_faults(text[]), private.keep_thesaurus_whole() from public;
