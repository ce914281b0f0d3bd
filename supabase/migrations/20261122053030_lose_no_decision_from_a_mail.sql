-- A digest took what was decided since an instant: a decision that was committed after it, or that came a hundred others
-- before the last, was never told. Each decision now gets a generation the first time that a mail looks, and whoever is
-- written to remembers the last generation that they were told of.
create sequence app.generations;
comment on sequence app.generations is 'Numbers the looks at app.decisions: each decision belongs to the first that saw it.';
alter table app.decisions add column generation bigint;
alter table app.profiles add column told_generation bigint not null default 0;
comment on column app.decisions.generation is 'The look that first saw it; null until then. Whatever is committed late belongs to a later one.';
comment on column app.profiles.told_generation is 'The last generation of decisions that mails told the person about.';
create index decisions_new_idx on app.decisions (id) where generation is null;
create index decisions_generation_idx on app.decisions (generation);
create index decisions_author_generation_idx on app.decisions (author, generation);

create function private.look_at_decisions()
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  look bigint;
begin
  -- One look at a time, until it is committed: nobody is told of a generation that still grows.
  perform pg_advisory_xact_lock(hashtextextended('look_at_decisions', 0));
  if exists (select from app.decisions where generation is null) then
    look := nextval('app.generations');
    update app.decisions set generation = look where generation is null;
  end if;
  return coalesce((select max(generation) from app.decisions), 0);
end;
$$;
comment on function private.look_at_decisions() is 'Gives the decisions that nobody looked at their generation; returns the last one.';

create or replace function private.decision_line(d app.decisions)
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
      when d.decision = 'destroy' then 'noté comme disparu'
      when d.decision = 'restore' and e.to_status = 'published' then 'de nouveau publié' when d.decision = 'restore' then 'remis dans la file'
      else 'lu' end,
    ' ; motif : ' || private.reason_label(d.theme, d.reason),
    E'\n  « ' || e.comment || ' »',
    case d.decision when 'to_complete' then E'\n  Complétez-le dans l’application et renvoyez-le.'
      when 'reject' then E'\n  Vous pouvez le modifier et le proposer de nouveau.' end)
  from app.points as p join app.themes as t on t.id = p.theme
  left join lateral (
    select had.to_status, had.comment from app.events as had
    where had.point_id = d.point_id and had.mutation_id = d.mutation_id and had.action = d.decision order by had.id desc limit 1) as e on true
  where p.id = d.point_id;
$$;

create function private.decision_pages(who uuid, after bigint, upto bigint)
returns setof text
language plpgsql
stable
set search_path = ''
as $$
declare
  -- Of one mail, whose text holds 20 000 characters.
  lines_per_page constant int := 100;
  page_length constant int := 18000;
  line text;
  page text;
  lines int := 0;
begin
  for line in
    select private.decision_line(d) from app.decisions as d
    where d.author = who and d.actor is distinct from who and d.generation > after and d.generation <= upto and d.decision <> 'dismiss'
      -- What was decided and undone before anybody was told.
      and not exists (select from app.decisions as u where u.undoes = d.id and u.generation <= upto)
      and not exists (select from app.decisions as u where u.id = d.undoes and u.generation > after)
    order by d.id
  loop
    if lines = lines_per_page or char_length(page) + char_length(line) >= page_length then
      return next page;
      page := null;
      lines := 0;
    end if;
    page := concat(page || E'\n', line);
    lines := lines + 1;
  end loop;
  if page is not null then
    return next page;
  end if;
end;
$$;
comment on function private.decision_pages(uuid, bigint, bigint) is
  'What was decided on what somebody gave, in the generations after one and up to another, a mail''s worth at a time, oldest first.';

create function private.followed_news(who uuid, after bigint, upto bigint)
returns text
language sql
stable
set search_path = ''
as $$
  select string_agg('- ' || label || ' : ' || n || case n when 1 then ' nouveauté' else ' nouveautés' end, E'\n' order by label)
  from (
    select coalesce(t.labels ->> 'fr', c.name, '« ' || private.point_title(p) || ' »', 'un point suivi') as label, count(distinct d.point_id) as n
    from app.follows as f
    join app.decisions as d on d.generation > after and d.generation <= upto and d.decision in ('publish', 'archive', 'destroy')
      and case f.kind when 'point' then d.point_id::text when 'theme' then d.theme else d.commune end = f.target
    join app.points as p on p.id = d.point_id
    left join app.themes as t on f.kind = 'theme' and t.id = f.target
    left join app.territories as c on f.kind = 'commune' and c.level = 'commune' and c.code = f.target
    -- What is hidden, or shown elsewhere than it lies, makes no news; nor does what was undone meanwhile.
    where f.user_id = who and private.is_public(p) and p.sensitivity = 'open'
      and not exists (select from app.decisions as u where u.undoes = d.id and u.generation <= upto)
    group by 1) as followed;
$$;
comment on function private.followed_news(uuid, bigint, bigint) is 'What moved of what somebody follows, in the generations after one and up to another: a line each, null when nothing did.';

drop function private.send_decisions(uuid, timestamptz);
create function private.send_decisions(who uuid, after bigint, upto bigint)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  address text;
  pages text[];
  news text;
begin
  select email into address from auth.users where id = who and email_confirmed_at is not null;
  if address is null then
    return false;
  end if;
  pages := array(select private.decision_pages(who, after, upto));
  news := left(private.followed_news(who, after, upto), 18000);
  if pages = '{}' and news is null then
    return false;
  end if;
  -- News have a mail of their own where they would not fit.
  for n in 1 .. greatest(1, cardinality(pages)) loop
    perform private.write_digest(who, address, pages[n], case when char_length(concat(pages[n], news)) < 19000 and n = greatest(1, cardinality(pages)) then news end);
  end loop;
  if news is not null and char_length(concat(pages[cardinality(pages)], news)) >= 19000 then
    perform private.write_digest(who, address, null, news);
  end if;
  return true;
end;
$$;
comment on function private.send_decisions(uuid, bigint, bigint) is
  'Mails somebody what was decided on what they gave, in as many mails as it takes, and what moved of what they follow; nothing when nothing did.';

create function private.write_digest(who uuid, address text, decided text, news text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.send_mail(case when decided is null then 'digest' else 'decision' end, address, 'Vos contributions : ce qu’elles sont devenues',
    concat(E'Bonjour,\n\n', decided || E'\n\n', E'Ce que vous suivez :\n' || news || E'\n\n',
      (select s.public_url || E'\n\nVous choisissez dans votre compte si nous vous écrivons, et quand.\n\n' || s.instance_name || E'\n' from app.settings as s)), who);
end;
$$;
comment on function private.write_digest(uuid, text, text, text) is 'One mail of what was decided and of what moved.';

create or replace function private.send_each_decision()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if exists (select from app.profiles where user_id = new.author and digest = 'each') then
    insert into app.jobs as j (kind, payload, dedupe_key, run_after)
    values ('tell_decisions', jsonb_build_object('user_id', new.author), 'tell_decisions:' || new.author, now() + interval '1 minute')
    -- Held until this decision is committed: the mail does not leave just before it.
    on conflict (dedupe_key) where done_at is null and locked_until is null do update set run_after = j.run_after;
  end if;
  return null;
end;
$$;

create or replace function private.tell_decisions(who uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  upto bigint := private.look_at_decisions();
  told bigint;
begin
  select told_generation into told from app.profiles where user_id = who and digest <> 'never' for update;
  if not found then
    return;
  elsif private.send_decisions(who, told, upto) then
    update app.profiles set digest_sent_at = now() where user_id = who;
  end if;
  update app.profiles set told_generation = upto where user_id = who and told < upto;
end;
$$;
comment on function private.tell_decisions(uuid) is 'Writes to somebody what was decided since the last mail.';

create or replace function private.set_preferences(p jsonb)
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
  -- From now on: what was decided before is in the app. Another rhythm loses nothing of what waits to be told.
  update app.profiles set digest = asked, digest_sent_at = now(),
    told_generation = case digest when 'never' then private.look_at_decisions() else told_generation end
  where user_id = me and asked is not null and digest <> asked;
  return private.preferences_json(me);
end;
$$;

revoke all on sequence app.generations from public;
revoke all on function private.look_at_decisions(), private.decision_pages(uuid, bigint, bigint), private.followed_news(uuid, bigint, bigint),
  private.send_decisions(uuid, bigint, bigint), private.write_digest(uuid, text, text, text) from public;
