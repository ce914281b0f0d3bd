-- Most pushes are the captures of a day: they are checked one by one, and written all at once. Statement by
-- statement PostgreSQL spends more on preparing to write a row than on writing it.
create function private.created_point(who uuid, theme app.themes, m jsonb)
returns app.points
language plpgsql
stable
set search_path = ''
as $$
declare
  wanted text := coalesce(m ->> 'status', 'submitted');
  p app.points;
begin
  if wanted not in ('draft', 'submitted') then
    perform private.reject('invalid_patch', 'status : draft ou submitted.');
  end if;
  if jsonb_typeof(m -> 'patch') = 'object' and coalesce(m -> 'patch' -> 'geom', 'null') = 'null' then
    perform private.reject('invalid_geometry', 'Une position est attendue.');
  end if;
  p.id := (m ->> 'point_id')::uuid;
  p.theme := theme.id;
  p.author := who;
  p.status := wanted;
  p.sensitivity := 'open';
  p.attributes := '{}';
  p := private.with_values(p, private.check_patch(theme, m -> 'patch'));
  p.form_rev := coalesce(private.to_count(m -> 'form_rev', 1000000), theme.form_rev);
  p.captured_at := private.moment_of(m);
  p.expected_photos := private.photos_expected(m);
  return p;
end;
$$;
comment on function private.created_point(uuid, app.themes, jsonb) is
  'The point that a `create` asks for, every value checked; not written yet. Else the mutation is refused.';

create function private.create_points(who uuid, sent jsonb[])
returns app.points[]
language plpgsql
set search_path = ''
as $$
declare
  theme app.themes;
  made app.points[] := '{}';
  m jsonb;
begin
  foreach m in array sent loop
    if theme.id is distinct from m ->> 'theme' or theme.id is null then
      theme := private.active_theme(m ->> 'theme');
    end if;
    made := made || private.created_point(who, theme, m);
  end loop;
  with born as (
    insert into app.points as p (id, theme, author, status, concept, geom, accuracy_m, position_source, heading_deg, moved_m,
      attributes, form_rev, sensitivity, captured_at, expected_photos)
    select id, new.theme, author, status, concept, geom, accuracy_m, position_source, heading_deg, moved_m,
      attributes, form_rev, sensitivity, captured_at, expected_photos
    from unnest(made) as new
    returning p as point)
  select array_agg(point) into made from born;
  insert into app.events (point_id, actor, actor_kind, action, to_status, rev, diff, mutation_id)
  select p.id, who, 'author', 'create', p.status, p.rev,
    (select jsonb_object_agg(path, jsonb_build_array(null, value)) from jsonb_each(private.content_of(p)) as content (path, value)),
    (s.m ->> 'mutation_id')::uuid
  from unnest(sent) with ordinality as s (m, n)
  join unnest(made) as p on p.id = (s.m ->> 'point_id')::uuid
  order by s.n;
  -- What private.touch_point says of a point that nobody but its author gave anything to.
  insert into app.changes (bucket, point_id)
  select bucket, p.id
  from unnest(made) as p,
    unnest(array['u:' || p.author, case when p.status = 'submitted' then private.moderation_bucket(p) end]) as bucket
  where bucket is not null;
  return made;
end;
$$;
comment on function private.create_points(uuid, jsonb[]) is
  'Writes the points that `create` mutations ask for, with their history and their announcement. All or none: raises the first refusal.';

create or replace function private.push_create(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  theme app.themes := private.active_theme(m ->> 'theme');
  p app.points;
  made app.points[];
begin
  select * into p from app.points where id = (m ->> 'point_id')::uuid;
  if found then
    perform private.reject(case when p.author = who then 'invalid_transition' else 'not_allowed' end,
      'Cet identifiant de point est déjà pris.');
  end if;
  made := private.create_points(who, array[m]);
  return jsonb_build_object('status', 'applied', 'rev', made[1].rev);
end;
$$;

create function private.plain_creates(mutations jsonb, busy uuid[])
returns table (place bigint, m jsonb)
language plpgsql
stable
set search_path = ''
as $$
begin
  return query
    with sent as (
      select list.m, list.n, private.to_uuid(list.m ->> 'mutation_id') as mutation, private.to_uuid(list.m ->> 'point_id') as point
      from jsonb_array_elements(mutations) with ordinality as list (m, n)
    ), ranked as (
      select *, row_number() over (partition by sent.point order by sent.n) as turn, count(*) over (partition by sent.mutation) as times
      from sent
    )
    select r.n, r.m
    from ranked as r
    where r.m ->> 'kind' = 'create' and coalesce(r.m -> 'v', '1') = '1'
      and r.m - '{mutation_id,v,kind,point_id,theme,captured_at,form_rev,patch,status,expected_photos}'::text[] = '{}'
      and r.mutation is not null and r.times = 1
      and r.point is not null and r.turn = 1 and not r.point = any (busy)
      and not exists (select from app.receipts as known where known.mutation_id = r.mutation)
      and not exists (select from app.points as known where known.id = r.point)
    order by r.n;
end;
$$;
comment on function private.plain_creates(jsonb, uuid[]) is
  'The mutations of a push, with their place, that nothing can come before: first sendings of creates under new ids, first on their points, with no field but the usual ones.';

create function private.push_creates(who uuid, device text, mutations jsonb, busy uuid[])
returns jsonb[]
language plpgsql
set search_path = ''
as $$
declare
  sent jsonb[];
  places bigint[];
  made app.points[];
  results jsonb[] := '{}';
  n bigint;
  result jsonb;
begin
  select array_agg(c.m), array_agg(c.place) into sent, places from private.plain_creates(mutations, busy) as c;
  if coalesce(cardinality(sent), 0) < 2 then
    return results;
  end if;
  made := private.create_points(who, sent);
  insert into app.receipts (mutation_id, user_id, point_id, device_id, payload_hash, status, rev)
  select (m ->> 'mutation_id')::uuid, who, p.id, left(device, 100), sha256(convert_to(m::text, 'UTF8')), 'applied', p.rev
  from unnest(sent) as m
  join unnest(made) as p on p.id = (m ->> 'point_id')::uuid;
  for n, result in
    select s.place, jsonb_build_object('mutation_id', s.m -> 'mutation_id', 'status', 'applied', 'rev', p.rev,
      'point', private.point_json(p, who))
    from unnest(places, sent) as s (place, m)
    join unnest(made) as p on p.id = (s.m ->> 'point_id')::uuid
  loop
    results[n] := result;
  end loop;
  return results;
exception
  when others then
    -- Nothing of them stays: one by one tells which it was, and takes the others.
    return '{}';
end;
$$;
comment on function private.push_creates(uuid, text, jsonb, uuid[]) is
  'The plain creates of a push in one savepoint, with their receipts: results by place, none when one of them cannot be taken or when there is but one.';

create or replace function private.sync_push(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
set lock_timeout = '4s'
as $$
declare
  who uuid := private.require_user();
  epoch text := private.current_epoch();
  account_code text;
  is_too_old boolean := private.is_client_too_old(p -> 'client' ->> 'version');
  busy uuid[];
  halted uuid[] := '{}';
  refused jsonb;
  results jsonb[] := '{}';
  result jsonb;
  m jsonb;
  n bigint;
begin
  perform private.check_push(p);
  refused := private.refused_by_epoch(p, epoch);
  if refused <> '[]' then
    return jsonb_build_object('epoch', epoch, 'user_id', who, 'results', refused);
  end if;
  perform private.ensure_profile(who);
  account_code := private.account_problem(who);
  busy := private.lock_points(array(
    select private.to_uuid(one ->> 'point_id') from jsonb_array_elements(p -> 'mutations') as one));
  if account_code is null and not is_too_old then
    results := private.push_creates(who, p ->> 'device_id', p -> 'mutations', busy);
  end if;
  for m, n in select * from jsonb_array_elements(p -> 'mutations') with ordinality loop
    continue when results[n] is not null;
    result := private.push_one(who, p ->> 'device_id', m, account_code, is_too_old, busy, halted);
    if result ->> 'status' in ('rejected', 'retry') then
      halted := halted || private.to_uuid(m ->> 'point_id');
    end if;
    results[n] := private.with_point(result, m, who);
  end loop;
  return jsonb_build_object('epoch', epoch, 'user_id', who, 'results', to_jsonb(results));
end;
$$;

revoke all on function private.created_point(uuid, app.themes, jsonb), private.create_points(uuid, jsonb[]),
  private.plain_creates(jsonb, uuid[]), private.push_creates(uuid, text, jsonb, uuid[]) from public;
