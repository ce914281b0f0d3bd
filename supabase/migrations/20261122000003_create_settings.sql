create table app.settings (
  id boolean primary key default true check (id),
  instance_name text not null default 'Capitelle',
  public_url text not null default 'http://127.0.0.1:4173',
  extent extensions.geometry(Polygon, 4326) not null
    default extensions.st_makeenvelope(-0.40, 42.25, 4.92, 45.12, 4326),
  contribution text not null default 'verified' check (contribution in ('verified', 'invited')),
  demo boolean not null default false,
  min_client_version text not null default '0.0.0'
);
alter table app.settings enable row level security;
comment on table app.settings is 'The one row that tells an instance from another.';
comment on column app.settings.extent is 'Box that every point must lie in (default: Occitanie with a margin of about 7 km).';
comment on column app.settings.contribution is 'Who may contribute: anyone with a verified e-mail, or the invited only.';
insert into app.settings default values;
