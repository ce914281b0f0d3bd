-- Trust by theme, off unless a coordinator turns it on: after so many contributions taken as they were, the next ones are
-- published at once, and some of them, drawn at random, are looked at afterwards.
alter table app.reports drop constraint reports_kind_check;
alter table app.reports add constraint reports_kind_check check (kind in ('gone', 'problem', 'audit'));
comment on column app.reports.kind is 'gone: seen to be no more; problem: somebody found something wrong; audit: published by trust, to be looked at afterwards.';

create function private.trust_settings(theme app.themes)
returns table (enabled boolean, needed int, audit_share numeric)
language plpgsql
immutable
set search_path = ''
as $$
begin
  enabled := coalesce(theme.settings #> '{trust,enabled}' = 'true', false);
  needed := coalesce(private.to_count(theme.settings #> '{trust,accepted}', 100000), 20);
  audit_share := least(1, greatest(0, coalesce(case when jsonb_typeof(theme.settings #> '{trust,audit}') = 'number'
    then (theme.settings #>> '{trust,audit}')::numeric end, 0.1)));
  return next;
end;
$$;
comment on function private.trust_settings(app.themes) is
  'Setting `trust` of a theme: {enabled (off), accepted (20 in a row), audit (0.1: one in ten is looked at afterwards)}.';

create function private.is_trusted(who uuid, t app.themes)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
declare
  earned int;
  needed int;
begin
  -- Off in most themes, and asked at each contribution.
  if who is null or t.settings #> '{trust,enabled}' is distinct from 'true' then
    return false;
  end if;
  select s.in_a_row into earned from app.standings as s where s.user_id = who and s.theme = t.id;
  select k.needed into needed from private.trust_settings(t) as k;
  return coalesce(earned >= greatest(1, needed), false);
end;
$$;
comment on function private.is_trusted(uuid, app.themes) is 'Whether the person''s contributions to the theme are published at once.';

create function private.draw_audit(p app.points, theme app.themes)
returns void
language sql
set search_path = ''
as $$
  insert into app.reports (id, point_id, kind)
  select gen_random_uuid(), p.id, 'audit' from private.trust_settings(theme) as t
  where random() < t.audit_share
    and not exists (select from app.reports where point_id = p.id and kind = 'audit' and state = 'open');
$$;
comment on function private.draw_audit(app.points, app.themes) is 'Sends what was published by trust to the queue, now and then.';

create function private.publish_by_trust(was app.points, theme app.themes, who uuid, m jsonb)
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
  perform private.draw_audit(p, theme);
  return p;
end;
$$;
comment on function private.publish_by_trust(app.points, app.themes, uuid, jsonb) is 'A new point of somebody trusted becomes public.';

create function private.accept_by_trust(was app.points, theme app.themes, r app.revisions, m jsonb)
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
  perform private.draw_audit(p, theme);
  return p;
end;
$$;
comment on function private.accept_by_trust(app.points, app.themes, app.revisions, jsonb) is 'An edit of somebody trusted is taken at once.';

create function private.apply_trust(who uuid, m jsonb, result jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p app.points;
  theme app.themes;
  r app.revisions;
begin
  if result ->> 'status' not in ('applied', 'merged', 'pending') then
    return result;
  end if;
  select t.* into theme from app.points as o join app.themes as t on t.id = o.theme where o.id = (m ->> 'point_id')::uuid;
  if not coalesce(private.is_trusted(who, theme), false) then
    return result;
  end if;
  select * into p from app.points where id = (m ->> 'point_id')::uuid for update;
  select * into r from app.revisions where id = (result ->> 'revision_id')::uuid and state = 'pending' and author = who;
  if p.status = 'published' and r.id is not null then
    p := private.accept_by_trust(p, theme, r, m);
    return result || jsonb_build_object('status', 'applied', 'rev', p.rev);
  elsif p.status = 'submitted' and p.author = who
    -- Somebody sent it back, or it may be known already: a person looks at it.
    and not exists (select from app.events where point_id = p.id and actor_kind = 'moderator')
    and not exists (select from private.duplicate_candidates(p, null)) then
    p := private.publish_by_trust(p, theme, who, m);
    return result || jsonb_build_object('rev', p.rev);
  end if;
  return result;
end;
$$;
comment on function private.apply_trust(uuid, jsonb, jsonb) is
  'After a create or an edit: publishes it where its author is trusted. What may be a duplicate, or was sent back, waits for a moderator all the same.';

create or replace function private.apply_mutation(who uuid, device text, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  result jsonb;
  refusal text;
  details text;
begin
  result := case m ->> 'kind'
    when 'create' then private.apply_trust(who, m, private.push_create(who, m))
    when 'edit' then private.apply_trust(who, m, private.push_edit(who, m))
    when 'confirm' then private.push_confirm(who, m)
    when 'withdraw' then private.push_withdraw(who, m)
    when 'comment' then private.push_comment(who, m)
    when 'decide' then private.push_decide(who, m)
    when 'propose_term' then private.push_propose_term(who, m)
  end;
  perform private.keep_receipt(who, device, m, result);
  return result;
exception
  when sqlstate 'CR001' then
    get stacked diagnostics refusal = message_text, details = pg_exception_detail;
    return private.refusal(refusal, details);
  when serialization_failure or deadlock_detected or lock_not_available or unique_violation or insufficient_resources then
    return private.postponement('busy', 2);
  when data_exception or integrity_constraint_violation then
    get stacked diagnostics details = message_text;
    raise warning 'mutation % refused: % %', m ->> 'mutation_id', sqlstate, details;
    return private.refusal('invalid_patch', 'Le contenu de cette contribution ne peut pas être enregistré.');
  when others then
    get stacked diagnostics details = message_text;
    raise warning 'mutation % postponed: % %', m ->> 'mutation_id', sqlstate, details;
    return private.postponement('busy', 60);
end;
$$;

alter function private.push_creates(uuid, text, jsonb, uuid[]) rename to push_plain_creates;
create function private.push_creates(who uuid, device text, mutations jsonb, busy uuid[])
returns jsonb[]
language plpgsql
set search_path = ''
as $$
begin
  -- What is published at once is written one by one.
  if exists (select from app.themes as t where t.settings #> '{trust,enabled}' = 'true' and private.is_trusted(who, t)) then
    return '{}';
  end if;
  return private.push_plain_creates(who, device, mutations, busy);
end;
$$;
comment on function private.push_creates(uuid, text, jsonb, uuid[]) is
  'The plain creates of a push, all at once; none where their author is trusted somewhere.';

alter function private.add_photo(uuid, jsonb) rename to keep_photo;
create function private.add_photo(who uuid, p jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  was app.points;
begin
  perform private.keep_photo(who, p);
  select o.* into was from app.photos as f join app.points as o on o.id = f.point_id join app.themes as t on t.id = o.theme
  where f.id = (p ->> 'photo_id')::uuid and f.state = 'pending' and o.status = 'published' and private.is_trusted(who, t)
  for update of o;
  if found then
    update app.photos set state = 'published' where id = (p ->> 'photo_id')::uuid;
    perform private.save_point(was, was, true);
  end if;
end;
$$;
comment on function private.add_photo(uuid, jsonb) is
  'Records a photo that was read and checked; it waits for a moderator, unless who took it is trusted and the point is published. The same photo again changes nothing.';

create or replace function private.waiting_kinds(p app.points)
returns text[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return array_remove(array[
    case when p.status = 'submitted' then 'new' end,
    case when exists (select from app.revisions as r where r.point_id = p.id and r.state = 'pending') then 'edit' end,
    case when p.status = 'published'
      and exists (select from app.photos as f where f.point_id = p.id and f.state = 'pending') then 'photo' end,
    case when exists (select from app.reports as r where r.point_id = p.id and r.state = 'open' and r.kind = 'gone') then 'gone' end,
    case when exists (select from app.reports as r where r.point_id = p.id and r.state = 'open' and r.kind <> 'gone') then 'report' end
  ], null);
end;
$$;

create or replace function private.note_decision(was app.points, p app.points, who uuid, i app.queue, m jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  outcome text := private.outcome_of(was, p, i, m);
begin
  insert into app.decisions (actor, author, point_id, theme, commune, kind, decision, reason, outcome, waited, mutation_id)
  values (who, case when i.kind is null then was.author else i.author end, p.id, p.theme, p.commune, i.kind, m ->> 'decision',
    nullif(m ->> 'reason', ''), outcome, now() - i.since, private.to_uuid(m ->> 'mutation_id'));
  perform private.note_standing(i.author, p.theme, outcome);
  if m ->> 'decision' = 'restore' and was.status = 'rejected' then
    -- A refusal that is taken back counts no more.
    update app.standings set refused = greatest(0, refused - 1) where user_id = was.author and theme = was.theme;
  end if;
  if i.kind = 'report' and exists (select from app.reports where id = i.item_id and kind = 'audit') then
    -- Published by trust, found wanting afterwards.
    perform private.note_standing(was.author, p.theme, case
      when m ->> 'decision' in ('archive', 'destroy', 'duplicate') then 'refused'
      when coalesce(m -> 'correction', 'null') <> 'null' then 'corrected' end);
  end if;
  delete from app.leases where point_id = p.id and holder = who;
end;
$$;

create function private.trust_json(who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(t.id, jsonb_build_object('enabled', s.enabled, 'trusted', private.is_trusted(who, t), 'needed', s.needed,
    'in_a_row', coalesce(k.in_a_row, 0), 'accepted', coalesce(k.accepted, 0), 'corrected', coalesce(k.corrected, 0), 'refused', coalesce(k.refused, 0))), '{}')
  from app.themes as t
  cross join lateral private.trust_settings(t) as s
  left join app.standings as k on k.user_id = who and k.theme = t.id
  where t.is_active and (s.enabled or k.user_id is not null);
$$;
comment on function private.trust_json(uuid) is 'What a person earned in each theme, as `me` tells them.';

create or replace function private.account_json(who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'user_id', p.user_id,
    'display_name', p.display_name,
    'named', p.named,
    'email_verified', private.has_verified_email(who),
    'has_password', (select coalesce(u.encrypted_password, '') <> '' from auth.users as u where u.id = who),
    'is_contributor', private.is_contributor(who),
    'visibility_epoch', p.visibility_epoch,
    'charter', (
      select jsonb_build_object(
        'accepted', (select max(a.rev) from app.charter_acceptances as a where a.user_id = who),
        'current', c.rev, 'data_licence', c.data_licence, 'photo_licence', c.photo_licence, 'texts', coalesce(c.texts, '{}'))
      from (select private.current_charter() as rev) as current left join app.charters as c on c.rev = current.rev),
    'memberships', (
      select coalesce(jsonb_agg(jsonb_build_object('group', m.group_id, 'role', m.role, 'territories', m.territories) order by m.group_id), '[]')
      from app.memberships as m where m.user_id = who),
    'trust', private.trust_json(who),
    'counts', (
      select coalesce(jsonb_object_agg(s.status, s.n), '{}')
      from (select o.status, count(*) as n from app.points as o where o.author = who group by o.status) as s))
  from app.profiles as p
  where p.user_id = who;
$$;

create function private.set_trust(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  t app.themes;
begin
  select * into t from app.themes where id = private.arg_text(p, 'theme') for update;
  if t.id is null or not private.is_coordinator_of(me, t.group_id) then
    perform private.fail(403, 'not_allowed', 'Seule la coordination du groupe règle la confiance.');
  elsif jsonb_typeof(p -> 'enabled') is distinct from 'boolean' then
    perform private.invalid_argument('enabled : oui ou non.');
  end if;
  update app.themes set settings = settings || jsonb_build_object('trust', jsonb_build_object('enabled', p -> 'enabled',
    'accepted', coalesce(trunc(private.arg_number(p, 'accepted', 1, 100000)), (select needed from private.trust_settings(t))),
    'audit', coalesce(private.arg_number(p, 'audit', 0, 1), (select audit_share from private.trust_settings(t)))))
  where id = t.id returning * into t;
  return jsonb_build_object('theme', t.id, 'trust', t.settings -> 'trust');
end;
$$;
comment on function private.set_trust(jsonb) is 'Turns earned trust on or off for a theme. Checks: signed in, coordinates the group of the theme.';

create function public.trust_set(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.set_trust(p); $$;
comment on function public.trust_set(jsonb) is
  '{theme, enabled, accepted? (in a row, 20), audit? (0 to 1, 0.1)} → {theme, trust}. Coordinators of the theme''s group.';

revoke all on function private.trust_settings(app.themes), private.is_trusted(uuid, app.themes), private.draw_audit(app.points, app.themes),
  private.publish_by_trust(app.points, app.themes, uuid, jsonb), private.accept_by_trust(app.points, app.themes, app.revisions, jsonb),
  private.apply_trust(uuid, jsonb, jsonb), private.push_creates(uuid, text, jsonb, uuid[]), private.add_photo(uuid, jsonb),
  private.trust_json(uuid), private.set_trust(jsonb), public.trust_set(jsonb) from public;
grant execute on function private.set_trust(jsonb), public.trust_set(jsonb) to anon, authenticated, service_role;
