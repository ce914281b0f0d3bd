-- In what state a thing was seen again was kept and told to nobody: not to the moderators, not to its author, not to
-- who reads the sheet.

alter table app.points add column observed_condition text, add column observed_condition_on date;
comment on column app.points.observed_condition is
  'Last state in which somebody saw it again: a code of the answer that the theme names in `observed_field`. The answer of the sheet itself is its own.';
comment on column app.points.observed_condition_on is 'Day of that.';

create function private.observed_field(theme_id text)
returns text
language sql
stable
set search_path = ''
as $$ select t.settings ->> 'observed_field' from app.themes as t where t.id = theme_id; $$;
comment on function private.observed_field(text) is 'Key of the answer asked of a thing seen again (setting observed_field); null when a theme asks for none.';

create function private.told_condition(theme_id text, said text)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select said
    where said <> 'unknown' and exists (
      select from jsonb_array_elements(coalesce(nullif(
        private.form_field(theme_id, private.observed_field(theme_id)) -> 'options', 'null'), '[]')) as option
      where option ->> 'code' = said));
end;
$$;
comment on function private.told_condition(text, text) is
  'The state that somebody saw, when it is one of the answers that the theme offers; else null (who cannot tell has seen none). It is read by everybody without a moderator: no text of anybody passes.';

drop function private.confirmations_of(uuid);
create function private.confirmations_of(point uuid)
returns table (count integer, last_on date, condition text, condition_on date)
language sql
stable
set search_path = ''
as $$
  with recursive family as (
    select p.id, p.theme from app.points as p where p.id = point
    union
    select p.id, p.theme from family join app.points as p on p.duplicate_of = family.id),
  seen as (
    select c.observed_on, c.created_at, private.told_condition(family.theme, c.condition) as condition
    from family join app.confirmations as c on c.point_id = family.id
    where c.found),
  latest as (
    select s.condition, s.observed_on from seen as s where s.condition is not null order by s.observed_on desc, s.created_at desc limit 1)
  select count(*)::int, max(seen.observed_on), (select l.condition from latest as l), (select l.observed_on from latest as l) from seen;
$$;
comment on function private.confirmations_of(uuid) is
  'Confirmations of a point and of its duplicates: how many, the last day, the last state that was seen and when.';

create or replace function private.push_confirm(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  p app.points := was;
  mid uuid := (m ->> 'mutation_id')::uuid;
  observed timestamptz := private.moment_of(m, 'observed_at');
  is_found boolean;
  seen_on date := (observed at time zone 'UTC')::date;
  state text := private.told_condition(was.theme, m ->> 'condition');
begin
  if was.status <> 'published' then
    perform private.reject('invalid_transition', 'Seul un point publié se confirme.');
  end if;
  if jsonb_typeof(m -> 'found') is distinct from 'boolean'
    or coalesce(jsonb_typeof(m -> 'condition'), 'null') not in ('null', 'string') or char_length(m ->> 'condition') > 200 then
    perform private.reject('invalid_patch', 'found : oui ou non ; condition : un texte court.');
  end if;
  is_found := (m ->> 'found')::boolean;
  insert into app.confirmations (mutation_id, point_id, user_id, found, observed_on, condition)
  values (mid, p.id, who, is_found, seen_on, nullif(m ->> 'condition', ''));
  p.expected_photos := least(50, p.expected_photos + private.photos_expected(m));
  if is_found then
    p.confirmation_count := p.confirmation_count + 1;
    p.last_confirmed_on := greatest(p.last_confirmed_on, seen_on);
    -- What was seen earlier and arrives later is not the last that was seen.
    if state is not null and seen_on >= coalesce(p.observed_condition_on, seen_on) then
      p.observed_condition := state;
      p.observed_condition_on := seen_on;
    end if;
  else
    insert into app.reports (id, point_id, kind, user_id) values (mid, p.id, 'gone', who);
  end if;
  p := private.save_point(was, p);
  perform private.record_event(p, who, case when is_found then 'confirm' else 'gone' end,
    diff => case when is_found and state is not null then jsonb_build_object('observed', jsonb_build_array(was.observed_condition, state)) end,
    mutation_id => mid);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;

create or replace function private.save_point(was app.points, p app.points, has_new_photo_set boolean default false)
returns app.points
language plpgsql
set search_path = pg_catalog, extensions
as $$
declare
  is_moved boolean := not was.geom = p.geom or was.sensitivity <> p.sensitivity;
  saved app.points;
begin
  if has_new_photo_set or was.status <> p.status or private.content_of(was) <> private.content_of(p) then
    p.rev := was.rev + 1;
    p.updated_at := now();
  end if;
  p.v := was.v + 1;
  -- A point moves while the public does not see it, when it can: else one that is hidden by the same decision would
  -- be announced where it goes, and one that is published by it where it was.
  if is_moved and not private.is_public(was) then
    perform private.move_point(p);
  end if;
  update app.points set
    author = p.author, status = p.status, status_before = p.status_before, rev = p.rev, v = p.v, concept = p.concept,
    accuracy_m = p.accuracy_m, position_source = p.position_source, heading_deg = p.heading_deg, moved_m = p.moved_m,
    attributes = p.attributes, form_rev = p.form_rev, updated_at = p.updated_at,
    expected_photos = p.expected_photos, confirmation_count = p.confirmation_count, last_confirmed_on = p.last_confirmed_on,
    observed_condition = p.observed_condition, observed_condition_on = p.observed_condition_on,
    decision = p.decision, duplicate_of = p.duplicate_of, source_id = p.source_id, source_ref = p.source_ref
  where id = p.id
  returning * into saved;
  if is_moved and private.is_public(was) then
    saved := private.move_point(p);
  end if;
  perform private.enqueue_photo_jobs(saved);
  perform private.touch_point(saved.id, was.public_cell);
  return saved;
end;
$$;

create or replace function private.merge_into_survivor(p app.points, was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points := private.lock_survivor(p, who, m);
  merged app.points := private.with_values(survivor, private.kept_values(p, m));
  accepted text[];
  moved int;
begin
  if was.status = 'published' and survivor.status <> 'published' then
    perform private.reject('invalid_transition', 'Un point publié ne peut pas être le doublon d’un point qui ne l’est pas.');
  end if;
  accepted := private.accepted_ids(m, 'photos',
    array(select id::text from app.photos where point_id = p.id and state in ('pending', 'published')));
  insert into app.merged_photos (point_id, photo_id, state)
  select p.id, f.id, f.state from app.photos as f where f.point_id = p.id and f.state in ('pending', 'published');
  update app.photos set
    state = case when id::text <> all (accepted) then 'refused' when survivor.status = 'published' then 'published' else state end
  where point_id = p.id and state in ('pending', 'published');
  update app.photos set point_id = survivor.id, came_from = coalesce(came_from, p.id)
  where point_id = p.id and id::text = any (accepted);
  get diagnostics moved = row_count;

  p.status_before := was.status;
  p.duplicate_of := survivor.id;
  update app.points set duplicate_of = survivor.id, status_before = was.status where id = p.id;
  select c.count, c.last_on, c.condition, c.condition_on
  into merged.confirmation_count, merged.last_confirmed_on, merged.observed_condition, merged.observed_condition_on
  from private.confirmations_of(survivor.id) as c;
  merged := private.save_point(survivor, merged, moved > 0 and survivor.status = 'published');
  perform private.record_event(merged, who, 'merge', survivor.status, m ->> 'reason',
    diff => private.content_diff(private.content_of(survivor), private.content_of(merged))
      || jsonb_build_object('duplicate', jsonb_build_array(null, p.id)),
    mutation_id => (m ->> 'mutation_id')::uuid, as_kind => 'moderator');
  return p;
end;
$$;

create or replace function private.leave_survivor(p app.points, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points;
  merged app.points;
  moved int;
  left_behind uuid[] := array(
    select f.id from app.photos as f join app.merged_photos as k on k.photo_id = f.id where k.point_id = p.id and f.point_id = p.id);
begin
  select * into survivor from app.points where id = p.duplicate_of for update;
  p.duplicate_of := null;
  p.status_before := null;
  update app.points set duplicate_of = null, status_before = null where id = p.id;
  -- With the photos that came to it from duplicates of its own.
  with recursive family as (
    select p.id as id
    union
    select d.id from family join app.points as d on d.duplicate_of = family.id)
  update app.photos as f set point_id = p.id, came_from = nullif(f.came_from, p.id),
    state = case
      -- Refused by whoever looked after the survivor: that stays.
      when f.state = 'refused' then 'refused'
      else coalesce((select k.state from app.merged_photos as k where k.point_id = p.id and k.photo_id = f.id),
        -- It arrived since.
        case when p.status = 'published' then f.state else 'pending' end) end
  where f.came_from in (select id from family) and f.point_id <> p.id;
  get diagnostics moved = row_count;
  -- Those that the merge left behind.
  update app.photos as f set state = k.state
  from app.merged_photos as k
  where k.point_id = p.id and k.photo_id = f.id and f.point_id = p.id and k.photo_id = any (left_behind);
  delete from app.merged_photos where point_id = p.id;
  if survivor.id is not null then
    merged := private.with_values(survivor, private.values_to_give_back(survivor, p.id));
    select c.count, c.last_on, c.condition, c.condition_on
    into merged.confirmation_count, merged.last_confirmed_on, merged.observed_condition, merged.observed_condition_on
    from private.confirmations_of(survivor.id) as c;
    merged := private.save_point(survivor, merged, moved > 0 and survivor.status = 'published');
    perform private.record_event(merged, who, 'unmerge', survivor.status,
      diff => private.content_diff(private.content_of(survivor), private.content_of(merged))
        || jsonb_build_object('duplicate', jsonb_build_array(p.id, null)),
      mutation_id => (m ->> 'mutation_id')::uuid, as_kind => 'moderator');
  end if;
  return p;
end;
$$;

create or replace function private.point_row(p app.points, viewer uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  is_author boolean := viewer is not null and coalesce(p.author = viewer, false);
  is_moderator boolean := viewer is not null and p.status not in ('draft', 'withdrawn')
    and private.moderates(viewer, p.theme, p.commune);
  is_insider boolean := is_author or is_moderator;
  is_public boolean := private.is_public(p);
  is_blurred boolean := p.sensitivity = 'blurred' and not is_insider;
  has_photos boolean;
  has_revisions boolean;
  has_conflicts boolean;
  photos jsonb := '[]';
  author_name text;
  is_named boolean;
  survivor app.points;
  origin jsonb;
  shown jsonb;
begin
  if not (is_insider or is_public) then
    return null;
  end if;
  -- Called once per row of a sync: what a point does not have is not asked for again.
  select exists (select from app.photos where point_id = p.id),
    exists (select from app.revisions where point_id = p.id),
    exists (select from app.conflicts where point_id = p.id)
  into has_photos, has_revisions, has_conflicts;
  if has_photos then
    photos := private.point_photos_json(p, viewer, is_moderator);
  end if;
  if p.author is not null then
    select display_name, named into author_name, is_named from app.profiles where user_id = p.author;
  end if;
  if p.duplicate_of is not null and is_insider then
    select * into survivor from app.points where id = p.duplicate_of;
  end if;
  if p.source_id is not null then
    -- The producer's own id leads to the producer's own coordinates: left out where the position is.
    select jsonb_build_object('producer', producer, 'source_id', case when not is_blurred then p.source_ref end,
      'licence', licence, 'delivered_on', delivered_on)
    into origin from app.sources where id = p.source_id;
  end if;
  shown := jsonb_build_object(
    'id', p.id,
    'rev', p.rev,
    'v', p.v,
    'theme', p.theme,
    'status', p.status,
    'concept', p.concept,
    'geom', case when is_blurred
      then private.geom_json(p.public_geom, 707, 'blurred')
      when is_insider then private.geom_json(p.geom, p.accuracy_m, p.position_source, p.heading_deg, p.moved_m)
      else private.geom_json(p.geom, p.accuracy_m, p.position_source) end,
    'attributes', case when is_blurred then p.attributes - private.locating_keys(p.theme) else p.attributes end,
    'commune', case when is_blurred then p.public_commune else p.commune end,
    'cell', case when is_public then p.public_cell end,
    'sensitivity', p.sensitivity,
    'mine', is_author,
    'involved', is_author or ((has_photos or has_revisions or has_conflicts) and private.is_involved(p.id, viewer)),
    'author', case when is_named or is_moderator then author_name end,
    'form_rev', p.form_rev,
    'captured_at', private.instant_for(p.captured_at, is_insider),
    'received_at', private.instant_for(p.received_at, is_insider),
    'updated_at', private.instant_for(p.updated_at, is_insider),
    -- To a stranger the photos that are expected are the ones that are there: what waits is nobody's business.
    'expected_photos', case when is_insider then p.expected_photos else jsonb_array_length(photos) end,
    'photos', photos,
    'confirmations', jsonb_build_object('count', p.confirmation_count, 'last_at', p.last_confirmed_on)
      || case when p.observed_condition is null or is_blurred and private.observed_field(p.theme) = any (private.locating_keys(p.theme)) then '{}'
        else jsonb_build_object('condition', p.observed_condition, 'condition_at', p.observed_condition_on) end,
    'pending', case when has_revisions then private.point_pending_json(p.id, viewer, is_moderator) else '[]' end,
    'proposals', case when has_revisions then private.point_proposals_json(p.id, viewer) else '[]' end,
    'conflicts', case when has_conflicts then private.point_conflicts_json(p.id, viewer, is_moderator) else '[]' end,
    'decision', case when is_insider then p.decision - 'by' end,
    'duplicate_of', case when survivor.id is not null and private.can_see(survivor, viewer) then survivor.id end,
    'source', origin);
  if is_moderator then
    return shown || jsonb_build_object('waiting', to_jsonb(private.waiting_kinds(p)));
  end if;
  return shown;
end;
$$;

create or replace function private.public_diff(p app.points, diff jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_object_agg(path, case when path = 'geom'
    then jsonb_build_array(private.plain_place(change -> 0), private.plain_place(change -> 1)) else change end)
  from jsonb_each(diff) as d (path, change)
  where p.sensitivity = 'open' or not (
    path = 'geom'
    or path = 'observed' and private.observed_field(p.theme) = any (private.locating_keys(p.theme))
    or path = any (select 'attributes.' || key from unnest(private.locating_keys(p.theme)) as key));
$$;

create or replace function private.public_history_json(p app.points)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'at', private.day(e.at),
    'actor', case
      when e.actor_kind = 'moderator' then 'modération'
      when who.named then who.display_name end,
    'actor_kind', e.actor_kind,
    'action', e.action,
    'from', case when e.from_status in ('published', 'archived', 'destroyed') then e.from_status end,
    'to', e.to_status,
    'reason', e.reason,
    'comment', null,
    'rev', e.rev,
    'diff', case when e.from_status in ('published', 'archived', 'destroyed') or e.action = 'confirm' then private.public_diff(p, e.diff) end
  ) order by e.id), '[]')
  from app.events as e
  left join app.profiles as who on who.user_id = e.actor
  where e.point_id = p.id
    and e.at >= p.first_published_at
    and e.to_status in ('published', 'archived', 'destroyed')
    -- What was proposed, commented or refused never became public: neither does its trace.
    and e.action in ('create', 'publish', 'edit', 'archive', 'destroy', 'restore', 'confirm', 'load', 'merge', 'unmerge');
$$;

create function private.fill_observed_conditions()
returns int
language plpgsql
set search_path = ''
as $$
declare
  filled uuid[];
begin
  with fill as (
    update app.points as p set observed_condition = c.condition, observed_condition_on = c.condition_on, v = p.v + 1
    from (select distinct private.survivor_of(k.point_id) as id from app.confirmations as k where k.condition is not null) as told,
      lateral private.confirmations_of(told.id) as c
    where p.id = told.id and c.condition is not null and p.observed_condition is null
    returning p.id
  )
  select coalesce(array_agg(id), '{}') into filled from fill;
  perform private.touch_point(id) from unnest(filled) as id;
  return cardinality(filled);
end;
$$;
comment on function private.fill_observed_conditions() is
  'Tells the states that were seen before they were told. Returns of how many points. Again, it changes nothing.';

select private.fill_observed_conditions();

revoke all on function private.observed_field(text), private.told_condition(text, text), private.confirmations_of(uuid),
  private.fill_observed_conditions() from public;
