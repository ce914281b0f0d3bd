create table app.doubts (
  point_id uuid not null references app.points,
  other_id uuid not null references app.points,
  primary key (point_id, other_id)
);
create index doubts_other_id_idx on app.doubts (other_id);
alter table app.doubts enable row level security;
comment on table app.doubts is
  'What the author of a point could not tell: whether it is another point nearby. For the moderators to see, whatever the distance.';

create function private.note_doubts(p app.points, m jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if coalesce(jsonb_typeof(m -> 'maybe_same_as'), 'null') not in ('null', 'array')
    or jsonb_array_length(coalesce(nullif(m -> 'maybe_same_as', 'null'), '[]')) > 20 then
    perform private.reject('invalid_patch', 'maybe_same_as : une liste d’identifiants de points.');
  end if;
  -- A point that is not there (any more) is doubted no more: the capture counts.
  insert into app.doubts (point_id, other_id)
  select p.id, other.id
  from jsonb_array_elements_text(coalesce(nullif(m -> 'maybe_same_as', 'null'), '[]')) as named (id)
  join app.points as other on other.id = private.to_uuid(named.id)
  where other.id <> p.id and other.theme = p.theme
  on conflict do nothing;
end;
$$;
comment on function private.note_doubts(app.points, jsonb) is
  'Field maybe_same_as of a create: points that its author could not tell from this one.';

create or replace function private.push_create(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  theme app.themes := private.active_theme(m ->> 'theme');
  wanted text := coalesce(m ->> 'status', 'submitted');
  patch jsonb;
  p app.points;
begin
  select * into p from app.points where id = (m ->> 'point_id')::uuid;
  if found then
    perform private.reject(case when p.author = who then 'invalid_transition' else 'not_allowed' end,
      'Cet identifiant de point est déjà pris.');
  end if;
  if wanted not in ('draft', 'submitted') then
    perform private.reject('invalid_patch', 'status : draft ou submitted.');
  end if;
  if jsonb_typeof(m -> 'patch') = 'object' and coalesce(m -> 'patch' -> 'geom', 'null') = 'null' then
    perform private.reject('invalid_geometry', 'Une position est attendue.');
  end if;
  patch := private.check_patch(theme, m -> 'patch');
  p.id := (m ->> 'point_id')::uuid;
  p.theme := theme.id;
  p.author := who;
  p.status := wanted;
  p.sensitivity := 'open';
  p.attributes := '{}';
  p := private.with_values(p, patch);
  insert into app.points (id, theme, author, status, concept, geom, accuracy_m, position_source, heading_deg, moved_m,
    attributes, form_rev, sensitivity, captured_at, expected_photos)
  values (p.id, p.theme, p.author, p.status, p.concept, p.geom, p.accuracy_m, p.position_source, p.heading_deg, p.moved_m,
    p.attributes, coalesce(private.to_count(m -> 'form_rev', 1000000), theme.form_rev), p.sensitivity,
    private.moment_of(m), private.photos_expected(m))
  returning * into p;
  perform private.note_doubts(p, m);
  perform private.record_event(p, who, 'create', diff => private.content_diff('{}', private.content_of(p)),
    mutation_id => (m ->> 'mutation_id')::uuid);
  perform private.touch_point(p.id);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;

create function private.accuracy_reach(accuracy_m double precision)
returns double precision
language sql
immutable
set search_path = ''
as $$
  -- A position given within kilometres must not call the whole town a duplicate.
  select least(coalesce(accuracy_m, 0), 100);
$$;
comment on function private.accuracy_reach(double precision) is 'Metres by which an accuracy widens the search for duplicates: 100 at most.';

create function private.theme_radius_m(theme_id text)
returns double precision
language sql
stable
set search_path = ''
as $$
  select coalesce((select (t.settings ->> 'duplicate_radius_m')::double precision from app.themes as t where t.id = theme_id), 50);
$$;
comment on function private.theme_radius_m(text) is 'Metres in which the same thing may already be known (setting duplicate_radius_m, default 50).';

create function private.may_be_same(
  radius double precision, a extensions.geometry, a_accuracy double precision, a_concept text,
  b extensions.geometry, b_accuracy double precision, b_concept text)
returns boolean
language sql
stable
set search_path = pg_catalog, extensions
as $$
  select st_distancesphere(a, b) <= radius + private.accuracy_reach(a_accuracy) + private.accuracy_reach(b_accuracy)
    and private.is_same_or_sibling(a_concept, b_concept);
$$;
comment on function private.may_be_same(double precision, extensions.geometry, double precision, text, extensions.geometry, double precision, text) is
  'The rule of duplicates, the same on the phone (src/domain/duplicates.ts): within the radius of the theme widened by both accuracies, and of the same or a sibling concept. Whichever of the two is asked about.';

drop function private.duplicate_candidates(app.points, uuid);
create function private.duplicate_candidates(p app.points, moderator uuid)
returns table (candidate app.points, distance_m double precision, is_doubted boolean)
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  radius double precision := private.theme_radius_m(p.theme);
  reach double precision := radius + private.accuracy_reach(p.accuracy_m) + 100;
  box geometry := st_expand(p.geom, reach / 111000 / greatest(cos(radians(st_y(p.geom))), 0.1), reach / 111000);
begin
  return query
    select c, st_distancesphere(seen.place, p.geom), near.is_named
    from (
      select id, bool_or(known.is_named) as is_named
      from (
        select c.id, false as is_named from app.points as c where c.geom && box and c.theme = p.theme
        union all
        select c.id, false from app.points as c where c.public_geom && box and c.theme = p.theme
        union all
        select d.other_id, true from app.doubts as d where d.point_id = p.id
        union all
        select d.point_id, true from app.doubts as d where d.other_id = p.id
      ) as known
      where id <> p.id group by id
    ) as near
    join app.points as c on c.id = near.id
    cross join lateral (select private.moderates(moderator, c.theme, c.commune) as is_in_scope) as s
    -- In the moderator's scope the true position, elsewhere the public one, like anybody.
    cross join lateral (select case when s.is_in_scope then c.geom else c.public_geom end as place,
      case when s.is_in_scope or c.sensitivity = 'open' then c.accuracy_m else 707 end as accuracy) as seen
    where c.status = any (case when s.is_in_scope then array['submitted', 'to_complete', 'published'] else array['published'] end)
      and seen.place is not null
      and (near.is_named or private.may_be_same(radius, p.geom, p.accuracy_m, p.concept, seen.place, seen.accuracy, c.concept));
end;
$$;
comment on function private.duplicate_candidates(app.points, uuid) is
  'Points of the theme that may be the same thing, with their distance on the ground, as far as this moderator may know; and those that an author could not tell from it.';

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
        greatest(0, 1 - c.distance_m / (radius + private.accuracy_reach((c.candidate).accuracy_m))) as closeness,
        case when p.concept is not null and (c.candidate).concept = p.concept then 1.0 else 0.5 end as kinship,
        case when own_name = '' then 0 else similarity(own_name, private.fold((c.candidate).attributes ->> 'name')) end as likeness
      from private.duplicate_candidates(p, moderator) as c
    ), scored as (
      select *, round((0.5 * closeness + 0.2 * kinship + 0.3 * likeness)::numeric, 3) as score from compared
      order by is_doubted desc, score desc, distance_m limit 20
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'point', private.point_json(candidate, moderator),
      'distance_m', round(distance_m::numeric, 1),
      'score', score,
      'why', to_jsonb(array_remove(array[
        case when is_doubted then 'author_unsure' end,
        case when closeness > 0.5 then 'close' end,
        case when kinship = 1 then 'same_concept'
          when private.is_same_or_sibling(p.concept, (candidate).concept) then 'sibling_concept' end,
        case when likeness >= 0.4 then 'similar_name' end,
        case when (candidate).author = p.author then 'same_author' end], null))
    ) order by is_doubted desc, score desc, distance_m), '[]')
    from scored);
end;
$$;
comment on function private.candidates_json(app.points, uuid) is
  'Duplicate candidates, at most 20: first those that the author could not tell apart, then the best. Score from 0 to 1: half closeness, the rest kinship of the concept and likeness of the name.';

drop function private.duplicate_radius_m(app.points);
revoke all on function private.note_doubts(app.points, jsonb), private.accuracy_reach(double precision), private.theme_radius_m(text),
  private.may_be_same(double precision, extensions.geometry, double precision, text, extensions.geometry, double precision, text),
  private.duplicate_candidates(app.points, uuid) from public;
