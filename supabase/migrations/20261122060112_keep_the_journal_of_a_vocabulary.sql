-- Who changed what in a vocabulary, with the terms before and after: it can be read, decided on, and undone until a version carries it.
create table app.thesaurus_edits (
  id uuid primary key,
  n bigint generated always as identity unique,
  scheme text not null references app.concept_schemes,
  action text not null check (action in ('create', 'change', 'move', 'merge', 'split', 'deprecate', 'restore', 'import', 'answer')),
  concept text references app.concepts,
  args jsonb not null,
  note text check (char_length(note) <= 2000),
  author uuid references app.profiles on delete set null,
  created_at timestamptz not null default now(),
  state text not null check (state in ('proposed', 'applied', 'undone', 'refused')),
  reason text check (char_length(reason) <= 2000),
  decided_by uuid references app.profiles on delete set null,
  decided_at timestamptz,
  before jsonb not null default '[]' check (jsonb_typeof(before) = 'array'),
  after jsonb not null default '[]' check (jsonb_typeof(after) = 'array'),
  moves jsonb not null default '{}' check (jsonb_typeof(moves) = 'object'),
  remap_total int not null default 0,
  remap_until timestamptz,
  proposals uuid[] not null default '{}',
  released int
);
create index thesaurus_edits_scheme_idx on app.thesaurus_edits (scheme, n);
create index thesaurus_edits_concept_idx on app.thesaurus_edits (concept);
create index thesaurus_edits_author_idx on app.thesaurus_edits (author);
create index thesaurus_edits_decided_by_idx on app.thesaurus_edits (decided_by);
alter table app.thesaurus_edits enable row level security;
comment on table app.thesaurus_edits is 'The journal of the vocabularies: edits proposed, applied, undone or refused. The id comes from who edits: the same call twice is one edit.';
comment on column app.thesaurus_edits.args is 'The call, without its note: a proposed edit is applied from it once accepted.';
comment on column app.thesaurus_edits.before is 'The terms that it changed, as they were; those that it made are not among them.';
comment on column app.thesaurus_edits.after is 'The same terms, and those that it made, as it left them.';
comment on column app.thesaurus_edits.moves is 'The terms whose points go to another: {from: to}.';
comment on column app.thesaurus_edits.remap_total is 'Points that were to move when it was applied, or to come back when it was undone.';
comment on column app.thesaurus_edits.remap_until is 'Set while points are being moved, or brought back: the worker looks for the last ones until then.';
comment on column app.thesaurus_edits.released is 'The version that carries it: from then on it is not undone any more.';

create table app.remapped_points (
  edit uuid not null references app.thesaurus_edits,
  point_id uuid not null references app.points,
  was text references app.concepts,
  became text not null references app.concepts,
  back_at timestamptz,
  primary key (edit, point_id)
);
create index remapped_points_point_id_idx on app.remapped_points (point_id);
create index remapped_points_was_idx on app.remapped_points (was);
create index remapped_points_became_idx on app.remapped_points (became);
create index remapped_points_to_bring_back_idx on app.remapped_points (edit) where back_at is null;
alter table app.remapped_points enable row level security;
comment on table app.remapped_points is 'Points that an edit of a vocabulary took from one term to another, so that it can be undone.';
comment on column app.remapped_points.back_at is 'When the edit was undone for this point; it stays where somebody had put it since.';

create function private.concept_row(c app.concepts)
returns jsonb
language sql
immutable
set search_path = ''
as $$ select to_jsonb(c) - array['folded', 'change_xid', 'change_seq', 'updated_at']; $$;
comment on function private.concept_row(app.concepts) is 'A concept as the journal keeps it: all that was said of it, not when it was stamped.';

create function private.write_concepts(edited jsonb)
returns void
language sql
set search_path = ''
as $$
  insert into app.concepts as known (id, scheme, labels, alt, hidden, definition, scope_note, example, change_note, picture, broader, related, matches,
    notation, unverified, status, replaced_by, position, origin)
  select r.id, r.scheme, r.labels, r.alt, r.hidden, r.definition, r.scope_note, r.example, r.change_note, r.picture, r.broader, r.related, r.matches,
    r.notation, r.unverified, r.status, r.replaced_by, r.position, r.origin
  from jsonb_populate_recordset(null::app.concepts, edited) as r
  on conflict (id) do update set labels = excluded.labels, alt = excluded.alt, hidden = excluded.hidden, definition = excluded.definition,
    scope_note = excluded.scope_note, example = excluded.example, change_note = excluded.change_note, picture = excluded.picture,
    broader = excluded.broader, related = excluded.related, matches = excluded.matches, notation = excluded.notation,
    unverified = excluded.unverified, status = excluded.status, replaced_by = excluded.replaced_by, position = excluded.position,
    origin = excluded.origin, updated_at = now()
  where private.concept_row(known) <> private.concept_row(excluded);
$$;
comment on function private.write_concepts(jsonb) is
  'Writes concepts as the journal keeps them, all in one statement: their order is free, and what SKOS forbids is judged on the whole. Those that say nothing new are not stamped.';

revoke all on function private.concept_row(app.concepts), private.write_concepts(jsonb) from public;
