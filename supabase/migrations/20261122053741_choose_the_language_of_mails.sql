-- The app says in which language it is used: mails follow.
create or replace function private.set_preferences(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  asked text := private.arg_choice(p, 'digest', array['never', 'each', 'daily', 'weekly']);
  spoken text := private.arg_choice(p, 'lang', array['fr', 'en']);
begin
  perform private.ensure_profile(me);
  -- From now on: what was decided before is in the app. Another rhythm loses nothing of what waits to be told.
  update app.profiles set digest = asked, digest_sent_at = now(),
    told_generation = case digest when 'never' then private.look_at_decisions() else told_generation end
  where user_id = me and asked is not null and digest <> asked;
  update app.profiles set lang = spoken where user_id = me and spoken is not null and lang <> spoken;
  return private.preferences_json(me);
end;
$$;
comment on function public.preferences_set(jsonb) is
  '{digest?: never|each|daily|weekly, lang?: fr|en} → {digest, lang, follows: [{kind, target, title?, theme?, concept?}]}; {} reads. Auth.';
