create function private.instant(at timestamptz)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
end;
$$;
comment on function private.instant(timestamptz) is 'An instant as the wire writes it: ISO 8601, UTC, milliseconds.';

create function private.day(at timestamptz)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD');
end;
$$;
comment on function private.day(timestamptz) is 'The day of an instant (UTC): what strangers are told instead of the instant.';

create function private.instant_for(at timestamptz, is_insider boolean)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case when is_insider then private.instant(at) else private.day(at) end;
end;
$$;
comment on function private.instant_for(timestamptz, boolean) is 'The instant for the author and the moderators in scope, the day for everybody else.';

create function private.geom_json(
  geom extensions.geometry, accuracy_m real, position_source text, heading_deg real default null, moved_m real default null)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, extensions
as $$
begin
  return jsonb_build_object(
    'lon', round(st_x(geom)::numeric, 7), 'lat', round(st_y(geom)::numeric, 7),
    'accuracy_m', accuracy_m, 'source', position_source)
    || jsonb_strip_nulls(jsonb_build_object('heading_deg', heading_deg, 'moved_m', moved_m));
end;
$$;
comment on function private.geom_json(extensions.geometry, real, text, real, real) is
  'The `geom` field of the wire: WGS84 degrees with 7 decimals, accuracy in metres.';

create function private.locating_keys(theme_id text)
returns text[]
language sql
stable
set search_path = ''
as $$
  select coalesce(array_agg(distinct key #>> '{}'), '{}')
  from app.forms as f,
    jsonb_path_query(f.form,
      '$.sections[*].fields[*] ? (@.locating == true || exists (@.fields[*] ? (@.locating == true))).key') as key
  where f.theme = theme_id;
$$;
comment on function private.locating_keys(text) is
  'Attributes that tell where a point is (marked `locating` in any version of the form): left out when the position is blurred.';

revoke all on function private.instant(timestamptz), private.day(timestamptz), private.instant_for(timestamptz, boolean),
  private.geom_json(extensions.geometry, real, text, real, real), private.locating_keys(text) from public;
