-- Whoever wrote somebody else's address on reports, or invited it again and again, filled its mailbox.
create function private.is_written_to_enough(address text)
returns boolean
language sql
stable
set search_path = ''
as $$
  -- Somebody who walks through a village and reports what is wrong there sends a few.
  select (select count(*) from app.reports as r where r.email = is_written_to_enough.address and r.created_at > now() - interval '1 day') >= 3;
$$;
comment on function private.is_written_to_enough(text) is 'Whether reports of the last 24 h bear an address so often that one more must not make a mail.';

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
  -- Anybody may write anybody's address: beyond a few a day, the report stays and nobody is written to.
  if private.is_written_to_enough(address) then
    address := null;
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

create or replace function private.invite(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- More than any group asks in a fortnight: a stolen session must not write to the whole region.
  maximum_open constant int := 100;
  me uuid := private.require_user();
  revoked uuid := private.arg_uuid(p, 'revoke');
  asked_group text := coalesce((select group_id from app.invitations where id = revoked), private.arg_text(p, 'group'));
  address text := lower(btrim(private.arg_text(p, 'email')));
  asked_role text := private.arg_role(p);
  scope text[] := private.arg_territories(p);
  i app.invitations;
  lang text;
  filled jsonb;
begin
  perform private.lock_members(asked_group, me);
  -- An offer beyond one's own scope is neither taken back nor replaced.
  if exists (select from app.invitations as offer
    where offer.consumed_at is null and offer.revoked_at is null and offer.expires_at > now() and (offer.id = revoked or offer.group_id = asked_group and offer.email = address)
      and not private.may_grant(me, asked_group, offer.territories)) then
    perform private.fail(403, 'beyond_scope', 'Cette invitation dépasse votre périmètre.');
  end if;
  if revoked is not null then
    update app.invitations set revoked_at = now(), email = null
    where id = revoked and consumed_at is null and revoked_at is null returning * into i;
    if i.id is null then
      perform private.fail(404, 'unknown_invitation', 'Cette invitation n’est plus ouverte.');
    end if;
    return jsonb_build_object('invitation', private.invitation_json(i));
  end if;
  if address is null or address !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$' or char_length(address) > 320 then
    perform private.invalid_argument('email : une adresse.');
  elsif asked_role is null or scope is null then
    perform private.invalid_argument('role et territories sont attendus.');
  elsif not private.may_grant(me, asked_group, scope) then
    perform private.fail(403, 'beyond_scope', 'On ne donne pas plus que son propre périmètre.');
  elsif address = (select lower(email) from auth.users where id = me) then
    perform private.fail(403, 'own_role', 'Personne ne change son propre rôle.');
  elsif (select count(*) from app.invitations where group_id = asked_group and created_at > now() - interval '14 days') >= maximum_open then
    perform private.fail(429, 'rate_limited', 'Trop d’invitations en quinze jours.');
  end if;
  insert into app.invitations as open (group_id, email, role, territories, invited_by)
  values (asked_group, address, asked_role, scope, me)
  -- Sent again: the last word counts, for another 14 days.
  on conflict (email, group_id) where consumed_at is null and revoked_at is null
  do update set role = excluded.role, territories = excluded.territories, invited_by = excluded.invited_by,
    created_at = now(), expires_at = now() + interval '14 days'
  returning * into i;
  -- Offered again within the hour, the offer is renewed and the mail that was sent tells of it.
  if exists (select from app.mails where kind = 'invitation' and app.mails.address = i.email and created_at > now() - interval '1 hour') then
    return jsonb_build_object('invitation', private.invitation_json(i));
  end if;
  lang := coalesce((select private.language_of(id) from auth.users where lower(email) = address limit 1), private.language_of(me));
  select jsonb_build_object('group', private.label_in(g.labels, lang), 'place', s.instance_name, 'url', s.public_url, 'email', address,
    'who', coalesce((select display_name from app.profiles where user_id = me), private.mail_text('invitation_from', lang)),
    'day', to_char(i.expires_at, private.mail_text('day', lang)))
  into filled from app.settings as s, app.groups as g where g.id = asked_group;
  perform private.send_mail('invitation', address, private.mail_text('invitation_subject', lang, filled),
    concat(concat_ws(E'\n\n', private.mail_text('hello', lang), private.mail_text('invitation', lang, filled), private.mail_text('invitation_way', lang, filled),
      private.mail_text('invitation_mistaken', lang)), E'\n'));
  return jsonb_build_object('invitation', private.invitation_json(i));
end;
$$;

create index reports_email_idx on app.reports (email) where email is not null;
create index mails_address_idx on app.mails (address, created_at);

revoke all on function private.is_written_to_enough(text) from public;
