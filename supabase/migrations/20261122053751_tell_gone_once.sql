-- Somebody who said sixty times that a thing is gone made sixty items of one fact: it is one until somebody answers.
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
  elsif not exists (
    select from app.reports as r where r.point_id = p.id and r.kind = 'gone' and r.user_id = who and r.state = 'open') then
    insert into app.reports (id, point_id, kind, user_id) values (mid, p.id, 'gone', who);
  end if;
  p := private.save_point(was, p);
  perform private.record_event(p, who, case when is_found then 'confirm' else 'gone' end,
    diff => case when is_found and state is not null then jsonb_build_object('observed', jsonb_build_array(was.observed_condition, state)) end,
    mutation_id => mid);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;
