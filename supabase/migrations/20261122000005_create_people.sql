create table app.profiles (
  user_id uuid primary key references auth.users (id) on delete cascade,
  display_name text check (char_length(display_name) between 1 and 80),
  named boolean not null default false,
  visibility_epoch int not null default 1,
  created_at timestamptz not null default now()
);
alter table app.profiles enable row level security;
comment on table app.profiles is 'What a person chose to say of themselves. E-mails stay in auth.users.';
comment on column app.profiles.named is 'The person chose to be named as author in public.';
comment on column app.profiles.visibility_epoch is 'Bumped when what this person may see changes as a whole (role, territory): their devices take snapshots again.';

create table app.memberships (
  user_id uuid not null references app.profiles on delete cascade,
  group_id text not null references app.groups,
  role text not null check (role in ('contributor', 'moderator', 'coordinator')),
  territories text[] not null default '{*}' check (cardinality(territories) > 0),
  created_at timestamptz not null default now(),
  primary key (user_id, group_id)
);
create index memberships_group_id_idx on app.memberships (group_id);
alter table app.memberships enable row level security;
comment on table app.memberships is 'Role of a person in a working group and the INSEE codes it covers ({*} = everywhere).';

create function private.bump_visibility()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update app.profiles set visibility_epoch = visibility_epoch + 1
  where user_id = coalesce(new.user_id, old.user_id);
  return null;
end;
$$;
comment on function private.bump_visibility() is 'Trigger: a membership changed, so what its holder may see changed as a whole.';
create trigger memberships_bump_visibility after insert or update or delete on app.memberships
for each row execute function private.bump_visibility();

create table app.charters (
  rev int primary key,
  texts jsonb not null,
  data_licence text not null,
  photo_licence text not null,
  published_at timestamptz not null default now()
);
alter table app.charters enable row level security;
comment on table app.charters is 'Versions of the charter, with the licences it grants. The highest rev is the current one.';

create table app.charter_acceptances (
  user_id uuid not null references app.profiles on delete cascade,
  rev int not null references app.charters,
  accepted_at timestamptz not null default now(),
  primary key (user_id, rev)
);
create index charter_acceptances_rev_idx on app.charter_acceptances (rev);
alter table app.charter_acceptances enable row level security;
comment on table app.charter_acceptances is 'Who accepted which version of the charter, and when.';
