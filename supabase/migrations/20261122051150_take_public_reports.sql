-- Anybody may say that something is wrong, without account: through the function `report`, and nothing else. What is kept
-- of who says it is the e-mail that they gave, until it is answered and a month more.
alter table app.reports
  add column about text check (about in ('position', 'description', 'gone', 'photo', 'private', 'duplicate', 'other')),
  add column email text check (char_length(email) <= 320),
  add column photo_path text;
comment on column app.reports.about is 'What somebody without account says is wrong; null for what the app itself reports.';
comment on column app.reports.email is 'Where to answer, if they asked; forgotten 30 days after the answer.';
comment on column app.reports.photo_path is 'Object of the bucket photos, under reports/: read by the moderators in scope, deleted with the e-mail.';
create index reports_photo_path_idx on app.reports (photo_path) where photo_path is not null;

create table app.report_salts (
  day date primary key default current_date,
  salt bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
);
alter table app.report_salts enable row level security;
comment on table app.report_salts is 'A salt a day, deleted after 48 h: without it the hashes of report_attempts lead to no address.';

create table app.report_attempts (
  hash bytea not null,
  at timestamptz not null default now()
);
create index report_attempts_hash_idx on app.report_attempts (hash, at);
alter table app.report_attempts enable row level security;
comment on table app.report_attempts is 'Reports of an address, as a salted hash of it, for 48 h: five an hour.';

create function private.forget_addresses()
returns void
language sql
set search_path = ''
as $$
  delete from app.report_attempts where at < now() - interval '48 hours';
  delete from app.report_salts where day < current_date - 1;
$$;
comment on function private.forget_addresses() is 'Deletes hashes and salts of reports after 48 h. Daily, and at each report.';

create function private.forget_reporters()
returns void
language sql
set search_path = ''
as $$
  update app.reports set email = null, photo_path = null
  where (email is not null or photo_path is not null) and closed_at < now() - interval '30 days';
$$;
comment on function private.forget_reporters() is 'Daily: forgets who reported, 30 days after the answer; the worker then collects their photo.';
insert into app.daily_duties (name, position, routine)
values ('forget_addresses', 30, 'private.forget_addresses'), ('forget_reporters', 31, 'private.forget_reporters');

create function private.count_report(address text)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  reports_per_hour constant int := 5;
  -- Of an IPv6 address the network: a home has more addresses than one can count.
  source text := case when address ~ ':' then regexp_replace(address, '^(([0-9a-fA-F]*:){4}).*$', '\1') else address end;
  hashes bytea[];
begin
  perform private.forget_addresses();
  insert into app.report_salts (day) values (current_date) on conflict do nothing;
  select array_agg(sha256(s.salt || convert_to(coalesce(source, ''), 'UTF8')) order by s.day desc) into hashes from app.report_salts as s;
  perform pg_advisory_xact_lock(hashtextextended('report ' || encode(hashes[1], 'hex'), 0));
  if (select count(*) from app.report_attempts where hash = any (hashes) and at > now() - interval '1 hour') >= reports_per_hour then
    return false;
  end if;
  insert into app.report_attempts (hash) values (hashes[1]);
  return true;
end;
$$;
comment on function private.count_report(text) is 'Counts a report of an address; false when it made five within the hour.';

create function private.report_record(p jsonb)
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
  body text := nullif(btrim(private.arg_text(p, 'text')), '');
  address text := nullif(lower(btrim(private.arg_text(p, 'email'))), '');
  o app.points;
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
  -- Sent again after an answer that was lost.
  if exists (select from app.reports where id = report and point_id = o.id and user_id is null) then
    return jsonb_build_object('id', report, 'photo_path', (select photo_path from app.reports where id = report));
  elsif not private.count_report(private.arg_text(p, 'address'))
    or (select count(*) from app.reports as r where r.point_id = o.id and r.state = 'open' and r.about is not null) >= open_per_point then
    perform private.fail(429, 'rate_limited', 'Trop de signalements pour l’instant.');
  end if;
  insert into app.reports (id, point_id, kind, about, text, email, photo_path)
  values (report, o.id, case about when 'gone' then 'gone' else 'problem' end, about, body, address,
    case when p -> 'has_photo' = 'true' then 'reports/' || report || '.jpg' end);
  perform private.save_point(o, o);
  perform private.record_event(o, null, 'report');
  return jsonb_build_object('id', report, 'photo_path', (select photo_path from app.reports where id = report));
end;
$$;
comment on function private.report_record(jsonb) is
  'Service only, called by the function report, which checks the picture: {id?, point_id, kind, text?, email?, has_photo?, address} → {id, photo_path|null}. The address is hashed, not kept. PT404, PT413, PT429 rate_limited.';

create function public.report_record(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.report_record(p); $$;
comment on function public.report_record(jsonb) is 'Service only: see private.report_record.';

create function private.answer_reporter()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.send_mail('report', new.email, 'Votre signalement a été lu',
    format(E'Bonjour,\n\nVous avez signalé un problème sur %s. Le groupe de travail l’a lu : %s\n\nVotre adresse sera effacée dans 30 jours.\n',
      s.instance_name || ' (' || s.public_url || '/p/' || new.point_id || ')',
      case new.closed_with when 'dismiss' then 'la fiche reste comme elle est.' when 'destroy' then 'la fiche dit désormais que cela n’existe plus.'
        when 'archive' then 'la fiche a été retirée.' else 'la fiche a été corrigée.' end))
  from app.settings as s;
  return null;
end;
$$;
comment on function private.answer_reporter() is 'Trigger: who reported and gave an address learns what came of it.';
create trigger reports_answer after update of state on app.reports
for each row when (new.state = 'closed' and old.state = 'open' and new.email is not null)
execute function private.answer_reporter();

create or replace function private.report_json(i app.queue)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', r.id, 'kind', r.kind, 'about', r.about, 'text', r.text, 'at', private.instant(r.created_at),
    'photo_path', r.photo_path, 'wants_answer', r.email is not null)
  from app.reports as r where i.kind in ('gone', 'report') and r.id = i.item_id;
$$;

create or replace function private.may_read_photo(object_name text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := (select auth.uid());
begin
  if me is null then
    return false;
  end if;
  return split_part(object_name, '/', 1) = me::text
    or exists (
      select from app.photos as f
      join app.points as p on p.id = f.point_id
      where f.path = regexp_replace(object_name, '-t\.jpg$', '.jpg')
        and p.status not in ('draft', 'withdrawn')
        and private.moderates(me, p.theme, p.commune))
    or exists (
      select from app.reports as r
      join app.points as p on p.id = r.point_id
      where r.photo_path = object_name and private.moderates(me, p.theme, p.commune));
end;
$$;

create or replace function private.orphan_objects(maximum int)
returns table (bucket text, name text)
language plpgsql
stable
set search_path = ''
as $$
begin
  -- A database without Storage (a bare test) has no objects.
  if to_regclass('storage.objects') is null then
    return;
  end if;
  return query
    select o.bucket_id::text, o.name::text
    from storage.objects as o
    cross join app.settings as s
    -- Public copies are made by the worker alone, whose jobs last five minutes: they wait less.
    where (o.bucket_id = 'photos' and o.created_at < now() - make_interval(hours => s.orphan_hours)
          and (coalesce(s.restored_at < now() - interval '30 days', true) or o.name like 'reports/%')
        or o.bucket_id = 'published' and o.created_at < now() - interval '1 hour')
      and not exists (select from app.photos as f where f.path = o.name or f.public_path = o.name)
      and not exists (select from app.photos as f where f.thumb_path = o.name or f.public_thumb_path = o.name)
      and not exists (select from app.reports as r where r.photo_path = o.name)
    order by o.created_at, o.name
    limit maximum;
end;
$$;

revoke all on function private.forget_addresses(), private.forget_reporters(), private.count_report(text), private.report_record(jsonb),
  public.report_record(jsonb), private.answer_reporter() from public, anon, authenticated;
grant execute on function private.report_record(jsonb), public.report_record(jsonb) to service_role;
