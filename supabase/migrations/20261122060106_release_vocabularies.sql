-- A vocabulary is cited by its version: numbered, dated, kept as it was, with what had changed.
create table app.thesaurus_releases (
  scheme text not null references app.concept_schemes (id),
  number integer not null check (number > 0),
  released_at timestamptz not null default now(),
  released_by uuid references app.profiles on delete set null,
  notes text not null default '' check (char_length(notes) <= 2000),
  concepts jsonb not null check (jsonb_typeof(concepts) = 'array'),
  changes jsonb not null check (jsonb_typeof(changes) = 'array'),
  primary key (scheme, number)
);
create index thesaurus_releases_released_by_idx on app.thesaurus_releases (released_by);
alter table app.thesaurus_releases enable row level security;
comment on table app.thesaurus_releases is 'Versions of the vocabularies, whole and for ever as they were.';
comment on column app.thesaurus_releases.concepts is 'Accepted and deprecated concepts as `thesaurus` wrote them that day, but their addresses, which follow the instance.';
comment on column app.thesaurus_releases.changes is 'What changed since the version before (see private.vocabulary_changes).';

create function private.refuse_rewriting_releases()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- The one change allowed is the erasure of a person.
  if tg_op = 'UPDATE' and new.released_by is null and (to_jsonb(new) - 'released_by') = (to_jsonb(old) - 'released_by') then
    return new;
  end if;
  raise exception 'app.thesaurus_releases is append-only';
end;
$$;
comment on function private.refuse_rewriting_releases() is 'Trigger: a version is written once.';
create trigger refuse_rewriting_releases before update or delete on app.thesaurus_releases
for each row execute function private.refuse_rewriting_releases();

create function private.vocabulary_json(scheme_id text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(private.concept_json(c) - 'uri' order by c.position, c.id), '[]')
  from app.concepts as c where c.scheme = scheme_id and c.status <> 'proposed';
$$;
comment on function private.vocabulary_json(text) is 'The concepts of a scheme as they are now, as a version keeps them.';

create function private.vocabulary_changes(before jsonb, after jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'id', coalesce(a ->> 'id', b ->> 'id'),
    'kind', case
      when b is null then 'added'
      when a is null then 'removed'
      when a ->> 'status' = 'deprecated' and b ->> 'status' <> 'deprecated' then 'deprecated'
      when a ->> 'status' <> 'deprecated' and b ->> 'status' = 'deprecated' then 'restored'
      else 'changed' end,
    'labels', coalesce(a, b) -> 'labels',
    'was', case when a -> 'labels' <> b -> 'labels' then b -> 'labels' end,
    'replaced_by', a ->> 'replaced_by',
    'fields', case when a is not null and b is not null then (
      select jsonb_agg(f.key order by f.key) from jsonb_each(a) as f where f.value is distinct from b -> f.key) end))
    order by coalesce(a ->> 'id', b ->> 'id')), '[]')
  from jsonb_array_elements(after) as a full join jsonb_array_elements(before) as b on a ->> 'id' = b ->> 'id'
  where a is distinct from b;
$$;
comment on function private.vocabulary_changes(jsonb, jsonb) is
  'What differs between two states of a vocabulary, concept by concept: {id, kind: added|removed|deprecated|restored|changed, labels, was? (labels before), replaced_by?, fields?}.';

create function private.last_release(scheme_id text)
returns app.thesaurus_releases
language sql
stable
set search_path = ''
as $$ select r from app.thesaurus_releases as r where r.scheme = scheme_id order by r.number desc limit 1; $$;
comment on function private.last_release(text) is 'The latest version of a vocabulary; null before the first.';

create function private.read_releases(p jsonb)
returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  scheme_id text := private.arg_text(p, 'scheme');
  wanted integer := private.arg_number(p, 'number', 1, 1000000)::integer;
  found json;
begin
  if not exists (select from app.concept_schemes as s where s.id = scheme_id) then
    perform private.fail(404, 'unknown_scheme');
  end if;
  if wanted is null then
    return private.cacheable(json_build_object(
      'releases', (
        select coalesce(jsonb_agg(jsonb_build_object('number', r.number, 'released_at', r.released_at, 'notes', r.notes, 'changes', r.changes)
          order by r.number desc), '[]')
        from app.thesaurus_releases as r where r.scheme = scheme_id),
      'pending', private.vocabulary_changes(
        coalesce((private.last_release(scheme_id)).concepts, '[]'), private.vocabulary_json(scheme_id))), 60);
  end if;
  select json_build_object('number', r.number, 'released_at', r.released_at, 'notes', r.notes, 'changes', r.changes,
    'scheme', jsonb_build_object('id', s.id, 'labels', s.labels, 'licence', s.licence, 'source', s.source), 'concepts', r.concepts)
  into found
  from app.thesaurus_releases as r join app.concept_schemes as s on s.id = r.scheme
  where r.scheme = scheme_id and r.number = wanted;
  if found is null then
    perform private.fail(404, 'unknown_release');
  end if;
  return private.cacheable(found, 86400);
end;
$$;
comment on function private.read_releases(jsonb) is 'Versions of a vocabulary, and what has changed since the last. Public by nature: no check of the caller.';

create function private.release_vocabulary(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  seen integer := coalesce(private.arg_number(p, 'after', 0, 1000000), 0)::integer;
  told text := btrim(coalesce(private.arg_text(p, 'notes'), ''));
  t app.themes;
  last app.thesaurus_releases;
  concepts jsonb;
  changes jsonb;
begin
  select * into t from app.themes as one where one.scheme = scheme_id
  order by private.may_grant(me, one.group_id, '{*}') desc, private.is_coordinator_of(me, one.group_id) desc, one.id limit 1;
  perform private.require_whole_group(me, t, 'Seule la coordination du groupe publie une version de son vocabulaire.');
  if char_length(told) > 2000 then
    perform private.invalid_argument('notes : 2 000 caractères au plus.');
  end if;
  -- One at a time: two coordinators would publish the same number.
  perform from app.concept_schemes as s where s.id = scheme_id for update;
  last := private.last_release(scheme_id);
  if coalesce(last.number, 0) <> seen then
    perform private.fail(409, 'release_moved', format('La version %s est parue entre-temps.', last.number));
  end if;
  concepts := private.vocabulary_json(scheme_id);
  changes := private.vocabulary_changes(coalesce(last.concepts, '[]'), concepts);
  if changes = '[]' then
    perform private.fail(409, 'nothing_to_release', 'Rien n’a changé depuis la dernière version.');
  end if;
  insert into app.thesaurus_releases (scheme, number, released_by, notes, concepts, changes)
  values (scheme_id, seen + 1, me, told, concepts, changes);
  return jsonb_build_object('number', seen + 1);
end;
$$;
comment on function private.release_vocabulary(jsonb) is
  'Publishes a version of a vocabulary. Checks: signed in, coordinates the whole group of a theme that names its things by it, saw the last version.';

create function public.thesaurus_releases(p jsonb default '{}')
returns json
language sql
stable
set search_path = ''
as $$ select private.read_releases(p); $$;
comment on function public.thesaurus_releases(jsonb) is
  '{scheme} → {releases: [{number, released_at, notes, changes}…], pending: changes since}; {scheme, number} → that version with its concepts. PT404 unknown_scheme, unknown_release. Public, GET.';

create function public.thesaurus_release(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.release_vocabulary(p); $$;
comment on function public.thesaurus_release(jsonb) is
  '{scheme, after: number of the last version, notes?} → {number}. Coordinators of the whole group. PT403 not_allowed, beyond_scope; PT409 release_moved, nothing_to_release.';

revoke all on function private.refuse_rewriting_releases(), private.vocabulary_json(text), private.vocabulary_changes(jsonb, jsonb),
  private.last_release(text), private.read_releases(jsonb), private.release_vocabulary(jsonb), public.thesaurus_releases(jsonb),
  public.thesaurus_release(jsonb) from public;
grant execute on function private.read_releases(jsonb), public.thesaurus_releases(jsonb) to anon, authenticated, service_role;
grant execute on function private.release_vocabulary(jsonb), public.thesaurus_release(jsonb) to anon, authenticated, service_role;
