create function private.push_comment(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  p app.points;
begin
  if jsonb_typeof(m -> 'text') is distinct from 'string' or m ->> 'text' ~ '^\s*$' then
    perform private.reject('invalid_patch', 'Un commentaire est un texte.');
  elsif char_length(m ->> 'text') > 4000 then
    perform private.reject('comment_too_long', 'Un commentaire tient en 4 000 caractères.');
  end if;
  p := private.save_point(was, was);
  perform private.record_event(p, who, 'comment', comment => m ->> 'text', mutation_id => (m ->> 'mutation_id')::uuid);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;
comment on function private.push_comment(uuid, jsonb) is
  'Mutation `comment`: plain text in the history, for the author and the moderators in scope. Whoever sees a point may write to them.';
revoke all on function private.push_comment(uuid, jsonb) from public;
