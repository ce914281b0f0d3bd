-- "I do not find it": a word for what the thesaurus lacks. It waits beside the point, with the point's photos, for
-- whoever looks after the vocabulary; the point itself waits under a holding concept or none.
create table app.term_proposals (
  id uuid primary key,
  point_id uuid not null references app.points,
  user_id uuid references app.profiles on delete set null,
  scheme text not null references app.concept_schemes,
  text text not null check (char_length(text) between 1 and 120),
  lang text not null check (lang ~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'),
  broader text references app.concepts,
  note text check (char_length(note) <= 1000),
  state text not null default 'proposed' check (state in ('proposed', 'accepted', 'refused')),
  concept text references app.concepts,
  captured_at timestamptz not null,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid references app.profiles on delete set null
);
create index term_proposals_point_id_idx on app.term_proposals (point_id);
create index term_proposals_user_id_idx on app.term_proposals (user_id);
create index term_proposals_scheme_idx on app.term_proposals (scheme, state);
create index term_proposals_broader_idx on app.term_proposals (broader);
create index term_proposals_concept_idx on app.term_proposals (concept);
create index term_proposals_decided_by_idx on app.term_proposals (decided_by);
alter table app.term_proposals enable row level security;
comment on table app.term_proposals is
  'Terms that people did not find, with the point that needs them. The id is that of the mutation. Read in the rows of their points, by who proposed them and the moderators in scope; written by sync_push.';
comment on column app.term_proposals.concept is 'The concept that came of it, once accepted.';

create function private.is_scheme_of(theme app.themes, scheme_id text)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return scheme_id = theme.scheme or exists (
    select from app.form_fields as f
    where f.theme = theme.id
      and (f.field ->> 'scheme' = scheme_id or f.field -> 'fields' @> jsonb_build_array(jsonb_build_object('scheme', scheme_id))));
end;
$$;
comment on function private.is_scheme_of(app.themes, text) is 'Whether a theme names things, or answers a question, with the terms of a scheme.';

create function private.push_propose_term(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  theme app.themes := private.active_theme(was.theme);
  word text := case when jsonb_typeof(m -> 'text') = 'string' then btrim(m ->> 'text', E' \t\n\r') end;
  said text := case when jsonb_typeof(m -> 'note') = 'string' then nullif(btrim(m ->> 'note', E' \t\n\r'), '') end;
  above text;
  p app.points;
begin
  if coalesce(word, '') = '' or char_length(word) > 120 then
    perform private.reject('invalid_patch', 'Un terme est un texte de 120 caractères au plus.');
  elsif coalesce(jsonb_typeof(m -> 'note'), 'null') not in ('string', 'null') or char_length(said) > 1000 then
    perform private.reject('invalid_patch', 'Une note est un texte de 1 000 caractères au plus.');
  elsif jsonb_typeof(m -> 'lang') is distinct from 'string' or m ->> 'lang' !~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$' then
    perform private.reject('invalid_patch', 'lang : un code de langue, comme fr ou oc.');
  elsif jsonb_typeof(m -> 'scheme') is distinct from 'string' or not private.is_scheme_of(theme, m ->> 'scheme') then
    perform private.reject('invalid_concept', 'Ce thésaurus n’est pas celui de la thématique.');
  end if;
  if coalesce(jsonb_typeof(m -> 'broader'), 'null') <> 'null' then
    above := private.check_concept(m ->> 'scheme', m -> 'broader') #>> '{}';
  end if;
  insert into app.term_proposals (id, point_id, user_id, scheme, text, lang, broader, note, captured_at)
  values ((m ->> 'mutation_id')::uuid, was.id, who, m ->> 'scheme', word, m ->> 'lang', above, said, private.moment_of(m));
  p := private.save_point(was, was);
  perform private.record_event(p, who, 'propose_term', diff => jsonb_build_object('term', jsonb_build_array(null, word)),
    mutation_id => (m ->> 'mutation_id')::uuid);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;
comment on function private.push_propose_term(uuid, jsonb) is
  'Mutation `propose_term`: keeps the word beside the point. Whoever sees a point may propose; the content of the point does not change.';

create function private.point_terms_json(point uuid, viewer uuid, is_moderator boolean)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('mutation_id', t.id, 'scheme', t.scheme, 'text', t.text, 'lang', t.lang,
    'broader', t.broader, 'note', t.note, 'state', t.state, 'concept', t.concept, 'mine', coalesce(t.user_id = viewer, false),
    'author', case when is_moderator or who.named then who.display_name end, 'at', private.instant(t.captured_at))
    order by t.created_at, t.id), '[]')
  from app.term_proposals as t
  left join app.profiles as who on who.user_id = t.user_id
  where t.point_id = point and (is_moderator or t.user_id = viewer);
$$;
comment on function private.point_terms_json(uuid, uuid, boolean) is
  'The terms proposed for a point: one''s own, or all of them for a moderator in scope.';

-- The row of a point, with what was proposed for its name. `point_row` is what `point_json` was.
alter function private.point_json(app.points, uuid) rename to point_row;
comment on function private.point_row(app.points, uuid) is
  'The row of contract §2 as the viewer may see it, but for the terms proposed: private.point_json adds them. Null: it does not exist for them.';
create function private.point_json(p app.points, viewer uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  shown jsonb := private.point_row(p, viewer);
begin
  -- Strangers read most rows: nothing is asked for them.
  if viewer is null or shown is null or not exists (select from app.term_proposals where point_id = p.id) then
    return shown;
  end if;
  return shown || jsonb_build_object('proposed_terms', private.point_terms_json(p.id, viewer, shown ? 'waiting'));
end;
$$;
comment on function private.point_json(app.points, uuid) is
  'A point as the viewer may see it (contract §2), with the terms proposed for it; null when it does not exist for them.';

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
    when 'create' then private.push_create(who, m)
    when 'edit' then private.push_edit(who, m)
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

create or replace function private.push_one(who uuid, device text, m jsonb, account_code text, is_too_old boolean, busy uuid[], halted uuid[])
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  mutation uuid := private.to_uuid(m ->> 'mutation_id');
  point uuid := private.to_uuid(m ->> 'point_id');
  r app.receipts;
  result jsonb;
begin
  if mutation is null then
    return private.refusal('invalid_patch', 'mutation_id : un UUID.');
  end if;
  select * into r from app.receipts where mutation_id = mutation;
  if found then
    return case when r.user_id = who and r.payload_hash = sha256(convert_to(m::text, 'UTF8')) then private.replayed(r)
      else private.refusal('payload_mismatch', 'Cet identifiant de contribution a déjà servi.') end;
  elsif is_too_old or coalesce(m -> 'v', '1') <> '1'
    or m ->> 'kind' not in ('create', 'edit', 'confirm', 'withdraw', 'comment', 'decide', 'propose_term') then
    -- Not stored: a kind that this server does not take yet is evaluated again once it does.
    return private.refusal('client_too_old', 'Le serveur ne comprend pas cette contribution : mettez l’application à jour.');
  elsif account_code is not null then
    return private.refusal(account_code);
  elsif point = any (busy) then
    return private.postponement('busy', 2);
  elsif point = any (halted) then
    return private.postponement('blocked', 2);
  end if;
  result := case
    when point is null then private.refusal('invalid_patch', 'point_id : un UUID.')
    when m ->> 'kind' is null then private.refusal('invalid_patch', 'kind manque.')
    else private.apply_mutation(who, device, m) end;
  if result ->> 'status' = 'rejected' then
    perform private.keep_receipt(who, device, m, result);
  end if;
  return result;
end;
$$;

revoke all on function private.is_scheme_of(app.themes, text), private.push_propose_term(uuid, jsonb),
  private.point_terms_json(uuid, uuid, boolean), private.point_json(app.points, uuid) from public;
