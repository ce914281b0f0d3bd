create table app.sources (
  id bigint generated always as identity primary key,
  theme text not null references app.themes,
  producer text not null,
  licence text not null,
  delivered_on date,
  file_name text,
  loaded_at timestamptz not null default now(),
  unique (theme, producer, licence)
);
alter table app.sources enable row level security;
comment on table app.sources is 'Where imported points come from: producer, licence, date of delivery.';

create table app.points (
  id uuid primary key,
  theme text not null references app.themes,
  author uuid references app.profiles on delete set null,
  status text not null check (status in ('draft', 'submitted', 'to_complete', 'rejected', 'withdrawn',
    'published', 'archived', 'destroyed', 'duplicate')),
  status_before text,
  rev int not null default 1,
  v bigint not null default 1,
  concept text references app.concepts,
  geom extensions.geometry(Point, 4326) not null,
  accuracy_m real check (accuracy_m >= 0),
  position_source text not null check (position_source in ('gps', 'map', 'exif', 'typed', 'import', 'blurred')),
  heading_deg real,
  moved_m real,
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  form_rev int,
  sensitivity text not null default 'open' check (sensitivity in ('open', 'blurred', 'hidden')),
  commune text,
  public_geom extensions.geometry(Point, 4326),
  public_commune text,
  public_cell text,
  captured_at timestamptz not null,
  received_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  first_published_at timestamptz,
  expected_photos int not null default 0 check (expected_photos between 0 and 50),
  confirmation_count int not null default 0,
  last_confirmed_on date,
  decision jsonb,
  duplicate_of uuid references app.points,
  source_id bigint references app.sources,
  source_ref text,
  unique (source_id, source_ref)
);
create index points_theme_idx on app.points (theme);
create index points_author_idx on app.points (author);
create index points_concept_idx on app.points (concept);
create index points_duplicate_of_idx on app.points (duplicate_of);
create index points_geom_idx on app.points using gist (geom);
create index points_public_geom_idx on app.points using gist (public_geom) where status = 'published';
create index points_public_cell_idx on app.points (theme, public_cell, id) where first_published_at is not null;
create index points_public_commune_idx on app.points (public_commune) where status = 'published';
create index points_waiting_idx on app.points (theme, received_at) where status = 'submitted';
alter table app.points enable row level security;
comment on table app.points is 'One thing on the ground, for ever one id. While the status is published, archived or destroyed the content of this row is the published one: proposals wait in app.revisions.';
comment on column app.points.rev is 'Content counter: what base_rev and seen_rev speak of (contract §2).';
comment on column app.points.v is 'Row counter: +1 whenever anything a caller may see of the row changes.';
comment on column app.points.public_geom is 'The one position the public may see: true, centre of the 1 km Lambert-93 cell when blurred, null when hidden.';
comment on column app.points.public_commune is 'Commune of public_geom; `commune` is the one of the true position.';
comment on column app.points.public_cell is 'Quadkey at zoom 12 of public_geom: the sync cell.';
comment on column app.points.status_before is 'State to go back to when a duplicate is restored.';
comment on column app.points.decision is 'The last decision, as the contract shows it to the author: {decision, reason, comment, at, by}.';
comment on column app.points.first_published_at is 'Null: never public, so no public feed has ever named it.';
