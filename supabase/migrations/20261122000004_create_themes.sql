create table app.groups (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{1,40}$'),
  labels jsonb not null,
  created_at timestamptz not null default now()
);
alter table app.groups enable row level security;
comment on table app.groups is 'Working groups: who moderates one or more themes.';

create table app.themes (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{1,40}$'),
  position int not null default 0,
  labels jsonb not null,
  group_id text not null references app.groups,
  scheme text,
  form_rev int not null default 1,
  settings jsonb not null default '{}',
  is_active boolean not null default true,
  change_xid xid8 not null default pg_current_xact_id(),
  change_seq bigint not null default 0
);
create index themes_group_id_idx on app.themes (group_id);
alter table app.themes enable row level security;
comment on table app.themes is 'Inventories: label, working group, current form, thesaurus scheme, settings (duplicate radius, marker, reasons).';

create table app.forms (
  theme text not null references app.themes,
  rev int not null check (rev > 0),
  form jsonb not null,
  published_at timestamptz not null default now(),
  primary key (theme, rev)
);
alter table app.forms enable row level security;
comment on table app.forms is 'Questions as data (contract §5), every version kept: a key known to any past version stays valid.';
