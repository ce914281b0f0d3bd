create table app.form_fields (
  theme text not null references app.themes,
  key text not null,
  rev int not null,
  field jsonb not null,
  primary key (theme, key)
);
alter table app.form_fields enable row level security;
comment on table app.form_fields is
  'Every field that any version of a theme''s form knows, by key, as its newest version says. Derived from app.forms: reading a form whole for each answer costs milliseconds.';

create function private.index_form()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  delete from app.form_fields where theme = coalesce(new.theme, old.theme);
  insert into app.form_fields (theme, key, rev, field)
  select distinct on (field ->> 'key') f.theme, field ->> 'key', f.rev, field
  from app.forms as f, jsonb_path_query(f.form, '$.sections[*].fields[*]') as field
  where f.theme = coalesce(new.theme, old.theme) and field ->> 'key' is not null
  order by field ->> 'key', f.rev desc;
  return null;
end;
$$;
comment on function private.index_form() is 'Trigger: keeps app.form_fields true to app.forms.';
create trigger forms_index after insert or update or delete on app.forms
for each row execute function private.index_form();

create function private.form_field(theme_id text, field_key text)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select field from app.form_fields where theme = theme_id and key = field_key);
end;
$$;
comment on function private.form_field(text, text) is 'The field of a key known to any version of the theme''s form, or null.';

create function private.form_fields(theme_id text)
returns jsonb
language sql
stable
set search_path = ''
as $$ select coalesce(jsonb_object_agg(key, field), '{}') from app.form_fields where theme = theme_id; $$;
comment on function private.form_fields(text) is 'Every field of the theme by key: for work on many points at once.';

revoke all on function private.index_form(), private.form_field(text, text), private.form_fields(text) from public;
