-- A lot names the photos that were there when it was gathered: one that arrives before it leaves waits for another look.
create function private.waiting_photos(point uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$ select coalesce(jsonb_agg(id order by id), '[]') from app.photos where point_id = point and state = 'pending'; $$;
comment on function private.waiting_photos(uuid) is 'Ids of the photos of a point that wait for a decision.';

create or replace function private.moderation_bulk(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  ids uuid[] := array(select private.to_uuid(one #>> '{}') from jsonb_array_elements(private.arg_list(p, 'point_ids', 100)) as one);
begin
  return (
    with near as materialized (
      select distinct d.point_id from private.possible_duplicates(ids, me) as d
    ), asked as (
      select o, coalesce(private.bulk_obstacle(o, me), case when o.id in (select n.point_id from near as n) then 'candidate' end) as problem
      from app.points as o
      where o.id = any (ids) and o.status not in ('draft', 'withdrawn') and private.moderates(me, o.theme, o.commune)
    ), main as (
      -- Of several authors or themes, the lot of the most.
      select (o).author as author, (o).theme as theme from asked where problem is null
      group by 1, 2 order by count(*) desc, 1, 2 limit 1
    ), judged as (
      select o, case when problem is not null then problem
        when ((o).author, (o).theme) is distinct from (main.author, main.theme) then 'other_author_or_theme' end as problem
      from asked left join main on true
    )
    select jsonb_build_object(
      'safe', (select coalesce(jsonb_agg(jsonb_build_object('point_id', (o).id, 'rev', (o).rev, 'photos', private.waiting_photos((o).id)) order by (o).id), '[]') from judged where problem is null),
      'unsafe', (select coalesce(jsonb_agg(jsonb_build_object('point_id', (o).id, 'why', problem) order by (o).id), '[]') from judged where problem is not null)));
end;
$$;

revoke all on function private.waiting_photos(uuid) from public;
