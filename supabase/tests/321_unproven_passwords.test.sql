begin;
set local search_path = public, extensions;
select plan(9);

create function pg_temp.account(code_sent interval, recovery_sent interval, is_proven boolean default false) returns uuid
language plpgsql as $$
declare
  id uuid := gen_random_uuid();
begin
  insert into auth.users (id, email, encrypted_password, created_at, confirmation_sent_at, recovery_sent_at, email_confirmed_at)
  values (id, id || '@test', 'hash', now(), now() + code_sent, now() + recovery_sent, case when is_proven then now() end);
  insert into auth.sessions (id, user_id) values (gen_random_uuid(), id);
  return id;
end;
$$;
create function pg_temp.prove(who uuid) returns text
language sql as $$
  update auth.users set email_confirmed_at = now() + interval '1 hour' where id = who returning encrypted_password;
$$;
create function pg_temp.sessions(who uuid) returns bigint
language sql as $$ select count(*) from auth.sessions where user_id = who; $$;

create temp table people as select
  pg_temp.account('0.4 seconds', null) as alone,
  pg_temp.account('2 minutes', null) as twice,
  pg_temp.account('0.4 seconds', '1 day') as by_code,
  pg_temp.account('0.4 seconds', '1 day', true) as proven;

select is(pg_temp.prove((select alone from people)), 'hash', 'the password of the only sign-up stays when its code is typed');
select is(pg_temp.sessions((select alone from people)), 1::bigint, 'and so do its sessions');
select is(pg_temp.prove((select twice from people)), '', 'a second code for the sign-up: nobody knows whose password it is');
select is(pg_temp.sessions((select twice from people)), 0::bigint, 'nor whose sessions');
select is(pg_temp.prove((select by_code from people)), '', 'a sign-in by code or a recovery drops the password set before');
select is(pg_temp.sessions((select by_code from people)), 0::bigint, 'and ends its sessions');
select is(pg_temp.prove((select proven from people)), 'hash', 'an address that was proven long ago keeps its password');

insert into app.profiles (user_id) select unnest(array[alone, by_code]) from people on conflict do nothing;
grant select on people to public;
select tests.as_user((select alone from people));
select is(public.me() ->> 'has_password', 'true', 'me says that there is a password');
select tests.as_user((select by_code from people));
select is(public.me() ->> 'has_password', 'false', 'or that there is none left');

select tests.as_owner();
select * from finish();
rollback;
