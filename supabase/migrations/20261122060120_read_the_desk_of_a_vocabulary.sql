-- What those who look after a vocabulary read of it: its journal, the words that the field proposes, how much each term is used.
create function private.scheme_themes(scheme_id text)
returns text[]
language sql
stable
set search_path = ''
as $$ select coalesce(array_agg(t.id), '{}') from app.themes as t where t.scheme = scheme_id; $$;
comment on function private.scheme_themes(text) is 'The themes that name their things by a vocabulary.';

create function private.proposed_words(scheme_id text, viewer uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  with words as (
    select w.*, private.fold(w.text) as folded, private.is_moderator_of(viewer, p) as in_scope
    from app.term_proposals as w left join app.points as p on p.id = w.point_id
    where w.scheme = scheme_id and w.state = 'proposed'
    order by w.created_at limit 2000
  ), groups as (
    select min(w.created_at) as since, min(w.lang) as lang, (array_agg(w.text order by w.created_at))[1] as text,
      jsonb_agg(w.id order by w.created_at) as ids, count(*) as n, min(w.broader) as broader,
      (select coalesce(jsonb_agg(distinct x), '[]') from unnest(array_agg(w.note)) as x where x is not null) as notes,
      array_agg(distinct w.user_id) filter (where w.user_id is not null) as who,
      array_agg(w.point_id order by w.created_at) filter (where w.in_scope) as points
    from words as w group by w.folded, w.lang
  )
  select coalesce(jsonb_agg(jsonb_build_object('ids', g.ids, 'text', g.text, 'lang', g.lang, 'broader', g.broader, 'notes', g.notes, 'count', g.n,
      'since', private.instant(g.since),
      'authors', (select coalesce(jsonb_agg(o.display_name order by o.display_name), '[]') from app.profiles as o where o.user_id = any (g.who) and o.display_name is not null),
      'points', (
        select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'theme', p.theme, 'title', private.point_title(p), 'commune_name', c.name,
          'thumb_url', (select '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path)
            from app.photos as f where f.point_id = p.id and f.state = 'published' and f.public_path is not null order by f.created_at limit 1),
          'thumb_path', (select coalesce(f.thumb_path, f.path)
            from app.photos as f where f.point_id = p.id and f.state <> 'refused' and f.public_path is null order by f.created_at limit 1))), '[]')
        from (select * from app.points where id = any (g.points) order by received_at limit 20) as p
        left join app.territories as c on c.level = 'commune' and c.code = p.commune)) order by g.n desc, g.since), '[]')
  from groups as g;
$$;
comment on function private.proposed_words(text, uuid) is
  'The words that wait for a vocabulary, those that say the same together, most asked for first, with the points in the viewer''s scope that wait for them (20 at most).';

create function private.vocabulary_desk(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  held text := private.require_vocabulary_role(me, scheme_id);
begin
  return jsonb_build_object(
    'role', held,
    'last_release', coalesce((private.last_release(scheme_id)).number, 0),
    'edits', (
      select coalesce(jsonb_agg(private.edit_json(e, me, held) order by e.n desc), '[]')
      from (select * from app.thesaurus_edits as t where t.scheme = scheme_id order by t.n desc limit 200) as e),
    'proposals', private.proposed_words(scheme_id, me),
    'origins', (
      select coalesce(jsonb_object_agg(c.id, c.origin), '{}') from app.concepts as c where c.scheme = scheme_id and c.origin is not null),
    'uses', (
      select coalesce(jsonb_object_agg(u.concept, u.n), '{}') from (
        select o.concept, count(*) as n from app.points as o
        where o.theme = any (private.scheme_themes(scheme_id)) and o.concept is not null and o.status not in ('draft', 'rejected', 'withdrawn')
        group by o.concept) as u));
end;
$$;
comment on function private.vocabulary_desk(jsonb) is
  'The journal, the proposed words, the origins and the uses of a vocabulary. Checks: signed in, a role on it (see vocabulary_role).';

create function private.photos_of_term(term_id text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(private.picture_json(shown.id) order by shown.created_at desc), '[]') from (
    select f.id, f.created_at from app.points as p join app.photos as f on f.point_id = p.id
    where p.concept = term_id and p.sensitivity = 'open' and private.is_public(p) and f.state = 'published' and f.public_path is not null
    order by f.created_at desc limit 12) as shown;
$$;
comment on function private.photos_of_term(text) is 'The latest published photos of things that a term names, of which one may show what it means: 12 at most.';

create function private.uses_of_term(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  c app.concepts;
begin
  select * into c from app.concepts as t where t.id = private.arg_text(p, 'concept');
  if c.id is null then
    perform private.fail(404, 'unknown_concept');
  end if;
  perform private.require_vocabulary_role(me, c.scheme);
  return (
    with used as (
      select t.code, t.name, count(*) as n
      from app.points as o
      left join app.territories as place on place.level = 'commune' and place.code = o.commune
      left join app.territories as t on t.level = 'departement' and t.code = place.departement
      where o.concept = c.id and o.status not in ('draft', 'rejected', 'withdrawn')
      group by t.code, t.name)
    select jsonb_build_object('total', coalesce(sum(n), 0), 'territories', coalesce(jsonb_agg(
      jsonb_build_object('code', code, 'name', name, 'count', n) order by n desc, code) filter (where code is not null), '[]'),
      'photos', private.photos_of_term(c.id))
    from used);
end;
$$;
comment on function private.uses_of_term(jsonb) is 'How many points have a term, and in which départements: no finer, for a blurred point is among them. Checks: signed in, a role on its vocabulary.';

create function public.thesaurus_desk(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.vocabulary_desk(p); $$;
comment on function public.thesaurus_desk(jsonb) is
  '{scheme} → {role: decide|propose, last_release, edits, proposals, origins, uses}. Moderators and coordinators of its themes. PT403 not_allowed, PT404 unknown_scheme.';

create function public.thesaurus_uses(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.uses_of_term(p); $$;
comment on function public.thesaurus_uses(jsonb) is '{concept} → {total, territories: [{code, name, count}], photos: [picture]}. Moderators and coordinators of its themes. PT404 unknown_concept.';

-- A version carries the edits that led to it: they are not undone any more.
create function private.close_released_edits()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  update app.thesaurus_edits set released = new.number where scheme = new.scheme and state = 'applied' and released is null;
  return null;
end;
$$;
comment on function private.close_released_edits() is 'Trigger: the edits that a version carries are closed.';
create trigger close_released_edits after insert on app.thesaurus_releases for each row execute function private.close_released_edits();

revoke all on function private.scheme_themes(text), private.photos_of_term(text), private.proposed_words(text, uuid), private.vocabulary_desk(jsonb), private.uses_of_term(jsonb),
  public.thesaurus_desk(jsonb), public.thesaurus_uses(jsonb), private.close_released_edits() from public;
grant execute on function private.vocabulary_desk(jsonb), private.uses_of_term(jsonb), public.thesaurus_desk(jsonb), public.thesaurus_uses(jsonb)
  to anon, authenticated, service_role;
