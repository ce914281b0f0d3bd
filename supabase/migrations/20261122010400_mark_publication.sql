create function private.mark_publication()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.first_published_at is null and new.status in ('published', 'archived', 'destroyed') then
    new.first_published_at := now();
  end if;
  return new;
end;
$$;
comment on function private.mark_publication() is
  'Trigger: a point that becomes public says so for ever, whoever publishes it; the sync index of a cell rests on it.';
create trigger points_mark_publication before insert or update of status on app.points
for each row execute function private.mark_publication();
revoke all on function private.mark_publication() from public;
