-- A member whose territory exists no more could not be changed or removed but by who holds the whole region.
create or replace function private.covers_scope(holder text[], asked text[])
returns boolean
language sql
stable
set search_path = ''
as $$
  select '*' = any (holder) or not exists (
    select from unnest(asked) as one
    where
      -- A code that vanished (communes merge) covers nothing: it freezes nobody's role.
      (one = '*' or exists (select from app.territories as t where t.code = one and t.level in ('commune', 'epci', 'departement'))
        -- Before a list of its kind is loaded nobody knows what exists.
        or not exists (select from app.territories where level =
          case when one ~ '^(\d{2}|2[AB])\d{3}$' then 'commune' when one ~ '^\d{9}$' then 'epci' else 'departement' end))
      and not (one = any (holder) or one <> '*' and (
      -- An EPCI may lie across départements: it is covered when each of its communes is.
      exists (select from unnest(private.communes_in(array[one])))
      and not exists (select from unnest(private.communes_in(array[one])) as commune where not private.covers(holder, commune)))));
$$;
