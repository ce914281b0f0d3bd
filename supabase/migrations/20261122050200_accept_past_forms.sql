-- A phone that was away answers the form that it knew. What any version of a form accepts is accepted:
-- an option that was dropped since, a bound that was tightened, a question that is not asked any more.
create function private.union_by(attribute text, newest jsonb, older jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(newest, '[]') || coalesce(jsonb_agg(entry order by n)
    filter (where not coalesce(newest, '[]') @> jsonb_build_array(jsonb_build_object(attribute, entry -> attribute))), '[]')
  from jsonb_array_elements(coalesce(older, '[]')) with ordinality as list (entry, n);
$$;
comment on function private.union_by(text, jsonb, jsonb) is
  'Two lists of objects as one: those of the newest, then those that only the older one has, told apart by one attribute.';

create function private.widened_field(newest jsonb, older jsonb)
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
    'max', case when newest ->> 'max' is not null and older ->> 'max' is not null
      then greatest((newest ->> 'max')::numeric, (older ->> 'max')::numeric) end,
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
comment on function private.widened_field(jsonb, jsonb) is
  'A field that accepts what its newest version accepts, and what an older one did. A key keeps its kind: one of another kind adds nothing.';

create or replace function private.index_form()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  theme_id text := coalesce(new.theme, old.theme);
  f record;
begin
  delete from app.form_fields where theme = theme_id;
  for f in
    select one.rev, field ->> 'key' as key, field
    from app.forms as one, jsonb_path_query(one.form, '$.sections[*].fields[*]') as field
    where one.theme = theme_id and field ->> 'key' is not null
    order by one.rev desc
  loop
    insert into app.form_fields as known (theme, key, rev, field) values (theme_id, f.key, f.rev, f.field)
    on conflict (theme, key) do update set field = private.widened_field(known.field, excluded.field);
  end loop;
  return null;
end;
$$;

comment on table app.form_fields is
  'Every field that any version of a theme''s form knows, by key: as its newest version says it, accepting what any version accepts. Derived from app.forms: reading a form whole for each answer costs milliseconds.';

revoke all on function private.union_by(text, jsonb, jsonb), private.widened_field(jsonb, jsonb) from public;
