create function private.feed_page(bucket private.sync_bucket, viewer uuid, since private.sync_cursor, page_size int)
returns table (point_id uuid, change_xid xid8, change_seq bigint)
language plpgsql
stable
set search_path = ''
as $$
declare
  horizon xid8 := private.horizon();
  feed text := case bucket.kind
    when 'c' then 'c:' || bucket.theme || ':' || bucket.cell
    when 'u' then 'u:' || viewer end;
begin
  if bucket.kind = 'm' then
    return query
      select c.point_id, c.change_xid, c.change_seq
      from app.changes as c
      join private.scope_of(viewer) as s on s.theme = split_part(c.bucket, ':', 2)
        and (s.is_everywhere or private.covers(s.territories, nullif(split_part(c.bucket, ':', 3), '')))
      where c.bucket like 'm:%' and (c.change_xid, c.change_seq) > (since.xid, since.seq) and c.change_xid < horizon
      order by c.change_xid, c.change_seq
      limit page_size;
  else
    return query
      select c.point_id, c.change_xid, c.change_seq
      from app.changes as c
      where c.bucket = feed and (c.change_xid, c.change_seq) > (since.xid, since.seq) and c.change_xid < horizon
      order by c.change_xid, c.change_seq
      limit page_size;
  end if;
end;
$$;
comment on function private.feed_page(private.sync_bucket, uuid, private.sync_cursor, int) is
  'Changes of a bucket after a cursor and before the horizon, in order. In the moderation feed only rows whose commune the viewer''s scope covers.';

create function private.buckets_with_news(buckets jsonb, viewer uuid)
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
    from jsonb_array_elements(buckets) as b, private.read_cursor(b ->> 'cursor') as since
    where b ->> 'id' in ('m:me', 't') or exists (
      select from app.changes as c
      where c.bucket = case b ->> 'id' when 'u:me' then 'u:' || viewer else b ->> 'id' end
        and (c.change_xid, c.change_seq) > (since.xid, since.seq) and c.change_xid < horizon));
end;
$$;
comment on function private.buckets_with_news(jsonb, uuid) is
  'Buckets that changed since their cursor, found at once: most pulls of most phones bring nothing, and must cost nothing.';

create function private.held_back_since(buckets jsonb, viewer uuid)
returns timestamptz
language plpgsql
stable
set search_path = ''
as $$
declare
  horizon xid8 := private.horizon();
begin
  return least(
    (select min(c.changed_at)
      from jsonb_array_elements(buckets) as b
      join app.changes as c on c.bucket = case b ->> 'id' when 'u:me' then 'u:' || viewer else b ->> 'id' end
      where c.change_xid >= horizon),
    (select min(c.changed_at) from app.changes as c
      where c.bucket like 'm:%' and c.change_xid >= horizon and buckets @> '[{"id": "m:me"}]'));
end;
$$;
comment on function private.held_back_since(jsonb, uuid) is
  'Oldest committed change of these buckets that an older open transaction keeps beyond the horizon, null when nothing is held back.';

create function private.thesaurus_changes(since private.sync_cursor)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  horizon xid8 := private.horizon();
begin
  return jsonb_build_object(
    'concepts', (
      select coalesce(jsonb_agg(private.concept_json(c) order by c.scheme, c.position, c.id), '[]')
      from app.concepts as c
      where (c.change_xid, c.change_seq) > (since.xid, since.seq) and c.change_xid < horizon
        and c.status in ('accepted', 'deprecated')),
    'themes', (
      select coalesce(jsonb_agg(private.theme_json(t) order by t.position, t.id), '[]')
      from app.themes as t
      where (t.change_xid, t.change_seq) > (since.xid, since.seq) and t.change_xid < horizon
        -- Who already has themes must learn that one was closed.
        and (t.is_active or since.seq > 0)),
    'cursor', (
      select private.cursor_text(last.change_xid, last.change_seq) from (
        (select change_xid, change_seq from app.concepts where change_xid < horizon order by change_xid desc, change_seq desc limit 1)
        union all (select change_xid, change_seq from app.themes where change_xid < horizon order by change_xid desc, change_seq desc limit 1)
        order by 1 desc, 2 desc limit 1) as last));
end;
$$;
comment on function private.thesaurus_changes(private.sync_cursor) is
  'Bucket t after a cursor: concepts and themes in the shapes of the RPCs thesaurus and themes, and the cursor reached.';

revoke all on function private.feed_page(private.sync_bucket, uuid, private.sync_cursor, int),
  private.buckets_with_news(jsonb, uuid), private.held_back_since(jsonb, uuid), private.thesaurus_changes(private.sync_cursor) from public;
