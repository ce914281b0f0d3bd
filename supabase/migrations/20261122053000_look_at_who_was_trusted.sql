-- An audit looks at one contribution: it says whose, so that who captured the point does not answer for the edit of
-- somebody else. And a report says which decision closed it, so that the undo of that decision opens it again.
alter table app.reports
  add column revision_id uuid references app.revisions,
  add column closed_in uuid;
create index reports_revision_id_idx on app.reports (revision_id);
comment on column app.reports.user_id is 'Who said it; of an audit, whose contribution it looks at.';
comment on column app.reports.revision_id is 'The edit that an audit looks at; null when it looks at a new point.';
comment on column app.reports.closed_in is 'The mutation `decide` that closed it: its undo opens it again.';

drop function private.draw_audit(app.points, app.themes);
create function private.is_drawn(theme app.themes)
returns boolean
language sql
volatile
set search_path = ''
as $$ select random() < t.audit_share from private.trust_settings(theme) as t; $$;
comment on function private.is_drawn(app.themes) is 'Whether chance wants this contribution of somebody trusted to be looked at.';

create function private.draw_audit(p app.points, theme app.themes, contributor uuid, revision uuid default null)
returns void
language sql
set search_path = ''
as $$
  insert into app.reports (id, point_id, kind, user_id, revision_id)
  select gen_random_uuid(), p.id, 'audit', contributor, revision
  where private.is_drawn(theme)
    and not exists (select from app.reports as r
      where r.point_id = p.id and r.kind = 'audit' and r.state = 'open' and r.user_id is not distinct from contributor);
$$;
comment on function private.draw_audit(app.points, app.themes, uuid, uuid) is
  'Sends what was published by trust to the queue, now and then, under the name of who gave it.';

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
  perform private.draw_audit(p, theme, r.author, r.id);
  return p;
end;
$$;

create or replace function private.may_decide_on(i app.queue, p app.points, who uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select t.settings -> 'may_decide_own' = 'true' or (
    coalesce(case when i.kind in ('new', 'gone', 'report') then p.author else i.author end, '00000000-0000-0000-0000-000000000000') <> who
    and not exists (select from app.reports as r where r.id = i.item_id and i.kind = 'report' and r.kind = 'audit' and r.user_id = who))
  from app.themes as t where t.id = p.theme;
$$;

create function private.check_report(p app.points, theme app.themes, who uuid, m jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  named text := nullif(m -> 'report_id', 'null') #>> '{}';
begin
  if named is not null and not exists (
    select from app.reports as r where r.id = private.to_uuid(named) and r.point_id = p.id and r.state = 'open') then
    perform private.reject('invalid_transition', 'Ce signalement n’attend pas sur ce point.');
  elsif m ->> 'decision' in ('dismiss', 'publish') and exists (
    select from app.reports as r where r.point_id = p.id and r.kind = 'audit' and r.state = 'open' and r.user_id = who
      and (r.id = private.to_uuid(named) or named is null and (m ->> 'decision' = 'dismiss' or coalesce(m -> 'correction', 'null') <> 'null'))) then
    perform private.refuse_own(theme, who, who);
  end if;
end;
$$;
comment on function private.check_report(app.points, app.themes, uuid, jsonb) is
  'Refuses a decision that names (`report_id`) what does not wait on the point, or that answers an audit of one''s own contribution.';

drop function private.close_reports(app.points, uuid, text, text);
create function private.close_reports(p app.points, who uuid, m jsonb, report text default null)
returns int
language plpgsql
set search_path = ''
as $$
declare
  closed int;
begin
  update app.reports set state = 'closed', closed_at = now(), closed_by = who, closed_with = m ->> 'decision',
    closed_in = private.to_uuid(m ->> 'mutation_id')
  where point_id = p.id and state = 'open' and (report is null or id = private.to_uuid(report));
  get diagnostics closed = row_count;
  return closed;
end;
$$;
comment on function private.close_reports(app.points, uuid, jsonb, text) is 'Closes one open report of a point, or all of them, and notes which decision did.';

create or replace function private.dismiss_reports(was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
begin
  perform private.check_seen(was, who, m);
  perform private.check_decision_words(theme, m);
  if private.close_reports(was, who, m, m ->> 'report_id') = 0 then
    perform private.reject('invalid_transition', 'Aucun signalement n’attend sur ce point.');
  end if;
  return private.save_point(was, private.correct(was, theme, who, m));
end;
$$;

create or replace function private.decide_published(was app.points, theme app.themes, who uuid, m jsonb)
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
  if not is_corrected and (coalesce(m -> 'report_id', 'null') <> 'null'
    or not exists (select from app.photos where point_id = was.id and state = 'pending')) then
    perform private.reject('invalid_transition', 'Rien n’attend sur ce point publié.');
  end if;
  perform private.check_decision_words(theme, m);
  p := case when is_corrected then private.correct(was, theme, who, m) else was end;
  has_new_photos := private.decide_photos(was, m, null, m ->> 'decision' = 'publish');
  if is_corrected then
    perform private.close_reports(was, who, m, m ->> 'report_id');
  end if;
  return private.save_point(was, p, has_new_photos);
end;
$$;
comment on function private.decide_published(app.points, app.themes, uuid, jsonb) is
  'Publishing or refusing the photos that wait on a published point (kind `photo` of the queue), or correcting it, which answers its reports, or the one that it names.';

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
    p := private.leave_survivor(p, who, m);
    has_new_photos := p.status = 'published';
  end if;
  if decision in ('archive', 'destroy', 'duplicate') then
    perform private.close_reports(p, who, m);
  end if;
  return private.save_point(was, p, has_new_photos);
end;
$$;

revoke all on function private.is_drawn(app.themes), private.draw_audit(app.points, app.themes, uuid, uuid),
  private.check_report(app.points, app.themes, uuid, jsonb), private.close_reports(app.points, uuid, jsonb, text) from public;
