-- A moderator could answer a report on their own point by a correction, which `dismiss` refuses.
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
  -- Nor what somebody said of one's own point.
  if coalesce(m ->> 'report_id', '') <> '' then
    perform private.refuse_own(theme, who, was.author);
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
    -- A correction of one's own point answers nobody: what was said of it still waits for somebody else.
    if was.author is distinct from who or private.may_decide_own(theme) then
      perform private.close_reports(was, who, m, m ->> 'report_id');
    end if;
  end if;
  if is_on_photos then
    has_new_photos := private.decide_photos(was, m, null, m ->> 'decision' = 'publish');
  end if;
  return private.save_point(was, p, has_new_photos);
end;
$$;
