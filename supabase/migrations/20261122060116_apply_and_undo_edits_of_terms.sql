-- Coordinators decide, moderators propose. One edit of a vocabulary at a time; each can be undone until a version carries it, unless
-- somebody went on from it.
create function private.vocabulary_role(who uuid, scheme_id text)
returns text
language sql
stable
set search_path = ''
as $$
  select case when bool_or(m.role = 'coordinator' and private.may_grant(who, t.group_id, '{*}')) then 'decide' when count(*) > 0 then 'propose' end
  from app.themes as t join app.memberships as m on m.group_id = t.group_id and m.user_id = who and m.role in ('moderator', 'coordinator')
  where t.scheme = scheme_id;
$$;
comment on function private.vocabulary_role(uuid, text) is
  'What somebody may do with a vocabulary: `decide` (coordinates the whole group of a theme that names its things by it), `propose` (moderates there), null.';

create function private.require_vocabulary_role(who uuid, scheme_id text, needed text default 'propose')
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  held text := private.vocabulary_role(who, scheme_id);
begin
  if not exists (select from app.concept_schemes as s where s.id = scheme_id) then
    perform private.fail(404, 'unknown_scheme');
  elsif held is null or needed = 'decide' and held <> 'decide' then
    perform private.fail(403, 'not_allowed', 'La coordination du groupe décide de son vocabulaire ; ses modérateurs proposent.');
  end if;
  return held;
end;
$$;
comment on function private.require_vocabulary_role(uuid, text, text) is 'The role of somebody on a vocabulary; PT404 unknown_scheme, PT403 not_allowed without the one needed.';

create function private.edited_terms(e app.thesaurus_edits)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select case e.action
    when 'create' then jsonb_build_array(private.new_term(e.scheme, e.args -> 'concept', '{}'))
    when 'change' then private.changed_term(e.scheme, e.args)
    when 'move' then private.moved_term(e.scheme, e.args)
    when 'merge' then private.merged_terms(e.scheme, e.args)
    when 'split' then private.split_term(e.scheme, e.args)
    when 'deprecate' then private.deprecated_term(e.scheme, e.args)
    when 'restore' then private.restored_term(e.scheme, e.args)
    when 'import' then private.imported_terms(e.scheme, e.args) end;
$$;
comment on function private.edited_terms(app.thesaurus_edits) is 'What an edit would make of the terms, as they are now.';

create function private.concept_rows(ids text[])
returns jsonb
language sql
stable
set search_path = ''
as $$ select coalesce(jsonb_agg(private.concept_row(c) order by c.id), '[]') from app.concepts as c where c.id = any (ids); $$;
comment on function private.concept_rows(text[]) is 'Those of these concepts that there are, as the journal keeps them.';

create function private.write_checked(edited jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  detail text;
begin
  perform private.write_concepts(edited);
exception when foreign_key_violation or data_exception then
  get stacked diagnostics detail = pg_exception_detail;
  perform private.fail(400, 'invalid_concept', coalesce(nullif(detail, ''), 'un terme inconnu est nommé'));
end;
$$;
comment on function private.write_checked(jsonb) is 'Writes concepts; one that names a term that is not there is PT400 invalid_concept.';

create function private.apply_edit(e app.thesaurus_edits)
returns app.thesaurus_edits
language plpgsql
set search_path = ''
as $$
declare
  rows jsonb := private.edited_terms(e);
begin
  e.before := private.concept_rows(array(select r ->> 'id' from jsonb_array_elements(rows) as r));
  perform private.write_checked(rows);
  e.after := private.concept_rows(array(select r ->> 'id' from jsonb_array_elements(rows) as r));
  e.state := 'applied';
  e.concept := coalesce(e.concept, case when jsonb_array_length(e.after) = 1 then e.after #>> '{0,id}' end);
  select coalesce(jsonb_object_agg(a ->> 'id', a ->> 'replaced_by'), '{}') into e.moves
  from jsonb_array_elements(e.after) as a left join jsonb_array_elements(e.before) as b on b ->> 'id' = a ->> 'id'
  where a ->> 'replaced_by' is not null and b ->> 'replaced_by' is distinct from a ->> 'replaced_by';
  select count(*)::int into e.remap_total from app.points as p where p.concept in (select jsonb_object_keys(e.moves));
  -- A phone may be writing with the former term at this very moment: the last look comes after it.
  e.remap_until := case when e.moves <> '{}' then now() + interval '1 minute' end;
  return e;
end;
$$;
comment on function private.apply_edit(app.thesaurus_edits) is
  'Writes an edit of a vocabulary, and notes what it changed and which points it moves. The row itself is the caller''s to keep.';

create function private.undo_rows(e app.thesaurus_edits)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  rows jsonb[] := '{}';
  built_upon text[];
  was jsonb;
  became jsonb;
  current jsonb;
  field text;
begin
  -- A delivery has thousands of terms: what others say of them is looked up once.
  select array_agg(distinct named) into built_upon
  from app.concepts as c, lateral unnest(c.related || array[c.broader, c.replaced_by]) as named
  where named is not null and not exists (select from jsonb_array_elements(e.after) as a where a ->> 'id' = c.id);
  for became, was, current in
    select a, b, private.concept_row(c)
    from jsonb_array_elements(e.after) with ordinality as t (a, n)
    left join jsonb_array_elements(e.before) as b on b ->> 'id' = a ->> 'id'
    join app.concepts as c on c.id = a ->> 'id'
    order by n
  loop
    if was is null then
      -- It was made: phones may have it, so it stays known, and is used no more.
      if current <> became
        or exists (select from app.points as p where p.concept = became ->> 'id'
          and not exists (select from app.remapped_points as r where r.edit = e.id and r.point_id = p.id))
        or became ->> 'id' = any (built_upon) then
        perform private.fail(409, 'built_upon', became ->> 'id');
      end if;
      current := current || '{"status": "deprecated"}';
    else
      for field in select key from jsonb_each(became) where value is distinct from was -> key loop
        if current -> field is distinct from became -> field then
          perform private.fail(409, 'built_upon', (became ->> 'id') || ' : ' || field);
        end if;
        current := current || jsonb_build_object(field, was -> field);
      end loop;
    end if;
    rows := rows || current;
  end loop;
  return to_jsonb(rows);
end;
$$;
comment on function private.undo_rows(app.thesaurus_edits) is
  'The terms as they were before an edit, with what was said of their other fields since; PT409 built_upon where somebody went on from what it said.';

create function private.undo_edit(e app.thesaurus_edits)
returns app.thesaurus_edits
language plpgsql
set search_path = ''
as $$
declare
  rows jsonb;
begin
  if e.state <> 'applied' then
    perform private.fail(409, 'unknown_edit', e.state);
  elsif e.released is not null then
    perform private.fail(409, 'released', e.released::text);
  elsif exists (select from jsonb_each_text(e.moves) as m join app.concepts as c on c.id = m.value where c.status <> 'accepted') then
    perform private.fail(409, 'built_upon', (select string_agg(value, ', ') from jsonb_each_text(e.moves)));
  end if;
  rows := private.undo_rows(e);
  perform private.write_checked(rows);
  update app.term_proposals as w set state = 'proposed', concept = null, decided_at = null, decided_by = null, reason = null
  where w.id = any (e.proposals)
    -- Proposed again by the same source meanwhile: one of them waits.
    and not exists (select from app.term_proposals as o where o.state = 'proposed' and o.id <> w.id and o.scheme = w.scheme and o.origin = w.origin
      and private.fold(o.text) = private.fold(w.text));
  e.state := 'undone';
  select count(*)::int into e.remap_total from app.remapped_points as r where r.edit = e.id and r.back_at is null;
  e.remap_until := case when e.remap_total > 0 then now() end;
  return e;
end;
$$;
comment on function private.undo_edit(app.thesaurus_edits) is 'Takes an edit back: the terms at once, its points in the background, the words it answered wait again.';

create function private.keep_edit(e app.thesaurus_edits)
returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into app.thesaurus_edits as known
    (id, scheme, action, concept, args, note, author, state, reason, decided_by, decided_at, before, after, moves, remap_total, remap_until, proposals)
  values (e.id, e.scheme, e.action, e.concept, e.args, e.note, e.author, e.state, e.reason, e.decided_by, e.decided_at, e.before, e.after,
    e.moves, coalesce(e.remap_total, 0), e.remap_until, coalesce(e.proposals, '{}'))
  on conflict (id) do update set state = excluded.state, reason = excluded.reason, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
    concept = excluded.concept, before = excluded.before, after = excluded.after, moves = excluded.moves,
    remap_total = excluded.remap_total, remap_until = excluded.remap_until, proposals = excluded.proposals;
  if e.remap_until is not null then
    perform private.enqueue_job('remap', jsonb_build_object('edit', e.id), 'remap:' || e.id);
  end if;
end;
$$;
comment on function private.keep_edit(app.thesaurus_edits) is 'Writes the row of an edit, and has its points moved.';

revoke all on function private.vocabulary_role(uuid, text), private.require_vocabulary_role(uuid, text, text), private.edited_terms(app.thesaurus_edits),
  private.concept_rows(text[]), private.write_checked(jsonb), private.apply_edit(app.thesaurus_edits), private.undo_rows(app.thesaurus_edits),
  private.undo_edit(app.thesaurus_edits), private.keep_edit(app.thesaurus_edits) from public;
