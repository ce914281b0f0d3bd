-- A comment that was an object was kept as its JSON.
create or replace function private.check_decision_words(theme app.themes, m jsonb)
returns void
language plpgsql
stable
set search_path = ''
as $$
declare
  reason text := nullif(m ->> 'reason', '');
begin
  if coalesce(jsonb_typeof(m -> 'comment'), 'null') not in ('null', 'string') then
    perform private.reject('invalid_patch', 'comment : un texte.');
  elsif char_length(m ->> 'comment') > 4000 then
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
