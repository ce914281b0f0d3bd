-- What became of one's contributions told the true commune of a blurred point, and the state of one that is hidden by now.
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
      'items', coalesce(jsonb_agg(jsonb_build_object('point_id', (d).point_id, 'theme', (d).theme, 'title', case when shown.row is not null then private.point_title(o) end, 'status', shown.row ->> 'status',
        'concept', shown.row ->> 'concept',
        'commune_name', (select t.name from app.territories as t where t.level = 'commune' and t.code = shown.row ->> 'commune'),
        'kind', (d).kind, 'decision', (d).decision, 'outcome', (d).outcome, 'reason', (d).reason,
        'comment', (select e.comment from app.events as e where e.point_id = o.id and e.mutation_id = (d).mutation_id and e.comment is not null order by e.id desc limit 1),
        'at', private.instant((d).at),
        'views', case when shown.row is not null then private.views_by_year(array[o.id]) else '{}' end,
        'todo', case when o.author = me and o.status = (case (d).decision when 'to_complete' then 'to_complete' when 'reject' then 'rejected' end)
          then case o.status when 'to_complete' then 'complete' else 'resubmit' end end) order by n) filter (where n <= page_size), '[]'),
      'standing', private.trust_json(me),
      'views', private.views_by_year(array(select mine.id from app.points as mine where mine.author = me)),
      'next', case when count(*) > page_size then (min((d).id) filter (where n <= page_size))::text end)
    from page join app.points as o on o.id = (d).point_id
    -- As it is shown to them: who once gave a photo is told neither where a place lies that is kept from others, nor what became of it.
    cross join lateral (select private.point_row(o, me) as row) as shown);
exception
  when invalid_text_representation or numeric_value_out_of_range then
    perform private.invalid_argument('after : le curseur d’une page.');
end;
$$;
