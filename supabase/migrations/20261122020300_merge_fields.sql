create function private.base_value(path text, base jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$
  -- The author may have seen a term before it was replaced.
  select case
    when base -> path is null or base -> path in ('""', '[]', '{}') then
      case path when 'sensitivity' then '"open"'::jsonb else 'null' end
    when path = 'concept' and jsonb_typeof(base -> path) = 'string'
      then to_jsonb(coalesce(private.current_concept(base ->> path), base ->> path))
    else base -> path end;
$$;
comment on function private.base_value(text, jsonb) is 'What the author saw at a path, normalised as the server''s values are; absent is null.';

create function private.same_place(a jsonb, b jsonb)
returns boolean
language sql
immutable
set search_path = pg_catalog, extensions
as $$
  select case
    when jsonb_typeof(a -> 'lon') = 'number' and jsonb_typeof(a -> 'lat') = 'number'
      and jsonb_typeof(b -> 'lon') = 'number' and jsonb_typeof(b -> 'lat') = 'number'
      and (a ->> 'lon')::numeric between -180 and 180 and (a ->> 'lat')::numeric between -90 and 90
      and (b ->> 'lon')::numeric between -180 and 180 and (b ->> 'lat')::numeric between -90 and 90
    then st_distancesphere(
        st_makepoint((a ->> 'lon')::float8, (a ->> 'lat')::float8),
        st_makepoint((b ->> 'lon')::float8, (b ->> 'lat')::float8))
      <= greatest(1,
        case when jsonb_typeof(a -> 'accuracy_m') = 'number' then (a ->> 'accuracy_m')::numeric end,
        case when jsonb_typeof(b -> 'accuracy_m') = 'number' then (b ->> 'accuracy_m')::numeric end)
    else a = b end;
$$;
comment on function private.same_place(jsonb, jsonb) is 'Whether two positions are one: nearer than the larger accuracy, at least 1 m (contract §3).';

create function private.same_value(path text, a jsonb, b jsonb)
returns boolean
language sql
immutable
set search_path = ''
as $$ select case path when 'geom' then private.same_place(a, b) else a = b end; $$;
comment on function private.same_value(text, jsonb, jsonb) is 'Whether two values of a path say the same.';

create function private.merge_sets(base jsonb, mine jsonb, theirs jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  with listed as (
    select item, n
    from jsonb_array_elements(case jsonb_typeof(theirs) when 'array' then theirs when 'null' then '[]' else jsonb_build_array(theirs) end)
      with ordinality as t (item, n)
    where base @> item <= (mine @> item)
    union all
    select item, 1000 + n
    from jsonb_array_elements(case jsonb_typeof(mine) when 'array' then mine when 'null' then '[]' else jsonb_build_array(mine) end)
      with ordinality as m (item, n)
    where not base @> item and not theirs @> item)
  select coalesce(jsonb_agg(item order by n), 'null') from listed;
$$;
comment on function private.merge_sets(jsonb, jsonb, jsonb) is
  'Three-way merge of lists seen as sets: what I added is in, what I took away is out, what others did stays.';

create function private.merge_fields(theme_id text, server jsonb, base jsonb, patch jsonb)
returns table (path text, outcome text, was jsonb, mine jsonb, theirs jsonb, value jsonb)
language plpgsql
stable
set search_path = ''
as $$
begin
  for path, mine in select * from jsonb_each(patch) loop
    was := private.base_value(path, base);
    theirs := coalesce(server -> path, 'null');
    value := mine;
    if private.same_value(path, theirs, was) then
      outcome := 'take';
    elsif private.same_value(path, theirs, mine) then
      outcome := 'keep';
    elsif path like 'attributes.%' and private.form_field(theme_id, substr(path, 12)) ->> 'type' = 'choices' then
      outcome := 'take';
      value := private.merge_sets(was, mine, theirs);
    else
      outcome := 'conflict';
    end if;
    return next;
  end loop;
end;
$$;
comment on function private.merge_fields(text, jsonb, jsonb, jsonb) is
  'Three-way merge of a patch by path (contract §3): take `value`, keep what is there, or conflict.';

revoke all on function private.base_value(text, jsonb), private.same_place(jsonb, jsonb), private.same_value(text, jsonb, jsonb),
  private.merge_sets(jsonb, jsonb, jsonb), private.merge_fields(text, jsonb, jsonb, jsonb) from public;
