create function private.theme_json(t app.themes)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', t.id, 'labels', t.labels, 'group', t.group_id, 'scheme', t.scheme,
    'form', f.form, 'form_rev', t.form_rev, 'settings', t.settings, 'is_active', t.is_active)
  from app.forms as f
  where f.theme = t.id and f.rev = t.form_rev;
$$;
comment on function private.theme_json(app.themes) is 'A theme with its current form, as `themes` and the feed `t` write it.';

create function private.opening_box()
returns jsonb
language sql
stable
set search_path = ''
as $$
  -- A demonstration has its few points in one corner: it opens there.
  select case when s.demo and seen.west is not null
    then jsonb_build_array(seen.west - 0.01, seen.south - 0.01, seen.east + 0.01, seen.north + 0.01)
    else jsonb_build_array(extensions.st_xmin(s.extent), extensions.st_ymin(s.extent),
      extensions.st_xmax(s.extent), extensions.st_ymax(s.extent)) end
  from app.settings as s
  left join lateral (
    select min(p.lon) as west, min(p.lat) as south, max(p.lon) as east, max(p.lat) as north
    from app.public_points as p where s.demo) as seen on true;
$$;
comment on function private.opening_box() is 'Where the public map opens: [west, south, east, north] in degrees.';

create function private.read_themes()
returns json
language sql
stable
security definer
set search_path = ''
as $$
  select private.cacheable(json_build_object(
    'contract', 1,
    'themes', (select coalesce(jsonb_agg(private.theme_json(t) order by t.position, t.id), '[]') from app.themes as t where t.is_active),
    'groups', (select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'labels', g.labels) order by g.id), '[]') from app.groups as g),
    'charter', (
      select jsonb_build_object('rev', c.rev, 'texts', c.texts, 'data_licence', c.data_licence, 'photo_licence', c.photo_licence)
      from app.charters as c where c.rev = private.current_charter()),
    'instance', (
      select jsonb_build_object('name', s.instance_name, 'public_url', s.public_url, 'demo', s.demo, 'contribution', s.contribution,
        'bbox', private.opening_box())
      from app.settings as s)), 300);
$$;
comment on function private.read_themes() is 'Everything that an app needs to know of the instance before it shows anything. Public by nature: no check of the caller.';

create function public.themes(p jsonb default '{}')
returns json
language sql
stable
set search_path = ''
as $$ select private.read_themes(); $$;
comment on function public.themes(jsonb) is 'Inventories with their forms and settings, the current charter and the instance. Public, GET.';

revoke all on function private.opening_box(), private.theme_json(app.themes), private.read_themes(), public.themes(jsonb) from public;
grant execute on function private.read_themes(), public.themes(jsonb) to anon, authenticated, service_role;
