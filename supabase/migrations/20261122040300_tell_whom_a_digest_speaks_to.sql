create or replace function public.sync_pull(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.sync_pull(p) || jsonb_build_object('server_time',
    to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
$$;
comment on function public.sync_pull(jsonb) is
  'Contract §3: {epoch?, visibility_epoch?, buckets, limit?} → what changed and what left the caller''s view; `server_time` lets a phone notice that its own clock is wrong. Signed-in callers.';

create or replace function public.sync_digest(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.sync_digest(p) || jsonb_build_object('user_id', auth.uid()); $$;
comment on function public.sync_digest(jsonb) is
  'Contract §3: {buckets} → count and digest of each, as decimal strings; `user_id` and `epoch` say whom and what they speak of. Signed-in callers.';

create or replace function public.sync_ids(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.sync_ids(p) || jsonb_build_object('epoch', private.sync_digest('{"buckets":[]}') -> 'epoch', 'user_id', auth.uid()); $$;
comment on function public.sync_ids(jsonb) is
  'Contract §3: {bucket, after?, limit?} → [[id, v]…] by id; `user_id` and `epoch` say whom and what they speak of. Signed-in callers.';
