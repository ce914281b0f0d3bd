-- Refusing photos changes no content, so the `seen_rev` of a second moderator is still good: their decision on photos that
-- did not wait any more was answered `applied`, noted, and decided nothing. It is `stale_review` now, as everywhere else.
create or replace function private.decide_photos(p app.points, m jsonb, of_user uuid, is_accepting boolean)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  shown text[] := private.seen_photos(m, array(select id::text from app.photos where point_id = p.id and state = 'pending'));
  offered text[] := array(
    select id::text from app.photos where point_id = p.id and id::text = any (shown) and (of_user is null or user_id = of_user));
  accepted text[] := '{}';
begin
  if is_accepting then
    if exists (select from app.photos
      where point_id = p.id and state <> 'pending' and id::text = any (coalesce(private.text_array(m -> 'photos'), '{}'))) then
      perform private.reject('stale_review', 'Une des photos n’attend plus.');
    end if;
    accepted := private.accepted_ids(m, 'photos', shown);
  end if;
  update app.photos set state = case when id::text = any (accepted) then 'published' else 'refused' end
  where point_id = p.id and id::text = any (offered);
  return accepted && offered;
end;
$$;

create or replace function private.decide_published(was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  p app.points := was;
  is_corrected boolean := m ->> 'decision' = 'publish' and coalesce(m -> 'correction', 'null') <> 'null';
  is_on_photos boolean := private.is_on_photos(m);
  shown text[] := private.seen_photos(m, array(select id::text from app.photos where point_id = was.id and state = 'pending'));
  has_new_photos boolean := false;
begin
  if is_on_photos and exists (select from app.photos where point_id = was.id and id::text = any (shown) and user_id = who) then
    perform private.refuse_own(theme, who, who);
  end if;
  perform private.check_seen(was, who, m);
  if not is_corrected and is_on_photos and shown = '{}' and coalesce(m -> 'photos_seen', 'null') <> 'null' then
    perform private.reject('stale_review', 'Ces photos n’attendent plus.');
  elsif not is_corrected and (not is_on_photos or shown = '{}') then
    perform private.reject('invalid_transition', 'Rien n’attend sur ce point publié.');
  end if;
  perform private.check_decision_words(theme, m);
  if is_corrected then
    p := private.correct(was, theme, who, m);
    perform private.close_reports(was, who, m, m ->> 'report_id');
  end if;
  if is_on_photos then
    has_new_photos := private.decide_photos(was, m, null, m ->> 'decision' = 'publish');
  end if;
  return private.save_point(was, p, has_new_photos);
end;
$$;
