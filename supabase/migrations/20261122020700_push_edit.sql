create function private.close_conflicts(p app.points, who uuid, m jsonb)
returns int
language plpgsql
set search_path = ''
as $$
declare
  closed int;
begin
  if coalesce(jsonb_typeof(m -> 'resolves'), 'null') not in ('null', 'array') then
    perform private.reject('invalid_patch', 'resolves : une liste d’identifiants.');
  end if;
  update app.conflicts set resolved_by = (m ->> 'mutation_id')::uuid
  where point_id = p.id and resolved_by is null
    and mutation_id::text = any (coalesce(private.text_array(m -> 'resolves'), '{}'))
    and (user_id = who or private.is_moderator_of(who, p));
  get diagnostics closed = row_count;
  return closed;
end;
$$;
comment on function private.close_conflicts(app.points, uuid, jsonb) is
  'Closes the conflicts that an edit `resolves`: the person''s own, or any of the point for a moderator in scope.';

create function private.keep_conflict(p app.points, who uuid, m jsonb, field text, was jsonb, mine jsonb, theirs jsonb)
returns jsonb
language sql
set search_path = ''
as $$
  insert into app.conflicts (mutation_id, field, point_id, user_id, base, mine, theirs)
  values ((m ->> 'mutation_id')::uuid, field, p.id, who, was, mine, theirs)
  returning jsonb_build_object('mutation_id', mutation_id, 'field', field, 'base', base, 'mine', mine,
    'theirs', theirs, 'at', private.instant(at));
$$;
comment on function private.keep_conflict(app.points, uuid, jsonb, text, jsonb, jsonb, jsonb) is
  'Keeps a value that could not be merged beside the server''s, until somebody chooses.';

create function private.live_revision(p app.points, who uuid)
returns app.revisions
language sql
stable
set search_path = ''
as $$ select * from app.revisions where point_id = p.id and author = who and state = 'pending'; $$;
comment on function private.live_revision(app.points, uuid) is 'The revision by which the person proposes something beside this point, if any.';

create function private.is_edited_in_place(p app.points, who uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
declare
  moderates boolean := private.is_moderator_of(who, p);
begin
  if p.status = 'published' then
    return moderates;
  elsif p.author = who and p.status in ('draft', 'submitted', 'to_complete', 'rejected', 'withdrawn')
    or moderates and p.status = 'submitted' then
    return true;
  end if;
  perform private.reject('invalid_transition', 'Ce point ne se modifie pas dans son état actuel.');
end;
$$;
comment on function private.is_edited_in_place(app.points, uuid) is
  'Whether the person''s edit changes the point itself; false: it waits beside it. Refused where the table of contract §3 has no row.';

create function private.status_after_edit(p app.points, who uuid, is_submitted boolean)
returns text
language sql
immutable
set search_path = ''
as $$
  select case
    when p.author is distinct from who then p.status
    when p.status in ('rejected', 'withdrawn') then 'submitted'
    when p.status in ('draft', 'to_complete') and is_submitted then 'submitted'
    else p.status end;
$$;
comment on function private.status_after_edit(app.points, uuid, boolean) is
  'State after an edit in place: the author''s edit of a refused or withdrawn point is a resubmission.';

create function private.propose(p app.points, who uuid, m jsonb, taken jsonb)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  was app.revisions := private.live_revision(p, who);
  seen jsonb := private.seen_content(p, who);
  proposed jsonb := coalesce(was.patch, '{}') || taken;
  on_base jsonb := '{}';
  revision uuid;
  path text;
begin
  if taken = '{}' then
    return was.id;
  end if;
  for path in select jsonb_object_keys(proposed) loop
    if coalesce(seen -> path, 'null') = proposed -> path then
      proposed := proposed - path;
    else
      on_base := on_base || jsonb_build_object(path,
        coalesce(was.base -> path, private.base_value(path, m -> 'base')));
    end if;
  end loop;
  if was.id is not null then
    update app.revisions set state = case when proposed = '{}' then 'withdrawn' else 'superseded' end, decided_at = now()
    where id = was.id;
  end if;
  if proposed <> '{}' then
    insert into app.revisions (id, point_id, author, base_rev, base, patch, captured_at)
    values ((m ->> 'mutation_id')::uuid, p.id, who, coalesce(private.to_count(m -> 'base_rev', 2147483647), p.rev),
      on_base, proposed, private.moment_of(m))
    returning id into revision;
    update app.revisions set superseded_by = revision where id = was.id;
  end if;
  return revision;
end;
$$;
comment on function private.propose(app.points, uuid, jsonb, jsonb) is
  'Leaves an edit beside a published point: one live revision per author, the union of what they proposed; null when nothing is left to propose.';

create function private.apply_own_revision(p app.points, who uuid, m jsonb, base jsonb, taken jsonb)
returns void
language sql
set search_path = ''
as $$
  insert into app.revisions (id, point_id, author, base_rev, base, patch, state, captured_at, decided_at, decided_by, accepted_paths)
  select (m ->> 'mutation_id')::uuid, p.id, who, p.rev, base, taken, 'accepted', private.moment_of(m), now(), who,
    array(select jsonb_object_keys(taken))
  where taken <> '{}';
$$;
comment on function private.apply_own_revision(app.points, uuid, jsonb, jsonb, jsonb) is
  'Keeps what a moderator wrote over a point as their own accepted revision.';

create function private.push_edit(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  is_in_place boolean := private.is_edited_in_place(was, who);
  theme app.themes := private.active_theme(was.theme);
  patch jsonb := private.check_patch(theme, coalesce(m -> 'patch', '{}'));
  server jsonb := private.seen_content(was, who);
  live app.revisions := private.live_revision(was, who);
  mid uuid := (m ->> 'mutation_id')::uuid;
  p app.points := was;
  taken jsonb := '{}';
  conflicts jsonb := '[]';
  revision uuid;
  seen_diff jsonb;
  field record;
begin
  if coalesce(jsonb_typeof(m -> 'base'), 'null') not in ('object', 'null')
    or coalesce(jsonb_typeof(m -> 'base_rev'), 'null') not in ('number', 'null')
    or coalesce(jsonb_typeof(m -> 'submit'), 'null') not in ('boolean', 'null') then
    perform private.reject('invalid_patch', 'base_rev, base et submit : un nombre, un objet, un booléen.');
  end if;
  if live.id is not null then
    server := server || live.patch;
  end if;
  for field in select * from private.merge_fields(was.theme, server, coalesce(nullif(m -> 'base', 'null'), '{}'), patch) loop
    if field.outcome = 'take' then
      taken := taken || jsonb_build_object(field.path, field.value);
    elsif field.outcome = 'conflict' then
      conflicts := conflicts || private.keep_conflict(was, who, m, field.path, field.was, field.mine, field.theirs);
    end if;
  end loop;
  p := private.with_values(p, taken);
  p.status := private.status_after_edit(was, who, coalesce((m ->> 'submit')::boolean, false));
  if private.close_conflicts(was, who, m) = 0 and conflicts = '[]' and taken = '{}' and p.status = was.status then
    -- The server already says what the author wants to say.
    return jsonb_strip_nulls(jsonb_build_object('status', 'applied', 'rev', was.rev, 'revision_id', live.id));
  end if;

  if is_in_place then
    p.form_rev := coalesce(private.to_count(m -> 'form_rev', 1000000), p.form_rev);
    if was.author is distinct from who or was.status = 'published' then
      perform private.apply_own_revision(was, who, m, coalesce(nullif(m -> 'base', 'null'), '{}'), taken);
    end if;
    p := private.save_point(was, p);
    perform private.record_event(p, who, 'edit', was.status,
      diff => private.content_diff(private.content_of(was), private.content_of(p)), mutation_id => mid);
  else
    revision := private.propose(was, who, m, taken);
    p := private.save_point(was, was);
    select jsonb_object_agg(key, jsonb_build_array(server -> key, value)) into seen_diff from jsonb_each(taken);
    perform private.record_event(p, who, 'propose', diff => seen_diff, mutation_id => mid, revision_id => revision,
      as_kind => case when was.author = who then 'author' else 'contributor' end);
  end if;

  return jsonb_strip_nulls(jsonb_build_object(
    'status', case
      when conflicts <> '[]' then 'conflict'
      when revision is not null then 'pending'
      when taken <> '{}' and (m ->> 'base_rev')::numeric <> was.rev then 'merged'
      else 'applied' end,
    'rev', p.rev, 'revision_id', revision))
    || case when conflicts <> '[]' then jsonb_build_object('conflicts', conflicts) else '{}' end;
end;
$$;
comment on function private.push_edit(uuid, jsonb) is
  'Mutation `edit`: merged by path into an unpublished point (or a published one, by a moderator), or left as a revision beside a published one.';

revoke all on function private.close_conflicts(app.points, uuid, jsonb),
  private.keep_conflict(app.points, uuid, jsonb, text, jsonb, jsonb, jsonb), private.live_revision(app.points, uuid),
  private.is_edited_in_place(app.points, uuid), private.status_after_edit(app.points, uuid, boolean),
  private.propose(app.points, uuid, jsonb, jsonb), private.apply_own_revision(app.points, uuid, jsonb, jsonb, jsonb),
  private.push_edit(uuid, jsonb) from public;
