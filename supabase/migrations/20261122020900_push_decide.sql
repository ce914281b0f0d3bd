create function private.decide_photos(p app.points, m jsonb, of_user uuid, is_accepting boolean)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  offered text[];
  accepted text[];
begin
  select coalesce(array_agg(id::text), '{}') into offered
  from app.photos where point_id = p.id and state = 'pending' and (of_user is null or user_id = of_user);
  accepted := case when is_accepting then private.accepted_ids(m, 'photos', offered) else '{}' end;
  update app.photos set state = case when id::text = any (accepted) then 'published' else 'refused' end
  where id::text = any (offered);
  return cardinality(accepted) > 0;
end;
$$;
comment on function private.decide_photos(app.points, jsonb, uuid, boolean) is
  'Publishes the waiting photos that a decision accepts and refuses the others; true when the published set changed.';

create function private.correct(p app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  patch jsonb;
begin
  if coalesce(m -> 'correction', 'null') = 'null' then
    return p;
  end if;
  patch := private.check_patch(theme, m -> 'correction' -> 'patch');
  perform private.apply_own_revision(p, who, m, coalesce(nullif(m -> 'correction' -> 'base', 'null'), '{}'), patch);
  return private.with_values(p, patch);
end;
$$;
comment on function private.correct(app.points, app.themes, uuid, jsonb) is
  'Writes a moderator''s correction over what they decide on: they saw the current content (check_seen), so it replaces.';

create function private.keep_accepted_fields(p app.points, m jsonb)
returns app.points
language plpgsql
stable
set search_path = ''
as $$
declare
  offered text[] := array(select jsonb_object_keys(private.content_of(p)));
  accepted text[] := private.accepted_ids(m, 'fields', offered);
  path text;
begin
  foreach path in array offered loop
    if path <> all (accepted) and path not in ('geom', 'sensitivity') then
      p := private.with_values(p, jsonb_build_object(path, null));
    end if;
  end loop;
  return p;
end;
$$;
comment on function private.keep_accepted_fields(app.points, jsonb) is
  'A new point with only the fields that the decision accepts; its position and sensitivity always stay, the rest is kept in the history.';

create function private.status_after_decision(status text, status_before text, decision text)
returns text
language sql
immutable
set search_path = ''
as $$
  select case
    when status = 'submitted' then case decision
      when 'publish' then 'published' when 'to_complete' then 'to_complete' when 'reject' then 'rejected' when 'duplicate' then 'duplicate' end
    when status = 'published' then case decision
      when 'archive' then 'archived' when 'destroy' then 'destroyed' when 'duplicate' then 'duplicate' end
    when decision = 'restore' then case status
      when 'archived' then 'published' when 'destroyed' then 'published'
      when 'rejected' then 'submitted' when 'to_complete' then 'submitted'
      when 'duplicate' then coalesce(status_before, 'submitted') end
  end;
$$;
comment on function private.status_after_decision(text, text, text) is
  'The moderators'' rows of the table of transitions (contract §3); null where there is none.';

create function private.decide_point(was app.points, theme app.themes, who uuid, m jsonb)
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
    p := private.leave_survivor(p, who, m);
    has_new_photos := p.status = 'published';
  end if;
  if decision in ('archive', 'destroy', 'duplicate') then
    perform private.close_reports(p, who, decision, null);
  end if;
  return private.save_point(was, p, has_new_photos);
end;
$$;
comment on function private.decide_point(app.points, app.themes, uuid, jsonb) is 'A decision on the point itself.';

create function private.decide_revision(was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  p app.points := was;
  revision uuid := private.to_uuid(m ->> 'revision_id');
  r app.revisions;
  accepted text[];
  has_new_photos boolean;
begin
  select * into r from app.revisions where id = revision and point_id = was.id for update;
  if not found then
    perform private.reject('unknown_revision', 'Cette proposition n’existe pas.');
  end if;
  perform private.refuse_own(theme, who, r.author);
  perform private.check_seen(was, who, m);
  if r.state <> 'pending' then
    perform private.reject('stale_review', 'Cette proposition n’attend plus : elle a été remplacée, reprise ou décidée.');
  end if;
  if not (m ->> 'decision' = 'reject' or m ->> 'decision' = 'publish' and was.status = 'published') then
    perform private.reject('invalid_transition', 'Une proposition se publie ou se refuse.');
  end if;
  perform private.check_decision_words(theme, m);
  accepted := case m ->> 'decision' when 'publish'
    then private.accepted_ids(m, 'fields', array(select jsonb_object_keys(r.patch))) else '{}' end;
  if m ->> 'decision' = 'publish' then
    if accepted = '{}' then
      perform private.reject('invalid_patch', 'Publier une proposition, c’est en accepter au moins un champ.');
    end if;
    p := private.with_values(p, private.accepted_values(r.patch, accepted));
  end if;
  update app.revisions set
    state = case when accepted = '{}' then 'refused'
      when accepted @> array(select jsonb_object_keys(r.patch)) then 'accepted' else 'partly_accepted' end,
    decided_at = now(), decided_by = who, reason = nullif(m ->> 'reason', ''), comment = nullif(m ->> 'comment', ''),
    accepted_paths = accepted
  where id = r.id;
  p := private.correct(p, theme, who, m);
  has_new_photos := private.decide_photos(was, m, r.author, m ->> 'decision' = 'publish');
  return private.save_point(was, p, has_new_photos);
end;
$$;
comment on function private.decide_revision(app.points, app.themes, uuid, jsonb) is
  'A decision on an edit that waits beside a published point: its accepted paths are written over the current ones.';

create function private.accepted_values(patch jsonb, accepted text[])
returns jsonb
language sql
stable
set search_path = ''
as $$
  -- A term may have been replaced while the proposal waited.
  select coalesce(jsonb_object_agg(key, case
    when key = 'concept' and jsonb_typeof(value) = 'string' then to_jsonb(coalesce(private.current_concept(value #>> '{}'), value #>> '{}'))
    else value end), '{}')
  from jsonb_each(patch) where key = any (accepted);
$$;
comment on function private.accepted_values(jsonb, text[]) is 'The part of a patch that a decision accepts.';

create function private.decide_published(was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  p app.points;
  is_corrected boolean := m ->> 'decision' = 'publish' and coalesce(m -> 'correction', 'null') <> 'null';
  has_new_photos boolean;
begin
  if exists (select from app.photos where point_id = was.id and state = 'pending' and user_id = who) then
    perform private.refuse_own(theme, who, who);
  end if;
  perform private.check_seen(was, who, m);
  if not is_corrected and not exists (select from app.photos where point_id = was.id and state = 'pending') then
    perform private.reject('invalid_transition', 'Rien n’attend sur ce point publié.');
  end if;
  perform private.check_decision_words(theme, m);
  p := case when is_corrected then private.correct(was, theme, who, m) else was end;
  has_new_photos := private.decide_photos(was, m, null, m ->> 'decision' = 'publish');
  if is_corrected then
    perform private.close_reports(was, who, m ->> 'decision', null);
  end if;
  return private.save_point(was, p, has_new_photos);
end;
$$;
comment on function private.decide_published(app.points, app.themes, uuid, jsonb) is
  'Publishing or refusing the photos that wait on a published point (kind `photo` of the queue), or correcting it, which answers its reports.';

create function private.close_reports(p app.points, who uuid, decision text, report text)
returns int
language plpgsql
set search_path = ''
as $$
declare
  closed int;
begin
  update app.reports set state = 'closed', closed_at = now(), closed_by = who, closed_with = decision
  where point_id = p.id and state = 'open' and (report is null or id = private.to_uuid(report));
  get diagnostics closed = row_count;
  return closed;
end;
$$;
comment on function private.close_reports(app.points, uuid, text, text) is 'Closes one open report of a point, or all of them.';

create function private.dismiss_reports(was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
begin
  perform private.check_seen(was, who, m);
  perform private.check_decision_words(theme, m);
  if private.close_reports(was, who, 'dismiss', m ->> 'report_id') = 0 then
    perform private.reject('invalid_transition', 'Aucun signalement n’attend sur ce point.');
  end if;
  return private.save_point(was, private.correct(was, theme, who, m));
end;
$$;
comment on function private.dismiss_reports(app.points, app.themes, uuid, jsonb) is
  'Decision `dismiss`: closes the reports of a point (`report_id` names one, else all), with a correction or nothing to do.';

create function private.push_decide(who uuid, m jsonb)
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
      p := private.decide_point(was, theme, who, m);
    end if;
  end if;
  perform private.record_event(p, who, decision, was.status, nullif(m ->> 'reason', ''), nullif(m ->> 'comment', ''),
    private.content_diff(private.content_of(was), private.content_of(p)), (m ->> 'mutation_id')::uuid,
    private.to_uuid(m ->> 'revision_id'), 'moderator');
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;
comment on function private.push_decide(uuid, jsonb) is
  'Mutation `decide`: a moderator in scope decides on a point, on an edit beside it (revision_id), on photos that wait, or on reports.';

revoke all on function private.decide_photos(app.points, jsonb, uuid, boolean), private.correct(app.points, app.themes, uuid, jsonb),
  private.keep_accepted_fields(app.points, jsonb), private.status_after_decision(text, text, text),
  private.decide_point(app.points, app.themes, uuid, jsonb), private.decide_revision(app.points, app.themes, uuid, jsonb),
  private.accepted_values(jsonb, text[]), private.decide_published(app.points, app.themes, uuid, jsonb),
  private.close_reports(app.points, uuid, text, text), private.dismiss_reports(app.points, app.themes, uuid, jsonb),
  private.push_decide(uuid, jsonb) from public;
