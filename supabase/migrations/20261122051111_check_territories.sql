-- A scope names communes, EPCI and départements that exist.
create function private.known_territories(codes text[])
returns text[]
language plpgsql
stable
set search_path = ''
as $$
declare
  one text;
begin
  if '*' = any (codes) then
    return '{*}';
  end if;
  if coalesce(cardinality(codes), 0) not between 1 and 500 then
    perform private.invalid_argument('territories : de 1 à 500 codes INSEE, ou ["*"].');
  end if;
  foreach one in array codes loop
    if one is null or not (
      exists (select from app.territories as t where t.code = one and t.level in ('commune', 'epci', 'departement'))
      -- Before any list is loaded a code cannot be looked up: it must look like one.
      or one ~ '^(\d{2}|2[AB]|97\d)$' and not exists (select from app.territories where level = 'departement')
      or one ~ '^(\d{2}|2[AB])\d{3}$' and not exists (select from app.territories where level = 'commune')) then
      perform private.fail(400, 'unknown_territory', format('Le territoire %s n’existe pas, ou n’existe plus.', coalesce(left(one, 20), 'vide')));
    end if;
  end loop;
  return array(select distinct code from unnest(codes) as code order by code);
end;
$$;
comment on function private.known_territories(text[]) is
  'The codes, sorted and once each ({*} covers the rest); PT400 unknown_territory where one is no commune, EPCI or département of this instance.';

create function private.communes_in(codes text[])
returns text[]
language sql
stable
set search_path = ''
as $$
  select array(
    select t.code from app.territories as t
    where t.level = 'commune'
      and (t.code = any (codes) or t.epci = any (codes) or t.departement = any (codes))
    union
    -- A code that no list knows stands for itself.
    select one from unnest(codes) as one where one ~ '^(\d{2}|2[AB])\d{3}$');
$$;
comment on function private.communes_in(text[]) is 'Communes of a list of communes, EPCI and départements.';

create function private.covers_scope(holder text[], asked text[])
returns boolean
language sql
stable
set search_path = ''
as $$
  select '*' = any (holder) or not exists (
    select from unnest(asked) as one
    where not (one = any (holder) or one <> '*' and (
      -- An EPCI may lie across départements: it is covered when each of its communes is.
      exists (select from unnest(private.communes_in(array[one])))
      and not exists (select from unnest(private.communes_in(array[one])) as commune where not private.covers(holder, commune)))));
$$;
comment on function private.covers_scope(text[], text[]) is 'Whether a scope lies within another: nobody grants more than they hold.';

revoke all on function private.known_territories(text[]), private.communes_in(text[]), private.covers_scope(text[], text[]) from public;
