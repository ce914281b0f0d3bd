-- What was written with a term that has been replaced since says the same as what is written with the one that replaced it: a
-- phone that comes back after a merge meets no conflict, and a revision that waited brings back no term that is used no more.
create function private.concept_today(value jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$ select coalesce(to_jsonb(private.current_concept(value #>> '{}')), value); $$;
comment on function private.concept_today(jsonb) is 'The value of a concept with what replaced it; itself where nothing did.';

create or replace function private.same_value(path text, a jsonb, b jsonb)
returns boolean
language sql
stable
set search_path = ''
as $$
  select case
    when path = 'geom' then private.same_place(a, b)
    when path = 'concept' and a <> b then private.concept_today(a) = private.concept_today(b)
    else a = b end;
$$;

create or replace function private.merge_fields(theme_id text, server jsonb, base jsonb, patch jsonb)
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
    if path = 'concept' and theirs <> mine and private.same_value(path, theirs, mine) then
      -- The point has not followed its term yet: it is not this edit that moves it, so that it comes back with the others.
      outcome := 'keep';
    elsif private.same_value(path, theirs, was) then
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

create or replace function private.with_values(p app.points, value_of jsonb)
returns app.points
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  path text;
  value jsonb;
begin
  for path, value in select * from jsonb_each(value_of) loop
    if path = 'concept' then
      p.concept := private.concept_today(value) #>> '{}';
    elsif path = 'sensitivity' then
      p.sensitivity := coalesce(value #>> '{}', 'open');
    elsif path = 'geom' then
      p.geom := st_setsrid(st_makepoint((value ->> 'lon')::float8, (value ->> 'lat')::float8), 4326);
      p.accuracy_m := (value ->> 'accuracy_m')::real;
      p.position_source := value ->> 'source';
      p.heading_deg := (value ->> 'heading_deg')::real;
      p.moved_m := (value ->> 'moved_m')::real;
    elsif jsonb_typeof(value) = 'null' then
      p.attributes := p.attributes - substr(path, 12);
    else
      p.attributes := p.attributes || jsonb_build_object(substr(path, 12), value);
    end if;
  end loop;
  return p;
end;
$$;

revoke all on function private.concept_today(jsonb) from public;
