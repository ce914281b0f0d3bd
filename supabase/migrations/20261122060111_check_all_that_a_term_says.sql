-- What a concept says comes from coordinators and from files: its shape is checked before it is written.
create function private.text_by_language(value jsonb, at_most int)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select jsonb_typeof(value) = 'object' and not exists (
    select from jsonb_each(value) as l
    where jsonb_typeof(l.value) <> 'string' or btrim(l.value #>> '{}') = '' or char_length(l.value #>> '{}') > at_most);
$$;
comment on function private.text_by_language(jsonb, int) is 'Whether a value is an object of texts that are not empty, of a length at most, by language.';

create function private.is_text_list(value jsonb, at_most int)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select case when jsonb_typeof(value) = 'array' and jsonb_array_length(value) <= 500 then not exists (
    select from jsonb_array_elements(value) as t
    where jsonb_typeof(t) <> 'string' or btrim(t #>> '{}') = '' or char_length(t #>> '{}') > at_most) else false end;
$$;
comment on function private.is_text_list(jsonb, int) is 'Whether a value is a list of texts that are not empty, of a length at most; 500 of them at most.';

create function private.lists_by_key(value jsonb, at_most int)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select case when jsonb_typeof(value) = 'object'
    then not exists (select from jsonb_each(value) as l where not private.is_text_list(l.value, at_most)) else false end;
$$;
comment on function private.lists_by_key(jsonb, int) is 'Whether a value is an object of lists of texts.';

create function private.concept_content(c jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
declare
  said jsonb := jsonb_strip_nulls(coalesce(c, '{}'));
  content jsonb := '{}';
  field text;
  value jsonb;
begin
  if jsonb_typeof(c) is distinct from 'object' then
    perform private.invalid_argument('Un terme est un objet.');
  end if;
  foreach field in array array['labels', 'alt', 'hidden', 'definition', 'scope_note', 'example', 'change_note',
    'broader', 'related', 'matches', 'notation', 'unverified', 'position', 'picture'] loop
    value := said -> field;
    continue when value is null;
    if not (case
      when field = 'labels' then private.text_by_language(value, 200)
      when field in ('definition', 'scope_note', 'example') then private.text_by_language(value, 4000)
      when field in ('alt', 'hidden') then private.lists_by_key(value, 200)
      when field = 'change_note' then private.lists_by_key(value, 2000)
      when field = 'matches' then private.lists_by_key(value, 1000) and value - array['exact', 'close', 'broad', 'unverified'] = '{}'
      when field = 'related' then private.is_text_list(value, 100)
      when field = 'unverified' then jsonb_typeof(value) = 'array' and value <@ '["fr", "oc", "ca", "en"]'
      when field in ('broader', 'notation') then jsonb_typeof(value) = 'string' and char_length(value #>> '{}') between 1 and 100
      when field = 'picture' then jsonb_typeof(value) = 'string' and private.to_uuid(value #>> '{}') is not null
      else jsonb_typeof(value) = 'number' and (value #>> '{}')::numeric between 0 and 1000000 and (value #>> '{}')::numeric % 1 = 0 end) then
      perform private.invalid_argument(format('%s : ce n’est pas ce qu’un terme y dit.', field));
    end if;
    content := content || jsonb_build_object(field, value);
  end loop;
  return content;
end;
$$;
comment on function private.concept_content(jsonb) is
  'What a concept given by somebody says, the fields that one may write alone; PT400 invalid_argument names the field whose value has another shape.';

create or replace function private.thesaurus_faults(ids text[])
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
  where (t.labels || t.alt || t.hidden || t.definition || t.scope_note || t.example || t.change_note) - array['fr', 'oc', 'ca', 'en'] <> '{}'
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

revoke all on function private.text_by_language(jsonb, int), private.is_text_list(jsonb, int), private.lists_by_key(jsonb, int),
  private.concept_content(jsonb) from public;
