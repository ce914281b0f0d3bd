create function private.ensure_profile(who uuid)
returns void
language sql
security definer
set search_path = ''
as $$
  -- Nothing but an empty row, and only for someone who exists: safe whoever calls.
  insert into app.profiles (user_id) select id from auth.users where id = who
  on conflict (user_id) do nothing;
$$;
comment on function private.ensure_profile(uuid) is 'Makes the profile row of a user at their first call.';

create function private.has_verified_email(who uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$ select exists (select from auth.users where id = who and email_confirmed_at is not null); $$;
comment on function private.has_verified_email(uuid) is 'Whether the account has proven its e-mail address.';

create function private.current_charter()
returns int
language sql
stable
security definer
set search_path = ''
as $$ select max(rev) from app.charters; $$;
comment on function private.current_charter() is 'Version of the charter that contributors must have accepted, null when there is none.';

create function private.has_current_charter(who uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.current_charter() is null or exists (
    select from app.charter_acceptances where user_id = who and rev = private.current_charter());
$$;
comment on function private.has_current_charter(uuid) is 'Whether the person accepted the current version of the charter.';

create function private.is_contributor(who uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.has_verified_email(who) and private.has_current_charter(who)
    and ((select contribution from app.settings) = 'verified' or exists (select from app.memberships where user_id = who));
$$;
comment on function private.is_contributor(uuid) is 'Whether the person may contribute: verified e-mail, current charter and, where the instance says so, an invitation.';

create function private.covers(territories text[], commune text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select '*' = any (territories) or (commune is not null and (
    commune = any (territories)
    or exists (
      select from app.territories as t
      where t.level = 'commune' and t.code = covers.commune
        and (t.epci = any (covers.territories) or t.departement = any (covers.territories)))
    -- Before any outline or list is loaded the département is read from the INSEE code itself.
    or case when commune like '97%' then left(commune, 3) else left(commune, 2) end = any (territories)));
$$;
comment on function private.covers(text[], text) is
  'Whether a list of INSEE codes (communes, EPCI, départements, or *) covers a commune. A point without commune is covered by * only.';

create function private.moderates(who uuid, theme_id text, commune text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  -- plpgsql and not sql: called once per row rendered, its plan is kept for the session.
  return exists (
    select from app.memberships as m
    join app.themes as t on t.group_id = m.group_id
    where m.user_id = who and t.id = theme_id and m.role in ('moderator', 'coordinator')
      and case when '*' = any (m.territories) then true else private.covers(m.territories, commune) end);
end;
$$;
comment on function private.moderates(uuid, text, text) is 'Whether the person moderates this theme in this commune.';

create function private.is_moderator_of(who uuid, p app.points)
returns boolean
language sql
stable
set search_path = ''
as $$ select who is not null and private.moderates(who, p.theme, p.commune); $$;
comment on function private.is_moderator_of(uuid, app.points) is 'Whether the point lies in the person''s moderation scope (true position).';

create function private.is_coordinator_of(who uuid, group_name text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$ select exists (select from app.memberships where user_id = who and group_id = group_name and role = 'coordinator'); $$;
comment on function private.is_coordinator_of(uuid, text) is 'Whether the person coordinates the working group.';

revoke all on function private.ensure_profile(uuid), private.has_verified_email(uuid), private.current_charter(),
  private.has_current_charter(uuid), private.is_contributor(uuid), private.covers(text[], text),
  private.moderates(uuid, text, text), private.is_moderator_of(uuid, app.points), private.is_coordinator_of(uuid, text) from public;
