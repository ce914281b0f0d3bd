-- The points of a term that is merged into another follow it in the background, a few at a time, so that no phone waits; each move
-- is in the history of its point, and is taken back when the edit is.
create function private.put_under(was app.points, concept text)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  p app.points := was;
begin
  p.concept := put_under.concept;
  p := private.save_point(was, p);
  perform private.record_event(p, null, 'remap', was.status, diff => private.content_diff(private.content_of(was), private.content_of(p)));
  return p;
end;
$$;
comment on function private.put_under(app.points, text) is 'Puts a locked point under another term, because the vocabulary changed and not the thing: nobody''s edit.';

create function private.moved_from(e app.thesaurus_edits)
returns text[]
language sql
stable
set search_path = ''
as $$
  select array(select m.key from jsonb_each_text(e.moves) as m join app.concepts as c on c.id = m.key
    where c.status = 'deprecated' and c.replaced_by = m.value order by m.key);
$$;
comment on function private.moved_from(app.thesaurus_edits) is
  'The terms that points still leave because of an edit: not those that were restored since, or lead elsewhere.';

create function private.move_some_points(e app.thesaurus_edits, at_most int)
returns int
language plpgsql
set search_path = ''
as $$
declare
  p app.points;
  moved int := 0;
begin
  for p in
    select o.* from app.points as o where o.concept = any (private.moved_from(e)) limit at_most for update skip locked
  loop
    insert into app.remapped_points (edit, point_id, was, became) values (e.id, p.id, p.concept, e.moves ->> p.concept)
    on conflict (edit, point_id) do update set was = excluded.was, became = excluded.became, back_at = null;
    perform private.put_under(p, e.moves ->> p.concept);
    moved := moved + 1;
  end loop;
  return moved;
end;
$$;
comment on function private.move_some_points(app.thesaurus_edits, int) is
  'Moves some of the points that an edit takes to another term, and notes them; those that somebody is writing wait for the next time.';

create function private.bring_some_points_back(e app.thesaurus_edits, at_most int)
returns int
language plpgsql
set search_path = ''
as $$
declare
  p app.points;
  r app.remapped_points;
  looked int := 0;
begin
  for p in
    select o.* from app.points as o join app.remapped_points as t on t.point_id = o.id
    where t.edit = e.id and t.back_at is null
      -- A later edit that is being undone too brings it one step back first: until then it is not where this one had put it.
      and not exists (select from app.remapped_points as later join app.thesaurus_edits as l on l.id = later.edit
        where later.point_id = t.point_id and later.back_at is null and l.state = 'undone' and l.n > e.n)
    limit at_most for update of o skip locked
  loop
    update app.remapped_points set back_at = now() where edit = e.id and point_id = p.id returning * into r;
    if p.concept is not distinct from r.became then
      perform private.put_under(p, r.was);
    end if;
    looked := looked + 1;
  end loop;
  return looked;
end;
$$;
comment on function private.bring_some_points_back(app.thesaurus_edits, int) is
  'Puts some of the points that an undone edit had moved back where they were; one that somebody put elsewhere since stays there.';

create function private.points_left(e app.thesaurus_edits)
returns boolean
language sql
stable
set search_path = ''
as $$
  select case when e.state = 'applied' then exists (select from app.points where concept = any (private.moved_from(e)))
    else exists (select from app.remapped_points as r where r.edit = e.id and r.back_at is null) end;
$$;
comment on function private.points_left(app.thesaurus_edits) is 'Whether points of an edit are still where they are not to be.';

create function private.remap(job app.jobs)
returns void
language plpgsql
set search_path = ''
as $$
declare
  -- A worker's call is a transaction: it stays well under the 2 s that a phone would wait behind it.
  enough timestamptz := clock_timestamp() + interval '1 second';
  e app.thesaurus_edits;
  done int;
begin
  select * into e from app.thesaurus_edits where id = (job.payload ->> 'edit')::uuid for update;
  if e.remap_until is null then
    update app.jobs set done_at = now() where id = job.id;
    return;
  end if;
  loop
    done := case when e.state = 'applied' then private.move_some_points(e, 50) else private.bring_some_points_back(e, 50) end;
    exit when done = 0 or clock_timestamp() > enough;
  end loop;
  if done > 0 then
    -- Later than the beginning of this transaction: whoever takes jobs in it is not given this one.
    update app.jobs set run_after = now() + interval '1 millisecond' where id = job.id;
  elsif private.points_left(e) or now() < e.remap_until then
    -- Soon, even when only the last look is left: whoever takes the edit back meanwhile waits for this very job.
    update app.jobs set run_after = now() + interval '2 seconds' where id = job.id;
  else
    update app.thesaurus_edits set remap_until = null where id = e.id;
    update app.jobs set done_at = now() where id = job.id;
  end if;
end;
$$;
comment on function private.remap(app.jobs) is 'Job `remap` {edit}: a second of moving points, as often as it takes; the last look comes when no push can still be writing the former term.';

create or replace function private.run_own_jobs()
returns void
language plpgsql
set search_path = ''
as $$
declare
  job app.jobs;
  failure text;
begin
  for job in
    select * from app.jobs
    where kind = 'tell_decisions' and done_at is null and locked_until is null and run_after <= now()
    order by run_after, id limit 50 for update skip locked
  loop
    perform private.tell_decisions((job.payload ->> 'user_id')::uuid);
    update app.jobs set done_at = now() where id = job.id;
  end loop;
  for job in
    select * from app.jobs
    where kind = 'remap' and done_at is null and run_after <= now()
    order by run_after, id limit 1 for update skip locked
  loop
    begin
      perform private.remap(job);
    exception when others then
      -- Mails and photos do not wait for it.
      get stacked diagnostics failure = message_text;
      raise warning 'job % postponed: %', job.id, failure;
      update app.jobs set last_error = failure, attempts = job.attempts + 1, run_after = now() + interval '1 minute' where id = job.id;
    end;
  end loop;
end;
$$;
comment on function private.run_own_jobs() is 'Jobs that SQL does by itself, at each run of the worker: mails of decisions, and a second of moving points to another term.';

-- What no job knows of any more (a database brought back from a backup, a push that outlived the last look) is found the next day.
create function private.look_for_points_left()
returns void
language plpgsql
set search_path = ''
as $$
declare
  e app.thesaurus_edits;
begin
  for e in select * from app.thesaurus_edits where state in ('applied', 'undone') order by n loop
    if private.points_left(e) then
      update app.thesaurus_edits set remap_until = now() where id = e.id;
      perform private.enqueue_job('remap', jsonb_build_object('edit', e.id), 'remap:' || e.id);
    end if;
  end loop;
end;
$$;
comment on function private.look_for_points_left() is 'Daily: has the points moved that are still under a term that was replaced.';
insert into app.daily_duties (name, position, routine) values ('look_for_points_left', 60, 'private.look_for_points_left');

revoke all on function private.put_under(app.points, text), private.moved_from(app.thesaurus_edits), private.move_some_points(app.thesaurus_edits, int),
  private.bring_some_points_back(app.thesaurus_edits, int), private.points_left(app.thesaurus_edits), private.remap(app.jobs),
  private.look_for_points_left() from public;
