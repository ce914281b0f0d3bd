-- What is written to people waits here, and the function worker sends it. A job names its mail: addresses and texts
-- stand in one table, which is emptied.
create table app.mails (
  id bigint generated always as identity primary key,
  user_id uuid references app.profiles on delete cascade,
  address text not null check (char_length(address) between 3 and 320),
  kind text not null check (kind in ('invitation', 'reminder', 'decision', 'digest', 'report')),
  subject text not null check (char_length(subject) between 1 and 200),
  text text not null check (char_length(text) between 1 and 20000),
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index mails_user_id_idx on app.mails (user_id);
create index mails_sent_at_idx on app.mails (sent_at);
alter table app.mails enable row level security;
comment on table app.mails is
  'Mails to send and sent, deleted 30 days after they left (setting done_job_days). Nobody reads them but the function worker.';
comment on column app.mails.user_id is 'Whose account it is about; null for somebody without one.';

create function private.send_mail(kind text, address text, subject text, body text, who uuid default null)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  mail bigint;
begin
  insert into app.mails (user_id, address, kind, subject, text)
  -- A header is one line, whatever a name contains.
  values (who, address, kind, left(regexp_replace(subject, '[[:cntrl:]]+', ' ', 'g'), 200), left(body, 20000))
  returning id into mail;
  perform private.enqueue_job('mail', jsonb_build_object('mail_id', mail), 'mail:' || mail);
  return mail;
end;
$$;
comment on function private.send_mail(text, text, text, text, uuid) is 'Leaves a mail to the function worker. Returns its number.';

create function private.job_mail(job app.jobs)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if job.kind <> 'mail' then
    return null;
  end if;
  return (
    select jsonb_build_object('to', m.address, 'subject', m.subject, 'text', m.text)
    from app.mails as m where m.id = (job.payload ->> 'mail_id')::bigint and m.sent_at is null);
end;
$$;
comment on function private.job_mail(app.jobs) is 'The mail that a job sends; null when it left already, or was deleted with its account.';

create or replace function private.worker_take(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- What one call of Storage deletes in a breath.
  objects_per_job constant int := 100;
  taken jsonb;
begin
  perform private.sweep();
  with due as (
    select id from app.jobs
    where done_at is null and run_after <= now() and (locked_until is null or locked_until < now())
      and (p -> 'kinds' is null or kind = any (private.text_array(p -> 'kinds')))
    order by run_after, id
    limit coalesce(private.to_count(p -> 'limit', 100), 10)
    for update skip locked
  ), locked as (
    update app.jobs as j set locked_until = now() + interval '5 minutes', attempts = j.attempts + 1
    from due where j.id = due.id
    returning j.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', j.id, 'kind', j.kind, 'payload', j.payload, 'attempts', j.attempts, 'photos', private.job_photos(j),
      'objects', case j.kind when 'collect_objects' then private.condemn_orphans(objects_per_job) else '[]' end,
      'mail', private.job_mail(j))
    order by j.run_after, j.id), '[]')
  into taken
  from locked as j;
  return jsonb_build_object('jobs', taken);
end;
$$;
comment on function private.worker_take(jsonb) is
  'Service only. Jobs that are due, held for five minutes: {limit? ≤ 100, kinds?} → {jobs: [{id, kind, payload, attempts, photos: [{id, path, thumb_path, sha256, public_path, public_thumb_path}], objects: [{bucket, name}], mail: {to, subject, text}|null}]}.';

create function private.note_sent_mail()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.last_error is null then
    update app.mails set sent_at = now() where id = (new.payload ->> 'mail_id')::bigint and sent_at is null;
  end if;
  return null;
end;
$$;
comment on function private.note_sent_mail() is 'Trigger: the job of a mail is done, so the mail has left.';
create trigger jobs_note_sent_mail after update of done_at on app.jobs
for each row when (new.kind = 'mail' and new.done_at is not null and old.done_at is null)
execute function private.note_sent_mail();

create table app.daily_duties (
  name text primary key,
  position int not null,
  routine text not null check (routine ~ '^private\.[a-z_]+$')
);
alter table app.daily_duties enable row level security;
comment on table app.daily_duties is
  'What the daily sweep does beside its own cleaning, in order: functions without argument, written by migrations.';

alter function private.sweep() rename to sweep_storage;
comment on function private.sweep_storage() is
  'Once a day: purges finished jobs, asks again for public copies that are missing or too many, and for orphan objects to be deleted.';

create function private.sweep()
returns void
language plpgsql
set search_path = ''
as $$
declare
  last timestamptz := (select swept_at from app.settings);
  duty text;
begin
  perform private.sweep_storage();
  if (select swept_at from app.settings) = last then
    return;
  end if;
  for duty in select routine from app.daily_duties order by position, name loop
    execute format('select %s()', duty);
  end loop;
end;
$$;
comment on function private.sweep() is 'Once a day, at a run of the worker: cleans, then does each of app.daily_duties.';

create function private.forget_mails()
returns void
language sql
set search_path = ''
as $$
  -- One that could not leave in a month will not: its address was wrong, or nothing is configured to send.
  delete from app.mails
  where coalesce(sent_at, created_at) < now() - make_interval(days => (select done_job_days from app.settings));
$$;
comment on function private.forget_mails() is 'Daily: deletes the mails that left long ago, and those that never could.';
insert into app.daily_duties (name, position, routine) values ('forget_mails', 10, 'private.forget_mails');

revoke all on function private.send_mail(text, text, text, text, uuid), private.job_mail(app.jobs), private.note_sent_mail(),
  private.sweep(), private.forget_mails() from public;
