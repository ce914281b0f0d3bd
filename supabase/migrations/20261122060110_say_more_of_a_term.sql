-- A term says when to choose it and how it changed; what an import brought remembers what its source had said.
alter table app.concepts
  add column scope_note jsonb not null default '{}',
  add column change_note jsonb not null default '{}',
  add column picture uuid references app.photos on delete set null,
  add column origin jsonb check (jsonb_typeof(origin) = 'object');
create index concepts_picture_idx on app.concepts (picture);
comment on column app.concepts.scope_note is 'SKOS scope note by language: when to choose the term, and when another.';
comment on column app.concepts.change_note is 'SKOS change notes by language: what became of the term, a list of texts.';
comment on column app.concepts.picture is 'A published photo that shows what the term means.';
comment on column app.concepts.origin is
  'What the reference vocabulary said of the term at the last import: {uri, labels, …}. Null for a term of the group''s own. What differs since is a local edit.';

create function private.picture_json(photo uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', f.id,
    'url', '/storage/v1/object/public/published/' || f.public_path,
    'thumb_url', '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path),
    'caption', f.caption, 'licence', f.licence, 'author', case when who.named then who.display_name end)
  from app.photos as f
  join app.points as p on p.id = f.point_id
  left join app.profiles as who on who.user_id = f.user_id
  where f.id = photo and f.state = 'published' and f.public_path is not null and private.is_public(p);
$$;
comment on function private.picture_json(uuid) is 'The photo that shows a term, as anybody may see it; null when it is not public (any more).';

create or replace function private.concept_json(c app.concepts)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', c.id, 'uri', rtrim(s.public_url, '/') || '/t/' || c.id, 'scheme', c.scheme,
    'labels', c.labels, 'alt', c.alt, 'hidden', c.hidden, 'definition', c.definition, 'scope_note', c.scope_note, 'example', c.example,
    'change_note', c.change_note, 'broader', c.broader, 'related', c.related,
    'matches', '{"exact": [], "close": [], "broad": []}' || c.matches,
    'notation', c.notation, 'unverified', c.unverified, 'status', c.status, 'replaced_by', c.replaced_by, 'position', c.position)
    -- Few terms have one: the others do not carry its absence to every phone.
    || case when c.picture is null then '{}' else jsonb_strip_nulls(jsonb_build_object('picture', private.picture_json(c.picture))) end
  from app.settings as s;
$$;

-- A version keeps the words; a picture lives and dies with its point.
create or replace function private.vocabulary_json(scheme_id text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(private.concept_json(c) - 'uri' - 'picture' order by c.position, c.id), '[]')
  from app.concepts as c where c.scheme = scheme_id and c.status <> 'proposed';
$$;

create or replace function private.vocabulary_changes(before jsonb, after jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'id', coalesce(a ->> 'id', b ->> 'id'),
    'kind', case
      when b is null then 'added'
      when a is null then 'removed'
      when a ->> 'status' = 'deprecated' and b ->> 'status' <> 'deprecated' then 'deprecated'
      when a ->> 'status' <> 'deprecated' and b ->> 'status' = 'deprecated' then 'restored'
      else 'changed' end,
    'labels', coalesce(a, b) -> 'labels',
    'was', case when a -> 'labels' <> b -> 'labels' then b -> 'labels' end,
    'replaced_by', a ->> 'replaced_by',
    'fields', case when a is not null and b is not null then (
      select jsonb_agg(f.key order by f.key) from jsonb_each(a) as f where f.value is distinct from b -> f.key) end))
    order by coalesce(a ->> 'id', b ->> 'id')), '[]')
  from jsonb_array_elements(after) as a
  -- A version from before terms had notes says nothing of them: they were empty.
  full join (select '{"scope_note": {}, "change_note": {}}'::jsonb || o as b from jsonb_array_elements(before) as o) as t on a ->> 'id' = b ->> 'id'
  where a is distinct from b
    -- Made and taken back between two versions: nobody has seen it.
    and not (b is null and a ->> 'status' = 'deprecated');
$$;

revoke all on function private.picture_json(uuid) from public;
