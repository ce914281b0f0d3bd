-- What waits for long is said: to the moderators after 7 days, to the coordinators after 15, and to everybody as the median
-- time to a decision.
create table app.reminders (
  user_id uuid not null references app.profiles on delete cascade,
  theme text not null references app.themes,
  level text not null check (level in ('group', 'coordinators')),
  sent_at timestamptz not null default now(),
  primary key (user_id, theme, level)
);
create index reminders_theme_idx on app.reminders (theme);
alter table app.reminders enable row level security;
comment on table app.reminders is 'When somebody was last reminded of what waits in a theme: once a week at most.';

create function private.late_items(who uuid, of_theme text, days int)
returns bigint
language sql
stable
set search_path = ''
as $$
  select count(*)
  from private.scope_of(who) as s
  join app.queue as q on q.theme = s.theme and (s.is_everywhere
    or q.departement = any (s.territories) or q.epci = any (s.territories) or q.commune = any (s.territories))
  where s.theme = of_theme and q.since < now() - make_interval(days => days) and q.author is distinct from who;
$$;
comment on function private.late_items(uuid, text, int) is 'Items that have waited so many days in the scope of a moderator, their own left out.';

create function private.remind(of_level text, roles text[], days int)
returns void
language plpgsql
set search_path = ''
as $$
declare
  who record;
begin
  for who in
    select m.user_id, u.email, t.id as theme, t.labels ->> 'fr' as label, private.late_items(m.user_id, t.id, days) as late, s.public_url, s.instance_name
    from app.memberships as m
    join app.themes as t on t.group_id = m.group_id and t.is_active
    join auth.users as u on u.id = m.user_id and u.email_confirmed_at is not null
    cross join app.settings as s
    where m.role = any (roles)
      and exists (select from app.queue as q where q.theme = t.id and q.since < now() - make_interval(days => days))
      and not exists (select from app.reminders as r
        where r.user_id = m.user_id and r.theme = t.id and r.level = of_level and r.sent_at > now() - interval '7 days')
    order by m.user_id, t.id
  loop
    continue when who.late = 0;
    perform private.send_mail('reminder', who.email,
      format('%s : %s en attente depuis plus de %s jours', who.label, case who.late when 1 then 'une contribution' else who.late || ' contributions' end, days),
      format(E'Bonjour,\n\nDans « %s », %s depuis plus de %s jours dans votre périmètre.\n\nLa file : %s/#/moderation\n\n%s\n',
        who.label, case who.late when 1 then 'une contribution attend' else who.late || ' contributions attendent' end, days, who.public_url, who.instance_name),
      who.user_id);
    insert into app.reminders (user_id, theme, level) values (who.user_id, who.theme, of_level)
    on conflict (user_id, theme, level) do update set sent_at = now();
  end loop;
end;
$$;
comment on function private.remind(text, text[], int) is 'Mails to the people of some roles what has waited so many days in their scope, once a week at most.';

create function private.remind_of_waiting()
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.remind('group', array['moderator', 'coordinator'], 7);
  perform private.remind('coordinators', array['coordinator'], 15);
end;
$$;
comment on function private.remind_of_waiting() is 'Daily: reminds the group of what has waited 7 days, the coordinators of what has waited 15.';
insert into app.daily_duties (name, position, routine) values ('remind_of_waiting', 40, 'private.remind_of_waiting');

create function private.median_days(of_theme text)
returns numeric
language sql
stable
set search_path = ''
as $$
  select round((extract(epoch from percentile_cont(0.5) within group (order by d.waited)) / 86400)::numeric, 1)
  from app.decisions as d
  where d.theme = of_theme and d.at > now() - interval '90 days' and d.kind in ('new', 'edit') and d.waited is not null;
$$;
comment on function private.median_days(text) is 'Median days that new points and edits of the last 90 days waited for their decision, null when none was taken.';

alter function private.read_stats(jsonb) rename to read_public_counts;
create function private.read_stats(p jsonb)
returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return private.cacheable((private.read_public_counts(p)::jsonb || jsonb_build_object('median_days', (
    select coalesce(jsonb_object_agg(t.id, private.median_days(t.id)), '{}') from app.themes as t
    where t.is_active and (private.arg_text(p, 'theme') is null or t.id = private.arg_text(p, 'theme')))))::json, 60);
end;
$$;
comment on function private.read_stats(jsonb) is
  'Counts of what is public, and by theme the median days to a decision. Reads public content and figures only: no check of the caller.';
revoke all on function private.late_items(uuid, text, int), private.remind(text, text[], int), private.remind_of_waiting(),
  private.median_days(text), private.read_stats(jsonb) from public;
revoke all on function private.read_public_counts(jsonb) from anon, authenticated, service_role;
grant execute on function private.read_stats(jsonb) to anon, authenticated, service_role;
