-- The desk offered decisions on one's own published point that the server then refused: where nothing waits it is the point
-- that is decided on, and among the photos that wait one's own may be any. Where a theme says nothing of `may_decide_own`
-- the answer was null; it is true or false.
create or replace function private.may_decide_on(i app.queue, p app.points, who uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select private.may_decide_own(t) or not (case
    when i.kind is null or i.kind in ('new', 'gone', 'report') then p.author is not distinct from who
      or exists (select from app.reports as r where r.id = i.item_id and i.kind = 'report' and r.kind = 'audit' and r.user_id = who)
    when i.kind = 'photo' then exists (select from app.photos as f where f.point_id = p.id and f.state = 'pending' and f.user_id = who)
    else i.author is not distinct from who end)
  from app.themes as t where t.id = p.theme;
$$;
comment on function private.may_decide_on(app.queue, app.points, uuid) is
  'Whether a moderator may decide on an item, or on the point where nothing waits: not on what they gave, unless the theme lets them.';
