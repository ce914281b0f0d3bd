create function private.lock_point(id uuid, who uuid)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  p app.points;
begin
  select * into p from app.points as t where t.id = lock_point.id for update;
  -- A point that somebody may not see does not exist for them.
  if not found or not private.can_see(p, who) then
    perform private.reject('unknown_point', 'Ce point n’existe pas, ou n’est pas visible.');
  end if;
  return p;
end;
$$;
comment on function private.lock_point(uuid, uuid) is 'The row of a point that the person may see, locked; else the mutation is refused as unknown_point.';

create function private.save_point(was app.points, p app.points, has_new_photo_set boolean default false)
returns app.points
language plpgsql
set search_path = pg_catalog, extensions
as $$
declare
  is_moved boolean := not was.geom = p.geom or was.sensitivity <> p.sensitivity;
begin
  if has_new_photo_set or was.status <> p.status or private.content_of(was) <> private.content_of(p) then
    p.rev := was.rev + 1;
    p.updated_at := now();
  end if;
  p.v := was.v + 1;
  if is_moved then
    -- Apart: naming these columns makes the trigger look the commune up again.
    update app.points set geom = p.geom, sensitivity = p.sensitivity where id = p.id
    returning commune, public_geom, public_commune, public_cell
    into p.commune, p.public_geom, p.public_commune, p.public_cell;
  end if;
  update app.points set
    author = p.author, status = p.status, status_before = p.status_before, rev = p.rev, v = p.v, concept = p.concept,
    accuracy_m = p.accuracy_m, position_source = p.position_source, heading_deg = p.heading_deg, moved_m = p.moved_m,
    attributes = p.attributes, form_rev = p.form_rev, updated_at = p.updated_at,
    expected_photos = p.expected_photos, confirmation_count = p.confirmation_count, last_confirmed_on = p.last_confirmed_on,
    decision = p.decision, duplicate_of = p.duplicate_of, source_id = p.source_id, source_ref = p.source_ref
  where id = p.id
  returning * into p;
  perform private.enqueue_photo_jobs(p);
  perform private.touch_point(p.id, was.public_cell);
  return p;
end;
$$;
comment on function private.save_point(app.points, app.points, boolean) is
  'The one place that writes a point: counts rev and v (contract §2), asks for its photos to be copied or deleted, announces it.';

revoke all on function private.lock_point(uuid, uuid), private.save_point(app.points, app.points, boolean) from public;
