-- Somebody with an account says what is wrong as anybody may, from the outbox: it waits in the queue of the group. A mere
-- comment goes to the author and the history, where no moderator looks for it.
create or replace function private.push_comment(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  mid uuid := (m ->> 'mutation_id')::uuid;
  about text := m ->> 'about';
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  p app.points;
begin
  if jsonb_typeof(m -> 'text') is distinct from 'string' or m ->> 'text' ~ '^\s*$' then
    perform private.reject('invalid_patch', 'Un commentaire est un texte.');
  elsif char_length(m ->> 'text') > 4000 then
    perform private.reject('comment_too_long', 'Un commentaire tient en 4 000 caractères.');
  elsif about is not null and about <> all (array['position', 'description', 'photo', 'private', 'duplicate', 'other']) then
    perform private.reject('invalid_patch', 'about : ce que l’on signale.');
  end if;
  -- What is not public yet is in the queue already, where its comments are read.
  if about is not null and was.status = 'published' then
    insert into app.reports (id, point_id, kind, user_id, about, text) values (mid, was.id, 'problem', who, about, m ->> 'text');
  end if;
  p := private.save_point(was, was);
  perform private.record_event(p, who, 'comment', comment => m ->> 'text', mutation_id => mid);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;
comment on function private.push_comment(uuid, jsonb) is
  'Mutation `comment`: plain text in the history, for the author and the moderators in scope; with `about`, of a published point, it waits in the queue as a report. Whoever sees a point may write to them.';
