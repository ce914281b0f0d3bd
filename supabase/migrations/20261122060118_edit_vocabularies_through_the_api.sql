-- The calls by which a vocabulary is edited: one edit, its preview, its undoing, and the coordination's word on what moderators propose.
create function private.edit_json(e app.thesaurus_edits, viewer uuid, held text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', e.id, 'n', e.n, 'action', e.action, 'concept', e.concept, 'state', e.state, 'reason', e.reason, 'note', e.note, 'released', e.released,
    'concepts', (select coalesce(jsonb_agg(a -> 'id'), '[]') from (select a from jsonb_array_elements(e.after) as a limit 50) as few),
    'touched', jsonb_array_length(e.after),
    'labels', coalesce((select c.labels from app.concepts as c where c.id = e.concept),
      (select a -> 'labels' from jsonb_array_elements(e.after) as a where e.concept is null or a ->> 'id' = e.concept limit 1), '{}'),
    'into', (select jsonb_build_object('id', c.id, 'labels', c.labels) from app.concepts as c
      where c.id = coalesce(e.args ->> 'into', e.args ->> 'replaced_by', e.args ->> 'broader') and jsonb_typeof(e.args -> 'into') is distinct from 'array'),
    'author', (select coalesce(who.display_name, '') from app.profiles as who where who.user_id = e.author),
    'mine', coalesce(e.author = viewer, false), 'at', private.instant(e.created_at),
    'may_undo', e.state = 'applied' and e.released is null and held = 'decide' or e.state = 'proposed' and coalesce(e.author = viewer, false),
    -- What waits for the coordination's word is told whole; a delivery by its numbers alone.
    'asked', case when e.state = 'proposed' then jsonb_build_object('points', e.remap_total, 'fields', e.args -> 'fields') end,
    'remap', case when e.remap_total > 0 and e.state <> 'proposed' then jsonb_build_object('total', e.remap_total, 'until', e.remap_until is not null, 'done', (
      select count(*) from app.remapped_points as r where r.edit = e.id and (r.back_at is null) = (e.state = 'applied'))) end);
$$;
comment on function private.edit_json(app.thesaurus_edits, uuid, text) is
  'An edit as the journal shows it: what, on which terms, by whom, what became of it, whether it can be undone, how far its points are.';

create function private.answer_to_edit(e app.thesaurus_edits, viewer uuid, held text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('edit', private.edit_json(e, viewer, held), 'points', e.remap_total,
    'before', (select coalesce(jsonb_agg(b - '{origin,picture}'::text[]), '[]') from jsonb_array_elements(e.before) as b),
    'after', (select coalesce(jsonb_agg(private.concept_json(c)), '[]')
      from app.concepts as c where c.id in (select a ->> 'id' from jsonb_array_elements(e.after) as a)));
$$;
comment on function private.answer_to_edit(app.thesaurus_edits, uuid, text) is 'What a call that edits is answered: the edit, the terms before, the terms as they are now.';

create function private.tried_edit(e app.thesaurus_edits)
returns app.thesaurus_edits
language plpgsql
set search_path = ''
as $$
begin
  begin
    e := private.apply_edit(e);
    raise exception using errcode = 'CR003', message = 'tried';
  exception when sqlstate 'CR003' then
    e.state := 'proposed';
    e.remap_until := null;
    return e;
  end;
end;
$$;
comment on function private.tried_edit(app.thesaurus_edits) is 'What an edit would do, all its rules applied and nothing written.';

create function private.preview_of_edit(e app.thesaurus_edits)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('edit', null, 'points', e.remap_total,
    'before', (select coalesce(jsonb_agg(b - '{origin,picture}'::text[]), '[]') from jsonb_array_elements(e.before) as b),
    'after', (select coalesce(jsonb_agg(a - '{origin,picture}'::text[]), '[]') from jsonb_array_elements(e.after) as a));
$$;
comment on function private.preview_of_edit(app.thesaurus_edits) is 'What an edit would do, as a call that edits tells it.';

create function private.edit_vocabulary(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  held text := private.require_vocabulary_role(me, scheme_id);
  edit_id uuid := private.arg_uuid(p, 'id');
  e app.thesaurus_edits;
begin
  -- One edit of a vocabulary at a time: two that would each be right may be wrong together.
  perform from app.concept_schemes as s where s.id = scheme_id for update;
  select * into e from app.thesaurus_edits as t where t.id = edit_id;
  if e.id is not null then
    if e.scheme <> scheme_id or e.author is distinct from me then
      perform private.fail(409, 'id_taken');
    end if;
    -- Sent twice, for its answer was lost: it is one edit.
    return private.answer_to_edit(e, me, held);
  elsif edit_id is null and p -> 'dry' is distinct from 'true' then
    perform private.invalid_argument('id : un identifiant UUID.');
  end if;
  e.id := edit_id;
  e.scheme := scheme_id;
  e.action := private.arg_choice(p, 'action', array['create', 'change', 'move', 'merge', 'split', 'deprecate', 'restore', 'import']);
  e.args := p - array['id', 'scheme', 'action', 'note', 'dry'];
  e.concept := case when e.action not in ('create', 'import') then private.arg_text(p, 'concept') end;
  e.note := nullif(btrim(private.arg_text(p, 'note')), '');
  e.author := me;
  if e.action is null then
    perform private.invalid_argument('action : create, change, move, merge, split, deprecate, restore ou import.');
  elsif char_length(e.note) > 2000 then
    perform private.invalid_argument('note : 2 000 caractères au plus.');
  end if;
  if held = 'decide' and p -> 'dry' is distinct from 'true' then
    e := private.apply_edit(e);
    e.decided_by := me;
    e.decided_at := now();
  else
    e := private.tried_edit(e);
    if p -> 'dry' = 'true' then
      return private.preview_of_edit(e);
    end if;
    -- Its term is not there yet: nothing may point to it.
    e.concept := case when e.action not in ('create', 'import') then e.concept end;
  end if;
  perform private.keep_edit(e);
  select * into e from app.thesaurus_edits as t where t.id = edit_id;
  return case when e.state = 'applied' then private.answer_to_edit(e, me, held)
    else private.preview_of_edit(e) || jsonb_build_object('edit', private.edit_json(e, me, held)) end;
end;
$$;
comment on function private.edit_vocabulary(jsonb) is
  'Edits a vocabulary, or keeps what a moderator proposes. Checks: signed in, coordinates the whole group of a theme that uses it, or moderates there.';

create function private.own_edit(p jsonb, me uuid)
returns app.thesaurus_edits
language plpgsql
set search_path = ''
as $$
declare
  e app.thesaurus_edits;
begin
  select * into e from app.thesaurus_edits as t where t.id = private.arg_uuid(p, 'edit');
  if e.id is null or private.vocabulary_role(me, e.scheme) is null then
    perform private.fail(404, 'unknown_edit');
  end if;
  perform from app.concept_schemes as s where s.id = e.scheme for update;
  -- It may have been decided on while we waited.
  select * into e from app.thesaurus_edits as t where t.id = e.id for update;
  return e;
end;
$$;
comment on function private.own_edit(jsonb, uuid) is 'The edit that a call names, locked, where the caller has a role on its vocabulary; PT404 unknown_edit.';

create function private.undo_vocabulary_edit(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  e app.thesaurus_edits := private.own_edit(p, me);
  held text := private.vocabulary_role(me, e.scheme);
begin
  if e.state = 'undone' then
    -- Pressed twice.
    return private.answer_to_edit(e, me, held);
  elsif e.state = 'proposed' and e.author = me then
    e.state := 'undone';
  else
    perform private.require_vocabulary_role(me, e.scheme, 'decide');
    e := private.undo_edit(e);
  end if;
  e.decided_by := me;
  e.decided_at := now();
  perform private.keep_edit(e);
  return private.answer_to_edit(e, me, held);
end;
$$;
comment on function private.undo_vocabulary_edit(jsonb) is
  'Takes an edit back. Checks: signed in; decides on the vocabulary, or proposed the edit that nobody has decided on.';

create function private.decide_on_edit(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  e app.thesaurus_edits := private.own_edit(p, me);
  held text := private.require_vocabulary_role(me, e.scheme, 'decide');
  told text := nullif(btrim(private.arg_text(p, 'reason')), '');
begin
  if e.state <> 'proposed' then
    perform private.fail(409, 'unknown_edit', e.state);
  elsif jsonb_typeof(p -> 'accept') is distinct from 'boolean' then
    perform private.invalid_argument('accept : vrai ou faux.');
  elsif p -> 'accept' = 'false' and told is null then
    perform private.fail(400, 'reason_required', 'Qui a proposé lira pourquoi.');
  elsif char_length(told) > 2000 then
    perform private.invalid_argument('reason : 2 000 caractères au plus.');
  end if;
  if p -> 'accept' = 'true' then
    e := private.apply_edit(e);
  else
    e.state := 'refused';
  end if;
  e.reason := told;
  e.decided_by := me;
  e.decided_at := now();
  perform private.keep_edit(e);
  return private.answer_to_edit(e, me, held);
end;
$$;
comment on function private.decide_on_edit(jsonb) is 'Accepts or refuses what a moderator proposed. Checks: signed in, decides on the vocabulary.';

create function public.thesaurus_edit(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.edit_vocabulary(p); $$;
comment on function public.thesaurus_edit(jsonb) is
  '{id, scheme, action, …, note?, dry?} → {edit, before, after, points}. Moderators propose, the coordination of the whole group decides. PT400 invalid_concept, PT409 concept_moved.';

create function public.thesaurus_undo(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.undo_vocabulary_edit(p); $$;
comment on function public.thesaurus_undo(jsonb) is '{edit} → as thesaurus_edit. PT404 unknown_edit, PT409 built_upon, released.';

create function public.thesaurus_decide(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.decide_on_edit(p); $$;
comment on function public.thesaurus_decide(jsonb) is '{edit, accept, reason?} → as thesaurus_edit. Coordination of the whole group. PT400 reason_required.';

revoke all on function private.edit_json(app.thesaurus_edits, uuid, text), private.answer_to_edit(app.thesaurus_edits, uuid, text),
  private.tried_edit(app.thesaurus_edits), private.preview_of_edit(app.thesaurus_edits), private.edit_vocabulary(jsonb),
  private.own_edit(jsonb, uuid), private.undo_vocabulary_edit(jsonb), private.decide_on_edit(jsonb),
  public.thesaurus_edit(jsonb), public.thesaurus_undo(jsonb), public.thesaurus_decide(jsonb) from public;
grant execute on function private.edit_vocabulary(jsonb), private.undo_vocabulary_edit(jsonb), private.decide_on_edit(jsonb),
  public.thesaurus_edit(jsonb), public.thesaurus_undo(jsonb), public.thesaurus_decide(jsonb) to anon, authenticated, service_role;
