create or replace function private.push_create(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  theme app.themes := private.active_theme(m ->> 'theme');
  p app.points;
  made app.points[];
begin
  select * into p from app.points where id = (m ->> 'point_id')::uuid;
  if found then
    perform private.reject(case when p.author = who then 'invalid_transition' else 'not_allowed' end,
      'Cet identifiant de point est déjà pris.');
  end if;
  made := private.create_points(who, array[m]);
  perform private.note_doubts(made[1], m);
  return jsonb_build_object('status', 'applied', 'rev', made[1].rev);
end;
$$;
