create function private.check_geom(value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  key text;
  number numeric;
begin
  if jsonb_typeof(value) is distinct from 'object' then
    perform private.reject('invalid_geometry', 'Une position {lon, lat} est attendue.');
  end if;
  for key in select jsonb_object_keys(value) loop
    if key not in ('lon', 'lat', 'accuracy_m', 'source', 'heading_deg', 'moved_m') then
      perform private.reject('invalid_geometry', format('Clé inconnue dans la position : %s.', left(key, 40)));
    end if;
  end loop;
  foreach key in array array['lon', 'lat', 'accuracy_m', 'heading_deg', 'moved_m'] loop
    if coalesce(jsonb_typeof(value -> key), 'null') = 'null' and key not in ('lon', 'lat') then
      continue;
    end if;
    number := case when jsonb_typeof(value -> key) = 'number' then (value -> key)::numeric end;
    if number is null or number not between
      (case key when 'lon' then -180 when 'lat' then -90 else 0 end) and
      (case key when 'lon' then 180 when 'lat' then 90 when 'heading_deg' then 360 else 1000000 end)
    then
      perform private.reject('invalid_geometry', format('Valeur manquante ou hors limites : %s.', key));
    end if;
  end loop;
  if coalesce(value ->> 'source', 'typed') not in ('gps', 'map', 'exif', 'typed', 'import') then
    perform private.reject('invalid_geometry', 'Origine de la position inconnue.');
  end if;
  return jsonb_build_object(
      'lon', round((value ->> 'lon')::numeric, 7), 'lat', round((value ->> 'lat')::numeric, 7),
      'accuracy_m', round((value ->> 'accuracy_m')::numeric, 2), 'source', coalesce(value ->> 'source', 'typed'))
    || jsonb_strip_nulls(jsonb_build_object(
      'heading_deg', round((value ->> 'heading_deg')::numeric, 1), 'moved_m', round((value ->> 'moved_m')::numeric, 2)));
end;
$$;
comment on function private.check_geom(jsonb) is
  'The position of a mutation, rounded as the wire writes it; refuses other keys, missing or impossible coordinates. A position without source was typed.';

create function private.check_place(value jsonb)
returns void
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
begin
  if not private.is_in_territory(
    st_setsrid(st_makepoint((value ->> 'lon')::float8, (value ->> 'lat')::float8), 4326)) then
    perform private.reject('outside_territory', 'Cette position est en dehors du territoire de l’inventaire.');
  end if;
end;
$$;
comment on function private.check_place(jsonb) is 'Refuses a checked position where the instance takes no inventory.';

create function private.current_concept(concept_id text)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  concept app.concepts;
begin
  for depth in 0..20 loop
    select * into concept from app.concepts where id = concept_id;
    exit when not found or concept.status <> 'deprecated';
    concept_id := concept.replaced_by;
  end loop;
  return case when concept.status = 'accepted' then concept.id end;
end;
$$;
comment on function private.current_concept(text) is
  'The accepted concept that an id stands for today, following replaced_by; null when there is none.';

create function private.check_concept(scheme_id text, value jsonb, code text default 'invalid_concept')
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  current text;
begin
  if jsonb_typeof(value) = 'null' then
    return value;
  end if;
  if jsonb_typeof(value) = 'string' then
    current := private.current_concept(value #>> '{}');
  end if;
  if current is null or scheme_id is null
    or not exists (select from app.concepts where id = current and scheme = scheme_id) then
    perform private.reject(code, format('Terme inconnu du thésaurus : %s.', left(value #>> '{}', 80)));
  end if;
  return to_jsonb(current);
end;
$$;
comment on function private.check_concept(text, jsonb, text) is
  'The concept of a value, mapped to what replaced it; refuses one that the scheme does not have.';

create function private.check_list(field jsonb, value jsonb, at_most int)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if jsonb_typeof(value) <> 'array' or jsonb_array_length(value) > at_most then
    perform private.reject('invalid_attributes', format('Liste attendue : %s.', field ->> 'key'));
  end if;
  return (
    select coalesce(jsonb_agg(item order by n), '[]')
    from (select item, min(n) as n from jsonb_array_elements(value) with ordinality as list (item, n) group by item) as once);
end;
$$;
comment on function private.check_list(jsonb, jsonb, int) is 'A list of answers, each once, in the order given.';

create function private.check_number(field jsonb, value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  number numeric := case when jsonb_typeof(value) = 'number' then value::numeric end;
begin
  if number is null or abs(number) > 1e15 or (field ->> 'type' = 'integer' and number <> trunc(number)) then
    perform private.reject('invalid_attributes', format('Nombre attendu : %s.', field ->> 'key'));
  end if;
  if number < (field ->> 'min')::numeric or number > (field ->> 'max')::numeric then
    perform private.reject('invalid_attributes', format('Nombre hors limites : %s.', field ->> 'key'));
  end if;
  return value;
end;
$$;
comment on function private.check_number(jsonb, jsonb) is 'A whole or decimal answer within the bounds of its field.';

create function private.check_answer(field jsonb, value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  kind text := field ->> 'type';
  shape text := jsonb_typeof(value);
  item jsonb;
begin
  if value in ('null', '""', '[]', '{}') then
    return 'null';
  end if;
  if value = '"unsure"' and kind in ('boolean', 'choice', 'choices') and (field ->> 'unsure')::boolean then
    return value;
  end if;
  case
    when kind in ('text', 'long_text') then
      if shape <> 'string'
        or char_length(value #>> '{}') > coalesce((field ->> 'max')::int, case kind when 'text' then 500 else 10000 end) then
        perform private.reject('invalid_attributes', format('Texte attendu, ou trop long : %s.', field ->> 'key'));
      end if;
      return case when value #>> '{}' ~ '^\s*$' then 'null' else value end;
    when kind in ('integer', 'decimal') then
      return private.check_number(field, value);
    when kind = 'boolean' then
      if shape <> 'boolean' then
        perform private.reject('invalid_attributes', format('Oui ou non attendu : %s.', field ->> 'key'));
      end if;
    when kind = 'choice' then
      if shape <> 'string' or not private.has_option(field, value) then
        perform private.reject('invalid_attributes', format('Choix inconnu : %s.', field ->> 'key'));
      end if;
    when kind = 'choices' then
      value := private.check_list(field, value, 100);
      for item in select * from jsonb_array_elements(value) loop
        if jsonb_typeof(item) <> 'string' or not private.has_option(field, item) then
          perform private.reject('invalid_attributes', format('Choix inconnu : %s.', field ->> 'key'));
        end if;
      end loop;
    when kind = 'date' then
      if shape <> 'string' or private.to_day(value #>> '{}') is null then
        perform private.reject('invalid_attributes', format('Date AAAA-MM-JJ attendue : %s.', field ->> 'key'));
      end if;
    when kind = 'concept' then
      return private.check_concept(field ->> 'scheme', value, 'invalid_attributes');
    when kind = 'group' then
      return private.check_group(field, value);
    else
      perform private.reject('invalid_attributes', format('Champ de type inconnu : %s.', field ->> 'key'));
  end case;
  return value;
end;
$$;
comment on function private.check_answer(jsonb, jsonb) is
  'An answer checked against its field (contract §5) and normalised: empty text and empty list are null.';

create function private.has_option(field jsonb, value jsonb)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select case when coalesce(jsonb_array_length(field -> 'options'), 0) = 0 then char_length(value #>> '{}') between 1 and 200
      else (field -> 'options') @> jsonb_build_array(jsonb_build_object('code', value)) end);
end;
$$;
comment on function private.has_option(jsonb, jsonb) is 'Whether a code is an option of the field; without options, any short text is.';

create function private.check_group(field jsonb, value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  checked jsonb := '{}';
  key text;
  inner_field jsonb;
  inner_value jsonb;
begin
  if jsonb_typeof(value) = 'array' and jsonb_array_length(value) <= 50 then
    return (select coalesce(jsonb_agg(private.check_group(field, item) order by n), '[]')
      from jsonb_array_elements(value) with ordinality as list (item, n));
  end if;
  if jsonb_typeof(value) <> 'object' then
    perform private.reject('invalid_attributes', format('Groupe de réponses attendu : %s.', field ->> 'key'));
  end if;
  for key, inner_value in select * from jsonb_each(value) loop
    inner_field := jsonb_path_query_first(field, '$.fields[*] ? (@.key == $key)', jsonb_build_object('key', key));
    if inner_field is null then
      perform private.reject('invalid_attributes', format('Champ inconnu : %s.%s.', field ->> 'key', left(key, 60)));
    end if;
    checked := checked || jsonb_build_object(key, private.check_answer(inner_field, inner_value));
  end loop;
  return jsonb_strip_nulls(checked);
end;
$$;
comment on function private.check_group(jsonb, jsonb) is 'A group of answers, or a list of such groups, each answer checked against its field.';

create function private.check_patch(theme app.themes, patch jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  checked jsonb := '{}';
  field jsonb;
  path text;
  value jsonb;
begin
  if jsonb_typeof(patch) is distinct from 'object' then
    perform private.reject('invalid_patch', 'Un objet {chemin: valeur} est attendu.');
  end if;
  for path, value in select * from jsonb_each(patch) loop
    if path = 'geom' then
      value := private.check_geom(value);
      perform private.check_place(value);
    elsif path = 'concept' then
      value := private.check_concept(theme.scheme, value);
    elsif path = 'sensitivity' then
      if value not in ('null', '"open"', '"blurred"', '"hidden"') then
        perform private.reject('invalid_patch', 'Sensibilité inconnue.');
      end if;
      value := case when value = 'null' then '"open"' else value end;
    elsif path like 'attributes.%' then
      field := private.form_field(theme.id, substr(path, 12));
      if field is null then
        perform private.reject('invalid_attributes', format('Champ inconnu : %s.', left(substr(path, 12), 80)));
      end if;
      value := private.check_answer(field, value);
    else
      perform private.reject('invalid_patch', format('Chemin inconnu : %s.', left(path, 80)));
    end if;
    checked := checked || jsonb_build_object(path, value);
  end loop;
  return checked;
end;
$$;
comment on function private.check_patch(app.themes, jsonb) is
  'A patch with every value checked and normalised; the database validates, whatever the client did.';

revoke all on function private.check_geom(jsonb), private.check_place(jsonb), private.current_concept(text),
  private.check_concept(text, jsonb, text), private.check_list(jsonb, jsonb, int),
  private.check_number(jsonb, jsonb), private.check_answer(jsonb, jsonb), private.has_option(jsonb, jsonb),
  private.check_group(jsonb, jsonb), private.check_patch(app.themes, jsonb) from public;
