-- All that a moderator needs to decide, in one answer.
create table app.message_templates (
  id uuid primary key default gen_random_uuid(),
  theme text not null references app.themes,
  decision text check (decision in ('publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss')),
  reason text,
  label text not null check (char_length(label) between 1 and 80),
  text text not null check (char_length(text) between 1 and 4000),
  created_by uuid references app.profiles on delete set null,
  updated_at timestamptz not null default now()
);
create index message_templates_theme_idx on app.message_templates (theme);
create index message_templates_created_by_idx on app.message_templates (created_by);
alter table app.message_templates enable row level security;
comment on table app.message_templates is 'What a group often writes to authors, for a decision and a reason, or for any.';

create function private.change_json(path text, before jsonb, after jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_build_object('path', path, 'before', nullif(before, 'null'), 'after', nullif(after, 'null'), 'change', case
    when coalesce(before, 'null') = 'null' then 'added' when coalesce(after, 'null') = 'null' then 'removed' else 'changed' end);
$$;
comment on function private.change_json(text, jsonb, jsonb) is 'A change of one field in words: added, changed or removed.';

create function private.revision_changes(p app.points, r app.revisions)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  content jsonb := private.content_of(p);
begin
  return (
    select coalesce(jsonb_agg(private.change_json(path, r.base -> path, value)
      -- The point says something else since: what would be written over.
      || case when private.same_value(path, coalesce(content -> path, 'null'), private.base_value(path, r.base)) then '{}'
        else jsonb_build_object('now', content -> path) end order by path), '[]')
    from jsonb_each(r.patch) as proposed (path, value));
end;
$$;
comment on function private.revision_changes(app.points, app.revisions) is
  'What an edit proposes, field by field: {path, before, after, change, now?}; `now` where the point has changed since its author saw it.';

create function private.changes_since_review(p app.points)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  reviewed bigint := (select max(id) from app.events where point_id = p.id and actor_kind = 'moderator' and from_status <> to_status);
begin
  if reviewed is null then
    return (select coalesce(jsonb_agg(private.change_json(path, null, value) order by path), '[]')
      from jsonb_each(private.content_of(p)) as content (path, value));
  end if;
  return (
    select coalesce(jsonb_agg(private.change_json(path, first, last) order by path), '[]')
    from (
      select d.path, (array_agg(d.value -> 0 order by e.id))[1] as first, (array_agg(d.value -> 1 order by e.id desc))[1] as last
      from app.events as e, jsonb_each(e.diff) as d (path, value)
      where e.point_id = p.id and e.id > reviewed and e.action = 'edit'
      group by d.path) as changed
    where first is distinct from last);
end;
$$;
comment on function private.changes_since_review(app.points) is
  'Fields of a point that waits: all of them at its first reading, those that changed since the last decision when it was sent again.';

create function private.move_json(was jsonb, now jsonb)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, extensions
as $$
begin
  return jsonb_build_object('from', was, 'to', now, 'distance_m', round(st_distancesphere(
    st_makepoint((was ->> 'lon')::float8, (was ->> 'lat')::float8), st_makepoint((now ->> 'lon')::float8, (now ->> 'lat')::float8))::numeric, 1));
exception
  when data_exception then
    return null;
end;
$$;
comment on function private.move_json(jsonb, jsonb) is 'A position that moves: from, to, and the distance in metres.';

create function private.standing_json(who uuid, in_theme text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', p.user_id, 'name', p.display_name, 'accepted', coalesce(s.accepted, 0), 'corrected', coalesce(s.corrected, 0),
    'refused', coalesce(s.refused, 0), 'in_a_row', coalesce(s.in_a_row, 0), 'since', private.day(p.created_at))
  from app.profiles as p
  left join app.standings as s on s.user_id = p.user_id and s.theme = in_theme
  where p.user_id = who;
$$;
comment on function private.standing_json(uuid, text) is 'An author as who decides sees them: what became of what they gave to this theme.';

create function private.thread_json(point uuid, viewer uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('at', private.instant(e.at), 'actor', who.display_name, 'actor_kind', e.actor_kind,
    'mine', coalesce(e.actor = viewer, false), 'action', e.action, 'reason', e.reason, 'text', e.comment) order by e.id), '[]')
  from app.events as e left join app.profiles as who on who.user_id = e.actor
  where e.point_id = point and e.comment is not null;
$$;
comment on function private.thread_json(uuid, uuid) is 'What was written between the author and the moderators, oldest first, as plain text.';

create function private.may_decide_on(i app.queue, p app.points, who uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select t.settings -> 'may_decide_own' = 'true' or coalesce(case when i.kind in ('new', 'gone', 'report') then p.author else i.author end, '00000000-0000-0000-0000-000000000000') <> who
  from app.themes as t where t.id = p.theme;
$$;
comment on function private.may_decide_on(app.queue, app.points, uuid) is 'Whether the moderator may decide on an item, or it is their own.';

create function private.moderation_review(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  point app.points := private.require_scope(private.arg_uuid(p, 'point_id'), me);
  revision uuid := private.arg_uuid(p, 'revision_id');
  report uuid := private.arg_uuid(p, 'report_id');
  item app.queue;
  r app.revisions;
  changes jsonb;
begin
  select q.* into item from app.queue as q
  where q.point_id = point.id and (revision is null or q.item_id = revision) and (report is null or q.item_id = report)
  order by q.since, q.kind, q.item_id limit 1;
  if item.kind = 'edit' then
    select * into r from app.revisions where id = item.item_id;
    changes := private.revision_changes(point, r);
  elsif item.kind = 'new' then
    changes := private.changes_since_review(point);
  end if;
  return jsonb_build_object(
    'point', private.point_json(point, me),
    -- Decided, withdrawn or replaced meanwhile: said, so that the next one is shown.
    'item', case when item.kind is not null then private.queue_item_json(item, me) end,
    'others', (select coalesce(jsonb_agg(jsonb_build_object('kind', q.kind, 'id', q.item_id, 'waiting_since', private.instant(q.since))
        order by q.since, q.kind), '[]')
      from app.queue as q where q.point_id = point.id and (q.kind, q.item_id) is distinct from (item.kind, item.item_id)),
    'may_decide', private.may_decide_on(item, point, me),
    'changes', coalesce(changes, '[]'),
    'moved', case when r.patch ? 'geom' then private.move_json(coalesce(nullif(r.base -> 'geom', 'null'), private.content_of(point) -> 'geom'), r.patch -> 'geom') end,
    'author', private.standing_json(case when item.kind is null then point.author else item.author end, point.theme),
    'report', private.report_json(item),
    'candidates', private.candidates_json(point, me),
    'events', private.full_history_json(point.id, me, true),
    'thread', private.thread_json(point.id, me));
end;
$$;
comment on function private.moderation_review(jsonb) is 'All that is needed to decide on one item. Checks: signed in, moderator in scope of the point.';

create function private.report_json(i app.queue)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', r.id, 'kind', r.kind, 'text', r.text, 'at', private.instant(r.created_at))
  from app.reports as r where i.kind in ('gone', 'report') and r.id = i.item_id;
$$;
comment on function private.report_json(app.queue) is 'What was reported, for an item that is a report.';

create function public.moderation_review(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.moderation_review(p); $$;
comment on function public.moderation_review(jsonb) is
  '{point_id, revision_id?, report_id?} → {point, item|null, others: [{kind, id, waiting_since}], may_decide, changes: [{path, before, after, change: added|changed|removed, now?}], moved: {from, to, distance_m}|null, author: {id, name, accepted, corrected, refused, in_a_row, since}|null, report|null, candidates, events, thread: [{at, actor, actor_kind, mine, action, reason, text}]}. Moderators in scope. item null: nothing waits any more.';

create function private.moderation_templates(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
begin
  return jsonb_build_object('templates', (
    select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'theme', m.theme, 'decision', m.decision, 'reason', m.reason,
      'label', m.label, 'text', m.text) order by m.theme, m.label, m.id), '[]')
    from app.message_templates as m
    where m.theme in (select s.theme from private.scope_of(me) as s)));
end;
$$;
comment on function private.moderation_templates(jsonb) is 'Messages that one''s groups often write. Checks: signed in; only themes that the caller moderates.';

create function public.moderation_templates(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.moderation_templates(p); $$;
comment on function public.moderation_templates(jsonb) is '{} → {templates: [{id, theme, decision|null, reason|null, label, text}]} of the themes that the caller moderates.';

create function private.set_template(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  template uuid := coalesce(private.arg_uuid(p, 'id'), gen_random_uuid());
  in_theme text := coalesce((select m.theme from app.message_templates as m where m.id = template), private.arg_text(p, 'theme'));
  asked_decision text := private.arg_choice(p, 'decision',
    array['publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss']);
  asked_reason text := private.arg_text(p, 'reason');
  label text := btrim(private.arg_text(p, 'label'));
  body text := btrim(private.arg_text(p, 'text'));
  t app.themes;
begin
  select * into t from app.themes where themes.id = in_theme;
  if t.id is null or not private.is_coordinator_of(me, t.group_id) then
    perform private.fail(403, 'not_allowed', 'Seule la coordination du groupe change ses modèles de messages.');
  elsif p -> 'remove' = 'true' then
    delete from app.message_templates as m where m.id = template;
    return jsonb_build_object('id', null);
  elsif asked_reason is not null and asked_reason <> all (private.known_reasons(t)) then
    perform private.fail(400, 'unknown_reason', 'Ce motif n’existe pas pour cette thématique.');
  elsif coalesce(char_length(label), 0) not between 1 and 80 or coalesce(char_length(body), 0) not between 1 and 4000 then
    perform private.invalid_argument('label : 80 caractères au plus ; text : 4 000 au plus.');
  elsif (select count(*) from app.message_templates as m where m.theme = t.id and m.id <> template) >= 200 then
    perform private.invalid_argument('200 modèles au plus par thématique.');
  end if;
  insert into app.message_templates as m (id, theme, decision, reason, label, text, created_by)
  values (template, t.id, asked_decision, asked_reason, label, body, me)
  on conflict on constraint message_templates_pkey do update set decision = excluded.decision, reason = excluded.reason, label = excluded.label,
    text = excluded.text, updated_at = now();
  return jsonb_build_object('id', template);
end;
$$;
comment on function private.set_template(jsonb) is 'Writes, changes or removes a message of a theme. Checks: signed in, coordinates the group of the theme.';

create function public.template_set(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.set_template(p); $$;
comment on function public.template_set(jsonb) is '{theme, id?, decision?, reason?, label, text} → {id}; {id, remove: true} → {id: null}. Coordinators of the theme''s group.';

create function private.set_reasons(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  t app.themes;
  reasons jsonb;
begin
  select * into t from app.themes where id = private.arg_text(p, 'theme') for update;
  if t.id is null or not private.is_coordinator_of(me, t.group_id) then
    perform private.fail(403, 'not_allowed', 'Seule la coordination du groupe change ses motifs.');
  end if;
  reasons := private.arg_list(p, 'reasons', 40);
  if exists (
    select from jsonb_array_elements(reasons) as r
    where jsonb_typeof(r) <> 'object' or coalesce(r ->> 'code', '') !~ '^[a-z][a-z0-9_]{1,39}$'
      or jsonb_typeof(r -> 'labels') is distinct from 'object' or coalesce(r #>> '{labels,fr}', '') = '' or char_length((r -> 'labels')::text) > 1000) then
    perform private.invalid_argument('reasons : [{code, labels: {fr, …}}], le code en minuscules.');
  end if;
  update app.themes set settings = settings || jsonb_build_object('reasons', reasons) where id = t.id returning * into t;
  return jsonb_build_object('theme', t.id, 'reasons', reasons, 'known', to_jsonb(private.known_reasons(t)));
end;
$$;
comment on function private.set_reasons(jsonb) is 'Writes the reasons of a theme, beside those of the contract, which stay. Checks: signed in, coordinates the group of the theme.';

create function public.reasons_set(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.set_reasons(p); $$;
comment on function public.reasons_set(jsonb) is '{theme, reasons: [{code, labels: {fr, en?}}] ≤ 40} → {theme, reasons, known: [code]}. Coordinators of the theme''s group. The codes of contract §4 are always known.';

revoke all on function private.change_json(text, jsonb, jsonb), private.revision_changes(app.points, app.revisions),
  private.changes_since_review(app.points), private.move_json(jsonb, jsonb), private.standing_json(uuid, text),
  private.thread_json(uuid, uuid), private.may_decide_on(app.queue, app.points, uuid), private.moderation_review(jsonb),
  private.report_json(app.queue), public.moderation_review(jsonb), private.moderation_templates(jsonb), public.moderation_templates(jsonb),
  private.set_template(jsonb), public.template_set(jsonb), private.set_reasons(jsonb), public.reasons_set(jsonb) from public;
grant execute on function private.moderation_review(jsonb), public.moderation_review(jsonb), private.moderation_templates(jsonb),
  public.moderation_templates(jsonb), private.set_template(jsonb), public.template_set(jsonb), private.set_reasons(jsonb),
  public.reasons_set(jsonb) to anon, authenticated, service_role;
