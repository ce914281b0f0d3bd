-- Trust published what bore no term at all where the theme wants one, and edits that emptied the answer which names a thing.
create or replace function private.is_unnamed(p app.points, r app.revisions, theme app.themes)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select theme.settings ->> 'holding_concept' is not null
      and (coalesce(p.concept, '') in ('', theme.settings ->> 'holding_concept')
        or coalesce(r.patch ? 'concept', false) and coalesce(r.patch ->> 'concept', '') in ('', theme.settings ->> 'holding_concept'))
    or coalesce(r.patch ? ('attributes.' || (theme.settings ->> 'title_field')), false)
      and coalesce(btrim(r.patch ->> ('attributes.' || (theme.settings ->> 'title_field'))), '') = '';
$$;
comment on function private.is_unnamed(app.points, app.revisions, app.themes) is
  'Whether a thing lies under no term, or under the one of those that nobody could name, or an edit would leave it there or take its name away. A theme without such a term (setting holding_concept) asks for none.';
