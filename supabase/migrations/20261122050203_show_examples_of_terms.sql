-- A definition says what a thing is; an example shows what to look for.
alter table app.concepts add column example jsonb not null default '{}';
comment on column app.concepts.example is 'SKOS example by language: what one looks like, so that it is recognised on the ground. Never an actual place.';

create or replace function private.concept_json(c app.concepts)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', c.id, 'uri', rtrim(s.public_url, '/') || '/t/' || c.id, 'scheme', c.scheme,
    'labels', c.labels, 'alt', c.alt, 'hidden', c.hidden, 'definition', c.definition, 'example', c.example,
    'broader', c.broader, 'related', c.related, 'matches', '{"exact": [], "close": [], "broad": []}' || c.matches,
    'notation', c.notation, 'unverified', c.unverified, 'status', c.status, 'replaced_by', c.replaced_by, 'position', c.position)
  from app.settings as s;
$$;

create or replace function private.put_concept_scheme(p jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into app.concept_schemes (id, labels, licence, source)
  values (p ->> 'id', p -> 'labels', p ->> 'licence', p ->> 'source')
  on conflict (id) do nothing;

  -- The foreign key of `broader` is checked at the end of the statement: the order in the file is free.
  insert into app.concepts (id, scheme, labels, alt, hidden, definition, example, broader, related, matches, notation, unverified, position)
  select c ->> 'id', p ->> 'id', c -> 'labels', coalesce(c -> 'alt', '{}'), coalesce(c -> 'hidden', '{}'),
    coalesce(c -> 'definition', '{}'), coalesce(c -> 'example', '{}'), c ->> 'broader',
    array(select jsonb_array_elements_text(c -> 'related')),
    coalesce(c -> 'matches', '{}'), c ->> 'notation',
    array(select jsonb_array_elements_text(c -> 'unverified')), n::int
  from jsonb_array_elements(p -> 'concepts') with ordinality as t (c, n)
  where not exists (select from app.concepts as known where known.id = c ->> 'id');

  -- An example that this release brings comes to a concept that had none.
  update app.concepts as known set example = c -> 'example'
  from jsonb_array_elements(p -> 'concepts') as c
  where known.id = c ->> 'id' and known.scheme = p ->> 'id' and known.example = '{}' and c -> 'example' <> '{}';
end;
$$;
