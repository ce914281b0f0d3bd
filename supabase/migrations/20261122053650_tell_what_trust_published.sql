-- What trust publishes was in nobody's feedback, in no digest and in no news of what one follows: it wrote no decision. It
-- now writes one, by nobody, that waited for nothing.
create function private.note_trust(p app.points, who uuid, kind text, mutation uuid)
returns void
language sql
set search_path = ''
as $$
  insert into app.decisions (author, point_id, theme, commune, kind, decision, reason, outcome, mutation_id)
  select who, p.id, p.theme, p.commune, note_trust.kind, 'publish', 'trust', 'accepted', mutation
  -- Photos come one by one: a day's on one point are told once, with what they came with.
  where note_trust.kind <> 'photo' or not exists (select from app.decisions as d
    where d.point_id = p.id and d.author = who and d.actor is null and d.reason = 'trust' and d.at > now() - interval '1 day');
$$;
comment on function private.note_trust(app.points, uuid, text, uuid) is
  'Notes that a new point, an edit or a photo was published by trust: for who gave it and for those who follow. It counts for nothing in anybody''s standing.';

create or replace function private.publish_by_trust(was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  p app.points := was;
  shown boolean;
begin
  p.status := 'published';
  p.decision := private.decision_json(null, '{"decision": "publish", "reason": "trust"}');
  update app.photos set state = 'published' where point_id = p.id and user_id = who and state = 'pending';
  shown := found;
  p := private.save_point(was, p, shown);
  perform private.record_event(p, null, 'publish', was.status, 'trust', mutation_id => (m ->> 'mutation_id')::uuid);
  perform private.note_trust(p, who, 'new', (m ->> 'mutation_id')::uuid);
  perform private.draw_audit(p, theme, who);
  return p;
end;
$$;

create or replace function private.accept_by_trust(was app.points, theme app.themes, r app.revisions, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  p app.points := private.with_values(was, private.accepted_values(r.patch, array(select jsonb_object_keys(r.patch))));
begin
  update app.revisions set state = 'accepted', decided_at = now(), reason = 'trust', accepted_paths = array(select jsonb_object_keys(r.patch))
  where id = r.id;
  p := private.save_point(was, p);
  perform private.record_event(p, null, 'publish', was.status, 'trust',
    diff => private.content_diff(private.content_of(was), private.content_of(p)), mutation_id => (m ->> 'mutation_id')::uuid, revision_id => r.id);
  perform private.note_trust(p, r.author, 'edit', (m ->> 'mutation_id')::uuid);
  perform private.draw_audit(p, theme, r.author, r.id);
  return p;
end;
$$;

create or replace function private.add_photo(who uuid, p jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  photo uuid := (p ->> 'photo_id')::uuid;
  is_known boolean := exists (select from app.photos where id = photo);
  was app.points;
  theme app.themes;
begin
  perform private.keep_photo(who, p);
  -- Sent again, it is not drawn again.
  if is_known then
    return;
  end if;
  select o.* into was from app.photos as f join app.points as o on o.id = f.point_id
  where f.id = photo and f.state = 'pending' and o.status = 'published' and o.sensitivity = 'open' for update of o;
  select * into theme from app.themes where id = was.theme;
  if was.id is null or not private.is_trusted(who, theme) or private.is_drawn(theme) then
    return;
  end if;
  update app.photos set state = 'published' where id = photo;
  perform private.record_event(private.save_point(was, was, true), null, 'publish', was.status, 'trust');
  perform private.note_trust(was, who, 'photo', null);
end;
$$;

revoke all on function private.note_trust(app.points, uuid, text, uuid) from public;
