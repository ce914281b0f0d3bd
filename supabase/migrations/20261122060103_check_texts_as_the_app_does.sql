-- A text that an older form allowed was refused once the bound was taken away, for a text without bound has one; and a text
-- of some rarer spaces was an answer for the app and none here. A postcode or a SIRET was any text: now as many digits as their
-- form says.
create function private.text_bound(field jsonb)
returns numeric
language sql
immutable
set search_path = ''
as $$ select coalesce((field ->> 'max')::numeric, case field ->> 'type' when 'text' then 500 else 10000 end); $$;
comment on function private.text_bound(jsonb) is 'Characters that an answer to a question of text may have.';

create or replace function private.widened_field(newest jsonb, older jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  if older is null or newest ->> 'type' is distinct from older ->> 'type' then
    return newest;
  end if;
  -- A side without bound accepts everything, and so does one without options.
  newest := newest || jsonb_build_object(
    'unsure', case when newest -> 'unsure' = 'true' or older -> 'unsure' = 'true' then true end,
    'min', case when newest ->> 'min' is not null and older ->> 'min' is not null
      then least((newest ->> 'min')::numeric, (older ->> 'min')::numeric) end,
    'max', case
      -- A text without bound has one all the same (see check_answer).
      when newest ->> 'type' in ('text', 'long_text') then
        greatest(private.text_bound(newest), private.text_bound(older))
      when newest ->> 'max' is not null and older ->> 'max' is not null
      then greatest((newest ->> 'max')::numeric, (older ->> 'max')::numeric) end,
    'digits', case when newest -> 'digits' = older -> 'digits' then newest -> 'digits' end,
    'options', case when jsonb_array_length(coalesce(nullif(newest -> 'options', 'null'), '[]')) > 0
        and jsonb_array_length(coalesce(nullif(older -> 'options', 'null'), '[]')) > 0
      then private.union_by('code', newest -> 'options', older -> 'options') end);
  if newest ->> 'type' = 'group' then
    newest := newest || jsonb_build_object('fields', private.union_by('key', (
      select jsonb_agg(private.widened_field(one, (
        select other from jsonb_array_elements(coalesce(nullif(older -> 'fields', 'null'), '[]')) as other
        where other ->> 'key' = one ->> 'key')) order by n)
      from jsonb_array_elements(coalesce(nullif(newest -> 'fields', 'null'), '[]')) with ordinality as list (one, n)),
      nullif(older -> 'fields', 'null')));
  end if;
  return jsonb_strip_nulls(newest);
end;
$$;

create or replace function private.check_answer(field jsonb, value jsonb)
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
        or char_length(value #>> '{}') > private.text_bound(field) then
        perform private.reject('invalid_attributes', format('Texte attendu, ou trop long : %s.', field ->> 'key'));
      end if;
      if value #>> '{}' ~ '^[ \t\n\v\f\r]*$' then
        return 'null';
      end if;
      if field ->> 'digits' is not null and value #>> '{}' !~ format('^[0-9]{%s}$', (field ->> 'digits')::int) then
        perform private.reject('invalid_attributes', format('%s chiffres attendus : %s.', field ->> 'digits', field ->> 'key'));
      end if;
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

-- What past forms allow is written anew.
update app.forms set form = form;

revoke all on function private.text_bound(jsonb) from public;
