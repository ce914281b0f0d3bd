alter table app.profiles add column last_seen_on date;
comment on column app.profiles.last_seen_on is 'Last day on which the person''s app spoke to the server: coordinators see who is active, by the day.';

create or replace function private.ensure_profile(who uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  seen date;
begin
  -- Nothing but an empty row and a day, and only for someone who exists: safe whoever calls.
  select last_seen_on into seen from app.profiles where user_id = who;
  if not found then
    insert into app.profiles (user_id, last_seen_on) select id, current_date from auth.users where id = who
    on conflict (user_id) do nothing;
  elsif seen is distinct from current_date then
    update app.profiles set last_seen_on = current_date where user_id = who;
  end if;
end;
$$;

create table app.invitations (
  id uuid primary key default gen_random_uuid(),
  group_id text not null references app.groups,
  email text check (email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and char_length(email) <= 320),
  role text not null check (role in ('contributor', 'moderator', 'coordinator')),
  territories text[] not null check (cardinality(territories) > 0),
  invited_by uuid references app.profiles on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '14 days',
  consumed_at timestamptz,
  consumed_by uuid references app.profiles on delete set null,
  revoked_at timestamptz
);
create unique index invitations_open_idx on app.invitations (email, group_id) where consumed_at is null and revoked_at is null;
create index invitations_group_id_idx on app.invitations (group_id);
create index invitations_invited_by_idx on app.invitations (invited_by);
create index invitations_consumed_by_idx on app.invitations (consumed_by);
alter table app.invitations enable row level security;
comment on table app.invitations is
  'Roles offered to an address: taken at the first sign-in whose e-mail is verified, within 14 days, if who offered them may still grant them.';
comment on column app.invitations.email is 'Lower case; forgotten once the invitation is over.';

create table app.role_changes (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  group_id text not null references app.groups,
  user_id uuid references app.profiles on delete set null,
  actor uuid references app.profiles on delete set null,
  from_role text,
  to_role text,
  from_territories text[],
  to_territories text[]
);
create index role_changes_group_id_idx on app.role_changes (group_id, id);
create index role_changes_user_id_idx on app.role_changes (user_id);
create index role_changes_actor_idx on app.role_changes (actor);
alter table app.role_changes enable row level security;
comment on table app.role_changes is 'Who gave which role to whom, and when. Written by a trigger, whatever changed the role.';

create function private.note_role_change()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and (old.role, old.territories) is not distinct from (new.role, new.territories) then
    return null;
  end if;
  insert into app.role_changes (group_id, user_id, actor, from_role, to_role, from_territories, to_territories)
  select coalesce(new.group_id, old.group_id), who.user_id, actor.user_id, old.role, new.role, old.territories, new.territories
  from (select coalesce(new.user_id, old.user_id) as id) as changed
  -- A role that ends with its account has nobody to name.
  left join app.profiles as who on who.user_id = changed.id
  left join app.profiles as actor on actor.user_id = (select auth.uid());
  return null;
end;
$$;
comment on function private.note_role_change() is 'Trigger: keeps the history of roles.';
create trigger memberships_note_change after insert or update or delete on app.memberships
for each row execute function private.note_role_change();

create function private.may_grant(who uuid, group_name text, territories text[])
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from app.memberships as m
    where m.user_id = who and m.group_id = group_name and m.role = 'coordinator' and private.covers_scope(m.territories, may_grant.territories));
$$;
comment on function private.may_grant(uuid, text, text[]) is 'Whether the person coordinates the group over these territories at least: a coordinator grants at most their own scope.';

create function private.role_rank(role text)
returns int
language sql
immutable
set search_path = ''
as $$ select array_position(array['contributor', 'moderator', 'coordinator'], role); $$;
comment on function private.role_rank(text) is 'Roles from the least to the most: 1, 2, 3.';

create function private.consume_invitations(who uuid)
returns int
language plpgsql
security definer
set search_path = ''
as $$
declare
  i app.invitations;
  taken int := 0;
begin
  -- Only what was offered to the verified address of who is named: safe whoever calls.
  for i in
    select inv.* from auth.users as u
    join app.invitations as inv on inv.email = lower(u.email)
    where u.id = who and u.email_confirmed_at is not null and inv.consumed_at is null and inv.revoked_at is null
    order by inv.group_id
    for update of inv
  loop
    if i.expires_at <= now() then
      continue;
    elsif i.invited_by is null or i.invited_by = who or not private.may_grant(i.invited_by, i.group_id, i.territories) then
      -- Who offered it has lost the right to.
      update app.invitations set revoked_at = now(), email = null where id = i.id;
      continue;
    end if;
    perform private.ensure_profile(who);
    insert into app.memberships as held (user_id, group_id, role, territories) values (who, i.group_id, i.role, i.territories)
    -- An invitation adds to what somebody holds, and takes nothing away.
    on conflict (user_id, group_id) do update set role = excluded.role,
      territories = case when private.role_rank(held.role) = private.role_rank(excluded.role)
        then case when '*' = any (held.territories || excluded.territories) then '{*}'
          else array(select distinct one from unnest(held.territories || excluded.territories) as one order by one) end
        else excluded.territories end
      where private.role_rank(held.role) <= private.role_rank(excluded.role);
    update app.invitations set consumed_at = now(), consumed_by = who, email = null where id = i.id;
    taken := taken + 1;
  end loop;
  return taken;
end;
$$;
comment on function private.consume_invitations(uuid) is
  'Gives the person the roles that were offered to their verified address, if who offered them still may. Returns how many.';

create function private.consume_at_sign_in()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.consume_invitations(new.id);
  return null;
end;
$$;
comment on function private.consume_at_sign_in() is 'Trigger: an address was proven, or somebody signed in.';
create trigger users_consume_invitations after update of email_confirmed_at, last_sign_in_at on auth.users
for each row when (new.email_confirmed_at is not null) execute function private.consume_at_sign_in();

create or replace function private.read_me()
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  caller uuid := private.require_user();
begin
  perform private.ensure_profile(caller);
  -- Somebody who has been signed in for weeks is invited too.
  perform private.consume_invitations(caller);
  return private.account_json(caller);
end;
$$;

create function private.lock_members(group_name text, who uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  -- One change of a group's members at a time: two coordinators who leave at once must not both be the last but one.
  perform from app.groups where id = group_name for no key update;
  if not found then
    perform private.fail(404, 'unknown_group', 'Ce groupe de travail n’existe pas.');
  elsif not private.is_coordinator_of(who, group_name) then
    perform private.fail(403, 'not_allowed', 'Seule la coordination du groupe gère ses membres.');
  end if;
end;
$$;
comment on function private.lock_members(text, uuid) is 'Locks the members of a group until the end of the call, for somebody who coordinates it. PT403, PT404 unknown_group.';

create function private.invitation_json(i app.invitations)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', i.id, 'group', i.group_id, 'email', i.email, 'role', i.role, 'territories', i.territories,
    'created_at', private.instant(i.created_at), 'expires_at', private.instant(i.expires_at), 'is_expired', i.expires_at <= now(),
    'invited_by', (select display_name from app.profiles where user_id = i.invited_by));
$$;
comment on function private.invitation_json(app.invitations) is 'An invitation as the coordinators of its group read it.';

create function private.arg_role(p jsonb)
returns text
language sql
stable
set search_path = ''
as $$ select private.arg_choice(p, 'role', array['contributor', 'moderator', 'coordinator']); $$;
comment on function private.arg_role(jsonb) is 'The argument `role`, or null; PT400 when it is none.';

create function private.arg_territories(p jsonb)
returns text[]
language plpgsql
stable
set search_path = ''
as $$
begin
  if coalesce(p -> 'territories', 'null') = 'null' then
    return null;
  elsif private.text_array(p -> 'territories') is null then
    perform private.invalid_argument('territories : une liste de codes INSEE, ou ["*"].');
  end if;
  return private.known_territories(private.text_array(p -> 'territories'));
end;
$$;
comment on function private.arg_territories(jsonb) is 'The argument `territories`, every code known, or null.';

create function private.invite(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- More than any group asks in a fortnight: a stolen session must not write to the whole region.
  maximum_open constant int := 100;
  me uuid := private.require_user();
  revoked uuid := private.arg_uuid(p, 'revoke');
  asked_group text := coalesce((select group_id from app.invitations where id = revoked), private.arg_text(p, 'group'));
  address text := lower(btrim(private.arg_text(p, 'email')));
  asked_role text := private.arg_role(p);
  scope text[] := private.arg_territories(p);
  i app.invitations;
begin
  perform private.lock_members(asked_group, me);
  if revoked is not null then
    update app.invitations set revoked_at = now(), email = null
    where id = revoked and consumed_at is null and revoked_at is null returning * into i;
    if i.id is null then
      perform private.fail(404, 'unknown_invitation', 'Cette invitation n’est plus ouverte.');
    end if;
    return jsonb_build_object('invitation', private.invitation_json(i));
  end if;
  if address is null or address !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$' or char_length(address) > 320 then
    perform private.invalid_argument('email : une adresse.');
  elsif asked_role is null or scope is null then
    perform private.invalid_argument('role et territories sont attendus.');
  elsif not private.may_grant(me, asked_group, scope) then
    perform private.fail(403, 'beyond_scope', 'On ne donne pas plus que son propre périmètre.');
  elsif address = (select lower(email) from auth.users where id = me) then
    perform private.fail(403, 'own_role', 'Personne ne change son propre rôle.');
  elsif (select count(*) from app.invitations where group_id = asked_group and created_at > now() - interval '14 days') >= maximum_open then
    perform private.fail(429, 'rate_limited', 'Trop d’invitations en quinze jours.');
  end if;
  insert into app.invitations as open (group_id, email, role, territories, invited_by)
  values (asked_group, address, asked_role, scope, me)
  -- Sent again: the last word counts, for another 14 days.
  on conflict (email, group_id) where consumed_at is null and revoked_at is null
  do update set role = excluded.role, territories = excluded.territories, invited_by = excluded.invited_by,
    created_at = now(), expires_at = now() + interval '14 days'
  returning * into i;
  perform private.send_mail('invitation', address,
    format('Invitation : %s', (select labels ->> 'fr' from app.groups where id = asked_group)),
    format(E'Bonjour,\n\n%s vous invite à rejoindre « %s » sur %s.\n\nOuvrez %s et connectez-vous avec cette adresse (%s) avant le %s : votre rôle vous attend.\n\nSi vous n’êtes pas concerné, ne faites rien.\n',
      coalesce((select display_name from app.profiles where user_id = me), 'La coordination'),
      (select labels ->> 'fr' from app.groups where id = asked_group), s.instance_name, s.public_url, address,
      to_char(i.expires_at, 'DD/MM/YYYY')))
  from app.settings as s;
  return jsonb_build_object('invitation', private.invitation_json(i));
end;
$$;
comment on function private.invite(jsonb) is 'Offers a role to an address, or takes the offer back. Checks: signed in, coordinates the group, grants at most their own scope.';

create function public.invite(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.invite(p); $$;
comment on function public.invite(jsonb) is
  '{group, email, role, territories} → {invitation: {id, email, role, territories, expires_at, …}}, mailed, open 14 days; {revoke: id} takes it back. Coordinators of the group. PT403 beyond_scope, own_role; PT400 unknown_territory; PT404 unknown_group, unknown_invitation.';

create function private.forget_invitations()
returns void
language sql
set search_path = ''
as $$
  -- A week more, so that a coordinator sees that it ran out.
  update app.invitations set revoked_at = now(), email = null
  where consumed_at is null and revoked_at is null and expires_at < now() - interval '7 days';
$$;
comment on function private.forget_invitations() is 'Daily: forgets the address of invitations that ran out.';
insert into app.daily_duties (name, position, routine) values ('forget_invitations', 20, 'private.forget_invitations');

revoke all on function private.note_role_change(), private.may_grant(uuid, text, text[]), private.role_rank(text),
  private.consume_invitations(uuid), private.consume_at_sign_in(), private.lock_members(text, uuid),
  private.invitation_json(app.invitations), private.arg_role(jsonb), private.arg_territories(jsonb), private.invite(jsonb),
  public.invite(jsonb), private.forget_invitations() from public;
grant execute on function private.invite(jsonb), public.invite(jsonb) to anon, authenticated, service_role;
