-- What somebody follows, by its name: a list of ids tells nobody anything. A point that they may no longer see has none.
create function private.follow_json(f app.follows)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('kind', f.kind, 'target', f.target) || coalesce(case f.kind
    when 'commune' then (select jsonb_build_object('title', t.name) from app.territories as t where t.level = 'commune' and t.code = f.target)
    when 'point' then (
      select jsonb_build_object('title', private.point_title(o), 'theme', o.theme, 'concept', o.concept)
      from app.points as o where o.id = private.to_uuid(f.target) and private.can_see(o, f.user_id)) end, '{}');
$$;
comment on function private.follow_json(app.follows) is 'Something that a person follows, named as far as they may see it.';

create or replace function private.preferences_json(who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('digest', p.digest, 'follows', (
    select coalesce(jsonb_agg(private.follow_json(f) order by f.kind, f.created_at, f.target), '[]')
    from app.follows as f where f.user_id = who))
  from app.profiles as p where p.user_id = who;
$$;
comment on function public.preferences_set(jsonb) is
  '{digest?: never|each|daily|weekly} → {digest, follows: [{kind, target, title?, theme?, concept?}]}; {} reads. Auth.';
revoke all on function private.follow_json(app.follows) from public;
