create or replace function public.sync_snapshot(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.sync_snapshot(p) || jsonb_build_object('user_id', auth.uid()); $$;
comment on function public.sync_snapshot(jsonb) is
  'Contract §3: {bucket, after?, limit?, horizon?} → a page of the bucket as it is now; `user_id` and `epoch` say whom and what it speaks of. Signed-in callers.';

create or replace function public.sync_receipts(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.sync_receipts(p) || jsonb_build_object('user_id', auth.uid()); $$;
comment on function public.sync_receipts(jsonb) is
  'Contract §3: {mutation_ids ≤ 500} → {unknown}; `user_id` and `epoch` say whom and what it speaks of. Signed-in callers.';
