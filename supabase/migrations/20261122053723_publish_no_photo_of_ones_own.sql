-- A moderator published their own waiting photo by merging its point into a published one.
create or replace function private.merge_into_survivor(p app.points, was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points := private.lock_survivor(p, who, m);
  merged app.points := private.with_values(survivor, private.kept_values(p, m));
  shown text[] := private.seen_photos(m, array(select id::text from app.photos where point_id = p.id and state = 'pending'));
  offered text[];
  accepted text[];
  is_shown_more boolean;
begin
  if was.status = 'published' and survivor.status <> 'published' then
    perform private.reject('invalid_transition', 'Un point publié ne peut pas être le doublon d’un point qui ne l’est pas.');
  end if;
  -- One's own photo is moved with the others, and waits there for somebody else.
  offered := array(select id::text from app.photos where point_id = p.id and (state = 'published' or id::text = any (shown)
    and (user_id is distinct from who or private.may_decide_own(theme))));
  accepted := private.accepted_ids(m, 'photos', offered);
  insert into app.merged_photos (point_id, photo_id, state)
  select p.id, f.id, f.state from app.photos as f where f.point_id = p.id and f.state in ('pending', 'published');
  update app.photos set
    state = case when id::text <> all (accepted) then 'refused' when survivor.status = 'published' then 'published' else state end
  where point_id = p.id and id::text = any (offered);
  is_shown_more := survivor.status = 'published' and exists (select from app.photos where point_id = p.id and state = 'published');
  update app.photos set point_id = survivor.id, came_from = coalesce(came_from, p.id)
  where point_id = p.id and state in ('pending', 'published');

  p.status_before := was.status;
  p.duplicate_of := survivor.id;
  update app.points set duplicate_of = survivor.id, status_before = was.status where id = p.id;
  select c.count, c.last_on, c.condition, c.condition_on
  into merged.confirmation_count, merged.last_confirmed_on, merged.observed_condition, merged.observed_condition_on
  from private.confirmations_of(survivor.id) as c;
  merged := private.save_point(survivor, merged, is_shown_more);
  perform private.record_event(merged, who, 'merge', survivor.status, m ->> 'reason',
    diff => private.content_diff(private.content_of(survivor), private.content_of(merged))
      || jsonb_build_object('duplicate', jsonb_build_array(null, p.id)),
    mutation_id => (m ->> 'mutation_id')::uuid, as_kind => 'moderator');
  return p;
end;
$$;
