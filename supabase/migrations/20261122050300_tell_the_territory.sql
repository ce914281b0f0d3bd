create function private.instance_json()
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', s.instance_id, 'name', s.instance_name, 'public_url', s.public_url, 'demo', s.demo,
    'contribution', s.contribution, 'bbox', private.opening_box(),
    'extent', jsonb_build_array(extensions.st_xmin(s.extent), extensions.st_ymin(s.extent),
      extensions.st_xmax(s.extent), extensions.st_ymax(s.extent)))
  from app.settings as s;
$$;
comment on function private.instance_json() is
  'What an app needs to know of the instance: its id (files of unsent work name it), where the map opens, and the extent outside of which nothing is taken.';
revoke all on function private.instance_json() from public;

create or replace function private.read_themes()
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
    'instance', private.instance_json()), 300);
$$;
