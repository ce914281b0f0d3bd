-- How often a sheet is read, by point and year, without a trace of who reads: of a reading only one bit of 512 is kept,
-- drawn from the network that asks with the salt of the day, and it is thrown away the next day once it is counted.
-- A bit stands for a 512th of all networks, so it points to nobody; somebody who asks again and again counts once a day,
-- and a point gains 512 a day at most. Rows are only ever added: a point that everybody reads makes nobody wait.
alter table app.settings add column address_header text not null default 'cf-connecting-ip' check (address_header = lower(address_header));
comment on column app.settings.address_header is
  'Header in which the platform says where a call comes from, whatever the caller wrote: hosted projects stand behind Cloudflare. Read by point_seen.';

create table app.view_marks (
  day date not null,
  point_id uuid not null references app.points on delete cascade,
  mark smallint not null check (mark between 0 and 511),
  primary key (day, point_id, mark)
);
create index view_marks_point_id_idx on app.view_marks (point_id);
alter table app.view_marks enable row level security;
comment on table app.view_marks is 'Readings of today that are still to be counted: of each, one bit of 512, shared by a 512th of all networks.';

create table app.point_views (
  point_id uuid not null references app.points on delete cascade,
  year smallint not null,
  views int not null check (views > 0),
  primary key (point_id, year)
);
alter table app.point_views enable row level security;
comment on table app.point_views is
  'Readings of the public sheet of a point, by year: networks that opened it, each counted once a day. Days before today; today is in view_marks.';

create function private.network_of(address text)
returns text
language sql
immutable
set search_path = ''
as $$
  select case when address ~ ':' then regexp_replace(address, '^(([0-9a-fA-F]*:){4}).*$', '\1') else address end;
$$;
comment on function private.network_of(text) is 'Of an IPv6 address the network: a home has more addresses than one can count.';

create function private.salt_of_today()
returns bytea
language plpgsql
set search_path = ''
as $$
declare
  today bytea;
begin
  select s.salt into today from app.report_salts as s where s.day = current_date;
  if not found then
    insert into app.report_salts (day) values (current_date) on conflict do nothing;
    select s.salt into today from app.report_salts as s where s.day = current_date;
  end if;
  return today;
end;
$$;
comment on function private.salt_of_today() is 'The salt of today, made at its first use; it goes after 48 h.';
comment on table app.report_salts is
  'A salt a day, deleted after 48 h: without it the hashes of report_attempts lead to no address, and the marks of view_marks to no network.';

create or replace function private.count_report(address text)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  reports_per_hour constant int := 5;
  hashes bytea[];
begin
  perform private.forget_addresses();
  perform private.salt_of_today();
  select array_agg(sha256(s.salt || convert_to(coalesce(private.network_of(address), ''), 'UTF8')) order by s.day desc) into hashes from app.report_salts as s;
  perform pg_advisory_xact_lock(hashtextextended('report ' || encode(hashes[1], 'hex'), 0));
  if (select count(*) from app.report_attempts where hash = any (hashes) and at > now() - interval '1 hour') >= reports_per_hour then
    return false;
  end if;
  insert into app.report_attempts (hash) values (hashes[1]);
  return true;
end;
$$;

create function private.caller_network()
returns text
language sql
stable
set search_path = ''
as $$
  select private.network_of(nullif(current_setting('request.headers', true), '')::json ->> s.address_header) from app.settings as s;
$$;
comment on function private.caller_network() is
  'Where a call comes from, as the platform says in a header that it writes itself; null when nobody knows, and all are then one network.';

create function private.point_seen(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := (select auth.uid());
  o app.points;
begin
  select * into o from app.points where id = private.survivor_of(private.arg_uuid(p, 'id'));
  if found and private.is_public(o) and o.author is distinct from me then
    insert into app.view_marks (day, point_id, mark)
    select current_date, o.id, (get_byte(h.hash, 0) * 256 + get_byte(h.hash, 1)) % 512
    from (select sha256(private.salt_of_today() || convert_to('view ' || o.id || ' ' || coalesce(private.caller_network(), ''), 'UTF8')) as hash) as h
    on conflict do nothing;
  end if;
  return '{}';
end;
$$;
comment on function private.point_seen(jsonb) is
  'Counts a reading of a public sheet: a network once a day, the author never. Checks: only what everybody may see; answers the same whatever it finds.';

create function public.point_seen(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.point_seen(p); $$;
comment on function public.point_seen(jsonb) is
  '{id} → {}: the public sheet of a point was opened. Anybody; nothing is kept of who (supabase/README.md). Never cached, never sent again.';

create function private.fold_views()
returns void
language sql
set search_path = ''
as $$
  with over as (
    delete from app.view_marks where day < current_date returning point_id, day
  )
  insert into app.point_views as v (point_id, year, views)
  select point_id, extract(year from day)::smallint, count(*)::int from over group by 1, 2
  on conflict (point_id, year) do update set views = v.views + excluded.views;
$$;
comment on function private.fold_views() is 'Daily: counts the readings of the days that are over, and forgets their marks.';
insert into app.daily_duties (name, position, routine) values ('fold_views', 20, 'private.fold_views');

create function private.views_by_year(points uuid[])
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(y.year, y.views), '{}')
  from (
    select k.year, sum(k.views) as views
    from (
      select v.year, v.views::bigint from app.point_views as v where v.point_id = any (points)
      union all
      select extract(year from m.day)::smallint, count(*) from app.view_marks as m where m.point_id = any (points) group by 1
    ) as k (year, views)
    group by k.year) as y;
$$;
comment on function private.views_by_year(uuid[]) is 'How often these points were read together: {year: n}, today included; {} when they never were.';

create or replace function private.my_contributions(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  page_size int := private.arg_limit(p, 50, 200);
  before bigint;
begin
  before := private.arg_text(p, 'after')::bigint;
  return (
    with page as (
      select d, row_number() over (order by d.id desc) as n from app.decisions as d
      where d.author = me and d.decision <> 'dismiss' and (before is null or d.id < before)
      order by d.id desc limit page_size + 1
    )
    select jsonb_build_object(
      'items', coalesce(jsonb_agg(jsonb_build_object('point_id', (d).point_id, 'theme', (d).theme, 'title', private.point_title(o), 'status', o.status,
        'concept', o.concept,
        'commune_name', (select t.name from app.territories as t where t.level = 'commune' and t.code = o.commune),
        'kind', (d).kind, 'decision', (d).decision, 'outcome', (d).outcome, 'reason', (d).reason,
        'comment', (select e.comment from app.events as e where e.point_id = o.id and e.mutation_id = (d).mutation_id and e.comment is not null order by e.id desc limit 1),
        'at', private.instant((d).at),
        'views', private.views_by_year(array[o.id]),
        'todo', case when o.author = me and o.status = (case (d).decision when 'to_complete' then 'to_complete' when 'reject' then 'rejected' end)
          then case o.status when 'to_complete' then 'complete' else 'resubmit' end end) order by n) filter (where n <= page_size), '[]'),
      'standing', private.trust_json(me),
      'views', private.views_by_year(array(select mine.id from app.points as mine where mine.author = me)),
      'next', case when count(*) > page_size then (min((d).id) filter (where n <= page_size))::text end)
    from page join app.points as o on o.id = (d).point_id);
exception
  when invalid_text_representation or numeric_value_out_of_range then
    perform private.invalid_argument('after : le curseur d’une page.');
end;
$$;
comment on function public.my_contributions(jsonb) is
  '{after?, limit? ≤ 200} → {items: [{point_id, theme, title, status, concept, commune_name, kind, decision, outcome, reason, comment, at, views: {year: n}, todo: complete|resubmit|null}], standing, views: {year: n} of all that one captured, next|null}. Auth.';

revoke all on function private.network_of(text), private.caller_network(), private.salt_of_today(), private.point_seen(jsonb),
  public.point_seen(jsonb), private.fold_views(), private.views_by_year(uuid[]) from public;
grant execute on function private.point_seen(jsonb), public.point_seen(jsonb) to anon, authenticated, service_role;
