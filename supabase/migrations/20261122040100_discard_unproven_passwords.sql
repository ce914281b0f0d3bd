create function private.discard_unproven_password()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- One sign-up, one code: who types the code chose the password. As soon as a second code left for the address
  -- (a code to sign in, a recovery, another sign-up, the same code again), the password may be a stranger's.
  if new.recovery_sent_at is not null or new.confirmation_sent_at > new.created_at + interval '5 seconds' then
    new.encrypted_password := '';
    delete from auth.sessions where user_id = new.id;
  end if;
  return new;
end;
$$;
comment on function private.discard_unproven_password() is
  'Trigger: an address that is proven for the first time drops the password set before it was, unless nothing but that one sign-up ever sent a code there. Otherwise whoever signs up with somebody else''s address keeps a key to the account that its owner opens later by code.';
create trigger users_discard_unproven_password before update of email_confirmed_at on auth.users
for each row when (old.email_confirmed_at is null and new.email_confirmed_at is not null)
execute function private.discard_unproven_password();
revoke all on function private.discard_unproven_password() from public;
