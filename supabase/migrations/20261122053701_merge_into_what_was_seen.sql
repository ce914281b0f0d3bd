-- A merge said what it had seen of the duplicate, never of the survivor: taken offline, it wrote its chosen values over what
-- somebody had put right meanwhile. `seen_other_rev` says which content of the survivor the values were chosen against.
create or replace function private.lock_survivor(p app.points, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points;
begin
  select * into survivor from app.points
  where id = private.survivor_of(private.to_uuid(m ->> 'duplicate_of')) for update;
  if not found or not private.can_see(survivor, who) then
    perform private.reject('unknown_point', 'Le point d’origine du doublon n’existe pas, ou n’est pas visible.');
  elsif survivor.id = p.id then
    perform private.reject('duplicate_cycle', 'Un point ne peut pas être le doublon de lui-même.');
  elsif not private.is_moderator_of(who, survivor) then
    perform private.reject('not_allowed', 'Le point d’origine n’est pas dans votre périmètre de modération.');
  elsif survivor.theme <> p.theme then
    perform private.reject('invalid_patch', 'Les deux points doivent être de la même thématique.');
  elsif survivor.status not in ('submitted', 'published') then
    perform private.reject('invalid_transition', 'Le point d’origine n’est ni proposé ni publié.');
  elsif coalesce(m -> 'seen_other_rev', 'null') <> 'null' and jsonb_path_exists(m, '$.keep.* ? (@ == "this")')
    and (private.to_count(m -> 'seen_other_rev', 2147483647) <> survivor.rev or survivor.id <> private.to_uuid(m ->> 'duplicate_of')) then
    perform private.reject('stale_review', 'Le point d’origine a changé depuis la lecture.');
  end if;
  return survivor;
end;
$$;
comment on function private.lock_survivor(app.points, uuid, jsonb) is
  'The point that a duplicate is merged into: `duplicate_of` followed to the end, in scope, of the same theme, no cycle, with the content that was seen (`seen_other_rev`).';
