create function private.move_point(to_be app.points)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  p app.points;
begin
  update app.points set geom = to_be.geom, sensitivity = to_be.sensitivity where id = to_be.id returning * into p;
  return p;
end;
$$;
comment on function private.move_point(app.points) is
  'Writes the position and the sensitivity of a point, apart: naming these columns makes the trigger look the commune up again.';
revoke all on function private.move_point(app.points) from public;

create or replace function private.save_point(was app.points, p app.points, has_new_photo_set boolean default false)
returns app.points
language plpgsql
set search_path = pg_catalog, extensions
as $$
declare
  is_moved boolean := not was.geom = p.geom or was.sensitivity <> p.sensitivity;
  saved app.points;
begin
  if has_new_photo_set or was.status <> p.status or private.content_of(was) <> private.content_of(p) then
    p.rev := was.rev + 1;
    p.updated_at := now();
  end if;
  p.v := was.v + 1;
  -- A point moves while the public does not see it, when it can: else one that is hidden by the same decision would
  -- be announced where it goes, and one that is published by it where it was.
  if is_moved and not private.is_public(was) then
    perform private.move_point(p);
  end if;
  update app.points set
    author = p.author, status = p.status, status_before = p.status_before, rev = p.rev, v = p.v, concept = p.concept,
    accuracy_m = p.accuracy_m, position_source = p.position_source, heading_deg = p.heading_deg, moved_m = p.moved_m,
    attributes = p.attributes, form_rev = p.form_rev, updated_at = p.updated_at,
    expected_photos = p.expected_photos, confirmation_count = p.confirmation_count, last_confirmed_on = p.last_confirmed_on,
    decision = p.decision, duplicate_of = p.duplicate_of, source_id = p.source_id, source_ref = p.source_ref
  where id = p.id
  returning * into saved;
  if is_moved and private.is_public(was) then
    saved := private.move_point(p);
  end if;
  perform private.enqueue_photo_jobs(saved);
  perform private.touch_point(saved.id, was.public_cell);
  return saved;
end;
$$;
comment on function private.save_point(app.points, app.points, boolean) is
  'The one place that writes a point: counts rev and v (contract §2), asks for its photos to be copied or deleted, announces it.';
