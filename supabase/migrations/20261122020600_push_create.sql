create function private.active_theme(theme_id text)
returns app.themes
language plpgsql
stable
set search_path = ''
as $$
declare
  theme app.themes;
begin
  select * into theme from app.themes where id = theme_id and is_active;
  if not found then
    perform private.reject('unknown_theme', 'Cette thématique n’existe pas sur ce serveur.');
  end if;
  return theme;
end;
$$;
comment on function private.active_theme(text) is 'A theme that takes contributions; else the mutation is refused as unknown_theme.';

create function private.moment_of(m jsonb, key text default 'captured_at')
returns timestamptz
language plpgsql
stable
set search_path = ''
as $$
declare
  moment timestamptz := private.to_instant(m ->> key);
begin
  if moment is null then
    perform private.reject('invalid_patch', format('Instant ISO 8601 attendu : %s.', key));
  end if;
  -- A device may live in 2099; nothing was seen tomorrow.
  return least(moment, now());
end;
$$;
comment on function private.moment_of(jsonb, text) is 'The instant that a mutation gives, never later than the server''s.';

create function private.photos_expected(m jsonb)
returns int
language plpgsql
stable
set search_path = ''
as $$
declare
  number int := private.to_count(coalesce(nullif(m -> 'expected_photos', 'null'), '0'), 50);
begin
  if number is null then
    perform private.reject('invalid_patch', 'expected_photos : un nombre de 0 à 50.');
  end if;
  return number;
end;
$$;
comment on function private.photos_expected(jsonb) is 'How many photos the device says will follow.';

create function private.push_create(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  theme app.themes := private.active_theme(m ->> 'theme');
  wanted text := coalesce(m ->> 'status', 'submitted');
  patch jsonb;
  p app.points;
begin
  select * into p from app.points where id = (m ->> 'point_id')::uuid;
  if found then
    perform private.reject(case when p.author = who then 'invalid_transition' else 'not_allowed' end,
      'Cet identifiant de point est déjà pris.');
  end if;
  if wanted not in ('draft', 'submitted') then
    perform private.reject('invalid_patch', 'status : draft ou submitted.');
  end if;
  if jsonb_typeof(m -> 'patch') = 'object' and coalesce(m -> 'patch' -> 'geom', 'null') = 'null' then
    perform private.reject('invalid_geometry', 'Une position est attendue.');
  end if;
  patch := private.check_patch(theme, m -> 'patch');
  p.id := (m ->> 'point_id')::uuid;
  p.theme := theme.id;
  p.author := who;
  p.status := wanted;
  p.sensitivity := 'open';
  p.attributes := '{}';
  p := private.with_values(p, patch);
  insert into app.points (id, theme, author, status, concept, geom, accuracy_m, position_source, heading_deg, moved_m,
    attributes, form_rev, sensitivity, captured_at, expected_photos)
  values (p.id, p.theme, p.author, p.status, p.concept, p.geom, p.accuracy_m, p.position_source, p.heading_deg, p.moved_m,
    p.attributes, coalesce(private.to_count(m -> 'form_rev', 1000000), theme.form_rev), p.sensitivity,
    private.moment_of(m), private.photos_expected(m))
  returning * into p;
  perform private.record_event(p, who, 'create', diff => private.content_diff('{}', private.content_of(p)),
    mutation_id => (m ->> 'mutation_id')::uuid);
  perform private.touch_point(p.id);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;
comment on function private.push_create(uuid, jsonb) is
  'Mutation `create`: a draft or submitted point under the id that the device gave it. A second create of the same point is invalid_transition.';

revoke all on function private.active_theme(text), private.moment_of(jsonb, text), private.photos_expected(jsonb),
  private.push_create(uuid, jsonb) from public;
