create function private.known_reasons(theme app.themes)
returns text[]
language sql
immutable
set search_path = ''
as $$
  select array['photo_missing', 'photo_unusable', 'position_doubtful', 'description_incomplete', 'wrong_concept', 'out_of_scope',
      'duplicate', 'private_life', 'sensitive_place', 'not_found_on_site', 'other']
    || coalesce((
      select array_agg(coalesce(reason ->> 'code', reason #>> '{}'))
      from jsonb_array_elements(case jsonb_typeof(theme.settings -> 'reasons') when 'array' then theme.settings -> 'reasons' else '[]' end) as reason),
      '{}');
$$;
comment on function private.known_reasons(app.themes) is 'Reason codes that a decision may give: those of contract §4 and those of the theme''s settings.';

create function private.check_decision_words(theme app.themes, m jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  reason text := nullif(m ->> 'reason', '');
begin
  if char_length(m ->> 'comment') > 4000 then
    perform private.reject('comment_too_long', 'Un commentaire tient en 4 000 caractères.');
  end if;
  if reason is null and m ->> 'decision' in ('reject', 'to_complete', 'duplicate', 'archive', 'destroy') then
    perform private.reject('reason_required', 'Cette décision demande un motif.');
  end if;
  if reason is not null and reason <> all (private.known_reasons(theme)) then
    perform private.reject('unknown_reason', 'Ce motif n’existe pas pour cette thématique.');
  end if;
end;
$$;
comment on function private.check_decision_words(app.themes, jsonb) is 'Refuses a decision without the reason it needs, with an unknown one, or with too long a comment.';

create function private.check_seen(p app.points, who uuid, m jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  seen int;
begin
  if coalesce(m -> 'seen_rev', 'null') <> 'null' then
    seen := private.to_count(m -> 'seen_rev', 2147483647);
  elsif coalesce(m -> 'seen_after', 'null') <> 'null' then
    select coalesce(rev, -1) into seen from app.receipts
    where mutation_id = private.to_uuid(m ->> 'seen_after') and user_id = who and point_id = p.id
      and status in ('applied', 'merged', 'pending', 'conflict');
    seen := coalesce(seen, -1);
  end if;
  if seen is null then
    perform private.reject('invalid_patch', 'Une décision dit ce qu’elle a vu : seen_rev ou seen_after.');
  elsif seen <> p.rev then
    perform private.reject('stale_review', 'Le contenu a changé depuis la lecture.');
  end if;
end;
$$;
comment on function private.check_seen(app.points, uuid, jsonb) is
  'Refuses as stale_review a decision taken on another content than the current one (product rule 5).';

create function private.may_decide_own(theme app.themes)
returns boolean
language sql
immutable
set search_path = ''
as $$ select coalesce(theme.settings -> 'may_decide_own' = 'true', false); $$;
comment on function private.may_decide_own(app.themes) is 'Whether the theme lets moderators decide on their own contributions (setting `may_decide_own`, off by default).';

create function private.refuse_own(theme app.themes, who uuid, contributor uuid)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if contributor = who and not private.may_decide_own(theme) then
    perform private.reject('own_contribution', 'Personne ne décide de sa propre contribution.');
  end if;
end;
$$;
comment on function private.refuse_own(app.themes, uuid, uuid) is 'Refuses a decision on one''s own contribution (product rule 4).';

create function private.decision_json(who uuid, m jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('decision', m ->> 'decision', 'reason', nullif(m ->> 'reason', ''),
    'comment', nullif(m ->> 'comment', ''), 'at', private.instant(now()), 'by', who);
$$;
comment on function private.decision_json(uuid, jsonb) is 'The decision as it is kept on the point.';

create function private.accepted_ids(m jsonb, key text, offered text[])
returns text[]
language plpgsql
stable
set search_path = ''
as $$
declare
  chosen text[];
begin
  if coalesce(m -> key, 'null') = 'null' then
    return offered;
  end if;
  chosen := private.text_array(m -> key);
  if chosen is null or not chosen <@ offered then
    perform private.reject('invalid_patch', format('%s : des éléments de ce qui est proposé.', key));
  end if;
  return chosen;
end;
$$;
comment on function private.accepted_ids(jsonb, text, text[]) is 'What a decision accepts among what is offered; all of it when it does not say.';

revoke all on function private.known_reasons(app.themes), private.check_decision_words(app.themes, jsonb),
  private.check_seen(app.points, uuid, jsonb), private.may_decide_own(app.themes), private.refuse_own(app.themes, uuid, uuid),
  private.decision_json(uuid, jsonb), private.accepted_ids(jsonb, text, text[]) from public;
