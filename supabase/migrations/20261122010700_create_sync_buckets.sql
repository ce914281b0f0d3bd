create index photos_waiting_idx on app.photos (point_id) where state = 'pending';

create type private.sync_bucket as (kind text, theme text, cell text);
comment on type private.sync_bucket is 'A bucket id taken apart: kind c, u, m or t; theme and cell for c.';

create function private.read_bucket(id text)
returns private.sync_bucket
language plpgsql
stable
set search_path = ''
as $$
declare
  parts text[] := regexp_match(id, '^c:([a-z][a-z0-9-]{1,40}):([0-3]{12})$');
begin
  if parts is not null then
    return row('c', parts[1], parts[2])::private.sync_bucket;
  elsif id in ('u:me', 'm:me', 't') then
    return row(left(id, 1), null, null)::private.sync_bucket;
  end if;
  perform private.invalid_argument('bucket : c:<thématique>:<quadkey de 12 chiffres>, u:me, m:me ou t.');
end;
$$;
comment on function private.read_bucket(text) is 'Takes a bucket id apart; PT400 when it is not one of the contract.';

create function private.scope_of(who uuid)
returns table (theme text, territories text[], is_everywhere boolean)
language sql
stable
set search_path = ''
as $$
  select t.id, m.territories, '*' = any (m.territories)
  from app.memberships as m
  join app.themes as t on t.group_id = m.group_id
  where m.user_id = who and m.role in ('moderator', 'coordinator');
$$;
comment on function private.scope_of(uuid) is 'Themes that a person moderates, with the territories: the same rule as private.moderates, for joins.';

create function private.waiting_points(who uuid)
returns setof uuid
language sql
stable
set search_path = ''
as $$
  select p.id
  from app.points as p
  join private.scope_of(who) as s on s.theme = p.theme and (s.is_everywhere or private.covers(s.territories, p.commune))
  where p.status not in ('draft', 'withdrawn') and p.id in (
    select id from app.points where status = 'submitted'
    union select point_id from app.revisions where state = 'pending'
    union select f.point_id from app.photos as f join app.points as t on t.id = f.point_id
      where f.state = 'pending' and t.status = 'published'
    union select point_id from app.reports where state = 'open');
$$;
comment on function private.waiting_points(uuid) is 'Points that wait for a decision in the scope of a moderator: members of their bucket m:me.';

create function private.involved_points(who uuid)
returns setof uuid
language sql
stable
set search_path = ''
as $$
  select id from app.points where author = who
  union select point_id from app.revisions where author = who
  union select point_id from app.photos where user_id = who
  union select point_id from app.conflicts where user_id = who;
$$;
comment on function private.involved_points(uuid) is 'Points that a person made or gave something to: members of their bucket u:me while they may see them.';

create function private.bucket_points(bucket text, viewer uuid, after uuid, page_size int)
returns setof app.points
language plpgsql
stable
set search_path = ''
as $$
declare
  b private.sync_bucket := private.read_bucket(bucket);
  start uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
begin
  if b.kind = 'c' then
    return query
      select p.* from app.points as p
      where p.theme = b.theme and p.public_cell = b.cell and p.first_published_at is not null
        and p.status in ('published', 'archived', 'destroyed') and p.id > start
      order by p.id limit page_size;
  elsif b.kind = 'u' then
    return query
      select p.* from app.points as p
      where p.id in (select private.involved_points(viewer)) and p.id > start and private.can_see(p, viewer)
      order by p.id limit page_size;
  elsif b.kind = 'm' then
    return query
      select p.* from app.points as p
      where p.id in (select private.waiting_points(viewer)) and p.id > start
      order by p.id limit page_size;
  end if;
end;
$$;
comment on function private.bucket_points(text, uuid, uuid, int) is
  'Members of a bucket that the viewer may see, by id: what snapshot, digest and ids agree on.';

revoke all on function private.read_bucket(text), private.scope_of(uuid), private.waiting_points(uuid),
  private.involved_points(uuid), private.bucket_points(text, uuid, uuid, int) from public;
