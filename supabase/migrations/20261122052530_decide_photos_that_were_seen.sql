-- A photo may arrive while a moderator reads: a decision says which ones it saw, and the others wait for the next look.
create function private.seen_photos(m jsonb, waiting text[])
returns text[]
language plpgsql
stable
set search_path = ''
as $$
declare
  maximum constant int := 200;
  seen text[];
begin
  if coalesce(m -> 'photos_seen', 'null') = 'null' then
    return waiting;
  end if;
  seen := private.text_array(m -> 'photos_seen');
  if seen is null or cardinality(seen) > maximum then
    perform private.reject('invalid_patch', format('photos_seen : une liste de %s photos au plus.', maximum));
  end if;
  return array(select one from unnest(waiting) as one where one = any (seen));
end;
$$;
comment on function private.seen_photos(jsonb, text[]) is
  'The waiting photos that the moderator was shown (`photos_seen`); all of them when the decision does not say.';

create or replace function private.decide_photos(p app.points, m jsonb, of_user uuid, is_accepting boolean)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  offered text[];
  accepted text[];
begin
  select coalesce(array_agg(id::text), '{}') into offered
  from app.photos where point_id = p.id and state = 'pending' and (of_user is null or user_id = of_user);
  offered := private.seen_photos(m, offered);
  accepted := case when is_accepting then private.accepted_ids(m, 'photos', offered) else '{}' end;
  update app.photos set state = case when id::text = any (accepted) then 'published' else 'refused' end
  where id::text = any (offered);
  return cardinality(accepted) > 0;
end;
$$;
comment on function private.decide_photos(app.points, jsonb, uuid, boolean) is
  'Publishes the waiting photos that a decision accepts and refuses the others that it saw; true when the published set changed.';

revoke all on function private.seen_photos(jsonb, text[]) from public;
