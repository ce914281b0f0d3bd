-- Asked whether any change exists, PostgreSQL expects one soon and reads the whole feed from its start, once a bucket.
-- Asked for the first one, it goes where it is. A phone that has everything asks every minute.
create or replace function private.buckets_with_news(buckets jsonb, viewer uuid)
returns text[]
language plpgsql
stable
set search_path = ''
as $$
declare
  horizon xid8 := private.horizon();
begin
  return array(
    select b ->> 'id'
    from jsonb_array_elements(buckets) as b
    cross join lateral private.read_cursor(b ->> 'cursor') as since
    left join lateral (
      select c.change_xid
      from app.changes as c
      where c.bucket = case b ->> 'id' when 'u:me' then 'u:' || viewer else b ->> 'id' end
        and (c.change_xid, c.change_seq) > (since.xid, since.seq)
      order by c.change_xid, c.change_seq
      limit 1) as next on true
    where b ->> 'id' in ('m:me', 't') or next.change_xid < horizon);
end;
$$;

create or replace function private.held_back_since(buckets jsonb, viewer uuid)
returns timestamptz
language plpgsql
stable
set search_path = ''
as $$
declare
  horizon xid8 := private.horizon();
begin
  return least(
    (select min(oldest.at)
      from jsonb_array_elements(buckets) as b
      cross join lateral (
        select min(c.changed_at) as at
        from app.changes as c
        where c.bucket = case b ->> 'id' when 'u:me' then 'u:' || viewer else b ->> 'id' end and c.change_xid >= horizon) as oldest),
    (select min(c.changed_at) from app.changes as c
      where c.bucket like 'm:%' and c.change_xid >= horizon and buckets @> '[{"id": "m:me"}]'));
end;
$$;
