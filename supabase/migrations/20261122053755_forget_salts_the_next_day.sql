-- The salt of a day lived up to three days where nobody reported anything: the daily duty kept it a day too long. It now goes
-- with the first duty of the next day. A report in the first hour of a day still counts those of the hour before it.
create or replace function private.forget_addresses()
returns void
language sql
set search_path = ''
as $$
  delete from app.report_attempts where at < now() - interval '48 hours';
  delete from app.report_salts where day < current_date;
$$;
comment on function private.forget_addresses() is 'Daily: deletes hashes of reports after 48 h, and the salts of past days.';

create or replace function private.count_report(address text)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  reports_per_hour constant int := 5;
  hashes bytea[];
begin
  delete from app.report_attempts where at < now() - interval '48 hours';
  delete from app.report_salts where day < (now() - interval '1 hour')::date;
  perform private.salt_of_today();
  select array_agg(sha256(s.salt || convert_to(coalesce(private.network_of(address), ''), 'UTF8')) order by s.day desc) into hashes from app.report_salts as s;
  perform pg_advisory_xact_lock(hashtextextended('report ' || encode(hashes[1], 'hex'), 0));
  if (select count(*) from app.report_attempts where hash = any (hashes) and at > now() - interval '1 hour') >= reports_per_hour then
    return false;
  end if;
  insert into app.report_attempts (hash) values (hashes[1]);
  return true;
end;
$$;
comment on function private.salt_of_today() is 'The salt of today, made at its first use; it goes within 48 h.';
comment on table app.report_salts is
  'A salt a day, deleted within 48 h: without it the hashes of report_attempts lead to no address, and the marks of view_marks to no network.';
