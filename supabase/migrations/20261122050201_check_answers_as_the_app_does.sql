-- The same rules as src/domain/form/: a property test compares the two.
create or replace function private.check_list(field jsonb, value jsonb, at_most int)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if jsonb_typeof(value) <> 'array' then
    perform private.reject('invalid_attributes', format('Liste attendue : %s.', field ->> 'key'));
  elsif jsonb_array_length(value) > at_most then
    perform private.reject('invalid_attributes', format('Au plus %s réponses : %s.', at_most, field ->> 'key'));
  end if;
  return (
    select coalesce(jsonb_agg(item order by n), '[]')
    from (select item, min(n) as n from jsonb_array_elements(value) with ordinality as list (item, n) group by item) as once);
end;
$$;

create function private.is_answer(value jsonb)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case jsonb_typeof(value)
    when 'null' then false
    when 'string' then value #>> '{}' !~ '^[ \t\n\v\f\r]*$'
    when 'array' then value <> '[]'
    when 'object' then value <> '{}'
    else value is not null end;
end;
$$;
comment on function private.is_answer(jsonb) is 'Whether a value answers something: null, blank text, empty list and empty group do not.';

create function private.is_met(condition jsonb, answers jsonb)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
declare
  given jsonb;
begin
  if coalesce(jsonb_typeof(condition), 'null') <> 'object' then
    return true;
  elsif condition ? 'all' then
    return (select coalesce(bool_and(private.is_met(one, answers)), true) from jsonb_array_elements(condition -> 'all') as one);
  elsif condition ? 'any' then
    return (select coalesce(bool_or(private.is_met(one, answers)), false) from jsonb_array_elements(condition -> 'any') as one);
  end if;
  given := coalesce(answers -> (condition ->> 'key'), 'null');
  -- A list answers to each of its items: "materials is stone" is asked of a list too.
  return (
    select coalesce(bool_or(given = expected
      or jsonb_typeof(given) = 'array' and jsonb_typeof(expected) <> 'array' and given @> jsonb_build_array(expected)), false)
    from jsonb_array_elements(case when condition ? 'in' then condition -> 'in' else jsonb_build_array(condition -> 'is') end) as expected);
end;
$$;
comment on function private.is_met(jsonb, jsonb) is
  'Whether a condition of a form (contract §5: visible_if) holds for the answers given; no condition always holds.';

create function private.check_item(field jsonb, item jsonb)
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
  if jsonb_typeof(item) <> 'object' then
    perform private.reject('invalid_attributes', format('Groupe de réponses attendu : %s.', field ->> 'key'));
  end if;
  for key, inner_value in select * from jsonb_each(item) loop
    inner_field := jsonb_path_query_first(field, '$.fields[*] ? (@.key == $key)', jsonb_build_object('key', key));
    if inner_field is null then
      perform private.reject('invalid_attributes', format('Champ inconnu : %s.%s.', field ->> 'key', left(key, 60)));
    end if;
    checked := checked || jsonb_build_object(key, private.check_answer(inner_field, inner_value));
  end loop;
  return jsonb_strip_nulls(checked);
end;
$$;
comment on function private.check_item(jsonb, jsonb) is 'One item of a group, each answer checked against its field; empty when it says nothing.';

create or replace function private.check_group(field jsonb, value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  checked jsonb;
begin
  if jsonb_typeof(value) <> 'array' then
    return coalesce(nullif(private.check_item(field, value), '{}'), 'null');
  elsif jsonb_array_length(value) > 50 then
    perform private.reject('invalid_attributes', format('Au plus 50 éléments : %s.', field ->> 'key'));
  end if;
  select jsonb_agg(item order by n) into checked
  from (select private.check_item(field, raw) as item, n from jsonb_array_elements(value) with ordinality as list (raw, n)) as each
  where item <> '{}';
  return coalesce(checked, 'null');
end;
$$;
comment on function private.check_group(jsonb, jsonb) is
  'A group of answers, or a list of at most 50 such groups; items that say nothing are left out.';

alter table app.forms add column required jsonb not null default '[]';
comment on column app.forms.required is
  'The questions of this version that must be answered, with their conditions, and its groups that hold such ones. Derived from the form: reading it whole for each contribution costs milliseconds.';

create function private.required_fields(form jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'key', field -> 'key', 'required', coalesce((field ->> 'required')::boolean, false), 'visible_if', field -> 'visible_if',
    'fields', (select jsonb_agg(jsonb_build_object('key', one -> 'key', 'visible_if', one -> 'visible_if'))
      from jsonb_array_elements(case when jsonb_typeof(field -> 'fields') = 'array' then field -> 'fields' else '[]' end) as one
      where (one ->> 'required')::boolean)))), '[]')
  from jsonb_path_query(form, '$.sections[*].fields[*]') as field
  where (field ->> 'required')::boolean or field @@ '$.fields[*].required == true';
$$;
comment on function private.required_fields(jsonb) is 'What a form cannot do without, in short.';

create function private.note_required()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.required := private.required_fields(new.form);
  return new;
end;
$$;
comment on function private.note_required() is 'Trigger: keeps app.forms.required true to the form.';
create trigger forms_note_required before insert or update on app.forms
for each row execute function private.note_required();
update app.forms set form = form;

create function private.missing_answer(required jsonb, answers jsonb)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  field jsonb;
  item jsonb;
  missing text;
begin
  for field in select * from jsonb_array_elements(required) loop
    continue when not private.is_met(field -> 'visible_if', answers);
    if (field ->> 'required')::boolean and not private.is_answer(coalesce(answers -> (field ->> 'key'), 'null')) then
      return field ->> 'key';
    end if;
    for item in select * from jsonb_array_elements(
      case jsonb_typeof(answers -> (field ->> 'key')) when 'array' then answers -> (field ->> 'key')
        when 'object' then jsonb_build_array(answers -> (field ->> 'key')) else '[]' end)
    loop
      select field ->> 'key' || '.' || (one ->> 'key') into missing
      from jsonb_array_elements(field -> 'fields') as one
      where private.is_met(one -> 'visible_if', answers || item)
        and not private.is_answer(coalesce(item -> (one ->> 'key'), 'null'))
      limit 1;
      if missing is not null then
        return missing;
      end if;
    end loop;
  end loop;
  return null;
end;
$$;
comment on function private.missing_answer(jsonb, jsonb) is
  'The first question that shows, must be answered and is not, among `app.forms.required`; null when all is there.';

create function private.require_answers()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  required jsonb;
  missing text;
begin
  if new.status <> 'submitted'
    or tg_op = 'UPDATE' and old.status <> 'draft' and old.attributes = new.attributes then
    return new;
  end if;
  -- By the version that asked: what a later one requires was not asked of this person.
  select f.required into required from app.forms as f where f.theme = new.theme and f.rev = new.form_rev;
  if required <> '[]' then
    missing := private.missing_answer(required, new.attributes);
    -- An edit answers for what it takes away, not for what was already missing.
    if missing is not null
      and (tg_op = 'INSERT' or old.status = 'draft' or private.missing_answer(required, old.attributes) is null) then
      perform private.reject('invalid_attributes', format('Réponse attendue : %s.', missing));
    end if;
  end if;
  return new;
end;
$$;
comment on function private.require_answers() is
  'Trigger: a point goes to the moderators with the answers that the version of the form it was made with requires, and keeps them.';
create trigger points_require_answers before insert or update of status, attributes on app.points
for each row execute function private.require_answers();

revoke all on function private.is_answer(jsonb), private.is_met(jsonb, jsonb), private.check_item(jsonb, jsonb),
  private.required_fields(jsonb), private.note_required(), private.missing_answer(jsonb, jsonb),
  private.require_answers() from public;
