-- Reference data comes again with each release. What an instance has changed since wins: these
-- functions add what is missing and never overwrite.
create function private.put_groups(p jsonb)
returns void
language sql
set search_path = ''
as $$
  insert into app.groups (id, labels)
  select g ->> 'id', g -> 'labels' from jsonb_array_elements(p) as g
  on conflict (id) do nothing;
$$;
comment on function private.put_groups(jsonb) is 'Adds the working groups of supabase/seed/groups.json that are missing.';

create function private.put_charter(p jsonb)
returns void
language sql
set search_path = ''
as $$
  insert into app.charters (rev, texts, data_licence, photo_licence)
  values ((p ->> 'rev')::int, p -> 'texts', p ->> 'data_licence', p ->> 'photo_licence')
  on conflict (rev) do nothing;
$$;
comment on function private.put_charter(jsonb) is 'Adds a version of the charter. A text that someone accepted is never rewritten: a change is a new rev.';

create function private.put_concept_scheme(p jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into app.concept_schemes (id, labels, licence, source)
  values (p ->> 'id', p -> 'labels', p ->> 'licence', p ->> 'source')
  on conflict (id) do nothing;

  -- The foreign key of `broader` is checked at the end of the statement: the order in the file is free.
  insert into app.concepts (id, scheme, labels, alt, hidden, definition, broader, related, matches, notation, unverified, position)
  select c ->> 'id', p ->> 'id', c -> 'labels', coalesce(c -> 'alt', '{}'), coalesce(c -> 'hidden', '{}'),
    coalesce(c -> 'definition', '{}'), c ->> 'broader',
    array(select jsonb_array_elements_text(c -> 'related')),
    coalesce(c -> 'matches', '{}'), c ->> 'notation',
    array(select jsonb_array_elements_text(c -> 'unverified')), n::int
  from jsonb_array_elements(p -> 'concepts') with ordinality as t (c, n)
  where not exists (select from app.concepts as known where known.id = c ->> 'id');
end;
$$;
comment on function private.put_concept_scheme(jsonb) is
  'Adds a scheme of supabase/seed/thesaurus and those of its concepts that are missing, in the order of the file.';

create function private.put_theme(p jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  seeded_rev int := (p #>> '{form,rev}')::int;
begin
  insert into app.themes (id, position, labels, group_id, scheme, form_rev, settings)
  values (p ->> 'id', (p ->> 'position')::int, p -> 'labels', p ->> 'group', p ->> 'scheme', seeded_rev, p -> 'settings')
  on conflict (id) do nothing;

  insert into app.forms (theme, rev, form)
  values (p ->> 'id', seeded_rev, p -> 'form')
  on conflict (theme, rev) do nothing;

  -- A newer form becomes the current one, and a setting that this release brings gets its default.
  update app.themes as t
  set form_rev = greatest(t.form_rev, seeded_rev), settings = (p -> 'settings') || t.settings
  where t.id = p ->> 'id'
    and (t.form_rev < seeded_rev or not t.settings ?& array(select jsonb_object_keys(p -> 'settings')));
end;
$$;
comment on function private.put_theme(jsonb) is 'Adds a theme of supabase/seed/themes, a newer version of its form, and the settings that it lacks.';

revoke all on function private.put_groups(jsonb), private.put_charter(jsonb), private.put_concept_scheme(jsonb),
  private.put_theme(jsonb) from public;
