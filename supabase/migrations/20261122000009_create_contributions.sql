create table app.revisions (
  id uuid primary key,
  point_id uuid not null references app.points,
  author uuid references app.profiles on delete set null,
  base_rev int not null,
  base jsonb not null,
  patch jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'superseded', 'accepted', 'partly_accepted', 'refused', 'withdrawn')),
  superseded_by uuid references app.revisions,
  captured_at timestamptz not null,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid references app.profiles on delete set null,
  reason text,
  comment text,
  accepted_paths text[]
);
create unique index revisions_one_live_idx on app.revisions (point_id, author) where state = 'pending';
create index revisions_point_id_idx on app.revisions (point_id);
create index revisions_author_idx on app.revisions (author);
create index revisions_superseded_by_idx on app.revisions (superseded_by);
create index revisions_decided_by_idx on app.revisions (decided_by);
create index revisions_waiting_idx on app.revisions (created_at) where state = 'pending';
alter table app.revisions enable row level security;
comment on table app.revisions is 'Edits proposed beside a published point. The id is the mutation that proposed it; the patch is immutable.';

create table app.receipts (
  mutation_id uuid primary key,
  user_id uuid not null references app.profiles on delete cascade,
  point_id uuid,
  device_id text,
  payload_hash bytea not null,
  status text not null check (status in ('applied', 'merged', 'pending', 'conflict', 'rejected')),
  code text,
  message text,
  rev int,
  revision_id uuid,
  conflicts jsonb,
  created_at timestamptz not null default now()
);
create index receipts_user_id_idx on app.receipts (user_id);
create index receipts_point_id_idx on app.receipts (point_id);
alter table app.receipts enable row level security;
comment on table app.receipts is 'One row per mutation applied or finally refused, written with its effect: a replay answers from here.';

create table app.conflicts (
  mutation_id uuid not null,
  field text not null,
  point_id uuid not null references app.points,
  user_id uuid references app.profiles on delete set null,
  base jsonb,
  mine jsonb,
  theirs jsonb,
  at timestamptz not null default now(),
  resolved_by uuid,
  primary key (mutation_id, field)
);
create index conflicts_point_id_idx on app.conflicts (point_id);
create index conflicts_user_id_idx on app.conflicts (user_id);
alter table app.conflicts enable row level security;
comment on table app.conflicts is 'Field values that could not be merged: kept until an edit with `resolves` closes them.';

create table app.events (
  id bigint generated always as identity primary key,
  point_id uuid not null references app.points,
  at timestamptz not null default now(),
  actor uuid references app.profiles on delete set null,
  actor_kind text not null check (actor_kind in ('author', 'contributor', 'moderator', 'system')),
  action text not null,
  from_status text,
  to_status text,
  reason text,
  comment text,
  rev int,
  diff jsonb,
  mutation_id uuid,
  revision_id uuid
);
create index events_point_id_idx on app.events (point_id, id);
create index events_actor_idx on app.events (actor);
alter table app.events enable row level security;
comment on table app.events is 'Append-only history: who, when, from, to, reason, and the fields before and after.';

create function private.refuse_rewriting_history()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- The one change allowed is the erasure of a person: `on delete set null` of the actor.
  if tg_op = 'UPDATE' and new.actor is null and (to_jsonb(new) - 'actor') = (to_jsonb(old) - 'actor') then
    return new;
  end if;
  raise exception 'app.events is append-only';
end;
$$;
comment on function private.refuse_rewriting_history() is 'Trigger: history is written once.';
create trigger events_append_only before update or delete on app.events
for each row execute function private.refuse_rewriting_history();

create table app.confirmations (
  mutation_id uuid primary key,
  point_id uuid not null references app.points,
  user_id uuid references app.profiles on delete set null,
  found boolean not null,
  observed_on date not null,
  condition text,
  created_at timestamptz not null default now()
);
create index confirmations_point_id_idx on app.confirmations (point_id);
create index confirmations_user_id_idx on app.confirmations (user_id);
alter table app.confirmations enable row level security;
comment on table app.confirmations is 'Somebody was there and saw the point, or saw that it is gone.';

create table app.reports (
  id uuid primary key,
  point_id uuid not null references app.points,
  kind text not null check (kind in ('gone', 'problem')),
  user_id uuid references app.profiles on delete set null,
  text text check (char_length(text) <= 4000),
  state text not null default 'open' check (state in ('open', 'closed')),
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  closed_by uuid references app.profiles on delete set null,
  closed_with text
);
create index reports_point_id_idx on app.reports (point_id);
create index reports_user_id_idx on app.reports (user_id);
create index reports_closed_by_idx on app.reports (closed_by);
create index reports_open_idx on app.reports (created_at) where state = 'open';
alter table app.reports enable row level security;
comment on table app.reports is 'Something to look at on a published point: seen gone, or a problem. Closed by a decision.';
