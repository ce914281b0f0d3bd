create function private.fold(raw text)
returns text
language sql
immutable
parallel safe
set search_path = ''
as $$
  -- unaccent() is only stable because its dictionary could be replaced: naming the dictionary makes it fixed here.
  select trim(regexp_replace(lower(extensions.unaccent('extensions.unaccent'::regdictionary, coalesce(raw, ''))), '[^a-z0-9]+', ' ', 'g'));
$$;
comment on function private.fold(text) is 'Words as one searches them: lower case, without accents nor punctuation, one space between.';

create function private.fold_all(texts jsonb)
returns text
language sql
immutable
parallel safe
set search_path = ''
as $$
  select coalesce(string_agg(' ' || private.fold(word #>> '{}'), ' '), '')
  from jsonb_path_query(texts, '$.** ? (@.type() == "string")') as word;
$$;
comment on function private.fold_all(jsonb) is
  'Every text found in a value, folded, each word preceded by a space: a word is looked for from its beginning with like ''% word%''.';

alter table app.concepts add column folded text generated always as (
  private.fold_all(labels) || private.fold_all(alt) || private.fold_all(hidden)) stored;
comment on column app.concepts.folded is 'Labels, synonyms and hidden labels in every language, folded for the search.';

alter table app.territories add column folded text generated always as (' ' || private.fold(name)) stored;
comment on column app.territories.folded is 'Name, folded for the search.';

revoke all on function private.fold(text), private.fold_all(jsonb) from public;
