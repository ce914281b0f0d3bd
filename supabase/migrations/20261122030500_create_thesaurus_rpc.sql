create function private.concept_json(c app.concepts)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', c.id, 'uri', rtrim(s.public_url, '/') || '/t/' || c.id, 'scheme', c.scheme,
    'labels', c.labels, 'alt', c.alt, 'hidden', c.hidden, 'definition', c.definition,
    'broader', c.broader, 'related', c.related, 'matches', '{"exact": [], "close": [], "broad": []}' || c.matches,
    'notation', c.notation, 'unverified', c.unverified, 'status', c.status, 'replaced_by', c.replaced_by, 'position', c.position)
  from app.settings as s;
$$;
comment on function private.concept_json(app.concepts) is 'A concept of the thesaurus, as `thesaurus` and the feed `t` write it.';

create function private.read_thesaurus(p jsonb)
returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  scheme_id text := private.arg_text(p, 'scheme');
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
        and (scheme_id is null or c.scheme = scheme_id)
        and (since_xid is null or (c.change_xid, c.change_seq) > (since_xid, since_seq)))), 300);
end;
$$;
comment on function private.read_thesaurus(jsonb) is 'Accepted and deprecated concepts, of one scheme or since a rev. Public by nature: no check of the caller.';

create function public.thesaurus(p jsonb default '{}')
returns json
language sql
stable
set search_path = ''
as $$ select private.read_thesaurus(p); $$;
comment on function public.thesaurus(jsonb) is 'Concepts of the thesaurus {scheme?, since?}; rev is opaque, to be sent back as since. Public, GET.';

revoke all on function private.concept_json(app.concepts), private.read_thesaurus(jsonb), public.thesaurus(jsonb) from public;
grant execute on function private.read_thesaurus(jsonb), public.thesaurus(jsonb)
  to anon, authenticated, service_role;
