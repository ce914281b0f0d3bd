create table app.territories (
  level text not null check (level in ('commune', 'epci', 'departement', 'region')),
  code text not null,
  name text not null,
  epci text,
  departement text,
  region text,
  geom extensions.geometry(MultiPolygon, 4326),
  population int,
  outline_source text,
  primary key (level, code)
);
create index territories_geom_idx on app.territories using gist (geom);
create index territories_epci_idx on app.territories (epci) where level = 'commune';
create index territories_departement_idx on app.territories (departement) where level = 'commune';
alter table app.territories enable row level security;
comment on table app.territories is 'INSEE communes, EPCI, départements and regions. Outlines are loaded by the command `npm run territories`.';
comment on column app.territories.epci is 'For a commune: SIREN of the EPCI it belongs to.';
