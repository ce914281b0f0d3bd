create function private.invalid_argument(details text)
returns void
language sql
set search_path = ''
as $$ select private.fail(400, 'invalid_argument', details); $$;
comment on function private.invalid_argument(text) is 'Ends the call with PT400 invalid_argument, saying what to correct.';

create function private.arg_limit(p jsonb, default_limit int, max_limit int)
returns int
language plpgsql
stable
set search_path = ''
as $$
declare
  given jsonb := p -> 'limit';
begin
  if given is null or given = 'null' then
    return default_limit;
  end if;
  if jsonb_typeof(given) <> 'number' or given #>> '{}' !~ '^[0-9]{1,9}$' or (given #>> '{}')::int not between 1 and max_limit then
    perform private.invalid_argument('limit : un entier de 1 à ' || max_limit || '.');
  end if;
  return (given #>> '{}')::int;
end;
$$;
comment on function private.arg_limit(jsonb, int, int) is 'The argument `limit`, or its default; PT400 outside 1 to the maximum.';

create function private.arg_text(p jsonb, key text)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  if coalesce(jsonb_typeof(p -> key), 'null') not in ('string', 'null') then
    perform private.invalid_argument(key || ' : une chaîne de caractères.');
  end if;
  return p ->> key;
end;
$$;
comment on function private.arg_text(jsonb, text) is 'A textual argument or null; PT400 when it is something else.';

create function private.is_uuid(value text)
returns boolean
language sql
immutable
set search_path = ''
as $$ select coalesce(value ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', false); $$;
comment on function private.is_uuid(text) is 'Whether a text is a UUID in its usual writing; false for null.';

create function private.arg_uuid(p jsonb, key text)
returns uuid
language plpgsql
stable
set search_path = ''
as $$
declare
  given text := private.arg_text(p, key);
begin
  if given is not null and not private.is_uuid(given) then
    perform private.invalid_argument(key || ' : un identifiant UUID.');
  end if;
  return given::uuid;
end;
$$;
comment on function private.arg_uuid(jsonb, text) is 'A UUID argument or null; PT400 when it is something else.';

create function private.arg_list(p jsonb, key text, max_length int)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if coalesce(jsonb_typeof(p -> key), '') <> 'array' then
    perform private.invalid_argument(key || ' : une liste.');
  end if;
  if jsonb_array_length(p -> key) > max_length then
    perform private.invalid_argument(key || ' : au plus ' || max_length || ' éléments.');
  end if;
  return p -> key;
end;
$$;
comment on function private.arg_list(jsonb, text, int) is 'A required list argument of bounded length; PT400 otherwise.';

revoke all on function private.invalid_argument(text), private.arg_limit(jsonb, int, int), private.arg_text(jsonb, text),
  private.is_uuid(text), private.arg_uuid(jsonb, text), private.arg_list(jsonb, text, int) from public;
