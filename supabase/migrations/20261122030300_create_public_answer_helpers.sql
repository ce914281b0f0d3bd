create function private.cacheable(body json, max_age_s int)
returns json
language plpgsql
set search_path = ''
as $$
declare
  etag text := '"' || md5(body::text) || '"';
  asked json := nullif(current_setting('request.headers', true), '')::json;
begin
  perform set_config('response.headers',
    format('[{"Cache-Control": "public, max-age=%s, stale-while-revalidate=60"}, {"ETag": "%s"}]',
      max_age_s, replace(etag, '"', '\"')), true);
  -- PostgREST tells which version the caller holds; @supabase/lite does not, and its server compares by itself.
  if current_setting('request.method', true) = 'GET' and asked ->> 'if-none-match' in (etag, 'W/' || etag) then
    perform set_config('response.status', '304', true);
    return null;
  end if;
  return body;
end;
$$;
comment on function private.cacheable(json, int) is
  'Ends a public read: how long anyone may keep the answer, its ETag, and 304 when the caller already has it.';

create function private.arg_texts(p jsonb, key text)
returns text[]
language plpgsql
immutable
set search_path = ''
as $$
declare
  given jsonb := p -> key;
begin
  if given is null or given = 'null' then
    return null;
  elsif jsonb_typeof(given) = 'string' then
    return array_remove(string_to_array(replace(given #>> '{}', ' ', ''), ','), '');
  elsif jsonb_typeof(given) = 'array' and not jsonb_path_exists(given, '$[*] ? (@.type() != "string")') then
    return array(select jsonb_array_elements_text(given));
  end if;
  perform private.invalid_argument(key || ' : une liste de textes.');
end;
$$;
comment on function private.arg_texts(jsonb, text) is 'A list of texts in the arguments: a JSON list or comma-separated text; null when absent; PT400 otherwise.';

create function private.arg_number(p jsonb, key text, lowest numeric, highest numeric)
returns numeric
language plpgsql
immutable
set search_path = ''
as $$
begin
  if p -> key is null or p -> key = 'null' then
    return null;
  elsif jsonb_typeof(p -> key) = 'number' and (p ->> key)::numeric between lowest and highest then
    return (p ->> key)::numeric;
  end if;
  perform private.invalid_argument(format('%s : un nombre de %s à %s.', key, lowest, highest));
end;
$$;
comment on function private.arg_number(jsonb, text, numeric, numeric) is 'A number in an argument within bounds, null when absent, PT400 otherwise.';

create function private.arg_box(p jsonb, key text)
returns extensions.geometry
language plpgsql
immutable
set search_path = pg_catalog, extensions
as $$
declare
  box numeric[];
begin
  if p -> key is null or p -> key = 'null' then
    return null;
  end if;
  if jsonb_typeof(p -> key) = 'array' and jsonb_array_length(p -> key) = 4
    and not jsonb_path_exists(p -> key, '$[*] ? (@.type() != "number")') then
    box := array(select jsonb_array_elements(p -> key)::numeric);
    if box[1] <= box[3] and box[2] <= box[4] and box[1] >= -180 and box[3] <= 180 and box[2] >= -90 and box[4] <= 90 then
      return st_makeenvelope(box[1]::float8, box[2]::float8, box[3]::float8, box[4]::float8, 4326);
    end if;
  end if;
  perform private.invalid_argument(key || ' : [ouest, sud, est, nord] en degrés.');
end;
$$;
comment on function private.arg_box(jsonb, text) is 'A box [w, s, e, n] in an argument, null when absent, PT400 otherwise.';

create function private.with_narrower(concept_id text)
returns text[]
language sql
stable
set search_path = ''
as $$
  with recursive family as (
    select id from app.concepts where id = concept_id
    union
    select c.id from app.concepts as c join family as f on c.broader = f.id)
  select array_agg(id) from family;
$$;
comment on function private.with_narrower(text) is 'A concept and everything narrower, null when the concept is unknown.';

revoke all on function private.cacheable(json, int), private.arg_texts(jsonb, text),
  private.arg_number(jsonb, text, numeric, numeric), private.arg_box(jsonb, text), private.with_narrower(text) from public;
