create table app.ruled_out (
  point_id uuid not null references app.points,
  other_id uuid not null references app.points,
  primary key (point_id, other_id)
);
create index ruled_out_other_id_idx on app.ruled_out (other_id);
alter table app.ruled_out enable row level security;
comment on table app.ruled_out is
  'What the author of a point said, on the spot, to be another thing nearby. It stays a candidate: moderators read that its author ruled it out.';

create function private.points_named(m jsonb, field text, p app.points)
returns setof uuid
language plpgsql
stable
set search_path = ''
as $$
declare
  named jsonb := coalesce(nullif(m -> field, 'null'), '[]');
begin
  if jsonb_typeof(named) <> 'array' or jsonb_array_length(named) > 20 then
    perform private.reject('invalid_patch', field || ' : une liste d’identifiants de points.');
  end if;
  -- A point that is not there (any more) is compared no more: the capture counts.
  return query
    select distinct other.id
    from jsonb_array_elements_text(named) as list (id)
    join app.points as other on other.id = private.to_uuid(list.id)
    where other.id <> p.id and other.theme = p.theme;
end;
$$;
comment on function private.points_named(jsonb, text, app.points) is
  'Points of the same theme that a field of a create names: 20 at most, else `invalid_patch`.';

create or replace function private.note_doubts(p app.points, m jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into app.doubts (point_id, other_id)
  select p.id, named from private.points_named(m, 'maybe_same_as', p) as named
  on conflict do nothing;
  insert into app.ruled_out (point_id, other_id)
  select p.id, named from private.points_named(m, 'not_same_as', p) as named
  on conflict do nothing;
end;
$$;
comment on function private.note_doubts(app.points, jsonb) is
  'Fields maybe_same_as and not_same_as of a create: points that its author could not tell from this one, and those that they said are others.';

create or replace function private.candidates_json(p app.points, moderator uuid)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  radius double precision := private.theme_radius_m(p.theme) + private.accuracy_reach(p.accuracy_m);
  own_name text := private.fold(p.attributes ->> 'name');
begin
  return (
    with compared as (
      select c.candidate, c.distance_m, c.is_doubted,
        exists (
          select from app.ruled_out as r
          where (r.point_id = p.id and r.other_id = (c.candidate).id)
            or (r.point_id = (c.candidate).id and r.other_id = p.id)) as is_ruled_out,
        greatest(0, 1 - c.distance_m / (radius + private.accuracy_reach((c.candidate).accuracy_m))) as closeness,
        case when p.concept is not null and (c.candidate).concept = p.concept then 1.0 else 0.5 end as kinship,
        case when own_name = '' then 0 else similarity(own_name, private.fold((c.candidate).attributes ->> 'name')) end as likeness
      from private.duplicate_candidates(p, moderator) as c
    ), scored as (
      select *, round((0.5 * closeness + 0.2 * kinship + 0.3 * likeness)::numeric, 3) as score from compared
      order by is_doubted desc, is_ruled_out, score desc, distance_m limit 20
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'point', private.point_json(candidate, moderator),
      'distance_m', round(distance_m::numeric, 1),
      'score', score,
      'why', to_jsonb(array_remove(array[
        case when is_doubted then 'author_unsure' end,
        case when is_ruled_out then 'author_ruled_out' end,
        case when closeness > 0.5 then 'close' end,
        case when kinship = 1 then 'same_concept'
          when private.is_same_or_sibling(p.concept, (candidate).concept) then 'sibling_concept' end,
        case when likeness >= 0.4 then 'similar_name' end,
        case when (candidate).author = p.author then 'same_author' end], null))
    ) order by is_doubted desc, is_ruled_out, score desc, distance_m), '[]')
    from scored);
end;
$$;
comment on function private.candidates_json(app.points, uuid) is
  'Duplicate candidates, at most 20: first those that the author could not tell apart, then the best, those that an author ruled out last. Score from 0 to 1: half closeness, the rest kinship of the concept and likeness of the name.';

revoke all on function private.points_named(jsonb, text, app.points) from public;
