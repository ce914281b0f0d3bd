create function private.reject(code text, details text default null)
returns void
language plpgsql
set search_path = ''
as $$
begin
  raise exception using errcode = 'CR001', message = code, detail = coalesce(details, '');
end;
$$;
comment on function private.reject(text, text) is
  'Refuses the mutation being applied, with a stable code of contract §3: private.push_one turns it into a result.';

create function private.to_uuid(value text)
returns uuid
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select case when value ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then value::uuid end);
end;
$$;
comment on function private.to_uuid(text) is 'The text as a UUID, null when it is none.';

create function private.to_instant(value text)
returns timestamptz
language plpgsql
stable
set search_path = ''
as $$
begin
  if value ~ '^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$' then
    return case when value ~ '(Z|[+-]\d{2}:?\d{2})$' and value ~ 'T' then value::timestamptz
      else value::timestamp at time zone 'UTC' end;
  end if;
  return null;
exception
  when data_exception then
    return null;
end;
$$;
comment on function private.to_instant(text) is 'ISO 8601 text (a day, or an instant; UTC when it names no zone) as an instant, null when it is none.';

create function private.to_day(value text)
returns date
language plpgsql
stable
set search_path = ''
as $$
begin
  return case when value ~ '^\d{4}-\d{2}-\d{2}$' then value::date end;
exception
  when data_exception then
    return null;
end;
$$;
comment on function private.to_day(text) is 'YYYY-MM-DD as a date, null when it is none.';

create function private.to_count(value jsonb, at_most int)
returns int
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select case when jsonb_typeof(value) = 'number' and value::numeric between 0 and at_most
      and value::numeric = trunc(value::numeric) then value::numeric::int end);
end;
$$;
comment on function private.to_count(jsonb, int) is 'A JSON number as a whole number from 0 to `at_most`, null when it is none.';

create function private.text_array(value jsonb)
returns text[]
language sql
immutable
set search_path = ''
as $$
  select case when jsonb_typeof(value) = 'array'
    then coalesce((select array_agg(item) from jsonb_array_elements_text(value) as item), '{}') end;
$$;
comment on function private.text_array(jsonb) is 'A JSON list as text[], null when it is no list.';

revoke all on function private.reject(text, text), private.to_uuid(text), private.to_instant(text),
  private.to_day(text), private.to_count(jsonb, int), private.text_array(jsonb) from public;
