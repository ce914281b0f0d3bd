-- The function report says in which language its page was read.
create or replace function private.report_record(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- Reports of people without account that one point may gather before somebody reads them.
  open_per_point constant int := 20;
  report uuid := coalesce(private.arg_uuid(p, 'id'), gen_random_uuid());
  about text := private.arg_choice(p, 'kind', array['position', 'description', 'gone', 'photo', 'private', 'duplicate', 'other']);
  step text := private.arg_choice(p, 'step', array['admit', 'record']);
  body text := nullif(btrim(private.arg_text(p, 'text')), '');
  address text := nullif(lower(btrim(private.arg_text(p, 'email'))), '');
  spoken text := coalesce(private.arg_choice(p, 'lang', array['fr', 'en']), 'fr');
  o app.points;
  is_known boolean;
begin
  if about is null or about = 'other' and body is null then
    perform private.invalid_argument('kind est attendu, et un texte quand il vaut other.');
  elsif char_length(body) > 2000 then
    perform private.fail(413, 'too_large', 'Un signalement tient en 2 000 caractères.');
  elsif address is not null and (address !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$' or char_length(address) > 320) then
    perform private.invalid_argument('email : une adresse.');
  end if;
  select * into o from app.points where id = private.survivor_of(private.arg_uuid(p, 'point_id')) for update;
  if not found or not private.is_public(o) then
    perform private.fail(404, 'point_not_found', 'Ce point n''existe pas ou n''est pas visible.');
  end if;
  if exists (select from app.reports where id = report and (point_id <> o.id or user_id is not null)) then
    perform private.fail(409, 'id_taken', 'Un autre signalement porte ce numéro.');
  end if;
  is_known := exists (select from app.reports where id = report and point_id = o.id and user_id is null);
  -- Sent again after an answer that was lost: nothing is left to do, unless its picture never arrived.
  if is_known and (step is distinct from 'admit' or private.has_report_photo(report)) then
    return jsonb_build_object('id', report, 'photo_path', (select photo_path from app.reports where id = report))
      || case step when 'admit' then '{"is_stored": true}'::jsonb else '{}' end;
  elsif step is distinct from 'record' and (not private.count_report(private.arg_text(p, 'address'))
    or not is_known and (select count(*) from app.reports as r where r.point_id = o.id and r.state = 'open' and r.about is not null) >= open_per_point) then
    perform private.fail(429, 'rate_limited', 'Trop de signalements pour l’instant.');
  elsif step = 'admit' then
    return jsonb_build_object('id', report, 'is_stored', false);
  end if;
  insert into app.reports (id, point_id, kind, about, text, email, lang, photo_path)
  values (report, o.id, case about when 'gone' then 'gone' else 'problem' end, about, body, address, spoken,
    case when p -> 'has_photo' = 'true' then 'reports/' || report || '.jpg' end);
  perform private.save_point(o, o);
  perform private.record_event(o, null, 'report');
  return jsonb_build_object('id', report, 'photo_path', (select photo_path from app.reports where id = report));
end;
$$;
comment on function private.report_record(jsonb) is
  'Service only, called by the function report, which checks the picture: {id?, point_id, kind, text?, email?, lang?: fr|en, has_photo?, address, step?} → {id, photo_path|null, is_stored?}. `admit` checks and counts, before the picture is read; `record` then writes; without step, both. The address is hashed, not kept. PT404, PT409 id_taken, PT413, PT429 rate_limited.';
