-- The page of a term shows those above, below and beside it: to read a whole vocabulary for that is a waste.
create or replace function private.read_thesaurus(p jsonb)
returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  scheme_id text := private.arg_text(p, 'scheme');
  concept_id text := private.arg_text(p, 'concept');
  asked app.concepts;
  since text := private.arg_text(p, 'since');
  horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  since_xid xid8;
  since_seq bigint;
  rev text;
begin
  if since is not null then
    if since !~ '^\d{1,18}\.\d{1,18}$' then
      perform private.invalid_argument('since attend la valeur rev d’une réponse précédente.');
    end if;
    since_xid := split_part(since, '.', 1)::xid8;
    since_seq := split_part(since, '.', 2)::bigint;
    if since_xid >= horizon then
      -- From before a restored backup: everything again.
      since_xid := null;
    end if;
  end if;
  if concept_id is not null then
    select c.* into asked from app.concepts as c where c.id = concept_id and c.status <> 'proposed';
    -- Of its own scheme; of none where there is no such term.
    scheme_id := coalesce(asked.scheme, '');
  end if;
  -- Below the horizon no transaction can still commit: whoever comes back with this rev misses nothing.
  select c.change_xid || '.' || c.change_seq into rev
  from app.concepts as c
  where c.change_xid < horizon
  order by c.change_xid desc, c.change_seq desc
  limit 1;
  return private.cacheable(json_build_object(
    'rev', coalesce(rev, '0.0'),
    'schemes', (
      select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'labels', s.labels, 'licence', s.licence, 'source', s.source) order by s.id), '[]')
      from app.concept_schemes as s where scheme_id is null or s.id = scheme_id),
    'concepts', (
      select coalesce(jsonb_agg(private.concept_json(c) order by c.scheme, c.position, c.id), '[]')
      from app.concepts as c
      where c.status <> 'proposed'
        and (concept_id is not null or scheme_id is null or c.scheme = scheme_id)
        and (concept_id is null or concept_id in (c.id, c.broader, c.replaced_by)
          or c.id in (asked.broader, asked.replaced_by) or c.id = any (asked.related))
        and (since_xid is null or (c.change_xid, c.change_seq) > (since_xid, since_seq)))), 300);
end;
$$;

comment on function private.read_thesaurus(jsonb) is
  'Accepted and deprecated concepts: of one scheme, of one concept with those around it (above, below, related, what replaced it or was replaced by it), or since a rev. Public by nature: no check of the caller.';
comment on function public.thesaurus(jsonb) is 'Concepts of the thesaurus {scheme?, concept?, since?}; rev is opaque, to be sent back as since. Public, GET.';
