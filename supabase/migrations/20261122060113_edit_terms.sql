-- What each action makes of the terms: from rows as they are to rows as they are to be. Nothing is written here.
create function private.term(scheme_id text, concept_id text, must_be_used boolean default true)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  c app.concepts;
begin
  select * into c from app.concepts as t where t.id = concept_id and t.scheme = scheme_id and t.status <> 'proposed';
  if not found then
    perform private.fail(404, 'unknown_concept', coalesce(concept_id, ''));
  elsif must_be_used and c.status <> 'accepted' then
    perform private.fail(409, 'concept_moved', jsonb_build_object('concept', c.id, 'field', 'status', 'now', c.status)::text);
  end if;
  return private.concept_row(c);
end;
$$;
comment on function private.term(text, text, boolean) is
  'A term of a vocabulary as the journal keeps it; PT404 unknown_concept, PT409 concept_moved where it is no longer used and must be.';

create function private.free_concept_id(wanted text, taken text[])
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  stem text := coalesce(nullif(trim(both '-' from left(replace(private.fold(wanted), ' ', '-'), 60)), ''), 'terme');
  found text := stem;
begin
  for n in 2..1000 loop
    exit when found <> all (taken) and not exists (select from app.concepts as c where c.id = found);
    found := stem || '-' || n;
  end loop;
  return found;
end;
$$;
comment on function private.free_concept_id(text, text[]) is 'An id made from a label, which no term of any vocabulary has.';

create function private.new_term(scheme_id text, given jsonb, taken text[])
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  content jsonb := private.concept_content(given);
  new_id text := given ->> 'id';
  c app.concepts;
begin
  if not content ? 'labels' or content -> 'labels' = '{}' then
    perform private.invalid_argument('labels : un terme a un nom dans une langue au moins.');
  elsif new_id is not null and (new_id !~ '^[a-z0-9][a-z0-9-]{0,80}$' or exists (select from app.concepts as known where known.id = new_id)) then
    perform private.invalid_argument('id : déjà pris, ou autre chose que des lettres, des chiffres et des tirets.');
  elsif content ? 'broader' and not content ->> 'broader' = any (taken) then
    perform private.term(scheme_id, content ->> 'broader');
  end if;
  new_id := coalesce(new_id, private.free_concept_id(coalesce(content #>> '{labels,fr}', (select value #>> '{}' from jsonb_each(content -> 'labels') limit 1)), taken));
  c := jsonb_populate_record(null::app.concepts, '{"alt": {}, "hidden": {}, "definition": {}, "scope_note": {}, "example": {}, "change_note": {},
    "related": [], "matches": {}, "unverified": []}'::jsonb || content
    || jsonb_build_object('id', new_id, 'scheme', scheme_id, 'status', 'accepted', 'position', coalesce((content ->> 'position')::int,
      (select coalesce(max(s.position), 0) + 1 from app.concepts as s where s.scheme = scheme_id))));
  return private.concept_row(c);
end;
$$;
comment on function private.new_term(text, jsonb, text[]) is
  'A term to be made from what somebody gives: {id?, labels, …}; last among all where it says no position. `taken`: ids made in the same edit.';

create function private.merged_list(now jsonb, was jsonb, became jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(v order by n), '[]') from (
    select distinct on (v) v, n from (
      select v, n from jsonb_array_elements(coalesce(now, '[]')) with ordinality as t (v, n)
      where not (coalesce(was, '[]') @> jsonb_build_array(v) and not coalesce(became, '[]') @> jsonb_build_array(v))
      union all
      select v, n + 1000 from jsonb_array_elements(coalesce(became, '[]')) with ordinality as t (v, n)
      where not coalesce(was, '[]') @> jsonb_build_array(v)) as both_sides
    order by v, n) as kept;
$$;
comment on function private.merged_list(jsonb, jsonb, jsonb) is
  'A list as it is now, with what one person added to what they saw, without what they took from it: two who write at once lose nothing.';

create function private.with_field(c jsonb, path text, seen jsonb, wanted jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
declare
  parts text[] := string_to_array(path, '.');
  is_list boolean := parts[1] in ('alt', 'hidden', 'change_note', 'related', 'unverified', 'matches');
  has_key boolean := parts[1] in ('labels', 'definition', 'scope_note', 'example', 'alt', 'hidden', 'change_note', 'matches');
  now jsonb := nullif(case when has_key then c #> parts else c -> path end, 'null');
  value jsonb := nullif(wanted, 'null');
begin
  if not (has_key or parts[1] in ('related', 'unverified', 'notation', 'position', 'picture'))
    or cardinality(parts) <> (case when has_key then 2 else 1 end)
    or has_key and parts[1] <> 'matches' and parts[2] not in ('fr', 'oc', 'ca', 'en') then
    perform private.invalid_argument(format('%s : ce champ n’existe pas, ou ne se change pas ainsi.', path));
  elsif is_list then
    if coalesce(jsonb_typeof(seen), 'null') not in ('null', 'array') or coalesce(jsonb_typeof(value), 'null') not in ('null', 'array') then
      perform private.invalid_argument(format('%s : deux listes, from et to.', path));
    end if;
    value := private.merged_list(now, nullif(seen, 'null'), value);
    value := case when value <> '[]' or not has_key then value end;
  elsif value is not distinct from now then
    return c;
  elsif now is distinct from nullif(seen, 'null') then
    perform private.fail(409, 'concept_moved', jsonb_build_object('concept', c ->> 'id', 'field', path, 'now', now)::text);
  end if;
  return case
    when has_key and value is null then c #- parts
    when has_key then c || jsonb_build_object(parts[1], (c -> parts[1]) || jsonb_build_object(parts[2], value))
    else c || jsonb_build_object(path, value) end;
end;
$$;
comment on function private.with_field(jsonb, text, jsonb, jsonb) is
  'A term with one field changed from what somebody saw to what they want: lists merge, a text that another has changed since is PT409 concept_moved {concept, field, now}.';

create function private.changed_term(scheme_id text, args jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  c jsonb := private.term(scheme_id, args ->> 'concept', false);
  field record;
begin
  if jsonb_typeof(args -> 'fields') is distinct from 'object' or args -> 'fields' = '{}' then
    perform private.invalid_argument('fields : ce qui change, {"labels.fr": {from, to}}.');
  end if;
  for field in select key, value from jsonb_each(args -> 'fields') order by key loop
    if jsonb_typeof(field.value) <> 'object' or not field.value ?& array['from', 'to'] then
      perform private.invalid_argument(format('%s : {from, to}, ce qui était vu et ce qui est voulu.', field.key));
    end if;
    c := private.with_field(c, field.key, field.value -> 'from', field.value -> 'to');
  end loop;
  perform private.concept_content(c);
  return jsonb_build_array(c);
end;
$$;
comment on function private.changed_term(text, jsonb) is 'Action `change` {concept, fields: {path: {from, to}}}.';

create function private.moved_term(scheme_id text, args jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  c jsonb := private.term(scheme_id, args ->> 'concept');
begin
  if c ->> 'broader' is distinct from args ->> 'from' and c ->> 'broader' is distinct from args ->> 'broader' then
    perform private.fail(409, 'concept_moved', jsonb_build_object('concept', c ->> 'id', 'field', 'broader', 'now', c -> 'broader')::text);
  elsif args ->> 'broader' is not null then
    perform private.term(scheme_id, args ->> 'broader');
  end if;
  perform private.concept_content(jsonb_build_object('position', args -> 'position'));
  return jsonb_build_array(c || jsonb_build_object('broader', args -> 'broader')
    || case when jsonb_typeof(args -> 'position') = 'number' then jsonb_build_object('position', args -> 'position') else '{}' end);
end;
$$;
comment on function private.moved_term(text, jsonb) is 'Action `move` {concept, from, broader, position?}: under another term, or none.';

revoke all on function private.term(text, text, boolean), private.free_concept_id(text, text[]), private.new_term(text, jsonb, text[]),
  private.merged_list(jsonb, jsonb, jsonb), private.with_field(jsonb, text, jsonb, jsonb), private.changed_term(text, jsonb),
  private.moved_term(text, jsonb) from public;
