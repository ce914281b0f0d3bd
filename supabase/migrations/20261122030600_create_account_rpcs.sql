create function private.account_json(who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'user_id', p.user_id,
    'display_name', p.display_name,
    'named', p.named,
    'email_verified', private.has_verified_email(who),
    'is_contributor', private.is_contributor(who),
    'visibility_epoch', p.visibility_epoch,
    'charter', (
      select jsonb_build_object(
        'accepted', (select max(a.rev) from app.charter_acceptances as a where a.user_id = who),
        'current', c.rev, 'data_licence', c.data_licence, 'photo_licence', c.photo_licence, 'texts', coalesce(c.texts, '{}'))
      from (select private.current_charter() as rev) as current left join app.charters as c on c.rev = current.rev),
    'memberships', (
      select coalesce(jsonb_agg(jsonb_build_object('group', m.group_id, 'role', m.role, 'territories', m.territories) order by m.group_id), '[]')
      from app.memberships as m where m.user_id = who),
    'trust', '{}'::jsonb,
    'counts', (
      select coalesce(jsonb_object_agg(s.status, s.n), '{}')
      from (select o.status, count(*) as n from app.points as o where o.author = who group by o.status) as s))
  from app.profiles as p
  where p.user_id = who;
$$;
comment on function private.account_json(uuid) is 'What `me` answers (contract §6): profile, charter, roles, and how many of the person''s points are in each state.';

create function private.read_me()
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  caller uuid := private.require_user();
begin
  perform private.ensure_profile(caller);
  return private.account_json(caller);
end;
$$;
comment on function private.read_me() is 'The caller''s own account; makes their profile at the first call. PT401 without a user.';

create function public.me(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.read_me(); $$;
comment on function public.me(jsonb) is 'The caller''s account: profile, charter accepted and current, memberships, counts by state. Auth.';

create function private.accept_charter(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  caller uuid := private.require_user();
begin
  if private.arg_number(p, 'rev', 0, 100000) is distinct from private.current_charter() then
    perform private.invalid_argument('La charte a changé : relisez la version en vigueur avant de l’accepter.');
  end if;
  perform private.ensure_profile(caller);
  insert into app.charter_acceptances (user_id, rev) values (caller, private.current_charter())
  on conflict (user_id, rev) do nothing;
  return private.account_json(caller);
end;
$$;
comment on function private.accept_charter(jsonb) is 'Logs that the caller accepts the current charter; accepting twice keeps the first date. PT401, PT400.';

create function public.charter_accept(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.accept_charter(p); $$;
comment on function public.charter_accept(jsonb) is 'Accepts the current charter {rev} and answers the account. Auth.';

create function private.update_profile(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  caller uuid := private.require_user();
  before app.profiles;
  after app.profiles;
  point_id uuid;
begin
  if jsonb_typeof(p -> 'named') not in ('boolean', 'null') then
    perform private.invalid_argument('named attend vrai ou faux.');
  end if;
  if char_length(trim(private.arg_text(p, 'display_name'))) > 80 or p ->> 'display_name' ~ '[[:cntrl:]]' then
    perform private.invalid_argument('Le nom affiché tient en 80 caractères, sur une ligne.');
  end if;
  perform private.ensure_profile(caller);
  select * into before from app.profiles where user_id = caller for update;
  after := before;
  if p ? 'display_name' then
    after.display_name := nullif(trim(p ->> 'display_name'), '');
  end if;
  after.named := coalesce((p ->> 'named')::boolean, before.named);
  if after.named and after.display_name is null then
    perform private.invalid_argument('Pour être nommé en public, choisissez d’abord un nom affiché.');
  end if;
  update app.profiles set display_name = after.display_name, named = after.named where user_id = caller;

  -- The name is part of the rows that others see: they change with it.
  if (before.display_name, before.named) is distinct from (after.display_name, after.named) then
    for point_id in
      update app.points as t set v = v + 1
      where t.author = caller and t.status not in ('draft', 'withdrawn') returning t.id
    loop
      perform private.touch_point(point_id);
    end loop;
  end if;
  return private.account_json(caller);
end;
$$;
comment on function private.update_profile(jsonb) is 'Changes the caller''s own name and whether it is public, and announces the points that carry it. PT401, PT400.';

create function public.profile_update(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.update_profile(p); $$;
comment on function public.profile_update(jsonb) is 'Changes {display_name?, named?} of the caller and answers the account. Auth.';

revoke all on function private.account_json(uuid), private.read_me(), private.accept_charter(jsonb), private.update_profile(jsonb),
  public.me(jsonb), public.charter_accept(jsonb), public.profile_update(jsonb) from public;
grant execute on function private.read_me(), private.accept_charter(jsonb), private.update_profile(jsonb),
  public.me(jsonb), public.charter_accept(jsonb), public.profile_update(jsonb) to anon, authenticated, service_role;
