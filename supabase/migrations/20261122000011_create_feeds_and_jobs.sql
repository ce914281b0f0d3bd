create table app.changes (
  bucket text not null,
  point_id uuid not null references app.points,
  change_xid xid8 not null default pg_current_xact_id(),
  change_seq bigint not null default nextval('app.change_seq'),
  primary key (bucket, point_id)
);
create index changes_cursor_idx on app.changes (bucket, change_xid, change_seq);
create index changes_point_id_idx on app.changes (point_id);
alter table app.changes enable row level security;
comment on table app.changes is 'Content-free feed: what changed for whom. Split by audience so that it tells strangers nothing (c:<theme>:<cell>, u:<user>, m:<theme>).';

create table app.leases (
  point_id uuid primary key references app.points,
  holder uuid not null references app.profiles on delete cascade,
  until timestamptz not null
);
create index leases_holder_idx on app.leases (holder);
alter table app.leases enable row level security;
comment on table app.leases is 'Who is reading an item of the queue. Advisory: it never refuses a decision.';

create table app.jobs (
  id bigint generated always as identity primary key,
  kind text not null,
  payload jsonb not null default '{}',
  dedupe_key text,
  run_after timestamptz not null default now(),
  locked_until timestamptz,
  attempts int not null default 0,
  last_error text,
  done_at timestamptz,
  created_at timestamptz not null default now()
);
create unique index jobs_dedupe_idx on app.jobs (dedupe_key) where done_at is null and locked_until is null;
create index jobs_due_idx on app.jobs (run_after) where done_at is null;
alter table app.jobs enable row level security;
comment on table app.jobs is 'Work that SQL cannot do (mails, copies of photos), drained by the function `worker`.';
comment on column app.jobs.dedupe_key is 'At most one waiting job per key; one being run does not count, so that a change during the run is seen.';
