create function private.require_whole_group(who uuid, t app.themes, refusal text)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if t.id is null or not private.is_coordinator_of(who, t.group_id) then
    perform private.fail(403, 'not_allowed', refusal);
  elsif not private.may_grant(who, t.group_id, '{*}') then
    perform private.fail(403, 'beyond_scope', 'Une règle de la thématique vaut sur tout le territoire : elle demande une coordination du groupe entier.');
  end if;
end;
$$;
comment on function private.require_whole_group(uuid, app.themes, text) is
  'Refuses whoever does not coordinate the group of a theme (`not_allowed`), or only a part of its territory (`beyond_scope`): a rule of a theme holds everywhere.';

create or replace function private.set_trust(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  t app.themes;
begin
  select * into t from app.themes where id = private.arg_text(p, 'theme') for update;
  perform private.require_whole_group(me, t, 'Seule la coordination du groupe règle la confiance.');
  if jsonb_typeof(p -> 'enabled') is distinct from 'boolean' then
    perform private.invalid_argument('enabled : oui ou non.');
  end if;
  update app.themes set settings = settings || jsonb_build_object('trust', jsonb_build_object('enabled', p -> 'enabled',
    'accepted', coalesce(trunc(private.arg_number(p, 'accepted', 1, 100000)), (select needed from private.trust_settings(t))),
    'audit', coalesce(private.arg_number(p, 'audit', 0, 1), (select audit_share from private.trust_settings(t)))))
  where id = t.id returning * into t;
  return jsonb_build_object('theme', t.id, 'trust', t.settings -> 'trust');
end;
$$;
comment on function private.set_trust(jsonb) is 'Turns earned trust on or off for a theme. Checks: signed in, coordinates the whole group of the theme.';
comment on function public.trust_set(jsonb) is
  '{theme, enabled, accepted? (in a row, 20), audit? (0 to 1, 0.1)} → {theme, trust}. Coordinators of the theme''s whole group. PT403 not_allowed, beyond_scope.';

create or replace function private.set_reasons(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  t app.themes;
  reasons jsonb;
begin
  select * into t from app.themes where id = private.arg_text(p, 'theme') for update;
  perform private.require_whole_group(me, t, 'Seule la coordination du groupe change ses motifs.');
  reasons := private.arg_list(p, 'reasons', 40);
  if exists (
    select from jsonb_array_elements(reasons) as r
    where jsonb_typeof(r) <> 'object' or coalesce(r ->> 'code', '') !~ '^[a-z][a-z0-9_]{1,39}$'
      or jsonb_typeof(r -> 'labels') is distinct from 'object' or coalesce(r #>> '{labels,fr}', '') = '' or char_length((r -> 'labels')::text) > 1000) then
    perform private.invalid_argument('reasons : [{code, labels: {fr, …}}], le code en minuscules.');
  end if;
  update app.themes set settings = settings || jsonb_build_object('reasons', reasons) where id = t.id returning * into t;
  return jsonb_build_object('theme', t.id, 'reasons', reasons, 'known', to_jsonb(private.known_reasons(t)));
end;
$$;
comment on function private.set_reasons(jsonb) is
  'Writes the reasons of a theme, beside those of the contract, which stay. Checks: signed in, coordinates the whole group of the theme.';
comment on function public.reasons_set(jsonb) is
  '{theme, reasons: [{code, labels: {fr, en?}}] ≤ 40} → {theme, reasons, known: [code]}. Coordinators of the theme''s whole group. PT403 not_allowed, beyond_scope. The codes of contract §4 are always known.';

revoke all on function private.require_whole_group(uuid, app.themes, text) from public;
