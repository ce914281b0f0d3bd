-- A decision was told to one person. An audit found wanting was told to who captured the point, not to who wrote what was
-- looked at; of several photographers one was told, whatever became of their own. A decision now has one row for each
-- person whose contribution it decided on. The last one is the decision itself, which a restoration undoes.
comment on table app.decisions is
  'What was decided, beside the event that tells it: what waited, how long, and what came of it for whom. One row for each person whose contribution it was; the last of a mutation is the decision itself. A figure, not the history: that is app.events.';
comment on column app.decisions.outcome is
  'What became of a contribution (new point, edit, one''s photos): taken as it was, taken corrected or in part, refused.';

create function private.people_of(was app.points, who uuid, i app.queue, m jsonb, waiting uuid[], undone app.decisions)
returns uuid[]
language plpgsql
stable
set search_path = ''
as $$
declare
  audited uuid[];
  told uuid[];
begin
  if i.kind in ('new', 'edit') then
    return array[i.author];
  elsif i.kind = 'photo' then
    told := array(select f.user_id from app.photos as f
      where f.id = any (waiting) and f.state <> 'pending' and f.user_id is not null group by f.user_id order by min(f.created_at), f.user_id);
    return case when told = '{}' then array[nullif(i.author, who)] else told end;
  elsif undone.id is not null then
    return array(select d.author from app.decisions as d
      where d.point_id = was.id and d.mutation_id = undone.mutation_id and d.author is distinct from was.author order by d.id) || was.author;
  end if;
  audited := array(select distinct r.user_id from app.reports as r
    where r.point_id = was.id and r.kind = 'audit' and r.closed_in = private.to_uuid(m ->> 'mutation_id')
      and r.user_id is not null and r.user_id <> who and r.user_id is distinct from was.author);
  -- Who captured the point is told of what becomes of it; of a correction of what somebody else wrote, that person.
  return case when m ->> 'decision' = 'publish' and audited <> '{}' then audited else audited || was.author end;
end;
$$;
comment on function private.people_of(app.points, uuid, app.queue, jsonb, uuid[], app.decisions) is
  'Whom a decision is told to: whose new point, edit or photos it decided on, whose contribution an audit looked at, who captured the point; of a restoration, whoever was told of what it undoes.';

create function private.outcome_for(person uuid, i app.queue, outcome text, waiting uuid[])
returns text
language sql
stable
set search_path = ''
as $$
  select case when i.kind is distinct from 'photo' then outcome else (
    select case when bool_and(f.state = 'published') then 'accepted' when bool_or(f.state = 'published') then 'corrected' when count(*) > 0 then 'refused' end
    from app.photos as f where f.id = any (waiting) and f.user_id = person and f.state <> 'pending') end;
$$;
comment on function private.outcome_for(uuid, app.queue, text, uuid[]) is 'What a decision made of one person''s part: of photos, their own.';

create or replace function private.note_decision(was app.points, p app.points, who uuid, i app.queue, m jsonb, waiting uuid[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  outcome text := private.outcome_of(was, p, i, m, waiting);
  undone app.decisions;
  people uuid[];
  noted bigint;
begin
  if m ->> 'decision' = 'restore' then
    undone := private.decision_to_undo(was);
  end if;
  people := private.people_of(was, who, i, m, waiting, undone);
  for n in 1 .. cardinality(people) loop
    insert into app.decisions (actor, author, point_id, theme, commune, kind, decision, reason, outcome, waited, mutation_id, undoes)
    values (who, people[n], p.id, p.theme, p.commune, i.kind, m ->> 'decision', nullif(m ->> 'reason', ''),
      private.outcome_for(people[n], i, outcome, waiting), case when n = cardinality(people) then now() - i.since end,
      private.to_uuid(m ->> 'mutation_id'), case when n = cardinality(people) then undone.id end)
    returning id into noted;
  end loop;
  perform private.judge(noted, i.author, p.theme, outcome);
  if i.kind = 'photo' then
    perform private.judge_photos(noted, p, m, waiting);
  end if;
  perform private.judge_audits(noted, p, m);
  if undone.id is not null then
    perform private.undo_decision(undone, p);
  end if;
  delete from app.leases where point_id = p.id and holder = who;
end;
$$;

create function private.is_undone(d app.decisions, upto bigint)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (select from app.decisions as w join app.decisions as u on u.undoes = w.id
    where w.point_id = d.point_id and (w.id = d.id or w.mutation_id = d.mutation_id) and u.generation <= upto);
$$;
comment on function private.is_undone(app.decisions, bigint) is 'Whether a decision was undone, as far as a look at them saw.';

create or replace function private.decision_pages(who uuid, after bigint, upto bigint)
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
      and not private.is_undone(d, upto)
      and not exists (select from app.decisions as u join app.decisions as w on w.id = u.undoes
        where d.decision = 'restore' and u.point_id = d.point_id and (u.id = d.id or u.mutation_id = d.mutation_id) and w.generation > after)
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

revoke all on function private.people_of(app.points, uuid, app.queue, jsonb, uuid[], app.decisions),
  private.outcome_for(uuid, app.queue, text, uuid[]), private.is_undone(app.decisions, bigint) from public;
