create sequence app.change_seq;
comment on sequence app.change_seq is 'Orders changes inside a transaction; with the transaction id it makes the sync cursor.';

create table app.concept_schemes (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{1,60}$'),
  labels jsonb not null,
  licence text,
  source text
);
alter table app.concept_schemes enable row level security;
comment on table app.concept_schemes is 'SKOS concept schemes: one vocabulary each.';

create table app.concepts (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,80}$'),
  scheme text not null references app.concept_schemes,
  labels jsonb not null,
  alt jsonb not null default '{}',
  hidden jsonb not null default '{}',
  definition jsonb not null default '{}',
  broader text references app.concepts,
  related text[] not null default '{}',
  matches jsonb not null default '{}',
  notation text,
  unverified text[] not null default '{}',
  status text not null default 'accepted' check (status in ('proposed', 'accepted', 'deprecated')),
  replaced_by text references app.concepts,
  position int not null default 0,
  updated_at timestamptz not null default now(),
  change_xid xid8 not null default pg_current_xact_id(),
  change_seq bigint not null default nextval('app.change_seq')
);
create index concepts_scheme_idx on app.concepts (scheme);
create index concepts_broader_idx on app.concepts (broader);
create index concepts_replaced_by_idx on app.concepts (replaced_by);
create index concepts_change_idx on app.concepts (change_xid, change_seq);
alter table app.concepts enable row level security;
comment on table app.concepts is 'SKOS concepts. Points store the id, never a label. Nothing is removed: a concept is deprecated with replaced_by.';
comment on column app.concepts.unverified is 'Languages whose label no source has validated yet: searched, not shown as the term of the interface.';

alter table app.themes add constraint themes_scheme_fkey foreign key (scheme) references app.concept_schemes;
create index themes_scheme_idx on app.themes (scheme);

create function private.stamp_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.change_xid := pg_current_xact_id();
  new.change_seq := nextval('app.change_seq');
  return new;
end;
$$;
comment on function private.stamp_change() is 'Trigger: stamps a row with the sync cursor of its change.';
create trigger concepts_stamp_change before insert or update on app.concepts
for each row execute function private.stamp_change();
create trigger themes_stamp_change before insert or update on app.themes
for each row execute function private.stamp_change();
