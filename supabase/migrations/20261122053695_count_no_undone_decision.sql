-- The public median of days counted decisions that were undone: what was decided then is the one that follows.
create or replace function private.median_days(of_theme text)
returns numeric
language sql
stable
set search_path = ''
as $$
  select round((extract(epoch from percentile_cont(0.5) within group (order by d.waited)) / 86400)::numeric, 1)
  from app.decisions as d
  where d.theme = of_theme and d.at > now() - interval '90 days' and d.kind in ('new', 'edit') and d.waited is not null
    and not exists (select from app.decisions as u where u.undoes = d.id);
$$;
