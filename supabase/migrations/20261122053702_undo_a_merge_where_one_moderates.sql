-- Undoing a merge changes the survivor too, its published content included: it asks for the right to moderate both. And a
-- survivor that was merged in its turn has passed everything on, to a point that one undo in the middle would leave
-- counted wrong and unannounced: merges are undone the last one first.
create function private.check_undo(p app.points, who uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points;
begin
  select * into survivor from app.points where id = p.duplicate_of for update;
  if found and not private.is_moderator_of(who, survivor) then
    perform private.reject('not_allowed', 'Le point qui tient lieu de celui-ci n’est pas dans votre périmètre de modération.');
  elsif survivor.status = 'duplicate' then
    perform private.reject('invalid_transition', format('Ce point a été réuni à un autre, réuni depuis à son tour : rétablissez d’abord celui-là (%s).', survivor.id));
  end if;
end;
$$;
comment on function private.check_undo(app.points, uuid) is
  'Refuses to undo a merge whose survivor lies out of scope, or was itself merged since: that one is undone first.';
revoke all on function private.check_undo(app.points, uuid) from public;

create or replace function private.decide_point(was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  decision text := m ->> 'decision';
  p app.points := was;
  has_new_photos boolean := false;
begin
  p.status := private.status_after_decision(was.status, was.status_before, decision);
  if p.status is null then
    perform private.reject('invalid_transition', 'Cette décision ne s’applique pas à l’état actuel du point.');
  end if;
  perform private.check_decision_words(theme, m);
  if decision = 'publish' then
    p := private.keep_accepted_fields(p, m);
    has_new_photos := private.decide_photos(was, m, null, true);
  end if;
  p := private.correct(p, theme, who, m);
  p.decision := private.decision_json(who, m);
  if decision = 'duplicate' then
    p := private.merge_into_survivor(p, was, theme, who, m);
    has_new_photos := was.status = 'published';
  elsif was.status = 'duplicate' then
    perform private.check_undo(was, who);
    p := private.leave_survivor(p, who, m);
    has_new_photos := p.status = 'published';
  end if;
  if decision in ('archive', 'destroy', 'duplicate') then
    perform private.close_reports(p, who, m);
  end if;
  return private.save_point(was, p, has_new_photos);
end;
$$;
