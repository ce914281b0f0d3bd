-- A correction that answers a report published the photos that waited on the same point: nobody had been asked about
-- them, and who took them was told, not who captured the point. A decision on a report, or one that says that it saw no
-- photo (`photos_seen: []`), leaves them waiting and is noted for what it answers.
create function private.is_on_photos(m jsonb)
returns boolean
language sql
immutable
set search_path = ''
as $$ select coalesce(m -> 'report_id', 'null') = 'null' and m -> 'photos_seen' is distinct from '[]'; $$;
comment on function private.is_on_photos(jsonb) is
  'Whether a decision on a published point is about the photos that wait on it: not when it answers a report, nor when it saw none.';

create or replace function private.item_to_decide(was app.points, m jsonb)
returns app.queue
language plpgsql
stable
set search_path = ''
as $$
declare
  i app.queue;
  decision text := m ->> 'decision';
begin
  select q.* into i from app.queue as q
  where q.point_id = was.id and case
    when coalesce(m -> 'revision_id', 'null') <> 'null' then q.kind = 'edit' and q.item_id = private.to_uuid(m ->> 'revision_id')
    when coalesce(m -> 'report_id', 'null') <> 'null' then q.kind in ('gone', 'report') and q.item_id = private.to_uuid(m ->> 'report_id')
    when was.status = 'submitted' then q.kind = 'new'
    when decision in ('dismiss', 'archive', 'destroy', 'duplicate') then q.kind in ('gone', 'report')
    when decision in ('publish', 'reject') then
      q.kind = 'photo' and private.is_on_photos(m) or decision = 'publish' and q.kind in ('gone', 'report')
    else false end
  order by (q.kind = 'photo') desc, q.since limit 1;
  return i;
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
  has_new_photos boolean := false;
begin
  if is_on_photos and exists (select from app.photos where point_id = was.id and state = 'pending' and user_id = who) then
    perform private.refuse_own(theme, who, who);
  end if;
  perform private.check_seen(was, who, m);
  if not is_corrected and (not is_on_photos or not exists (select from app.photos where point_id = was.id and state = 'pending')) then
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
comment on function private.decide_published(app.points, app.themes, uuid, jsonb) is
  'Publishing or refusing the photos that wait on a published point (kind `photo` of the queue), or correcting it, which answers its reports, or the one that it names: that leaves the photos waiting.';

revoke all on function private.is_on_photos(jsonb) from public;
