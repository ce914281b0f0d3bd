create function private.content_of(p app.points)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select jsonb_strip_nulls(jsonb_build_object('concept', p.concept, 'sensitivity', p.sensitivity))
      || jsonb_build_object('geom',
        private.geom_json(p.geom, p.accuracy_m, p.position_source, p.heading_deg, p.moved_m))
      || coalesce((select jsonb_object_agg('attributes.' || key, value) from jsonb_each(p.attributes)), '{}'));
end;
$$;
comment on function private.content_of(app.points) is
  'The content of a point by path ({concept, geom, sensitivity, attributes.<key>…}), paths without value left out.';

create function private.seen_content(p app.points, viewer uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select case when p.sensitivity = 'open' or private.is_insider(p, viewer) then private.content_of(p)
    else (private.content_of(p)
        - (select coalesce(array_agg('attributes.' || key), '{}') from unnest(private.locating_keys(p.theme)) as key))
      || jsonb_build_object('geom', private.geom_json(p.public_geom, 707, 'blurred')) end;
$$;
comment on function private.seen_content(app.points, uuid) is
  'The content that a viewer may see: a stranger''s edit is merged against the public position, or its conflicts would tell the true one.';

create function private.content_diff(before jsonb, after jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg(path, jsonb_build_array(before -> path, after -> path)), '{}')
    from (select jsonb_object_keys(before) as path union select jsonb_object_keys(after)) as paths
    where (before -> path) is distinct from (after -> path));
end;
$$;
comment on function private.content_diff(jsonb, jsonb) is 'What changed between two contents: {path: [before, after]}, null where there was nothing.';

create function private.with_values(p app.points, value_of jsonb)
returns app.points
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  path text;
  value jsonb;
begin
  for path, value in select * from jsonb_each(value_of) loop
    if path = 'concept' then
      p.concept := value #>> '{}';
    elsif path = 'sensitivity' then
      p.sensitivity := coalesce(value #>> '{}', 'open');
    elsif path = 'geom' then
      p.geom := st_setsrid(st_makepoint((value ->> 'lon')::float8, (value ->> 'lat')::float8), 4326);
      p.accuracy_m := (value ->> 'accuracy_m')::real;
      p.position_source := value ->> 'source';
      p.heading_deg := (value ->> 'heading_deg')::real;
      p.moved_m := (value ->> 'moved_m')::real;
    elsif jsonb_typeof(value) = 'null' then
      p.attributes := p.attributes - substr(path, 12);
    else
      p.attributes := p.attributes || jsonb_build_object(substr(path, 12), value);
    end if;
  end loop;
  return p;
end;
$$;
comment on function private.with_values(app.points, jsonb) is 'The point with values written over its paths (checked ones: private.check_patch).';

revoke all on function private.content_of(app.points), private.seen_content(app.points, uuid),
  private.content_diff(jsonb, jsonb), private.with_values(app.points, jsonb) from public;
