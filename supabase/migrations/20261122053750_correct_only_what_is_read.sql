-- A correction was taken beside any decision, so that a refused or archived point was rewritten by who refused it; an
-- empty one changed nothing and was noted as a correction of what its author gave. And a new point could be published
-- with none of what it said.
create function private.check_correction(was app.points, m jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  decision text := m ->> 'decision';
begin
  if coalesce(m -> 'correction', 'null') = 'null' then
    return;
  elsif decision in ('reject', 'to_complete') or m #> '{correction,patch}' = '{}' then
    perform private.reject('invalid_patch', 'Une correction change au moins un champ, et ne va pas avec un refus.');
  elsif decision <> 'restore' and was.status not in ('submitted', 'published') then
    perform private.reject('invalid_transition', 'Un point ne se corrige pas dans son état actuel.');
  end if;
end;
$$;
comment on function private.check_correction(app.points, jsonb) is
  'Refuses a correction that changes nothing, goes with a refusal, or rewrites what is neither submitted nor published.';
revoke all on function private.check_correction(app.points, jsonb) from public;

create or replace function private.push_decide(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  theme app.themes;
  decision text := m ->> 'decision';
  is_on_revision boolean := coalesce(m -> 'revision_id', 'null') <> 'null';
  is_on_published boolean := decision in ('publish', 'reject') and was.status = 'published' and not is_on_revision;
  item app.queue := private.item_to_decide(was, m);
  waiting uuid[] := array(select id from app.photos where point_id = was.id and state = 'pending');
  p app.points;
begin
  if not private.is_moderator_of(who, was) then
    perform private.reject('not_allowed', 'Ce point n’est pas dans votre périmètre de modération.');
  end if;
  if decision is null or decision not in
    ('publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss') then
    perform private.reject('invalid_patch', 'Décision inconnue.');
  end if;
  select * into theme from app.themes where id = was.theme;
  perform private.check_report(was, theme, who, m);
  perform private.check_correction(was, m);
  if is_on_revision then
    p := private.decide_revision(was, theme, who, m);
  elsif is_on_published then
    p := private.decide_published(was, theme, who, m);
  else
    perform private.refuse_own(theme, who, was.author);
    if decision = 'dismiss' then
      p := private.dismiss_reports(was, theme, who, m);
    else
      perform private.check_seen(was, who, m);
      perform private.check_bulk(was, who, m);
      p := private.decide_point(was, theme, who, m);
    end if;
  end if;
  perform private.note_decision(was, p, who, item, m, waiting);
  perform private.record_event(p, who, decision, was.status, nullif(m ->> 'reason', ''), nullif(m ->> 'comment', ''),
    private.content_diff(private.content_of(was), private.content_of(p)), (m ->> 'mutation_id')::uuid,
    private.to_uuid(m ->> 'revision_id'), 'moderator');
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;

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
  if decision = 'publish' and p.concept is null and p.attributes = '{}' and (was.concept is not null or was.attributes <> '{}') then
    perform private.reject('invalid_patch', 'Publier un point, c’est en accepter au moins un champ.');
  end if;
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
