create function private.withdraw_revision(p app.points, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  r app.revisions;
begin
  select * into r from app.revisions
  where id = private.to_uuid(m ->> 'revision_id') and point_id = p.id and author = who;
  if not found then
    perform private.reject('unknown_revision', 'Cette proposition n’existe pas.');
  elsif r.state <> 'pending' then
    perform private.reject('invalid_transition', 'Cette proposition n’attend plus.');
  end if;
  update app.revisions set state = 'withdrawn', decided_at = now() where id = r.id;
  return private.save_point(p, p);
end;
$$;
comment on function private.withdraw_revision(app.points, uuid, jsonb) is 'The author of an edit that waits takes it back.';

create function private.withdraw_point(was app.points, who uuid)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  p app.points := was;
begin
  if was.author is distinct from who then
    perform private.reject('not_allowed', 'Seul son auteur retire un point.');
  elsif was.status not in ('draft', 'submitted', 'to_complete', 'rejected') then
    perform private.reject('invalid_transition', 'Ce point ne se retire pas dans son état actuel.');
  end if;
  p.status := 'withdrawn';
  return private.save_point(was, p);
end;
$$;
comment on function private.withdraw_point(app.points, uuid) is 'The author takes back a point that is not published.';

create function private.push_withdraw(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  p app.points;
begin
  p := case when coalesce(m -> 'revision_id', 'null') <> 'null' then private.withdraw_revision(was, who, m)
    else private.withdraw_point(was, who) end;
  perform private.record_event(p, who, 'withdraw', was.status, mutation_id => (m ->> 'mutation_id')::uuid,
    revision_id => private.to_uuid(m ->> 'revision_id'));
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;
comment on function private.push_withdraw(uuid, jsonb) is 'Mutation `withdraw`: an unpublished point, or the edit named by revision_id.';

revoke all on function private.withdraw_revision(app.points, uuid, jsonb), private.withdraw_point(app.points, uuid),
  private.push_withdraw(uuid, jsonb) from public;
