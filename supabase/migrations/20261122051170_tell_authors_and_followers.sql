-- What became of one's contributions, in a mail when one wishes; and what one follows.
alter table app.profiles
  add column digest text not null default 'never' check (digest in ('never', 'each', 'daily', 'weekly')),
  add column digest_sent_at timestamptz not null default now();
comment on column app.profiles.digest is 'How often the person is written to about decisions on what they gave and news of what they follow: never, unless they ask.';

create table app.follows (
  user_id uuid not null references app.profiles on delete cascade,
  kind text not null check (kind in ('point', 'commune', 'theme')),
  target text not null,
  created_at timestamptz not null default now(),
  primary key (user_id, kind, target)
);
alter table app.follows enable row level security;
comment on table app.follows is 'Points, communes and themes whose news a person wants.';

create function private.reason_label(in_theme text, code text)
returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (select r #>> '{labels,fr}' from app.themes as t,
      jsonb_array_elements(case jsonb_typeof(t.settings -> 'reasons') when 'array' then t.settings -> 'reasons' else '[]' end) as r
      where t.id = in_theme and r ->> 'code' = reason_label.code limit 1),
    case code
      when 'photo_missing' then 'il manque une photo' when 'photo_unusable' then 'la photo ne se lit pas'
      when 'position_doubtful' then 'la position est douteuse' when 'description_incomplete' then 'la description est incomplète'
      when 'wrong_concept' then 'ce n’est pas le bon terme' when 'out_of_scope' then 'ce n’est pas dans le sujet de l’inventaire'
      when 'duplicate' then 'ce point est déjà connu' when 'private_life' then 'la vie privée de quelqu’un est en jeu'
      when 'sensitive_place' then 'le lieu est sensible' when 'not_found_on_site' then 'rien n’a été trouvé sur place'
      when 'trust' then 'publié aussitôt, par confiance' end);
$$;
comment on function private.reason_label(text, text) is 'A reason in French, as mails write it; null when it has no words.';

create function private.decision_line(d app.decisions)
returns text
language sql
stable
set search_path = ''
as $$
  select concat('- ', coalesce('« ' || private.point_title(p) || ' »', t.labels ->> 'fr'), ' : ',
    case
      when d.outcome = 'corrected' then 'publié, après correction'
      when d.decision = 'publish' then 'publié' when d.decision = 'reject' then 'refusé' when d.decision = 'to_complete' then 'à compléter'
      when d.decision = 'duplicate' then 'réuni à un point déjà connu' when d.decision = 'archive' then 'archivé'
      when d.decision = 'destroy' then 'noté comme disparu' when d.decision = 'restore' then 'remis dans la file' else 'lu' end,
    ' ; motif : ' || private.reason_label(d.theme, d.reason),
    E'\n  « ' || (select e.comment from app.events as e where e.point_id = d.point_id and e.mutation_id = d.mutation_id and e.comment is not null order by e.id desc limit 1) || ' »',
    case d.decision when 'to_complete' then E'\n  Complétez-le dans l’application et renvoyez-le.'
      when 'reject' then E'\n  Vous pouvez le modifier et le proposer de nouveau.' end)
  from app.points as p join app.themes as t on t.id = p.theme
  where p.id = d.point_id;
$$;
comment on function private.decision_line(app.decisions) is 'A decision as its mail tells it: what, the outcome, the reason, what was written, and what to do.';

create function private.send_decisions(who uuid, since timestamptz)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  lines text;
  news text;
  address text;
begin
  select string_agg(private.decision_line(d), E'\n' order by d.id) into lines
  from (select * from app.decisions where author = who and actor is distinct from who and at > since and decision <> 'dismiss' order by id desc limit 100) as d;
  select string_agg('- ' || label || ' : ' || n || case n when 1 then ' nouveauté' else ' nouveautés' end, E'\n' order by label) into news
  from (
    select coalesce(t.labels ->> 'fr', c.name, '« ' || private.point_title(p) || ' »', 'un point suivi') as label, count(distinct d.point_id) as n
    from app.follows as f
    join app.decisions as d on d.at > since and d.decision in ('publish', 'archive', 'destroy')
      and case f.kind when 'point' then d.point_id::text when 'theme' then d.theme else d.commune end = f.target
    join app.points as p on p.id = d.point_id
    left join app.themes as t on f.kind = 'theme' and t.id = f.target
    left join app.territories as c on f.kind = 'commune' and c.level = 'commune' and c.code = f.target
    -- What is hidden, or shown elsewhere than it lies, makes no news.
    where f.user_id = who and private.is_public(p) and p.sensitivity = 'open'
    group by 1) as followed;
  select email into address from auth.users where id = who and email_confirmed_at is not null;
  if address is null or lines is null and news is null then
    return false;
  end if;
  perform private.send_mail(case when lines is null then 'digest' else 'decision' end, address, 'Vos contributions : ce qu’elles sont devenues',
    concat(E'Bonjour,\n\n', lines || E'\n\n', E'Ce que vous suivez :\n' || news || E'\n\n',
      (select s.public_url || E'\n\nVous choisissez dans votre compte si nous vous écrivons, et quand.\n\n' || s.instance_name || E'\n' from app.settings as s)), who);
  return true;
end;
$$;
comment on function private.send_decisions(uuid, timestamptz) is 'Mails somebody what was decided on what they gave since an instant, and what moved of what they follow; nothing when nothing did.';

create function private.send_each_decision()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if exists (select from app.profiles where user_id = new.author and digest = 'each') then
    perform private.enqueue_job('tell_decisions', jsonb_build_object('user_id', new.author), 'tell_decisions:' || new.author, now() + interval '1 minute');
  end if;
  return null;
end;
$$;
comment on function private.send_each_decision() is 'Trigger: who wants to know at once is written to within a minute, once for all that was decided meanwhile.';
create trigger decisions_tell after insert on app.decisions
for each row when (new.author is not null and new.author is distinct from new.actor) execute function private.send_each_decision();

create function private.tell_decisions(who uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  since timestamptz;
begin
  select digest_sent_at into since from app.profiles where user_id = who for update;
  if found and private.send_decisions(who, since) then
    update app.profiles set digest_sent_at = now() where user_id = who;
  end if;
end;
$$;
comment on function private.tell_decisions(uuid) is 'Writes to somebody what was decided since the last mail.';

create function private.send_digests()
returns void
language plpgsql
set search_path = ''
as $$
declare
  who uuid;
begin
  for who in
    select user_id from app.profiles
    -- The sweep comes once a day, a little earlier or later.
    where digest in ('each', 'daily') and digest_sent_at < now() - interval '20 hours'
      or digest = 'weekly' and digest_sent_at < now() - interval '6 days 20 hours'
    order by user_id
  loop
    perform private.tell_decisions(who);
  end loop;
end;
$$;
comment on function private.send_digests() is 'Daily: the digests that are due.';
insert into app.daily_duties (name, position, routine) values ('send_digests', 50, 'private.send_digests');

create function private.run_own_jobs()
returns void
language plpgsql
set search_path = ''
as $$
declare
  job app.jobs;
begin
  for job in
    select * from app.jobs
    where kind = 'tell_decisions' and done_at is null and locked_until is null and run_after <= now()
    order by run_after, id limit 50 for update skip locked
  loop
    perform private.tell_decisions((job.payload ->> 'user_id')::uuid);
    update app.jobs set done_at = now() where id = job.id;
  end loop;
end;
$$;
comment on function private.run_own_jobs() is 'Jobs that SQL does by itself, at each run of the worker: mails of decisions.';

alter function private.worker_take(jsonb) rename to take_jobs;
create function private.worker_take(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.run_own_jobs();
  return private.take_jobs(p);
end;
$$;
comment on function private.worker_take(jsonb) is
  'Service only. Jobs that are due, held for five minutes: {limit? ≤ 100, kinds?} → {jobs: [{id, kind, payload, attempts, photos: [{id, path, thumb_path, sha256, public_path, public_thumb_path}], objects: [{bucket, name}], mail: {to, subject, text}|null}]}.';

create function private.preferences_json(who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('digest', p.digest, 'follows', (
    select coalesce(jsonb_agg(jsonb_build_object('kind', f.kind, 'target', f.target) order by f.kind, f.target), '[]')
    from app.follows as f where f.user_id = who))
  from app.profiles as p where p.user_id = who;
$$;
comment on function private.preferences_json(uuid) is 'How often somebody is written to, and what they follow.';

create function private.set_preferences(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  asked text := private.arg_choice(p, 'digest', array['never', 'each', 'daily', 'weekly']);
begin
  perform private.ensure_profile(me);
  -- From now on: what was decided before is in the app.
  update app.profiles set digest = asked, digest_sent_at = now() where user_id = me and asked is not null and digest <> asked;
  return private.preferences_json(me);
end;
$$;
comment on function private.set_preferences(jsonb) is 'Sets or reads the caller''s own preferences. Checks: signed in.';

create function public.preferences_set(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.set_preferences(p); $$;
comment on function public.preferences_set(jsonb) is '{digest?: never|each|daily|weekly} → {digest, follows: [{kind, target}]}; {} reads. Auth.';

create function private.follow(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  asked_kind text := private.arg_choice(p, 'kind', array['point', 'commune', 'theme']);
  asked text := private.arg_text(p, 'target');
begin
  perform private.ensure_profile(me);
  if asked_kind is null or asked is null then
    perform private.invalid_argument('kind et target sont attendus.');
  elsif p -> 'on' = 'false' then
    delete from app.follows where user_id = me and kind = asked_kind and target = asked;
    return private.preferences_json(me);
  elsif not (case asked_kind
    when 'point' then exists (select from app.points as o where o.id = private.to_uuid(asked) and private.can_see(o, me))
    when 'commune' then exists (select from app.territories where level = 'commune' and code = asked)
    else exists (select from app.themes where id = asked) end) then
    perform private.fail(404, 'unknown_target', 'Ce que vous voulez suivre n’existe pas, ou n’est pas visible.');
  elsif (select count(*) from app.follows where user_id = me) >= 200 then
    perform private.fail(429, 'rate_limited', 'On suit 200 choses au plus.');
  end if;
  insert into app.follows (user_id, kind, target) values (me, asked_kind, asked) on conflict do nothing;
  return private.preferences_json(me);
end;
$$;
comment on function private.follow(jsonb) is 'Follows a point, a commune or a theme, or stops. Checks: signed in; a point must be visible to the caller.';

create function public.follow(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.follow(p); $$;
comment on function public.follow(jsonb) is '{kind: point|commune|theme, target, on?: false} → {digest, follows}. Auth. PT404 unknown_target.';

create function private.my_contributions(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  page_size int := private.arg_limit(p, 50, 200);
  before bigint;
begin
  before := private.arg_text(p, 'after')::bigint;
  return (
    with page as (
      select d, row_number() over (order by d.id desc) as n from app.decisions as d
      where d.author = me and d.decision <> 'dismiss' and (before is null or d.id < before)
      order by d.id desc limit page_size + 1
    )
    select jsonb_build_object(
      'items', coalesce(jsonb_agg(jsonb_build_object('point_id', (d).point_id, 'theme', (d).theme, 'title', private.point_title(o), 'status', o.status,
        'kind', (d).kind, 'decision', (d).decision, 'outcome', (d).outcome, 'reason', (d).reason,
        'comment', (select e.comment from app.events as e where e.point_id = o.id and e.mutation_id = (d).mutation_id and e.comment is not null order by e.id desc limit 1),
        'at', private.instant((d).at),
        'todo', case when o.author = me and o.status = (case (d).decision when 'to_complete' then 'to_complete' when 'reject' then 'rejected' end)
          then case o.status when 'to_complete' then 'complete' else 'resubmit' end end) order by n) filter (where n <= page_size), '[]'),
      'standing', private.trust_json(me),
      'next', case when count(*) > page_size then (min((d).id) filter (where n <= page_size))::text end)
    from page join app.points as o on o.id = (d).point_id);
exception
  when invalid_text_representation or numeric_value_out_of_range then
    perform private.invalid_argument('after : le curseur d’une page.');
end;
$$;
comment on function private.my_contributions(jsonb) is 'What became of the caller''s own contributions, the latest decision first. Checks: signed in.';

create function public.my_contributions(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.my_contributions(p); $$;
comment on function public.my_contributions(jsonb) is
  '{after?, limit? ≤ 200} → {items: [{point_id, theme, title, status, kind, decision, outcome, reason, comment, at, todo: complete|resubmit|null}], standing, next|null}. Auth.';

revoke all on function private.reason_label(text, text), private.decision_line(app.decisions), private.send_decisions(uuid, timestamptz),
  private.send_each_decision(), private.tell_decisions(uuid), private.send_digests(), private.run_own_jobs(), private.worker_take(jsonb),
  private.preferences_json(uuid), private.set_preferences(jsonb), public.preferences_set(jsonb), private.follow(jsonb), public.follow(jsonb),
  private.my_contributions(jsonb), public.my_contributions(jsonb) from public;
revoke all on function private.take_jobs(jsonb) from service_role;
grant execute on function private.worker_take(jsonb) to service_role;
grant execute on function private.set_preferences(jsonb), public.preferences_set(jsonb), private.follow(jsonb), public.follow(jsonb),
  private.my_contributions(jsonb), public.my_contributions(jsonb) to anon, authenticated, service_role;
