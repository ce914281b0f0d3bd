-- Beside an edit the desk shows every photo that waits on the point, and it may leave some: it was refused as soon as one of
-- them was somebody else's. Now the choice is made among all that were shown, and decides on those of who proposed the edit.
create or replace function private.decide_photos(p app.points, m jsonb, of_user uuid, is_accepting boolean)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  shown text[] := private.seen_photos(m, array(select id::text from app.photos where point_id = p.id and state = 'pending'));
  offered text[] := array(select id::text from app.photos where point_id = p.id and id::text = any (shown) and (of_user is null or user_id = of_user));
  accepted text[] := case when is_accepting then private.accepted_ids(m, 'photos', shown) else '{}' end;
begin
  update app.photos set state = case when id::text = any (accepted) then 'published' else 'refused' end
  where point_id = p.id and id::text = any (offered);
  return accepted && offered;
end;
$$;
comment on function private.decide_photos(app.points, jsonb, uuid, boolean) is
  'Publishes the waiting photos that a decision accepts and refuses the others that it saw, of one person where the decision is on what they proposed; true when the published set changed.';
