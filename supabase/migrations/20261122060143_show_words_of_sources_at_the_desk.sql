-- The desk of a vocabulary lists the words of other databases beside those of the field: where they come from, and how often they are used.
create or replace function private.proposed_words(scheme_id text, viewer uuid)
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
      jsonb_agg(w.id order by w.created_at) as ids, sum(w.uses) as n, min(w.broader) as broader,
      (select coalesce(jsonb_agg(distinct x), '[]') from unnest(array_agg(w.note)) as x where x is not null) as notes,
      (select coalesce(jsonb_agg(distinct x), '[]') from unnest(array_agg(w.origin)) as x where x is not null) as origins,
      array_agg(distinct w.user_id) filter (where w.user_id is not null) as who,
      array_agg(w.point_id order by w.created_at) filter (where w.in_scope) as points
    from words as w group by w.folded, w.lang
  )
  select coalesce(jsonb_agg(jsonb_build_object('ids', g.ids, 'text', g.text, 'lang', g.lang, 'broader', g.broader, 'notes', g.notes, 'count', g.n,
      'sources', g.origins, 'since', private.instant(g.since),
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
  'The words that wait for a vocabulary, those that say the same together, most used first: from the field with the points in the viewer''s scope that wait for them (20 at most), from other databases with their names.';
