-- A hundred points were searched for duplicates one by one; now in one search.
create function private.bulk_obstacle(p app.points, who uuid)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return case
    when p.status <> 'submitted' then 'not_waiting'
    when p.author is null or p.author = who then 'own_contribution'
    when exists (select from app.conflicts where point_id = p.id and resolved_by is null) then 'conflict'
    when exists (select from app.term_proposals where point_id = p.id and state = 'proposed') then 'term_proposed' end;
end;
$$;
comment on function private.bulk_obstacle(app.points, uuid) is 'Why a point must be looked at alone, whatever lies around it; null when nothing of its own says so.';

create or replace function private.bulk_problem(p app.points, who uuid)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return coalesce(private.bulk_obstacle(p, who),
    case when exists (select from private.possible_duplicates(array[p.id], who)) then 'candidate' end);
end;
$$;

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
      'safe', (select coalesce(jsonb_agg(jsonb_build_object('point_id', (o).id, 'rev', (o).rev) order by (o).id), '[]') from judged where problem is null),
      'unsafe', (select coalesce(jsonb_agg(jsonb_build_object('point_id', (o).id, 'why', problem) order by (o).id), '[]') from judged where problem is not null)));
end;
$$;

revoke all on function private.bulk_obstacle(app.points, uuid) from public;
