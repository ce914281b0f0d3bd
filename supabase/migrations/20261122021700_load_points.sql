create table app.source_rows (
  point_id uuid primary key references app.points,
  content jsonb not null,
  loaded_at timestamptz not null default now()
);
alter table app.source_rows enable row level security;
comment on table app.source_rows is
  'What the source last said of an imported point, by path: a later delivery is compared with it, so that what people changed since is never overwritten.';

create function private.new_id(day date)
returns uuid
language sql
volatile
set search_path = ''
as $$
  select (lpad(to_hex((extract(epoch from day) * 1000)::bigint), 12, '0') || '7' || substr(random_hex, 14))::uuid
  from (select replace(gen_random_uuid()::text, '-', '') as random_hex) as random;
$$;
comment on function private.new_id(date) is 'A UUIDv7 whose time is a day at 00:00 UTC, as contract §2 wants for points.';

create function private.check_load_row(theme app.themes, fields jsonb, item jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  content jsonb := '{"sensitivity": "open"}';
  key text;
  value jsonb;
  problem text;
  details text;
begin
  if coalesce(item ->> 'ref', '') = '' then
    perform private.reject('invalid_patch', 'Un objet sans identifiant de source.');
  end if;
  content := content || jsonb_build_object('geom', private.check_geom(
    jsonb_build_object('lon', item -> 'lon', 'lat', item -> 'lat', 'accuracy_m', item -> 'accuracy_m', 'source', 'import')));
  perform private.check_place(content -> 'geom');
  value := private.check_concept(theme.scheme, coalesce(item -> 'concept', 'null'));
  content := content || case when value = 'null' then '{}' else jsonb_build_object('concept', value) end;
  for key, value in select * from jsonb_each(coalesce(item -> 'attributes', '{}')) loop
    if fields -> key is null then
      perform private.reject('invalid_attributes', format('Champ inconnu : %s.', left(key, 80)));
    end if;
    value := private.check_answer(fields -> key, value);
    content := content || case when value = 'null' then '{}' else jsonb_build_object('attributes.' || key, value) end;
  end loop;
  return jsonb_build_object('ref', item ->> 'ref', 'content', content, 'captured_at', item ->> 'captured_at');
exception
  when sqlstate 'CR001' then
    get stacked diagnostics problem = message_text, details = pg_exception_detail;
    return jsonb_build_object('ref', item ->> 'ref', 'code', problem, 'details', details);
end;
$$;
comment on function private.check_load_row(app.themes, jsonb, jsonb) is
  'One row of an import, checked as a mutation would be: {ref, content} or {ref, code, details}.';

create function private.insert_loaded(theme app.themes, source bigint, rows jsonb, day date)
returns int
language plpgsql
set search_path = pg_catalog, extensions
as $$
declare
  inserted int;
begin
  with fresh as (
    select private.new_id(day) as id, item ->> 'ref' as ref, item -> 'content' as content,
      coalesce(least(private.to_instant(item ->> 'captured_at'), now()), day::timestamp at time zone 'UTC') as captured_at
    from jsonb_array_elements(rows) as item
  ), placed as (
    insert into app.points (id, theme, status, concept, geom, accuracy_m, position_source, attributes, form_rev,
      captured_at, source_id, source_ref)
    select id, theme.id, 'published', content ->> 'concept',
      st_setsrid(st_makepoint((content -> 'geom' ->> 'lon')::float8, (content -> 'geom' ->> 'lat')::float8), 4326),
      (content -> 'geom' ->> 'accuracy_m')::real, 'import',
      (select coalesce(jsonb_object_agg(substr(path, 12), value), '{}')
        from jsonb_each(content) as c (path, value) where path like 'attributes.%'),
      theme.form_rev, captured_at, source, ref
    from fresh
    returning id
  ), told as (
    insert into app.events (point_id, actor_kind, action, to_status, rev)
    select id, 'system', 'load', 'published', 1 from placed
  ), kept as (
    insert into app.source_rows (point_id, content) select id, content from fresh
  )
  select count(*) into inserted from placed;
  return inserted;
end;
$$;
comment on function private.insert_loaded(app.themes, bigint, jsonb, date) is 'Publishes new points of a source, all in one statement.';

create function private.update_loaded(point uuid, said jsonb, says jsonb)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  was app.points;
  p app.points;
  has_changed boolean;
begin
  select * into was from app.points where id = point for update;
  -- Only where the source changed its mind and nobody did here since.
  p := private.with_values(was, (
    select coalesce(jsonb_object_agg(path, coalesce(change -> 1, 'null')), '{}')
    from jsonb_each(private.content_diff(said, says)) as d (path, change)
    where private.content_of(was) -> path is not distinct from said -> path));
  has_changed := private.content_of(p) <> private.content_of(was);
  if has_changed then
    p := private.save_point(was, p);
    perform private.record_event(p, null, 'load', was.status,
      diff => private.content_diff(private.content_of(was), private.content_of(p)));
  end if;
  update app.source_rows set content = says, loaded_at = now() where point_id = point;
  return has_changed;
end;
$$;
comment on function private.update_loaded(uuid, jsonb, jsonb) is
  'A point whose source says something else than last time: the new values are taken except where people changed them here.';

create function private.load_points(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  theme app.themes;
  source bigint;
  fields jsonb;
  rows jsonb;
  inserted int;
  updated int := 0;
  changed record;
begin
  select * into theme from app.themes where id = p ->> 'theme';
  if not found then
    perform private.fail(400, 'unknown_theme', 'Cette thématique n’existe pas.');
  elsif coalesce(p ->> 'producer', '') = '' or coalesce(p ->> 'licence', '') = '' or jsonb_typeof(p -> 'points') <> 'array' then
    perform private.fail(400, 'invalid_argument', 'producer, licence et points sont attendus.');
  end if;
  insert into app.sources (theme, producer, licence, delivered_on, file_name)
  values (theme.id, p ->> 'producer', p ->> 'licence', private.to_day(p ->> 'delivered_on'), p ->> 'file_name')
  on conflict on constraint sources_theme_producer_licence_key do update
  set delivered_on = coalesce(excluded.delivered_on, sources.delivered_on), file_name = coalesce(excluded.file_name, sources.file_name)
  returning id into source;

  fields := private.form_fields(theme.id);
  select coalesce(jsonb_agg(private.check_load_row(theme, fields, item)), '[]') into rows
  from jsonb_array_elements(p -> 'points') as item;

  for changed in
    select pt.id, s.content as said, item -> 'content' as says
    from jsonb_array_elements(rows) as item
    join app.points as pt on pt.source_id = source and pt.source_ref = item ->> 'ref'
    join app.source_rows as s on s.point_id = pt.id
    where item -> 'content' <> s.content
  loop
    updated := updated + private.update_loaded(changed.id, changed.said, changed.says)::int;
  end loop;

  inserted := private.insert_loaded(theme, source, (
    select coalesce(jsonb_agg(item), '[]') from (
      select distinct on (item ->> 'ref') item from jsonb_array_elements(rows) as item where item -> 'content' is not null) as once
    where not exists (select from app.points as pt where pt.source_id = source and pt.source_ref = item ->> 'ref')),
    coalesce(private.to_day(p ->> 'delivered_on'), current_date));

  return jsonb_build_object(
    'source_id', source, 'inserted', inserted, 'updated', updated,
    'unchanged', (select count(*) from jsonb_array_elements(rows) as item where item -> 'content' is not null) - inserted - updated,
    'refused', (select coalesce(jsonb_agg(item), '[]') from jsonb_array_elements(rows) as item where item -> 'code' is not null));
end;
$$;
comment on function private.load_points(jsonb) is
  'Administrator only (no API role reaches it): a chunk of an import as published points. {theme, producer, licence, delivered_on?, file_name?, points: [{ref, lon, lat, accuracy_m?, concept?, attributes?, captured_at?}]} → {source_id, inserted, updated, unchanged, refused: [{ref, code, details}]}. Loading the same twice changes nothing.';

revoke all on function private.new_id(date), private.check_load_row(app.themes, jsonb, jsonb),
  private.insert_loaded(app.themes, bigint, jsonb, date), private.update_loaded(uuid, jsonb, jsonb),
  private.load_points(jsonb) from public;
