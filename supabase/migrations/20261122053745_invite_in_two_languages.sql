-- Whoever has an account is invited in their language, anybody else in the language of who invites.
insert into app.mail_texts (key, lang, text) values
  ('day', 'fr', 'DD/MM/YYYY'), ('day', 'en', 'FMDD FMMonth YYYY'),
  ('invitation_from', 'fr', 'La coordination'), ('invitation_from', 'en', 'The coordination'),
  ('invitation_subject', 'fr', 'Invitation : {group}'), ('invitation_subject', 'en', 'Invitation: {group}'),
  ('invitation', 'fr', '{who} vous invite à rejoindre « {group} » sur {place}.'), ('invitation', 'en', '{who} invites you to join “{group}” on {place}.'),
  ('invitation_way', 'fr', 'Ouvrez {url} et connectez-vous avec cette adresse ({email}) avant le {day} : votre rôle vous attend.'),
  ('invitation_way', 'en', 'Open {url} and sign in with this address ({email}) before {day}: your role awaits you.'),
  ('invitation_mistaken', 'fr', 'Si vous n’êtes pas concerné, ne faites rien.'), ('invitation_mistaken', 'en', 'If this is not for you, do nothing.');

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
