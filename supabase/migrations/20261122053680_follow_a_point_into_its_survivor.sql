-- Who followed a point that was merged heard nothing more: what is told of the point that stands for it is told to them too.
create or replace function private.followed_news(who uuid, after bigint, upto bigint)
returns text
language sql
stable
set search_path = ''
as $$
  select string_agg('- ' || label || ' : ' || n || case n when 1 then ' nouveauté' else ' nouveautés' end, E'\n' order by label)
  from (
    select coalesce(t.labels ->> 'fr', c.name, '« ' || private.point_title(p) || ' »', 'un point suivi') as label, count(distinct d.point_id) as n
    from app.follows as f
    cross join lateral (select case f.kind when 'point' then private.survivor_of(private.to_uuid(f.target))::text else f.target end as target) as followed
    join app.decisions as d on d.generation > after and d.generation <= upto and d.decision in ('publish', 'archive', 'destroy')
      and case f.kind when 'point' then d.point_id::text when 'theme' then d.theme else d.commune end = followed.target
    join app.points as p on p.id = d.point_id
    left join app.themes as t on f.kind = 'theme' and t.id = f.target
    left join app.territories as c on f.kind = 'commune' and c.level = 'commune' and c.code = f.target
    -- What is hidden, or shown elsewhere than it lies, makes no news; nor does what was undone meanwhile.
    where f.user_id = who and private.is_public(p) and p.sensitivity = 'open' and not private.is_undone(d, upto)
    group by 1) as news;
$$;
