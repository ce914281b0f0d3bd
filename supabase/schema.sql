-- Written by `node test/support/schema-snapshot.ts`: what the migrations add up to, for reading.
-- Nothing applies it.

CREATE SCHEMA app;

COMMENT ON SCHEMA app IS 'Tables. Not exposed by the API; reached through the RPCs of schema public only.';

CREATE SCHEMA private;

COMMENT ON SCHEMA private IS 'Helpers. security definer lives here only, each with an explicit check of who calls.';

CREATE SCHEMA public;

CREATE TYPE private.sync_bucket AS (
	kind text,
	theme text,
	cell text
);

COMMENT ON TYPE private.sync_bucket IS 'A bucket id taken apart: kind c, u, m or t; theme and cell for c.';

CREATE TYPE private.sync_cursor AS (
	xid xid8,
	seq bigint
);

COMMENT ON TYPE private.sync_cursor IS 'Place in the feed: transaction, then order inside it. On the wire an opaque string.';

CREATE TABLE app.points (
    id uuid NOT NULL,
    theme text NOT NULL,
    author uuid,
    status text NOT NULL,
    status_before text,
    rev integer DEFAULT 1 NOT NULL,
    v bigint DEFAULT 1 NOT NULL,
    concept text,
    geom extensions.geometry(Point,4326) NOT NULL,
    accuracy_m real,
    position_source text NOT NULL,
    heading_deg real,
    moved_m real,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    form_rev integer,
    sensitivity text DEFAULT 'open'::text NOT NULL,
    commune text,
    public_geom extensions.geometry(Point,4326),
    public_commune text,
    public_cell text,
    captured_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    first_published_at timestamp with time zone,
    expected_photos integer DEFAULT 0 NOT NULL,
    confirmation_count integer DEFAULT 0 NOT NULL,
    last_confirmed_on date,
    decision jsonb,
    duplicate_of uuid,
    source_id bigint,
    source_ref text,
    observed_condition text,
    observed_condition_on date,
    CONSTRAINT points_accuracy_m_check CHECK ((accuracy_m >= (0)::double precision)),
    CONSTRAINT points_attributes_check CHECK ((jsonb_typeof(attributes) = 'object'::text)),
    CONSTRAINT points_expected_photos_check CHECK (((expected_photos >= 0) AND (expected_photos <= 50))),
    CONSTRAINT points_position_source_check CHECK ((position_source = ANY (ARRAY['gps'::text, 'map'::text, 'exif'::text, 'typed'::text, 'import'::text, 'blurred'::text]))),
    CONSTRAINT points_sensitivity_check CHECK ((sensitivity = ANY (ARRAY['open'::text, 'blurred'::text, 'hidden'::text]))),
    CONSTRAINT points_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'submitted'::text, 'to_complete'::text, 'rejected'::text, 'withdrawn'::text, 'published'::text, 'archived'::text, 'destroyed'::text, 'duplicate'::text])))
);

COMMENT ON TABLE app.points IS 'One thing on the ground, for ever one id. While the status is published, archived or destroyed the content of this row is the published one: proposals wait in app.revisions.';

COMMENT ON COLUMN app.points.status_before IS 'State to go back to when a duplicate is restored.';

COMMENT ON COLUMN app.points.rev IS 'Content counter: what base_rev and seen_rev speak of (contract §2).';

COMMENT ON COLUMN app.points.v IS 'Row counter: +1 whenever anything a caller may see of the row changes.';

COMMENT ON COLUMN app.points.public_geom IS 'The one position the public may see: true, centre of the 1 km Lambert-93 cell when blurred, null when hidden.';

COMMENT ON COLUMN app.points.public_commune IS 'Commune of public_geom; `commune` is the one of the true position.';

COMMENT ON COLUMN app.points.public_cell IS 'Quadkey at zoom 12 of public_geom: the sync cell.';

COMMENT ON COLUMN app.points.first_published_at IS 'Null: never public, so no public feed has ever named it.';

COMMENT ON COLUMN app.points.decision IS 'The last decision, as the contract shows it to the author: {decision, reason, comment, at, by}.';

COMMENT ON COLUMN app.points.observed_condition IS 'Last state in which somebody saw it again: a code of the answer that the theme names in `observed_field`. The answer of the sheet itself is its own.';

COMMENT ON COLUMN app.points.observed_condition_on IS 'Day of that.';

CREATE TABLE app.revisions (
    id uuid NOT NULL,
    point_id uuid NOT NULL,
    author uuid,
    base_rev integer NOT NULL,
    base jsonb NOT NULL,
    patch jsonb NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    superseded_by uuid,
    captured_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    decided_by uuid,
    reason text,
    comment text,
    accepted_paths text[],
    CONSTRAINT revisions_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'superseded'::text, 'accepted'::text, 'partly_accepted'::text, 'refused'::text, 'withdrawn'::text])))
);

COMMENT ON TABLE app.revisions IS 'Edits proposed beside a published point. The id is the mutation that proposed it; the patch is immutable.';

CREATE TABLE app.themes (
    id text NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    labels jsonb NOT NULL,
    group_id text NOT NULL,
    scheme text,
    form_rev integer DEFAULT 1 NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    change_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    change_seq bigint DEFAULT 0 NOT NULL,
    CONSTRAINT themes_id_check CHECK ((id ~ '^[a-z][a-z0-9-]{1,40}$'::text))
);

COMMENT ON TABLE app.themes IS 'Inventories: label, working group, current form, thesaurus scheme, settings (duplicate radius, marker, reasons).';

CREATE FUNCTION private.accept_by_trust(was app.points, theme app.themes, r app.revisions, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points := private.with_values(was, private.accepted_values(r.patch, array(select jsonb_object_keys(r.patch))));
begin
  update app.revisions set state = 'accepted', decided_at = now(), reason = 'trust', accepted_paths = array(select jsonb_object_keys(r.patch))
  where id = r.id;
  p := private.save_point(was, p);
  perform private.record_event(p, null, 'publish', was.status, 'trust',
    diff => private.content_diff(private.content_of(was), private.content_of(p)), mutation_id => (m ->> 'mutation_id')::uuid, revision_id => r.id);
  perform private.note_trust(p, r.author, 'edit', (m ->> 'mutation_id')::uuid);
  perform private.draw_audit(p, theme, r.author, r.id);
  return p;
end;
$$;

COMMENT ON FUNCTION private.accept_by_trust(was app.points, theme app.themes, r app.revisions, m jsonb) IS 'An edit of somebody trusted is taken at once.';

CREATE FUNCTION private.accept_charter(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  caller uuid := private.require_user();
begin
  if private.arg_number(p, 'rev', 0, 100000) is distinct from private.current_charter() then
    perform private.invalid_argument('La charte a changé : relisez la version en vigueur avant de l’accepter.');
  end if;
  perform private.ensure_profile(caller);
  insert into app.charter_acceptances (user_id, rev) values (caller, private.current_charter())
  on conflict (user_id, rev) do nothing;
  return private.account_json(caller);
end;
$$;

COMMENT ON FUNCTION private.accept_charter(p jsonb) IS 'Logs that the caller accepts the current charter; accepting twice keeps the first date. PT401, PT400.';

CREATE FUNCTION private.accepted_ids(m jsonb, key text, offered text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  chosen text[];
begin
  if coalesce(m -> key, 'null') = 'null' then
    return offered;
  end if;
  chosen := private.text_array(m -> key);
  if chosen is null or not chosen <@ offered then
    perform private.reject('invalid_patch', format('%s : des éléments de ce qui est proposé.', key));
  end if;
  return chosen;
end;
$$;

COMMENT ON FUNCTION private.accepted_ids(m jsonb, key text, offered text[]) IS 'What a decision accepts among what is offered; all of it when it does not say.';

CREATE FUNCTION private.accepted_values(patch jsonb, accepted text[]) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  -- A term may have been replaced while the proposal waited.
  select coalesce(jsonb_object_agg(key, case
    when key = 'concept' and jsonb_typeof(value) = 'string' then to_jsonb(coalesce(private.current_concept(value #>> '{}'), value #>> '{}'))
    else value end), '{}')
  from jsonb_each(patch) where key = any (accepted);
$$;

COMMENT ON FUNCTION private.accepted_values(patch jsonb, accepted text[]) IS 'The part of a patch that a decision accepts.';

CREATE FUNCTION private.account_json(who uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object(
    'user_id', p.user_id,
    'display_name', p.display_name,
    'named', p.named,
    'email_verified', private.has_verified_email(who),
    'has_password', (select coalesce(u.encrypted_password, '') <> '' from auth.users as u where u.id = who),
    'is_contributor', private.is_contributor(who),
    'visibility_epoch', p.visibility_epoch,
    'charter', (
      select jsonb_build_object(
        'accepted', (select max(a.rev) from app.charter_acceptances as a where a.user_id = who),
        'current', c.rev, 'data_licence', c.data_licence, 'photo_licence', c.photo_licence, 'texts', coalesce(c.texts, '{}'))
      from (select private.current_charter() as rev) as current left join app.charters as c on c.rev = current.rev),
    'memberships', (
      select coalesce(jsonb_agg(jsonb_build_object('group', m.group_id, 'role', m.role, 'territories', m.territories,
        'since', private.instant((select coalesce(max(c.at), m.created_at) from app.role_changes as c where c.group_id = m.group_id and c.user_id = who)),
        'invited_at', private.instant((select max(i.consumed_at) from app.invitations as i where i.group_id = m.group_id and i.consumed_by = who)))
        order by m.group_id), '[]')
      from app.memberships as m where m.user_id = who),
    'trust', private.trust_json(who),
    'counts', (
      select coalesce(jsonb_object_agg(s.status, s.n), '{}')
      from (select o.status, count(*) as n from app.points as o where o.author = who group by o.status) as s))
  from app.profiles as p
  where p.user_id = who;
$$;

COMMENT ON FUNCTION private.account_json(who uuid) IS 'What `me` answers (contract §6): profile, charter, roles, how many of the person''s points are in each state, and whether a password is set (an address proven late loses the one set before).';

CREATE FUNCTION private.account_problem(who uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return case
    when not private.has_verified_email(who) then 'not_allowed'
    when not private.has_current_charter(who) then 'charter_required'
    when not private.is_contributor(who) then 'not_allowed' end;
end;
$$;

COMMENT ON FUNCTION private.account_problem(who uuid) IS 'Why nothing of this person is taken for now (e-mail not verified, charter not accepted, not invited), or null.';

CREATE FUNCTION private.accuracy_reach(accuracy_m double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  -- A position given within kilometres must not call the whole town a duplicate.
  select least(coalesce(accuracy_m, 0), 100);
$$;

COMMENT ON FUNCTION private.accuracy_reach(accuracy_m double precision) IS 'Metres by which an accuracy widens the search for duplicates: 100 at most.';

CREATE FUNCTION private.active_theme(theme_id text) RETURNS app.themes
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  theme app.themes;
begin
  select * into theme from app.themes where id = theme_id and is_active;
  if not found then
    perform private.reject('unknown_theme', 'Cette thématique n’existe pas sur ce serveur.');
  end if;
  return theme;
end;
$$;

COMMENT ON FUNCTION private.active_theme(theme_id text) IS 'A theme that takes contributions; else the mutation is refused as unknown_theme.';

CREATE FUNCTION private.actor_kind(p app.points, actor uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select case
      when actor is null then 'system'
      when p.author = actor then 'author'
      when private.is_moderator_of(actor, p) then 'moderator'
      else 'contributor' end);
end;
$$;

COMMENT ON FUNCTION private.actor_kind(p app.points, actor uuid) IS 'In what quality somebody acts on a point: author first, then moderator in scope.';

CREATE TABLE app.events (
    id bigint NOT NULL,
    point_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor uuid,
    actor_kind text NOT NULL,
    action text NOT NULL,
    from_status text,
    to_status text,
    reason text,
    comment text,
    rev integer,
    diff jsonb,
    mutation_id uuid,
    revision_id uuid,
    CONSTRAINT events_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['author'::text, 'contributor'::text, 'moderator'::text, 'system'::text])))
);

COMMENT ON TABLE app.events IS 'Append-only history: who, when, from, to, reason, and the fields before and after.';

CREATE FUNCTION private.actor_label(e app.events, viewer uuid, is_moderator boolean) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select case
      when is_moderator or who.named or e.actor = viewer then who.display_name
      when e.actor_kind = 'moderator' then coalesce(who.display_name, 'modération') end
    from app.profiles as who where who.user_id = e.actor);
end;
$$;

COMMENT ON FUNCTION private.actor_label(e app.events, viewer uuid, is_moderator boolean) IS 'Who did it, for the author and the moderators of a point: a contributor who did not choose to be named stays unnamed to the author.';

CREATE FUNCTION private.add_photo(who uuid, p jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  photo uuid := (p ->> 'photo_id')::uuid;
  is_known boolean := exists (select from app.photos where id = photo);
  was app.points;
  theme app.themes;
begin
  perform private.keep_photo(who, p);
  -- Sent again, it is not drawn again.
  if is_known then
    return;
  end if;
  select o.* into was from app.photos as f join app.points as o on o.id = f.point_id
  where f.id = photo and f.state = 'pending' and o.status = 'published' and o.sensitivity = 'open' for update of o;
  select * into theme from app.themes where id = was.theme;
  if was.id is null or not private.is_trusted(who, theme) or private.is_drawn(theme) then
    return;
  end if;
  update app.photos set state = 'published' where id = photo;
  perform private.record_event(private.save_point(was, was, true), null, 'publish', was.status, 'trust');
  perform private.note_trust(was, who, 'photo', null);
end;
$$;

COMMENT ON FUNCTION private.add_photo(who uuid, p jsonb) IS 'Records a photo that was read and checked; it waits for a moderator, unless who took it is trusted, the point is published and shown where it is, and chance does not want it looked at. The same photo again changes nothing.';

CREATE FUNCTION private.alignment_source(p jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  given text := btrim(private.arg_text(p, 'source'), E' \t\n\r');
begin
  if given = '' or char_length(given) > 120 then
    perform private.invalid_argument('source : un nom de 120 caractères au plus.');
  end if;
  return given;
end;
$$;

COMMENT ON FUNCTION private.alignment_source(p jsonb) IS 'The argument `source`, without spaces around, or null; PT400 where it is blank or too long.';

CREATE FUNCTION private.announce_moved_points() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- Only this trigger knows both states, so only it can say where a point has just stopped being.
  perform private.stamp_changes(array[
      case when private.is_public(was) then private.cell_bucket(was) end,
      case when private.is_public(p) then private.cell_bucket(p) end,
      case when was.author is not null then 'u:' || was.author end], p.id)
  from new_points as p
  join old_points as was using (id)
  where private.is_public(was) is distinct from private.is_public(p)
    or private.cell_bucket(was) is distinct from private.cell_bucket(p)
    or was.author is distinct from p.author;
  perform private.restamp_changes(array[private.moderation_bucket(was)], p.id)
  from new_points as p
  join old_points as was using (id)
  where private.moderation_bucket(was) is distinct from private.moderation_bucket(p);
  return null;
end;
$$;

COMMENT ON FUNCTION private.announce_moved_points() IS 'Trigger: a point that left a cell, a commune, an author or the public view is announced where it was.';

CREATE FUNCTION private.announce_new_points() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into app.changes (bucket, point_id)
  select private.cell_bucket(p), p.id from new_points as p where private.is_public(p)
  on conflict do nothing;
  return null;
end;
$$;

COMMENT ON FUNCTION private.announce_new_points() IS 'Trigger: points that are born public (imports) enter the public feed without a call each.';

CREATE FUNCTION private.answer_reporter() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  mail bigint;
begin
  select private.send_mail('report', new.email, private.mail_text('report_subject', new.lang),
    concat(concat_ws(E'\n\n', private.mail_text('hello', new.lang),
      private.mail_text('report_about', new.lang, jsonb_build_object('place', s.instance_name || ' (' || s.public_url || '/p/' || new.point_id || ')',
        'answer', private.mail_text(case when new.answer_id is null then 'report_read' else 'report_again' end, new.lang,
          jsonb_build_object('outcome', private.mail_text('report_' || case when new.closed_with in ('dismiss', 'destroy', 'archive')
            then new.closed_with else 'corrected' end, new.lang))))),
      private.mail_text('report_forgotten', new.lang)), E'\n'))
  into mail from app.settings as s;
  update app.reports set answer_id = mail where id = new.id;
  return null;
end;
$$;

COMMENT ON FUNCTION private.answer_reporter() IS 'Trigger: who reported and gave an address learns what came of it.';

CREATE TABLE app.thesaurus_edits (
    id uuid NOT NULL,
    n bigint NOT NULL,
    scheme text NOT NULL,
    action text NOT NULL,
    concept text,
    args jsonb NOT NULL,
    note text,
    author uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    state text NOT NULL,
    reason text,
    decided_by uuid,
    decided_at timestamp with time zone,
    before jsonb DEFAULT '[]'::jsonb NOT NULL,
    after jsonb DEFAULT '[]'::jsonb NOT NULL,
    moves jsonb DEFAULT '{}'::jsonb NOT NULL,
    remap_total integer DEFAULT 0 NOT NULL,
    remap_until timestamp with time zone,
    proposals uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    released integer,
    CONSTRAINT thesaurus_edits_action_check CHECK ((action = ANY (ARRAY['create'::text, 'change'::text, 'move'::text, 'merge'::text, 'split'::text, 'deprecate'::text, 'restore'::text, 'import'::text, 'answer'::text]))),
    CONSTRAINT thesaurus_edits_after_check CHECK ((jsonb_typeof(after) = 'array'::text)),
    CONSTRAINT thesaurus_edits_before_check CHECK ((jsonb_typeof(before) = 'array'::text)),
    CONSTRAINT thesaurus_edits_moves_check CHECK ((jsonb_typeof(moves) = 'object'::text)),
    CONSTRAINT thesaurus_edits_note_check CHECK ((char_length(note) <= 2000)),
    CONSTRAINT thesaurus_edits_reason_check CHECK ((char_length(reason) <= 2000)),
    CONSTRAINT thesaurus_edits_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'applied'::text, 'undone'::text, 'refused'::text])))
);

COMMENT ON TABLE app.thesaurus_edits IS 'The journal of the vocabularies: edits proposed, applied, undone or refused. The id comes from who edits: the same call twice is one edit.';

COMMENT ON COLUMN app.thesaurus_edits.args IS 'The call, without its note: a proposed edit is applied from it once accepted.';

COMMENT ON COLUMN app.thesaurus_edits.before IS 'The terms that it changed, as they were; those that it made are not among them.';

COMMENT ON COLUMN app.thesaurus_edits.after IS 'The same terms, and those that it made, as it left them.';

COMMENT ON COLUMN app.thesaurus_edits.moves IS 'The terms whose points go to another: {from: to}.';

COMMENT ON COLUMN app.thesaurus_edits.remap_total IS 'Points that were to move when it was applied, or to come back when it was undone.';

COMMENT ON COLUMN app.thesaurus_edits.remap_until IS 'Set while points are being moved, or brought back: the worker looks for the last ones until then.';

COMMENT ON COLUMN app.thesaurus_edits.released IS 'The version that carries it: from then on it is not undone any more.';

CREATE FUNCTION private.answer_to_edit(e app.thesaurus_edits, viewer uuid, held text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('edit', private.edit_json(e, viewer, held), 'points', e.remap_total,
    'before', (select coalesce(jsonb_agg(b - '{origin,picture}'::text[]), '[]') from jsonb_array_elements(e.before) as b),
    'after', (select coalesce(jsonb_agg(private.concept_json(c)), '[]')
      from app.concepts as c where c.id in (select a ->> 'id' from jsonb_array_elements(e.after) as a)));
$$;

COMMENT ON FUNCTION private.answer_to_edit(e app.thesaurus_edits, viewer uuid, held text) IS 'What a call that edits is answered: the edit, the terms before, the terms as they are now.';

CREATE FUNCTION private.answer_words(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  ids uuid[] := array(select private.to_uuid(i) from jsonb_array_elements_text(private.arg_list(p, 'ids', 2000)) as i);
  asked text := private.arg_choice(p, 'as', array['new', 'synonym', 'refused']);
  why text := nullif(btrim(private.arg_text(p, 'reason')), '');
  e app.thesaurus_edits;
  word app.term_proposals;
  schemes text[];
  term app.concepts;
  moved int := 0;
begin
  select array_agg(distinct w.scheme) into schemes from app.term_proposals as w where w.id = any (ids);
  if cardinality(schemes) is distinct from 1 or asked is null then
    perform private.invalid_argument('ids : des mots proposés pour un même vocabulaire ; as : new, synonym ou refused.');
  end if;
  perform private.require_vocabulary_role(me, schemes[1], 'decide');
  perform from app.concept_schemes as s where s.id = schemes[1] for update;
  perform from app.term_proposals as w where w.id = any (ids) order by w.id for update;
  if asked = 'refused' and not exists (
      select from app.term_proposals as w where w.id = any (ids) and (w.state, w.decided_by, w.reason) is distinct from ('refused', me, why))
    or exists (select from app.thesaurus_edits as t where t.proposals = ids and t.state = 'applied' and t.author = me and t.args = p - array['ids', 'id']) then
    -- Sent twice, for its answer was lost.
    return jsonb_build_object('edit', null, 'concept', (select max(w.concept) from app.term_proposals as w where w.id = any (ids)), 'points', 0);
  elsif exists (select from app.term_proposals as w where w.id = any (ids) and w.state <> 'proposed') then
    perform private.fail(409, 'already_answered');
  elsif asked = 'refused' and why is null then
    perform private.fail(400, 'reason_required', 'Qui a proposé le mot lira pourquoi.');
  elsif char_length(why) > 2000 then
    perform private.invalid_argument('reason : 2 000 caractères au plus.');
  end if;
  if asked <> 'refused' then
    e.id := coalesce(private.arg_uuid(p, 'id'), gen_random_uuid());
    if exists (select from app.thesaurus_edits as t where t.id = e.id) then
      perform private.fail(409, 'id_taken');
    end if;
    e.scheme := schemes[1];
    e.action := 'answer';
    e.args := p - array['ids', 'id'];
    e.author := me;
    e.proposals := ids;
    e := private.apply_edit(e);
    e.concept := e.after #>> '{0,id}';
    e.decided_by := me;
    e.decided_at := now();
    perform private.keep_edit(e);
    select * into term from app.concepts as c where c.id = e.concept;
    moved := private.put_waiting_points(e, term.id);
    update app.thesaurus_edits as t set remap_total = moved where t.id = e.id;
  end if;
  update app.term_proposals as w set state = case asked when 'refused' then 'refused' else 'accepted' end, concept = term.id, reason = why,
    decided_at = now(), decided_by = me
  where w.id = any (ids);
  -- Once each, however often they proposed it.
  for word in
    select distinct on (w.user_id) w.* from app.term_proposals as w where w.id = any (ids) and w.user_id is distinct from me order by w.user_id, w.created_at
  loop
    perform private.tell_proposer(word.user_id, word.text, asked, term.labels, why);
  end loop;
  -- Who proposed reads it on their point: its row changes for them.
  perform private.save_point(o, o) from app.points as o
  where o.id in (select w.point_id from app.term_proposals as w where w.id = any (ids))
    and not exists (select from app.remapped_points as r where r.edit = e.id and r.point_id = o.id);
  return jsonb_build_object('edit', e.id, 'concept', term.id, 'points', moved);
end;
$$;

COMMENT ON FUNCTION private.answer_words(p jsonb) IS 'Answers words that people proposed. Checks: signed in, decides on the vocabulary.';

CREATE FUNCTION private.answered_terms(e app.thesaurus_edits) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  asked text := e.args ->> 'as';
  word app.term_proposals;
  c jsonb;
begin
  if asked = 'new' then
    return jsonb_build_array(private.new_term(e.scheme, e.args -> 'concept', '{}'));
  end if;
  c := private.term(e.scheme, e.args ->> 'concept');
  for word in select * from app.term_proposals where id = any (e.proposals) order by created_at, id loop
    if word.lang in ('fr', 'oc', 'ca', 'en')
      and not exists (select from private.concept_words(jsonb_populate_record(null::app.concepts, c)) as w
        where w.lang = word.lang and private.fold(w.word) = private.fold(word.text)) then
      c := private.with_field(c, 'alt.' || word.lang, '[]', jsonb_build_array(word.text));
    elsif word.lang not in ('fr', 'oc', 'ca', 'en') then
      -- Of a language that this vocabulary does not show: searched by all the same.
      c := private.with_field(c, 'hidden.fr', '[]', jsonb_build_array(word.text));
    end if;
  end loop;
  return jsonb_build_array(c);
end;
$$;

COMMENT ON FUNCTION private.answered_terms(e app.thesaurus_edits) IS 'Action `answer` {as: new|synonym, concept}: the term that a proposed word became, or the one that answers to it from now on.';

CREATE FUNCTION private.apply_edit(e app.thesaurus_edits) RETURNS app.thesaurus_edits
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  rows jsonb := private.edited_terms(e);
begin
  e.before := private.concept_rows(array(select r ->> 'id' from jsonb_array_elements(rows) as r));
  perform private.write_checked(rows);
  e.after := private.concept_rows(array(select r ->> 'id' from jsonb_array_elements(rows) as r));
  e.state := 'applied';
  e.concept := coalesce(e.concept, case when jsonb_array_length(e.after) = 1 then e.after #>> '{0,id}' end);
  select coalesce(jsonb_object_agg(a ->> 'id', a ->> 'replaced_by'), '{}') into e.moves
  from jsonb_array_elements(e.after) as a left join jsonb_array_elements(e.before) as b on b ->> 'id' = a ->> 'id'
  where a ->> 'replaced_by' is not null and b ->> 'replaced_by' is distinct from a ->> 'replaced_by';
  select count(*)::int into e.remap_total from app.points as p where p.concept in (select jsonb_object_keys(e.moves));
  -- A phone may be writing with the former term at this very moment: the last look comes after it.
  e.remap_until := case when e.moves <> '{}' then now() + interval '1 minute' end;
  return e;
end;
$$;

COMMENT ON FUNCTION private.apply_edit(e app.thesaurus_edits) IS 'Writes an edit of a vocabulary, and notes what it changed and which points it moves. The row itself is the caller''s to keep.';

CREATE FUNCTION private.apply_mutation(who uuid, device text, m jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  result jsonb;
  refusal text;
  details text;
begin
  result := case m ->> 'kind'
    when 'create' then private.apply_trust(who, m, private.push_create(who, m))
    when 'edit' then private.apply_trust(who, m, private.push_edit(who, m))
    when 'confirm' then private.push_confirm(who, m)
    when 'withdraw' then private.push_withdraw(who, m)
    when 'comment' then private.push_comment(who, m)
    when 'decide' then private.push_decide(who, m)
    when 'propose_term' then private.push_propose_term(who, m)
  end;
  perform private.keep_receipt(who, device, m, result);
  return result;
exception
  when sqlstate 'CR001' then
    get stacked diagnostics refusal = message_text, details = pg_exception_detail;
    return private.refusal(refusal, details);
  when serialization_failure or deadlock_detected or lock_not_available or unique_violation or insufficient_resources then
    return private.postponement('busy', 2);
  when data_exception or integrity_constraint_violation then
    get stacked diagnostics details = message_text;
    raise warning 'mutation % refused: % %', m ->> 'mutation_id', sqlstate, details;
    return private.refusal('invalid_patch', 'Le contenu de cette contribution ne peut pas être enregistré.');
  when others then
    get stacked diagnostics details = message_text;
    raise warning 'mutation % postponed: % %', m ->> 'mutation_id', sqlstate, details;
    return private.postponement('busy', 60);
end;
$$;

COMMENT ON FUNCTION private.apply_mutation(who uuid, device text, m jsonb) IS 'One mutation in its own savepoint, with its receipt. Nothing of one that fails stays, and none makes the call fail: an error of ours is `retry`, so that no work is lost.';

CREATE FUNCTION private.apply_own_revision(p app.points, who uuid, m jsonb, base jsonb, taken jsonb) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  insert into app.revisions (id, point_id, author, base_rev, base, patch, state, captured_at, decided_at, decided_by, accepted_paths)
  select (m ->> 'mutation_id')::uuid, p.id, who, p.rev, base, taken, 'accepted', private.moment_of(m), now(), who,
    array(select jsonb_object_keys(taken))
  where taken <> '{}';
$$;

COMMENT ON FUNCTION private.apply_own_revision(p app.points, who uuid, m jsonb, base jsonb, taken jsonb) IS 'Keeps what a moderator wrote over a point as their own accepted revision.';

CREATE FUNCTION private.apply_trust(who uuid, m jsonb, result jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points;
  theme app.themes;
  r app.revisions;
begin
  if result ->> 'status' not in ('applied', 'merged', 'pending') then
    return result;
  end if;
  select t.* into theme from app.points as o join app.themes as t on t.id = o.theme where o.id = (m ->> 'point_id')::uuid;
  if not coalesce(private.is_trusted(who, theme), false) then
    return result;
  end if;
  select * into p from app.points where id = (m ->> 'point_id')::uuid for update;
  select * into r from app.revisions where id = (result ->> 'revision_id')::uuid and state = 'pending' and author = who;
  if private.is_for_a_person(p, r, m) or private.is_unnamed(p, r, theme) then
    return result;
  elsif p.status = 'published' and r.id is not null then
    begin
      p := private.accept_by_trust(p, theme, r, m);
      -- Moved or renamed onto what may be the same thing: taken back, and left to a person.
      if r.patch ?| array['geom', 'concept'] and exists (select from private.duplicate_candidates(p, null)) then
        raise exception using errcode = 'CP001';
      end if;
    exception when sqlstate 'CP001' then
      return result;
    end;
    return result || jsonb_build_object('status', 'applied', 'rev', p.rev);
  elsif p.status = 'submitted' and p.author = who
    -- Somebody sent it back, or it may be known already: a person looks at it.
    and not exists (select from app.events where point_id = p.id and actor_kind = 'moderator')
    and not exists (select from private.duplicate_candidates(p, null)) then
    p := private.publish_by_trust(p, theme, who, m);
    return result || jsonb_build_object('rev', p.rev);
  end if;
  return result;
end;
$$;

COMMENT ON FUNCTION private.apply_trust(who uuid, m jsonb, result jsonb) IS 'After a create or an edit: publishes it where its author is trusted. What may be a duplicate, was sent back, or touches how a place is shown waits for a moderator all the same.';

CREATE FUNCTION private.arg_box(p jsonb, key text) RETURNS extensions.geometry
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $_$
declare
  box numeric[];
begin
  if p -> key is null or p -> key = 'null' then
    return null;
  end if;
  if jsonb_typeof(p -> key) = 'array' and jsonb_array_length(p -> key) = 4
    and not jsonb_path_exists(p -> key, '$[*] ? (@.type() != "number")') then
    box := array(select jsonb_array_elements(p -> key)::numeric);
    if box[1] <= box[3] and box[2] <= box[4] and box[1] >= -180 and box[3] <= 180 and box[2] >= -90 and box[4] <= 90 then
      return st_makeenvelope(box[1]::float8, box[2]::float8, box[3]::float8, box[4]::float8, 4326);
    end if;
  end if;
  perform private.invalid_argument(key || ' : [ouest, sud, est, nord] en degrés.');
end;
$_$;

COMMENT ON FUNCTION private.arg_box(p jsonb, key text) IS 'A box [w, s, e, n] in an argument, null when absent, PT400 otherwise.';

CREATE FUNCTION private.arg_bucket(p jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  bucket text := private.arg_text(p, 'bucket');
begin
  perform private.read_bucket(bucket);
  return bucket;
end;
$$;

COMMENT ON FUNCTION private.arg_bucket(p jsonb) IS 'The required argument `bucket`; PT400 when it is not one of the contract.';

CREATE FUNCTION private.arg_choice(p jsonb, key text, choices text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  given text := private.arg_text(p, key);
begin
  if given is not null and not given = any (choices) then
    perform private.invalid_argument(key || ' : ' || array_to_string(choices, ', ') || '.');
  end if;
  return given;
end;
$$;

COMMENT ON FUNCTION private.arg_choice(p jsonb, key text, choices text[]) IS 'An argument among some words, or null; PT400 otherwise.';

CREATE FUNCTION private.arg_limit(p jsonb, default_limit integer, max_limit integer) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
declare
  given jsonb := p -> 'limit';
begin
  if given is null or given = 'null' then
    return default_limit;
  end if;
  if jsonb_typeof(given) <> 'number' or given #>> '{}' !~ '^[0-9]{1,9}$' or (given #>> '{}')::int not between 1 and max_limit then
    perform private.invalid_argument('limit : un entier de 1 à ' || max_limit || '.');
  end if;
  return (given #>> '{}')::int;
end;
$_$;

COMMENT ON FUNCTION private.arg_limit(p jsonb, default_limit integer, max_limit integer) IS 'The argument `limit`, or its default; PT400 outside 1 to the maximum.';

CREATE FUNCTION private.arg_list(p jsonb, key text, max_length integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if coalesce(jsonb_typeof(p -> key), '') <> 'array' then
    perform private.invalid_argument(key || ' : une liste.');
  end if;
  if jsonb_array_length(p -> key) > max_length then
    perform private.invalid_argument(key || ' : au plus ' || max_length || ' éléments.');
  end if;
  return p -> key;
end;
$$;

COMMENT ON FUNCTION private.arg_list(p jsonb, key text, max_length integer) IS 'A required list argument of bounded length; PT400 otherwise.';

CREATE FUNCTION private.arg_number(p jsonb, key text, lowest numeric, highest numeric) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  if p -> key is null or p -> key = 'null' then
    return null;
  elsif jsonb_typeof(p -> key) = 'number' and (p ->> key)::numeric between lowest and highest then
    return (p ->> key)::numeric;
  end if;
  perform private.invalid_argument(format('%s : un nombre de %s à %s.', key, lowest, highest));
end;
$$;

COMMENT ON FUNCTION private.arg_number(p jsonb, key text, lowest numeric, highest numeric) IS 'A number in an argument within bounds, null when absent, PT400 otherwise.';

CREATE FUNCTION private.arg_role(p jsonb) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.arg_choice(p, 'role', array['contributor', 'moderator', 'coordinator']); $$;

COMMENT ON FUNCTION private.arg_role(p jsonb) IS 'The argument `role`, or null; PT400 when it is none.';

CREATE FUNCTION private.arg_territories(p jsonb) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if coalesce(p -> 'territories', 'null') = 'null' then
    return null;
  elsif private.text_array(p -> 'territories') is null then
    perform private.invalid_argument('territories : une liste de codes INSEE, ou ["*"].');
  end if;
  return private.known_territories(private.text_array(p -> 'territories'));
end;
$$;

COMMENT ON FUNCTION private.arg_territories(p jsonb) IS 'The argument `territories`, every code known, or null.';

CREATE FUNCTION private.arg_text(p jsonb, key text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if coalesce(jsonb_typeof(p -> key), 'null') not in ('string', 'null') then
    perform private.invalid_argument(key || ' : une chaîne de caractères.');
  end if;
  return p ->> key;
end;
$$;

COMMENT ON FUNCTION private.arg_text(p jsonb, key text) IS 'A textual argument or null; PT400 when it is something else.';

CREATE FUNCTION private.arg_texts(p jsonb, key text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
declare
  given jsonb := p -> key;
begin
  if given is null or given = 'null' then
    return null;
  elsif jsonb_typeof(given) = 'string' then
    return array_remove(string_to_array(replace(given #>> '{}', ' ', ''), ','), '');
  elsif jsonb_typeof(given) = 'array' and not jsonb_path_exists(given, '$[*] ? (@.type() != "string")') then
    return array(select jsonb_array_elements_text(given));
  end if;
  perform private.invalid_argument(key || ' : une liste de textes.');
end;
$_$;

COMMENT ON FUNCTION private.arg_texts(p jsonb, key text) IS 'A list of texts in the arguments: a JSON list or comma-separated text; null when absent; PT400 otherwise.';

CREATE FUNCTION private.arg_uuid(p jsonb, key text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  given text := private.arg_text(p, key);
begin
  if given is not null and not private.is_uuid(given) then
    perform private.invalid_argument(key || ' : un identifiant UUID.');
  end if;
  return given::uuid;
end;
$$;

COMMENT ON FUNCTION private.arg_uuid(p jsonb, key text) IS 'A UUID argument or null; PT400 when it is something else.';

CREATE FUNCTION private.base_value(path text, base jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  -- The author may have seen a term before it was replaced.
  select case
    when base -> path is null or base -> path in ('""', '[]', '{}') then
      case path when 'sensitivity' then '"open"'::jsonb else 'null' end
    when path = 'concept' and jsonb_typeof(base -> path) = 'string'
      then to_jsonb(coalesce(private.current_concept(base ->> path), base ->> path))
    else base -> path end;
$$;

COMMENT ON FUNCTION private.base_value(path text, base jsonb) IS 'What the author saw at a path, normalised as the server''s values are; absent is null.';

CREATE FUNCTION private.begin_new_life() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  update app.settings set generation = gen_random_uuid(), restored_at = now();
  return private.current_epoch();
end;
$$;

COMMENT ON FUNCTION private.begin_new_life() IS 'To be called by the owner of the database after it was put back from a backup, before anybody is let in: phones then ask what was forgotten, and send it again. Returns the new epoch.';

CREATE FUNCTION private.bring_some_points_back(e app.thesaurus_edits, at_most integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.bring_some_points_back(e app.thesaurus_edits, at_most integer) IS 'Puts some of the points that an undone edit had moved back where they were; one that somebody put elsewhere since stays there.';

CREATE FUNCTION private.bucket_digest(bucket text, viewer uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if bucket = 't' then
    -- Nothing leaves bucket t and its rows have no v: the count is what there is to compare.
    return (select jsonb_build_object('id', 't', 'count', count(*), 'digest', '0')
      from app.concepts where status in ('accepted', 'deprecated'));
  end if;
  return (
    select jsonb_build_object(
      'id', bucket,
      'count', count(*),
      'digest', (coalesce(sum(
        ('x' || right(replace(m.id::text, '-', ''), 12))::bit(48)::bigint::numeric + m.v::numeric * 1000003), 0)
        % 281474976710656)::text)
    from private.bucket_points(bucket, viewer, null, null) as m);
end;
$$;

COMMENT ON FUNCTION private.bucket_digest(bucket text, viewer uuid) IS 'Count and digest of what the viewer may see in a bucket: sum of (last 12 hex digits of the id + v × 1 000 003) modulo 2^48.';

CREATE FUNCTION private.bucket_points(bucket text, viewer uuid, after uuid, page_size integer) RETURNS SETOF app.points
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  b private.sync_bucket := private.read_bucket(bucket);
  start uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
begin
  if b.kind = 'c' then
    return query
      select p.* from app.points as p
      where p.theme = b.theme and p.public_cell = b.cell and p.first_published_at is not null
        and p.status in ('published', 'archived', 'destroyed') and p.id > start
      order by p.id limit page_size;
  elsif b.kind = 'u' then
    return query
      select p.* from app.points as p
      where p.id in (select private.involved_points(viewer)) and p.id > start and private.can_see(p, viewer)
      order by p.id limit page_size;
  elsif b.kind = 'm' then
    return query
      select p.* from app.points as p
      where p.id in (select private.waiting_points(viewer)) and p.id > start
      order by p.id limit page_size;
  end if;
end;
$$;

COMMENT ON FUNCTION private.bucket_points(bucket text, viewer uuid, after uuid, page_size integer) IS 'Members of a bucket that the viewer may see, by id: what snapshot, digest and ids agree on.';

CREATE FUNCTION private.buckets_with_news(buckets jsonb, viewer uuid) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  horizon xid8 := private.horizon();
begin
  return array(
    select b ->> 'id'
    from jsonb_array_elements(buckets) as b
    cross join lateral private.read_cursor(b ->> 'cursor') as since
    left join lateral (
      select c.change_xid
      from app.changes as c
      where c.bucket = case b ->> 'id' when 'u:me' then 'u:' || viewer else b ->> 'id' end
        and (c.change_xid, c.change_seq) > (since.xid, since.seq)
      order by c.change_xid, c.change_seq
      limit 1) as next on true
    where b ->> 'id' in ('m:me', 't') or next.change_xid < horizon);
end;
$$;

COMMENT ON FUNCTION private.buckets_with_news(buckets jsonb, viewer uuid) IS 'Buckets that changed since their cursor, found at once: most pulls of most phones bring nothing, and must cost nothing.';

CREATE FUNCTION private.bulk_obstacle(p app.points, who uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return case
    when p.status <> 'submitted' then 'not_waiting'
    when p.author is null or p.author = who then 'own_contribution'
    when exists (select from app.conflicts where point_id = p.id and resolved_by is null) then 'conflict'
    when exists (select from app.term_proposals where point_id = p.id and state = 'proposed') then 'term_proposed' end;
end;
$$;

COMMENT ON FUNCTION private.bulk_obstacle(p app.points, who uuid) IS 'Why a point must be looked at alone, whatever lies around it; null when nothing of its own says so.';

CREATE FUNCTION private.bulk_problem(p app.points, who uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return coalesce(private.bulk_obstacle(p, who),
    case when exists (select from private.possible_duplicates(array[p.id], who)) then 'candidate' end);
end;
$$;

COMMENT ON FUNCTION private.bulk_problem(p app.points, who uuid) IS 'Why a point must be looked at alone: not_waiting, own_contribution, conflict, term_proposed, candidate; null when it may be decided with others.';

CREATE FUNCTION private.bump_visibility() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  update app.profiles set visibility_epoch = visibility_epoch + 1
  where user_id = coalesce(new.user_id, old.user_id);
  return null;
end;
$$;

COMMENT ON FUNCTION private.bump_visibility() IS 'Trigger: a membership changed, so what its holder may see changed as a whole.';

CREATE FUNCTION private.cacheable(body json, max_age_s integer) RETURNS json
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  etag text := '"' || md5(body::text) || '"';
  asked json := nullif(current_setting('request.headers', true), '')::json;
begin
  perform set_config('response.headers',
    format('[{"Cache-Control": "public, max-age=%s, stale-while-revalidate=60"}, {"ETag": "%s"}]',
      max_age_s, replace(etag, '"', '\"')), true);
  -- PostgREST tells which version the caller holds; @supabase/lite does not, and its server compares by itself.
  if current_setting('request.method', true) = 'GET' and asked ->> 'if-none-match' in (etag, 'W/' || etag) then
    perform set_config('response.status', '304', true);
    return null;
  end if;
  return body;
end;
$$;

COMMENT ON FUNCTION private.cacheable(body json, max_age_s integer) IS 'Ends a public read: how long anyone may keep the answer, its ETag, and 304 when the caller already has it.';

CREATE FUNCTION private.caller_network() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select private.network_of(nullif(current_setting('request.headers', true), '')::json ->> s.address_header) from app.settings as s;
$$;

COMMENT ON FUNCTION private.caller_network() IS 'Where a call comes from, as the platform says in a header that it writes itself; null when nobody knows, and all are then one network.';

CREATE FUNCTION private.can_see(p app.points, viewer uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return private.is_public(p) or private.is_insider(p, viewer);
end;
$$;

COMMENT ON FUNCTION private.can_see(p app.points, viewer uuid) IS 'Whether the viewer (null: somebody without account) may know that the point exists.';

CREATE FUNCTION private.candidates_json(p app.points, moderator uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  radius double precision := private.theme_radius_m(p.theme) + private.accuracy_reach(p.accuracy_m);
  rule record;
  own_name text := private.fold(p.attributes ->> 'name');
begin
  select * into rule from private.kinship_rule(p.theme);
  return (
    with compared as (
      select c.candidate, c.distance_m, c.is_doubted,
        exists (
          select from app.ruled_out as r
          where (r.point_id = p.id and r.other_id = (c.candidate).id)
            or (r.point_id = (c.candidate).id and r.other_id = p.id)) as is_ruled_out,
        greatest(0, 1 - c.distance_m / (radius + private.accuracy_reach((c.candidate).accuracy_m))) as closeness,
        private.kinship(rule.holding, rule.is_same_only, p.concept, p.attributes ->> rule.title_field,
          (c.candidate).concept, (c.candidate).attributes ->> rule.title_field) as kinship,
        case when own_name = '' then 0 else similarity(own_name, private.fold((c.candidate).attributes ->> 'name')) end as likeness
      from private.duplicate_candidates(p, moderator) as c
    ), scored as (
      select *, round((0.5 * closeness + 0.2 * case when kinship = 'same_concept' then 1.0 else 0.5 end + 0.3 * likeness)::numeric, 3) as score from compared
      order by is_doubted desc, is_ruled_out, score desc, distance_m limit 20
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'point', private.point_json(candidate, moderator),
      'distance_m', round(distance_m::numeric, 1),
      'score', score,
      'survivor', private.survivor_json(p, candidate),
      'why', to_jsonb(array_remove(array[
        case when is_doubted then 'author_unsure' end,
        case when is_ruled_out then 'author_ruled_out' end,
        case when closeness > 0.5 then 'close' end,
        case when kinship <> 'similar_name' then kinship end,
        case when likeness >= 0.4 or kinship = 'similar_name' then 'similar_name' end,
        case when (candidate).author = p.author then 'same_author' end], null))
    ) order by is_doubted desc, is_ruled_out, score desc, distance_m), '[]')
    from scored);
end;
$$;

COMMENT ON FUNCTION private.candidates_json(p app.points, moderator uuid) IS 'Duplicate candidates, at most 20: first those that the author could not tell apart, then the best, those that an author ruled out last, each with which of the two should stay. Score from 0 to 1: half closeness, the rest kinship of the concept and likeness of the name.';

CREATE FUNCTION private.cell_bucket(p app.points) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return 'c:' || p.theme || ':' || p.public_cell;
end;
$$;

COMMENT ON FUNCTION private.cell_bucket(p app.points) IS 'Public feed bucket of a point; null when it is hidden.';

CREATE FUNCTION private.cell_of(geom extensions.geometry) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  x int := least(4095, greatest(0, floor((st_x(geom) + 180) / 360 * 4096)::int));
  y int := least(4095, greatest(0,
    floor((1 - ln(tan(radians(st_y(geom))) + 1 / cos(radians(st_y(geom)))) / pi()) / 2 * 4096)::int));
  key text := '';
begin
  for i in reverse 11..0 loop
    key := key || (((x >> i) & 1) + 2 * ((y >> i) & 1))::text;
  end loop;
  return key;
end;
$$;

COMMENT ON FUNCTION private.cell_of(geom extensions.geometry) IS 'Quadkey of the Web Mercator tile at zoom 12 that holds the position: the sync cell (12 digits 0 to 3).';

CREATE FUNCTION private.change_json(path text, before jsonb, after jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('path', path, 'before', nullif(before, 'null'), 'after', nullif(after, 'null'), 'change', case
    when coalesce(before, 'null') = 'null' then 'added' when coalesce(after, 'null') = 'null' then 'removed' else 'changed' end);
$$;

COMMENT ON FUNCTION private.change_json(path text, before jsonb, after jsonb) IS 'A change of one field in words: added, changed or removed.';

CREATE FUNCTION private.changed_term(scheme_id text, args jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  c jsonb := private.term(scheme_id, args ->> 'concept', false);
  field record;
begin
  if jsonb_typeof(args -> 'fields') is distinct from 'object' or args -> 'fields' = '{}' then
    perform private.invalid_argument('fields : ce qui change, {"labels.fr": {from, to}}.');
  end if;
  for field in select key, value from jsonb_each(args -> 'fields') order by key loop
    if jsonb_typeof(field.value) <> 'object' or not field.value ?& array['from', 'to'] then
      perform private.invalid_argument(format('%s : {from, to}, ce qui était vu et ce qui est voulu.', field.key));
    end if;
    c := private.with_field(c, field.key, field.value -> 'from', field.value -> 'to');
  end loop;
  perform private.concept_content(c);
  return jsonb_build_array(c);
end;
$$;

COMMENT ON FUNCTION private.changed_term(scheme_id text, args jsonb) IS 'Action `change` {concept, fields: {path: {from, to}}}.';

CREATE FUNCTION private.changes_since_review(p app.points) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  reviewed bigint := (select max(id) from app.events where point_id = p.id and actor_kind = 'moderator' and from_status <> to_status);
begin
  if reviewed is null then
    return (select coalesce(jsonb_agg(private.change_json(path, null, value) order by path), '[]')
      from jsonb_each(private.content_of(p)) as content (path, value));
  end if;
  return (
    select coalesce(jsonb_agg(private.change_json(path, first, last) order by path), '[]')
    from (
      select d.path, (array_agg(d.value -> 0 order by e.id))[1] as first, (array_agg(d.value -> 1 order by e.id desc))[1] as last
      from app.events as e, jsonb_each(e.diff) as d (path, value)
      where e.point_id = p.id and e.id > reviewed and e.action = 'edit'
      group by d.path) as changed
    where first is distinct from last);
end;
$$;

COMMENT ON FUNCTION private.changes_since_review(p app.points) IS 'Fields of a point that waits: all of them at its first reading, those that changed since the last decision when it was sent again.';

CREATE FUNCTION private.check_answer(field jsonb, value jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
declare
  kind text := field ->> 'type';
  shape text := jsonb_typeof(value);
  item jsonb;
begin
  if value in ('null', '""', '[]', '{}') then
    return 'null';
  end if;
  if value = '"unsure"' and kind in ('boolean', 'choice', 'choices') and (field ->> 'unsure')::boolean then
    return value;
  end if;
  case
    when kind in ('text', 'long_text') then
      if shape <> 'string'
        or char_length(value #>> '{}') > private.text_bound(field) then
        perform private.reject('invalid_attributes', format('Texte attendu, ou trop long : %s.', field ->> 'key'));
      end if;
      if value #>> '{}' ~ '^[ \t\n\v\f\r]*$' then
        return 'null';
      end if;
      if field ->> 'digits' is not null and value #>> '{}' !~ format('^[0-9]{%s}$', (field ->> 'digits')::int) then
        perform private.reject('invalid_attributes', format('%s chiffres attendus : %s.', field ->> 'digits', field ->> 'key'));
      end if;
    when kind in ('integer', 'decimal') then
      return private.check_number(field, value);
    when kind = 'boolean' then
      if shape <> 'boolean' then
        perform private.reject('invalid_attributes', format('Oui ou non attendu : %s.', field ->> 'key'));
      end if;
    when kind = 'choice' then
      if shape <> 'string' or not private.has_option(field, value) then
        perform private.reject('invalid_attributes', format('Choix inconnu : %s.', field ->> 'key'));
      end if;
    when kind = 'choices' then
      value := private.check_list(field, value, 100);
      for item in select * from jsonb_array_elements(value) loop
        if jsonb_typeof(item) <> 'string' or not private.has_option(field, item) then
          perform private.reject('invalid_attributes', format('Choix inconnu : %s.', field ->> 'key'));
        end if;
      end loop;
    when kind = 'date' then
      if shape <> 'string' or private.to_day(value #>> '{}') is null then
        perform private.reject('invalid_attributes', format('Date AAAA-MM-JJ attendue : %s.', field ->> 'key'));
      end if;
    when kind = 'concept' then
      return private.check_concept(field ->> 'scheme', value, 'invalid_attributes');
    when kind = 'group' then
      return private.check_group(field, value);
    else
      perform private.reject('invalid_attributes', format('Champ de type inconnu : %s.', field ->> 'key'));
  end case;
  return value;
end;
$_$;

COMMENT ON FUNCTION private.check_answer(field jsonb, value jsonb) IS 'An answer checked against its field (contract §5) and normalised: empty text and empty list are null.';

CREATE FUNCTION private.check_bulk(was app.points, who uuid, m jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  bulk uuid := private.to_uuid(m ->> 'bulk');
  b app.bulks;
  problem text;
begin
  if coalesce(m -> 'bulk', 'null') = 'null' then
    return;
  elsif bulk is null or m ->> 'decision' not in ('publish', 'reject', 'to_complete')
    or jsonb_strip_nulls(m) ?| array['fields', 'photos', 'correction', 'keep', 'duplicate_of', 'revision_id', 'report_id'] then
    perform private.reject('not_bulk_safe', 'En lot on publie, on refuse ou on renvoie, sans rien changer.');
  end if;
  problem := private.bulk_problem(was, who);
  if problem is not null then
    perform private.reject('not_bulk_safe', format('Ce point se regarde seul : %s.', problem));
  end if;
  insert into app.bulks (id, moderator, author, theme, decision) values (bulk, who, was.author, was.theme, m ->> 'decision')
  on conflict (id) do nothing;
  select * into b from app.bulks where id = bulk for update;
  if (b.moderator, b.author, b.theme, b.decision) is distinct from (who, was.author, was.theme, m ->> 'decision') then
    perform private.reject('not_bulk_safe', 'Un lot est d’un seul auteur, d’une seule thématique et d’une seule décision.');
  elsif b.items >= 100 then
    perform private.reject('not_bulk_safe', 'Un lot compte 100 points au plus.');
  end if;
  update app.bulks set items = items + 1 where id = bulk;
end;
$$;

COMMENT ON FUNCTION private.check_bulk(was app.points, who uuid, m jsonb) IS 'Refuses as not_bulk_safe a decision taken with others (field `bulk`) on what must be looked at alone; the others of the lot pass.';

CREATE FUNCTION private.check_concept(scheme_id text, value jsonb, code text DEFAULT 'invalid_concept'::text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  current text;
begin
  if jsonb_typeof(value) = 'null' then
    return value;
  end if;
  if jsonb_typeof(value) = 'string' then
    current := private.current_concept(value #>> '{}');
  end if;
  if current is null or scheme_id is null
    or not exists (select from app.concepts where id = current and scheme = scheme_id) then
    perform private.reject(code, format('Terme inconnu du thésaurus : %s.', left(value #>> '{}', 80)));
  end if;
  return to_jsonb(current);
end;
$$;

COMMENT ON FUNCTION private.check_concept(scheme_id text, value jsonb, code text) IS 'The concept of a value, mapped to what replaced it; refuses one that the scheme does not have.';

CREATE FUNCTION private.check_correction(was app.points, m jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  decision text := m ->> 'decision';
begin
  if coalesce(m -> 'correction', 'null') = 'null' then
    return;
  elsif decision in ('reject', 'to_complete') or m #> '{correction,patch}' = '{}' then
    perform private.reject('invalid_patch', 'Une correction change au moins un champ, et ne va pas avec un refus.');
  elsif decision <> 'restore' and was.status not in ('submitted', 'published') then
    perform private.reject('invalid_transition', 'Un point ne se corrige pas dans son état actuel.');
  end if;
end;
$$;

COMMENT ON FUNCTION private.check_correction(was app.points, m jsonb) IS 'Refuses a correction that changes nothing, goes with a refusal, or rewrites what is neither submitted nor published.';

CREATE FUNCTION private.check_decision_words(theme app.themes, m jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  reason text := nullif(m ->> 'reason', '');
begin
  if coalesce(jsonb_typeof(m -> 'comment'), 'null') not in ('null', 'string') then
    perform private.reject('invalid_patch', 'comment : un texte.');
  elsif char_length(m ->> 'comment') > 4000 then
    perform private.reject('comment_too_long', 'Un commentaire tient en 4 000 caractères.');
  end if;
  if reason is null and m ->> 'decision' in ('reject', 'to_complete', 'duplicate', 'archive', 'destroy') then
    perform private.reject('reason_required', 'Cette décision demande un motif.');
  end if;
  if reason is not null and reason <> all (private.known_reasons(theme)) then
    perform private.reject('unknown_reason', 'Ce motif n’existe pas pour cette thématique.');
  end if;
end;
$$;

COMMENT ON FUNCTION private.check_decision_words(theme app.themes, m jsonb) IS 'Refuses a decision without the reason it needs, with an unknown one, or with too long a comment.';

CREATE FUNCTION private.check_geom(value jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  key text;
  number numeric;
begin
  if jsonb_typeof(value) is distinct from 'object' then
    perform private.reject('invalid_geometry', 'Une position {lon, lat} est attendue.');
  end if;
  for key in select jsonb_object_keys(value) loop
    if key not in ('lon', 'lat', 'accuracy_m', 'source', 'heading_deg', 'moved_m') then
      perform private.reject('invalid_geometry', format('Clé inconnue dans la position : %s.', left(key, 40)));
    end if;
  end loop;
  foreach key in array array['lon', 'lat', 'accuracy_m', 'heading_deg', 'moved_m'] loop
    if coalesce(jsonb_typeof(value -> key), 'null') = 'null' and key not in ('lon', 'lat') then
      continue;
    end if;
    number := case when jsonb_typeof(value -> key) = 'number' then (value -> key)::numeric end;
    if number is null or number not between
      (case key when 'lon' then -180 when 'lat' then -90 else 0 end) and
      (case key when 'lon' then 180 when 'lat' then 90 when 'heading_deg' then 360 else 1000000 end)
    then
      perform private.reject('invalid_geometry', format('Valeur manquante ou hors limites : %s.', key));
    end if;
  end loop;
  if coalesce(value ->> 'source', 'typed') not in ('gps', 'map', 'exif', 'typed', 'import') then
    perform private.reject('invalid_geometry', 'Origine de la position inconnue.');
  end if;
  -- Someone sets a thing from their sofa: how far that is, and where they look, would tell where they live.
  if (value ->> 'moved_m')::numeric > 200 then
    value := private.plain_place(value);
  end if;
  return jsonb_build_object(
      'lon', round((value ->> 'lon')::numeric, 7), 'lat', round((value ->> 'lat')::numeric, 7),
      'accuracy_m', round((value ->> 'accuracy_m')::numeric, 2), 'source', coalesce(value ->> 'source', 'typed'))
    || jsonb_strip_nulls(jsonb_build_object(
      'heading_deg', round((value ->> 'heading_deg')::numeric, 1), 'moved_m', round((value ->> 'moved_m')::numeric, 2)));
end;
$$;

COMMENT ON FUNCTION private.check_geom(value jsonb) IS 'The position of a mutation, rounded as the wire writes it; refuses other keys, missing or impossible coordinates. A position without source was typed.';

CREATE FUNCTION private.check_group(field jsonb, value jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  checked jsonb;
begin
  if jsonb_typeof(value) <> 'array' then
    return coalesce(nullif(private.check_item(field, value), '{}'), 'null');
  elsif jsonb_array_length(value) > 50 then
    perform private.reject('invalid_attributes', format('Au plus 50 éléments : %s.', field ->> 'key'));
  end if;
  select jsonb_agg(item order by n) into checked
  from (select private.check_item(field, raw) as item, n from jsonb_array_elements(value) with ordinality as list (raw, n)) as each
  where item <> '{}';
  return coalesce(checked, 'null');
end;
$$;

COMMENT ON FUNCTION private.check_group(field jsonb, value jsonb) IS 'A group of answers, or a list of at most 50 such groups; items that say nothing are left out.';

CREATE FUNCTION private.check_item(field jsonb, item jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
declare
  checked jsonb := '{}';
  key text;
  inner_field jsonb;
  inner_value jsonb;
begin
  if jsonb_typeof(item) <> 'object' then
    perform private.reject('invalid_attributes', format('Groupe de réponses attendu : %s.', field ->> 'key'));
  end if;
  for key, inner_value in select * from jsonb_each(item) loop
    inner_field := jsonb_path_query_first(field, '$.fields[*] ? (@.key == $key)', jsonb_build_object('key', key));
    if inner_field is null then
      perform private.reject('invalid_attributes', format('Champ inconnu : %s.%s.', field ->> 'key', left(key, 60)));
    end if;
    checked := checked || jsonb_build_object(key, private.check_answer(inner_field, inner_value));
  end loop;
  return jsonb_strip_nulls(checked);
end;
$_$;

COMMENT ON FUNCTION private.check_item(field jsonb, item jsonb) IS 'One item of a group, each answer checked against its field; empty when it says nothing.';

CREATE FUNCTION private.check_list(field jsonb, value jsonb, at_most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if jsonb_typeof(value) <> 'array' then
    perform private.reject('invalid_attributes', format('Liste attendue : %s.', field ->> 'key'));
  elsif jsonb_array_length(value) > at_most then
    perform private.reject('invalid_attributes', format('Au plus %s réponses : %s.', at_most, field ->> 'key'));
  end if;
  return (
    select coalesce(jsonb_agg(item order by n), '[]')
    from (select item, min(n) as n from jsonb_array_elements(value) with ordinality as list (item, n) group by item) as once);
end;
$$;

COMMENT ON FUNCTION private.check_list(field jsonb, value jsonb, at_most integer) IS 'A list of answers, each once, in the order given.';

CREATE FUNCTION private.check_load_row(theme app.themes, fields jsonb, item jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  content jsonb := '{"sensitivity": "open"}';
  key text;
  value jsonb;
  problem text;
  details text;
begin
  if coalesce(item ->> 'ref', '') = '' then
    perform private.reject('invalid_patch', 'Un objet sans identifiant de source.');
  end if;
  content := content || jsonb_build_object('geom', private.check_geom(
    jsonb_build_object('lon', item -> 'lon', 'lat', item -> 'lat', 'accuracy_m', item -> 'accuracy_m', 'source', 'import')));
  perform private.check_place(content -> 'geom');
  value := private.check_concept(theme.scheme, coalesce(item -> 'concept', 'null'));
  content := content || case when value = 'null' then '{}' else jsonb_build_object('concept', value) end;
  for key, value in select * from jsonb_each(coalesce(item -> 'attributes', '{}')) loop
    if fields -> key is null then
      perform private.reject('invalid_attributes', format('Champ inconnu : %s.', left(key, 80)));
    end if;
    value := private.check_answer(fields -> key, value);
    content := content || case when value = 'null' then '{}' else jsonb_build_object('attributes.' || key, value) end;
  end loop;
  return jsonb_build_object('ref', item ->> 'ref', 'content', content, 'captured_at', item ->> 'captured_at');
exception
  when sqlstate 'CR001' then
    get stacked diagnostics problem = message_text, details = pg_exception_detail;
    return jsonb_build_object('ref', item ->> 'ref', 'code', problem, 'details', details);
end;
$$;

COMMENT ON FUNCTION private.check_load_row(theme app.themes, fields jsonb, item jsonb) IS 'One row of an import, checked as a mutation would be: {ref, content} or {ref, code, details}.';

CREATE FUNCTION private.check_number(field jsonb, value jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  number numeric := case when jsonb_typeof(value) = 'number' then value::numeric end;
begin
  if number is null or abs(number) > 1e15 or (field ->> 'type' = 'integer' and number <> trunc(number)) then
    perform private.reject('invalid_attributes', format('Nombre attendu : %s.', field ->> 'key'));
  end if;
  if number < (field ->> 'min')::numeric or number > (field ->> 'max')::numeric then
    perform private.reject('invalid_attributes', format('Nombre hors limites : %s.', field ->> 'key'));
  end if;
  return value;
end;
$$;

COMMENT ON FUNCTION private.check_number(field jsonb, value jsonb) IS 'A whole or decimal answer within the bounds of its field.';

CREATE FUNCTION private.check_patch(theme app.themes, patch jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  checked jsonb := '{}';
  field jsonb;
  path text;
  value jsonb;
begin
  if jsonb_typeof(patch) is distinct from 'object' then
    perform private.reject('invalid_patch', 'Un objet {chemin: valeur} est attendu.');
  end if;
  for path, value in select * from jsonb_each(patch) loop
    if path = 'geom' then
      value := private.check_geom(value);
      perform private.check_place(value);
    elsif path = 'concept' then
      value := private.check_concept(theme.scheme, value);
    elsif path = 'sensitivity' then
      if value not in ('null', '"open"', '"blurred"', '"hidden"') then
        perform private.reject('invalid_patch', 'Sensibilité inconnue.');
      end if;
      value := case when value = 'null' then '"open"' else value end;
    elsif path like 'attributes.%' then
      field := private.form_field(theme.id, substr(path, 12));
      if field is null then
        perform private.reject('invalid_attributes', format('Champ inconnu : %s.', left(substr(path, 12), 80)));
      end if;
      value := private.check_answer(field, value);
    else
      perform private.reject('invalid_patch', format('Chemin inconnu : %s.', left(path, 80)));
    end if;
    checked := checked || jsonb_build_object(path, value);
  end loop;
  return checked;
end;
$$;

COMMENT ON FUNCTION private.check_patch(theme app.themes, patch jsonb) IS 'A patch with every value checked and normalised; the database validates, whatever the client did.';

CREATE FUNCTION private.check_place(value jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
begin
  if not private.is_in_territory(
    st_setsrid(st_makepoint((value ->> 'lon')::float8, (value ->> 'lat')::float8), 4326)) then
    perform private.reject('outside_territory', 'Cette position est en dehors du territoire de l’inventaire.');
  end if;
end;
$$;

COMMENT ON FUNCTION private.check_place(value jsonb) IS 'Refuses a checked position where the instance takes no inventory.';

CREATE FUNCTION private.check_pull(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  buckets jsonb := private.arg_list(p, 'buckets', 1000);
begin
  if exists (select from jsonb_array_elements(buckets) as b
    where jsonb_typeof(b) <> 'object' or coalesce(jsonb_typeof(b -> 'id'), '') <> 'string'
      or coalesce(jsonb_typeof(b -> 'cursor'), 'null') not in ('string', 'null')) then
    perform private.invalid_argument('buckets : une liste de {id, cursor?}.');
  end if;
  perform private.read_bucket(b ->> 'id') from jsonb_array_elements(buckets) as b;
  return buckets;
end;
$$;

COMMENT ON FUNCTION private.check_pull(p jsonb) IS 'The buckets of a pull once their shape is checked; PT400 otherwise.';

CREATE FUNCTION private.check_push(p jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if jsonb_typeof(p) is distinct from 'object' or jsonb_typeof(p -> 'mutations') is distinct from 'array'
    or coalesce(jsonb_typeof(p -> 'epoch'), 'null') not in ('string', 'null')
    or exists (select from jsonb_array_elements(p -> 'mutations') as m where jsonb_typeof(m) <> 'object') then
    perform private.fail(400, 'invalid_argument', 'Un objet {device_id, client, mutations: [...]} est attendu.');
  end if;
  -- jsonb writes a space after each colon and comma, which the body did not have.
  if jsonb_array_length(p -> 'mutations') > 50
    or octet_length(p::text) > 524288
    or octet_length(p::text) > 262144 and octet_length(regexp_replace(p::text, '([:,]) ', '\1', 'g')) > 262144 then
    perform private.fail(413, 'too_large', 'Au plus 50 contributions et 256 Ko par envoi.');
  end if;
end;
$$;

COMMENT ON FUNCTION private.check_push(p jsonb) IS 'Refuses a push as a whole when its body is malformed or too large.';

CREATE FUNCTION private.check_report(p app.points, theme app.themes, who uuid, m jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  named text := nullif(m -> 'report_id', 'null') #>> '{}';
begin
  if named is not null and not exists (
    select from app.reports as r where r.id = private.to_uuid(named) and r.point_id = p.id and r.state = 'open') then
    perform private.reject('invalid_transition', 'Ce signalement n’attend pas sur ce point.');
  elsif m ->> 'decision' in ('dismiss', 'publish') and exists (
    select from app.reports as r where r.point_id = p.id and r.kind = 'audit' and r.state = 'open' and r.user_id = who
      and (r.id = private.to_uuid(named) or named is null and (m ->> 'decision' = 'dismiss' or coalesce(m -> 'correction', 'null') <> 'null'))) then
    perform private.refuse_own(theme, who, who);
  end if;
end;
$$;

COMMENT ON FUNCTION private.check_report(p app.points, theme app.themes, who uuid, m jsonb) IS 'Refuses a decision that names (`report_id`) what does not wait on the point, or that answers an audit of one''s own contribution.';

CREATE FUNCTION private.check_seen(p app.points, who uuid, m jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  seen int;
begin
  if coalesce(m -> 'seen_rev', 'null') <> 'null' then
    seen := private.to_count(m -> 'seen_rev', 2147483647);
  elsif coalesce(m -> 'seen_after', 'null') <> 'null' then
    select coalesce(r.rev, -1) into seen from app.receipts as r
    where r.mutation_id = private.to_uuid(m ->> 'seen_after') and r.user_id = who and r.point_id = p.id and r.status = 'applied'
      and exists (select from app.events as e
        where e.point_id = p.id and e.mutation_id = r.mutation_id and e.action in
          ('create', 'edit', 'publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss')
          and (e.action <> 'edit' or e.diff is not null));
    seen := coalesce(seen, -1);
  end if;
  if seen is null then
    perform private.reject('invalid_patch', 'Une décision dit ce qu’elle a vu : seen_rev ou seen_after.');
  elsif seen <> p.rev then
    perform private.reject('stale_review', 'Le contenu a changé depuis la lecture.');
  end if;
end;
$$;

COMMENT ON FUNCTION private.check_seen(p app.points, who uuid, m jsonb) IS 'Refuses as stale_review a decision taken on another content than the current one (product rule 5).';

CREATE FUNCTION private.check_undo(p app.points, who uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  survivor app.points;
begin
  select * into survivor from app.points where id = p.duplicate_of for update;
  if found and not private.is_moderator_of(who, survivor) then
    perform private.reject('not_allowed', 'Le point qui tient lieu de celui-ci n’est pas dans votre périmètre de modération.');
  elsif survivor.status = 'duplicate' then
    perform private.reject('invalid_transition', format('Ce point a été réuni à un autre, réuni depuis à son tour : rétablissez d’abord celui-là (%s).', survivor.id));
  end if;
end;
$$;

COMMENT ON FUNCTION private.check_undo(p app.points, who uuid) IS 'Refuses to undo a merge whose survivor lies out of scope, or was itself merged since: that one is undone first.';

CREATE FUNCTION private.close_conflicts(p app.points, who uuid, m jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  closed int;
begin
  if coalesce(jsonb_typeof(m -> 'resolves'), 'null') not in ('null', 'array') then
    perform private.reject('invalid_patch', 'resolves : une liste d’identifiants.');
  end if;
  update app.conflicts set resolved_by = (m ->> 'mutation_id')::uuid
  where point_id = p.id and resolved_by is null
    and mutation_id::text = any (coalesce(private.text_array(m -> 'resolves'), '{}'))
    and (user_id = who or private.is_moderator_of(who, p));
  get diagnostics closed = row_count;
  return closed;
end;
$$;

COMMENT ON FUNCTION private.close_conflicts(p app.points, who uuid, m jsonb) IS 'Closes the conflicts that an edit `resolves`: the person''s own, or any of the point for a moderator in scope.';

CREATE FUNCTION private.close_released_edits() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  update app.thesaurus_edits set released = new.number where scheme = new.scheme and state = 'applied' and released is null;
  return null;
end;
$$;

COMMENT ON FUNCTION private.close_released_edits() IS 'Trigger: the edits that a version carries are closed.';

CREATE FUNCTION private.close_reports(p app.points, who uuid, m jsonb, report text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  closed int;
begin
  update app.reports set state = 'closed', closed_at = now(), closed_by = who, closed_with = m ->> 'decision',
    closed_in = private.to_uuid(m ->> 'mutation_id')
  where point_id = p.id and state = 'open' and (report is null or id = private.to_uuid(report));
  get diagnostics closed = row_count;
  return closed;
end;
$$;

COMMENT ON FUNCTION private.close_reports(p app.points, who uuid, m jsonb, report text) IS 'Closes one open report of a point, or all of them, and notes which decision did.';

CREATE FUNCTION private.cluster_identity() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  -- Names no row and no person: safe whoever calls.
  return (select c.system_identifier from pg_control_system() as c)
    || '.' || (select c.timeline_id from pg_control_checkpoint() as c);
exception when others then
  return 'unknown';
end;
$$;

COMMENT ON FUNCTION private.cluster_identity() IS 'System identifier and timeline of the cluster (a point-in-time recovery opens a new timeline); "unknown" where the platform does not tell.';

CREATE FUNCTION private.commune_at(geom extensions.geometry) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $_$
begin
  -- plpgsql keeps its plan from call to call; a function in SQL plans anew each time.
  return (
    select t.code from app.territories as t
    where t.level = 'commune' and t.geom && $1 and st_intersects(t.geom, $1)
    order by t.code
    limit 1);
end;
$_$;

COMMENT ON FUNCTION private.commune_at(geom extensions.geometry) IS 'INSEE code of the commune whose outline holds the position, or null.';

CREATE FUNCTION private.communes_in(codes text[]) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $_$
  select array(
    select t.code from app.territories as t
    where t.level = 'commune'
      and (t.code = any (codes) or t.epci = any (codes) or t.departement = any (codes))
    union
    -- A code that no list knows stands for itself.
    select one from unnest(codes) as one where one ~ '^(\d{2}|2[AB])\d{3}$');
$_$;

COMMENT ON FUNCTION private.communes_in(codes text[]) IS 'Communes of a list of communes, EPCI and départements.';

CREATE FUNCTION private.communes_of(code text) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select array_agg(t.code) from app.territories as t
  where t.level = 'commune' and communes_of.code in (t.code, t.epci, t.departement, t.region);
$$;

COMMENT ON FUNCTION private.communes_of(code text) IS 'INSEE codes of the communes of a territory (a commune holds itself), null when it holds none.';

CREATE FUNCTION private.concept_content(c jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  said jsonb := jsonb_strip_nulls(coalesce(c, '{}'));
  content jsonb := '{}';
  field text;
  value jsonb;
begin
  if jsonb_typeof(c) is distinct from 'object' then
    perform private.invalid_argument('Un terme est un objet.');
  end if;
  foreach field in array array['labels', 'alt', 'hidden', 'definition', 'scope_note', 'example', 'change_note',
    'broader', 'related', 'matches', 'notation', 'unverified', 'position', 'picture'] loop
    value := said -> field;
    continue when value is null;
    if not (case
      when field = 'labels' then private.text_by_language(value, 200)
      when field in ('definition', 'scope_note', 'example') then private.text_by_language(value, 4000)
      when field in ('alt', 'hidden') then private.lists_by_key(value, 200)
      when field = 'change_note' then private.lists_by_key(value, 2000)
      when field = 'matches' then private.lists_by_key(value, 1000) and value - array['exact', 'close', 'broad', 'unverified'] = '{}'
      when field = 'related' then private.is_text_list(value, 100)
      when field = 'unverified' then jsonb_typeof(value) = 'array' and value <@ '["fr", "oc", "ca", "en"]'
      when field in ('broader', 'notation') then jsonb_typeof(value) = 'string' and char_length(value #>> '{}') between 1 and 100
      when field = 'picture' then jsonb_typeof(value) = 'string' and private.to_uuid(value #>> '{}') is not null
      else jsonb_typeof(value) = 'number' and (value #>> '{}')::numeric between 0 and 1000000 and (value #>> '{}')::numeric % 1 = 0 end) then
      perform private.invalid_argument(format('%s : ce n’est pas ce qu’un terme y dit.', field));
    end if;
    content := content || jsonb_build_object(field, value);
  end loop;
  return content;
end;
$$;

COMMENT ON FUNCTION private.concept_content(c jsonb) IS 'What a concept given by somebody says, the fields that one may write alone; PT400 invalid_argument names the field whose value has another shape.';

CREATE FUNCTION private.fold_all(texts jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $_$
  select coalesce(string_agg(' ' || private.fold(word #>> '{}'), ' '), '')
  from jsonb_path_query(texts, '$.** ? (@.type() == "string")') as word;
$_$;

COMMENT ON FUNCTION private.fold_all(texts jsonb) IS 'Every text found in a value, folded, each word preceded by a space: a word is looked for from its beginning with like ''% word%''.';

CREATE SEQUENCE app.change_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

COMMENT ON SEQUENCE app.change_seq IS 'Orders changes inside a transaction; with the transaction id it makes the sync cursor.';

CREATE TABLE app.concepts (
    id text NOT NULL,
    scheme text NOT NULL,
    labels jsonb NOT NULL,
    alt jsonb DEFAULT '{}'::jsonb NOT NULL,
    hidden jsonb DEFAULT '{}'::jsonb NOT NULL,
    definition jsonb DEFAULT '{}'::jsonb NOT NULL,
    broader text,
    related text[] DEFAULT '{}'::text[] NOT NULL,
    matches jsonb DEFAULT '{}'::jsonb NOT NULL,
    notation text,
    unverified text[] DEFAULT '{}'::text[] NOT NULL,
    status text DEFAULT 'accepted'::text NOT NULL,
    replaced_by text,
    "position" integer DEFAULT 0 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    change_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    change_seq bigint DEFAULT nextval('app.change_seq'::regclass) NOT NULL,
    folded text GENERATED ALWAYS AS (((private.fold_all(labels) || private.fold_all(alt)) || private.fold_all(hidden))) STORED,
    example jsonb DEFAULT '{}'::jsonb NOT NULL,
    scope_note jsonb DEFAULT '{}'::jsonb NOT NULL,
    change_note jsonb DEFAULT '{}'::jsonb NOT NULL,
    picture uuid,
    origin jsonb,
    CONSTRAINT concepts_id_check CHECK ((id ~ '^[a-z0-9][a-z0-9-]{0,80}$'::text)),
    CONSTRAINT concepts_origin_check CHECK ((jsonb_typeof(origin) = 'object'::text)),
    CONSTRAINT concepts_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'accepted'::text, 'deprecated'::text])))
);

COMMENT ON TABLE app.concepts IS 'SKOS concepts. Points store the id, never a label. Nothing is removed: a concept is deprecated with replaced_by.';

COMMENT ON COLUMN app.concepts.unverified IS 'Languages whose label no source has validated yet: searched, not shown as the term of the interface.';

COMMENT ON COLUMN app.concepts.folded IS 'Labels, synonyms and hidden labels in every language, folded for the search.';

COMMENT ON COLUMN app.concepts.example IS 'SKOS example by language: what one looks like, so that it is recognised on the ground. Never an actual place.';

COMMENT ON COLUMN app.concepts.scope_note IS 'SKOS scope note by language: when to choose the term, and when another.';

COMMENT ON COLUMN app.concepts.change_note IS 'SKOS change notes by language: what became of the term, a list of texts.';

COMMENT ON COLUMN app.concepts.picture IS 'A published photo that shows what the term means.';

COMMENT ON COLUMN app.concepts.origin IS 'What the reference vocabulary said of the term at the last import: {uri, labels, …}. Null for a term of the group''s own. What differs since is a local edit.';

CREATE FUNCTION private.concept_json(c app.concepts) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object(
    'id', c.id, 'uri', rtrim(s.public_url, '/') || '/t/' || c.id, 'scheme', c.scheme,
    'labels', c.labels, 'alt', c.alt, 'hidden', c.hidden, 'definition', c.definition, 'scope_note', c.scope_note, 'example', c.example,
    'change_note', c.change_note, 'broader', c.broader, 'related', c.related,
    'matches', '{"exact": [], "close": [], "broad": []}' || c.matches,
    'notation', c.notation, 'unverified', c.unverified, 'status', c.status, 'replaced_by', c.replaced_by, 'position', c.position)
    -- Few terms have one: the others do not carry its absence to every phone.
    || case when c.picture is null then '{}' else jsonb_strip_nulls(jsonb_build_object('picture', private.picture_json(c.picture))) end
  from app.settings as s;
$$;

COMMENT ON FUNCTION private.concept_json(c app.concepts) IS 'A concept of the thesaurus, as `thesaurus` and the feed `t` write it.';

CREATE FUNCTION private.concept_row(c app.concepts) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select to_jsonb(c) - array['folded', 'change_xid', 'change_seq', 'updated_at']; $$;

COMMENT ON FUNCTION private.concept_row(c app.concepts) IS 'A concept as the journal keeps it: all that was said of it, not when it was stamped.';

CREATE FUNCTION private.concept_rows(ids text[]) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select coalesce(jsonb_agg(private.concept_row(c) order by c.id), '[]') from app.concepts as c where c.id = any (ids); $$;

COMMENT ON FUNCTION private.concept_rows(ids text[]) IS 'Those of these concepts that there are, as the journal keeps them.';

CREATE FUNCTION private.concept_today(value jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select coalesce(to_jsonb(private.current_concept(value #>> '{}')), value); $$;

COMMENT ON FUNCTION private.concept_today(value jsonb) IS 'The value of a concept with what replaced it; itself where nothing did.';

CREATE FUNCTION private.concept_words(c app.concepts) RETURNS TABLE(kind text, lang text, word text)
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select 'pref', l.key, l.value #>> '{}' from jsonb_each(c.labels) as l
  union all
  select 'alt', l.key, w from jsonb_each(c.alt) as l, jsonb_array_elements_text(l.value) as w
  union all
  select 'hidden', l.key, w from jsonb_each(c.hidden) as l, jsonb_array_elements_text(l.value) as w;
$$;

COMMENT ON FUNCTION private.concept_words(c app.concepts) IS 'The labels of a concept: preferred, alternative and hidden, by language.';

CREATE FUNCTION private.concepts_above(start text) RETURNS TABLE(id text, is_cycle boolean)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with recursive up as (
    select c.broader as id, array[c.id] as path, c.broader = c.id as is_cycle from app.concepts as c where c.id = start
    union all
    select c.broader, up.path || c.id, c.broader = any (up.path || c.id)
    from up join app.concepts as c on c.id = up.id
    where not up.is_cycle
  )
  select up.id, up.is_cycle from up where up.id is not null;
$$;

COMMENT ON FUNCTION private.concepts_above(start text) IS 'All that is broader than a concept, nearest first; is_cycle where the way up comes back to itself.';

CREATE FUNCTION private.concepts_replacing(start text) RETURNS TABLE(id text, is_cycle boolean)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with recursive next as (
    select c.replaced_by as id, array[c.id] as path, c.replaced_by = c.id as is_cycle from app.concepts as c where c.id = start
    union all
    select c.replaced_by, next.path || c.id, c.replaced_by = any (next.path || c.id)
    from next join app.concepts as c on c.id = next.id
    where not next.is_cycle
  )
  select next.id, next.is_cycle from next where next.id is not null;
$$;

COMMENT ON FUNCTION private.concepts_replacing(start text) IS 'What replaces a concept, and what replaces that, to the end; is_cycle where it comes back to itself.';

CREATE FUNCTION private.condemn_orphans(maximum integer) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  condemned jsonb;
begin
  -- Waits for the photos being recorded, and holds the next ones until the list is written.
  perform pg_advisory_xact_lock(hashtextextended('condemned_objects', 0));
  with listed as (
    insert into app.condemned_objects (bucket, name) select o.bucket, o.name from private.orphan_objects(maximum) as o
    on conflict (bucket, name) do update set condemned_at = now()
    returning bucket, name
  )
  select coalesce(jsonb_agg(jsonb_build_object('bucket', l.bucket, 'name', l.name) order by l.bucket, l.name), '[]')
  into condemned from listed as l;
  return condemned;
end;
$$;

COMMENT ON FUNCTION private.condemn_orphans(maximum integer) IS 'Orphan objects, at most so many, marked so that no photo is recorded over them any more: the worker deletes them.';

CREATE FUNCTION private.confirmations_of(point uuid) RETURNS TABLE(count integer, last_on date, condition text, condition_on date)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with recursive family as (
    select p.id, p.theme from app.points as p where p.id = point
    union
    select p.id, p.theme from family join app.points as p on p.duplicate_of = family.id),
  seen as (
    select c.observed_on, c.created_at, private.told_condition(family.theme, c.condition) as condition
    from family join app.confirmations as c on c.point_id = family.id
    where c.found),
  latest as (
    select s.condition, s.observed_on from seen as s where s.condition is not null order by s.observed_on desc, s.created_at desc limit 1)
  select count(*)::int, max(seen.observed_on), (select l.condition from latest as l), (select l.observed_on from latest as l) from seen;
$$;

COMMENT ON FUNCTION private.confirmations_of(point uuid) IS 'Confirmations of a point and of its duplicates: how many, the last day, the last state that was seen and when.';

CREATE TABLE app.conflicts (
    mutation_id uuid NOT NULL,
    field text NOT NULL,
    point_id uuid NOT NULL,
    user_id uuid,
    base jsonb,
    mine jsonb,
    theirs jsonb,
    at timestamp with time zone DEFAULT now() NOT NULL,
    resolved_by uuid
);

COMMENT ON TABLE app.conflicts IS 'Field values that could not be merged: kept until an edit with `resolves` closes them.';

CREATE FUNCTION private.conflict_writer(c app.conflicts, viewer uuid, is_moderator boolean) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select jsonb_build_object(
      'theirs_at', private.instant(e.at),
      'theirs_by', jsonb_build_object(
        'kind', case when e.actor = viewer then 'self' else e.actor_kind end,
        'name', case when is_moderator or (who.named and e.actor_kind <> 'moderator') then who.display_name end))
    from app.events as e
    left join app.profiles as who on who.user_id = e.actor
    where e.point_id = c.point_id and e.diff ? c.field and e.mutation_id is distinct from c.mutation_id and e.at <= c.at
    order by e.id desc
    limit 1);
end;
$$;

COMMENT ON FUNCTION private.conflict_writer(c app.conflicts, viewer uuid, is_moderator boolean) IS 'Who gave the value that a conflict found on the server, and when: the viewer themself (another device), the author, a contributor or a moderator; a name where that person shows it.';

CREATE FUNCTION private.consume_at_sign_in() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform private.consume_invitations(new.id);
  return null;
end;
$$;

COMMENT ON FUNCTION private.consume_at_sign_in() IS 'Trigger: an address was proven, or somebody signed in.';

CREATE FUNCTION private.consume_invitations(who uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  i app.invitations;
  taken int := 0;
begin
  -- Only what was offered to the verified address of who is named: safe whoever calls.
  for i in
    select inv.* from auth.users as u
    join app.invitations as inv on inv.email = lower(u.email)
    where u.id = who and u.email_confirmed_at is not null and inv.consumed_at is null and inv.revoked_at is null
    order by inv.group_id
    for update of inv
  loop
    if i.expires_at <= now() then
      continue;
    elsif i.invited_by is null or i.invited_by = who or not private.may_grant(i.invited_by, i.group_id, i.territories) then
      -- Who offered it has lost the right to.
      update app.invitations set revoked_at = now(), email = null where id = i.id;
      continue;
    end if;
    perform private.ensure_profile(who);
    insert into app.memberships as held (user_id, group_id, role, territories) values (who, i.group_id, i.role, i.territories)
    -- An invitation adds to what somebody holds, and takes nothing away.
    on conflict (user_id, group_id) do update set role = excluded.role,
      territories = private.joined_scopes(held.territories, excluded.territories)
      where private.role_rank(held.role) = private.role_rank(excluded.role)
        -- The higher role counts on all that is held: who offered it must be able to grant it there.
        or private.role_rank(held.role) < private.role_rank(excluded.role)
          and private.may_grant(i.invited_by, i.group_id, held.territories);
    if not found and exists (
      select from app.memberships as held
      where held.user_id = who and held.group_id = i.group_id and private.role_rank(held.role) < private.role_rank(i.role)) then
      -- It stays unused, and runs out in sight of the coordinators, one of whom may offer more.
      continue;
    end if;
    update app.invitations set consumed_at = now(), consumed_by = who, email = null where id = i.id;
    taken := taken + 1;
  end loop;
  return taken;
end;
$$;

COMMENT ON FUNCTION private.consume_invitations(who uuid) IS 'Gives the person the roles that were offered to their verified address, if who offered them still may; takes no territory away. Returns how many.';

CREATE FUNCTION private.content_diff(before jsonb, after jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(jsonb_object_agg(path, jsonb_build_array(before -> path, after -> path)), '{}')
    from (select jsonb_object_keys(before) as path union select jsonb_object_keys(after)) as paths
    where (before -> path) is distinct from (after -> path));
end;
$$;

COMMENT ON FUNCTION private.content_diff(before jsonb, after jsonb) IS 'What changed between two contents: {path: [before, after]}, null where there was nothing.';

CREATE FUNCTION private.content_of(p app.points) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select jsonb_strip_nulls(jsonb_build_object('concept', p.concept, 'sensitivity', p.sensitivity))
      || jsonb_build_object('geom',
        private.geom_json(p.geom, p.accuracy_m, p.position_source, p.heading_deg, p.moved_m))
      || coalesce((select jsonb_object_agg('attributes.' || key, value) from jsonb_each(p.attributes)), '{}'));
end;
$$;

COMMENT ON FUNCTION private.content_of(p app.points) IS 'The content of a point by path ({concept, geom, sensitivity, attributes.<key>…}), paths without value left out.';

CREATE FUNCTION private.correct(p app.points, theme app.themes, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  patch jsonb;
begin
  if coalesce(m -> 'correction', 'null') = 'null' then
    return p;
  end if;
  patch := private.check_patch(theme, m -> 'correction' -> 'patch');
  perform private.apply_own_revision(p, who, m, coalesce(nullif(m -> 'correction' -> 'base', 'null'), '{}'), patch);
  return private.with_values(p, patch);
end;
$$;

COMMENT ON FUNCTION private.correct(p app.points, theme app.themes, who uuid, m jsonb) IS 'Writes a moderator''s correction over what they decide on: they saw the current content (check_seen), so it replaces.';

CREATE FUNCTION private.count_report(address text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  reports_per_hour constant int := 5;
  hashes bytea[];
begin
  delete from app.report_attempts where at < now() - interval '48 hours';
  delete from app.report_salts where day < (now() - interval '1 hour')::date;
  perform private.salt_of_today();
  select array_agg(sha256(s.salt || convert_to(coalesce(private.network_of(address), ''), 'UTF8')) order by s.day desc) into hashes from app.report_salts as s;
  perform pg_advisory_xact_lock(hashtextextended('report ' || encode(hashes[1], 'hex'), 0));
  if (select count(*) from app.report_attempts where hash = any (hashes) and at > now() - interval '1 hour') >= reports_per_hour then
    return false;
  end if;
  insert into app.report_attempts (hash) values (hashes[1]);
  return true;
end;
$$;

COMMENT ON FUNCTION private.count_report(address text) IS 'Counts a report of an address; false when it made five within the hour.';

CREATE FUNCTION private.covers(territories text[], commune text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  return '*' = any (territories) or (commune is not null and (
    commune = any (territories)
    or exists (
      select from app.territories as t
      where t.level = 'commune' and t.code = covers.commune
        and (t.epci = any (covers.territories) or t.departement = any (covers.territories)))
    -- Before any outline or list is loaded the département is read from the INSEE code itself.
    or case when commune like '97%' then left(commune, 3) else left(commune, 2) end = any (territories)));
end;
$$;

COMMENT ON FUNCTION private.covers(territories text[], commune text) IS 'Whether a list of INSEE codes (communes, EPCI, départements, or *) covers a commune. A point without commune is covered by * only.';

CREATE FUNCTION private.covers_scope(holder text[], asked text[]) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $_$
  select '*' = any (holder) or not exists (
    select from unnest(asked) as one
    where
      -- A code that vanished (communes merge) covers nothing: it freezes nobody's role.
      (one = '*' or exists (select from app.territories as t where t.code = one and t.level in ('commune', 'epci', 'departement'))
        -- Before a list of its kind is loaded nobody knows what exists.
        or not exists (select from app.territories where level =
          case when one ~ '^(\d{2}|2[AB])\d{3}$' then 'commune' when one ~ '^\d{9}$' then 'epci' else 'departement' end))
      and not (one = any (holder) or one <> '*' and (
      -- An EPCI may lie across départements: it is covered when each of its communes is.
      exists (select from unnest(private.communes_in(array[one])))
      and not exists (select from unnest(private.communes_in(array[one])) as commune where not private.covers(holder, commune)))));
$_$;

COMMENT ON FUNCTION private.covers_scope(holder text[], asked text[]) IS 'Whether a scope lies within another: nobody grants more than they hold.';

CREATE FUNCTION private.create_points(who uuid, sent jsonb[]) RETURNS app.points[]
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  theme app.themes;
  made app.points[] := '{}';
  m jsonb;
begin
  foreach m in array sent loop
    if theme.id is distinct from m ->> 'theme' or theme.id is null then
      theme := private.active_theme(m ->> 'theme');
    end if;
    made := made || private.created_point(who, theme, m);
  end loop;
  with born as (
    insert into app.points as p (id, theme, author, status, concept, geom, accuracy_m, position_source, heading_deg, moved_m,
      attributes, form_rev, sensitivity, captured_at, expected_photos)
    select id, new.theme, author, status, concept, geom, accuracy_m, position_source, heading_deg, moved_m,
      attributes, form_rev, sensitivity, captured_at, expected_photos
    from unnest(made) as new
    returning p as point)
  select array_agg(point) into made from born;
  insert into app.events (point_id, actor, actor_kind, action, to_status, rev, diff, mutation_id)
  select p.id, who, 'author', 'create', p.status, p.rev,
    (select jsonb_object_agg(path, jsonb_build_array(null, value)) from jsonb_each(private.content_of(p)) as content (path, value)),
    (s.m ->> 'mutation_id')::uuid
  from unnest(sent) with ordinality as s (m, n)
  join unnest(made) as p on p.id = (s.m ->> 'point_id')::uuid
  order by s.n;
  -- What private.touch_point says of a point that nobody but its author gave anything to.
  insert into app.changes (bucket, point_id)
  select bucket, p.id
  from unnest(made) as p,
    unnest(array['u:' || p.author, case when p.status = 'submitted' then private.moderation_bucket(p) end]) as bucket
  where bucket is not null;
  return made;
end;
$$;

COMMENT ON FUNCTION private.create_points(who uuid, sent jsonb[]) IS 'Writes the points that `create` mutations ask for, with their history and their announcement. All or none: raises the first refusal.';

CREATE FUNCTION private.created_point(who uuid, theme app.themes, m jsonb) RETURNS app.points
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  wanted text := coalesce(m ->> 'status', 'submitted');
  p app.points;
begin
  if wanted not in ('draft', 'submitted') then
    perform private.reject('invalid_patch', 'status : draft ou submitted.');
  end if;
  if jsonb_typeof(m -> 'patch') = 'object' and coalesce(m -> 'patch' -> 'geom', 'null') = 'null' then
    perform private.reject('invalid_geometry', 'Une position est attendue.');
  end if;
  p.id := (m ->> 'point_id')::uuid;
  p.theme := theme.id;
  p.author := who;
  p.status := wanted;
  p.sensitivity := 'open';
  p.attributes := '{}';
  p := private.with_values(p, private.check_patch(theme, m -> 'patch'));
  p.form_rev := coalesce(private.to_count(m -> 'form_rev', 1000000), theme.form_rev);
  p.captured_at := private.moment_of(m);
  p.expected_photos := private.photos_expected(m);
  return p;
end;
$$;

COMMENT ON FUNCTION private.created_point(who uuid, theme app.themes, m jsonb) IS 'The point that a `create` asks for, every value checked; not written yet. Else the mutation is refused.';

CREATE FUNCTION private.current_charter() RETURNS integer
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  return (select max(rev) from app.charters);
end;
$$;

COMMENT ON FUNCTION private.current_charter() IS 'Version of the charter that contributors must have accepted, null when there is none.';

CREATE FUNCTION private.current_concept(concept_id text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  concept app.concepts;
begin
  for depth in 0..20 loop
    select * into concept from app.concepts where id = concept_id;
    exit when not found or concept.status <> 'deprecated';
    concept_id := concept.replaced_by;
  end loop;
  return case when concept.status = 'accepted' then concept.id end;
end;
$$;

COMMENT ON FUNCTION private.current_concept(concept_id text) IS 'The accepted concept that an id stands for today, following replaced_by; null when there is none.';

CREATE FUNCTION private.current_epoch() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  -- A hash that tells nothing of what it is made of: safe whoever calls. A logical restore makes new oids, a
  -- point-in-time recovery a new timeline; files that are put back change nothing by themselves, hence the generation.
  return left(encode(sha256(convert_to(concat_ws('/',
    private.cluster_identity(),
    (select oid from pg_database where datname = current_database()),
    'app.changes'::regclass::oid,
    (select concat_ws('/', instance_id, generation) from app.settings),
    current_setting('capitelle.generation', true)), 'UTF8')), 'hex'), 16);
end;
$$;

COMMENT ON FUNCTION private.current_epoch() IS 'Which life of the server this is. It changes when a backup is restored; private.begin_new_life() tells where nothing else would.';

CREATE FUNCTION private.cursor_text(xid xid8, seq bigint) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return xid::text || '.' || seq::text;
end;
$$;

COMMENT ON FUNCTION private.cursor_text(xid xid8, seq bigint) IS 'A cursor as the wire carries it. A string: JSON numbers round beyond 2^53.';

CREATE FUNCTION private.day(at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD');
end;
$$;

COMMENT ON FUNCTION private.day(at timestamp with time zone) IS 'The day of an instant (UTC): what strangers are told instead of the instant.';

CREATE FUNCTION private.decide_on_edit(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  e app.thesaurus_edits := private.own_edit(p, me);
  held text := private.require_vocabulary_role(me, e.scheme, 'decide');
  told text := nullif(btrim(private.arg_text(p, 'reason')), '');
begin
  if e.state <> 'proposed' then
    perform private.fail(409, 'unknown_edit', e.state);
  elsif jsonb_typeof(p -> 'accept') is distinct from 'boolean' then
    perform private.invalid_argument('accept : vrai ou faux.');
  elsif p -> 'accept' = 'false' and told is null then
    perform private.fail(400, 'reason_required', 'Qui a proposé lira pourquoi.');
  elsif char_length(told) > 2000 then
    perform private.invalid_argument('reason : 2 000 caractères au plus.');
  end if;
  if p -> 'accept' = 'true' then
    e := private.apply_edit(e);
  else
    e.state := 'refused';
  end if;
  e.reason := told;
  e.decided_by := me;
  e.decided_at := now();
  perform private.keep_edit(e);
  return private.answer_to_edit(e, me, held);
end;
$$;

COMMENT ON FUNCTION private.decide_on_edit(p jsonb) IS 'Accepts or refuses what a moderator proposed. Checks: signed in, decides on the vocabulary.';

CREATE FUNCTION private.decide_photos(p app.points, m jsonb, of_user uuid, is_accepting boolean) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  shown text[] := private.seen_photos(m, array(select id::text from app.photos where point_id = p.id and state = 'pending'));
  offered text[] := array(
    select id::text from app.photos where point_id = p.id and id::text = any (shown) and (of_user is null or user_id = of_user));
  accepted text[] := '{}';
begin
  if is_accepting then
    if exists (select from app.photos
      where point_id = p.id and state <> 'pending' and id::text = any (coalesce(private.text_array(m -> 'photos'), '{}'))) then
      perform private.reject('stale_review', 'Une des photos n’attend plus.');
    end if;
    accepted := private.accepted_ids(m, 'photos', shown);
  end if;
  update app.photos set state = case when id::text = any (accepted) then 'published' else 'refused' end
  where point_id = p.id and id::text = any (offered);
  return accepted && offered;
end;
$$;

COMMENT ON FUNCTION private.decide_photos(p app.points, m jsonb, of_user uuid, is_accepting boolean) IS 'Publishes the waiting photos that a decision accepts and refuses the others that it saw, of one person where the decision is on what they proposed; true when the published set changed.';

CREATE FUNCTION private.decide_point(was app.points, theme app.themes, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  decision text := m ->> 'decision';
  p app.points := was;
  has_new_photos boolean := false;
begin
  p.status := private.status_after_decision(was.status, was.status_before, decision);
  if p.status is null then
    perform private.reject('invalid_transition', 'Cette décision ne s’applique pas à l’état actuel du point.');
  end if;
  perform private.check_decision_words(theme, m);
  if decision = 'publish' then
    p := private.keep_accepted_fields(p, m);
    has_new_photos := private.decide_photos(was, m, null, true);
  end if;
  p := private.correct(p, theme, who, m);
  if decision = 'publish' and p.concept is null and p.attributes = '{}' and (was.concept is not null or was.attributes <> '{}') then
    perform private.reject('invalid_patch', 'Publier un point, c’est en accepter au moins un champ.');
  end if;
  p.decision := private.decision_json(who, m);
  if decision = 'duplicate' then
    p := private.merge_into_survivor(p, was, theme, who, m);
    has_new_photos := was.status = 'published';
  elsif was.status = 'duplicate' then
    perform private.check_undo(was, who);
    p := private.leave_survivor(p, who, m);
    has_new_photos := p.status = 'published';
  end if;
  if decision in ('archive', 'destroy', 'duplicate') then
    perform private.close_reports(p, who, m);
  end if;
  return private.save_point(was, p, has_new_photos);
end;
$$;

COMMENT ON FUNCTION private.decide_point(was app.points, theme app.themes, who uuid, m jsonb) IS 'A decision on the point itself.';

CREATE FUNCTION private.decide_published(was app.points, theme app.themes, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points := was;
  is_corrected boolean := m ->> 'decision' = 'publish' and coalesce(m -> 'correction', 'null') <> 'null';
  is_on_photos boolean := private.is_on_photos(m);
  shown text[] := private.seen_photos(m, array(select id::text from app.photos where point_id = was.id and state = 'pending'));
  has_new_photos boolean := false;
begin
  if is_on_photos and exists (select from app.photos where point_id = was.id and id::text = any (shown) and user_id = who) then
    perform private.refuse_own(theme, who, who);
  end if;
  -- Nor what somebody said of one's own point.
  if coalesce(m ->> 'report_id', '') <> '' then
    perform private.refuse_own(theme, who, was.author);
  end if;
  perform private.check_seen(was, who, m);
  if not is_corrected and is_on_photos and shown = '{}' and coalesce(m -> 'photos_seen', 'null') <> 'null' then
    perform private.reject('stale_review', 'Ces photos n’attendent plus.');
  elsif not is_corrected and (not is_on_photos or shown = '{}') then
    perform private.reject('invalid_transition', 'Rien n’attend sur ce point publié.');
  end if;
  perform private.check_decision_words(theme, m);
  if is_corrected then
    p := private.correct(was, theme, who, m);
    -- A correction of one's own point answers nobody: what was said of it still waits for somebody else.
    if was.author is distinct from who or private.may_decide_own(theme) then
      perform private.close_reports(was, who, m, m ->> 'report_id');
    end if;
  end if;
  if is_on_photos then
    has_new_photos := private.decide_photos(was, m, null, m ->> 'decision' = 'publish');
  end if;
  return private.save_point(was, p, has_new_photos);
end;
$$;

COMMENT ON FUNCTION private.decide_published(was app.points, theme app.themes, who uuid, m jsonb) IS 'Publishing or refusing the photos that wait on a published point (kind `photo` of the queue), or correcting it, which answers its reports, or the one that it names: that leaves the photos waiting.';

CREATE FUNCTION private.decide_revision(was app.points, theme app.themes, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points := was;
  revision uuid := private.to_uuid(m ->> 'revision_id');
  r app.revisions;
  accepted text[];
  has_new_photos boolean;
begin
  select * into r from app.revisions where id = revision and point_id = was.id for update;
  if not found then
    perform private.reject('unknown_revision', 'Cette proposition n’existe pas.');
  end if;
  perform private.refuse_own(theme, who, r.author);
  perform private.check_seen(was, who, m);
  if r.state <> 'pending' then
    perform private.reject('stale_review', 'Cette proposition n’attend plus : elle a été remplacée, reprise ou décidée.');
  end if;
  if not (m ->> 'decision' = 'reject' or m ->> 'decision' = 'publish' and was.status = 'published') then
    perform private.reject('invalid_transition', 'Une proposition se publie ou se refuse.');
  end if;
  perform private.check_decision_words(theme, m);
  accepted := case m ->> 'decision' when 'publish'
    then private.accepted_ids(m, 'fields', array(select jsonb_object_keys(r.patch))) else '{}' end;
  if m ->> 'decision' = 'publish' then
    if accepted = '{}' then
      perform private.reject('invalid_patch', 'Publier une proposition, c’est en accepter au moins un champ.');
    end if;
    p := private.with_values(p, private.accepted_values(r.patch, accepted));
  end if;
  update app.revisions set
    state = case when accepted = '{}' then 'refused'
      when accepted @> array(select jsonb_object_keys(r.patch)) then 'accepted' else 'partly_accepted' end,
    decided_at = now(), decided_by = who, reason = nullif(m ->> 'reason', ''), comment = nullif(m ->> 'comment', ''),
    accepted_paths = accepted
  where id = r.id;
  p := private.correct(p, theme, who, m);
  has_new_photos := private.decide_photos(was, m, r.author, m ->> 'decision' = 'publish');
  return private.save_point(was, p, has_new_photos);
end;
$$;

COMMENT ON FUNCTION private.decide_revision(was app.points, theme app.themes, who uuid, m jsonb) IS 'A decision on an edit that waits beside a published point: its accepted paths are written over the current ones.';

CREATE FUNCTION private.decision_json(who uuid, m jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('decision', m ->> 'decision', 'reason', nullif(m ->> 'reason', ''),
    'comment', nullif(m ->> 'comment', ''), 'at', private.instant(now()), 'by', who);
$$;

COMMENT ON FUNCTION private.decision_json(who uuid, m jsonb) IS 'The decision as it is kept on the point.';

CREATE TABLE app.decisions (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor uuid,
    author uuid,
    point_id uuid NOT NULL,
    theme text NOT NULL,
    commune text,
    kind text,
    decision text NOT NULL,
    reason text,
    outcome text,
    waited interval,
    mutation_id uuid,
    undoes bigint,
    generation bigint,
    CONSTRAINT decisions_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'corrected'::text, 'refused'::text])))
);

COMMENT ON TABLE app.decisions IS 'What was decided, beside the event that tells it: what waited, how long, and what came of it for whom. One row for each person whose contribution it was; the last of a mutation is the decision itself. A figure, not the history: that is app.events.';

COMMENT ON COLUMN app.decisions.kind IS 'Kind of the item of the queue that it answered; null when nothing waited (an archive, a restoration).';

COMMENT ON COLUMN app.decisions.outcome IS 'What became of a contribution (new point, edit, one''s photos): taken as it was, taken corrected or in part, refused.';

COMMENT ON COLUMN app.decisions.undoes IS 'Of a restoration: the decision that it undid.';

COMMENT ON COLUMN app.decisions.generation IS 'The look that first saw it; null until then. Whatever is committed late belongs to a later one.';

CREATE FUNCTION private.decision_line(d app.decisions, lang text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select concat_ws(E'\n',
    concat(
      private.mail_text('decided', lang, jsonb_build_object(
        'label', coalesce(private.mail_text('title', lang, jsonb_build_object('title', nullif(private.point_title(p), ''))), private.label_in(t.labels, lang)),
        'outcome', private.mail_text(case
          when d.reason = 'trust' then case d.kind when 'edit' then 'trust_edit' when 'photo' then 'trust_photo' else 'trust_new' end
          when d.kind = 'photo' then case coalesce(d.outcome, case d.decision when 'reject' then 'refused' end)
            when 'refused' then 'photo_refused' when 'corrected' then 'photo_corrected' else 'photo_published' end
          when d.kind = 'edit' then case when d.outcome = 'corrected' then 'edit_corrected'
            when d.decision = 'publish' then 'edit_published' else 'edit_refused' end
          when d.decision = 'publish' and d.kind is distinct from 'new' then 'group_corrected'
          when d.outcome = 'corrected' then 'new_corrected'
          when d.decision = 'restore' and e.to_status = 'published' then 'restored'
          when d.decision in ('publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore') then d.decision
          else 'read' end, lang))),
      private.mail_text('decided_reason', lang, jsonb_build_object('reason',
        case when d.reason <> 'trust' then private.reason_label(d.theme, d.reason, lang) end))),
    private.mail_text('comment', lang, jsonb_build_object('text', e.comment)),
    case
      when d.decision = 'to_complete' then private.mail_text('todo_complete', lang)
      when d.kind = 'photo' and (d.decision = 'reject' or d.outcome = 'refused') then private.mail_text('todo_photos', lang)
      when d.kind = 'edit' and d.decision = 'reject' then private.mail_text('todo_edit', lang)
      when d.decision = 'reject' then private.mail_text('todo_resubmit', lang) end)
  from app.points as p join app.themes as t on t.id = p.theme
  left join lateral (
    select had.to_status, had.comment from app.events as had
    where had.point_id = d.point_id and had.mutation_id = d.mutation_id and had.action = d.decision order by had.id desc limit 1) as e on true
  where p.id = d.point_id;
$$;

COMMENT ON FUNCTION private.decision_line(d app.decisions, lang text) IS 'A decision as its mail tells it, in a language: what, the outcome, the reason, what was written, and what to do.';

CREATE FUNCTION private.decision_pages(who uuid, after bigint, upto bigint) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  -- Of one mail, whose text holds 20 000 characters.
  lines_per_page constant int := 100;
  page_length constant int := 18000;
  lang constant text := private.language_of(who);
  line text;
  page text;
  lines int := 0;
begin
  for line in
    select private.decision_line(d, lang) from app.decisions as d
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

COMMENT ON FUNCTION private.decision_pages(who uuid, after bigint, upto bigint) IS 'What was decided on what somebody gave, in the generations after one and up to another, a mail''s worth at a time, oldest first.';

CREATE FUNCTION private.decision_to_undo(was app.points) RETURNS app.decisions
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select d from app.decisions as d
  where d.point_id = was.id and coalesce(d.kind, '') not in ('edit', 'photo')
    and d.decision = case was.status when 'archived' then 'archive' when 'destroyed' then 'destroy' when 'duplicate' then 'duplicate'
      when 'rejected' then 'reject' when 'to_complete' then 'to_complete' end
    and not exists (select from app.decisions as u where u.undoes = d.id)
  order by d.id desc limit 1;
$$;

COMMENT ON FUNCTION private.decision_to_undo(was app.points) IS 'The decision that brought a point where it is: the one that `restore` undoes.';

CREATE FUNCTION private.deprecated_term(scheme_id text, args jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  c jsonb := private.term(scheme_id, args ->> 'concept');
  below jsonb;
begin
  perform private.refuse_holding_terms(array[c ->> 'id']);
  if args ->> 'replaced_by' is not null then
    perform private.term(scheme_id, args ->> 'replaced_by');
  end if;
  select jsonb_agg(private.concept_row(t) || jsonb_build_object('broader', c -> 'broader')) into below
  from app.concepts as t where t.broader = c ->> 'id' and t.status = 'accepted';
  return jsonb_build_array(c || jsonb_build_object('status', 'deprecated', 'replaced_by', args -> 'replaced_by')) || coalesce(below, '[]');
end;
$$;

COMMENT ON FUNCTION private.deprecated_term(scheme_id text, args jsonb) IS 'Action `deprecate` {concept, replaced_by?}: used no more; what lay below it goes up one.';

CREATE FUNCTION private.discard_unproven_password() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- One sign-up, one code: who types the code chose the password. As soon as a second code left for the address
  -- (a code to sign in, a recovery, another sign-up, the same code again), the password may be a stranger's.
  if new.recovery_sent_at is not null or new.confirmation_sent_at > new.created_at + interval '5 seconds' then
    new.encrypted_password := '';
    delete from auth.sessions where user_id = new.id;
  end if;
  return new;
end;
$$;

COMMENT ON FUNCTION private.discard_unproven_password() IS 'Trigger: an address that is proven for the first time drops the password set before it was, unless nothing but that one sign-up ever sent a code there. Otherwise whoever signs up with somebody else''s address keeps a key to the account that its owner opens later by code.';

CREATE FUNCTION private.dismiss_reports(was app.points, theme app.themes, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.check_seen(was, who, m);
  perform private.check_decision_words(theme, m);
  if private.close_reports(was, who, m, m ->> 'report_id') = 0 then
    perform private.reject('invalid_transition', 'Aucun signalement n’attend sur ce point.');
  end if;
  return private.save_point(was, private.correct(was, theme, who, m));
end;
$$;

COMMENT ON FUNCTION private.dismiss_reports(was app.points, theme app.themes, who uuid, m jsonb) IS 'Decision `dismiss`: closes the reports of a point (`report_id` names one, else all), with a correction or nothing to do.';

CREATE FUNCTION private.draw_audit(p app.points, theme app.themes, contributor uuid, revision uuid DEFAULT NULL::uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  insert into app.reports (id, point_id, kind, user_id, revision_id)
  select gen_random_uuid(), p.id, 'audit', contributor, revision
  where private.is_drawn(theme)
    and not exists (select from app.reports as r
      where r.point_id = p.id and r.kind = 'audit' and r.state = 'open' and r.user_id is not distinct from contributor);
$$;

COMMENT ON FUNCTION private.draw_audit(p app.points, theme app.themes, contributor uuid, revision uuid) IS 'Sends what was published by trust to the queue, now and then, under the name of who gave it.';

CREATE FUNCTION private.duplicate_candidates(p app.points, moderator uuid) RETURNS TABLE(candidate app.points, distance_m double precision, is_doubted boolean)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return query
    select c, d.distance_m, d.is_doubted
    from private.possible_duplicates(array[p.id], moderator) as d join app.points as c on c.id = d.candidate_id;
end;
$$;

COMMENT ON FUNCTION private.duplicate_candidates(p app.points, moderator uuid) IS 'Points of the theme that may be the same thing, with their distance on the ground, as far as this moderator may know; and those that an author could not tell from it.';

CREATE FUNCTION private.edit_json(e app.thesaurus_edits, viewer uuid, held text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object(
    'id', e.id, 'n', e.n, 'action', e.action, 'concept', e.concept, 'state', e.state, 'reason', e.reason, 'note', e.note, 'released', e.released,
    'concepts', (select coalesce(jsonb_agg(a -> 'id'), '[]') from (select a from jsonb_array_elements(e.after) as a limit 50) as few),
    'touched', jsonb_array_length(e.after),
    'labels', coalesce((select c.labels from app.concepts as c where c.id = e.concept),
      (select a -> 'labels' from jsonb_array_elements(e.after) as a where e.concept is null or a ->> 'id' = e.concept limit 1), '{}'),
    'into', (select jsonb_build_object('id', c.id, 'labels', c.labels) from app.concepts as c
      where c.id = coalesce(e.args ->> 'into', e.args ->> 'replaced_by', e.args ->> 'broader') and jsonb_typeof(e.args -> 'into') is distinct from 'array'),
    'author', (select coalesce(who.display_name, '') from app.profiles as who where who.user_id = e.author),
    'mine', coalesce(e.author = viewer, false), 'at', private.instant(e.created_at),
    'may_undo', e.state = 'applied' and e.released is null and held = 'decide' or e.state = 'proposed' and coalesce(e.author = viewer, false),
    -- What waits for the coordination's word is told whole; a delivery by its numbers alone.
    'asked', case when e.state = 'proposed' then jsonb_build_object('points', e.remap_total, 'fields', e.args -> 'fields') end,
    'remap', case when e.remap_total > 0 and e.state <> 'proposed' then jsonb_build_object('total', e.remap_total, 'until', e.remap_until is not null, 'done', (
      select count(*) from app.remapped_points as r where r.edit = e.id and (r.back_at is null) = (e.state = 'applied'))) end);
$$;

COMMENT ON FUNCTION private.edit_json(e app.thesaurus_edits, viewer uuid, held text) IS 'An edit as the journal shows it: what, on which terms, by whom, what became of it, whether it can be undone, how far its points are.';

CREATE FUNCTION private.edit_vocabulary(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  held text := private.require_vocabulary_role(me, scheme_id);
  edit_id uuid := private.arg_uuid(p, 'id');
  e app.thesaurus_edits;
begin
  -- One edit of a vocabulary at a time: two that would each be right may be wrong together.
  perform from app.concept_schemes as s where s.id = scheme_id for update;
  select * into e from app.thesaurus_edits as t where t.id = edit_id;
  if e.id is not null then
    if e.scheme <> scheme_id or e.author is distinct from me then
      perform private.fail(409, 'id_taken');
    end if;
    -- Sent twice, for its answer was lost: it is one edit.
    return private.answer_to_edit(e, me, held);
  elsif edit_id is null and p -> 'dry' is distinct from 'true' then
    perform private.invalid_argument('id : un identifiant UUID.');
  end if;
  e.id := edit_id;
  e.scheme := scheme_id;
  e.action := private.arg_choice(p, 'action', array['create', 'change', 'move', 'merge', 'split', 'deprecate', 'restore', 'import']);
  e.args := p - array['id', 'scheme', 'action', 'note', 'dry'];
  e.concept := case when e.action not in ('create', 'import') then private.arg_text(p, 'concept') end;
  e.note := nullif(btrim(private.arg_text(p, 'note')), '');
  e.author := me;
  if e.action is null then
    perform private.invalid_argument('action : create, change, move, merge, split, deprecate, restore ou import.');
  elsif char_length(e.note) > 2000 then
    perform private.invalid_argument('note : 2 000 caractères au plus.');
  end if;
  if held = 'decide' and p -> 'dry' is distinct from 'true' then
    e := private.apply_edit(e);
    e.decided_by := me;
    e.decided_at := now();
  else
    e := private.tried_edit(e);
    if p -> 'dry' = 'true' then
      return private.preview_of_edit(e);
    end if;
    -- Its term is not there yet: nothing may point to it.
    e.concept := case when e.action not in ('create', 'import') then e.concept end;
  end if;
  perform private.keep_edit(e);
  select * into e from app.thesaurus_edits as t where t.id = edit_id;
  return case when e.state = 'applied' then private.answer_to_edit(e, me, held)
    else private.preview_of_edit(e) || jsonb_build_object('edit', private.edit_json(e, me, held)) end;
end;
$$;

COMMENT ON FUNCTION private.edit_vocabulary(p jsonb) IS 'Edits a vocabulary, or keeps what a moderator proposes. Checks: signed in, coordinates the whole group of a theme that uses it, or moderates there.';

CREATE FUNCTION private.edited_terms(e app.thesaurus_edits) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case e.action
    when 'create' then jsonb_build_array(private.new_term(e.scheme, e.args -> 'concept', '{}'))
    when 'change' then private.changed_term(e.scheme, e.args)
    when 'move' then private.moved_term(e.scheme, e.args)
    when 'merge' then private.merged_terms(e.scheme, e.args)
    when 'split' then private.split_term(e.scheme, e.args)
    when 'deprecate' then private.deprecated_term(e.scheme, e.args)
    when 'restore' then private.restored_term(e.scheme, e.args)
    when 'import' then private.imported_terms(e.scheme, e.args)
    when 'answer' then private.answered_terms(e) end;
$$;

COMMENT ON FUNCTION private.edited_terms(e app.thesaurus_edits) IS 'What an edit would make of the terms, as they are now.';

CREATE FUNCTION private.enqueue_job(kind text, payload jsonb, dedupe_key text DEFAULT NULL::text, run_after timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  insert into app.jobs (kind, payload, dedupe_key, run_after) values (kind, payload, dedupe_key, run_after)
  on conflict (dedupe_key) where done_at is null and locked_until is null do nothing;
$$;

COMMENT ON FUNCTION private.enqueue_job(kind text, payload jsonb, dedupe_key text, run_after timestamp with time zone) IS 'Leaves work to the function `worker`, once while the same work still waits.';

CREATE FUNCTION private.enqueue_photo_jobs(p app.points) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  is_public boolean := private.is_public(p);
  to_publish boolean;
  to_unpublish boolean;
begin
  select coalesce(bool_or(is_public and state = 'published' and public_path is null), false),
    coalesce(bool_or(public_path is not null and not (is_public and state = 'published')), false)
  into to_publish, to_unpublish
  from app.photos where point_id = p.id;
  if to_publish then
    perform private.enqueue_job('publish_photos', jsonb_build_object('point_id', p.id), 'publish_photos:' || p.id);
  end if;
  if to_unpublish then
    perform private.enqueue_job('unpublish_photos', jsonb_build_object('point_id', p.id), 'unpublish_photos:' || p.id);
  end if;
end;
$$;

COMMENT ON FUNCTION private.enqueue_photo_jobs(p app.points) IS 'Asks the worker to make the public copies that are missing and to delete those that must no longer be.';

CREATE FUNCTION private.ensure_profile(who uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  seen date;
begin
  -- Nothing but an empty row and a day, and only for someone who exists: safe whoever calls.
  select last_seen_on into seen from app.profiles where user_id = who;
  if not found then
    insert into app.profiles (user_id, last_seen_on) select id, current_date from auth.users where id = who
    on conflict (user_id) do nothing;
  elsif seen is distinct from current_date then
    update app.profiles set last_seen_on = current_date where user_id = who;
  end if;
end;
$$;

COMMENT ON FUNCTION private.ensure_profile(who uuid) IS 'Makes the profile row of a user at their first call.';

CREATE FUNCTION private.fail(http_status integer, code text, details text DEFAULT NULL::text, hint text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  raise exception using
    errcode = 'PT' || http_status,
    message = code,
    detail = coalesce(details, ''),
    hint = coalesce(hint, '');
end;
$$;

COMMENT ON FUNCTION private.fail(http_status integer, code text, details text, hint text) IS 'Ends the call with an HTTP status and a stable code (contract §2): PostgREST and @supabase/lite both read SQLSTATE PTxyz.';

CREATE FUNCTION private.feed_page(bucket private.sync_bucket, viewer uuid, since private.sync_cursor, page_size integer) RETURNS TABLE(point_id uuid, change_xid xid8, change_seq bigint)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  horizon xid8 := private.horizon();
  feed text := case bucket.kind
    when 'c' then 'c:' || bucket.theme || ':' || bucket.cell
    when 'u' then 'u:' || viewer end;
begin
  if bucket.kind = 'm' then
    return query
      select c.point_id, c.change_xid, c.change_seq
      from app.changes as c
      join private.scope_of(viewer) as s on s.theme = split_part(c.bucket, ':', 2)
        and (s.is_everywhere or private.covers(s.territories, nullif(split_part(c.bucket, ':', 3), '')))
      where c.bucket like 'm:%' and (c.change_xid, c.change_seq) > (since.xid, since.seq) and c.change_xid < horizon
      order by c.change_xid, c.change_seq
      limit page_size;
  else
    return query
      select c.point_id, c.change_xid, c.change_seq
      from app.changes as c
      where c.bucket = feed and (c.change_xid, c.change_seq) > (since.xid, since.seq) and c.change_xid < horizon
      order by c.change_xid, c.change_seq
      limit page_size;
  end if;
end;
$$;

COMMENT ON FUNCTION private.feed_page(bucket private.sync_bucket, viewer uuid, since private.sync_cursor, page_size integer) IS 'Changes of a bucket after a cursor and before the horizon, in order. In the moderation feed only rows whose commune the viewer''s scope covers.';

CREATE FUNCTION private.fill_observed_conditions() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  filled uuid[];
begin
  with fill as (
    update app.points as p set observed_condition = c.condition, observed_condition_on = c.condition_on, v = p.v + 1
    from (select distinct private.survivor_of(k.point_id) as id from app.confirmations as k where k.condition is not null) as told,
      lateral private.confirmations_of(told.id) as c
    where p.id = told.id and c.condition is not null and p.observed_condition is null
    returning p.id
  )
  select coalesce(array_agg(id), '{}') into filled from fill;
  perform private.touch_point(id) from unnest(filled) as id;
  return cardinality(filled);
end;
$$;

COMMENT ON FUNCTION private.fill_observed_conditions() IS 'Tells the states that were seen before they were told. Returns of how many points. Again, it changes nothing.';

CREATE FUNCTION private.fold(raw text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  -- unaccent() is only stable because its dictionary could be replaced: naming the dictionary makes it fixed here.
  select trim(regexp_replace(lower(extensions.unaccent('extensions.unaccent'::regdictionary, coalesce(raw, ''))), '[^a-z0-9]+', ' ', 'g'));
$$;

COMMENT ON FUNCTION private.fold(raw text) IS 'Words as one searches them: lower case, without accents nor punctuation, one space between.';

CREATE FUNCTION private.fold_views() RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  with over as (
    delete from app.view_marks where day < current_date returning point_id, day
  )
  insert into app.point_views as v (point_id, year, views)
  select point_id, extract(year from day)::smallint, count(*)::int from over group by 1, 2
  on conflict (point_id, year) do update set views = v.views + excluded.views;
$$;

COMMENT ON FUNCTION private.fold_views() IS 'Daily: counts the readings of the days that are over, and forgets their marks.';

CREATE FUNCTION private.follow(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.follow(p jsonb) IS 'Follows a point, a commune or a theme, or stops. Checks: signed in; a point must be visible to the caller.';

CREATE TABLE app.follows (
    user_id uuid NOT NULL,
    kind text NOT NULL,
    target text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT follows_kind_check CHECK ((kind = ANY (ARRAY['point'::text, 'commune'::text, 'theme'::text])))
);

COMMENT ON TABLE app.follows IS 'Points, communes and themes whose news a person wants.';

CREATE FUNCTION private.follow_json(f app.follows) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('kind', f.kind, 'target', f.target) || coalesce(case f.kind
    when 'commune' then (select jsonb_build_object('title', t.name) from app.territories as t where t.level = 'commune' and t.code = f.target)
    when 'point' then (
      select jsonb_build_object('title', private.point_title(o), 'theme', o.theme, 'concept', o.concept)
      from app.points as o where o.id = private.to_uuid(f.target) and private.can_see(o, f.user_id)) end, '{}');
$$;

COMMENT ON FUNCTION private.follow_json(f app.follows) IS 'Something that a person follows, named as far as they may see it.';

CREATE FUNCTION private.followed_news(who uuid, after bigint, upto bigint) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select string_agg(private.mail_text(case n when 1 then 'news_one' else 'news_many' end, lang, jsonb_build_object('label', label, 'n', n)), E'\n' order by label)
  from (
    select lang, coalesce(private.label_in(t.labels, lang), c.name,
      private.mail_text('title', lang, jsonb_build_object('title', nullif(private.point_title(p), ''))),
      private.mail_text('news_point', lang)) as label, count(distinct d.point_id) as n
    from private.language_of(who) as lang
    join app.follows as f on f.user_id = who
    cross join lateral (select case f.kind when 'point' then private.survivor_of(private.to_uuid(f.target))::text else f.target end as target) as followed
    join app.decisions as d on d.generation > after and d.generation <= upto and d.decision in ('publish', 'archive', 'destroy')
      and case f.kind when 'point' then d.point_id::text when 'theme' then d.theme else d.commune end = followed.target
    join app.points as p on p.id = d.point_id
    left join app.themes as t on f.kind = 'theme' and t.id = f.target
    left join app.territories as c on f.kind = 'commune' and c.level = 'commune' and c.code = f.target
    -- What is hidden, or shown elsewhere than it lies, makes no news; nor does what was undone meanwhile.
    where private.is_public(p) and p.sensitivity = 'open' and not private.is_undone(d, upto)
    group by 1, 2) as news;
$$;

COMMENT ON FUNCTION private.followed_news(who uuid, after bigint, upto bigint) IS 'What moved of what somebody follows, in the generations after one and up to another: a line each, null when nothing did.';

CREATE FUNCTION private.forget_addresses() RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  delete from app.report_attempts where at < now() - interval '48 hours';
  delete from app.report_salts where day < current_date;
$$;

COMMENT ON FUNCTION private.forget_addresses() IS 'Daily: deletes hashes of reports after 48 h, and the salts of past days.';

CREATE FUNCTION private.forget_far_hands() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  cleaned uuid[];
begin
  with clean as (
    update app.points set moved_m = null, heading_deg = null, v = v + 1 where moved_m > 200 returning id
  )
  select coalesce(array_agg(id), '{}') into cleaned from clean;
  update app.revisions set base = private.forget_far_hints(base), patch = private.forget_far_hints(patch)
  where base #> '{geom,moved_m}' is not null or patch #> '{geom,moved_m}' is not null;
  update app.conflicts set base = private.forget_far_hints(base), mine = private.forget_far_hints(mine), theirs = private.forget_far_hints(theirs)
  where field = 'geom';
  update app.receipts set conflicts = private.forget_far_hints(conflicts) where conflicts::text like '%"moved_m"%';
  -- History is append-only, but for what should never have been in it.
  alter table app.events disable trigger events_append_only;
  update app.events set diff = private.forget_far_hints(diff) where diff #>> '{geom}' like '%"moved_m"%';
  alter table app.events enable trigger events_append_only;
  -- Phones that hold them are told to forget them.
  perform private.touch_point(id) from unnest(cleaned) as id;
  return cardinality(cleaned);
end;
$$;

COMMENT ON FUNCTION private.forget_far_hands() IS 'Cleans what was stored before private.check_geom left it out: points, proposals, conflicts, receipts, history. Returns how many points. Again, it changes nothing.';

CREATE FUNCTION private.forget_far_hints(value jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  if jsonb_typeof(value) = 'array' then
    return (select coalesce(jsonb_agg(private.forget_far_hints(one) order by n), '[]') from jsonb_array_elements(value) with ordinality as list (one, n));
  elsif jsonb_typeof(value) is distinct from 'object' then
    return value;
  elsif jsonb_typeof(value -> 'moved_m') = 'number' and (value ->> 'moved_m')::numeric > 200 then
    value := private.plain_place(value);
  end if;
  return (select coalesce(jsonb_object_agg(key, private.forget_far_hints(one)), '{}') from jsonb_each(value) as fields (key, one));
end;
$$;

COMMENT ON FUNCTION private.forget_far_hints(value jsonb) IS 'The same, without moved_m and heading_deg of every position in it that was set from further than 200 m.';

CREATE FUNCTION private.forget_invitations() RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  -- A week more, so that a coordinator sees that it ran out.
  update app.invitations set revoked_at = now(), email = null
  where consumed_at is null and revoked_at is null and expires_at < now() - interval '7 days';
$$;

COMMENT ON FUNCTION private.forget_invitations() IS 'Daily: forgets the address of invitations that ran out.';

CREATE FUNCTION private.forget_mails() RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  -- One that could not leave in a month will not: its address was wrong, or nothing is configured to send.
  delete from app.mails
  where coalesce(sent_at, created_at) < now() - make_interval(days => (select done_job_days from app.settings));
$$;

COMMENT ON FUNCTION private.forget_mails() IS 'Daily: deletes the mails that left long ago, and those that never could.';

CREATE FUNCTION private.forget_reporters() RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  update app.reports set email = null, photo_path = null
  where (email is not null or photo_path is not null) and closed_at < now() - interval '30 days';
$$;

COMMENT ON FUNCTION private.forget_reporters() IS 'Daily: forgets who reported, 30 days after the answer; the worker then collects their photo.';

CREATE FUNCTION private.form_field(theme_id text, field_key text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select field from app.form_fields where theme = theme_id and key = field_key);
end;
$$;

COMMENT ON FUNCTION private.form_field(theme_id text, field_key text) IS 'The field of a key known to any version of the theme''s form, or null.';

CREATE FUNCTION private.form_fields(theme_id text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select coalesce(jsonb_object_agg(key, field), '{}') from app.form_fields where theme = theme_id; $$;

COMMENT ON FUNCTION private.form_fields(theme_id text) IS 'Every field of the theme by key: for work on many points at once.';

CREATE FUNCTION private.free_concept_id(wanted text, taken text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  stem text := coalesce(nullif(trim(both '-' from left(replace(private.fold(wanted), ' ', '-'), 60)), ''), 'terme');
  found text := stem;
begin
  for n in 2..1000 loop
    exit when found <> all (taken) and not exists (select from app.concepts as c where c.id = found);
    found := stem || '-' || n;
  end loop;
  return found;
end;
$$;

COMMENT ON FUNCTION private.free_concept_id(wanted text, taken text[]) IS 'An id made from a label, which no term of any vocabulary has.';

CREATE FUNCTION private.free_duplicates(survivor app.points, who uuid, m jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  was app.points;
  freed app.points;
  undone app.decisions;
begin
  for was in
    select d.* from app.points as d
    where d.duplicate_of = survivor.id and exists (
      -- With what was merged into it before.
      with recursive family as (
        select d.id, d.author
        union
        select o.id, o.author from family join app.points as o on o.duplicate_of = family.id)
      select from family where author is distinct from who)
    order by d.id for update of d
  loop
    freed := was;
    freed.status := coalesce(was.status_before, 'submitted');
    freed := private.leave_survivor(freed, who, m);
    freed.decision := null;
    freed := private.save_point(was, freed);
    undone := private.decision_to_undo(was);
    if undone.id is not null then
      insert into app.decisions (author, point_id, theme, commune, decision, mutation_id, undoes)
      values (was.author, was.id, was.theme, was.commune, 'restore', private.to_uuid(m ->> 'mutation_id'), undone.id);
      perform private.undo_decision(undone, freed);
    end if;
    -- By nobody: its history does not tell who withdrew the other point.
    perform private.record_event(freed, null, 'restore', was.status, mutation_id => (m ->> 'mutation_id')::uuid);
  end loop;
end;
$$;

COMMENT ON FUNCTION private.free_duplicates(survivor app.points, who uuid, m jsonb) IS 'When its author withdraws a point: the duplicates in which somebody else has a part wait for a decision again, with their photos.';

CREATE FUNCTION private.full_history_json(point uuid, viewer uuid, is_moderator boolean) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'at', private.instant(e.at),
      'actor', private.actor_label(e, viewer, is_moderator),
      'actor_kind', e.actor_kind,
      'action', e.action,
      'from', e.from_status,
      'to', e.to_status,
      'reason', e.reason,
      'comment', e.comment,
      'rev', e.rev,
      'diff', e.diff,
      'revision_id', e.revision_id
    ) order by e.id), '[]')
    from app.events as e where e.point_id = point);
end;
$$;

COMMENT ON FUNCTION private.full_history_json(point uuid, viewer uuid, is_moderator boolean) IS 'The whole history of a point, for its author and the moderators in scope.';

CREATE FUNCTION private.geom_json(geom extensions.geometry, accuracy_m real, position_source text, heading_deg real DEFAULT NULL::real, moved_m real DEFAULT NULL::real) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  place jsonb := jsonb_build_object(
    'lon', round(st_x(geom)::numeric, 7), 'lat', round(st_y(geom)::numeric, 7), 'accuracy_m', accuracy_m, 'source', position_source);
begin
  if heading_deg is null and moved_m is null then
    return place;
  end if;
  return place || jsonb_strip_nulls(jsonb_build_object('heading_deg', heading_deg, 'moved_m', moved_m));
end;
$$;

COMMENT ON FUNCTION private.geom_json(geom extensions.geometry, accuracy_m real, position_source text, heading_deg real, moved_m real) IS 'The `geom` field of the wire: WGS84 degrees with 7 decimals, accuracy in metres.';

CREATE FUNCTION private.has_current_charter(who uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  current int := private.current_charter();
begin
  return current is null or exists (select from app.charter_acceptances where user_id = who and rev = current);
end;
$$;

COMMENT ON FUNCTION private.has_current_charter(who uuid) IS 'Whether the person accepted the current version of the charter.';

CREATE FUNCTION private.has_option(field jsonb, value jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select case when coalesce(jsonb_array_length(field -> 'options'), 0) = 0 then char_length(value #>> '{}') between 1 and 200
      else (field -> 'options') @> jsonb_build_array(jsonb_build_object('code', value)) end);
end;
$$;

COMMENT ON FUNCTION private.has_option(field jsonb, value jsonb) IS 'Whether a code is an option of the field; without options, any short text is.';

CREATE FUNCTION private.has_report_photo(report uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  -- A database without Storage (a bare test) has no objects.
  return to_regclass('storage.objects') is not null
    and exists (select from storage.objects as o where o.bucket_id = 'photos' and o.name = 'reports/' || report || '.jpg');
end;
$$;

COMMENT ON FUNCTION private.has_report_photo(report uuid) IS 'Whether the picture of a report arrived in Storage.';

CREATE FUNCTION private.has_verified_email(who uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  return exists (select from auth.users where id = who and email_confirmed_at is not null);
end;
$$;

COMMENT ON FUNCTION private.has_verified_email(who uuid) IS 'Whether the account has proven its e-mail address.';

CREATE FUNCTION private.held_back_since(buckets jsonb, viewer uuid) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  horizon xid8 := private.horizon();
begin
  return least(
    (select min(oldest.at)
      from jsonb_array_elements(buckets) as b
      cross join lateral (
        select min(c.changed_at) as at
        from app.changes as c
        where c.bucket = case b ->> 'id' when 'u:me' then 'u:' || viewer else b ->> 'id' end and c.change_xid >= horizon) as oldest),
    (select min(c.changed_at) from app.changes as c
      where c.bucket like 'm:%' and c.change_xid >= horizon and buckets @> '[{"id": "m:me"}]'));
end;
$$;

COMMENT ON FUNCTION private.held_back_since(buckets jsonb, viewer uuid) IS 'Oldest committed change of these buckets that an older open transaction keeps beyond the horizon, null when nothing is held back.';

CREATE FUNCTION private.horizon() RETURNS xid8
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return pg_snapshot_xmin(pg_current_snapshot());
end;
$$;

COMMENT ON FUNCTION private.horizon() IS 'Every transaction before this one has ended: a cursor may pass its changes without missing one that commits late (invariant I6).';

CREATE FUNCTION private.imported_terms(scheme_id text, args jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
declare
  made jsonb[] := '{}';
  taken text[] := array(select c ->> 'id' from jsonb_array_elements(private.arg_list(args, 'concepts', 20000)) as c where c ->> 'id' is not null);
  gone text[] := coalesce(private.text_array(args -> 'deprecated'), '{}');
  given jsonb;
  known app.concepts;
begin
  if coalesce(args ->> 'seen', '') !~ '^\d{1,18}\.\d{1,18}$' then
    perform private.invalid_argument('seen : la valeur rev du thésaurus avec lequel le fichier a été comparé.');
  elsif exists (
    select from app.concepts as c where c.scheme = scheme_id
      and (c.change_xid, c.change_seq) > (split_part(args ->> 'seen', '.', 1)::xid8, split_part(args ->> 'seen', '.', 2)::bigint)) then
    -- It was compared with a vocabulary that is not any more: compared again, nobody's edit is written over.
    perform private.fail(409, 'concept_moved', '{"field": "scheme"}');
  end if;
  for given in select * from jsonb_array_elements(args -> 'concepts') loop
    select * into known from app.concepts as c where c.id = given ->> 'id';
    if known.id is not null and known.scheme <> scheme_id then
      perform private.fail(400, 'invalid_concept', known.id || ' : other_scheme');
    elsif coalesce(jsonb_typeof(given -> 'origin'), 'null') not in ('object', 'null') then
      perform private.invalid_argument('origin : ce que la source en dit.');
    end if;
    made := made || (case when known.id is null then private.new_term(scheme_id, given, taken)
      else private.concept_row(known) || private.concept_content(given)
        -- Null takes away: these two are not sent otherwise.
        || case when given ? 'broader' then jsonb_build_object('broader', given -> 'broader') else '{}' end
        || case when given ? 'notation' then jsonb_build_object('notation', given -> 'notation') else '{}' end
        || case when known.status = 'deprecated' and given ->> 'status' = 'accepted' then '{"status": "accepted", "replaced_by": null}'::jsonb else '{}' end end
      || case when given -> 'origin' is not null then jsonb_build_object('origin', given -> 'origin') else '{}' end);
  end loop;
  perform private.refuse_holding_terms(gone);
  for known in select * from app.concepts as c where c.scheme = scheme_id and c.id = any (gone) and c.id <> all (taken) loop
    made := made || (private.concept_row(known)
      || jsonb_build_object('status', 'deprecated', 'replaced_by', args -> 'replaced' -> known.id)
      -- So that it is told when the source uses it again.
      || case when known.origin is not null then jsonb_build_object('origin', known.origin || '{"status": "deprecated"}') else '{}' end);
  end loop;
  return to_jsonb(made);
end;
$_$;

COMMENT ON FUNCTION private.imported_terms(scheme_id text, args jsonb) IS 'Action `import` {concepts: [{id?, …, status?, origin}], deprecated: [id…], replaced?: {id: id}, seen: rev of the vocabulary it was compared with}: all of a delivery in one edit; PT409 concept_moved where somebody edited since.';

CREATE FUNCTION private.index_form() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
declare
  theme_id text := coalesce(new.theme, old.theme);
  f record;
begin
  delete from app.form_fields where theme = theme_id;
  for f in
    select one.rev, field ->> 'key' as key, field
    from app.forms as one, jsonb_path_query(one.form, '$.sections[*].fields[*]') as field
    where one.theme = theme_id and field ->> 'key' is not null
    order by one.rev desc
  loop
    insert into app.form_fields as known (theme, key, rev, field) values (theme_id, f.key, f.rev, f.field)
    on conflict (theme, key) do update set field = private.widened_field(known.field, excluded.field);
  end loop;
  return null;
end;
$_$;

COMMENT ON FUNCTION private.index_form() IS 'Trigger: keeps app.form_fields true to app.forms.';

CREATE FUNCTION private.insert_loaded(theme app.themes, source bigint, rows jsonb, day date) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  inserted int;
begin
  with fresh as (
    select private.new_id(day) as id, item ->> 'ref' as ref, item -> 'content' as content,
      coalesce(least(private.to_instant(item ->> 'captured_at'), now()), day::timestamp at time zone 'UTC') as captured_at
    from jsonb_array_elements(rows) as item
  ), placed as (
    insert into app.points (id, theme, status, concept, geom, accuracy_m, position_source, attributes, form_rev,
      captured_at, source_id, source_ref)
    select id, theme.id, 'published', content ->> 'concept',
      st_setsrid(st_makepoint((content -> 'geom' ->> 'lon')::float8, (content -> 'geom' ->> 'lat')::float8), 4326),
      (content -> 'geom' ->> 'accuracy_m')::real, 'import',
      (select coalesce(jsonb_object_agg(substr(path, 12), value), '{}')
        from jsonb_each(content) as c (path, value) where path like 'attributes.%'),
      theme.form_rev, captured_at, source, ref
    from fresh
    returning id
  ), told as (
    insert into app.events (point_id, actor_kind, action, to_status, rev)
    select id, 'system', 'load', 'published', 1 from placed
  ), kept as (
    insert into app.source_rows (point_id, content) select id, content from fresh
  )
  select count(*) into inserted from placed;
  return inserted;
end;
$$;

COMMENT ON FUNCTION private.insert_loaded(theme app.themes, source bigint, rows jsonb, day date) IS 'Publishes new points of a source, all in one statement.';

CREATE FUNCTION private.instance_json() RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('id', s.instance_id, 'name', s.instance_name, 'public_url', s.public_url, 'demo', s.demo,
    'contribution', s.contribution, 'bbox', private.opening_box(),
    'extent', jsonb_build_array(extensions.st_xmin(s.extent), extensions.st_ymin(s.extent),
      extensions.st_xmax(s.extent), extensions.st_ymax(s.extent)))
  from app.settings as s;
$$;

COMMENT ON FUNCTION private.instance_json() IS 'What an app needs to know of the instance: its id (files of unsent work name it), where the map opens, and the extent outside of which nothing is taken.';

CREATE FUNCTION private.instant(at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
end;
$$;

COMMENT ON FUNCTION private.instant(at timestamp with time zone) IS 'An instant as the wire writes it: ISO 8601, UTC, milliseconds.';

CREATE FUNCTION private.instant_for(at timestamp with time zone, is_insider boolean) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return case when is_insider then private.instant(at) else private.day(at) end;
end;
$$;

COMMENT ON FUNCTION private.instant_for(at timestamp with time zone, is_insider boolean) IS 'The instant for the author and the moderators in scope, the day for everybody else.';

CREATE FUNCTION private.invalid_argument(details text) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.fail(400, 'invalid_argument', details); $$;

COMMENT ON FUNCTION private.invalid_argument(details text) IS 'Ends the call with PT400 invalid_argument, saying what to correct.';

CREATE TABLE app.invitations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    group_id text NOT NULL,
    email text,
    role text NOT NULL,
    territories text[] NOT NULL,
    invited_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone DEFAULT (now() + '14 days'::interval) NOT NULL,
    consumed_at timestamp with time zone,
    consumed_by uuid,
    revoked_at timestamp with time zone,
    CONSTRAINT invitations_email_check CHECK (((email = lower(email)) AND (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (char_length(email) <= 320))),
    CONSTRAINT invitations_role_check CHECK ((role = ANY (ARRAY['contributor'::text, 'moderator'::text, 'coordinator'::text]))),
    CONSTRAINT invitations_territories_check CHECK ((cardinality(territories) > 0))
);

COMMENT ON TABLE app.invitations IS 'Roles offered to an address: taken at the first sign-in whose e-mail is verified, within 14 days, if who offered them may still grant them.';

COMMENT ON COLUMN app.invitations.email IS 'Lower case; forgotten once the invitation is over.';

CREATE FUNCTION private.invitation_json(i app.invitations) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('id', i.id, 'group', i.group_id, 'email', i.email, 'role', i.role, 'territories', i.territories,
    'created_at', private.instant(i.created_at), 'expires_at', private.instant(i.expires_at), 'is_expired', i.expires_at <= now(),
    'invited_by', (select display_name from app.profiles where user_id = i.invited_by));
$$;

COMMENT ON FUNCTION private.invitation_json(i app.invitations) IS 'An invitation as the coordinators of its group read it.';

CREATE FUNCTION private.invite(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  -- More than any group asks in a fortnight: a stolen session must not write to the whole region.
  maximum_open constant int := 100;
  me uuid := private.require_user();
  revoked uuid := private.arg_uuid(p, 'revoke');
  asked_group text := coalesce((select group_id from app.invitations where id = revoked), private.arg_text(p, 'group'));
  address text := lower(btrim(private.arg_text(p, 'email')));
  asked_role text := private.arg_role(p);
  scope text[] := private.arg_territories(p);
  i app.invitations;
  lang text;
  filled jsonb;
begin
  perform private.lock_members(asked_group, me);
  -- An offer beyond one's own scope is neither taken back nor replaced.
  if exists (select from app.invitations as offer
    where offer.consumed_at is null and offer.revoked_at is null and offer.expires_at > now() and (offer.id = revoked or offer.group_id = asked_group and offer.email = address)
      and not private.may_grant(me, asked_group, offer.territories)) then
    perform private.fail(403, 'beyond_scope', 'Cette invitation dépasse votre périmètre.');
  end if;
  if revoked is not null then
    update app.invitations set revoked_at = now(), email = null
    where id = revoked and consumed_at is null and revoked_at is null returning * into i;
    if i.id is null then
      perform private.fail(404, 'unknown_invitation', 'Cette invitation n’est plus ouverte.');
    end if;
    return jsonb_build_object('invitation', private.invitation_json(i));
  end if;
  if address is null or address !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$' or char_length(address) > 320 then
    perform private.invalid_argument('email : une adresse.');
  elsif asked_role is null or scope is null then
    perform private.invalid_argument('role et territories sont attendus.');
  elsif not private.may_grant(me, asked_group, scope) then
    perform private.fail(403, 'beyond_scope', 'On ne donne pas plus que son propre périmètre.');
  elsif address = (select lower(email) from auth.users where id = me) then
    perform private.fail(403, 'own_role', 'Personne ne change son propre rôle.');
  elsif (select count(*) from app.invitations where group_id = asked_group and created_at > now() - interval '14 days') >= maximum_open then
    perform private.fail(429, 'rate_limited', 'Trop d’invitations en quinze jours.');
  end if;
  insert into app.invitations as open (group_id, email, role, territories, invited_by)
  values (asked_group, address, asked_role, scope, me)
  -- Sent again: the last word counts, for another 14 days.
  on conflict (email, group_id) where consumed_at is null and revoked_at is null
  do update set role = excluded.role, territories = excluded.territories, invited_by = excluded.invited_by,
    created_at = now(), expires_at = now() + interval '14 days'
  returning * into i;
  -- Offered again within the hour, the offer is renewed and the mail that was sent tells of it.
  if exists (select from app.mails where kind = 'invitation' and app.mails.address = i.email and created_at > now() - interval '1 hour') then
    return jsonb_build_object('invitation', private.invitation_json(i));
  end if;
  lang := coalesce((select private.language_of(id) from auth.users where lower(email) = address limit 1), private.language_of(me));
  select jsonb_build_object('group', private.label_in(g.labels, lang), 'place', s.instance_name, 'url', s.public_url, 'email', address,
    'who', coalesce((select display_name from app.profiles where user_id = me), private.mail_text('invitation_from', lang)),
    'day', to_char(i.expires_at, private.mail_text('day', lang)))
  into filled from app.settings as s, app.groups as g where g.id = asked_group;
  perform private.send_mail('invitation', address, private.mail_text('invitation_subject', lang, filled),
    concat(concat_ws(E'\n\n', private.mail_text('hello', lang), private.mail_text('invitation', lang, filled), private.mail_text('invitation_way', lang, filled),
      private.mail_text('invitation_mistaken', lang)), E'\n'));
  return jsonb_build_object('invitation', private.invitation_json(i));
end;
$_$;

COMMENT ON FUNCTION private.invite(p jsonb) IS 'Offers a role to an address, or takes the offer back. Checks: signed in, coordinates the group, grants at most their own scope.';

CREATE FUNCTION private.involved_points(who uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select id from app.points where author = who
  union select point_id from app.revisions where author = who
  union select point_id from app.photos where user_id = who
  union select point_id from app.conflicts where user_id = who;
$$;

COMMENT ON FUNCTION private.involved_points(who uuid) IS 'Points that a person made or gave something to: members of their bucket u:me while they may see them.';

CREATE FUNCTION private.is_answer(value jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
begin
  return case jsonb_typeof(value)
    when 'null' then false
    when 'string' then value #>> '{}' !~ '^[ \t\n\v\f\r]*$'
    when 'array' then value <> '[]'
    when 'object' then value <> '{}'
    else value is not null end;
end;
$_$;

COMMENT ON FUNCTION private.is_answer(value jsonb) IS 'Whether a value answers something: null, blank text, empty list and empty group do not.';

CREATE FUNCTION private.is_client_too_old(version text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(
      case when version ~ '^\d{1,6}(\.\d{1,6}){0,3}' then string_to_array(substring(version from '^[\d.]*\d'), '.')::int[] end
        < string_to_array(min_client_version, '.')::int[], false)
    from app.settings);
end;
$$;

COMMENT ON FUNCTION private.is_client_too_old(version text) IS 'Whether the instance asks for a later client (setting min_client_version).';

CREATE FUNCTION private.is_condemned(bucket_name text, object_name text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('condemned_objects', 0));
  -- Sent again since, it is another object.
  return exists (
    select from app.condemned_objects as c
    where c.bucket = bucket_name and c.name = object_name
      and not exists (
        select from storage.objects as o
        where o.bucket_id = c.bucket and o.name = c.name and o.created_at > c.condemned_at));
end;
$$;

COMMENT ON FUNCTION private.is_condemned(bucket_name text, object_name text) IS 'Whether the worker has deleted, or is deleting, the object as it was read.';

CREATE FUNCTION private.is_contributor(who uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  return private.has_verified_email(who) and private.has_current_charter(who)
    and ((select contribution from app.settings) = 'verified' or exists (select from app.memberships where user_id = who));
end;
$$;

COMMENT ON FUNCTION private.is_contributor(who uuid) IS 'Whether the person may contribute: verified e-mail, current charter and, where the instance says so, an invitation.';

CREATE FUNCTION private.is_coordinator_of(who uuid, group_name text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$ select exists (select from app.memberships where user_id = who and group_id = group_name and role = 'coordinator'); $$;

COMMENT ON FUNCTION private.is_coordinator_of(who uuid, group_name text) IS 'Whether the person coordinates the working group.';

CREATE FUNCTION private.is_cursor_possible(given text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return coalesce((private.read_cursor(given)).xid <= pg_snapshot_xmax(pg_current_snapshot()), false);
end;
$$;

COMMENT ON FUNCTION private.is_cursor_possible(given text) IS 'Whether this server can have issued the cursor: one beyond its own next transaction comes from a life that a restored backup has erased.';

CREATE FUNCTION private.is_drawn(theme app.themes) RETURNS boolean
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select random() < t.audit_share from private.trust_settings(theme) as t; $$;

COMMENT ON FUNCTION private.is_drawn(theme app.themes) IS 'Whether chance wants this contribution of somebody trusted to be looked at.';

CREATE FUNCTION private.is_edited_in_place(p app.points, who uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  moderates boolean := private.is_moderator_of(who, p);
begin
  if p.status = 'published' then
    return moderates;
  elsif p.author = who and p.status in ('draft', 'submitted', 'to_complete', 'rejected', 'withdrawn')
    or moderates and p.status = 'submitted' then
    return true;
  end if;
  perform private.reject('invalid_transition', 'Ce point ne se modifie pas dans son état actuel.');
end;
$$;

COMMENT ON FUNCTION private.is_edited_in_place(p app.points, who uuid) IS 'Whether the person''s edit changes the point itself; false: it waits beside it. Refused where the table of contract §3 has no row.';

CREATE FUNCTION private.is_for_a_person(p app.points, r app.revisions, m jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select p.sensitivity <> 'open'
    or m ->> 'kind' = 'edit' and (coalesce(m -> 'patch' ? 'sensitivity', false) or coalesce(r.patch ? 'sensitivity', false));
$$;

COMMENT ON FUNCTION private.is_for_a_person(p app.points, r app.revisions, m jsonb) IS 'Whether a new point or an edit waits for a moderator whatever its author earned: the place is not shown as it is, or the edit names `sensitivity`.';

CREATE FUNCTION private.is_in_territory(geom extensions.geometry) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $_$
begin
  return (
    select st_intersects(s.extent, $1) and (
      -- The demonstration's cells name communes; they do not bound what may be captured.
      not exists (select from app.territories as t
        where t.geom is not null and t.outline_source is distinct from 'demonstration.geojson')
      or exists (
        -- 0.03 degree (2 to 3 km): outlines are simplified, and a bridge or a summit stands on the line.
        select from app.territories as t
        where t.geom && st_expand($1, 0.03) and st_dwithin(t.geom, $1, 0.03)
          and t.outline_source is distinct from 'demonstration.geojson'))
    from app.settings as s);
end;
$_$;

COMMENT ON FUNCTION private.is_in_territory(geom extensions.geometry) IS 'Whether the instance takes inventory there: inside its extent and, once outlines are loaded, within about 2 km of a territory that has one.';

CREATE FUNCTION private.is_insider(p app.points, viewer uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return viewer is not null and (
    coalesce(p.author = viewer, false)
    or (p.status not in ('draft', 'withdrawn') and private.moderates(viewer, p.theme, p.commune)));
end;
$$;

COMMENT ON FUNCTION private.is_insider(p app.points, viewer uuid) IS 'Whether the viewer may see the point as it truly is: its author, always; a moderator in scope, unless the author has not sent it or took it back.';

CREATE FUNCTION private.is_involved(point uuid, viewer uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return viewer is not null and (
    exists (select from app.revisions where point_id = point and author = viewer)
    or exists (select from app.photos where point_id = point and user_id = viewer)
    or exists (select from app.conflicts where point_id = point and user_id = viewer));
end;
$$;

COMMENT ON FUNCTION private.is_involved(point uuid, viewer uuid) IS 'Whether somebody who is not the author gave something to the point (an edit, a photo, a conflict): it is then in their bucket u:me.';

CREATE FUNCTION private.is_last_coordinator(who uuid, group_name text, scope text[]) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select exists (
    select from unnest(scope) as one
    where not exists (
      select from app.memberships as m
      where m.group_id = group_name and m.user_id <> who and m.role = 'coordinator' and private.covers_scope(m.territories, array[one])));
$$;

COMMENT ON FUNCTION private.is_last_coordinator(who uuid, group_name text, scope text[]) IS 'Whether some territory of a scope would have nobody to coordinate it without this person.';

CREATE FUNCTION private.is_met(condition jsonb, answers jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  given jsonb;
begin
  if coalesce(jsonb_typeof(condition), 'null') <> 'object' then
    return true;
  elsif condition ? 'all' then
    return (select coalesce(bool_and(private.is_met(one, answers)), true) from jsonb_array_elements(condition -> 'all') as one);
  elsif condition ? 'any' then
    return (select coalesce(bool_or(private.is_met(one, answers)), false) from jsonb_array_elements(condition -> 'any') as one);
  end if;
  given := coalesce(answers -> (condition ->> 'key'), 'null');
  -- A list answers to each of its items: "materials is stone" is asked of a list too.
  return (
    select coalesce(bool_or(given = expected
      or jsonb_typeof(given) = 'array' and jsonb_typeof(expected) <> 'array' and given @> jsonb_build_array(expected)), false)
    from jsonb_array_elements(case when condition ? 'in' then condition -> 'in' else jsonb_build_array(condition -> 'is') end) as expected);
end;
$$;

COMMENT ON FUNCTION private.is_met(condition jsonb, answers jsonb) IS 'Whether a condition of a form (contract §5: visible_if) holds for the answers given; no condition always holds.';

CREATE FUNCTION private.is_moderator_of(who uuid, p app.points) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select who is not null and private.moderates(who, p.theme, p.commune); $$;

COMMENT ON FUNCTION private.is_moderator_of(who uuid, p app.points) IS 'Whether the point lies in the person''s moderation scope (true position).';

CREATE FUNCTION private.is_on_photos(m jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select coalesce(m -> 'report_id', 'null') = 'null' and m -> 'photos_seen' is distinct from '[]'; $$;

COMMENT ON FUNCTION private.is_on_photos(m jsonb) IS 'Whether a decision on a published point is about the photos that wait on it: not when it answers a report, nor when it saw none.';

CREATE FUNCTION private.is_public(p app.points) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return p.status in ('published', 'archived', 'destroyed') and p.public_cell is not null;
end;
$$;

COMMENT ON FUNCTION private.is_public(p app.points) IS 'Whether everybody may see the point (product rule 1): published, archived or destroyed, and not hidden.';

CREATE FUNCTION private.is_scheme_of(theme app.themes, scheme_id text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return scheme_id = theme.scheme or exists (
    select from app.form_fields as f
    where f.theme = theme.id
      and (f.field ->> 'scheme' = scheme_id or f.field -> 'fields' @> jsonb_build_array(jsonb_build_object('scheme', scheme_id))));
end;
$$;

COMMENT ON FUNCTION private.is_scheme_of(theme app.themes, scheme_id text) IS 'Whether a theme names things, or answers a question, with the terms of a scheme.';

CREATE FUNCTION private.is_sibling(a text, b text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  above_a text;
  above_b text;
  scheme_a text;
  scheme_b text;
begin
  select c.broader, c.scheme into above_a, scheme_a from app.concepts as c where c.id = a;
  select c.broader, c.scheme into above_b, scheme_b from app.concepts as c where c.id = b;
  if above_a = b or above_b = a then
    return true;
  elsif above_a is not null or above_b is not null then
    return coalesce(above_a = above_b, false);
  end if;
  -- Tops of a tree are its domains; without a tree all are siblings.
  return coalesce(scheme_a = scheme_b, false)
    and not exists (select from app.concepts as c where c.scheme = scheme_a and c.broader is not null and c.status <> 'proposed');
end;
$$;

COMMENT ON FUNCTION private.is_sibling(a text, b text) IS 'Whether two different concepts may name the same thing: one above the other, both below the same, or both of one scheme that has no tree.';

CREATE FUNCTION private.is_text_list(value jsonb, at_most integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select case when jsonb_typeof(value) = 'array' and jsonb_array_length(value) <= 500 then not exists (
    select from jsonb_array_elements(value) as t
    where jsonb_typeof(t) <> 'string' or btrim(t #>> '{}') = '' or char_length(t #>> '{}') > at_most) else false end;
$$;

COMMENT ON FUNCTION private.is_text_list(value jsonb, at_most integer) IS 'Whether a value is a list of texts that are not empty, of a length at most; 500 of them at most.';

CREATE FUNCTION private.is_trusted(who uuid, t app.themes) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  earned int;
  needed int;
begin
  -- Off in most themes, and asked at each contribution.
  if who is null or t.settings #> '{trust,enabled}' is distinct from 'true' then
    return false;
  end if;
  select s.in_a_row into earned from app.standings as s where s.user_id = who and s.theme = t.id;
  select k.needed into needed from private.trust_settings(t) as k;
  return coalesce(earned >= greatest(1, needed), false);
end;
$$;

COMMENT ON FUNCTION private.is_trusted(who uuid, t app.themes) IS 'Whether the person''s contributions to the theme are published at once.';

CREATE FUNCTION private.is_undone(d app.decisions, upto bigint) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select exists (select from app.decisions as w join app.decisions as u on u.undoes = w.id
    where w.point_id = d.point_id and (w.id = d.id or w.mutation_id = d.mutation_id) and u.generation <= upto);
$$;

COMMENT ON FUNCTION private.is_undone(d app.decisions, upto bigint) IS 'Whether a decision was undone, as far as a look at them saw.';

CREATE FUNCTION private.is_unnamed(p app.points, r app.revisions, theme app.themes) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select theme.settings ->> 'holding_concept' is not null
      and (coalesce(p.concept, '') in ('', theme.settings ->> 'holding_concept')
        or coalesce(r.patch ? 'concept', false) and coalesce(r.patch ->> 'concept', '') in ('', theme.settings ->> 'holding_concept'))
    or coalesce(r.patch ? ('attributes.' || (theme.settings ->> 'title_field')), false)
      and coalesce(btrim(r.patch ->> ('attributes.' || (theme.settings ->> 'title_field'))), '') = '';
$$;

COMMENT ON FUNCTION private.is_unnamed(p app.points, r app.revisions, theme app.themes) IS 'Whether a thing lies under no term, or under the one of those that nobody could name, or an edit would leave it there or take its name away. A theme without such a term (setting holding_concept) asks for none.';

CREATE FUNCTION private.is_uuid(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $_$ select coalesce(value ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', false); $_$;

COMMENT ON FUNCTION private.is_uuid(value text) IS 'Whether a text is a UUID in its usual writing; false for null.';

CREATE FUNCTION private.is_written_to_enough(address text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  -- Somebody who walks through a village and reports what is wrong there sends a few.
  select (select count(*) from app.reports as r where r.email = is_written_to_enough.address and r.created_at > now() - interval '1 day') >= 3;
$$;

COMMENT ON FUNCTION private.is_written_to_enough(address text) IS 'Whether reports of the last 24 h bear an address so often that one more must not make a mail.';

CREATE TABLE app.queue (
    kind text NOT NULL COLLATE pg_catalog."C",
    item_id uuid NOT NULL,
    point_id uuid NOT NULL,
    theme text NOT NULL,
    commune text,
    author uuid,
    since timestamp with time zone NOT NULL,
    epci text,
    departement text,
    CONSTRAINT queue_kind_check CHECK ((kind = ANY (ARRAY['new'::text, 'edit'::text, 'photo'::text, 'gone'::text, 'report'::text])))
);

COMMENT ON TABLE app.queue IS 'Items that wait for a decision. Derived from points, revisions, photos and reports by triggers; never written otherwise. item_id is the point, the revision or the report.';

COMMENT ON COLUMN app.queue.author IS 'Who sent what waits, null for somebody without account.';

COMMENT ON COLUMN app.queue.since IS 'When the item began to wait: a point completed and sent again waits from then.';

COMMENT ON COLUMN app.queue.departement IS 'With epci and commune: the territories that hold the item, kept when the list of territories is loaded anew.';

CREATE FUNCTION private.item_to_decide(was app.points, m jsonb) RETURNS app.queue
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  i app.queue;
  decision text := m ->> 'decision';
begin
  select q.* into i from app.queue as q
  where q.point_id = was.id and case
    when coalesce(m -> 'revision_id', 'null') <> 'null' then q.kind = 'edit' and q.item_id = private.to_uuid(m ->> 'revision_id')
    when coalesce(m -> 'report_id', 'null') <> 'null' then q.kind in ('gone', 'report') and q.item_id = private.to_uuid(m ->> 'report_id')
    when was.status = 'submitted' then q.kind = 'new'
    when decision in ('dismiss', 'archive', 'destroy', 'duplicate') then q.kind in ('gone', 'report')
    when decision in ('publish', 'reject') then
      q.kind = 'photo' and private.is_on_photos(m) or decision = 'publish' and q.kind in ('gone', 'report')
    else false end
  order by (q.kind = 'photo') desc, q.since limit 1;
  return i;
end;
$$;

COMMENT ON FUNCTION private.item_to_decide(was app.points, m jsonb) IS 'The item of the queue that a decision answers, as long as it waits; null when none does.';

CREATE TABLE app.jobs (
    id bigint NOT NULL,
    kind text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    dedupe_key text,
    run_after timestamp with time zone DEFAULT now() NOT NULL,
    locked_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    done_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE app.jobs IS 'Work that SQL cannot do (mails, copies of photos), drained by the function `worker`.';

COMMENT ON COLUMN app.jobs.dedupe_key IS 'At most one waiting job per key; one being run does not count, so that a change during the run is seen.';

CREATE FUNCTION private.job_mail(job app.jobs) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if job.kind <> 'mail' then
    return null;
  end if;
  return (
    select jsonb_build_object('to', m.address, 'subject', m.subject, 'text', m.text)
    from app.mails as m where m.id = (job.payload ->> 'mail_id')::bigint and m.sent_at is null);
end;
$$;

COMMENT ON FUNCTION private.job_mail(job app.jobs) IS 'The mail that a job sends; null when it left already, or was deleted with its account.';

CREATE FUNCTION private.job_photos(job app.jobs) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', f.id, 'path', f.path, 'thumb_path', f.thumb_path, 'sha256', f.sha256,
      'public_path', f.public_path, 'public_thumb_path', f.public_thumb_path)
    order by f.created_at, f.id), '[]')
  from app.photos as f
  join app.points as p on p.id = f.point_id
  where f.point_id = (job.payload ->> 'point_id')::uuid
    and case job.kind
      when 'publish_photos' then f.public_path is null and f.state = 'published' and private.is_public(p)
      when 'unpublish_photos' then f.public_path is not null and not (f.state = 'published' and private.is_public(p))
      else false end;
$$;

COMMENT ON FUNCTION private.job_photos(job app.jobs) IS 'The photos that a job copies or deletes, as things stand now.';

CREATE FUNCTION private.joined_scopes(held text[], offered text[]) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case
    when private.covers_scope(offered, held) then offered
    when private.covers_scope(held, offered) then held
    else array(select distinct one from unnest(held || offered) as one order by one) end;
$$;

COMMENT ON FUNCTION private.joined_scopes(held text[], offered text[]) IS 'Two scopes together; the wider one where it holds the other.';

CREATE FUNCTION private.judge(decision bigint, who uuid, in_theme text, outcome text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  before int;
begin
  if who is null or outcome is null then
    return;
  end if;
  insert into app.standings (user_id, theme) values (who, in_theme) on conflict (user_id, theme) do nothing;
  -- Locked first: judgements of one person are numbered in the order in which they count.
  select s.in_a_row into before from app.standings as s where s.user_id = who and s.theme = in_theme for update;
  insert into app.judgements (decision_id, user_id, theme, outcome, lost)
  values (decision, who, in_theme, outcome, case outcome when 'accepted' then 0 else before end);
  update app.standings as s set
    accepted = s.accepted + (outcome = 'accepted')::int, corrected = s.corrected + (outcome = 'corrected')::int,
    refused = s.refused + (outcome = 'refused')::int, in_a_row = case outcome when 'accepted' then before + 1 else 0 end
  where s.user_id = who and s.theme = in_theme;
end;
$$;

COMMENT ON FUNCTION private.judge(decision bigint, who uuid, in_theme text, outcome text) IS 'Counts what a decision made of somebody''s contribution; nothing when it made nothing of it.';

CREATE FUNCTION private.judge_audits(noted bigint, p app.points, m jsonb) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  select private.judge(noted, a.user_id, p.theme, case
      when m ->> 'decision' in ('archive', 'destroy', 'duplicate') then 'refused'
      when coalesce(m -> 'correction', 'null') = 'null' then null
      -- Who edited answers for what they wrote, not for the rest of the point.
      when a.revision_id is null or exists (
        select from app.revisions as r
        where r.point_id = p.id and r.author = a.user_id and r.reason = 'trust' and r.decided_at >= a.created_at
          and r.patch ?| array(select jsonb_object_keys(m -> 'correction' -> 'patch'))) then 'corrected' end)
  from (
    select * from app.reports
    where point_id = p.id and kind = 'audit' and closed_in = private.to_uuid(m ->> 'mutation_id')
      and (coalesce(m -> 'report_id', 'null') = 'null' or id = private.to_uuid(m ->> 'report_id'))
    order by user_id) as a;
$$;

COMMENT ON FUNCTION private.judge_audits(noted bigint, p app.points, m jsonb) IS 'What was published by trust and is found wanting afterwards counts against who gave it: the audits that a decision closed, or the one that it names.';

CREATE FUNCTION private.judge_photos(noted bigint, p app.points, m jsonb, waiting uuid[]) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  -- Photos that are taken count for nothing: a point takes many.
  select private.judge(noted, f.user_id, p.theme, case m ->> 'decision' when 'reject' then 'refused' else 'corrected' end)
  from (select distinct user_id from app.photos where id = any (waiting) and state = 'refused' and user_id is not null order by user_id) as f;
$$;

COMMENT ON FUNCTION private.judge_photos(noted bigint, p app.points, m jsonb, waiting uuid[]) IS 'Whoever took a photo that waited on a published point answers for it when it is refused, and not who captured the point.';

CREATE FUNCTION private.keep_accepted_fields(p app.points, m jsonb) RETURNS app.points
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  offered text[] := array(select jsonb_object_keys(private.content_of(p)));
  accepted text[] := private.accepted_ids(m, 'fields', offered);
  path text;
begin
  foreach path in array offered loop
    if path <> all (accepted) and path not in ('geom', 'sensitivity') then
      p := private.with_values(p, jsonb_build_object(path, null));
    end if;
  end loop;
  return p;
end;
$$;

COMMENT ON FUNCTION private.keep_accepted_fields(p app.points, m jsonb) IS 'A new point with only the fields that the decision accepts; its position and sensitivity always stay, the rest is kept in the history.';

CREATE FUNCTION private.keep_alignments(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  given_source text := private.alignment_source(p);
  given jsonb;
  wrong text;
  kept int;
begin
  perform private.require_vocabulary_role(me, scheme_id);
  given := private.arg_list(p, 'decisions', 1000);
  if given_source is null then
    perform private.invalid_argument('source : le nom de la base dont viennent les valeurs.');
  elsif exists (
    select from jsonb_array_elements(given) as d
    where jsonb_typeof(d) <> 'object' or jsonb_typeof(d -> 'value') is distinct from 'string'
      or char_length(btrim(d ->> 'value', E' \t\n\r')) not between 1 and 200
      or coalesce(jsonb_typeof(d -> 'concept'), 'null') not in ('string', 'null')
      or coalesce(jsonb_typeof(d -> 'forget'), 'boolean') <> 'boolean'
      -- Silence is not "none of them".
      or not (d ? 'concept' or coalesce(d -> 'forget' = 'true', false))) then
    perform private.invalid_argument('decisions : {value, concept} ou {value, forget: true}, une valeur de 1 à 200 caractères.');
  end if;
  select d ->> 'concept' into wrong from jsonb_array_elements(given) as d
  where d ->> 'concept' is not null and not exists (
    select from app.concepts as c where c.id = private.current_concept(d ->> 'concept') and c.scheme = scheme_id)
  limit 1;
  if found then
    perform private.fail(404, 'unknown_concept', wrong);
  end if;
  with decisions as (
    select distinct on (value) value, d ->> 'concept' as concept, coalesce(d -> 'forget' = 'true', false) as forget
    from jsonb_array_elements(given) with ordinality as one (d, n), lateral btrim(d ->> 'value', E' \t\n\r') as value
    -- A value said twice: the last holds.
    order by value, n desc
  ), forgotten as (
    delete from app.alignments as a using decisions as d
    where d.forget and a.scheme = scheme_id and a.source = given_source and a.value = d.value returning 1
  ), written as (
    insert into app.alignments as a (scheme, source, value, concept, decided_by)
    select scheme_id, given_source, d.value, private.current_concept(d.concept), me from decisions as d where not d.forget
    on conflict (scheme, source, value) do update set concept = excluded.concept, decided_by = excluded.decided_by, decided_at = now()
    -- Sent again, it stays as it was, with who decided and when.
    where a.concept is distinct from excluded.concept
    returning 1
  )
  select (select count(*) from written) + (select count(*) from forgotten) into kept;
  return jsonb_build_object('changed', kept);
end;
$$;

COMMENT ON FUNCTION private.keep_alignments(p jsonb) IS 'Keeps what values of a source mean. Checks: signed in, moderates or coordinates a theme that names its things by the vocabulary.';

CREATE FUNCTION private.keep_conflict(p app.points, who uuid, m jsonb, field text, was jsonb, mine jsonb, theirs jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  insert into app.conflicts (mutation_id, field, point_id, user_id, base, mine, theirs)
  values ((m ->> 'mutation_id')::uuid, field, p.id, who, was, mine, theirs)
  returning jsonb_build_object('mutation_id', mutation_id, 'field', field, 'base', base, 'mine', mine,
    'theirs', theirs, 'at', private.instant(at));
$$;

COMMENT ON FUNCTION private.keep_conflict(p app.points, who uuid, m jsonb, field text, was jsonb, mine jsonb, theirs jsonb) IS 'Keeps a value that could not be merged beside the server''s, until somebody chooses.';

CREATE FUNCTION private.keep_edit(e app.thesaurus_edits) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into app.thesaurus_edits as known
    (id, scheme, action, concept, args, note, author, state, reason, decided_by, decided_at, before, after, moves, remap_total, remap_until, proposals)
  values (e.id, e.scheme, e.action, e.concept, e.args, e.note, e.author, e.state, e.reason, e.decided_by, e.decided_at, e.before, e.after,
    e.moves, coalesce(e.remap_total, 0), e.remap_until, coalesce(e.proposals, '{}'))
  on conflict (id) do update set state = excluded.state, reason = excluded.reason, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
    concept = excluded.concept, before = excluded.before, after = excluded.after, moves = excluded.moves,
    remap_total = excluded.remap_total, remap_until = excluded.remap_until, proposals = excluded.proposals;
  if e.remap_until is not null then
    perform private.enqueue_job('remap', jsonb_build_object('edit', e.id), 'remap:' || e.id);
  end if;
end;
$$;

COMMENT ON FUNCTION private.keep_edit(e app.thesaurus_edits) IS 'Writes the row of an edit, and has its points moved.';

CREATE FUNCTION private.keep_photo(who uuid, p jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  was app.points;
  photo app.photos;
  problem text := private.account_problem(who);
begin
  select * into photo from app.photos where id = (p ->> 'photo_id')::uuid;
  if found and photo.user_id = who and photo.sha256 = p ->> 'sha256' then
    return;
  elsif found or exists (select from app.photos where path = p ->> 'path')
    or p ->> 'path' not like who || '/' || (p ->> 'point_id') || '/%' then
    perform private.reject('not_allowed');
  elsif problem is not null then
    perform private.reject(problem);
  end if;
  -- The point may have been merged into another while its photo was on the way.
  was := private.lock_point(private.survivor_of((p ->> 'point_id')::uuid), who);
  if was.author is distinct from who and was.status <> 'published'
    and not exists (select from app.points where id = (p ->> 'point_id')::uuid and author = who) then
    perform private.reject('not_allowed');
  elsif (select count(*) from app.photos where point_id = was.id and user_id = who) >= private.photo_limit(was.theme) then
    perform private.reject('too_many');
  end if;
  insert into app.photos
    (id, point_id, user_id, path, thumb_path, sha256, size_bytes, width, height, taken_at, licence, caption, position, rank, came_from)
  values ((p ->> 'photo_id')::uuid, was.id, who, p ->> 'path', p ->> 'thumb_path', p ->> 'sha256', (p ->> 'size')::int,
    (p ->> 'width')::int, (p ->> 'height')::int, private.to_instant(p ->> 'taken_at'),
    coalesce(nullif(p ->> 'licence', ''), (select photo_licence from app.charters where rev = private.current_charter()), ''),
    left(nullif(p ->> 'caption', ''), 400), nullif(p -> 'position', 'null'), private.to_count(p -> 'rank', 999),
    nullif((p ->> 'point_id')::uuid, was.id));
  was := private.save_point(was, was);
  perform private.record_event(was, who, 'photo', diff => jsonb_build_object('photo', jsonb_build_array(null, p -> 'photo_id')));
end;
$$;

COMMENT ON FUNCTION private.keep_photo(who uuid, p jsonb) IS 'Records a photo that was read and checked; it waits for a moderator. The same photo again changes nothing.';

CREATE FUNCTION private.keep_receipt(who uuid, device text, m jsonb, result jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if result ->> 'status' = 'retry'
    or result ->> 'code' in ('charter_required', 'client_too_old', 'unknown_theme', 'unknown_point') then
    return;
  end if;
  insert into app.receipts
    (mutation_id, user_id, point_id, device_id, payload_hash, status, code, message, rev, revision_id, conflicts)
  values (private.to_uuid(m ->> 'mutation_id'), who, private.to_uuid(m ->> 'point_id'), left(device, 100),
    sha256(convert_to(m::text, 'UTF8')), result ->> 'status', result ->> 'code', result ->> 'message',
    (result ->> 'rev')::int, (result ->> 'revision_id')::uuid, result -> 'conflicts')
  on conflict (mutation_id) do nothing;
  if not found and result ->> 'status' <> 'rejected' then
    raise unique_violation using message = 'another call applied this contribution meanwhile';
  end if;
end;
$$;

COMMENT ON FUNCTION private.keep_receipt(who uuid, device text, m jsonb, result jsonb) IS 'Stores the answer with the effect, unless it may change when the same mutation is sent again (contract §3). Raises unique_violation when the id has served meanwhile, so that the effect is undone.';

CREATE FUNCTION private.keep_thesaurus_whole() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  first record;
begin
  -- What was written is named before what lies below it.
  select * into first from private.thesaurus_faults(array(select id from changed))
  order by not exists (select from changed where changed.id = concept), concept, fault limit 1;
  if found then
    perform private.fail(400, 'invalid_concept', first.concept || ' : ' || first.fault);
  end if;
  return null;
end;
$$;

COMMENT ON FUNCTION private.keep_thesaurus_whole() IS 'Trigger: refuses what thesaurus_faults finds, once a statement has written all its rows, so that a whole vocabulary goes in at once in any order.';

CREATE FUNCTION private.kept_values(p app.points, m jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
declare
  content jsonb := private.content_of(p);
  kept jsonb := '{}';
  path text;
  side text;
begin
  if coalesce(jsonb_typeof(m -> 'keep'), 'null') not in ('null', 'object') then
    perform private.reject('invalid_patch', 'keep : {chemin: "this" ou "other"}.');
  end if;
  for path, side in select * from jsonb_each_text(coalesce(nullif(m -> 'keep', 'null'), '{}')) loop
    if side is null or side not in ('this', 'other') or path !~ '^(concept|geom|sensitivity|attributes\..+)$' then
      perform private.reject('invalid_patch', 'keep : {chemin: "this" ou "other"}.');
    elsif side = 'this' then
      kept := kept || jsonb_build_object(path, content -> path);
    end if;
  end loop;
  return kept;
end;
$_$;

COMMENT ON FUNCTION private.kept_values(p app.points, m jsonb) IS 'Values of a duplicate that its survivor takes over (`keep` says "this").';

CREATE FUNCTION private.kinship(holding text, is_same_only boolean, a text, a_name text, b text, b_name text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
begin
  if a is null or b is null or a = holding or b = holding then
    return 'unnamed';
  elsif a = b then
    return 'same_concept';
  elsif not is_same_only then
    return case when private.is_sibling(a, b) then 'sibling_concept' end;
  end if;
  return case when similarity(private.fold(a_name), private.fold(b_name)) >= 0.4 then 'similar_name' end;
end;
$$;

COMMENT ON FUNCTION private.kinship(holding text, is_same_only boolean, a text, a_name text, b text, b_name text) IS 'Why two things of a theme may be the same by their terms and names, the same on the phone (src/domain/kinship.ts); null: they are others. A name decides where the theme says that siblings are others.';

CREATE FUNCTION private.kinship_rule(theme_id text) RETURNS TABLE(holding text, is_same_only boolean, title_field text)
    LANGUAGE sql STABLE ROWS 1
    SET search_path TO ''
    AS $$
  select t.settings ->> 'holding_concept', coalesce(t.settings #>> '{duplicate_kinship,concepts}' = 'same', false), t.settings ->> 'title_field'
  from app.themes as t where t.id = theme_id;
$$;

COMMENT ON FUNCTION private.kinship_rule(theme_id text) IS 'What a theme says of its terms: the one under which wait things that nobody could name (setting holding_concept), whether siblings are others (setting duplicate_kinship), and the answer that names a thing.';

CREATE FUNCTION private.known_reasons(theme app.themes) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select array['photo_missing', 'photo_unusable', 'position_doubtful', 'description_incomplete', 'wrong_concept', 'out_of_scope',
      'duplicate', 'private_life', 'sensitive_place', 'not_found_on_site', 'other']
    || coalesce((
      select array_agg(coalesce(reason ->> 'code', reason #>> '{}'))
      from jsonb_array_elements(case jsonb_typeof(theme.settings -> 'reasons') when 'array' then theme.settings -> 'reasons' else '[]' end) as reason),
      '{}');
$$;

COMMENT ON FUNCTION private.known_reasons(theme app.themes) IS 'Reason codes that a decision may give: those of contract §4 and those of the theme''s settings.';

CREATE FUNCTION private.known_territories(codes text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
declare
  one text;
begin
  if '*' = any (codes) then
    return '{*}';
  end if;
  if coalesce(cardinality(codes), 0) not between 1 and 500 then
    perform private.invalid_argument('territories : de 1 à 500 codes INSEE, ou ["*"].');
  end if;
  foreach one in array codes loop
    if one is null or not (
      exists (select from app.territories as t where t.code = one and t.level in ('commune', 'epci', 'departement'))
      -- Before any list is loaded a code cannot be looked up: it must look like one.
      or one ~ '^(\d{2}|2[AB]|97\d)$' and not exists (select from app.territories where level = 'departement')
      or one ~ '^(\d{2}|2[AB])\d{3}$' and not exists (select from app.territories where level = 'commune')) then
      perform private.fail(400, 'unknown_territory', format('Le territoire %s n’existe pas, ou n’existe plus.', coalesce(left(one, 20), 'vide')));
    end if;
  end loop;
  return array(select distinct code from unnest(codes) as code order by code);
end;
$_$;

COMMENT ON FUNCTION private.known_territories(codes text[]) IS 'The codes, sorted and once each ({*} covers the rest); PT400 unknown_territory where one is no commune, EPCI or département of this instance.';

CREATE FUNCTION private.label_in(labels jsonb, lang text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select coalesce(labels ->> lang, labels ->> 'fr'); $$;

COMMENT ON FUNCTION private.label_in(labels jsonb, lang text) IS 'A label of the seed in a language, else in French.';

CREATE FUNCTION private.language_of(who uuid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select coalesce((select lang from app.profiles where user_id = who), 'fr'); $$;

COMMENT ON FUNCTION private.language_of(who uuid) IS 'The language in which somebody is written to.';

CREATE TABLE app.thesaurus_releases (
    scheme text NOT NULL,
    number integer NOT NULL,
    released_at timestamp with time zone DEFAULT now() NOT NULL,
    released_by uuid,
    notes text DEFAULT ''::text NOT NULL,
    concepts jsonb NOT NULL,
    changes jsonb NOT NULL,
    CONSTRAINT thesaurus_releases_changes_check CHECK ((jsonb_typeof(changes) = 'array'::text)),
    CONSTRAINT thesaurus_releases_concepts_check CHECK ((jsonb_typeof(concepts) = 'array'::text)),
    CONSTRAINT thesaurus_releases_notes_check CHECK ((char_length(notes) <= 2000)),
    CONSTRAINT thesaurus_releases_number_check CHECK ((number > 0))
);

COMMENT ON TABLE app.thesaurus_releases IS 'Versions of the vocabularies, whole and for ever as they were.';

COMMENT ON COLUMN app.thesaurus_releases.concepts IS 'Accepted and deprecated concepts as `thesaurus` wrote them that day, but their addresses, which follow the instance.';

COMMENT ON COLUMN app.thesaurus_releases.changes IS 'What changed since the version before (see private.vocabulary_changes).';

CREATE FUNCTION private.last_release(scheme_id text) RETURNS app.thesaurus_releases
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select r from app.thesaurus_releases as r where r.scheme = scheme_id order by r.number desc limit 1; $$;

COMMENT ON FUNCTION private.last_release(scheme_id text) IS 'The latest version of a vocabulary; null before the first.';

CREATE FUNCTION private.late_items(who uuid, of_theme text, days integer) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select count(*)
  from private.scope_of(who) as s
  join app.queue as q on q.theme = s.theme and (s.is_everywhere
    or q.departement = any (s.territories) or q.epci = any (s.territories) or q.commune = any (s.territories))
  where s.theme = of_theme and q.since < now() - make_interval(days => days) and q.author is distinct from who;
$$;

COMMENT ON FUNCTION private.late_items(who uuid, of_theme text, days integer) IS 'Items that have waited so many days in the scope of a moderator, their own left out.';

CREATE FUNCTION private.lease_json(point uuid, viewer uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select jsonb_build_object('holder', coalesce(who.display_name, 'modération'), 'until', private.instant(l.until),
      'mine', l.holder = viewer)
    from app.leases as l
    left join app.profiles as who on who.user_id = l.holder
    where l.point_id = point and l.until > now());
end;
$$;

COMMENT ON FUNCTION private.lease_json(point uuid, viewer uuid) IS 'Who is reading the point, null when nobody is.';

CREATE FUNCTION private.leave_survivor(p app.points, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  survivor app.points;
  merged app.points;
  moved int;
  left_behind uuid[] := array(
    select f.id from app.photos as f join app.merged_photos as k on k.photo_id = f.id where k.point_id = p.id and f.point_id = p.id);
begin
  select * into survivor from app.points where id = p.duplicate_of for update;
  p.duplicate_of := null;
  p.status_before := null;
  update app.points set duplicate_of = null, status_before = null where id = p.id;
  -- With the photos that came to it from duplicates of its own.
  with recursive family as (
    select p.id as id
    union
    select d.id from family join app.points as d on d.duplicate_of = family.id)
  update app.photos as f set point_id = p.id, came_from = nullif(f.came_from, p.id),
    state = case
      -- Refused by whoever looked after the survivor: that stays.
      when f.state = 'refused' then 'refused'
      else coalesce((select k.state from app.merged_photos as k where k.point_id = p.id and k.photo_id = f.id),
        -- It arrived since.
        case when p.status = 'published' then f.state else 'pending' end) end
  where f.came_from in (select id from family) and f.point_id <> p.id;
  get diagnostics moved = row_count;
  -- Those that the merge left behind.
  update app.photos as f set state = k.state
  from app.merged_photos as k
  where k.point_id = p.id and k.photo_id = f.id and f.point_id = p.id and k.photo_id = any (left_behind);
  delete from app.merged_photos where point_id = p.id;
  if survivor.id is not null then
    merged := private.with_values(survivor, private.values_to_give_back(survivor, p.id));
    select c.count, c.last_on, c.condition, c.condition_on
    into merged.confirmation_count, merged.last_confirmed_on, merged.observed_condition, merged.observed_condition_on
    from private.confirmations_of(survivor.id) as c;
    merged := private.save_point(survivor, merged, moved > 0 and survivor.status = 'published');
    perform private.record_event(merged, who, 'unmerge', survivor.status,
      diff => private.content_diff(private.content_of(survivor), private.content_of(merged))
        || jsonb_build_object('duplicate', jsonb_build_array(p.id, null)),
      mutation_id => (m ->> 'mutation_id')::uuid, as_kind => case when m ->> 'kind' = 'decide' then 'moderator' end);
  end if;
  return p;
end;
$$;

COMMENT ON FUNCTION private.leave_survivor(p app.points, who uuid, m jsonb) IS 'Undoes a merge: the photos go back to the point they came from, as they were but where they were refused since, confirmations are counted apart again, and the survivor says again what it said before, but where somebody changed it since.';

CREATE FUNCTION private.lists_by_key(value jsonb, at_most integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select case when jsonb_typeof(value) = 'object'
    then not exists (select from jsonb_each(value) as l where not private.is_text_list(l.value, at_most)) else false end;
$$;

COMMENT ON FUNCTION private.lists_by_key(value jsonb, at_most integer) IS 'Whether a value is an object of lists of texts.';

CREATE FUNCTION private.live_revision(p app.points, who uuid) RETURNS app.revisions
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select * from app.revisions where point_id = p.id and author = who and state = 'pending'; $$;

COMMENT ON FUNCTION private.live_revision(p app.points, who uuid) IS 'The revision by which the person proposes something beside this point, if any.';

CREATE FUNCTION private.load_points(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  theme app.themes;
  source bigint;
  fields jsonb;
  rows jsonb;
  inserted int;
  updated int := 0;
  changed record;
begin
  select * into theme from app.themes where id = p ->> 'theme';
  if not found then
    perform private.fail(400, 'unknown_theme', 'Cette thématique n’existe pas.');
  elsif coalesce(p ->> 'producer', '') = '' or coalesce(p ->> 'licence', '') = '' or jsonb_typeof(p -> 'points') <> 'array' then
    perform private.fail(400, 'invalid_argument', 'producer, licence et points sont attendus.');
  end if;
  insert into app.sources (theme, producer, licence, delivered_on, file_name)
  values (theme.id, p ->> 'producer', p ->> 'licence', private.to_day(p ->> 'delivered_on'), p ->> 'file_name')
  on conflict on constraint sources_theme_producer_licence_key do update
  set delivered_on = coalesce(excluded.delivered_on, sources.delivered_on), file_name = coalesce(excluded.file_name, sources.file_name)
  returning id into source;

  fields := private.form_fields(theme.id);
  select coalesce(jsonb_agg(private.check_load_row(theme, fields, item)), '[]') into rows
  from jsonb_array_elements(p -> 'points') as item;

  for changed in
    select pt.id, s.content as said, item -> 'content' as says
    from jsonb_array_elements(rows) as item
    join app.points as pt on pt.source_id = source and pt.source_ref = item ->> 'ref'
    join app.source_rows as s on s.point_id = pt.id
    where item -> 'content' <> s.content
  loop
    updated := updated + private.update_loaded(changed.id, changed.said, changed.says)::int;
  end loop;

  inserted := private.insert_loaded(theme, source, (
    select coalesce(jsonb_agg(item), '[]') from (
      select distinct on (item ->> 'ref') item from jsonb_array_elements(rows) as item where item -> 'content' is not null) as once
    where not exists (select from app.points as pt where pt.source_id = source and pt.source_ref = item ->> 'ref')),
    coalesce(private.to_day(p ->> 'delivered_on'), current_date));

  return jsonb_build_object(
    'source_id', source, 'inserted', inserted, 'updated', updated,
    'unchanged', (select count(*) from jsonb_array_elements(rows) as item where item -> 'content' is not null) - inserted - updated,
    'refused', (select coalesce(jsonb_agg(item), '[]') from jsonb_array_elements(rows) as item where item -> 'code' is not null));
end;
$$;

COMMENT ON FUNCTION private.load_points(p jsonb) IS 'Administrator only (no API role reaches it): a chunk of an import as published points. {theme, producer, licence, delivered_on?, file_name?, points: [{ref, lon, lat, accuracy_m?, concept?, attributes?, captured_at?}]} → {source_id, inserted, updated, unchanged, refused: [{ref, code, details}]}. Loading the same twice changes nothing.';

CREATE FUNCTION private.locating_keys(theme_id text) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $_$
  select coalesce(array_agg(distinct key #>> '{}'), '{}')
  from app.forms as f,
    jsonb_path_query(f.form,
      '$.sections[*].fields[*] ? (@.locating == true || exists (@.fields[*] ? (@.locating == true))).key') as key
  where f.theme = theme_id;
$_$;

COMMENT ON FUNCTION private.locating_keys(theme_id text) IS 'Attributes that tell where a point is (marked `locating` in any version of the form): left out when the position is blurred.';

CREATE FUNCTION private.lock_members(group_name text, who uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- One change of a group's members at a time: two coordinators who leave at once must not both be the last but one.
  perform from app.groups where id = group_name for no key update;
  if not found then
    perform private.fail(404, 'unknown_group', 'Ce groupe de travail n’existe pas.');
  elsif not private.is_coordinator_of(who, group_name) then
    perform private.fail(403, 'not_allowed', 'Seule la coordination du groupe gère ses membres.');
  end if;
end;
$$;

COMMENT ON FUNCTION private.lock_members(group_name text, who uuid) IS 'Locks the members of a group until the end of the call, for somebody who coordinates it. PT403, PT404 unknown_group.';

CREATE FUNCTION private.lock_point(id uuid, who uuid) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points;
begin
  select * into p from app.points as t where t.id = lock_point.id for update;
  -- A point that somebody may not see does not exist for them.
  if not found or not private.can_see(p, who) then
    perform private.reject('unknown_point', 'Ce point n’existe pas, ou n’est pas visible.');
  end if;
  return p;
end;
$$;

COMMENT ON FUNCTION private.lock_point(id uuid, who uuid) IS 'The row of a point that the person may see, locked; else the mutation is refused as unknown_point.';

CREATE FUNCTION private.lock_points(ids uuid[]) RETURNS uuid[]
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  id uuid;
  busy uuid[] := '{}';
begin
  -- Sorted, so that two calls never wait for each other.
  foreach id in array array(select distinct one from unnest(ids) as one where one is not null order by one) loop
    if not pg_try_advisory_xact_lock(hashtextextended(id::text, 0)) then
      begin
        perform pg_advisory_xact_lock(hashtextextended(id::text, 0));
      exception
        when lock_not_available or deadlock_detected then
          busy := busy || id;
      end;
    end if;
  end loop;
  return busy;
end;
$$;

COMMENT ON FUNCTION private.lock_points(ids uuid[]) IS 'Takes the points of a push one call at a time; returns those that another call holds too long.';

CREATE FUNCTION private.lock_survivor(p app.points, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
declare
  survivor app.points;
begin
  select * into survivor from app.points
  where id = private.survivor_of(private.to_uuid(m ->> 'duplicate_of')) for update;
  if not found or not private.can_see(survivor, who) then
    perform private.reject('unknown_point', 'Le point d’origine du doublon n’existe pas, ou n’est pas visible.');
  elsif survivor.id = p.id then
    perform private.reject('duplicate_cycle', 'Un point ne peut pas être le doublon de lui-même.');
  elsif not private.is_moderator_of(who, survivor) then
    perform private.reject('not_allowed', 'Le point d’origine n’est pas dans votre périmètre de modération.');
  elsif survivor.theme <> p.theme then
    perform private.reject('invalid_patch', 'Les deux points doivent être de la même thématique.');
  elsif survivor.status not in ('submitted', 'published') then
    perform private.reject('invalid_transition', 'Le point d’origine n’est ni proposé ni publié.');
  elsif coalesce(m -> 'seen_other_rev', 'null') <> 'null' and jsonb_path_exists(m, '$.keep.* ? (@ == "this")')
    and (private.to_count(m -> 'seen_other_rev', 2147483647) <> survivor.rev or survivor.id <> private.to_uuid(m ->> 'duplicate_of')) then
    perform private.reject('stale_review', 'Le point d’origine a changé depuis la lecture.');
  end if;
  return survivor;
end;
$_$;

COMMENT ON FUNCTION private.lock_survivor(p app.points, who uuid, m jsonb) IS 'The point that a duplicate is merged into: `duplicate_of` followed to the end, in scope, of the same theme, no cycle, with the content that was seen (`seen_other_rev`).';

CREATE FUNCTION private.look_at_decisions() RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.look_at_decisions() IS 'Gives the decisions that nobody looked at their generation; returns the last one.';

CREATE FUNCTION private.look_for_points_left() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.look_for_points_left() IS 'Daily: has the points moved that are still under a term that was replaced.';

CREATE FUNCTION private.mail_text(text_key text, in_lang text, filled jsonb DEFAULT '{}'::jsonb) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  -- One walk over the text: what is filled in is never read for names again. A name without a value leaves no text at all.
  select case when bool_and(part[3] is null or filled ->> part[3] is not null)
    then string_agg(concat(part[1], filled ->> part[3]), '' order by n) end
  from (select text from app.mail_texts where key = text_key and lang in (in_lang, 'fr') order by lang = in_lang desc limit 1) as chosen
  cross join lateral regexp_matches(chosen.text, '([^{]*)(\{([a-z_]+)\})?', 'g') with ordinality as walked (part, n);
$$;

COMMENT ON FUNCTION private.mail_text(text_key text, in_lang text, filled jsonb) IS 'A text of mails in a language, else in French, its {names} filled in; null for a key that is not known, or without the value of a name.';

CREATE FUNCTION private.map_tile_text(z integer, tile_x integer, tile_y integer, theme_ids text[], concept_ids text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
  low bigint := private.morton((tile_x::bigint << (31 - z))::int, (tile_y::bigint << (31 - z))::int);
  high bigint := low + (1::bigint << (2 * (31 - z))) - 1;
  -- A tile has 4096 steps and a grid of 16 by 16: 4 bits each way, 8 of the Morton code.
  cell_shift int := 2 * (31 - z - 4);
  step_shift int := greatest(0, 31 - z - 12);
  total bigint;
  clusters text;
  parts text[];
begin
  with cells as materialized (
    select t.morton >> cell_shift as cell, t.theme, count(*) as n, sum(t.x) as sum_x, sum(t.y) as sum_y
    from app.public_points as t
    where t.status = 'published' and t.morton between low and high and t.theme = any (theme_ids)
      and (concept_ids is null or t.concept = any (concept_ids))
    group by 1, 2),
  stacks as (
    select cell, sum(n) as n, sum(sum_x) as sum_x, sum(sum_y) as sum_y, jsonb_object_agg(theme, n) as by_theme
    from cells group by cell)
  select coalesce(sum(n), 0), coalesce(string_agg(format('[%s,%s,%s,[%s]]',
    (div(sum_x, n)::bigint >> step_shift) & 4095, (div(sum_y, n)::bigint >> step_shift) & 4095, n, (
      select string_agg(coalesce(by_theme ->> id, '0'), ',' order by position) from unnest(theme_ids) with ordinality as u (id, position))),
    ',' order by cell), '')
  into total, clusters from stacks;

  if total <= 800 then
    parts := private.tile_points(low, high, theme_ids, concept_ids, step_shift, z >= 19);
    -- Under 64 kB even if every concept had the longest of ids.
    if octet_length(parts[1]) + octet_length(parts[2]) <= 64000 then
      return format('"points":[%s],"clusters":[%s]', parts[1], parts[2]);
    end if;
  end if;
  return format('"points":[],"clusters":[%s]', clusters);
end;
$$;

COMMENT ON FUNCTION private.map_tile_text(z integer, tile_x integer, tile_y integer, theme_ids text[], concept_ids text[]) IS 'Content of a tile as JSON text: its points when at most 800 lie in it, else the mean position of each cell of its 16 by 16 grid.';

CREATE FUNCTION private.mark_publication() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.first_published_at is null and new.status in ('published', 'archived', 'destroyed') then
    new.first_published_at := now();
  end if;
  return new;
end;
$$;

COMMENT ON FUNCTION private.mark_publication() IS 'Trigger: a point that becomes public says so for ever, whoever publishes it; the sync index of a cell rests on it.';

CREATE FUNCTION private.may_add_photo(object_name text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $_$
begin
  -- Answers for the caller alone: the first folder must be theirs.
  return (select auth.uid()) is not null
    and object_name ~ ('^' || (select auth.uid())
      || '/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{16}(-t)?\.jpg$')
    and private.is_contributor((select auth.uid()));
end;
$_$;

COMMENT ON FUNCTION private.may_add_photo(object_name text) IS 'Whether the caller may upload under this name: a contributor with the current charter, in their own folder, named as contract §3 says.';

CREATE FUNCTION private.may_be_same(theme_id text, a extensions.geometry, a_accuracy double precision, a_concept text, a_name text, b extensions.geometry, b_accuracy double precision, b_concept text, b_name text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
begin
  if st_distancesphere(a, b) > private.theme_radius_m(theme_id) + private.accuracy_reach(a_accuracy) + private.accuracy_reach(b_accuracy) then
    return false;
  end if;
  return (
    select private.kinship(rule.holding, rule.is_same_only, a_concept, a_name, b_concept, b_name) is not null
    from private.kinship_rule(theme_id) as rule);
end;
$$;

COMMENT ON FUNCTION private.may_be_same(theme_id text, a extensions.geometry, a_accuracy double precision, a_concept text, a_name text, b extensions.geometry, b_accuracy double precision, b_concept text, b_name text) IS 'The rule of duplicates, the same on the phone (src/domain/duplicates.ts): within the radius of the theme widened by both accuracies, and of terms that may name the same thing. Whichever of the two is asked about.';

CREATE FUNCTION private.may_decide_on(i app.queue, p app.points, who uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select private.may_decide_own(t) or not (case
    when i.kind is null or i.kind in ('new', 'gone', 'report') then p.author is not distinct from who
      or exists (select from app.reports as r where r.id = i.item_id and i.kind = 'report' and r.kind = 'audit' and r.user_id = who)
    when i.kind = 'photo' then exists (select from app.photos as f where f.point_id = p.id and f.state = 'pending' and f.user_id = who)
    else i.author is not distinct from who end)
  from app.themes as t where t.id = p.theme;
$$;

COMMENT ON FUNCTION private.may_decide_on(i app.queue, p app.points, who uuid) IS 'Whether a moderator may decide on an item, or on the point where nothing waits: not on what they gave, unless the theme lets them.';

CREATE FUNCTION private.may_decide_own(theme app.themes) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select coalesce(theme.settings -> 'may_decide_own' = 'true', false); $$;

COMMENT ON FUNCTION private.may_decide_own(theme app.themes) IS 'Whether the theme lets moderators decide on their own contributions (setting `may_decide_own`, off by default).';

CREATE FUNCTION private.may_grant(who uuid, group_name text, territories text[]) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select exists (
    select from app.memberships as m
    where m.user_id = who and m.group_id = group_name and m.role = 'coordinator' and private.covers_scope(m.territories, may_grant.territories));
$$;

COMMENT ON FUNCTION private.may_grant(who uuid, group_name text, territories text[]) IS 'Whether the person coordinates the group over these territories at least: a coordinator grants at most their own scope.';

CREATE FUNCTION private.may_read_photo(object_name text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  me uuid := (select auth.uid());
begin
  if me is null then
    return false;
  end if;
  return split_part(object_name, '/', 1) = me::text
    or exists (
      select from app.photos as f
      join app.points as p on p.id = f.point_id
      where f.path = regexp_replace(object_name, '-t\.jpg$', '.jpg')
        and p.status not in ('draft', 'withdrawn')
        and private.moderates(me, p.theme, p.commune))
    or exists (
      select from app.reports as r
      join app.points as p on p.id = r.point_id
      where r.photo_path = object_name and private.moderates(me, p.theme, p.commune));
end;
$_$;

COMMENT ON FUNCTION private.may_read_photo(object_name text) IS 'Whether the caller may read (sign the address of) an object of the bucket photos: who took it, or a moderator in scope of its point.';

CREATE FUNCTION private.median_days(of_theme text) RETURNS numeric
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select round((extract(epoch from percentile_cont(0.5) within group (order by d.waited)) / 86400)::numeric, 1)
  from app.decisions as d
  where d.theme = of_theme and d.at > now() - interval '90 days' and d.kind in ('new', 'edit') and d.waited is not null
    and not exists (select from app.decisions as u where u.undoes = d.id);
$$;

COMMENT ON FUNCTION private.median_days(of_theme text) IS 'Median days that new points and edits of the last 90 days waited for their decision, null when none was taken.';

CREATE TABLE app.memberships (
    user_id uuid NOT NULL,
    group_id text NOT NULL,
    role text NOT NULL,
    territories text[] DEFAULT '{*}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT memberships_role_check CHECK ((role = ANY (ARRAY['contributor'::text, 'moderator'::text, 'coordinator'::text]))),
    CONSTRAINT memberships_territories_check CHECK ((cardinality(territories) > 0))
);

COMMENT ON TABLE app.memberships IS 'Role of a person in a working group and the INSEE codes it covers ({*} = everywhere).';

CREATE FUNCTION private.member_json(m app.memberships, viewer uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('user_id', m.user_id, 'name', who.display_name, 'email', u.email, 'role', m.role, 'territories', m.territories,
    'since', private.day(m.created_at), 'last_seen_on', who.last_seen_on, 'mine', m.user_id = viewer)
  from app.profiles as who join auth.users as u on u.id = who.user_id
  where who.user_id = m.user_id;
$$;

COMMENT ON FUNCTION private.member_json(m app.memberships, viewer uuid) IS 'A member as the coordinators of the group see them: how to reach them, and the last day they were here.';

CREATE FUNCTION private.members(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  asked text := private.arg_text(p, 'group');
begin
  if asked is not null and not private.is_coordinator_of(me, asked) then
    perform private.fail(403, 'not_allowed', 'Seule la coordination du groupe voit ses membres.');
  end if;
  return jsonb_build_object('groups', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'group', g.id,
      'labels', g.labels,
      'members', (select coalesce(jsonb_agg(private.member_json(m, me) order by private.role_rank(m.role) desc, m.created_at, m.user_id), '[]')
        from app.memberships as m where m.group_id = g.id),
      'invitations', (select coalesce(jsonb_agg(private.invitation_json(i) order by i.created_at desc), '[]')
        from app.invitations as i where i.group_id = g.id and i.consumed_at is null and i.revoked_at is null),
      'changes', (select coalesce(jsonb_agg(jsonb_build_object('at', private.instant(c.at), 'actor', by.display_name, 'name', who.display_name,
          'from', c.from_role, 'to', c.to_role, 'territories', c.to_territories) order by c.id desc), '[]')
        from (select * from app.role_changes where group_id = g.id order by id desc limit 50) as c
        left join app.profiles as by on by.user_id = c.actor
        left join app.profiles as who on who.user_id = c.user_id)) order by g.id), '[]')
    from app.groups as g
    where (asked is null or g.id = asked) and private.is_coordinator_of(me, g.id)));
end;
$$;

COMMENT ON FUNCTION private.members(p jsonb) IS 'Members, open invitations and last changes of roles. Checks: signed in; only groups that the caller coordinates.';

CREATE FUNCTION private.merge_fields(theme_id text, server jsonb, base jsonb, patch jsonb) RETURNS TABLE(path text, outcome text, was jsonb, mine jsonb, theirs jsonb, value jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  for path, mine in select * from jsonb_each(patch) loop
    was := private.base_value(path, base);
    theirs := coalesce(server -> path, 'null');
    value := mine;
    if path = 'concept' and theirs <> mine and private.same_value(path, theirs, mine) then
      -- The point has not followed its term yet: it is not this edit that moves it, so that it comes back with the others.
      outcome := 'keep';
    elsif private.same_value(path, theirs, was) then
      outcome := 'take';
    elsif private.same_value(path, theirs, mine) then
      outcome := 'keep';
    elsif path like 'attributes.%' and private.form_field(theme_id, substr(path, 12)) ->> 'type' = 'choices' then
      outcome := 'take';
      value := private.merge_sets(was, mine, theirs);
    else
      outcome := 'conflict';
    end if;
    return next;
  end loop;
end;
$$;

COMMENT ON FUNCTION private.merge_fields(theme_id text, server jsonb, base jsonb, patch jsonb) IS 'Three-way merge of a patch by path (contract §3): take `value`, keep what is there, or conflict.';

CREATE FUNCTION private.merge_into_survivor(p app.points, was app.points, theme app.themes, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  survivor app.points := private.lock_survivor(p, who, m);
  merged app.points := private.with_values(survivor, private.kept_values(p, m));
  shown text[] := private.seen_photos(m, array(select id::text from app.photos where point_id = p.id and state = 'pending'));
  offered text[];
  accepted text[];
  is_shown_more boolean;
begin
  if was.status = 'published' and survivor.status <> 'published' then
    perform private.reject('invalid_transition', 'Un point publié ne peut pas être le doublon d’un point qui ne l’est pas.');
  end if;
  -- One's own photo is moved with the others, and waits there for somebody else.
  offered := array(select id::text from app.photos where point_id = p.id and (state = 'published' or id::text = any (shown)
    and (user_id is distinct from who or private.may_decide_own(theme))));
  accepted := private.accepted_ids(m, 'photos', offered);
  insert into app.merged_photos (point_id, photo_id, state)
  select p.id, f.id, f.state from app.photos as f where f.point_id = p.id and f.state in ('pending', 'published');
  update app.photos set
    state = case when id::text <> all (accepted) then 'refused' when survivor.status = 'published' then 'published' else state end
  where point_id = p.id and id::text = any (offered);
  is_shown_more := survivor.status = 'published' and exists (select from app.photos where point_id = p.id and state = 'published');
  update app.photos set point_id = survivor.id, came_from = coalesce(came_from, p.id)
  where point_id = p.id and state in ('pending', 'published');

  p.status_before := was.status;
  p.duplicate_of := survivor.id;
  update app.points set duplicate_of = survivor.id, status_before = was.status where id = p.id;
  select c.count, c.last_on, c.condition, c.condition_on
  into merged.confirmation_count, merged.last_confirmed_on, merged.observed_condition, merged.observed_condition_on
  from private.confirmations_of(survivor.id) as c;
  merged := private.save_point(survivor, merged, is_shown_more);
  perform private.record_event(merged, who, 'merge', survivor.status, m ->> 'reason',
    diff => private.content_diff(private.content_of(survivor), private.content_of(merged))
      || jsonb_build_object('duplicate', jsonb_build_array(null, p.id)),
    mutation_id => (m ->> 'mutation_id')::uuid, as_kind => 'moderator');
  return p;
end;
$$;

COMMENT ON FUNCTION private.merge_into_survivor(p app.points, was app.points, theme app.themes, who uuid, m jsonb) IS 'What a duplicate brings to its survivor: the values chosen by `keep`, its photos (those that nobody saw wait there), its confirmations. Its own content stays, so that the merge can be undone.';

CREATE FUNCTION private.merge_sets(base jsonb, mine jsonb, theirs jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  with listed as (
    select item, n
    from jsonb_array_elements(case jsonb_typeof(theirs) when 'array' then theirs when 'null' then '[]' else jsonb_build_array(theirs) end)
      with ordinality as t (item, n)
    where base @> item <= (mine @> item)
    union all
    select item, 1000 + n
    from jsonb_array_elements(case jsonb_typeof(mine) when 'array' then mine when 'null' then '[]' else jsonb_build_array(mine) end)
      with ordinality as m (item, n)
    where not base @> item and not theirs @> item)
  select coalesce(jsonb_agg(item order by n), 'null') from listed;
$$;

COMMENT ON FUNCTION private.merge_sets(base jsonb, mine jsonb, theirs jsonb) IS 'Three-way merge of lists seen as sets: what I added is in, what I took away is out, what others did stays.';

CREATE FUNCTION private.merged_list(now jsonb, was jsonb, became jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(v order by n), '[]') from (
    select distinct on (v) v, n from (
      select v, n from jsonb_array_elements(coalesce(now, '[]')) with ordinality as t (v, n)
      where not (coalesce(was, '[]') @> jsonb_build_array(v) and not coalesce(became, '[]') @> jsonb_build_array(v))
      union all
      select v, n + 1000 from jsonb_array_elements(coalesce(became, '[]')) with ordinality as t (v, n)
      where not coalesce(was, '[]') @> jsonb_build_array(v)) as both_sides
    order by v, n) as kept;
$$;

COMMENT ON FUNCTION private.merged_list(now jsonb, was jsonb, became jsonb) IS 'A list as it is now, with what one person added to what they saw, without what they took from it: two who write at once lose nothing.';

CREATE FUNCTION private.merged_terms(scheme_id text, args jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  gone jsonb := private.term(scheme_id, args ->> 'concept');
  kept jsonb := private.term(scheme_id, args ->> 'into');
  gone_id text := gone ->> 'id';
  kept_id text := kept ->> 'id';
  others jsonb;
begin
  if gone_id = kept_id then
    perform private.invalid_argument('into : un autre terme.');
  end if;
  perform private.refuse_holding_terms(array[gone_id]);
  kept := private.with_labels_of(kept, gone);
  kept := kept || jsonb_build_object(
    'broader', case when kept ->> 'broader' = gone_id then gone -> 'broader' else kept -> 'broader' end,
    -- What either was related to, but for what stands above it, and for what will stand below it.
    'related', (select coalesce(jsonb_agg(distinct r), '[]')
      from jsonb_array_elements_text((kept -> 'related') || (gone -> 'related')) as r
      where r not in (gone_id, kept_id)
        and not exists (select from private.concepts_above(kept_id) as a where a.id = r)
        and not exists (select from private.concepts_above(r) as a where a.id in (gone_id, kept_id))),
    'matches', (select coalesce(jsonb_object_agg(kind, private.merged_list(kept -> 'matches' -> kind, '[]', gone -> 'matches' -> kind)), '{}')
      from jsonb_object_keys((kept -> 'matches') || (gone -> 'matches')) as kind));
  -- What lay below it lies below what is kept; what it was related to is related to that, but for its own line.
  select jsonb_agg(private.concept_row(c) || case
    when exists (select from private.concepts_above(c.id) as a where a.id = gone_id) then jsonb_build_object(
      'broader', case when c.broader = gone_id then kept_id else c.broader end, 'related', to_jsonb(c.related) - gone_id - kept_id)
    else jsonb_build_object('related', (to_jsonb(c.related) - gone_id) || case
      when kept_id = any (c.related) or exists (select from private.concepts_above(c.id) as a where a.id = kept_id)
        or exists (select from private.concepts_above(kept_id) as a where a.id = c.id) then '[]' else jsonb_build_array(kept_id) end) end)
  into others
  from app.concepts as c
  where c.id not in (gone_id, kept_id) and (c.broader = gone_id or gone_id = any (c.related)
    or kept_id = any (c.related) and exists (select from private.concepts_above(c.id) as a where a.id = gone_id));
  return jsonb_build_array(kept, gone || jsonb_build_object('status', 'deprecated', 'replaced_by', kept_id, 'related', '[]'::jsonb))
    || coalesce(others, '[]');
end;
$$;

COMMENT ON FUNCTION private.merged_terms(scheme_id text, args jsonb) IS 'Action `merge` {concept, into}: the first is used no more and leads to the second, which takes over its names, its matches and what lay below it.';

CREATE FUNCTION private.missing_answer(required jsonb, answers jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  field jsonb;
  item jsonb;
  missing text;
begin
  for field in select * from jsonb_array_elements(required) loop
    continue when not private.is_met(field -> 'visible_if', answers);
    if (field ->> 'required')::boolean and not private.is_answer(coalesce(answers -> (field ->> 'key'), 'null')) then
      return field ->> 'key';
    end if;
    for item in select * from jsonb_array_elements(
      case jsonb_typeof(answers -> (field ->> 'key')) when 'array' then answers -> (field ->> 'key')
        when 'object' then jsonb_build_array(answers -> (field ->> 'key')) else '[]' end)
    loop
      select field ->> 'key' || '.' || (one ->> 'key') into missing
      from jsonb_array_elements(field -> 'fields') as one
      where private.is_met(one -> 'visible_if', answers || item)
        and not private.is_answer(coalesce(item -> (one ->> 'key'), 'null'))
      limit 1;
      if missing is not null then
        return missing;
      end if;
    end loop;
  end loop;
  return null;
end;
$$;

COMMENT ON FUNCTION private.missing_answer(required jsonb, answers jsonb) IS 'The first question that shows, must be answered and is not, among `app.forms.required`; null when all is there.';

CREATE FUNCTION private.moderates(who uuid, theme_id text, commune text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  -- plpgsql and not sql: called once per row rendered, its plan is kept for the session.
  return exists (
    select from app.memberships as m
    join app.themes as t on t.group_id = m.group_id
    where m.user_id = who and t.id = theme_id and m.role in ('moderator', 'coordinator')
      and case when '*' = any (m.territories) then true else private.covers(m.territories, commune) end);
end;
$$;

COMMENT ON FUNCTION private.moderates(who uuid, theme_id text, commune text) IS 'Whether the person moderates this theme in this commune.';

CREATE FUNCTION private.moderation_bucket(p app.points) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return 'm:' || p.theme || ':' || coalesce(p.commune, '');
end;
$$;

COMMENT ON FUNCTION private.moderation_bucket(p app.points) IS 'Moderation feed bucket of a point, by theme and true commune.';

CREATE FUNCTION private.moderation_bulk(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  ids uuid[] := array(select private.to_uuid(one #>> '{}') from jsonb_array_elements(private.arg_list(p, 'point_ids', 100)) as one);
begin
  return (
    with near as materialized (
      select distinct d.point_id from private.possible_duplicates(ids, me) as d
    ), asked as (
      select o, coalesce(private.bulk_obstacle(o, me), case when o.id in (select n.point_id from near as n) then 'candidate' end) as problem
      from app.points as o
      where o.id = any (ids) and o.status not in ('draft', 'withdrawn') and private.moderates(me, o.theme, o.commune)
    ), main as (
      -- Of several authors or themes, the lot of the most.
      select (o).author as author, (o).theme as theme from asked where problem is null
      group by 1, 2 order by count(*) desc, 1, 2 limit 1
    ), judged as (
      select o, case when problem is not null then problem
        when ((o).author, (o).theme) is distinct from (main.author, main.theme) then 'other_author_or_theme' end as problem
      from asked left join main on true
    )
    select jsonb_build_object(
      'safe', (select coalesce(jsonb_agg(jsonb_build_object('point_id', (o).id, 'rev', (o).rev, 'photos', private.waiting_photos((o).id)) order by (o).id), '[]') from judged where problem is null),
      'unsafe', (select coalesce(jsonb_agg(jsonb_build_object('point_id', (o).id, 'why', problem) order by (o).id), '[]') from judged where problem is not null)));
end;
$$;

COMMENT ON FUNCTION private.moderation_bulk(p jsonb) IS 'Which of some points may be decided together. Checks: signed in; only points of the caller''s scope.';

CREATE FUNCTION private.moderation_candidates(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
begin
  return jsonb_build_object('candidates',
    private.candidates_json(private.require_scope(private.arg_uuid(p, 'point_id'), me), me));
end;
$$;

COMMENT ON FUNCTION private.moderation_candidates(p jsonb) IS 'Duplicate candidates of a point. Checks: signed in, moderator in scope.';

CREATE FUNCTION private.moderation_lease(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  point app.points := private.require_scope(private.arg_uuid(p, 'point_id'), me);
  lease jsonb;
begin
  if p -> 'release' = 'true' then
    delete from app.leases where point_id = point.id and holder = me;
  else
    insert into app.leases as held (point_id, holder, until)
    values (point.id, me, now() + interval '5 minutes')
    on conflict (point_id) do update set holder = excluded.holder, until = excluded.until
    where held.holder = me or held.until <= now();
  end if;
  lease := private.lease_json(point.id, me);
  return jsonb_build_object('granted', coalesce((lease -> 'mine')::boolean, false),
    'until', lease -> 'until', 'holder', lease -> 'holder');
end;
$$;

COMMENT ON FUNCTION private.moderation_lease(p jsonb) IS 'Says for five minutes who is reading an item. Advisory: it never refuses a decision. Checks: signed in, moderator in scope.';

CREATE FUNCTION private.moderation_queue(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  asked_theme text := private.arg_text(p, 'theme');
  territory text := private.arg_text(p, 'territory');
  place text[] := nullif(case when territory is not null then private.known_territories(array[territory]) end, '{*}');
  asked_kind text := private.arg_choice(p, 'kind', array['new', 'edit', 'photo', 'gone', 'report']);
  by_author uuid := private.arg_uuid(p, 'author');
  until timestamptz := now() - private.arg_number(p, 'waiting_days', 0, 3650) * interval '1 day';
  is_newest_first boolean := coalesce(private.arg_choice(p, 'order', array['oldest', 'newest']), 'oldest') = 'newest';
  after app.queue := private.read_queue_key(private.arg_text(p, 'after'));
  page_size int := private.arg_limit(p, 50, 200);
begin
  return (
    with scope as materialized (
      select s.theme, case when not s.is_everywhere then s.territories end as codes from private.scope_of(me) as s
    ), counted as materialized (
      select s.theme, c.kind, c.n from scope as s, private.queue_counts(s.theme, s.codes, place, by_author, until) as c
    ), found as materialized (
      select q, row_number() over (order by
        case when is_newest_first then q.since end desc, case when is_newest_first then q.kind end desc,
        case when is_newest_first then q.item_id end desc, q.since, q.kind, q.item_id) as n
      from scope as s,
        private.queue_page(s.theme, s.codes, place, asked_kind, by_author, until, after, is_newest_first, page_size + 1) as q
      where asked_theme is null or s.theme = asked_theme
    ), told as materialized (
      select * from private.queue_items(array(select f.q from found as f where f.n <= page_size), me)
    )
    select jsonb_build_object(
      'items', (select coalesce(jsonb_agg(t.item order by f.n), '[]')
        from found as f join told as t on t.kind = (f.q).kind and t.item_id = (f.q).item_id),
      'total', (select coalesce(sum(c.n), 0) from counted as c
        where (asked_theme is null or c.theme = asked_theme) and (asked_kind is null or c.kind = asked_kind)),
      'counts', (select coalesce(jsonb_object_agg(t.theme, t.kinds), '{}')
        from (select c.theme, jsonb_object_agg(c.kind, c.n) as kinds from counted as c group by c.theme) as t),
      'next', case when (select count(*) from found) > page_size then (select private.queue_key(f.q) from found as f where f.n = page_size) end));
end;
$$;

COMMENT ON FUNCTION private.moderation_queue(p jsonb) IS 'What waits for a decision. Checks: signed in; only items whose true position the caller''s scope covers, so nothing for who moderates nothing.';

CREATE FUNCTION private.moderation_review(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  point app.points := private.require_scope(private.arg_uuid(p, 'point_id'), me);
  revision uuid := private.arg_uuid(p, 'revision_id');
  report uuid := private.arg_uuid(p, 'report_id');
  item app.queue;
  r app.revisions;
  changes jsonb;
begin
  select q.* into item from app.queue as q
  where q.point_id = point.id and (revision is null or q.item_id = revision) and (report is null or q.item_id = report)
  order by q.since, q.kind, q.item_id limit 1;
  if item.kind = 'edit' then
    select * into r from app.revisions where id = item.item_id;
    changes := private.revision_changes(point, r);
  elsif item.kind = 'new' then
    changes := private.changes_since_review(point);
  end if;
  return jsonb_build_object(
    'point', private.point_json(point, me),
    -- Decided, withdrawn or replaced meanwhile: said, so that the next one is shown.
    'item', case when item.kind is not null then (select told.item from private.queue_items(array[item], me) as told) end,
    'others', (select coalesce(jsonb_agg(jsonb_build_object('kind', q.kind, 'id', q.item_id, 'waiting_since', private.instant(q.since))
        order by q.since, q.kind), '[]')
      from app.queue as q where q.point_id = point.id and (q.kind, q.item_id) is distinct from (item.kind, item.item_id)),
    'may_decide', private.may_decide_on(item, point, me),
    'changes', coalesce(changes, '[]'),
    'moved', case when r.patch ? 'geom' then private.move_json(coalesce(nullif(r.base -> 'geom', 'null'), private.content_of(point) -> 'geom'), r.patch -> 'geom') end,
    'author', private.standing_json(case when item.kind is null then point.author else item.author end, point.theme),
    'report', private.report_json(item),
    'candidates', private.candidates_json(point, me),
    'events', private.full_history_json(point.id, me, true),
    'thread', private.thread_json(point.id, me));
end;
$$;

COMMENT ON FUNCTION private.moderation_review(p jsonb) IS 'All that is needed to decide on one item. Checks: signed in, moderator in scope of the point.';

CREATE FUNCTION private.moderation_templates(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
begin
  return jsonb_build_object('templates', (
    select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'theme', m.theme, 'decision', m.decision, 'reason', m.reason,
      'label', m.label, 'text', m.text) order by m.theme, m.label, m.id), '[]')
    from app.message_templates as m
    where m.theme in (select s.theme from private.scope_of(me) as s)));
end;
$$;

COMMENT ON FUNCTION private.moderation_templates(p jsonb) IS 'Messages that one''s groups often write. Checks: signed in; only themes that the caller moderates.';

CREATE FUNCTION private.moment_of(m jsonb, key text DEFAULT 'captured_at'::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  moment timestamptz := private.to_instant(m ->> key);
begin
  if moment is null then
    perform private.reject('invalid_patch', format('Instant ISO 8601 attendu : %s.', key));
  end if;
  -- A device may live in 2099; nothing was seen tomorrow.
  return least(moment, now());
end;
$$;

COMMENT ON FUNCTION private.moment_of(m jsonb, key text) IS 'The instant that a mutation gives, never later than the server''s.';

CREATE FUNCTION private.morton(x integer, y integer) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  a bigint := x;
  b bigint := y;
begin
  -- Masks 0x0000FFFF0000FFFF, 0x00FF00FF00FF00FF, 0x0F0F0F0F0F0F0F0F, 0x3333333333333333, 0x5555555555555555:
  -- each step halves the runs of bits and opens a gap as wide between them.
  a := (a | (a << 16)) & 281470681808895;
  b := (b | (b << 16)) & 281470681808895;
  a := (a | (a << 8)) & 71777214294589695;
  b := (b | (b << 8)) & 71777214294589695;
  a := (a | (a << 4)) & 1085102592571150095;
  b := (b | (b << 4)) & 1085102592571150095;
  a := (a | (a << 2)) & 3689348814741910323;
  b := (b | (b << 2)) & 3689348814741910323;
  a := (a | (a << 1)) & 6148914691236517205;
  b := (b | (b << 1)) & 6148914691236517205;
  return a | (b << 1);
end;
$$;

COMMENT ON FUNCTION private.morton(x integer, y integer) IS 'Morton code (Z-order): the bits of two 31-bit numbers interleaved, those of x first.';

CREATE FUNCTION private.move_json(was jsonb, now jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
begin
  return jsonb_build_object('from', was, 'to', now, 'distance_m', round(st_distancesphere(
    st_makepoint((was ->> 'lon')::float8, (was ->> 'lat')::float8), st_makepoint((now ->> 'lon')::float8, (now ->> 'lat')::float8))::numeric, 1));
exception
  when data_exception then
    return null;
end;
$$;

COMMENT ON FUNCTION private.move_json(was jsonb, now jsonb) IS 'A position that moves: from, to, and the distance in metres.';

CREATE FUNCTION private.move_point(to_be app.points) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points;
begin
  update app.points set geom = to_be.geom, sensitivity = to_be.sensitivity where id = to_be.id returning * into p;
  return p;
end;
$$;

COMMENT ON FUNCTION private.move_point(to_be app.points) IS 'Writes the position and the sensitivity of a point, apart: naming these columns makes the trigger look the commune up again.';

CREATE FUNCTION private.move_some_points(e app.thesaurus_edits, at_most integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.move_some_points(e app.thesaurus_edits, at_most integer) IS 'Moves some of the points that an edit takes to another term, and notes them; those that somebody is writing wait for the next time.';

CREATE FUNCTION private.moved_from(e app.thesaurus_edits) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select array(select m.key from jsonb_each_text(e.moves) as m join app.concepts as c on c.id = m.key
    where c.status = 'deprecated' and c.replaced_by = m.value order by m.key);
$$;

COMMENT ON FUNCTION private.moved_from(e app.thesaurus_edits) IS 'The terms that points still leave because of an edit: not those that were restored since, or lead elsewhere.';

CREATE FUNCTION private.moved_term(scheme_id text, args jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  c jsonb := private.term(scheme_id, args ->> 'concept');
begin
  if c ->> 'broader' is distinct from args ->> 'from' and c ->> 'broader' is distinct from args ->> 'broader' then
    perform private.fail(409, 'concept_moved', jsonb_build_object('concept', c ->> 'id', 'field', 'broader', 'now', c -> 'broader')::text);
  elsif args ->> 'broader' is not null then
    perform private.term(scheme_id, args ->> 'broader');
  end if;
  perform private.concept_content(jsonb_build_object('position', args -> 'position'));
  return jsonb_build_array(c || jsonb_build_object('broader', args -> 'broader')
    || case when jsonb_typeof(args -> 'position') = 'number' then jsonb_build_object('position', args -> 'position') else '{}' end);
end;
$$;

COMMENT ON FUNCTION private.moved_term(scheme_id text, args jsonb) IS 'Action `move` {concept, from, broader, position?}: under another term, or none.';

CREATE FUNCTION private.my_contributions(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
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
      'items', coalesce(jsonb_agg(jsonb_build_object('point_id', (d).point_id, 'theme', (d).theme, 'title', case when shown.row is not null then private.point_title(o) end, 'status', shown.row ->> 'status',
        'concept', shown.row ->> 'concept',
        'commune_name', (select t.name from app.territories as t where t.level = 'commune' and t.code = shown.row ->> 'commune'),
        'kind', (d).kind, 'decision', (d).decision, 'outcome', (d).outcome, 'reason', (d).reason,
        'comment', (select e.comment from app.events as e where e.point_id = o.id and e.mutation_id = (d).mutation_id and e.comment is not null order by e.id desc limit 1),
        'at', private.instant((d).at),
        'views', case when shown.row is not null then private.views_by_year(array[o.id]) else '{}' end,
        'todo', case when o.author = me and o.status = (case (d).decision when 'to_complete' then 'to_complete' when 'reject' then 'rejected' end)
          then case o.status when 'to_complete' then 'complete' else 'resubmit' end end) order by n) filter (where n <= page_size), '[]'),
      'standing', private.trust_json(me),
      'views', private.views_by_year(array(select mine.id from app.points as mine where mine.author = me)),
      'next', case when count(*) > page_size then (min((d).id) filter (where n <= page_size))::text end)
    from page join app.points as o on o.id = (d).point_id
    -- As it is shown to them: who once gave a photo is told neither where a place lies that is kept from others, nor what became of it.
    cross join lateral (select private.point_row(o, me) as row) as shown);
exception
  when invalid_text_representation or numeric_value_out_of_range then
    perform private.invalid_argument('after : le curseur d’une page.');
end;
$$;

COMMENT ON FUNCTION private.my_contributions(p jsonb) IS 'What became of the caller''s own contributions, the latest decision first. Checks: signed in.';

CREATE FUNCTION private.nearby_json(p app.points) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
  -- Six points at most, within 2 km on the ground.
  select coalesce(jsonb_agg(private.public_item_json(t) || jsonb_build_object('distance_m', round(distance)) order by distance, point_id), '[]')
  from (
    select n.point_id, n as t, st_distancesphere(st_transform(n.place, 4326), p.public_geom) as distance
    from app.public_points as n
    where n.point_id <> p.id and n.status = 'published'
    order by n.place <-> st_transform(p.public_geom, 3857)
    limit 6) as closest
  where distance <= 2000;
$$;

COMMENT ON FUNCTION private.nearby_json(p app.points) IS 'Published points around a public position, the nearest first.';

CREATE FUNCTION private.network_of(address text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $_$
  select case when address ~ ':' then regexp_replace(address, '^(([0-9a-fA-F]*:){4}).*$', '\1') else address end;
$_$;

COMMENT ON FUNCTION private.network_of(address text) IS 'Of an IPv6 address the network: a home has more addresses than one can count.';

CREATE FUNCTION private.new_id(day date) RETURNS uuid
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  select (lpad(to_hex((extract(epoch from day) * 1000)::bigint), 12, '0') || '7' || substr(random_hex, 14))::uuid
  from (select replace(gen_random_uuid()::text, '-', '') as random_hex) as random;
$$;

COMMENT ON FUNCTION private.new_id(day date) IS 'A UUIDv7 whose time is a day at 00:00 UTC, as contract §2 wants for points.';

CREATE FUNCTION private.new_term(scheme_id text, given jsonb, taken text[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
declare
  content jsonb := private.concept_content(given);
  new_id text := given ->> 'id';
  c app.concepts;
begin
  if not content ? 'labels' or content -> 'labels' = '{}' then
    perform private.invalid_argument('labels : un terme a un nom dans une langue au moins.');
  elsif new_id is not null and (new_id !~ '^[a-z0-9][a-z0-9-]{0,80}$' or exists (select from app.concepts as known where known.id = new_id)) then
    perform private.invalid_argument('id : déjà pris, ou autre chose que des lettres, des chiffres et des tirets.');
  elsif content ? 'broader' and not content ->> 'broader' = any (taken) then
    perform private.term(scheme_id, content ->> 'broader');
  end if;
  new_id := coalesce(new_id, private.free_concept_id(coalesce(content #>> '{labels,fr}', (select value #>> '{}' from jsonb_each(content -> 'labels') limit 1)), taken));
  c := jsonb_populate_record(null::app.concepts, '{"alt": {}, "hidden": {}, "definition": {}, "scope_note": {}, "example": {}, "change_note": {},
    "related": [], "matches": {}, "unverified": []}'::jsonb || content
    || jsonb_build_object('id', new_id, 'scheme', scheme_id, 'status', 'accepted', 'position', coalesce((content ->> 'position')::int,
      (select coalesce(max(s.position), 0) + 1 from app.concepts as s where s.scheme = scheme_id))));
  return private.concept_row(c);
end;
$_$;

COMMENT ON FUNCTION private.new_term(scheme_id text, given jsonb, taken text[]) IS 'A term to be made from what somebody gives: {id?, labels, …}; last among all where it says no position. `taken`: ids made in the same edit.';

CREATE FUNCTION private.note_decision(was app.points, p app.points, who uuid, i app.queue, m jsonb, waiting uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.note_decision(was app.points, p app.points, who uuid, i app.queue, m jsonb, waiting uuid[]) IS 'After a decision: notes it and what it made of the contributions, undoes the one that it takes back, and gives the item back. `waiting` are the photos that waited before it.';

CREATE FUNCTION private.note_doubts(p app.points, m jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into app.doubts (point_id, other_id)
  select p.id, named from private.points_named(m, 'maybe_same_as', p) as named
  on conflict do nothing;
  insert into app.ruled_out (point_id, other_id)
  select p.id, named from private.points_named(m, 'not_same_as', p) as named
  on conflict do nothing;
end;
$$;

COMMENT ON FUNCTION private.note_doubts(p app.points, m jsonb) IS 'Fields maybe_same_as and not_same_as of a create: points that its author could not tell from this one, and those that they said are others.';

CREATE FUNCTION private.note_public_copies(photos jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  point app.points;
begin
  -- What the worker did is a fact: where it is no longer what is wanted, save_point asks for the contrary.
  for point in
    select p.* from app.points as p
    where p.id in (
      select f.point_id from app.photos as f join jsonb_array_elements(photos) as done on f.id = private.to_uuid(done ->> 'id')
      where f.public_path is distinct from done ->> 'public_path')
    order by p.id for update
  loop
    update app.photos as f set public_path = done ->> 'public_path', public_thumb_path = done ->> 'public_thumb_path'
    from jsonb_array_elements(photos) as done
    where f.id = private.to_uuid(done ->> 'id') and f.point_id = point.id;
    perform private.save_point(point, point);
  end loop;
end;
$$;

COMMENT ON FUNCTION private.note_public_copies(photos jsonb) IS 'Notes which photos have public copies now: [{id, public_path, public_thumb_path}], null where they were deleted.';

CREATE FUNCTION private.note_required() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.required := private.required_fields(new.form);
  return new;
end;
$$;

COMMENT ON FUNCTION private.note_required() IS 'Trigger: keeps app.forms.required true to the form.';

CREATE FUNCTION private.note_role_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'UPDATE' and (old.role, old.territories) is not distinct from (new.role, new.territories) then
    return null;
  end if;
  insert into app.role_changes (group_id, user_id, actor, from_role, to_role, from_territories, to_territories)
  select coalesce(new.group_id, old.group_id), who.user_id, actor.user_id, old.role, new.role, old.territories, new.territories
  from (select coalesce(new.user_id, old.user_id) as id) as changed
  -- A role that ends with its account has nobody to name.
  left join app.profiles as who on who.user_id = changed.id
  left join app.profiles as actor on actor.user_id = (select auth.uid());
  return null;
end;
$$;

COMMENT ON FUNCTION private.note_role_change() IS 'Trigger: keeps the history of roles.';

CREATE FUNCTION private.note_sent_mail() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.last_error is null then
    update app.mails set sent_at = now() where id = (new.payload ->> 'mail_id')::bigint and sent_at is null;
  end if;
  return null;
end;
$$;

COMMENT ON FUNCTION private.note_sent_mail() IS 'Trigger: the job of a mail is done, so the mail has left.';

CREATE FUNCTION private.note_trust(p app.points, who uuid, kind text, mutation uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  insert into app.decisions (author, point_id, theme, commune, kind, decision, reason, outcome, mutation_id)
  select who, p.id, p.theme, p.commune, note_trust.kind, 'publish', 'trust', 'accepted', mutation
  -- Photos come one by one: a day's on one point are told once, with what they came with.
  where note_trust.kind <> 'photo' or not exists (select from app.decisions as d
    where d.point_id = p.id and d.author = who and d.actor is null and d.reason = 'trust' and d.at > now() - interval '1 day');
$$;

COMMENT ON FUNCTION private.note_trust(p app.points, who uuid, kind text, mutation uuid) IS 'Notes that a new point, an edit or a photo was published by trust: for who gave it and for those who follow. It counts for nothing in anybody''s standing.';

CREATE FUNCTION private.observed_field(theme_id text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select t.settings ->> 'observed_field' from app.themes as t where t.id = theme_id; $$;

COMMENT ON FUNCTION private.observed_field(theme_id text) IS 'Key of the answer asked of a thing seen again (setting observed_field); null when a theme asks for none.';

CREATE FUNCTION private.opening_box() RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  -- A demonstration has its few points in one corner: it opens there.
  select case when s.demo and seen.west is not null
    then jsonb_build_array(seen.west - 0.01, seen.south - 0.01, seen.east + 0.01, seen.north + 0.01)
    else jsonb_build_array(extensions.st_xmin(s.extent), extensions.st_ymin(s.extent),
      extensions.st_xmax(s.extent), extensions.st_ymax(s.extent)) end
  from app.settings as s
  left join lateral (
    select min(p.lon) as west, min(p.lat) as south, max(p.lon) as east, max(p.lat) as north
    from app.public_points as p where s.demo) as seen on true;
$$;

COMMENT ON FUNCTION private.opening_box() IS 'Where the public map opens: [west, south, east, north] in degrees.';

CREATE FUNCTION private.orphan_objects(maximum integer) RETURNS TABLE(bucket text, name text)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  -- A database without Storage (a bare test) has no objects.
  if to_regclass('storage.objects') is null then
    return;
  end if;
  return query
    select o.bucket_id::text, o.name::text
    from storage.objects as o
    cross join app.settings as s
    -- Public copies are made by the worker alone, whose jobs last five minutes: they wait less.
    where (o.bucket_id = 'photos' and o.created_at < now() - make_interval(hours => s.orphan_hours)
          and (coalesce(s.restored_at < now() - interval '30 days', true) or o.name like 'reports/%')
        or o.bucket_id = 'published' and o.created_at < now() - interval '1 hour')
      and not exists (select from app.photos as f where f.path = o.name or f.public_path = o.name)
      and not exists (select from app.photos as f where f.thumb_path = o.name or f.public_thumb_path = o.name)
      and not exists (select from app.reports as r where r.photo_path = o.name)
    order by o.created_at, o.name
    limit maximum;
end;
$$;

COMMENT ON FUNCTION private.orphan_objects(maximum integer) IS 'Objects old enough that no photo knows: uploads never committed, photos of points that a phone discarded, thumbnails that were none, public copies left by a run that was cut. Photos of a withdrawn point are no orphans: its author may send it again.';

CREATE FUNCTION private.outcome_for(person uuid, i app.queue, outcome text, waiting uuid[]) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case when i.kind is distinct from 'photo' then outcome else (
    select case when bool_and(f.state = 'published') then 'accepted' when bool_or(f.state = 'published') then 'corrected' when count(*) > 0 then 'refused' end
    from app.photos as f where f.id = any (waiting) and f.user_id = person and f.state <> 'pending') end;
$$;

COMMENT ON FUNCTION private.outcome_for(person uuid, i app.queue, outcome text, waiting uuid[]) IS 'What a decision made of one person''s part: of photos, their own.';

CREATE FUNCTION private.outcome_of(was app.points, p app.points, i app.queue, m jsonb, waiting uuid[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return case
    when i.kind is null or i.kind not in ('new', 'edit') then null
    -- Beside a point that was merged, archived or destroyed it can only be refused: that is nobody's mistake.
    when i.kind = 'edit' and was.status <> 'published' then null
    when m ->> 'decision' = 'reject' then 'refused'
    when m ->> 'decision' <> 'publish' then null
    when coalesce(m -> 'correction', 'null') <> 'null'
      or i.kind = 'new' and private.content_of(was) <> private.content_of(p)
      or i.kind = 'edit' and (select state from app.revisions where id = i.item_id) <> 'accepted'
      or exists (select from app.photos where id = any (waiting) and user_id = i.author and state = 'refused') then 'corrected'
    else 'accepted' end;
end;
$$;

COMMENT ON FUNCTION private.outcome_of(was app.points, p app.points, i app.queue, m jsonb, waiting uuid[]) IS 'What a decision made of a new point or an edit: accepted, corrected (a photo that waited with it and was left out included) or refused; null for any other.';

CREATE FUNCTION private.own_edit(p jsonb, me uuid) RETURNS app.thesaurus_edits
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  e app.thesaurus_edits;
begin
  select * into e from app.thesaurus_edits as t where t.id = private.arg_uuid(p, 'edit');
  if e.id is null or private.vocabulary_role(me, e.scheme) is null then
    perform private.fail(404, 'unknown_edit');
  end if;
  perform from app.concept_schemes as s where s.id = e.scheme for update;
  -- It may have been decided on while we waited.
  select * into e from app.thesaurus_edits as t where t.id = e.id for update;
  return e;
end;
$$;

COMMENT ON FUNCTION private.own_edit(p jsonb, me uuid) IS 'The edit that a call names, locked, where the caller has a role on its vocabulary; PT404 unknown_edit.';

CREATE FUNCTION private.people_of(was app.points, who uuid, i app.queue, m jsonb, waiting uuid[], undone app.decisions) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.people_of(was app.points, who uuid, i app.queue, m jsonb, waiting uuid[], undone app.decisions) IS 'Whom a decision is told to: whose new point, edit or photos it decided on, whose contribution an audit looked at, who captured the point; of a restoration, whoever was told of what it undoes.';

CREATE FUNCTION private.photo_limit(theme_id text) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(
    (select private.to_count(settings -> 'photos' -> 'maximum', 50) from app.themes where id = theme_id), 10);
$$;

COMMENT ON FUNCTION private.photo_limit(theme_id text) IS 'Photos that one person may add to one point of the theme (setting photos.maximum, default 10).';

CREATE FUNCTION private.photo_record(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  code text;
begin
  if private.to_uuid(p ->> 'user_id') is null or private.to_uuid(p ->> 'photo_id') is null
    or private.to_uuid(p ->> 'point_id') is null or coalesce(p ->> 'path', '') = ''
    or coalesce(p ->> 'sha256', '') !~ '^[0-9a-f]{64}$' or coalesce(private.to_count(p -> 'size', 2000000000), 0) = 0
    or coalesce(private.to_count(p -> 'width', 100000), 0) = 0 or coalesce(private.to_count(p -> 'height', 100000), 0) = 0 then
    perform private.fail(400, 'invalid_argument', 'user_id, photo_id, point_id, path, sha256, size, width et height sont attendus.');
  end if;
  if private.is_condemned('photos', p ->> 'path') then
    return jsonb_build_object('status', 'missing');
  elsif private.is_condemned('photos', p ->> 'thumb_path') then
    p := p - 'thumb_path';
  end if;
  perform private.ensure_profile(private.to_uuid(p ->> 'user_id'));
  perform private.add_photo(private.to_uuid(p ->> 'user_id'), p);
  return jsonb_build_object('status', 'stored');
exception
  when sqlstate 'CR001' then
    get stacked diagnostics code = message_text;
    return jsonb_build_object('status', 'rejected', 'code', code);
end;
$_$;

COMMENT ON FUNCTION private.photo_record(p jsonb) IS 'Service only. Row of a photo whose object photo_commit has read: {user_id, photo_id, point_id, path, thumb_path, sha256, size, width, height, taken_at?, licence, caption?, position?, rank?} → {status: stored|missing|rejected, code?}.';

CREATE FUNCTION private.photos_expected(m jsonb) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  number int := private.to_count(coalesce(nullif(m -> 'expected_photos', 'null'), '0'), 50);
begin
  if number is null then
    perform private.reject('invalid_patch', 'expected_photos : un nombre de 0 à 50.');
  end if;
  return number;
end;
$$;

COMMENT ON FUNCTION private.photos_expected(m jsonb) IS 'How many photos the device says will follow.';

CREATE FUNCTION private.photos_of_term(term_id text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(private.picture_json(shown.id) order by shown.created_at desc), '[]') from (
    select f.id, f.created_at from app.points as p join app.photos as f on f.point_id = p.id
    where p.concept = term_id and p.sensitivity = 'open' and private.is_public(p) and f.state = 'published' and f.public_path is not null
    order by f.created_at desc limit 12) as shown;
$$;

COMMENT ON FUNCTION private.photos_of_term(term_id text) IS 'The latest published photos of things that a term names, of which one may show what it means: 12 at most.';

CREATE FUNCTION private.picture_json(photo uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('id', f.id,
    'url', '/storage/v1/object/public/published/' || f.public_path,
    'thumb_url', '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path),
    'caption', f.caption, 'licence', f.licence, 'author', case when who.named then who.display_name end)
  from app.photos as f
  join app.points as p on p.id = f.point_id
  left join app.profiles as who on who.user_id = f.user_id
  where f.id = photo and f.state = 'published' and f.public_path is not null and private.is_public(p);
$$;

COMMENT ON FUNCTION private.picture_json(photo uuid) IS 'The photo that shows a term, as anybody may see it; null when it is not public (any more).';

CREATE FUNCTION private.place_point() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
begin
  new.public_geom := private.public_geom(new.geom, new.sensitivity);
  new.commune := private.commune_at(new.geom);
  new.public_commune := case
    when new.public_geom is null then null
    when new.sensitivity = 'open' then new.commune
    else private.commune_at(new.public_geom) end;
  new.public_cell := case when new.public_geom is not null then private.cell_of(new.public_geom) end;
  return new;
end;
$$;

COMMENT ON FUNCTION private.place_point() IS 'Trigger: derives commune, public position and sync cell whenever the position or the sensitivity changes.';

CREATE FUNCTION private.place_queue_again() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  update app.queue as q set commune = q.commune
  from changed as t
  where t.level = 'commune' and t.code = q.commune and (q.epci, q.departement) is distinct from (t.epci, t.departement);
  return null;
end;
$$;

COMMENT ON FUNCTION private.place_queue_again() IS 'Trigger: a commune that joined another EPCI takes its items along.';

CREATE FUNCTION private.place_queue_item() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  select t.epci, t.departement into new.epci, new.departement
  from app.territories as t where t.level = 'commune' and t.code = new.commune;
  if new.departement is null then
    new.departement := case when new.commune like '97%' then left(new.commune, 3) else left(new.commune, 2) end;
  end if;
  return new;
end;
$$;

COMMENT ON FUNCTION private.place_queue_item() IS 'Trigger: the EPCI and the département of an item, as its commune says.';

CREATE FUNCTION private.plain_creates(mutations jsonb, busy uuid[]) RETURNS TABLE(place bigint, m jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return query
    with sent as (
      select list.m, list.n, private.to_uuid(list.m ->> 'mutation_id') as mutation, private.to_uuid(list.m ->> 'point_id') as point
      from jsonb_array_elements(mutations) with ordinality as list (m, n)
    ), ranked as (
      select *, row_number() over (partition by sent.point order by sent.n) as turn, count(*) over (partition by sent.mutation) as times
      from sent
    )
    select r.n, r.m
    from ranked as r
    where r.m ->> 'kind' = 'create' and coalesce(r.m -> 'v', '1') = '1'
      and r.m - '{mutation_id,v,kind,point_id,theme,captured_at,form_rev,patch,status,expected_photos}'::text[] = '{}'
      and r.mutation is not null and r.times = 1
      and r.point is not null and r.turn = 1 and not r.point = any (busy)
      and not exists (select from app.receipts as known where known.mutation_id = r.mutation)
      and not exists (select from app.points as known where known.id = r.point)
    order by r.n;
end;
$$;

COMMENT ON FUNCTION private.plain_creates(mutations jsonb, busy uuid[]) IS 'The mutations of a push, with their place, that nothing can come before: first sendings of creates under new ids, first on their points, with no field but the usual ones.';

CREATE FUNCTION private.plain_place(place jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select case when jsonb_typeof(place) = 'object' then place - 'moved_m' - 'heading_deg' else place end;
$$;

COMMENT ON FUNCTION private.plain_place(place jsonb) IS 'A position without what tells where its author stood: as everybody but its author and the moderators in scope read it.';

CREATE FUNCTION private.point_conflicts_json(point uuid, viewer uuid, is_moderator boolean) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'mutation_id', c.mutation_id,
        'field', c.field,
        'base', c.base,
        'mine', c.mine,
        -- What the server had may have been another person's.
        'theirs', case when c.field = 'geom' and not is_moderator then private.plain_place(c.theirs) else c.theirs end,
        'at', private.instant(c.at),
        'own', coalesce(c.user_id = viewer, false))
      || coalesce(private.conflict_writer(c, viewer, is_moderator), '{}')
      order by c.at, c.mutation_id, c.field), '[]')
    from app.conflicts as c
    where c.point_id = point and c.resolved_by is null and (is_moderator or c.user_id = viewer));
end;
$$;

COMMENT ON FUNCTION private.point_conflicts_json(point uuid, viewer uuid, is_moderator boolean) IS 'Values that could not be merged and still wait: for who sent them and for moderators in scope.';

CREATE FUNCTION private.point_history(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  asked uuid := private.arg_uuid(p, 'point_id');
  point app.points;
begin
  select * into point from app.points where id = asked;
  if point.id is null or not private.can_see(point, me) then
    perform private.fail(404, 'point_not_found', 'Ce point n''existe pas ou n''est pas visible.');
  end if;
  return jsonb_build_object('events', case when private.is_insider(point, me)
    then private.full_history_json(point.id, me, private.moderates(me, point.theme, point.commune))
    else private.public_history_json(point) end);
end;
$$;

COMMENT ON FUNCTION private.point_history(p jsonb) IS 'History of a point. Checks: signed in; everything for the author and the moderators in scope, the public part for others, PT404 for who may not know of it.';

CREATE FUNCTION private.point_json(p app.points, viewer uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  shown jsonb := private.point_row(p, viewer);
begin
  -- Strangers read most rows: nothing is asked for them.
  if viewer is null or shown is null or not exists (select from app.term_proposals where point_id = p.id) then
    return shown;
  end if;
  return shown || jsonb_build_object('proposed_terms', private.point_terms_json(p.id, viewer, shown ? 'waiting'));
end;
$$;

COMMENT ON FUNCTION private.point_json(p app.points, viewer uuid) IS 'A point as the viewer may see it (contract §2), with the terms proposed for it; null when it does not exist for them.';

CREATE FUNCTION private.point_pending_json(point uuid, viewer uuid, is_moderator boolean) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'revision_id', r.id,
        'base_rev', r.base_rev,
        'base', r.base,
        'patch', r.patch,
        'state', r.state,
        'mine', coalesce(r.author = viewer, false),
        'author', case when is_moderator or who.named then who.display_name end,
        'at', private.instant(r.created_at))
      order by r.created_at, r.id), '[]')
    from app.revisions as r
    left join app.profiles as who on who.user_id = r.author
    where r.point_id = point and r.state = 'pending' and (is_moderator or r.author = viewer));
end;
$$;

COMMENT ON FUNCTION private.point_pending_json(point uuid, viewer uuid, is_moderator boolean) IS 'Edits that wait beside a point: the viewer''s own, all of them for a moderator in scope.';

CREATE FUNCTION private.point_photos_json(p app.points, viewer uuid, is_moderator boolean) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'id', f.id,
        'state', f.state,
        'width', f.width,
        'height', f.height,
        'caption', f.caption,
        'licence', f.licence,
        'author', case when is_moderator or who.named then who.display_name end,
        'taken_on', private.day(f.taken_at))
      || case when is_moderator or f.user_id = viewer
        then jsonb_build_object('path', f.path, 'thumb_path', f.thumb_path, 'mine', coalesce(f.user_id = viewer, false))
        else '{}' end
      || case when f.state = 'published' and f.public_path is not null and private.is_public(p)
        then jsonb_build_object(
          'url', '/storage/v1/object/public/published/' || f.public_path,
          'thumb_url', '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path))
        else '{}' end
      order by f.rank nulls last, f.created_at, f.id), '[]')
    from app.photos as f
    left join app.profiles as who on who.user_id = f.user_id
    where f.point_id = p.id and f.state in ('pending', 'published')
      and (is_moderator or f.user_id = viewer
        or (f.state = 'published' and f.public_path is not null)));
end;
$$;

COMMENT ON FUNCTION private.point_photos_json(p app.points, viewer uuid, is_moderator boolean) IS 'Photos of a point as the viewer may see them: public copies for all, private paths for who took them and for moderators in scope.';

CREATE FUNCTION private.point_proposals_json(point uuid, viewer uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'revision_id', r.id,
        'state', r.state,
        'reason', r.reason,
        'comment', r.comment,
        'accepted', coalesce(to_jsonb(r.accepted_paths), '[]'),
        'at', private.instant(r.decided_at))
      order by r.created_at, r.id), '[]')
    from app.revisions as r
    where r.point_id = point and r.author = viewer and r.state in ('accepted', 'partly_accepted', 'refused', 'withdrawn'));
end;
$$;

COMMENT ON FUNCTION private.point_proposals_json(point uuid, viewer uuid) IS 'What became of the viewer''s own edits of a point: who proposed always learns the decision and its reason.';

CREATE FUNCTION private.point_row(p app.points, viewer uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  is_author boolean := viewer is not null and coalesce(p.author = viewer, false);
  is_moderator boolean := viewer is not null and p.status not in ('draft', 'withdrawn')
    and private.moderates(viewer, p.theme, p.commune);
  is_insider boolean := is_author or is_moderator;
  is_public boolean := private.is_public(p);
  is_blurred boolean := p.sensitivity = 'blurred' and not is_insider;
  has_photos boolean;
  has_revisions boolean;
  has_conflicts boolean;
  photos jsonb := '[]';
  author_name text;
  is_named boolean;
  survivor app.points;
  origin jsonb;
  shown jsonb;
begin
  if not (is_insider or is_public) then
    return null;
  end if;
  -- Called once per row of a sync: what a point does not have is not asked for again.
  select exists (select from app.photos where point_id = p.id),
    exists (select from app.revisions where point_id = p.id),
    exists (select from app.conflicts where point_id = p.id)
  into has_photos, has_revisions, has_conflicts;
  if has_photos then
    photos := private.point_photos_json(p, viewer, is_moderator);
  end if;
  if p.author is not null then
    select display_name, named into author_name, is_named from app.profiles where user_id = p.author;
  end if;
  if p.duplicate_of is not null and is_insider then
    select * into survivor from app.points where id = p.duplicate_of;
  end if;
  if p.source_id is not null then
    -- The producer's own id leads to the producer's own coordinates: left out where the position is.
    select jsonb_build_object('producer', producer, 'source_id', case when not is_blurred then p.source_ref end,
      'licence', licence, 'delivered_on', delivered_on)
    into origin from app.sources where id = p.source_id;
  end if;
  shown := jsonb_build_object(
    'id', p.id,
    'rev', p.rev,
    'v', p.v,
    'theme', p.theme,
    'status', p.status,
    'concept', p.concept,
    'geom', case when is_blurred
      then private.geom_json(p.public_geom, 707, 'blurred')
      when is_insider then private.geom_json(p.geom, p.accuracy_m, p.position_source, p.heading_deg, p.moved_m)
      else private.geom_json(p.geom, p.accuracy_m, p.position_source) end,
    'attributes', case when is_blurred then p.attributes - private.locating_keys(p.theme) else p.attributes end,
    'commune', case when is_blurred then p.public_commune else p.commune end,
    'cell', case when is_public then p.public_cell end,
    'sensitivity', p.sensitivity,
    'mine', is_author,
    'involved', is_author or ((has_photos or has_revisions or has_conflicts) and private.is_involved(p.id, viewer)),
    'author', case when is_named or is_moderator then author_name end,
    'form_rev', p.form_rev,
    'captured_at', private.instant_for(p.captured_at, is_insider),
    'received_at', private.instant_for(p.received_at, is_insider),
    'updated_at', private.instant_for(p.updated_at, is_insider),
    -- To a stranger the photos that are expected are the ones that are there: what waits is nobody's business.
    'expected_photos', case when is_insider then p.expected_photos else jsonb_array_length(photos) end,
    'photos', photos,
    'confirmations', jsonb_build_object('count', p.confirmation_count, 'last_at', p.last_confirmed_on)
      || case when p.observed_condition is null or is_blurred and private.observed_field(p.theme) = any (private.locating_keys(p.theme)) then '{}'
        else jsonb_build_object('condition', p.observed_condition, 'condition_at', p.observed_condition_on) end,
    'pending', case when has_revisions then private.point_pending_json(p.id, viewer, is_moderator) else '[]' end,
    'proposals', case when has_revisions then private.point_proposals_json(p.id, viewer) else '[]' end,
    'conflicts', case when has_conflicts then private.point_conflicts_json(p.id, viewer, is_moderator) else '[]' end,
    'decision', case when is_insider then p.decision - 'by' end,
    'duplicate_of', case when survivor.id is not null and private.can_see(survivor, viewer) then survivor.id end,
    'source', origin);
  if is_moderator then
    return shown || jsonb_build_object('waiting', to_jsonb(private.waiting_kinds(p)));
  end if;
  return shown;
end;
$$;

COMMENT ON FUNCTION private.point_row(p app.points, viewer uuid) IS 'The row of contract §2 as the viewer may see it, but for the terms proposed: private.point_json adds them. Null: it does not exist for them.';

CREATE FUNCTION private.point_seen(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := (select auth.uid());
  o app.points;
begin
  select * into o from app.points where id = private.survivor_of(private.arg_uuid(p, 'id'));
  if found and private.is_public(o) and o.author is distinct from me then
    insert into app.view_marks (day, point_id, mark)
    select current_date, o.id, (get_byte(h.hash, 0) * 256 + get_byte(h.hash, 1)) % 512
    from (select sha256(private.salt_of_today() || convert_to('view ' || o.id || ' ' || coalesce(private.caller_network(), ''), 'UTF8')) as hash) as h
    on conflict do nothing;
  end if;
  return '{}';
end;
$$;

COMMENT ON FUNCTION private.point_seen(p jsonb) IS 'Counts a reading of a public sheet: a network once a day, the author never. Checks: only what everybody may see; answers the same whatever it finds.';

CREATE FUNCTION private.point_terms_json(point uuid, viewer uuid, is_moderator boolean) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(jsonb_build_object('mutation_id', t.id, 'scheme', t.scheme, 'text', t.text, 'lang', t.lang,
    'broader', t.broader, 'note', t.note, 'state', t.state, 'concept', t.concept, 'reason', t.reason, 'mine', coalesce(t.user_id = viewer, false),
    'author', case when is_moderator or who.named then who.display_name end, 'at', private.instant(t.captured_at))
    order by t.created_at, t.id), '[]')
  from app.term_proposals as t
  left join app.profiles as who on who.user_id = t.user_id
  where t.point_id = point and (is_moderator or t.user_id = viewer);
$$;

COMMENT ON FUNCTION private.point_terms_json(point uuid, viewer uuid, is_moderator boolean) IS 'The terms proposed for a point: one''s own, or all of them for a moderator in scope.';

CREATE FUNCTION private.point_title(p app.points) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select nullif(trim(case when jsonb_typeof(p.attributes -> title_field) = 'string' then p.attributes ->> title_field end), '')
  from (select settings ->> 'title_field' as title_field from app.themes where id = p.theme) as t
  where p.attributes ? title_field
    and (p.sensitivity = 'open' or not title_field = any (private.locating_keys(p.theme)));
$$;

COMMENT ON FUNCTION private.point_title(p app.points) IS 'What the public reads as the name of a point, null when it has none or when the name would tell its place.';

CREATE FUNCTION private.points_left(e app.thesaurus_edits) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case when e.state = 'applied' then exists (select from app.points where concept = any (private.moved_from(e)))
    else exists (select from app.remapped_points as r where r.edit = e.id and r.back_at is null) end;
$$;

COMMENT ON FUNCTION private.points_left(e app.thesaurus_edits) IS 'Whether points of an edit are still where they are not to be.';

CREATE FUNCTION private.points_named(m jsonb, field text, p app.points) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  named jsonb := coalesce(nullif(m -> field, 'null'), '[]');
begin
  if jsonb_typeof(named) <> 'array' or jsonb_array_length(named) > 20 then
    perform private.reject('invalid_patch', field || ' : une liste d’identifiants de points.');
  end if;
  -- A point that is not there (any more) is compared no more: the capture counts.
  return query
    select distinct other.id
    from jsonb_array_elements_text(named) as list (id)
    join app.points as other on other.id = private.to_uuid(list.id)
    where other.id <> p.id and other.theme = p.theme;
end;
$$;

COMMENT ON FUNCTION private.points_named(m jsonb, field text, p app.points) IS 'Points of the same theme that a field of a create names: 20 at most, else `invalid_patch`.';

CREATE FUNCTION private.possible_duplicates(ids uuid[], moderator uuid) RETURNS TABLE(point_id uuid, candidate_id uuid, distance_m double precision, is_doubted boolean)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
  return query
    with asked as materialized (
      select p.id, p.theme, p.geom, p.concept, p.radius + private.accuracy_reach(p.accuracy_m) as reach,
        -- Null: everywhere.
        case when not coalesce(p.is_everywhere, false) then coalesce(p.territories, '{}') end as scope,
        p.holding, p.is_same_only, p.title_field, case when p.is_same_only then p.attributes ->> p.title_field end as name,
        st_x(p.geom) as lon, st_y(p.geom) as lat, cos(radians(st_y(p.geom))) as shrink,
        st_expand(p.geom, p.widest / 111000 / greatest(cos(radians(st_y(p.geom))), 0.1), p.widest / 111000) as box
      from (
        select o.*, r.radius, r.holding, r.is_same_only, r.title_field, s.territories, s.is_everywhere, r.radius + private.accuracy_reach(o.accuracy_m) + 100 as widest
        from app.points as o
        join (
          select t.id, private.theme_radius_m(t.id) as radius, k.* from app.themes as t cross join lateral private.kinship_rule(t.id) as k) as r on r.id = o.theme
        left join private.scope_of(moderator) as s on s.theme = o.theme
        where o.id = any (ids)) as p
    ), near as (
      -- In the moderator's scope at the true position, elsewhere where everybody sees it: the same for what is open.
      select a.id as asked_id, c.id, st_distancesphere(c.geom, a.geom) as distance, false as is_named
      from asked as a
      join app.points as c on c.geom && a.box and c.theme = a.theme
      where c.status in ('submitted', 'to_complete', 'published') and c.id <> a.id
        -- Degrees first, a hundredth too generous: they rule most of a street out.
        and ((st_x(c.geom) - a.lon) * a.shrink) ^ 2 + (st_y(c.geom) - a.lat) ^ 2
          <= ((a.reach + least(coalesce(c.accuracy_m, 0), 100)) / 110000) ^ 2
        and case when st_distancesphere(c.geom, a.geom) <= a.reach + private.accuracy_reach(c.accuracy_m)
          then (c.status = 'published' and c.sensitivity = 'open' or a.scope is null or private.covers(a.scope, c.commune))
            and private.kinship(a.holding, a.is_same_only, a.concept, a.name, c.concept,
              case when a.is_same_only then c.attributes ->> a.title_field end) is not null else false end
      union all
      select a.id, c.id, st_distancesphere(c.public_geom, a.geom), false
      from asked as a
      join app.points as c on c.public_geom && a.box and c.theme = a.theme
      where a.scope is not null and c.status = 'published' and c.sensitivity = 'blurred' and c.id <> a.id
        and case when st_distancesphere(c.public_geom, a.geom) <= a.reach + 100
          then not private.covers(a.scope, c.commune) and private.kinship(a.holding, a.is_same_only, a.concept, a.name, c.concept,
              case when a.is_same_only then c.attributes ->> a.title_field end) is not null else false end
      union all
      -- What the author could not tell apart, however far.
      select a.id, c.id, st_distancesphere(case when seen.is_in_scope then c.geom else c.public_geom end, a.geom), true
      from asked as a
      join (select d.point_id as one, d.other_id as other from app.doubts as d union select d.other_id, d.point_id from app.doubts as d)
        as doubted on doubted.one = a.id
      join app.points as c on c.id = doubted.other and c.id <> a.id
      cross join lateral (select a.scope is null or private.covers(a.scope, c.commune) as is_in_scope) as seen
      where c.status = 'published' and (seen.is_in_scope or c.public_geom is not null)
        or c.status in ('submitted', 'to_complete') and seen.is_in_scope
    )
    select n.asked_id, n.id, min(n.distance), bool_or(n.is_named) from near as n group by n.asked_id, n.id;
end;
$$;

COMMENT ON FUNCTION private.possible_duplicates(ids uuid[], moderator uuid) IS 'For each of some points what may be the same thing, as the moderator may know it (null: as anybody): the rule of private.may_be_same, and what an author doubted. One query for a whole page.';

CREATE FUNCTION private.postponement(code text, seconds integer) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select jsonb_build_object('status', 'retry', 'code', code, 'retry_after_s', seconds); $$;

COMMENT ON FUNCTION private.postponement(code text, seconds integer) IS 'The result of a mutation to send again later.';

CREATE FUNCTION private.preferences_json(who uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('digest', p.digest, 'lang', p.lang, 'follows', (
    select coalesce(jsonb_agg(private.follow_json(f) order by f.kind, f.created_at, f.target), '[]')
    from app.follows as f where f.user_id = who))
  from app.profiles as p where p.user_id = who;
$$;

COMMENT ON FUNCTION private.preferences_json(who uuid) IS 'How often somebody is written to, and what they follow.';

CREATE FUNCTION private.preview_of_edit(e app.thesaurus_edits) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('edit', null, 'points', e.remap_total,
    'before', (select coalesce(jsonb_agg(b - '{origin,picture}'::text[]), '[]') from jsonb_array_elements(e.before) as b),
    'after', (select coalesce(jsonb_agg(a - '{origin,picture}'::text[]), '[]') from jsonb_array_elements(e.after) as a));
$$;

COMMENT ON FUNCTION private.preview_of_edit(e app.thesaurus_edits) IS 'What an edit would do, as a call that edits tells it.';

CREATE FUNCTION private.propose(p app.points, who uuid, m jsonb, taken jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  was app.revisions := private.live_revision(p, who);
  seen jsonb := private.seen_content(p, who);
  proposed jsonb := coalesce(was.patch, '{}') || taken;
  on_base jsonb := '{}';
  revision uuid;
  path text;
begin
  if taken = '{}' then
    return was.id;
  end if;
  for path in select jsonb_object_keys(proposed) loop
    if coalesce(seen -> path, 'null') = proposed -> path then
      proposed := proposed - path;
    else
      on_base := on_base || jsonb_build_object(path,
        coalesce(was.base -> path, private.base_value(path, m -> 'base')));
    end if;
  end loop;
  if was.id is not null then
    update app.revisions set state = case when proposed = '{}' then 'withdrawn' else 'superseded' end, decided_at = now()
    where id = was.id;
  end if;
  if proposed <> '{}' then
    insert into app.revisions (id, point_id, author, base_rev, base, patch, captured_at)
    values ((m ->> 'mutation_id')::uuid, p.id, who, coalesce(private.to_count(m -> 'base_rev', 2147483647), p.rev),
      on_base, proposed, private.moment_of(m))
    returning id into revision;
    update app.revisions set superseded_by = revision where id = was.id;
  end if;
  return revision;
end;
$$;

COMMENT ON FUNCTION private.propose(p app.points, who uuid, m jsonb, taken jsonb) IS 'Leaves an edit beside a published point: one live revision per author, the union of what they proposed; null when nothing is left to propose.';

CREATE FUNCTION private.propose_words(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  given_source text := private.alignment_source(p);
  given jsonb;
begin
  perform private.require_vocabulary_role(me, scheme_id);
  given := private.arg_list(p, 'terms', 200);
  if given_source is null then
    perform private.invalid_argument('source : le nom de la base dont viennent les mots.');
  elsif exists (
    select from jsonb_array_elements(given) as t
    where jsonb_typeof(t) <> 'object' or jsonb_typeof(t -> 'text') is distinct from 'string'
      or char_length(btrim(t ->> 'text', E' \t\n\r')) not between 1 and 120
      -- Signs alone ("?") are no word, and could not be told apart.
      or private.fold(t ->> 'text') = ''
      or jsonb_typeof(t -> 'lang') is distinct from 'string' or t ->> 'lang' !~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'
      or coalesce(jsonb_typeof(t -> 'note'), 'null') not in ('string', 'null') or char_length(t ->> 'note') > 1000
      or coalesce(t ->> 'count', '1') !~ '^[0-9]{1,9}$') then
    perform private.invalid_argument('terms : {text ≤ 120 caractères, lang, count, note? ≤ 1 000 caractères}.');
  end if;
  -- A word said twice: what is said last holds.
  insert into app.term_proposals as w (id, user_id, scheme, text, lang, note, captured_at, origin, uses)
  select distinct on (private.fold(word)) gen_random_uuid(), me, scheme_id, word, t ->> 'lang', nullif(btrim(t ->> 'note', E' \t\n\r'), ''),
    now(), given_source, greatest(coalesce((t ->> 'count')::int, 1), 1)
  from jsonb_array_elements(given) with ordinality as one (t, n), lateral btrim(t ->> 'text', E' \t\n\r') as word
  order by private.fold(word), n desc
  on conflict (scheme, origin, private.fold(text)) where state = 'proposed' and origin is not null
  do update set uses = excluded.uses, note = coalesce(excluded.note, w.note);
  return jsonb_build_object('words', (
    select coalesce(jsonb_agg(jsonb_build_object('text', w.text, 'id', w.id) order by w.created_at, w.text), '[]')
    from app.term_proposals as w
    where w.scheme = scheme_id and w.origin = given_source and w.state = 'proposed'
      and private.fold(w.text) in (select private.fold(t ->> 'text') from jsonb_array_elements(given) as t)));
end;
$_$;

COMMENT ON FUNCTION private.propose_words(p jsonb) IS 'Keeps words of a source that the vocabulary lacks. Checks: signed in, moderates or coordinates a theme that names its things by it.';

CREATE FUNCTION private.proposed_words(scheme_id text, viewer uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.proposed_words(scheme_id text, viewer uuid) IS 'The words that wait for a vocabulary, those that say the same together, most used first: from the field with the points in the viewer''s scope that wait for them (20 at most), from other databases with their names.';

CREATE FUNCTION private.public_diff(p app.points, diff jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_object_agg(path, case when path = 'geom'
    then jsonb_build_array(private.plain_place(change -> 0), private.plain_place(change -> 1)) else change end)
  from jsonb_each(diff) as d (path, change)
  where p.sensitivity = 'open' or not (
    path = 'geom'
    or path = 'observed' and private.observed_field(p.theme) = any (private.locating_keys(p.theme))
    or path = any (select 'attributes.' || key from unnest(private.locating_keys(p.theme)) as key));
$$;

COMMENT ON FUNCTION private.public_diff(p app.points, diff jsonb) IS 'Differences that the public may read: without anything that tells the place of a blurred point.';

CREATE FUNCTION private.public_geom(geom extensions.geometry, sensitivity text) RETURNS extensions.geometry
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  lambert geometry;
begin
  if sensitivity = 'open' then
    return geom;
  elsif sensitivity = 'blurred' then
    lambert := st_transform(geom, 2154);
    return st_transform(st_setsrid(
      st_makepoint(floor(st_x(lambert) / 1000) * 1000 + 500, floor(st_y(lambert) / 1000) * 1000 + 500), 2154), 4326);
  end if;
  return null;
end;
$$;

COMMENT ON FUNCTION private.public_geom(geom extensions.geometry, sensitivity text) IS 'The one public position (contract §2): true, centre of its 1 km Lambert-93 cell, or null when hidden.';

CREATE FUNCTION private.public_history_json(p app.points) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'at', private.day(e.at),
    'actor', case
      when e.actor_kind = 'moderator' then 'modération'
      when who.named then who.display_name end,
    'actor_kind', e.actor_kind,
    'action', e.action,
    'from', case when e.from_status in ('published', 'archived', 'destroyed') then e.from_status end,
    'to', e.to_status,
    'reason', e.reason,
    'comment', null,
    'rev', e.rev,
    'diff', case when e.from_status in ('published', 'archived', 'destroyed') or e.action = 'confirm' then private.public_diff(p, e.diff) end
  ) order by e.id), '[]')
  from app.events as e
  left join app.profiles as who on who.user_id = e.actor
  where e.point_id = p.id
    and e.at >= p.first_published_at
    and e.to_status in ('published', 'archived', 'destroyed')
    -- What was proposed, commented or refused never became public: neither does its trace.
    and e.action in ('create', 'publish', 'edit', 'archive', 'destroy', 'restore', 'confirm', 'load', 'merge', 'unmerge', 'remap');
$$;

COMMENT ON FUNCTION private.public_history_json(p app.points) IS 'History as everybody may read it (contract §4): from the first publication on, days, reasons without comments, moderators unnamed, published differences.';

CREATE TABLE app.public_points (
    point_id uuid NOT NULL,
    theme text NOT NULL,
    status text NOT NULL,
    concept text,
    commune text,
    title text,
    folded text,
    updated_on date NOT NULL,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    x integer NOT NULL,
    y integer NOT NULL,
    morton bigint NOT NULL,
    place extensions.geometry(Point,3857) NOT NULL,
    CONSTRAINT public_points_status_check CHECK ((status = ANY (ARRAY['published'::text, 'archived'::text, 'destroyed'::text])))
);

COMMENT ON TABLE app.public_points IS 'Published, archived and destroyed points at their public position, one narrow row each: what map, list, search and figures read. Kept by a trigger of app.points.';

COMMENT ON COLUMN app.public_points.title IS 'Value of the attribute that the theme uses as a title; null where it would tell the place of a blurred point.';

COMMENT ON COLUMN app.public_points.updated_on IS 'Day of the last change that the public could see.';

COMMENT ON COLUMN app.public_points.x IS 'Web Mercator, the world being 2^31 wide: one unit is one of the 4096 steps of a tile at zoom 19.';

COMMENT ON COLUMN app.public_points.y IS 'Web Mercator from north to south, the world being 2^31 high.';

COMMENT ON COLUMN app.public_points.morton IS 'Bits of x and y interleaved: every tile of every zoom is one interval of it.';

CREATE FUNCTION private.public_item_json(t app.public_points) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_strip_nulls(jsonb_build_object(
    'id', t.point_id, 'theme', t.theme, 'concept', t.concept,
    'label', coalesce(t.title, c.labels ->> 'fr', h.labels ->> 'fr'),
    'title', t.title, 'status', t.status, 'lon', t.lon, 'lat', t.lat,
    'updated_at', t.updated_on,
    'condition', case when o.sensitivity = 'open' or not 'condition' = any (private.locating_keys(t.theme))
      then o.attributes ->> 'condition' end,
    -- An import says when it was delivered, not when somebody stood there.
    'seen_on', greatest(o.last_confirmed_on, case when o.source_id is null then (o.captured_at at time zone 'UTC')::date end),
    'thumb_url', (
      select '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path)
      from app.photos as f
      where f.point_id = t.point_id and f.state = 'published' and f.public_path is not null
      order by f.rank nulls last, f.created_at, f.id limit 1)))
    || jsonb_build_object('concept', t.concept, 'commune', t.commune, 'commune_name', p.name)
  from app.themes as h
  join app.points as o on o.id = t.point_id
  left join app.concepts as c on c.id = t.concept
  left join app.territories as p on p.level = 'commune' and p.code = t.commune
  where h.id = t.theme;
$$;

COMMENT ON FUNCTION private.public_item_json(t app.public_points) IS 'A point in a list of the public: `label` is its name or else what it is, in French; the day only of its last change.';

CREATE FUNCTION private.publish_by_trust(was app.points, theme app.themes, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points := was;
  shown boolean;
begin
  p.status := 'published';
  p.decision := private.decision_json(null, '{"decision": "publish", "reason": "trust"}');
  update app.photos set state = 'published' where point_id = p.id and user_id = who and state = 'pending';
  shown := found;
  p := private.save_point(was, p, shown);
  perform private.record_event(p, null, 'publish', was.status, 'trust', mutation_id => (m ->> 'mutation_id')::uuid);
  perform private.note_trust(p, who, 'new', (m ->> 'mutation_id')::uuid);
  perform private.draw_audit(p, theme, who);
  return p;
end;
$$;

COMMENT ON FUNCTION private.publish_by_trust(was app.points, theme app.themes, who uuid, m jsonb) IS 'A new point of somebody trusted becomes public.';

CREATE FUNCTION private.pull_bucket(given jsonb, viewer uuid, seen uuid[], room integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    with page as (
      select f.*, row_number() over (order by f.change_xid, f.change_seq) as n
      from private.feed_page(private.read_bucket(given ->> 'id'), viewer, private.read_cursor(given ->> 'cursor'),
        room + cardinality(seen) + 1) as f
    ), counted as (
      -- The limit counts rows given: an id that an earlier bucket has already brought costs nothing.
      select page.*, count(*) filter (where s.id is null) over (order by page.n) as fresh
      from page
      left join unnest(seen) as s (id) on s.id = page.point_id
    ), taken as (
      select * from counted where fresh <= room
    )
    select jsonb_build_object(
      'ids', (select coalesce(jsonb_agg(distinct point_id), '[]') from taken),
      'next', jsonb_build_object(
        'id', given ->> 'id',
        'cursor', coalesce(
          (select private.cursor_text(change_xid, change_seq) from taken order by n desc limit 1),
          given ->> 'cursor',
          private.cursor_text(private.horizon(), 0)),
        'more', exists (select from counted where fresh > room))));
end;
$$;

COMMENT ON FUNCTION private.pull_bucket(given jsonb, viewer uuid, seen uuid[], room integer) IS 'One bucket of a pull: the ids it names, at most `room` that were not seen before, and where to go on from.';

CREATE FUNCTION private.pull_epoch_matches(p jsonb, viewer uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  epoch text := private.current_epoch();
  visibility text := private.visibility_epoch(viewer)::text;
begin
  return coalesce(p ->> 'epoch', epoch) = epoch and coalesce(p ->> 'visibility_epoch', visibility) = visibility;
end;
$$;

COMMENT ON FUNCTION private.pull_epoch_matches(p jsonb, viewer uuid) IS 'Whether the caller''s cursors belong to this life of the server and to what they may see today.';

CREATE FUNCTION private.pull_rows(ids uuid[], known uuid[], viewer uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    with rendered as materialized (
      select p.id, private.point_json(p, viewer) as row
      from app.points as p
      where p.id = any (ids)
    )
    select jsonb_build_object(
      'changed', (select coalesce(jsonb_agg(r.row order by r.id), '[]') from rendered as r where r.row is not null),
      'gone', (select coalesce(jsonb_agg(r.id order by r.id), '[]') from rendered as r
        where r.row is null and r.id = any (known))));
end;
$$;

COMMENT ON FUNCTION private.pull_rows(ids uuid[], known uuid[], viewer uuid) IS 'Ids to rows: visible, the row; not visible any more, `gone`, and only for ids that a bucket already followed has named.';

CREATE FUNCTION private.push_comment(who uuid, m jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
declare
  mid uuid := (m ->> 'mutation_id')::uuid;
  about text := m ->> 'about';
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  p app.points;
begin
  if jsonb_typeof(m -> 'text') is distinct from 'string' or m ->> 'text' ~ '^\s*$' then
    perform private.reject('invalid_patch', 'Un commentaire est un texte.');
  elsif char_length(m ->> 'text') > 4000 then
    perform private.reject('comment_too_long', 'Un commentaire tient en 4 000 caractères.');
  elsif about is not null and about <> all (array['position', 'description', 'photo', 'private', 'duplicate', 'other']) then
    perform private.reject('invalid_patch', 'about : ce que l’on signale.');
  end if;
  -- What is not public yet is in the queue already, where its comments are read.
  if about is not null and was.status = 'published' then
    insert into app.reports (id, point_id, kind, user_id, about, text) values (mid, was.id, 'problem', who, about, m ->> 'text');
  end if;
  p := private.save_point(was, was);
  perform private.record_event(p, who, 'comment', comment => m ->> 'text', mutation_id => mid);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$_$;

COMMENT ON FUNCTION private.push_comment(who uuid, m jsonb) IS 'Mutation `comment`: plain text in the history, for the author and the moderators in scope; with `about`, of a published point, it waits in the queue as a report. Whoever sees a point may write to them.';

CREATE FUNCTION private.push_confirm(who uuid, m jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  was app.points := private.lock_point(private.survivor_of((m ->> 'point_id')::uuid), who);
  p app.points := was;
  mid uuid := (m ->> 'mutation_id')::uuid;
  observed timestamptz := private.moment_of(m, 'observed_at');
  is_found boolean;
  seen_on date := (observed at time zone 'UTC')::date;
  state text := private.told_condition(was.theme, m ->> 'condition');
begin
  if was.status <> 'published' then
    perform private.reject('invalid_transition', 'Seul un point publié se confirme.');
  end if;
  if jsonb_typeof(m -> 'found') is distinct from 'boolean'
    or coalesce(jsonb_typeof(m -> 'condition'), 'null') not in ('null', 'string') or char_length(m ->> 'condition') > 200 then
    perform private.reject('invalid_patch', 'found : oui ou non ; condition : un texte court.');
  end if;
  is_found := (m ->> 'found')::boolean;
  insert into app.confirmations (mutation_id, point_id, user_id, found, observed_on, condition)
  values (mid, p.id, who, is_found, seen_on, nullif(m ->> 'condition', ''));
  p.expected_photos := least(50, p.expected_photos + private.photos_expected(m));
  if is_found then
    p.confirmation_count := p.confirmation_count + 1;
    p.last_confirmed_on := greatest(p.last_confirmed_on, seen_on);
    -- What was seen earlier and arrives later is not the last that was seen.
    if state is not null and seen_on >= coalesce(p.observed_condition_on, seen_on) then
      p.observed_condition := state;
      p.observed_condition_on := seen_on;
    end if;
  elsif not exists (
    select from app.reports as r where r.point_id = p.id and r.kind = 'gone' and r.user_id = who and r.state = 'open') then
    insert into app.reports (id, point_id, kind, user_id) values (mid, p.id, 'gone', who);
  end if;
  p := private.save_point(was, p);
  perform private.record_event(p, who, case when is_found then 'confirm' else 'gone' end,
    diff => case when is_found and state is not null then jsonb_build_object('observed', jsonb_build_array(was.observed_condition, state)) end,
    mutation_id => mid);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;

COMMENT ON FUNCTION private.push_confirm(who uuid, m jsonb) IS 'Mutation `confirm`: found counts at once; not found becomes an item of the queue (kind `gone`). Attributes never change.';

CREATE FUNCTION private.push_create(who uuid, m jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  theme app.themes := private.active_theme(m ->> 'theme');
  p app.points;
  made app.points[];
begin
  select * into p from app.points where id = (m ->> 'point_id')::uuid;
  if found then
    perform private.reject(case when p.author = who then 'invalid_transition' else 'not_allowed' end,
      'Cet identifiant de point est déjà pris.');
  end if;
  made := private.create_points(who, array[m]);
  perform private.note_doubts(made[1], m);
  return jsonb_build_object('status', 'applied', 'rev', made[1].rev);
end;
$$;

COMMENT ON FUNCTION private.push_create(who uuid, m jsonb) IS 'Mutation `create`: a draft or submitted point under the id that the device gave it. A second create of the same point is invalid_transition.';

CREATE FUNCTION private.push_creates(who uuid, device text, mutations jsonb, busy uuid[]) RETURNS jsonb[]
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- What is published at once is written one by one.
  if exists (select from app.themes as t where t.settings #> '{trust,enabled}' = 'true' and private.is_trusted(who, t)) then
    return '{}';
  end if;
  return private.push_plain_creates(who, device, mutations, busy);
end;
$$;

COMMENT ON FUNCTION private.push_creates(who uuid, device text, mutations jsonb, busy uuid[]) IS 'The plain creates of a push, all at once; none where their author is trusted somewhere.';

CREATE FUNCTION private.push_decide(who uuid, m jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  theme app.themes;
  decision text := m ->> 'decision';
  is_on_revision boolean := coalesce(m -> 'revision_id', 'null') <> 'null';
  is_on_published boolean := decision in ('publish', 'reject') and was.status = 'published' and not is_on_revision;
  item app.queue := private.item_to_decide(was, m);
  waiting uuid[] := array(select id from app.photos where point_id = was.id and state = 'pending');
  p app.points;
begin
  if not private.is_moderator_of(who, was) then
    perform private.reject('not_allowed', 'Ce point n’est pas dans votre périmètre de modération.');
  end if;
  if decision is null or decision not in
    ('publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss') then
    perform private.reject('invalid_patch', 'Décision inconnue.');
  end if;
  select * into theme from app.themes where id = was.theme;
  perform private.check_report(was, theme, who, m);
  perform private.check_correction(was, m);
  if is_on_revision then
    p := private.decide_revision(was, theme, who, m);
  elsif is_on_published then
    p := private.decide_published(was, theme, who, m);
  else
    perform private.refuse_own(theme, who, was.author);
    if decision = 'dismiss' then
      p := private.dismiss_reports(was, theme, who, m);
    else
      perform private.check_seen(was, who, m);
      perform private.check_bulk(was, who, m);
      p := private.decide_point(was, theme, who, m);
    end if;
  end if;
  perform private.note_decision(was, p, who, item, m, waiting);
  perform private.record_event(p, who, decision, was.status, nullif(m ->> 'reason', ''), nullif(m ->> 'comment', ''),
    private.content_diff(private.content_of(was), private.content_of(p)), (m ->> 'mutation_id')::uuid,
    private.to_uuid(m ->> 'revision_id'), 'moderator');
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;

COMMENT ON FUNCTION private.push_decide(who uuid, m jsonb) IS 'Mutation `decide`: a moderator in scope decides on a point, on an edit beside it (revision_id), on photos that wait, or on reports.';

CREATE FUNCTION private.push_edit(who uuid, m jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  is_in_place boolean := private.is_edited_in_place(was, who);
  theme app.themes := private.active_theme(was.theme);
  patch jsonb := private.check_patch(theme, coalesce(m -> 'patch', '{}'));
  server jsonb := private.seen_content(was, who);
  live app.revisions := private.live_revision(was, who);
  mid uuid := (m ->> 'mutation_id')::uuid;
  p app.points := was;
  taken jsonb := '{}';
  conflicts jsonb := '[]';
  revision uuid;
  seen_diff jsonb;
  field record;
begin
  if coalesce(jsonb_typeof(m -> 'base'), 'null') not in ('object', 'null')
    or coalesce(jsonb_typeof(m -> 'base_rev'), 'null') not in ('number', 'null')
    or coalesce(jsonb_typeof(m -> 'submit'), 'null') not in ('boolean', 'null') then
    perform private.reject('invalid_patch', 'base_rev, base et submit : un nombre, un objet, un booléen.');
  end if;
  if live.id is not null then
    server := server || live.patch;
  end if;
  for field in select * from private.merge_fields(was.theme, server, coalesce(nullif(m -> 'base', 'null'), '{}'), patch) loop
    if field.outcome = 'take' then
      taken := taken || jsonb_build_object(field.path, field.value);
    elsif field.outcome = 'conflict' then
      conflicts := conflicts || private.keep_conflict(was, who, m, field.path, field.was, field.mine, field.theirs);
    end if;
  end loop;
  p := private.with_values(p, taken);
  p.status := private.status_after_edit(was, who, coalesce((m ->> 'submit')::boolean, false));
  if private.close_conflicts(was, who, m) = 0 and conflicts = '[]' and taken = '{}' and p.status = was.status then
    -- The server already says what the author wants to say.
    return jsonb_strip_nulls(jsonb_build_object('status', 'applied', 'rev', was.rev, 'revision_id', live.id));
  end if;

  if is_in_place then
    p.form_rev := coalesce(private.to_count(m -> 'form_rev', 1000000), p.form_rev);
    if was.author is distinct from who or was.status = 'published' then
      perform private.apply_own_revision(was, who, m, coalesce(nullif(m -> 'base', 'null'), '{}'), taken);
    end if;
    p := private.save_point(was, p);
    perform private.record_event(p, who, 'edit', was.status,
      diff => private.content_diff(private.content_of(was), private.content_of(p)), mutation_id => mid);
  else
    revision := private.propose(was, who, m, taken);
    p := private.save_point(was, was);
    select jsonb_object_agg(key, jsonb_build_array(server -> key, value)) into seen_diff from jsonb_each(taken);
    perform private.record_event(p, who, 'propose', diff => seen_diff, mutation_id => mid, revision_id => revision,
      as_kind => case when was.author = who then 'author' else 'contributor' end);
  end if;

  return jsonb_strip_nulls(jsonb_build_object(
    'status', case
      when conflicts <> '[]' then 'conflict'
      when revision is not null then 'pending'
      when taken <> '{}' and (m ->> 'base_rev')::numeric <> was.rev then 'merged'
      else 'applied' end,
    'rev', p.rev, 'revision_id', revision))
    || case when conflicts <> '[]' then jsonb_build_object('conflicts', conflicts) else '{}' end;
end;
$$;

COMMENT ON FUNCTION private.push_edit(who uuid, m jsonb) IS 'Mutation `edit`: merged by path into an unpublished point (or a published one, by a moderator), or left as a revision beside a published one.';

CREATE FUNCTION private.push_one(who uuid, device text, m jsonb, account_code text, is_too_old boolean, busy uuid[], halted uuid[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  mutation uuid := private.to_uuid(m ->> 'mutation_id');
  point uuid := private.to_uuid(m ->> 'point_id');
  r app.receipts;
  result jsonb;
begin
  if mutation is null then
    return private.refusal('invalid_patch', 'mutation_id : un UUID.');
  end if;
  select * into r from app.receipts where mutation_id = mutation;
  if found then
    return case when r.user_id = who and r.payload_hash = sha256(convert_to(m::text, 'UTF8')) then private.replayed(r)
      else private.refusal('payload_mismatch', 'Cet identifiant de contribution a déjà servi.') end;
  elsif is_too_old or coalesce(m -> 'v', '1') <> '1'
    or m ->> 'kind' not in ('create', 'edit', 'confirm', 'withdraw', 'comment', 'decide', 'propose_term') then
    -- Not stored: a kind that this server does not take yet is evaluated again once it does.
    return private.refusal('client_too_old', 'Le serveur ne comprend pas cette contribution : mettez l’application à jour.');
  elsif account_code is not null then
    return private.refusal(account_code);
  elsif point = any (busy) then
    return private.postponement('busy', 2);
  elsif point = any (halted) then
    return private.postponement('blocked', 2);
  end if;
  result := case
    when point is null then private.refusal('invalid_patch', 'point_id : un UUID.')
    when m ->> 'kind' is null then private.refusal('invalid_patch', 'kind manque.')
    else private.apply_mutation(who, device, m) end;
  if result ->> 'status' = 'rejected' then
    perform private.keep_receipt(who, device, m, result);
  end if;
  return result;
end;
$$;

COMMENT ON FUNCTION private.push_one(who uuid, device text, m jsonb, account_code text, is_too_old boolean, busy uuid[], halted uuid[]) IS 'The result of one mutation: its receipt if it has one, a refusal that depends on the account or the client, or its effect.';

CREATE FUNCTION private.push_plain_creates(who uuid, device text, mutations jsonb, busy uuid[]) RETURNS jsonb[]
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  sent jsonb[];
  places bigint[];
  made app.points[];
  results jsonb[] := '{}';
  n bigint;
  result jsonb;
begin
  select array_agg(c.m), array_agg(c.place) into sent, places from private.plain_creates(mutations, busy) as c;
  if coalesce(cardinality(sent), 0) < 2 then
    return results;
  end if;
  made := private.create_points(who, sent);
  insert into app.receipts (mutation_id, user_id, point_id, device_id, payload_hash, status, rev)
  select (m ->> 'mutation_id')::uuid, who, p.id, left(device, 100), sha256(convert_to(m::text, 'UTF8')), 'applied', p.rev
  from unnest(sent) as m
  join unnest(made) as p on p.id = (m ->> 'point_id')::uuid;
  for n, result in
    select s.place, jsonb_build_object('mutation_id', s.m -> 'mutation_id', 'status', 'applied', 'rev', p.rev,
      'point', private.point_json(p, who))
    from unnest(places, sent) as s (place, m)
    join unnest(made) as p on p.id = (s.m ->> 'point_id')::uuid
  loop
    results[n] := result;
  end loop;
  return results;
exception
  when others then
    -- Nothing of them stays: one by one tells which it was, and takes the others.
    return '{}';
end;
$$;

COMMENT ON FUNCTION private.push_plain_creates(who uuid, device text, mutations jsonb, busy uuid[]) IS 'The plain creates of a push in one savepoint, with their receipts: results by place, none when one of them cannot be taken or when there is but one.';

CREATE FUNCTION private.push_propose_term(who uuid, m jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  theme app.themes := private.active_theme(was.theme);
  word text := case when jsonb_typeof(m -> 'text') = 'string' then btrim(m ->> 'text', E' \t\n\r') end;
  said text := case when jsonb_typeof(m -> 'note') = 'string' then nullif(btrim(m ->> 'note', E' \t\n\r'), '') end;
  above text;
  p app.points;
begin
  if coalesce(word, '') = '' or char_length(word) > 120 then
    perform private.reject('invalid_patch', 'Un terme est un texte de 120 caractères au plus.');
  elsif coalesce(jsonb_typeof(m -> 'note'), 'null') not in ('string', 'null') or char_length(said) > 1000 then
    perform private.reject('invalid_patch', 'Une note est un texte de 1 000 caractères au plus.');
  elsif jsonb_typeof(m -> 'lang') is distinct from 'string' or m ->> 'lang' !~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$' then
    perform private.reject('invalid_patch', 'lang : un code de langue, comme fr ou oc.');
  elsif jsonb_typeof(m -> 'scheme') is distinct from 'string' or not private.is_scheme_of(theme, m ->> 'scheme') then
    perform private.reject('invalid_concept', 'Ce thésaurus n’est pas celui de la thématique.');
  end if;
  if coalesce(jsonb_typeof(m -> 'broader'), 'null') <> 'null' then
    above := private.check_concept(m ->> 'scheme', m -> 'broader') #>> '{}';
  end if;
  insert into app.term_proposals (id, point_id, user_id, scheme, text, lang, broader, note, captured_at)
  values ((m ->> 'mutation_id')::uuid, was.id, who, m ->> 'scheme', word, m ->> 'lang', above, said, private.moment_of(m));
  p := private.save_point(was, was);
  perform private.record_event(p, who, 'propose_term', diff => jsonb_build_object('term', jsonb_build_array(null, word)),
    mutation_id => (m ->> 'mutation_id')::uuid);
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$_$;

COMMENT ON FUNCTION private.push_propose_term(who uuid, m jsonb) IS 'Mutation `propose_term`: keeps the word beside the point. Whoever sees a point may propose; the content of the point does not change.';

CREATE FUNCTION private.push_withdraw(who uuid, m jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  was app.points;
  p app.points;
  is_whole boolean := coalesce(m -> 'revision_id', 'null') = 'null';
begin
  if is_whole or not exists (
    select from app.revisions where id = private.to_uuid(m ->> 'revision_id') and point_id = (m ->> 'point_id')::uuid and author = who) then
    was := private.lock_point((m ->> 'point_id')::uuid, who);
  else
    select * into was from app.points where id = (m ->> 'point_id')::uuid for update;
  end if;
  p := case when is_whole then private.withdraw_point(was, who) else private.withdraw_revision(was, who, m) end;
  if is_whole then
    perform private.free_duplicates(p, who, m);
    select * into p from app.points where id = was.id;
  end if;
  perform private.record_event(p, who, 'withdraw', was.status, mutation_id => (m ->> 'mutation_id')::uuid,
    revision_id => private.to_uuid(m ->> 'revision_id'));
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;

COMMENT ON FUNCTION private.push_withdraw(who uuid, m jsonb) IS 'Mutation `withdraw`: an unpublished point, or the edit named by revision_id.';

CREATE FUNCTION private.put_charter(p jsonb) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  insert into app.charters (rev, texts, data_licence, photo_licence)
  values ((p ->> 'rev')::int, p -> 'texts', p ->> 'data_licence', p ->> 'photo_licence')
  on conflict (rev) do nothing;
$$;

COMMENT ON FUNCTION private.put_charter(p jsonb) IS 'Adds a version of the charter. A text that someone accepted is never rewritten: a change is a new rev.';

CREATE FUNCTION private.put_concept_scheme(p jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into app.concept_schemes (id, labels, licence, source)
  values (p ->> 'id', p -> 'labels', p ->> 'licence', p ->> 'source')
  on conflict (id) do nothing;

  -- The foreign key of `broader` is checked at the end of the statement: the order in the file is free.
  insert into app.concepts (id, scheme, labels, alt, hidden, definition, example, broader, related, matches, notation, unverified, position)
  select c ->> 'id', p ->> 'id', c -> 'labels', coalesce(c -> 'alt', '{}'), coalesce(c -> 'hidden', '{}'),
    coalesce(c -> 'definition', '{}'), coalesce(c -> 'example', '{}'), c ->> 'broader',
    array(select jsonb_array_elements_text(c -> 'related')),
    coalesce(c -> 'matches', '{}'), c ->> 'notation',
    array(select jsonb_array_elements_text(c -> 'unverified')), n::int
  from jsonb_array_elements(p -> 'concepts') with ordinality as t (c, n)
  where not exists (select from app.concepts as known where known.id = c ->> 'id');

  -- An example that this release brings comes to a concept that had none.
  update app.concepts as known set example = c -> 'example'
  from jsonb_array_elements(p -> 'concepts') as c
  where known.id = c ->> 'id' and known.scheme = p ->> 'id' and known.example = '{}' and c -> 'example' <> '{}';
end;
$$;

COMMENT ON FUNCTION private.put_concept_scheme(p jsonb) IS 'Adds a scheme of supabase/seed/thesaurus and those of its concepts that are missing, in the order of the file.';

CREATE FUNCTION private.put_groups(p jsonb) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  insert into app.groups (id, labels)
  select g ->> 'id', g -> 'labels' from jsonb_array_elements(p) as g
  on conflict (id) do nothing;
$$;

COMMENT ON FUNCTION private.put_groups(p jsonb) IS 'Adds the working groups of supabase/seed/groups.json that are missing.';

CREATE FUNCTION private.put_theme(p jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  seeded_rev int := (p #>> '{form,rev}')::int;
begin
  insert into app.themes (id, position, labels, group_id, scheme, form_rev, settings)
  values (p ->> 'id', (p ->> 'position')::int, p -> 'labels', p ->> 'group', p ->> 'scheme', seeded_rev, p -> 'settings')
  on conflict (id) do nothing;

  insert into app.forms (theme, rev, form)
  values (p ->> 'id', seeded_rev, p -> 'form')
  on conflict (theme, rev) do nothing;

  -- A newer form becomes the current one, and a setting that this release brings gets its default.
  update app.themes as t
  set form_rev = greatest(t.form_rev, seeded_rev), settings = (p -> 'settings') || t.settings
  where t.id = p ->> 'id'
    and (t.form_rev < seeded_rev or not t.settings ?& array(select jsonb_object_keys(p -> 'settings')));
end;
$$;

COMMENT ON FUNCTION private.put_theme(p jsonb) IS 'Adds a theme of supabase/seed/themes, a newer version of its form, and the settings that it lacks.';

CREATE FUNCTION private.put_under(was app.points, concept text) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points := was;
begin
  p.concept := put_under.concept;
  p := private.save_point(was, p);
  perform private.record_event(p, null, 'remap', was.status, diff => private.content_diff(private.content_of(was), private.content_of(p)));
  return p;
end;
$$;

COMMENT ON FUNCTION private.put_under(was app.points, concept text) IS 'Puts a locked point under another term, because the vocabulary changed and not the thing: nobody''s edit.';

CREATE FUNCTION private.put_waiting_points(e app.thesaurus_edits, term_id text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points;
  moved int := 0;
begin
  for p in
    select o.* from app.points as o join app.themes as t on t.id = o.theme
    where o.id in (select w.point_id from app.term_proposals as w where w.id = any (e.proposals))
      -- Named by somebody since: it waits no more. A word may also answer a question of the form, not name the thing.
      and (o.concept is null or o.concept = t.settings ->> 'holding_concept') and t.scheme = e.scheme
    order by o.id for update of o
  loop
    insert into app.remapped_points (edit, point_id, was, became) values (e.id, p.id, p.concept, term_id) on conflict do nothing;
    perform private.put_under(p, term_id);
    moved := moved + 1;
  end loop;
  return moved;
end;
$$;

COMMENT ON FUNCTION private.put_waiting_points(e app.thesaurus_edits, term_id text) IS 'Puts the points that waited for a word under its term.';

CREATE FUNCTION private.queue_changed_points() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  ids uuid[] := array(
    select p.id from new_points as p join old_points as was using (id)
    where (p.status, p.commune, p.author) is distinct from (was.status, was.commune, was.author));
begin
  if ids <> '{}' then
    perform private.refresh_queue(ids);
  end if;
  return null;
end;
$$;

COMMENT ON FUNCTION private.queue_changed_points() IS 'Trigger: a point that changed state, commune or author waits otherwise.';

CREATE FUNCTION private.queue_counts(in_theme text, scope text[], place text[], by_author uuid, until timestamp with time zone) RETURNS TABLE(kind text, n bigint)
    LANGUAGE plpgsql STABLE ROWS 5
    SET search_path TO ''
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
begin
  return query
    select q.kind, count(*) from app.queue as q
    where q.theme = in_theme
      and (scope is null or q.departement = any (scope) or q.epci = any (scope) or q.commune = any (scope))
      and (place is null or q.departement = any (place) or q.epci = any (place) or q.commune = any (place))
      and (by_author is null or q.author = by_author) and (until is null or q.since <= until)
    group by q.kind;
end;
$$;

COMMENT ON FUNCTION private.queue_counts(in_theme text, scope text[], place text[], by_author uuid, until timestamp with time zone) IS 'How many items of a theme wait, by kind, in a scope and a place.';

CREATE FUNCTION private.queue_items(page app.queue[], viewer uuid) RETURNS TABLE(kind text, item_id uuid, item jsonb)
    LANGUAGE plpgsql STABLE ROWS 50
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
  return query
    with near as materialized (
      select d.point_id, count(*) as n
      from private.possible_duplicates(array(select i.point_id from unnest(page) as i), viewer) as d group by d.point_id
    )
    select i.kind, i.item_id, case
      when i.kind = 'edit' then jsonb_build_object('revision_id', i.item_id)
      when i.kind in ('gone', 'report') then jsonb_build_object('report_id', i.item_id)
      else '{}' end
      || jsonb_build_object(
        'point_id', p.id,
        'kind', i.kind,
        'theme', p.theme,
        'concept', p.concept,
        'commune', p.commune,
        -- Beyond the contract, so that a list can be read: the name given to the thing, and its commune's.
        'title', case when p.attributes ? (t.settings ->> 'title_field') then private.point_title(p) end,
        'commune_name', place.name,
        'waiting_since', private.instant(i.since),
        'author', who.display_name,
        'author_id', i.author,
        'mine', coalesce(i.author = viewer, false),
        'rev', p.rev,
        'expected_photos', p.expected_photos,
        'stored_photos', (select count(*) from app.photos as had where had.point_id = p.id and had.state <> 'refused'),
        -- One picture to know it by: public where there is one, else where those in scope may read it.
        'thumb_url', case when f.public_path is not null then '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path) end,
        'thumb_path', case when f.public_path is null then coalesce(f.thumb_path, f.path) end,
        'candidates', coalesce(near.n, 0),
        'lease', case when exists (select from app.leases as l where l.point_id = p.id) then private.lease_json(p.id, viewer) end)
    from unnest(page) as i
    join app.points as p on p.id = i.point_id
    join app.themes as t on t.id = p.theme
    left join app.profiles as who on who.user_id = i.author
    left join app.territories as place on place.level = 'commune' and place.code = p.commune
    left join near on near.point_id = p.id
    left join lateral (
      select had.* from app.photos as had where had.point_id = p.id and had.state <> 'refused'
      order by (had.public_path is null), had.rank nulls last, had.created_at, had.id limit 1) as f on true;
end;
$$;

COMMENT ON FUNCTION private.queue_items(page app.queue[], viewer uuid) IS 'Items of the queue as contract §4 writes them; `mine` is the viewer''s own contribution, `rev` what a decision says it saw, `author_id` serves to ask for the other items of that person, `thumb_url` or `thumb_path` shows the thing.';

CREATE FUNCTION private.queue_key(i app.queue) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select to_char(i.since at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || '.' || i.kind || '.' || i.item_id;
$$;

COMMENT ON FUNCTION private.queue_key(i app.queue) IS 'The opaque cursor of the queue: age, ties included.';

CREATE FUNCTION private.queue_new_points() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into app.queue (kind, item_id, point_id, theme, commune, author, since)
  select 'new', p.id, p.id, p.theme, p.commune, p.author, p.received_at from new_points as p where p.status = 'submitted';
  return null;
end;
$$;

COMMENT ON FUNCTION private.queue_new_points() IS 'Trigger: points that are born submitted wait.';

CREATE FUNCTION private.queue_page(in_theme text, scope text[], place text[], of_kind text, by_author uuid, until timestamp with time zone, after app.queue, is_newest_first boolean, size integer) RETURNS SETOF app.queue
    LANGUAGE plpgsql STABLE ROWS 50
    SET search_path TO ''
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
begin
  if is_newest_first then
    return query
      select * from app.queue as q
      where q.theme = in_theme
        and (scope is null or q.departement = any (scope) or q.epci = any (scope) or q.commune = any (scope))
        and (place is null or q.departement = any (place) or q.epci = any (place) or q.commune = any (place))
        and (of_kind is null or q.kind = of_kind) and (by_author is null or q.author = by_author) and (until is null or q.since <= until)
        and (after.since is null or (q.since, q.kind, q.item_id) < (after.since, after.kind, after.item_id))
      order by q.since desc, q.kind desc, q.item_id desc limit size;
  else
    return query
      select * from app.queue as q
      where q.theme = in_theme
        and (scope is null or q.departement = any (scope) or q.epci = any (scope) or q.commune = any (scope))
        and (place is null or q.departement = any (place) or q.epci = any (place) or q.commune = any (place))
        and (of_kind is null or q.kind = of_kind) and (by_author is null or q.author = by_author) and (until is null or q.since <= until)
        and (after.since is null or (q.since, q.kind, q.item_id) > (after.since, after.kind, after.item_id))
      order by q.since, q.kind, q.item_id limit size;
  end if;
end;
$$;

COMMENT ON FUNCTION private.queue_page(in_theme text, scope text[], place text[], of_kind text, by_author uuid, until timestamp with time zone, after app.queue, is_newest_first boolean, size integer) IS 'Items of a theme after a place in the queue, oldest or newest first, in a scope (null: everywhere) and a place (null: any).';

CREATE FUNCTION private.queue_part() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.refresh_queue(array_remove(array[
    case when tg_op <> 'DELETE' then new.point_id end, case when tg_op <> 'INSERT' then old.point_id end], null));
  return null;
end;
$$;

COMMENT ON FUNCTION private.queue_part() IS 'Trigger: an edit, a photo or a report came, was decided, or followed into another point.';

CREATE FUNCTION private.read_alignments(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  asked text := private.alignment_source(p);
begin
  perform private.require_vocabulary_role(me, scheme_id);
  return jsonb_build_object(
    'decisions', (
      -- In order, the last of a value last: who reads them in turn ends with what holds.
      select coalesce(jsonb_agg(jsonb_build_object('source', a.source, 'value', a.value, 'concept', a.current, 'at', private.instant(a.decided_at))
        order by a.decided_at, a.source, a.value), '[]')
      from (
        select l.*, case when l.concept is not null then private.current_concept(l.concept) end as current
        from app.alignments as l where l.scheme = scheme_id
        -- Those of the source that is asked for go first: the others only help.
        order by (l.source = asked) is true desc, l.decided_at desc, l.source, l.value limit 20000) as a
      where a.concept is null or a.current is not null),
    'sources', (
      select coalesce(jsonb_agg(jsonb_build_object('source', s.source, 'values', s.n, 'at', private.instant(s.last)) order by s.last desc, s.source), '[]')
      from (
        select l.source, count(*) as n, max(l.decided_at) as last from app.alignments as l where l.scheme = scheme_id
        group by l.source order by max(l.decided_at) desc limit 100) as s),
    'words', private.source_words(scheme_id, asked));
end;
$$;

COMMENT ON FUNCTION private.read_alignments(p jsonb) IS 'What was decided of the values of sources, and which words were proposed from one. Checks: signed in, moderates or coordinates a theme that names its things by the vocabulary.';

CREATE FUNCTION private.read_bucket(id text) RETURNS private.sync_bucket
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
declare
  parts text[] := regexp_match(id, '^c:([a-z][a-z0-9-]{1,40}):([0-3]{12})$');
begin
  if parts is not null then
    return row('c', parts[1], parts[2])::private.sync_bucket;
  elsif id in ('u:me', 'm:me', 't') then
    return row(left(id, 1), null, null)::private.sync_bucket;
  end if;
  perform private.invalid_argument('bucket : c:<thématique>:<quadkey de 12 chiffres>, u:me, m:me ou t.');
end;
$_$;

COMMENT ON FUNCTION private.read_bucket(id text) IS 'Takes a bucket id apart; PT400 when it is not one of the contract.';

CREATE FUNCTION private.read_cursor(given text) RETURNS private.sync_cursor
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
begin
  if given is null then
    return row('0'::xid8, 0)::private.sync_cursor;
  end if;
  if given !~ '^[0-9]{1,19}\.[0-9]{1,18}$' then
    return null;
  end if;
  return row(split_part(given, '.', 1)::xid8, split_part(given, '.', 2)::bigint)::private.sync_cursor;
end;
$_$;

COMMENT ON FUNCTION private.read_cursor(given text) IS 'A cursor from the wire: the beginning when there is none, null when it is not one of ours.';

CREATE FUNCTION private.read_map_tile(z integer, tile_x integer, tile_y integer, themes text, concept text) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  asked text[] := private.arg_texts(jsonb_build_object('themes', themes), 'themes');
  theme_ids text[];
begin
  if z is null or tile_x is null or tile_y is null or z not between 0 and 19
    or tile_x not between 0 and (1 << z) - 1 or tile_y not between 0 and (1 << z) - 1 then
    perform private.fail(400, 'invalid_tile', 'Une tuile va de z 0 à z 19, x et y de 0 à 2^z - 1.');
  end if;
  select coalesce(array_agg(t.id order by t.position, t.id), '{}') into theme_ids
  from app.themes as t where t.is_active and (asked is null or t.id = any (asked));
  return private.cacheable(format('{"v":1,"themes":%s,%s}', to_jsonb(theme_ids), private.map_tile_text(z, tile_x, tile_y, theme_ids,
    case when concept is not null then coalesce(private.with_narrower(concept), '{}') end))::json, 60);
end;
$$;

COMMENT ON FUNCTION private.read_map_tile(z integer, tile_x integer, tile_y integer, themes text, concept text) IS 'A tile of the public map. Reads app.public_points only, public positions by construction: no check of the caller.';

CREATE FUNCTION private.read_me() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  caller uuid := private.require_user();
begin
  perform private.ensure_profile(caller);
  -- Somebody who has been signed in for weeks is invited too.
  perform private.consume_invitations(caller);
  return private.account_json(caller);
end;
$$;

COMMENT ON FUNCTION private.read_me() IS 'The caller''s own account; makes their profile at the first call. PT401 without a user.';

CREATE FUNCTION private.read_point_sheet(p jsonb) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  asked uuid := private.arg_uuid(p, 'id');
  point app.points;
begin
  -- A hidden point leads nowhere: for the public it does not exist, merged or not.
  select survivor.* into point from app.points as asked_for
  join app.points as survivor on survivor.id = private.survivor_of(asked_for.id)
  where asked_for.id = asked and (survivor.id = asked or asked_for.sensitivity <> 'hidden');
  if point.id is null or not private.is_public(point) then
    perform private.fail(404, 'point_not_found', 'Ce point n’existe pas ou n’est pas public.');
  end if;
  return private.cacheable((jsonb_build_object(
    'point', private.point_json(point, null),
    'concept', (select private.concept_json(c) from app.concepts as c where c.id = point.concept),
    'commune', (select jsonb_build_object('code', t.code, 'name', t.name, 'departement', t.departement, 'departement_name', d.name)
      from app.territories as t
      left join app.territories as d on d.level = 'departement' and d.code = t.departement
      where t.level = 'commune' and t.code = point.public_commune),
    'history', private.public_history_json(point),
    'nearby', private.nearby_json(point))
    || case when point.id <> asked then jsonb_build_object('merged_from', asked) else '{}' end)::json, 30);
end;
$$;

COMMENT ON FUNCTION private.read_point_sheet(p jsonb) IS 'A public point with what surrounds it, the same for everybody; PT404 whether it does not exist or is not public.';

CREATE FUNCTION private.read_public_counts(p jsonb) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
  theme_id text := private.arg_text(p, 'theme');
  place text := private.arg_text(p, 'territory');
  communes text[] := case when place is not null then coalesce(private.communes_of(place), array[place]) end;
begin
  return private.cacheable((
    with counted as (
      select t.theme, t.status, t.commune, t.concept, t.updated_on from app.public_points as t
      where (theme_id is null or t.theme = theme_id) and (communes is null or t.commune = any (communes)))
    select json_build_object(
      'total', (select count(*) from counted where status = 'published'),
      'by_status', (select coalesce(json_object_agg(status, n), '{}') from (
        select status, count(*) as n from counted group by status) as s),
      'by_theme', (select coalesce(json_object_agg(theme, n), '{}') from (
        select theme, count(*) as n from counted where status = 'published' group by theme) as s),
      'by_concept', (select coalesce(json_agg(json_build_object('concept', concept, 'count', n) order by n desc, concept), '[]') from (
        select concept, count(*) as n from counted where status = 'published' and concept is not null
        group by concept order by n desc, concept limit 50) as s),
      'communes', (select count(distinct commune) from counted where status = 'published'),
      'by_commune', (select coalesce(json_agg(json_build_object('code', s.commune, 'name', t.name, 'count', s.n) order by s.n desc, s.commune), '[]') from (
        select commune, count(*) as n from counted where status = 'published' and commune is not null
        group by commune order by n desc, commune limit 50) as s
        left join app.territories as t on t.level = 'commune' and t.code = s.commune),
      'photos', (select count(*) from app.photos as f join app.public_points as t on t.point_id = f.point_id
        where f.state = 'published' and f.public_path is not null and t.status = 'published'
          and (theme_id is null or t.theme = theme_id) and (communes is null or t.commune = any (communes))),
      'updated_on', (select max(updated_on) from counted))), 60);
end;
$$;

COMMENT ON FUNCTION private.read_public_counts(p jsonb) IS 'Counts of what is public. Reads public content at public positions only: no check of the caller.';

CREATE FUNCTION private.read_queue_key(key text) RETURNS app.queue
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
declare
  i app.queue;
begin
  if key is null then
    return i;
  elsif key !~ '^\d{20}\.[a-z]{2,10}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    perform private.invalid_argument('after : le curseur d’une page de cette file.');
  end if;
  i.since := (left(key, 8) || ' ' || substr(key, 9, 6) || '.' || substr(key, 15, 6))::timestamp at time zone 'UTC';
  i.kind := split_part(key, '.', 2);
  i.item_id := split_part(key, '.', 3);
  return i;
exception
  when data_exception then
    perform private.invalid_argument('after : le curseur d’une page de cette file.');
end;
$_$;

COMMENT ON FUNCTION private.read_queue_key(key text) IS 'A cursor of the queue taken apart; PT400 for what is none.';

CREATE FUNCTION private.read_releases(p jsonb) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  scheme_id text := private.arg_text(p, 'scheme');
  wanted integer := private.arg_number(p, 'number', 1, 1000000)::integer;
  found json;
begin
  if not exists (select from app.concept_schemes as s where s.id = scheme_id) then
    perform private.fail(404, 'unknown_scheme');
  end if;
  if wanted is null then
    return private.cacheable(json_build_object(
      'releases', (
        select coalesce(jsonb_agg(jsonb_build_object('number', r.number, 'released_at', r.released_at, 'notes', r.notes, 'changes', r.changes)
          order by r.number desc), '[]')
        from app.thesaurus_releases as r where r.scheme = scheme_id),
      'pending', private.vocabulary_changes(
        coalesce((private.last_release(scheme_id)).concepts, '[]'), private.vocabulary_json(scheme_id))), 60);
  end if;
  select json_build_object('number', r.number, 'released_at', r.released_at, 'notes', r.notes, 'changes', r.changes,
    'scheme', jsonb_build_object('id', s.id, 'labels', s.labels, 'licence', s.licence, 'source', s.source), 'concepts', r.concepts)
  into found
  from app.thesaurus_releases as r join app.concept_schemes as s on s.id = r.scheme
  where r.scheme = scheme_id and r.number = wanted;
  if found is null then
    perform private.fail(404, 'unknown_release');
  end if;
  return private.cacheable(found, 86400);
end;
$$;

COMMENT ON FUNCTION private.read_releases(p jsonb) IS 'Versions of a vocabulary, and what has changed since the last. Public by nature: no check of the caller.';

CREATE FUNCTION private.read_stats(p jsonb) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  return private.cacheable((private.read_public_counts(p)::jsonb || jsonb_build_object('median_days', (
    select coalesce(jsonb_object_agg(t.id, private.median_days(t.id)), '{}') from app.themes as t
    where t.is_active and (private.arg_text(p, 'theme') is null or t.id = private.arg_text(p, 'theme')))))::json, 60);
end;
$$;

COMMENT ON FUNCTION private.read_stats(p jsonb) IS 'Counts of what is public, and by theme the median days to a decision. Reads public content and figures only: no check of the caller.';

CREATE FUNCTION private.read_territories(p jsonb) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'extensions'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
  wanted_level text := private.arg_text(p, 'level');
  parent text := private.arg_text(p, 'within');
  codes text[] := private.text_array(p -> 'codes');
  words text[] := string_to_array(nullif(private.fold(private.arg_text(p, 'q')), ''), ' ');
  box geometry := private.arg_box(p, 'bbox');
  -- Not unknown when it is not asked: what has no outline yet would be left out.
  with_outlines boolean := coalesce(p -> 'outlines' = 'true', false);
  -- Outlines are heavy: 300 simplified communes are about 250 kB.
  most int := private.arg_limit(p, case when with_outlines then 300 else 500 end, 5000);
begin
  if wanted_level not in ('commune', 'epci', 'departement', 'region') then
    perform private.invalid_argument('level attend commune, epci, departement ou region.');
  elsif coalesce(p -> 'codes', 'null') <> 'null' and coalesce(cardinality(codes), 501) > 500 then
    perform private.invalid_argument('codes : une liste de 500 codes au plus.');
  end if;
  return private.cacheable(json_build_object('territories', (
    select coalesce(json_agg(json_strip_nulls(json_build_object(
      'level', t.level, 'code', t.code, 'name', t.name, 'epci', t.epci, 'departement', t.departement, 'region', t.region,
      'population', t.population,
      'bbox', case when t.geom is not null then json_build_array(
        round(st_xmin(t.geom)::numeric, 5), round(st_ymin(t.geom)::numeric, 5),
        round(st_xmax(t.geom)::numeric, 5), round(st_ymax(t.geom)::numeric, 5)) end,
      'outline', case when with_outlines then st_asgeojson(t.geom, 4)::json end)) order by t.name, t.code), '[]')
    from (
      select * from app.territories as c
      where (wanted_level is null or c.level = wanted_level)
        and (parent is null or c.epci = parent or c.departement = parent or c.region = parent)
        and (codes is null or c.code = any (codes))
        and (words is null or not exists (select from unnest(words) as word where c.folded not like '% ' || word || '%'))
        and (box is null or c.geom && box)
        and (not with_outlines or c.geom is not null)
      -- Whoever types « aude » looks for the largest thing of that name first.
      order by array_position(array['region', 'departement', 'epci', 'commune'], c.level), c.folded, c.code
      limit most) as t)), 600);
end;
$$;

COMMENT ON FUNCTION private.read_territories(p jsonb) IS 'Territories by level, by what holds them, by code, by name or by box. Public by nature: no check of the caller.';

CREATE FUNCTION private.read_themes() RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select private.cacheable(json_build_object(
    'contract', 1,
    'themes', (select coalesce(jsonb_agg(private.theme_json(t) order by t.position, t.id), '[]') from app.themes as t where t.is_active),
    'groups', (select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'labels', g.labels) order by g.id), '[]') from app.groups as g),
    'charter', (
      select jsonb_build_object('rev', c.rev, 'texts', c.texts, 'data_licence', c.data_licence, 'photo_licence', c.photo_licence)
      from app.charters as c where c.rev = private.current_charter()),
    'instance', private.instance_json()), 300);
$$;

COMMENT ON FUNCTION private.read_themes() IS 'Everything that an app needs to know of the instance before it shows anything. Public by nature: no check of the caller.';

CREATE FUNCTION private.read_thesaurus(p jsonb) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $_$
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
$_$;

COMMENT ON FUNCTION private.read_thesaurus(p jsonb) IS 'Accepted and deprecated concepts: of one scheme, of one concept with those around it (above, below, related, what replaced it or was replaced by it), or since a rev. Public by nature: no check of the caller.';

CREATE FUNCTION private.reason_label(in_theme text, code text, lang text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(
    (select private.label_in(r -> 'labels', reason_label.lang) from app.themes as t,
      jsonb_array_elements(case jsonb_typeof(t.settings -> 'reasons') when 'array' then t.settings -> 'reasons' else '[]' end) as r
      where t.id = in_theme and r ->> 'code' = reason_label.code limit 1),
    private.mail_text('reason_' || code, lang));
$$;

COMMENT ON FUNCTION private.reason_label(in_theme text, code text, lang text) IS 'A reason as mails write it, in a language; null when it has no words.';

CREATE FUNCTION private.record_event(p app.points, actor uuid, action text, from_status text DEFAULT NULL::text, reason text DEFAULT NULL::text, comment text DEFAULT NULL::text, diff jsonb DEFAULT NULL::jsonb, mutation_id uuid DEFAULT NULL::uuid, revision_id uuid DEFAULT NULL::uuid, as_kind text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into app.events
    (point_id, actor, actor_kind, action, from_status, to_status, reason, comment, rev, diff, mutation_id, revision_id)
  values
    (p.id, actor, coalesce(as_kind, private.actor_kind(p, actor)), action, from_status, p.status, reason, comment, p.rev,
     nullif(diff, '{}'), mutation_id, revision_id);
end;
$$;

COMMENT ON FUNCTION private.record_event(p app.points, actor uuid, action text, from_status text, reason text, comment text, diff jsonb, mutation_id uuid, revision_id uuid, as_kind text) IS 'One row of the append-only history. `p` is the point after the change; from_status is null when the action changes no state by nature. Actions: create, edit, propose, confirm, gone, withdraw, comment, photo, load, merge, unmerge and the decisions of contract §3.';

CREATE FUNCTION private.refresh_queue(ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  with wanted as materialized (
    select * from private.waiting_items(ids)
  ), over as (
    delete from app.queue as q
    where q.point_id = any (ids)
      and not exists (select from wanted as w where w.kind = q.kind and w.item_id = q.item_id)
  )
  insert into app.queue as q select * from wanted
  on conflict (kind, item_id) do update
  set point_id = excluded.point_id, theme = excluded.theme, commune = excluded.commune, author = excluded.author, since = excluded.since
  where (q.point_id, q.theme, q.commune, q.author, q.since)
    is distinct from (excluded.point_id, excluded.theme, excluded.commune, excluded.author, excluded.since);
end;
$$;

COMMENT ON FUNCTION private.refresh_queue(ids uuid[]) IS 'Makes the queue say of these points what waits.';

CREATE FUNCTION private.refusal(code text, message text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select jsonb_strip_nulls(jsonb_build_object('status', 'rejected', 'code', code, 'message', nullif(message, ''))); $$;

COMMENT ON FUNCTION private.refusal(code text, message text) IS 'The result of a mutation that is refused.';

CREATE FUNCTION private.refuse_holding_terms(ids text[]) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  held text := (select min(t.settings ->> 'holding_concept') from app.themes as t where t.settings ->> 'holding_concept' = any (ids));
begin
  if held is not null then
    perform private.fail(409, 'holding_term', held);
  end if;
end;
$$;

COMMENT ON FUNCTION private.refuse_holding_terms(ids text[]) IS 'PT409 holding_term: under such a term wait the things that nobody has named yet; it goes on being used.';

CREATE FUNCTION private.refuse_own(theme app.themes, who uuid, contributor uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if contributor = who and not private.may_decide_own(theme) then
    perform private.reject('own_contribution', 'Personne ne décide de sa propre contribution.');
  end if;
end;
$$;

COMMENT ON FUNCTION private.refuse_own(theme app.themes, who uuid, contributor uuid) IS 'Refuses a decision on one''s own contribution (product rule 4).';

CREATE FUNCTION private.refuse_rewriting_history() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- The one change allowed is the erasure of a person: `on delete set null` of the actor.
  if tg_op = 'UPDATE' and new.actor is null and (to_jsonb(new) - 'actor') = (to_jsonb(old) - 'actor') then
    return new;
  end if;
  raise exception 'app.events is append-only';
end;
$$;

COMMENT ON FUNCTION private.refuse_rewriting_history() IS 'Trigger: history is written once.';

CREATE FUNCTION private.refuse_rewriting_releases() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- The one change allowed is the erasure of a person.
  if tg_op = 'UPDATE' and new.released_by is null and (to_jsonb(new) - 'released_by') = (to_jsonb(old) - 'released_by') then
    return new;
  end if;
  raise exception 'app.thesaurus_releases is append-only';
end;
$$;

COMMENT ON FUNCTION private.refuse_rewriting_releases() IS 'Trigger: a version is written once.';

CREATE FUNCTION private.refused_by_epoch(p jsonb, epoch text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  if coalesce(p ->> 'epoch', epoch) = epoch then
    return '[]';
  end if;
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object('mutation_id', m -> 'mutation_id', 'status', 'retry', 'code', 'epoch_changed') order by n), '[]')
    from jsonb_array_elements(p -> 'mutations') with ordinality as sent (m, n));
end;
$$;

COMMENT ON FUNCTION private.refused_by_epoch(p jsonb, epoch text) IS 'The results of a push that was meant for another life of this server (field `epoch`): nothing of it is applied, since what a restored backup has forgotten must come before what waited. Empty when it speaks to this life, or names none.';

CREATE FUNCTION private.reject(code text, details text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  raise exception using errcode = 'CR001', message = code, detail = coalesce(details, '');
end;
$$;

COMMENT ON FUNCTION private.reject(code text, details text) IS 'Refuses the mutation being applied, with a stable code of contract §3: private.push_one turns it into a result.';

CREATE FUNCTION private.release_vocabulary(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  scheme_id text := private.arg_text(p, 'scheme');
  seen integer := coalesce(private.arg_number(p, 'after', 0, 1000000), 0)::integer;
  told text := btrim(coalesce(private.arg_text(p, 'notes'), ''));
  t app.themes;
  last app.thesaurus_releases;
  concepts jsonb;
  changes jsonb;
begin
  select * into t from app.themes as one where one.scheme = scheme_id
  order by private.may_grant(me, one.group_id, '{*}') desc, private.is_coordinator_of(me, one.group_id) desc, one.id limit 1;
  perform private.require_whole_group(me, t, 'Seule la coordination du groupe publie une version de son vocabulaire.');
  if char_length(told) > 2000 then
    perform private.invalid_argument('notes : 2 000 caractères au plus.');
  end if;
  -- One at a time: two coordinators would publish the same number.
  perform from app.concept_schemes as s where s.id = scheme_id for update;
  last := private.last_release(scheme_id);
  if coalesce(last.number, 0) <> seen then
    perform private.fail(409, 'release_moved', format('La version %s est parue entre-temps.', last.number));
  end if;
  concepts := private.vocabulary_json(scheme_id);
  changes := private.vocabulary_changes(coalesce(last.concepts, '[]'), concepts);
  if changes = '[]' then
    perform private.fail(409, 'nothing_to_release', 'Rien n’a changé depuis la dernière version.');
  end if;
  insert into app.thesaurus_releases (scheme, number, released_by, notes, concepts, changes)
  values (scheme_id, seen + 1, me, told, concepts, changes);
  return jsonb_build_object('number', seen + 1);
end;
$$;

COMMENT ON FUNCTION private.release_vocabulary(p jsonb) IS 'Publishes a version of a vocabulary. Checks: signed in, coordinates the whole group of a theme that names its things by it, saw the last version.';

CREATE FUNCTION private.remap(job app.jobs) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.remap(job app.jobs) IS 'Job `remap` {edit}: a second of moving points, as often as it takes; the last look comes when no push can still be writing the former term.';

CREATE FUNCTION private.remind(of_level text, roles text[], days integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  who record;
  filled jsonb;
  size text;
begin
  for who in
    select m.user_id, u.email, t.id as theme, l.lang, private.label_in(t.labels, l.lang) as label,
      private.late_items(m.user_id, t.id, days) as late, s.public_url, s.instance_name
    from app.memberships as m
    join app.themes as t on t.group_id = m.group_id and t.is_active
    join auth.users as u on u.id = m.user_id and u.email_confirmed_at is not null
    cross join lateral (select private.language_of(m.user_id) as lang) as l
    cross join app.settings as s
    where m.role = any (roles)
      and exists (select from app.queue as q where q.theme = t.id and q.since < now() - make_interval(days => days))
      and not exists (select from app.reminders as r
        where r.user_id = m.user_id and r.theme = t.id and r.level = of_level and r.sent_at > now() - interval '7 days')
    order by m.user_id, t.id
  loop
    continue when who.late = 0;
    size := case who.late when 1 then 'one' else 'many' end;
    filled := jsonb_build_object('label', who.label, 'n', who.late, 'days', days, 'url', who.public_url);
    perform private.send_mail('reminder', who.email, private.mail_text('waits_subject_' || size, who.lang, filled),
      concat(concat_ws(E'\n\n', private.mail_text('hello', who.lang), private.mail_text('waits_' || size, who.lang, filled),
        private.mail_text('waits_where', who.lang, filled), who.instance_name), E'\n'),
      who.user_id);
    insert into app.reminders (user_id, theme, level) values (who.user_id, who.theme, of_level)
    on conflict (user_id, theme, level) do update set sent_at = now();
  end loop;
end;
$$;

COMMENT ON FUNCTION private.remind(of_level text, roles text[], days integer) IS 'Mails to the people of some roles what has waited so many days in their scope, once a week at most.';

CREATE FUNCTION private.remind_of_waiting() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.remind('group', array['moderator', 'coordinator'], 7);
  perform private.remind('coordinators', array['coordinator'], 15);
end;
$$;

COMMENT ON FUNCTION private.remind_of_waiting() IS 'Daily: reminds the group of what has waited 7 days, the coordinators of what has waited 15.';

CREATE TABLE app.receipts (
    mutation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    point_id uuid,
    device_id text,
    payload_hash bytea NOT NULL,
    status text NOT NULL,
    code text,
    message text,
    rev integer,
    revision_id uuid,
    conflicts jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT receipts_status_check CHECK ((status = ANY (ARRAY['applied'::text, 'merged'::text, 'pending'::text, 'conflict'::text, 'rejected'::text])))
);

COMMENT ON TABLE app.receipts IS 'One row per mutation applied or finally refused, written with its effect: a replay answers from here.';

CREATE FUNCTION private.replayed(r app.receipts) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_strip_nulls(jsonb_build_object('status', r.status, 'code', r.code, 'message', r.message, 'rev', r.rev,
      'revision_id', r.revision_id))
    || case when r.conflicts is not null then jsonb_build_object('conflicts', r.conflicts) else '{}' end;
$$;

COMMENT ON FUNCTION private.replayed(r app.receipts) IS 'What a mutation that was already answered is answered again.';

CREATE FUNCTION private.report_json(i app.queue) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('id', r.id, 'kind', r.kind, 'about', r.about, 'text', r.text, 'at', private.instant(r.created_at),
    'photo_path', r.photo_path, 'wants_answer', r.email is not null)
  from app.reports as r where i.kind in ('gone', 'report') and r.id = i.item_id;
$$;

COMMENT ON FUNCTION private.report_json(i app.queue) IS 'What was reported, for an item that is a report.';

CREATE FUNCTION private.report_record(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  -- Reports of people without account that one point may gather before somebody reads them.
  open_per_point constant int := 20;
  report uuid := coalesce(private.arg_uuid(p, 'id'), gen_random_uuid());
  about text := private.arg_choice(p, 'kind', array['position', 'description', 'gone', 'photo', 'private', 'duplicate', 'other']);
  step text := private.arg_choice(p, 'step', array['admit', 'record']);
  body text := nullif(btrim(private.arg_text(p, 'text')), '');
  address text := nullif(lower(btrim(private.arg_text(p, 'email'))), '');
  spoken text := coalesce(private.arg_choice(p, 'lang', array['fr', 'en']), 'fr');
  o app.points;
  is_known boolean;
begin
  if about is null or about = 'other' and body is null then
    perform private.invalid_argument('kind est attendu, et un texte quand il vaut other.');
  elsif char_length(body) > 2000 then
    perform private.fail(413, 'too_large', 'Un signalement tient en 2 000 caractères.');
  elsif address is not null and (address !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$' or char_length(address) > 320) then
    perform private.invalid_argument('email : une adresse.');
  end if;
  select * into o from app.points where id = private.survivor_of(private.arg_uuid(p, 'point_id')) for update;
  if not found or not private.is_public(o) then
    perform private.fail(404, 'point_not_found', 'Ce point n''existe pas ou n''est pas visible.');
  end if;
  if exists (select from app.reports where id = report and (point_id <> o.id or user_id is not null)) then
    perform private.fail(409, 'id_taken', 'Un autre signalement porte ce numéro.');
  end if;
  is_known := exists (select from app.reports where id = report and point_id = o.id and user_id is null);
  -- Sent again after an answer that was lost: nothing is left to do, unless its picture never arrived.
  if is_known and (step is distinct from 'admit' or private.has_report_photo(report)) then
    return jsonb_build_object('id', report, 'photo_path', (select photo_path from app.reports where id = report))
      || case step when 'admit' then '{"is_stored": true}'::jsonb else '{}' end;
  elsif step is distinct from 'record' and (not private.count_report(private.arg_text(p, 'address'))
    or not is_known and (select count(*) from app.reports as r where r.point_id = o.id and r.state = 'open' and r.about is not null) >= open_per_point) then
    perform private.fail(429, 'rate_limited', 'Trop de signalements pour l’instant.');
  elsif step = 'admit' then
    return jsonb_build_object('id', report, 'is_stored', false);
  end if;
  -- Anybody may write anybody's address: beyond a few a day, the report stays and nobody is written to.
  if private.is_written_to_enough(address) then
    address := null;
  end if;
  insert into app.reports (id, point_id, kind, about, text, email, lang, photo_path)
  values (report, o.id, case about when 'gone' then 'gone' else 'problem' end, about, body, address, spoken,
    case when p -> 'has_photo' = 'true' then 'reports/' || report || '.jpg' end);
  perform private.save_point(o, o);
  perform private.record_event(o, null, 'report');
  return jsonb_build_object('id', report, 'photo_path', (select photo_path from app.reports where id = report));
end;
$_$;

COMMENT ON FUNCTION private.report_record(p jsonb) IS 'Service only, called by the function report, which checks the picture: {id?, point_id, kind, text?, email?, lang?: fr|en, has_photo?, address, step?} → {id, photo_path|null, is_stored?}. `admit` checks and counts, before the picture is read; `record` then writes; without step, both. The address is hashed, not kept. PT404, PT409 id_taken, PT413, PT429 rate_limited.';

CREATE FUNCTION private.require_answers() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  required jsonb;
  missing text;
begin
  if new.status <> 'submitted'
    or tg_op = 'UPDATE' and old.status <> 'draft' and old.attributes = new.attributes then
    return new;
  end if;
  -- By the version that asked: what a later one requires was not asked of this person.
  select f.required into required from app.forms as f where f.theme = new.theme and f.rev = new.form_rev;
  if required <> '[]' then
    missing := private.missing_answer(required, new.attributes);
    -- An edit answers for what it takes away, not for what was already missing.
    if missing is not null
      and (tg_op = 'INSERT' or old.status = 'draft' or private.missing_answer(required, old.attributes) is null) then
      perform private.reject('invalid_attributes', format('Réponse attendue : %s.', missing));
    end if;
  end if;
  return new;
end;
$$;

COMMENT ON FUNCTION private.require_answers() IS 'Trigger: a point goes to the moderators with the answers that the version of the form it was made with requires, and keeps them.';

CREATE FUNCTION private.require_scope(point uuid, who uuid) RETURNS app.points
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  p app.points;
begin
  select * into p from app.points where id = point;
  if p.id is null or not private.can_see(p, who) then
    perform private.fail(404, 'point_not_found', 'Ce point n''existe pas ou n''est pas visible.');
  end if;
  if p.status in ('draft', 'withdrawn') or not private.moderates(who, p.theme, p.commune) then
    perform private.fail(403, 'not_allowed', 'Ce point n''est pas dans votre secteur de modération.');
  end if;
  return p;
end;
$$;

COMMENT ON FUNCTION private.require_scope(point uuid, who uuid) IS 'The point, for a moderator in scope; PT403 for who sees it otherwise, PT404 for who may not know of it.';

CREATE FUNCTION private.require_user() RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  caller uuid := (select auth.uid());
begin
  if caller is null then
    perform private.fail(401, 'auth_required', 'Connectez-vous pour continuer.');
  end if;
  return caller;
end;
$$;

COMMENT ON FUNCTION private.require_user() IS 'The signed-in caller, or PT401 auth_required: never an empty success.';

CREATE FUNCTION private.require_vocabulary_role(who uuid, scheme_id text, needed text DEFAULT 'propose'::text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  held text := private.vocabulary_role(who, scheme_id);
begin
  if not exists (select from app.concept_schemes as s where s.id = scheme_id) then
    perform private.fail(404, 'unknown_scheme');
  elsif held is null or needed = 'decide' and held <> 'decide' then
    perform private.fail(403, 'not_allowed', 'La coordination du groupe décide de son vocabulaire ; ses modérateurs proposent.');
  end if;
  return held;
end;
$$;

COMMENT ON FUNCTION private.require_vocabulary_role(who uuid, scheme_id text, needed text) IS 'The role of somebody on a vocabulary; PT404 unknown_scheme, PT403 not_allowed without the one needed.';

CREATE FUNCTION private.require_whole_group(who uuid, t app.themes, refusal text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if t.id is null or not private.is_coordinator_of(who, t.group_id) then
    perform private.fail(403, 'not_allowed', refusal);
  elsif not private.may_grant(who, t.group_id, '{*}') then
    perform private.fail(403, 'beyond_scope', 'Une règle de la thématique vaut sur tout le territoire : elle demande une coordination du groupe entier.');
  end if;
end;
$$;

COMMENT ON FUNCTION private.require_whole_group(who uuid, t app.themes, refusal text) IS 'Refuses whoever does not coordinate the group of a theme (`not_allowed`), or only a part of its territory (`beyond_scope`): a rule of a theme holds everywhere.';

CREATE FUNCTION private.required_fields(form jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $_$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'key', field -> 'key', 'required', coalesce((field ->> 'required')::boolean, false), 'visible_if', field -> 'visible_if',
    'fields', (select jsonb_agg(jsonb_build_object('key', one -> 'key', 'visible_if', one -> 'visible_if'))
      from jsonb_array_elements(case when jsonb_typeof(field -> 'fields') = 'array' then field -> 'fields' else '[]' end) as one
      where (one ->> 'required')::boolean)))), '[]')
  from jsonb_path_query(form, '$.sections[*].fields[*]') as field
  where (field ->> 'required')::boolean or field @@ '$.fields[*].required == true';
$_$;

COMMENT ON FUNCTION private.required_fields(form jsonb) IS 'What a form cannot do without, in short.';

CREATE FUNCTION private.restamp_changes(buckets text[], point uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  update app.changes
  set change_xid = pg_current_xact_id(), change_seq = nextval('app.change_seq'), changed_at = clock_timestamp()
  where point_id = point and bucket = any (buckets);
end;
$$;

COMMENT ON FUNCTION private.restamp_changes(buckets text[], point uuid) IS 'Renews feed rows that exist, makes none: a point that stopped being public is announced only where it was.';

CREATE FUNCTION private.restored_term(scheme_id text, args jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  c jsonb := private.term(scheme_id, args ->> 'concept', false);
begin
  if exists (select from app.concepts as t where t.id = c ->> 'broader' and t.status <> 'accepted') then
    c := c || '{"broader": null}';
  end if;
  return jsonb_build_array(c || '{"status": "accepted", "replaced_by": null}');
end;
$$;

COMMENT ON FUNCTION private.restored_term(scheme_id text, args jsonb) IS 'Action `restore` {concept}: used again, under the term where it was as long as that is used. Its points stay where they went.';

CREATE FUNCTION private.revision_changes(p app.points, r app.revisions) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  content jsonb := private.content_of(p);
begin
  return (
    select coalesce(jsonb_agg(private.change_json(path, r.base -> path, value)
      -- The point says something else since: what would be written over.
      || case when private.same_value(path, coalesce(content -> path, 'null'), private.base_value(path, r.base)) then '{}'
        else jsonb_build_object('now', content -> path) end order by path), '[]')
    from jsonb_each(r.patch) as proposed (path, value));
end;
$$;

COMMENT ON FUNCTION private.revision_changes(p app.points, r app.revisions) IS 'What an edit proposes, field by field: {path, before, after, change, now?}; `now` where the point has changed since its author saw it.';

CREATE FUNCTION private.richness(p app.points) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (p.concept is not null)::int
    + (select count(*) from jsonb_each(p.attributes) as answer (key, value) where answer.value not in ('null', '""', '[]', '{}'))
    + (select count(*) from app.photos as f where f.point_id = p.id and f.state <> 'refused');
end;
$$;

COMMENT ON FUNCTION private.richness(p app.points) IS 'How much a point says: its concept, its answers and its pictures, each counted once.';

CREATE FUNCTION private.role_rank(role text) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select array_position(array['contributor', 'moderator', 'coordinator'], role); $$;

COMMENT ON FUNCTION private.role_rank(role text) IS 'Roles from the least to the most: 1, 2, 3.';

CREATE FUNCTION private.run_own_jobs() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.run_own_jobs() IS 'Jobs that SQL does by itself, at each run of the worker: mails of decisions, and a second of moving points to another term.';

CREATE FUNCTION private.salt_of_today() RETURNS bytea
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  today bytea;
begin
  select s.salt into today from app.report_salts as s where s.day = current_date;
  if not found then
    insert into app.report_salts (day) values (current_date) on conflict do nothing;
    select s.salt into today from app.report_salts as s where s.day = current_date;
  end if;
  return today;
end;
$$;

COMMENT ON FUNCTION private.salt_of_today() IS 'The salt of today, made at its first use; it goes within 48 h.';

CREATE FUNCTION private.same_place(a jsonb, b jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
  select case
    when jsonb_typeof(a -> 'lon') = 'number' and jsonb_typeof(a -> 'lat') = 'number'
      and jsonb_typeof(b -> 'lon') = 'number' and jsonb_typeof(b -> 'lat') = 'number'
      and (a ->> 'lon')::numeric between -180 and 180 and (a ->> 'lat')::numeric between -90 and 90
      and (b ->> 'lon')::numeric between -180 and 180 and (b ->> 'lat')::numeric between -90 and 90
    then st_distancesphere(
        st_makepoint((a ->> 'lon')::float8, (a ->> 'lat')::float8),
        st_makepoint((b ->> 'lon')::float8, (b ->> 'lat')::float8))
      <= greatest(1,
        case when jsonb_typeof(a -> 'accuracy_m') = 'number' then (a ->> 'accuracy_m')::numeric end,
        case when jsonb_typeof(b -> 'accuracy_m') = 'number' then (b ->> 'accuracy_m')::numeric end)
    else a = b end;
$$;

COMMENT ON FUNCTION private.same_place(a jsonb, b jsonb) IS 'Whether two positions are one: nearer than the larger accuracy, at least 1 m (contract §3).';

CREATE FUNCTION private.same_value(path text, a jsonb, b jsonb) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case
    when path = 'geom' then private.same_place(a, b)
    when path = 'concept' and a <> b then private.concept_today(a) = private.concept_today(b)
    else a = b end;
$$;

COMMENT ON FUNCTION private.same_value(path text, a jsonb, b jsonb) IS 'Whether two values of a path say the same.';

CREATE FUNCTION private.save_point(was app.points, p app.points, has_new_photo_set boolean DEFAULT false) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  is_moved boolean := not was.geom = p.geom or was.sensitivity <> p.sensitivity;
  saved app.points;
begin
  if has_new_photo_set or was.status <> p.status or private.content_of(was) <> private.content_of(p) then
    p.rev := was.rev + 1;
    p.updated_at := now();
  end if;
  p.v := was.v + 1;
  -- A point moves while the public does not see it, when it can: else one that is hidden by the same decision would
  -- be announced where it goes, and one that is published by it where it was.
  if is_moved and not private.is_public(was) then
    perform private.move_point(p);
  end if;
  update app.points set
    author = p.author, status = p.status, status_before = p.status_before, rev = p.rev, v = p.v, concept = p.concept,
    accuracy_m = p.accuracy_m, position_source = p.position_source, heading_deg = p.heading_deg, moved_m = p.moved_m,
    attributes = p.attributes, form_rev = p.form_rev, updated_at = p.updated_at,
    expected_photos = p.expected_photos, confirmation_count = p.confirmation_count, last_confirmed_on = p.last_confirmed_on,
    observed_condition = p.observed_condition, observed_condition_on = p.observed_condition_on,
    decision = p.decision, duplicate_of = p.duplicate_of, source_id = p.source_id, source_ref = p.source_ref
  where id = p.id
  returning * into saved;
  if is_moved and private.is_public(was) then
    saved := private.move_point(p);
  end if;
  perform private.enqueue_photo_jobs(saved);
  perform private.touch_point(saved.id, was.public_cell);
  return saved;
end;
$$;

COMMENT ON FUNCTION private.save_point(was app.points, p app.points, has_new_photo_set boolean) IS 'The one place that writes a point: counts rev and v (contract §2), asks for its photos to be copied or deleted, announces it.';

CREATE FUNCTION private.scheme_themes(scheme_id text) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select coalesce(array_agg(t.id), '{}') from app.themes as t where t.scheme = scheme_id; $$;

COMMENT ON FUNCTION private.scheme_themes(scheme_id text) IS 'The themes that name their things by a vocabulary.';

CREATE FUNCTION private.scope_of(who uuid) RETURNS TABLE(theme text, territories text[], is_everywhere boolean)
    LANGUAGE sql STABLE ROWS 3
    SET search_path TO ''
    AS $$
  select t.id, m.territories, '*' = any (m.territories)
  from app.memberships as m
  join app.themes as t on t.group_id = m.group_id
  where m.user_id = who and m.role in ('moderator', 'coordinator');
$$;

COMMENT ON FUNCTION private.scope_of(who uuid) IS 'Themes that a person moderates, with the territories: the same rule as private.moderates, for joins.';

CREATE FUNCTION private.search_condition(p jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  theme_ids text[] := private.arg_texts(p, 'themes');
  statuses text[] := coalesce(private.arg_texts(p, 'statuses'), '{published}');
  box geometry := private.arg_box(p, 'bbox');
  concept_id text := private.arg_text(p, 'concept');
  commune_code text := private.arg_text(p, 'commune');
  words text[] := string_to_array(nullif(left(private.fold(private.arg_text(p, 'q')), 200), ''), ' ');
begin
  if not statuses <@ array['published', 'archived', 'destroyed'] then
    perform private.invalid_argument('statuses : published, archived, destroyed.');
  end if;
  -- Only the conditions asked for, values quoted: an index can serve each of them.
  return concat_ws(' and ',
    format('t.status = any (%L)', statuses),
    case when theme_ids is not null then format('t.theme = any (%L)', theme_ids) end,
    case when concept_id is not null then format('t.concept = any (%L)', coalesce(private.with_narrower(concept_id), '{}')) end,
    case when commune_code is not null then format('t.commune = %L', commune_code) end,
    case when box is not null then format('t.place && %L::extensions.geometry', st_transform(box, 3857)) end,
    (select string_agg(private.word_condition('% ' || word || '%'), ' and ') from unnest(words) as word));
end;
$$;

COMMENT ON FUNCTION private.search_condition(p jsonb) IS 'SQL condition over app.public_points (as t) of a search; PT400 when an argument is malformed.';

CREATE FUNCTION private.search_from(after text, with_distance boolean) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  place jsonb;
begin
  if after is null then
    return null;
  end if;
  begin
    place := convert_from(decode(after, 'base64'), 'UTF8')::jsonb;
    -- Casting is the check: whatever is not a cursor of this kind of search fails here.
    perform (place ->> 1)::uuid,
      case when with_distance then (place ->> 0)::float8::text else (place ->> 0)::date::text end;
    if place ->> 0 is not null and place ->> 1 is not null then
      return place;
    end if;
  exception when others then
    null;
  end;
  perform private.invalid_argument('after : la valeur next de la page précédente de la même recherche.');
end;
$$;

COMMENT ON FUNCTION private.search_from(after text, with_distance boolean) IS 'Where a page of a search starts: [last key, last id] of the page before.';

CREATE FUNCTION private.search_page(condition text, around extensions.geometry, start jsonb, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $_$
declare
  -- Web Mercator keeps the shape of small things: the nearest there is the nearest on the ground.
  key text := case when around is null then 't.updated_on' else format('t.place <-> %L::extensions.geometry', around) end;
  direction text := case when around is null then 'desc' else 'asc' end;
  page jsonb;
begin
  execute format($sql$
    select jsonb_agg(jsonb_build_array(key, (t).point_id, private.public_item_json(t)%1$s) order by key %2$s, (t).point_id %2$s)
    from (
      select t, %3$s as key from app.public_points as t
      where %4$s and %5$s
      order by %3$s %2$s, t.point_id %2$s limit %6$s) as page$sql$,
    case when around is not null then format(
      $sql$ || jsonb_build_object('distance_m', round(st_distancesphere(st_transform((t).place, 4326), st_transform(%L::extensions.geometry, 4326))))$sql$, around) end,
    direction, key, condition,
    case
      when start is null then 'true'
      when around is null then format('(t.updated_on, t.point_id) < (%L, %L)', start ->> 0, start ->> 1)
      else format('(%s, t.point_id) > (%L, %L)', key, start ->> 0, start ->> 1) end,
    most)
  into page;
  return coalesce(page, '[]');
end;
$_$;

COMMENT ON FUNCTION private.search_page(condition text, around extensions.geometry, start jsonb, most integer) IS 'One page of a search: [[key, id, item]…], the most recent first or the nearest first.';

CREATE FUNCTION private.search_points(p jsonb) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  condition text := private.search_condition(p);
  most int := private.arg_limit(p, 50, 200);
  around geometry;
  found jsonb;
  total bigint;
  -- Counting further than this costs more than it tells.
  count_limit constant int := 10000;
begin
  if coalesce(p -> 'near', 'null') <> 'null' then
    around := st_transform(st_setsrid(st_makepoint(
      private.arg_number(p -> 'near', 'lon', -180, 180)::float8, private.arg_number(p -> 'near', 'lat', -85, 85)::float8), 4326), 3857);
    if around is null then
      perform private.invalid_argument('near : {lon, lat} en degrés.');
    end if;
  end if;
  found := private.search_page(condition, around, private.search_from(private.arg_text(p, 'after'), around is not null), most + 1);
  execute format('select count(*) from (select from app.public_points as t where %s limit %s) as counted', condition, count_limit + 1)
  into total;
  return private.cacheable(json_build_object(
    'total', least(total, count_limit),
    'exact', total <= count_limit,
    'items', (select coalesce(jsonb_agg(item -> 2 order by n), '[]') from jsonb_array_elements(found) with ordinality as e (item, n) where n <= most),
    'next', case when jsonb_array_length(found) > most then
      translate(encode(convert_to(jsonb_build_array(found -> (most - 1) -> 0, found -> (most - 1) -> 1)::text, 'UTF8'), 'base64'), E'\n', '') end), 30);
end;
$$;

COMMENT ON FUNCTION private.search_points(p jsonb) IS 'Public points that match, by pages: the most recent first, or the nearest. Reads app.public_points only: no check of the caller.';

CREATE FUNCTION private.seen_content(p app.points, viewer uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case when private.is_insider(p, viewer) then private.content_of(p)
    when p.sensitivity = 'open' then private.content_of(p)
      || jsonb_build_object('geom', private.geom_json(p.geom, p.accuracy_m, p.position_source))
    else (private.content_of(p)
        - (select coalesce(array_agg('attributes.' || key), '{}') from unnest(private.locating_keys(p.theme)) as key))
      || jsonb_build_object('geom', private.geom_json(p.public_geom, 707, 'blurred')) end;
$$;

COMMENT ON FUNCTION private.seen_content(p app.points, viewer uuid) IS 'The content that a viewer may see: a stranger''s edit is merged against the public position, or its conflicts would tell the true one.';

CREATE FUNCTION private.seen_photos(m jsonb, waiting text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  maximum constant int := 200;
  seen text[];
begin
  if coalesce(m -> 'photos_seen', 'null') = 'null' then
    return waiting;
  end if;
  seen := private.text_array(m -> 'photos_seen');
  if seen is null or cardinality(seen) > maximum then
    perform private.reject('invalid_patch', format('photos_seen : une liste de %s photos au plus.', maximum));
  end if;
  return array(select one from unnest(waiting) as one where one = any (seen));
end;
$$;

COMMENT ON FUNCTION private.seen_photos(m jsonb, waiting text[]) IS 'The waiting photos that the moderator was shown (`photos_seen`); all of them when the decision does not say.';

CREATE FUNCTION private.send_decisions(who uuid, after bigint, upto bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.send_decisions(who uuid, after bigint, upto bigint) IS 'Mails somebody what was decided on what they gave, in as many mails as it takes, and what moved of what they follow; nothing when nothing did.';

CREATE FUNCTION private.send_digests() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.send_digests() IS 'Daily: the digests that are due.';

CREATE FUNCTION private.send_each_decision() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.send_each_decision() IS 'Trigger: who wants to know at once is written to within a minute, once for all that was decided meanwhile.';

CREATE FUNCTION private.send_mail(kind text, address text, subject text, body text, who uuid DEFAULT NULL::uuid) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  mail bigint;
begin
  insert into app.mails (user_id, address, kind, subject, text)
  -- A header is one line, whatever a name contains.
  values (who, address, kind, left(regexp_replace(subject, '[[:cntrl:]]+', ' ', 'g'), 200), left(body, 20000))
  returning id into mail;
  perform private.enqueue_job('mail', jsonb_build_object('mail_id', mail), 'mail:' || mail);
  return mail;
end;
$$;

COMMENT ON FUNCTION private.send_mail(kind text, address text, subject text, body text, who uuid) IS 'Leaves a mail to the function worker. Returns its number.';

CREATE FUNCTION private.set_member(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  asked_group text := private.arg_text(p, 'group');
  target uuid := private.arg_uuid(p, 'user_id');
  asked_role text := private.arg_role(p);
  scope text[] := private.arg_territories(p);
  is_removal boolean := coalesce(p -> 'remove' = 'true', false);
  was app.memberships;
begin
  perform private.lock_members(asked_group, me);
  select * into was from app.memberships where group_id = asked_group and user_id = target for update;
  if not found then
    perform private.fail(404, 'unknown_member', 'Cette personne n’est pas membre du groupe : invitez-la.');
  end if;
  if target = me then
    if not is_removal then
      perform private.fail(403, 'own_role', 'Personne ne change son propre rôle.');
    elsif private.is_last_coordinator(me, asked_group, was.territories) then
      perform private.fail(409, 'last_coordinator', 'Vous êtes seul à coordonner tout ou partie de votre périmètre : nommez d’abord quelqu’un.');
    end if;
  elsif not private.may_grant(me, asked_group, was.territories) or not private.may_grant(me, asked_group, coalesce(scope, was.territories)) then
    perform private.fail(403, 'beyond_scope', 'Ce périmètre dépasse le vôtre.');
  elsif not is_removal and asked_role is null and scope is null then
    perform private.invalid_argument('role, territories ou remove est attendu.');
  end if;
  if is_removal then
    delete from app.memberships where group_id = asked_group and user_id = target;
    return jsonb_build_object('member', null);
  end if;
  update app.memberships set role = coalesce(asked_role, role), territories = coalesce(scope, territories)
  where group_id = asked_group and user_id = target returning * into was;
  return jsonb_build_object('member', private.member_json(was, me));
end;
$$;

COMMENT ON FUNCTION private.set_member(p jsonb) IS 'Changes or ends somebody''s role in a group. Checks: signed in, coordinates the group over the person''s scope and the new one; nobody changes their own role, but may leave unless last in some territory of theirs.';

CREATE FUNCTION private.set_preferences(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  asked text := private.arg_choice(p, 'digest', array['never', 'each', 'daily', 'weekly']);
  spoken text := private.arg_choice(p, 'lang', array['fr', 'en']);
begin
  perform private.ensure_profile(me);
  -- From now on: what was decided before is in the app. Another rhythm loses nothing of what waits to be told.
  update app.profiles set digest = asked, digest_sent_at = now(),
    told_generation = case digest when 'never' then private.look_at_decisions() else told_generation end
  where user_id = me and asked is not null and digest <> asked;
  update app.profiles set lang = spoken where user_id = me and spoken is not null and lang <> spoken;
  return private.preferences_json(me);
end;
$$;

COMMENT ON FUNCTION private.set_preferences(p jsonb) IS 'Sets or reads the caller''s own preferences. Checks: signed in.';

CREATE FUNCTION private.set_reasons(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  me uuid := private.require_user();
  t app.themes;
  reasons jsonb;
begin
  select * into t from app.themes where id = private.arg_text(p, 'theme') for update;
  perform private.require_whole_group(me, t, 'Seule la coordination du groupe change ses motifs.');
  reasons := private.arg_list(p, 'reasons', 40);
  if exists (
    select from jsonb_array_elements(reasons) as r
    where jsonb_typeof(r) <> 'object' or coalesce(r ->> 'code', '') !~ '^[a-z][a-z0-9_]{1,39}$'
      or jsonb_typeof(r -> 'labels') is distinct from 'object' or coalesce(r #>> '{labels,fr}', '') = '' or char_length((r -> 'labels')::text) > 1000) then
    perform private.invalid_argument('reasons : [{code, labels: {fr, …}}], le code en minuscules.');
  end if;
  update app.themes set settings = settings || jsonb_build_object('reasons', reasons) where id = t.id returning * into t;
  return jsonb_build_object('theme', t.id, 'reasons', reasons, 'known', to_jsonb(private.known_reasons(t)));
end;
$_$;

COMMENT ON FUNCTION private.set_reasons(p jsonb) IS 'Writes the reasons of a theme, beside those of the contract, which stay. Checks: signed in, coordinates the whole group of the theme.';

CREATE FUNCTION private.set_template(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  template uuid := coalesce(private.arg_uuid(p, 'id'), gen_random_uuid());
  in_theme text := coalesce((select m.theme from app.message_templates as m where m.id = template), private.arg_text(p, 'theme'));
  asked_decision text := private.arg_choice(p, 'decision',
    array['publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss']);
  asked_reason text := private.arg_text(p, 'reason');
  label text := btrim(private.arg_text(p, 'label'));
  body text := btrim(private.arg_text(p, 'text'));
  t app.themes;
begin
  select * into t from app.themes where themes.id = in_theme;
  if t.id is null or not private.is_coordinator_of(me, t.group_id) then
    perform private.fail(403, 'not_allowed', 'Seule la coordination du groupe change ses modèles de messages.');
  elsif p -> 'remove' = 'true' then
    delete from app.message_templates as m where m.id = template;
    return jsonb_build_object('id', null);
  elsif asked_reason is not null and asked_reason <> all (private.known_reasons(t)) then
    perform private.fail(400, 'unknown_reason', 'Ce motif n’existe pas pour cette thématique.');
  elsif coalesce(char_length(label), 0) not between 1 and 80 or coalesce(char_length(body), 0) not between 1 and 4000 then
    perform private.invalid_argument('label : 80 caractères au plus ; text : 4 000 au plus.');
  elsif (select count(*) from app.message_templates as m where m.theme = t.id and m.id <> template) >= 200 then
    perform private.invalid_argument('200 modèles au plus par thématique.');
  end if;
  insert into app.message_templates as m (id, theme, decision, reason, label, text, created_by)
  values (template, t.id, asked_decision, asked_reason, label, body, me)
  on conflict on constraint message_templates_pkey do update set decision = excluded.decision, reason = excluded.reason, label = excluded.label,
    text = excluded.text, updated_at = now();
  return jsonb_build_object('id', template);
end;
$$;

COMMENT ON FUNCTION private.set_template(p jsonb) IS 'Writes, changes or removes a message of a theme. Checks: signed in, coordinates the group of the theme.';

CREATE FUNCTION private.set_trust(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  t app.themes;
begin
  select * into t from app.themes where id = private.arg_text(p, 'theme') for update;
  perform private.require_whole_group(me, t, 'Seule la coordination du groupe règle la confiance.');
  if jsonb_typeof(p -> 'enabled') is distinct from 'boolean' then
    perform private.invalid_argument('enabled : oui ou non.');
  end if;
  update app.themes set settings = settings || jsonb_build_object('trust', jsonb_build_object('enabled', p -> 'enabled',
    'accepted', coalesce(trunc(private.arg_number(p, 'accepted', 1, 100000)), (select needed from private.trust_settings(t))),
    'audit', coalesce(private.arg_number(p, 'audit', 0, 1), (select audit_share from private.trust_settings(t)))))
  where id = t.id returning * into t;
  return jsonb_build_object('theme', t.id, 'trust', t.settings -> 'trust');
end;
$$;

COMMENT ON FUNCTION private.set_trust(p jsonb) IS 'Turns earned trust on or off for a theme. Checks: signed in, coordinates the whole group of the theme.';

CREATE FUNCTION private.source_words(scheme_id text, asked text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(jsonb_build_object('text', w.text, 'state', w.state, 'concept', private.current_concept(w.concept)) order by w.text), '[]')
  from (
    -- The latest of each: a word that was refused may be proposed again.
    select distinct on (private.fold(t.text)) t.* from app.term_proposals as t
    where t.scheme = scheme_id and t.origin = asked order by private.fold(t.text), t.created_at desc) as w;
$$;

COMMENT ON FUNCTION private.source_words(scheme_id text, asked text) IS 'The words that were proposed from a source, each as it stands now.';

CREATE FUNCTION private.split_term(scheme_id text, args jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  above jsonb := private.term(scheme_id, args ->> 'concept');
  made jsonb := '[]';
  one jsonb;
begin
  for one in select * from jsonb_array_elements(private.arg_list(args, 'into', 50)) loop
    made := made || private.new_term(scheme_id, one || jsonb_build_object('broader', above ->> 'id'),
      array(select m ->> 'id' from jsonb_array_elements(made) as m));
  end loop;
  if jsonb_array_length(made) < 2 then
    perform private.invalid_argument('into : deux termes au moins.');
  end if;
  return made;
end;
$$;

COMMENT ON FUNCTION private.split_term(scheme_id text, args jsonb) IS 'Action `split` {concept, into: [{labels, …}…]}: terms below it that say more. It stays, and its points wait on it: nobody but who saw them knows which they are.';

CREATE FUNCTION private.stamp_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.change_xid := pg_current_xact_id();
  new.change_seq := nextval('app.change_seq');
  return new;
end;
$$;

COMMENT ON FUNCTION private.stamp_change() IS 'Trigger: stamps a row with the sync cursor of its change.';

CREATE FUNCTION private.stamp_changes(buckets text[], point uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into app.changes (bucket, point_id)
  select distinct bucket, point from unnest(buckets) as bucket where bucket is not null
  on conflict (bucket, point_id) do update
  set change_xid = excluded.change_xid, change_seq = excluded.change_seq, changed_at = excluded.changed_at;
end;
$$;

COMMENT ON FUNCTION private.stamp_changes(buckets text[], point uuid) IS 'Writes or renews the feed rows of a point in the buckets named, at this transaction''s cursor.';

CREATE FUNCTION private.standing_json(who uuid, in_theme text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('id', p.user_id, 'name', p.display_name, 'accepted', coalesce(s.accepted, 0), 'corrected', coalesce(s.corrected, 0),
    'refused', coalesce(s.refused, 0), 'in_a_row', coalesce(s.in_a_row, 0), 'since', private.day(p.created_at))
  from app.profiles as p
  left join app.standings as s on s.user_id = p.user_id and s.theme = in_theme
  where p.user_id = who;
$$;

COMMENT ON FUNCTION private.standing_json(who uuid, in_theme text) IS 'An author as who decides sees them: what became of what they gave to this theme.';

CREATE FUNCTION private.status_after_decision(status text, status_before text, decision text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select case
    when status = 'submitted' then case decision
      when 'publish' then 'published' when 'to_complete' then 'to_complete' when 'reject' then 'rejected' when 'duplicate' then 'duplicate' end
    when status = 'published' then case decision
      when 'archive' then 'archived' when 'destroy' then 'destroyed' when 'duplicate' then 'duplicate' end
    when decision = 'restore' then case status
      when 'archived' then 'published' when 'destroyed' then 'published'
      when 'rejected' then 'submitted' when 'to_complete' then 'submitted'
      when 'duplicate' then coalesce(status_before, 'submitted') end
  end;
$$;

COMMENT ON FUNCTION private.status_after_decision(status text, status_before text, decision text) IS 'The moderators'' rows of the table of transitions (contract §3); null where there is none.';

CREATE FUNCTION private.status_after_edit(p app.points, who uuid, is_submitted boolean) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select case
    when p.author is distinct from who then p.status
    when p.status in ('rejected', 'withdrawn') then 'submitted'
    when p.status in ('draft', 'to_complete') and is_submitted then 'submitted'
    else p.status end;
$$;

COMMENT ON FUNCTION private.status_after_edit(p app.points, who uuid, is_submitted boolean) IS 'State after an edit in place: the author''s edit of a refused or withdrawn point is a resubmission.';

CREATE FUNCTION private.survivor_json(p app.points, other app.points) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  -- Positive: this one stays.
  by_state int := (p.status = 'published')::int - (other.status = 'published')::int;
  by_riches int := case when by_state = 0 then private.richness(p) - private.richness(other) else 0 end;
  stays boolean := case when by_state <> 0 then by_state > 0 when by_riches <> 0 then by_riches > 0
    else (p.received_at, p.id) < (other.received_at, other.id) end;
begin
  return jsonb_build_object('keep', case when stays then 'this' else 'other' end, 'id', case when stays then p.id else other.id end,
    'why', case when by_state <> 0 then 'published' when by_riches <> 0 then 'richer' else 'older' end);
end;
$$;

COMMENT ON FUNCTION private.survivor_json(p app.points, other app.points) IS 'Which of two points should stay when they are one thing: {keep: this|other, id, why: published|richer|older}. The published one, which people may have linked to; else the one that says more; else the older one.';

CREATE FUNCTION private.survivor_of(point uuid) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with recursive chain as (
    select id, duplicate_of, 0 as depth from app.points where id = point
    union all
    select p.id, p.duplicate_of, chain.depth + 1
    from chain join app.points as p on p.id = chain.duplicate_of
    where chain.depth < 100)
  select id from chain order by depth desc limit 1;
$$;

COMMENT ON FUNCTION private.survivor_of(point uuid) IS 'The point that stands for this one: links of duplicates followed to the end.';

CREATE FUNCTION private.sweep() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  last timestamptz := (select swept_at from app.settings);
  duty text;
begin
  perform private.sweep_storage();
  if (select swept_at from app.settings) = last then
    return;
  end if;
  for duty in select routine from app.daily_duties order by position, name loop
    execute format('select %s()', duty);
  end loop;
end;
$$;

COMMENT ON FUNCTION private.sweep() IS 'Once a day, at a run of the worker: cleans, then does each of app.daily_duties.';

CREATE FUNCTION private.sweep_storage() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  point app.points;
begin
  update app.settings set swept_at = now() where swept_at < now() - interval '1 day';
  if not found then
    return;
  end if;
  delete from app.jobs where done_at < now() - make_interval(days => (select done_job_days from app.settings));
  -- A week: longer than any run of the worker, and than any upload that was under way.
  delete from app.condemned_objects where condemned_at < now() - interval '7 days';
  -- Copies that should be public and are not, or the contrary, whatever lost their job.
  for point in
    select p.* from app.points as p
    where exists (
      select from app.photos as f
      where f.point_id = p.id and (f.public_path is not null) <> (f.state = 'published' and private.is_public(p)))
  loop
    perform private.enqueue_photo_jobs(point);
  end loop;
  if exists (select from private.orphan_objects(1)) then
    perform private.enqueue_job('collect_objects', '{}', 'collect_objects');
  end if;
end;
$$;

COMMENT ON FUNCTION private.sweep_storage() IS 'Once a day: purges finished jobs, asks again for public copies that are missing or too many, and for orphan objects to be deleted.';

CREATE FUNCTION private.sync_digest(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  buckets jsonb := private.arg_list(p, 'buckets', 1000);
begin
  if exists (select from jsonb_array_elements(buckets) as b where jsonb_typeof(b) <> 'string') then
    perform private.invalid_argument('buckets : une liste d''identifiants.');
  end if;
  return jsonb_build_object('epoch', private.current_epoch(), 'digests', (
    select coalesce(jsonb_agg(private.bucket_digest(b, me) order by n), '[]')
    from jsonb_array_elements_text(buckets) with ordinality as t (b, n)));
end;
$$;

COMMENT ON FUNCTION private.sync_digest(p jsonb) IS 'Lets a phone prove that its copy of a bucket is whole. Checks: signed in; counts only what the caller may see.';

CREATE FUNCTION private.sync_ids(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  bucket text := private.arg_bucket(p);
  after uuid := private.arg_uuid(p, 'after');
  page_size int := private.arg_limit(p, 5000, 5000);
begin
  return (
    with page as materialized (
      select m.id, m.v, row_number() over (order by m.id) as n
      from private.bucket_points(bucket, me, after, page_size + 1) as m
    )
    select jsonb_build_object(
      'ids', (select coalesce(jsonb_agg(jsonb_build_array(id, v) order by n), '[]') from page where n <= page_size),
      'next', case when (select count(*) from page) > page_size then (select id from page where n = page_size) end));
end;
$$;

COMMENT ON FUNCTION private.sync_ids(p jsonb) IS 'Ids and row counters of a bucket, to find what differs. Checks: signed in; only what the caller may see.';

CREATE FUNCTION private.sync_pull(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  buckets jsonb := private.check_pull(p);
  room int := private.arg_limit(p, 1000, 5000);
  seen uuid[] := '{}';
  known uuid[] := '{}';
  next jsonb[] := '{}';
  resync jsonb[] := '{}';
  words jsonb := '{"concepts":[],"themes":[]}';
  news text[];
  held_since timestamptz;
  bucket jsonb;
  page jsonb;
  page_ids uuid[];
begin
  if not private.pull_epoch_matches(p, me) then
    select array_agg(b -> 'id') into resync from jsonb_array_elements(buckets) as b;
    buckets := '[]';
  end if;
  news := private.buckets_with_news(buckets, me);
  held_since := private.held_back_since(buckets, me);
  for bucket in select * from jsonb_array_elements(buckets) loop
    if not private.is_cursor_possible(bucket ->> 'cursor') then
      resync := resync || (bucket -> 'id');
      continue;
    elsif not bucket ->> 'id' = any (news) then
      next := next || jsonb_build_object('id', bucket -> 'id', 'more', false,
        'cursor', coalesce(bucket ->> 'cursor', private.cursor_text(private.horizon(), 0)));
      continue;
    elsif cardinality(seen) >= room then
      next := next || jsonb_build_object('id', bucket -> 'id', 'cursor', bucket -> 'cursor', 'more', true);
      continue;
    elsif bucket ->> 'id' = 't' then
      words := private.thesaurus_changes(private.read_cursor(bucket ->> 'cursor'));
      next := next || jsonb_build_object('id', 't', 'more', false,
        'cursor', coalesce(words ->> 'cursor', private.cursor_text(private.horizon(), 0)));
      continue;
    end if;
    page := private.pull_bucket(bucket, me, seen, room - cardinality(seen));
    next := next || (page -> 'next');
    page_ids := array(select id::uuid from jsonb_array_elements_text(page -> 'ids') as id);
    seen := array(select unnest(seen) union select unnest(page_ids));
    if bucket ->> 'cursor' is not null then
      known := known || page_ids;
    end if;
  end loop;
  return jsonb_build_object(
      'epoch', private.current_epoch(),
      'visibility_epoch', private.visibility_epoch(me),
      'user_id', me,
      'concepts', words -> 'concepts',
      'themes', words -> 'themes',
      'next', to_jsonb(next),
      'resync', to_jsonb(coalesce(resync, '{}')))
    || private.pull_rows(seen, known, me)
    || case when clock_timestamp() - held_since > interval '5 seconds'
      then jsonb_build_object('stalled_s', floor(extract(epoch from clock_timestamp() - held_since))::int) else '{}' end;
end;
$$;

COMMENT ON FUNCTION private.sync_pull(p jsonb) IS 'Changes of the caller''s buckets since their cursors. Checks: signed in; each row is rendered for the caller alone. Stable: every query of it reads the same snapshot, so rows and horizon are of one instant.';

CREATE FUNCTION private.sync_push(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET lock_timeout TO '4s'
    AS $$
declare
  who uuid := private.require_user();
  epoch text := private.current_epoch();
  account_code text;
  is_too_old boolean := private.is_client_too_old(p -> 'client' ->> 'version');
  busy uuid[];
  halted uuid[] := '{}';
  refused jsonb;
  results jsonb[] := '{}';
  result jsonb;
  m jsonb;
  n bigint;
begin
  perform private.check_push(p);
  refused := private.refused_by_epoch(p, epoch);
  if refused <> '[]' then
    return jsonb_build_object('epoch', epoch, 'user_id', who, 'results', refused);
  end if;
  perform private.ensure_profile(who);
  account_code := private.account_problem(who);
  busy := private.lock_points(array(
    select private.to_uuid(one ->> 'point_id') from jsonb_array_elements(p -> 'mutations') as one));
  if account_code is null and not is_too_old then
    results := private.push_creates(who, p ->> 'device_id', p -> 'mutations', busy);
  end if;
  for m, n in select * from jsonb_array_elements(p -> 'mutations') with ordinality loop
    continue when results[n] is not null;
    result := private.push_one(who, p ->> 'device_id', m, account_code, is_too_old, busy, halted);
    if result ->> 'status' in ('rejected', 'retry') then
      halted := halted || private.to_uuid(m ->> 'point_id');
    end if;
    results[n] := private.with_point(result, m, who);
  end loop;
  return jsonb_build_object('epoch', epoch, 'user_id', who, 'results', to_jsonb(results));
end;
$$;

COMMENT ON FUNCTION private.sync_push(p jsonb) IS 'Takes the contributions of a device: one result per mutation, in order; each applied exactly once however often it is sent, none when the device speaks to another life of the server.';

CREATE FUNCTION private.sync_receipts(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  ids jsonb := private.arg_list(p, 'mutation_ids', 500);
begin
  if exists (select from jsonb_array_elements(ids) as m where jsonb_typeof(m) <> 'string' or not private.is_uuid(m #>> '{}')) then
    perform private.invalid_argument('mutation_ids : une liste d''identifiants UUID.');
  end if;
  return jsonb_build_object('epoch', private.current_epoch(), 'unknown', (
    select coalesce(jsonb_agg(m order by n), '[]')
    from jsonb_array_elements_text(ids) with ordinality as t (m, n)
    where not exists (select from app.receipts as r where r.mutation_id = m::uuid and r.user_id = me)));
end;
$$;

COMMENT ON FUNCTION private.sync_receipts(p jsonb) IS 'Which of these mutations this server does not know from the caller: a device queues them again after a restored backup. Checks: signed in; somebody else''s are as unknown as none.';

CREATE FUNCTION private.sync_snapshot(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  bucket text := private.arg_bucket(p);
  after uuid := private.arg_uuid(p, 'after');
  page_size int := private.arg_limit(p, 1000, 5000);
  horizon text := coalesce(private.arg_text(p, 'horizon'), private.cursor_text(private.horizon(), 0));
  words jsonb := case when bucket = 't' then private.thesaurus_changes(private.read_cursor(null)) - 'cursor' else '{}' end;
begin
  if not private.is_cursor_possible(horizon) then
    perform private.invalid_argument('horizon : celui de la première page ; recommencez sans after.');
  end if;
  return words || (
    with page as materialized (
      select m.id, row_number() over (order by m.id) as n, m as point
      from private.bucket_points(bucket, me, after, page_size + 1) as m
    )
    select jsonb_build_object(
      'epoch', private.current_epoch(),
      'horizon', horizon,
      'points', (select coalesce(jsonb_agg(private.point_json(point, me) order by n), '[]') from page where n <= page_size),
      'next', case when (select count(*) from page) > page_size then (select id from page where n = page_size) end));
end;
$$;

COMMENT ON FUNCTION private.sync_snapshot(p jsonb) IS 'A whole bucket page by page, by id. Checks: signed in; only rows the caller may see. The first page''s horizon is the cursor to pull from afterwards.';

CREATE FUNCTION private.take_back_answers(point uuid, decision uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  mail bigint;
begin
  for mail in select r.answer_id from app.reports as r where r.point_id = point and r.closed_in = decision and r.answer_id is not null loop
    -- One that the worker holds may have left.
    delete from app.jobs where kind = 'mail' and dedupe_key = 'mail:' || mail and done_at is null and locked_until is null;
    if found then
      delete from app.mails where id = mail and sent_at is null;
    end if;
  end loop;
end;
$$;

COMMENT ON FUNCTION private.take_back_answers(point uuid, decision uuid) IS 'Takes back the mails that tell of a decision to those who reported, as long as they did not leave.';

CREATE FUNCTION private.take_back_judgements(of_decision bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  j app.judgements;
  back int;
begin
  for j in select * from app.judgements as k where k.decision_id = of_decision and not k.undone order by k.user_id, k.id loop
    perform from app.standings where user_id = j.user_id and theme = j.theme for update;
    select k.lost into j.lost from app.judgements as k where k.id = j.id;
    update app.judgements set undone = true where id = j.id;
    back := case j.outcome when 'accepted' then -1 else j.lost end;
    -- What was lost once more since is lost all the same: it is owed to that later one.
    update app.judgements as k set lost = greatest(0, k.lost + back)
    where k.id = (
      select l.id from app.judgements as l
      where l.user_id = j.user_id and l.theme = j.theme and l.id > j.id and not l.undone and l.outcome <> 'accepted' order by l.id limit 1);
    update app.standings as s set
      in_a_row = case when found then s.in_a_row else greatest(0, s.in_a_row + back) end,
      accepted = greatest(0, s.accepted - (j.outcome = 'accepted')::int),
      corrected = greatest(0, s.corrected - (j.outcome = 'corrected')::int),
      refused = greatest(0, s.refused - (j.outcome = 'refused')::int)
    where s.user_id = j.user_id and s.theme = j.theme;
  end loop;
end;
$$;

COMMENT ON FUNCTION private.take_back_judgements(of_decision bigint) IS 'The standings of those whom a decision judged are what they would be without it; what was decided since counts on.';

CREATE FUNCTION private.take_jobs(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  -- What one call of Storage deletes in a breath.
  objects_per_job constant int := 100;
  taken jsonb;
begin
  perform private.sweep();
  with due as (
    select id from app.jobs
    where done_at is null and run_after <= now() and (locked_until is null or locked_until < now())
      and (p -> 'kinds' is null or kind = any (private.text_array(p -> 'kinds')))
    order by run_after, id
    limit coalesce(private.to_count(p -> 'limit', 100), 10)
    for update skip locked
  ), locked as (
    update app.jobs as j set locked_until = now() + interval '5 minutes', attempts = j.attempts + 1
    from due where j.id = due.id
    returning j.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', j.id, 'kind', j.kind, 'payload', j.payload, 'attempts', j.attempts, 'photos', private.job_photos(j),
      'objects', case j.kind when 'collect_objects' then private.condemn_orphans(objects_per_job) else '[]' end,
      'mail', private.job_mail(j))
    order by j.run_after, j.id), '[]')
  into taken
  from locked as j;
  return jsonb_build_object('jobs', taken);
end;
$$;

COMMENT ON FUNCTION private.take_jobs(p jsonb) IS 'Service only. Jobs that are due, held for five minutes: {limit? ≤ 100, kinds?} → {jobs: [{id, kind, payload, attempts, photos: [{id, path, thumb_path, sha256, public_path, public_thumb_path}], objects: [{bucket, name}], mail: {to, subject, text}|null}]}.';

CREATE FUNCTION private.tell_decisions(who uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.tell_decisions(who uuid) IS 'Writes to somebody what was decided since the last mail.';

CREATE FUNCTION private.tell_proposer(who uuid, word text, answered text, term_labels jsonb, why text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  lang text := private.language_of(who);
  address text;
begin
  select u.email into address from auth.users as u join app.profiles as o on o.user_id = u.id
  where u.id = who and u.email_confirmed_at is not null and o.digest <> 'never';
  if address is not null then
    perform private.send_mail('decision', address, private.mail_text('term_subject', lang, jsonb_build_object('word', word)),
      concat_ws(E'\n\n', private.mail_text('hello', lang),
        private.mail_text('term_' || answered, lang, jsonb_build_object('word', word, 'term', private.label_in(term_labels, lang), 'reason', why)),
        private.mail_text('digest_choice', lang), (select s.instance_name || E'\n' || s.public_url from app.settings as s)), who);
  end if;
end;
$$;

COMMENT ON FUNCTION private.tell_proposer(who uuid, word text, answered text, term_labels jsonb, why text) IS 'Writes to whoever proposed a word what became of it, if they want to be written to; the app tells everybody.';

CREATE FUNCTION private.term(scheme_id text, concept_id text, must_be_used boolean DEFAULT true) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  c app.concepts;
begin
  select * into c from app.concepts as t where t.id = concept_id and t.scheme = scheme_id and t.status <> 'proposed';
  if not found then
    perform private.fail(404, 'unknown_concept', coalesce(concept_id, ''));
  elsif must_be_used and c.status <> 'accepted' then
    perform private.fail(409, 'concept_moved', jsonb_build_object('concept', c.id, 'field', 'status', 'now', c.status)::text);
  end if;
  return private.concept_row(c);
end;
$$;

COMMENT ON FUNCTION private.term(scheme_id text, concept_id text, must_be_used boolean) IS 'A term of a vocabulary as the journal keeps it; PT404 unknown_concept, PT409 concept_moved where it is no longer used and must be.';

CREATE FUNCTION private.text_array(value jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select case when jsonb_typeof(value) = 'array'
    then coalesce((select array_agg(item) from jsonb_array_elements_text(value) as item), '{}') end;
$$;

COMMENT ON FUNCTION private.text_array(value jsonb) IS 'A JSON list as text[], null when it is no list.';

CREATE FUNCTION private.text_bound(field jsonb) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select coalesce((field ->> 'max')::numeric, case field ->> 'type' when 'text' then 500 else 10000 end); $$;

COMMENT ON FUNCTION private.text_bound(field jsonb) IS 'Characters that an answer to a question of text may have.';

CREATE FUNCTION private.text_by_language(value jsonb, at_most integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select jsonb_typeof(value) = 'object' and not exists (
    select from jsonb_each(value) as l
    where jsonb_typeof(l.value) <> 'string' or btrim(l.value #>> '{}') = '' or char_length(l.value #>> '{}') > at_most);
$$;

COMMENT ON FUNCTION private.text_by_language(value jsonb, at_most integer) IS 'Whether a value is an object of texts that are not empty, of a length at most, by language.';

CREATE FUNCTION private.theme_json(t app.themes) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object(
    'id', t.id, 'labels', t.labels, 'group', t.group_id, 'scheme', t.scheme,
    'form', f.form, 'form_rev', t.form_rev, 'settings', t.settings, 'is_active', t.is_active)
  from app.forms as f
  where f.theme = t.id and f.rev = t.form_rev;
$$;

COMMENT ON FUNCTION private.theme_json(t app.themes) IS 'A theme with its current form, as `themes` and the feed `t` write it.';

CREATE FUNCTION private.theme_radius_m(theme_id text) RETURNS double precision
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce((select (t.settings ->> 'duplicate_radius_m')::double precision from app.themes as t where t.id = theme_id), 50);
$$;

COMMENT ON FUNCTION private.theme_radius_m(theme_id text) IS 'Metres in which the same thing may already be known (setting duplicate_radius_m, default 50).';

CREATE FUNCTION private.thesaurus_changes(since private.sync_cursor) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  horizon xid8 := private.horizon();
begin
  return jsonb_build_object(
    'concepts', (
      select coalesce(jsonb_agg(private.concept_json(c) order by c.scheme, c.position, c.id), '[]')
      from app.concepts as c
      where (c.change_xid, c.change_seq) > (since.xid, since.seq) and c.change_xid < horizon
        and c.status in ('accepted', 'deprecated')),
    'themes', (
      select coalesce(jsonb_agg(private.theme_json(t) order by t.position, t.id), '[]')
      from app.themes as t
      where (t.change_xid, t.change_seq) > (since.xid, since.seq) and t.change_xid < horizon
        -- Who already has themes must learn that one was closed.
        and (t.is_active or since.seq > 0)),
    'cursor', (
      select private.cursor_text(last.change_xid, last.change_seq) from (
        (select change_xid, change_seq from app.concepts where change_xid < horizon order by change_xid desc, change_seq desc limit 1)
        union all (select change_xid, change_seq from app.themes where change_xid < horizon order by change_xid desc, change_seq desc limit 1)
        order by 1 desc, 2 desc limit 1) as last));
end;
$$;

COMMENT ON FUNCTION private.thesaurus_changes(since private.sync_cursor) IS 'Bucket t after a cursor: concepts and themes in the shapes of the RPCs thesaurus and themes, and the cursor reached.';

CREATE FUNCTION private.thesaurus_faults(ids text[]) RETURNS TABLE(concept text, fault text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with touched as (
    select c.* from app.concepts as c where c.id = any (ids) or c.broader = any (ids)
  ), words as (
    select c.id, w.* from touched as c, lateral private.concept_words(c) as w
  )
  select t.id, 'unknown_language' from touched as t
  where (t.labels || t.alt || t.hidden || t.definition || t.scope_note || t.example || t.change_note) - array['fr', 'oc', 'ca', 'en'] <> '{}'
  union all
  select t.id, 'no_label' from touched as t where not exists (select from words as w where w.id = t.id and w.kind = 'pref')
  union all
  select w.id, 'blank_label' from words as w where coalesce(btrim(w.word), '') = '' or char_length(w.word) > 200
  union all
  -- SKOS S13: the three kinds of labels are disjoint.
  select w.id, 'labels_meet' from words as w group by w.id, w.lang, w.word having count(*) > 1
  union all
  select t.id, 'cycle' from touched as t where exists (select from private.concepts_above(t.id) as above where above.is_cycle)
  union all
  select t.id, 'other_scheme' from touched as t join app.concepts as b on b.id = t.broader where b.scheme <> t.scheme
  union all
  select t.id, 'dangling_related' from touched as t, unnest(t.related) as r
  where r = t.id or not exists (select from app.concepts as c where c.id = r)
  union all
  -- SKOS S27: what is related is not in the line above.
  select t.id, 'related_above' from touched as t, lateral private.concepts_above(t.id) as above
  where above.id = any (t.related) or t.id = any (select unnest(c.related) from app.concepts as c where c.id = above.id)
  union all
  select t.id, 'replaced_though_accepted' from touched as t where t.replaced_by is not null and t.status <> 'deprecated'
  union all
  select t.id, 'replacement_cycle' from touched as t where exists (select from private.concepts_replacing(t.id) as r where r.is_cycle);
$$;

COMMENT ON FUNCTION private.thesaurus_faults(ids text[]) IS 'What SKOS, or this project, forbids in these concepts and those just below them: unknown_language, no_label, blank_label, labels_meet, cycle, other_scheme, dangling_related, related_above, replaced_though_accepted, replacement_cycle.';

CREATE FUNCTION private.thread_json(point uuid, viewer uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(jsonb_build_object('at', private.instant(e.at), 'actor', who.display_name, 'actor_kind', e.actor_kind,
    'mine', coalesce(e.actor = viewer, false), 'action', e.action, 'reason', e.reason, 'text', e.comment) order by e.id), '[]')
  from app.events as e left join app.profiles as who on who.user_id = e.actor
  where e.point_id = point and e.comment is not null;
$$;

COMMENT ON FUNCTION private.thread_json(point uuid, viewer uuid) IS 'What was written between the author and the moderators, oldest first, as plain text.';

CREATE FUNCTION private.tile_points(low bigint, high bigint, theme_ids text[], concept_ids text[], step_shift integer, merge_same_place boolean) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
  with here as (
    select t.point_id, (t.x >> step_shift) & 4095 as px, (t.y >> step_shift) & 4095 as py, t.concept,
      array_position(theme_ids, t.theme) - 1 as theme_index,
      case when merge_same_place then count(*) over (partition by t.morton) else 1 end as together
    from app.public_points as t
    where t.status = 'published' and t.morton between low and high and t.theme = any (theme_ids)
      and (concept_ids is null or t.concept = any (concept_ids))),
  same_place as (
    select px, py, count(*) as n, array_agg(theme_index) as indexes from here where together > 1 group by px, py)
  select array[
    (select coalesce(string_agg(
      format('["%s",%s,%s,%s,%s]', point_id, px, py, theme_index, coalesce('"' || concept || '"', 'null')), ',' order by point_id), '')
      from here where together = 1),
    (select coalesce(string_agg(format('[%s,%s,%s,[%s]]', px, py, n, (
      select string_agg(cardinality(array_positions(indexes, i - 1))::text, ',' order by i) from generate_series(1, cardinality(theme_ids)) as i)),
      ',' order by px, py), '') from same_place)];
$$;

COMMENT ON FUNCTION private.tile_points(low bigint, high bigint, theme_ids text[], concept_ids text[], step_shift integer, merge_same_place boolean) IS 'Points of an interval of the Morton order as the text of two JSON lists: points, and clusters of those that share their place.';

CREATE FUNCTION private.to_count(value jsonb, at_most integer) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select case when jsonb_typeof(value) = 'number' and value::numeric between 0 and at_most
      and value::numeric = trunc(value::numeric) then value::numeric::int end);
end;
$$;

COMMENT ON FUNCTION private.to_count(value jsonb, at_most integer) IS 'A JSON number as a whole number from 0 to `at_most`, null when it is none.';

CREATE FUNCTION private.to_day(value text) RETURNS date
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
begin
  return case when value ~ '^\d{4}-\d{2}-\d{2}$' then value::date end;
exception
  when data_exception then
    return null;
end;
$_$;

COMMENT ON FUNCTION private.to_day(value text) IS 'YYYY-MM-DD as a date, null when it is none.';

CREATE FUNCTION private.to_instant(value text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
begin
  if value ~ '^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$' then
    return case when value ~ '(Z|[+-]\d{2}:?\d{2})$' and value ~ 'T' then value::timestamptz
      else value::timestamp at time zone 'UTC' end;
  end if;
  return null;
exception
  when data_exception then
    return null;
end;
$_$;

COMMENT ON FUNCTION private.to_instant(value text) IS 'ISO 8601 text (a day, or an instant; UTC when it names no zone) as an instant, null when it is none.';

CREATE FUNCTION private.to_uuid(value text) RETURNS uuid
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
begin
  return case when value ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then value::uuid end;
end;
$_$;

COMMENT ON FUNCTION private.to_uuid(value text) IS 'The text as a UUID, null when it is none.';

CREATE FUNCTION private.told_condition(theme_id text, said text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select said
    where said <> 'unknown' and exists (
      select from jsonb_array_elements(coalesce(nullif(
        private.form_field(theme_id, private.observed_field(theme_id)) -> 'options', 'null'), '[]')) as option
      where option ->> 'code' = said));
end;
$$;

COMMENT ON FUNCTION private.told_condition(theme_id text, said text) IS 'The state that somebody saw, when it is one of the answers that the theme offers; else null (who cannot tell has seen none). It is read by everybody without a moderator: no text of anybody passes.';

CREATE FUNCTION private.touch_point(point_id uuid, old_cell text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points;
  people text[];
begin
  select * into p from app.points as t where t.id = touch_point.point_id;
  if not found then
    return;
  end if;
  select array_agg('u:' || who) into people from (
    select p.author as who
    union select r.author from app.revisions as r where r.point_id = p.id
    union select f.user_id from app.photos as f where f.point_id = p.id
    union select c.user_id from app.conflicts as c where c.point_id = p.id) as involved
  where who is not null;
  perform private.stamp_changes(
    people || case when private.is_public(p) then private.cell_bucket(p) end
      || case when cardinality(private.waiting_kinds(p)) > 0 then private.moderation_bucket(p) end,
    p.id);
  perform private.restamp_changes(
    array[
      case when not private.is_public(p) then private.cell_bucket(p) end,
      case when old_cell is distinct from p.public_cell then 'c:' || p.theme || ':' || old_cell end,
      case when cardinality(private.waiting_kinds(p)) = 0 then private.moderation_bucket(p) end],
    p.id);
end;
$$;

COMMENT ON FUNCTION private.touch_point(point_id uuid, old_cell text) IS 'Announces a point after any visible change (v already bumped, dependent rows already written): to the public cell only if it is or was public there, to its author and whoever gave something to it, to moderators while it waits or just stopped waiting.';

CREATE FUNCTION private.tried_edit(e app.thesaurus_edits) RETURNS app.thesaurus_edits
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  begin
    e := private.apply_edit(e);
    raise exception using errcode = 'CR003', message = 'tried';
  exception when sqlstate 'CR003' then
    e.state := 'proposed';
    e.remap_until := null;
    return e;
  end;
end;
$$;

COMMENT ON FUNCTION private.tried_edit(e app.thesaurus_edits) IS 'What an edit would do, all its rules applied and nothing written.';

CREATE FUNCTION private.trust_json(who uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_object_agg(t.id, jsonb_build_object('enabled', s.enabled, 'trusted', private.is_trusted(who, t), 'needed', s.needed,
    'in_a_row', coalesce(k.in_a_row, 0), 'accepted', coalesce(k.accepted, 0), 'corrected', coalesce(k.corrected, 0), 'refused', coalesce(k.refused, 0))), '{}')
  from app.themes as t
  cross join lateral private.trust_settings(t) as s
  left join app.standings as k on k.user_id = who and k.theme = t.id
  where t.is_active and (s.enabled or k.user_id is not null);
$$;

COMMENT ON FUNCTION private.trust_json(who uuid) IS 'What a person earned in each theme, as `me` tells them.';

CREATE FUNCTION private.trust_settings(theme app.themes) RETURNS TABLE(enabled boolean, needed integer, audit_share numeric)
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  enabled := coalesce(theme.settings #> '{trust,enabled}' = 'true', false);
  needed := coalesce(private.to_count(theme.settings #> '{trust,accepted}', 100000), 20);
  audit_share := least(1, greatest(0, coalesce(case when jsonb_typeof(theme.settings #> '{trust,audit}') = 'number'
    then (theme.settings #>> '{trust,audit}')::numeric end, 0.1)));
  return next;
end;
$$;

COMMENT ON FUNCTION private.trust_settings(theme app.themes) IS 'Setting `trust` of a theme: {enabled (off), accepted (20 in a row), audit (0.1: one in ten is looked at afterwards)}.';

CREATE FUNCTION private.undo_decision(d app.decisions, p app.points) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.take_back_judgements(d.id);
  perform private.take_back_answers(p.id, d.mutation_id);
  update app.reports set state = 'open', closed_at = null, closed_by = null, closed_with = null, closed_in = null
  where point_id = p.id and state = 'closed' and closed_in = d.mutation_id;
  -- It waits since it waited, not since the mistake was mended.
  update app.queue set since = d.at - d.waited where kind = 'new' and item_id = p.id and d.kind = 'new' and d.waited is not null;
end;
$$;

COMMENT ON FUNCTION private.undo_decision(d app.decisions, p app.points) IS 'What a decision did beside the point itself: the reports that it closed wait again, the standings are given back, a new point takes its place in the queue again.';

CREATE FUNCTION private.undo_edit(e app.thesaurus_edits) RETURNS app.thesaurus_edits
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  rows jsonb;
begin
  if e.state <> 'applied' then
    perform private.fail(409, 'unknown_edit', e.state);
  elsif e.released is not null then
    perform private.fail(409, 'released', e.released::text);
  elsif exists (select from jsonb_each_text(e.moves) as m join app.concepts as c on c.id = m.value where c.status <> 'accepted') then
    perform private.fail(409, 'built_upon', (select string_agg(value, ', ') from jsonb_each_text(e.moves)));
  end if;
  rows := private.undo_rows(e);
  perform private.write_checked(rows);
  update app.term_proposals as w set state = 'proposed', concept = null, decided_at = null, decided_by = null, reason = null
  where w.id = any (e.proposals)
    -- Proposed again by the same source meanwhile: one of them waits.
    and not exists (select from app.term_proposals as o where o.state = 'proposed' and o.id <> w.id and o.scheme = w.scheme and o.origin = w.origin
      and private.fold(o.text) = private.fold(w.text));
  e.state := 'undone';
  select count(*)::int into e.remap_total from app.remapped_points as r where r.edit = e.id and r.back_at is null;
  e.remap_until := case when e.remap_total > 0 then now() end;
  return e;
end;
$$;

COMMENT ON FUNCTION private.undo_edit(e app.thesaurus_edits) IS 'Takes an edit back: the terms at once, its points in the background, the words it answered wait again.';

CREATE FUNCTION private.undo_rows(e app.thesaurus_edits) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  rows jsonb[] := '{}';
  built_upon text[];
  was jsonb;
  became jsonb;
  current jsonb;
  field text;
begin
  -- A delivery has thousands of terms: what others say of them is looked up once.
  select array_agg(distinct named) into built_upon
  from app.concepts as c, lateral unnest(c.related || array[c.broader, c.replaced_by]) as named
  where named is not null and not exists (select from jsonb_array_elements(e.after) as a where a ->> 'id' = c.id);
  for became, was, current in
    select a, b, private.concept_row(c)
    from jsonb_array_elements(e.after) with ordinality as t (a, n)
    left join jsonb_array_elements(e.before) as b on b ->> 'id' = a ->> 'id'
    join app.concepts as c on c.id = a ->> 'id'
    order by n
  loop
    if was is null then
      -- It was made: phones may have it, so it stays known, and is used no more.
      if current <> became
        or exists (select from app.points as p where p.concept = became ->> 'id'
          and not exists (select from app.remapped_points as r where r.edit = e.id and r.point_id = p.id))
        or became ->> 'id' = any (built_upon) then
        perform private.fail(409, 'built_upon', became ->> 'id');
      end if;
      current := current || '{"status": "deprecated"}';
    else
      for field in select key from jsonb_each(became) where value is distinct from was -> key loop
        if current -> field is distinct from became -> field then
          perform private.fail(409, 'built_upon', (became ->> 'id') || ' : ' || field);
        end if;
        current := current || jsonb_build_object(field, was -> field);
      end loop;
    end if;
    rows := rows || current;
  end loop;
  return to_jsonb(rows);
end;
$$;

COMMENT ON FUNCTION private.undo_rows(e app.thesaurus_edits) IS 'The terms as they were before an edit, with what was said of their other fields since; PT409 built_upon where somebody went on from what it said.';

CREATE FUNCTION private.undo_vocabulary_edit(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  me uuid := private.require_user();
  e app.thesaurus_edits := private.own_edit(p, me);
  held text := private.vocabulary_role(me, e.scheme);
begin
  if e.state = 'undone' then
    -- Pressed twice.
    return private.answer_to_edit(e, me, held);
  elsif e.state = 'proposed' and e.author = me then
    e.state := 'undone';
  else
    perform private.require_vocabulary_role(me, e.scheme, 'decide');
    e := private.undo_edit(e);
  end if;
  e.decided_by := me;
  e.decided_at := now();
  perform private.keep_edit(e);
  return private.answer_to_edit(e, me, held);
end;
$$;

COMMENT ON FUNCTION private.undo_vocabulary_edit(p jsonb) IS 'Takes an edit back. Checks: signed in; decides on the vocabulary, or proposed the edit that nobody has decided on.';

CREATE FUNCTION private.union_by(attribute text, newest jsonb, older jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select coalesce(newest, '[]') || coalesce(jsonb_agg(entry order by n)
    filter (where not coalesce(newest, '[]') @> jsonb_build_array(jsonb_build_object(attribute, entry -> attribute))), '[]')
  from jsonb_array_elements(coalesce(older, '[]')) with ordinality as list (entry, n);
$$;

COMMENT ON FUNCTION private.union_by(attribute text, newest jsonb, older jsonb) IS 'Two lists of objects as one: those of the newest, then those that only the older one has, told apart by one attribute.';

CREATE FUNCTION private.update_loaded(point uuid, said jsonb, says jsonb) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  was app.points;
  p app.points;
  has_changed boolean;
begin
  select * into was from app.points where id = point for update;
  -- Only where the source changed its mind and nobody did here since.
  p := private.with_values(was, (
    select coalesce(jsonb_object_agg(path, coalesce(change -> 1, 'null')), '{}')
    from jsonb_each(private.content_diff(said, says)) as d (path, change)
    where private.content_of(was) -> path is not distinct from said -> path));
  has_changed := private.content_of(p) <> private.content_of(was);
  if has_changed then
    p := private.save_point(was, p);
    perform private.record_event(p, null, 'load', was.status,
      diff => private.content_diff(private.content_of(was), private.content_of(p)));
  end if;
  update app.source_rows set content = says, loaded_at = now() where point_id = point;
  return has_changed;
end;
$$;

COMMENT ON FUNCTION private.update_loaded(point uuid, said jsonb, says jsonb) IS 'A point whose source says something else than last time: the new values are taken except where people changed them here.';

CREATE FUNCTION private.update_profile(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  caller uuid := private.require_user();
  before app.profiles;
  after app.profiles;
  point_id uuid;
begin
  if jsonb_typeof(p -> 'named') not in ('boolean', 'null') then
    perform private.invalid_argument('named attend vrai ou faux.');
  end if;
  if char_length(trim(private.arg_text(p, 'display_name'))) > 80 or p ->> 'display_name' ~ '[[:cntrl:]]' then
    perform private.invalid_argument('Le nom affiché tient en 80 caractères, sur une ligne.');
  end if;
  perform private.ensure_profile(caller);
  select * into before from app.profiles where user_id = caller for update;
  after := before;
  if p ? 'display_name' then
    after.display_name := nullif(trim(p ->> 'display_name'), '');
  end if;
  after.named := coalesce((p ->> 'named')::boolean, before.named);
  if after.named and after.display_name is null then
    perform private.invalid_argument('Pour être nommé en public, choisissez d’abord un nom affiché.');
  end if;
  update app.profiles set display_name = after.display_name, named = after.named where user_id = caller;

  -- The name is part of the rows that others see: they change with it.
  if (before.display_name, before.named) is distinct from (after.display_name, after.named) then
    for point_id in
      update app.points as t set v = v + 1
      where t.author = caller and t.status not in ('draft', 'withdrawn') returning t.id
    loop
      perform private.touch_point(point_id);
    end loop;
  end if;
  return private.account_json(caller);
end;
$$;

COMMENT ON FUNCTION private.update_profile(p jsonb) IS 'Changes the caller''s own name and whether it is public, and announces the points that carry it. PT401, PT400.';

CREATE FUNCTION private.uses_of_term(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.uses_of_term(p jsonb) IS 'How many points have a term, and in which départements: no finer, for a blurred point is among them. Checks: signed in, a role on its vocabulary.';

CREATE FUNCTION private.values_to_give_back(survivor app.points, duplicate uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  content jsonb := private.content_of(survivor);
begin
  return (
    select coalesce(jsonb_object_agg(change.path, change.was), '{}')
    from (
      select e.diff from app.events as e
      where e.point_id = survivor.id and e.action = 'merge' and e.diff #>> '{duplicate,1}' = duplicate::text
      order by e.id desc limit 1) as last,
    lateral (select path, value -> 0 as was, value -> 1 as taken from jsonb_each(last.diff - 'duplicate') as d (path, value)) as change
    -- What somebody changed since is theirs.
    where coalesce(content -> change.path, 'null') = change.taken);
end;
$$;

COMMENT ON FUNCTION private.values_to_give_back(survivor app.points, duplicate uuid) IS 'What a survivor held before it took the values of a duplicate, path by path, as far as nobody changed them since.';

CREATE FUNCTION private.views_by_year(points uuid[]) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_object_agg(y.year, y.views), '{}')
  from (
    select k.year, sum(k.views) as views
    from (
      select v.year, v.views::bigint from app.point_views as v where v.point_id = any (points)
      union all
      select extract(year from m.day)::smallint, count(*) from app.view_marks as m where m.point_id = any (points) group by 1
    ) as k (year, views)
    group by k.year) as y;
$$;

COMMENT ON FUNCTION private.views_by_year(points uuid[]) IS 'How often these points were read together: {year: n}, today included; {} when they never were.';

CREATE FUNCTION private.visibility_epoch(who uuid) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return coalesce((select p.visibility_epoch from app.profiles as p where p.user_id = who), 1);
end;
$$;

COMMENT ON FUNCTION private.visibility_epoch(who uuid) IS 'Bumped when what the person may see changes as a whole: their devices take snapshots again.';

CREATE FUNCTION private.vocabulary_changes(before jsonb, after jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'id', coalesce(a ->> 'id', b ->> 'id'),
    'kind', case
      when b is null then 'added'
      when a is null then 'removed'
      when a ->> 'status' = 'deprecated' and b ->> 'status' <> 'deprecated' then 'deprecated'
      when a ->> 'status' <> 'deprecated' and b ->> 'status' = 'deprecated' then 'restored'
      else 'changed' end,
    'labels', coalesce(a, b) -> 'labels',
    'was', case when a -> 'labels' <> b -> 'labels' then b -> 'labels' end,
    'replaced_by', a ->> 'replaced_by',
    'fields', case when a is not null and b is not null then (
      select jsonb_agg(f.key order by f.key) from jsonb_each(a) as f where f.value is distinct from b -> f.key) end))
    order by coalesce(a ->> 'id', b ->> 'id')), '[]')
  from jsonb_array_elements(after) as a
  -- A version from before terms had notes says nothing of them: they were empty.
  full join (select '{"scope_note": {}, "change_note": {}}'::jsonb || o as b from jsonb_array_elements(before) as o) as t on a ->> 'id' = b ->> 'id'
  where a is distinct from b
    -- Made and taken back between two versions: nobody has seen it.
    and not (b is null and a ->> 'status' = 'deprecated');
$$;

COMMENT ON FUNCTION private.vocabulary_changes(before jsonb, after jsonb) IS 'What differs between two states of a vocabulary, concept by concept: {id, kind: added|removed|deprecated|restored|changed, labels, was? (labels before), replaced_by?, fields?}.';

CREATE FUNCTION private.vocabulary_desk(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION private.vocabulary_desk(p jsonb) IS 'The journal, the proposed words, the origins and the uses of a vocabulary. Checks: signed in, a role on it (see vocabulary_role).';

CREATE FUNCTION private.vocabulary_json(scheme_id text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(private.concept_json(c) - 'uri' - 'picture' order by c.position, c.id), '[]')
  from app.concepts as c where c.scheme = scheme_id and c.status <> 'proposed';
$$;

COMMENT ON FUNCTION private.vocabulary_json(scheme_id text) IS 'The concepts of a scheme as they are now, as a version keeps them.';

CREATE FUNCTION private.vocabulary_role(who uuid, scheme_id text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case when bool_or(m.role = 'coordinator' and private.may_grant(who, t.group_id, '{*}')) then 'decide' when count(*) > 0 then 'propose' end
  from app.themes as t join app.memberships as m on m.group_id = t.group_id and m.user_id = who and m.role in ('moderator', 'coordinator')
  where t.scheme = scheme_id;
$$;

COMMENT ON FUNCTION private.vocabulary_role(who uuid, scheme_id text) IS 'What somebody may do with a vocabulary: `decide` (coordinates the whole group of a theme that names its things by it), `propose` (moderates there), null.';

CREATE FUNCTION private.waiting_items(ids uuid[]) RETURNS SETOF app.queue
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select 'new', p.id, p.id, p.theme, p.commune, p.author,
    coalesce((select q.since from app.queue as q where q.kind = 'new' and q.item_id = p.id), p.updated_at), null, null
  from app.points as p where p.id = any (ids) and p.status = 'submitted'
  union all
  select 'edit', r.id, p.id, p.theme, p.commune, r.author, r.created_at, null, null
  from app.revisions as r join app.points as p on p.id = r.point_id
  where r.point_id = any (ids) and r.state = 'pending' and p.status not in ('draft', 'withdrawn')
  union all
  select 'photo', p.id, p.id, p.theme, p.commune, (array_agg(f.user_id order by f.created_at, f.id))[1], min(f.created_at), null, null
  from app.photos as f join app.points as p on p.id = f.point_id
  where f.point_id = any (ids) and f.state = 'pending' and p.status = 'published'
  group by p.id
  union all
  select case r.kind when 'gone' then 'gone' else 'report' end, r.id, p.id, p.theme, p.commune, r.user_id, r.created_at, null, null
  from app.reports as r join app.points as p on p.id = r.point_id
  where r.point_id = any (ids) and r.state = 'open' and p.status not in ('draft', 'withdrawn');
$$;

COMMENT ON FUNCTION private.waiting_items(ids uuid[]) IS 'What of these points waits for a decision, as the queue should say; epci and departement are the trigger''s to write.';

CREATE FUNCTION private.waiting_kinds(p app.points) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return array_remove(array[
    case when p.status = 'submitted' then 'new' end,
    case when exists (select from app.revisions as r where r.point_id = p.id and r.state = 'pending') then 'edit' end,
    case when p.status = 'published'
      and exists (select from app.photos as f where f.point_id = p.id and f.state = 'pending') then 'photo' end,
    case when exists (select from app.reports as r where r.point_id = p.id and r.state = 'open' and r.kind = 'gone') then 'gone' end,
    case when exists (select from app.reports as r where r.point_id = p.id and r.state = 'open' and r.kind <> 'gone') then 'report' end
  ], null);
end;
$$;

COMMENT ON FUNCTION private.waiting_kinds(p app.points) IS 'What of the point waits for a moderator: new, edit, photo, gone, report. Empty when nothing does.';

CREATE FUNCTION private.waiting_photos(point uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select coalesce(jsonb_agg(id order by id), '[]') from app.photos where point_id = point and state = 'pending'; $$;

COMMENT ON FUNCTION private.waiting_photos(point uuid) IS 'Ids of the photos of a point that wait for a decision.';

CREATE FUNCTION private.waiting_points(who uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select q.point_id
  from private.scope_of(who) as s
  join app.queue as q on q.theme = s.theme and (s.is_everywhere
    or q.departement = any (s.territories) or q.epci = any (s.territories) or q.commune = any (s.territories));
$$;

COMMENT ON FUNCTION private.waiting_points(who uuid) IS 'Points that wait for a decision in the scope of a moderator: members of their bucket m:me.';

CREATE FUNCTION private.warm_up() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  who uuid := gen_random_uuid();
  centre extensions.geometry;
  place jsonb;
  answer jsonb;
begin
  begin
    -- Waits for nobody: what is locked is not worth it.
    set local lock_timeout = '50ms';
    select extensions.st_centroid(extent) into centre from app.settings;
    place := jsonb_build_object('lon', extensions.st_x(centre), 'lat', extensions.st_y(centre), 'accuracy_m', 8, 'source', 'map');
    insert into auth.users (id, email, email_confirmed_at) values (who, who || '@invalid', now());
    perform private.ensure_profile(who);
    insert into app.charter_acceptances (user_id, rev)
    select who, private.current_charter() where private.current_charter() is not null;
    perform set_config('request.jwt.claim.sub', who::text, true),
      set_config('request.jwt.claims', jsonb_build_object('sub', who, 'role', 'authenticated')::text, true);
    select public.sync_push(jsonb_build_object('device_id', 'warm-up', 'mutations', jsonb_agg(m))) into answer
    from (
      select jsonb_build_object('mutation_id', gen_random_uuid(), 'kind', 'create', 'point_id', new.id, 'theme', t.id,
        'captured_at', now(), 'patch', jsonb_build_object('geom', place)) as m
      from (select id from app.themes where is_active order by position, id limit 1) as t,
        lateral (values (gen_random_uuid()), (gen_random_uuid())) as new (id)) as sent;
    perform public.sync_pull('{"buckets": [{"id": "u:me"}]}');
    raise exception using errcode = 'CR002', message = 'undo';
  exception
    when others then
      if sqlstate <> 'CR002' then
        raise warning 'warm_up: % %', sqlstate, sqlerrm;
      end if;
  end;
  return (select count(*) from jsonb_array_elements(answer -> 'results') as r where r ->> 'status' = 'applied');
end;
$$;

COMMENT ON FUNCTION private.warm_up() IS 'Makes a connection ready for contributions: pushes two captures of nobody in a savepoint and undoes it. Called by the local server when it opens a connection; returns how many were taken. The owner of the database only.';

CREATE FUNCTION private.widened_field(newest jsonb, older jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  if older is null or newest ->> 'type' is distinct from older ->> 'type' then
    return newest;
  end if;
  -- A side without bound accepts everything, and so does one without options.
  newest := newest || jsonb_build_object(
    'unsure', case when newest -> 'unsure' = 'true' or older -> 'unsure' = 'true' then true end,
    'min', case when newest ->> 'min' is not null and older ->> 'min' is not null
      then least((newest ->> 'min')::numeric, (older ->> 'min')::numeric) end,
    'max', case
      -- A text without bound has one all the same (see check_answer).
      when newest ->> 'type' in ('text', 'long_text') then
        greatest(private.text_bound(newest), private.text_bound(older))
      when newest ->> 'max' is not null and older ->> 'max' is not null
      then greatest((newest ->> 'max')::numeric, (older ->> 'max')::numeric) end,
    'digits', case when newest -> 'digits' = older -> 'digits' then newest -> 'digits' end,
    'options', case when jsonb_array_length(coalesce(nullif(newest -> 'options', 'null'), '[]')) > 0
        and jsonb_array_length(coalesce(nullif(older -> 'options', 'null'), '[]')) > 0
      then private.union_by('code', newest -> 'options', older -> 'options') end);
  if newest ->> 'type' = 'group' then
    newest := newest || jsonb_build_object('fields', private.union_by('key', (
      select jsonb_agg(private.widened_field(one, (
        select other from jsonb_array_elements(coalesce(nullif(older -> 'fields', 'null'), '[]')) as other
        where other ->> 'key' = one ->> 'key')) order by n)
      from jsonb_array_elements(coalesce(nullif(newest -> 'fields', 'null'), '[]')) with ordinality as list (one, n)),
      nullif(older -> 'fields', 'null')));
  end if;
  return jsonb_strip_nulls(newest);
end;
$$;

COMMENT ON FUNCTION private.widened_field(newest jsonb, older jsonb) IS 'A field that accepts what its newest version accepts, and what an older one did. A key keeps its kind: one of another kind adds nothing.';

CREATE FUNCTION private.with_field(c jsonb, path text, seen jsonb, wanted jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  parts text[] := string_to_array(path, '.');
  is_list boolean := parts[1] in ('alt', 'hidden', 'change_note', 'related', 'unverified', 'matches');
  has_key boolean := parts[1] in ('labels', 'definition', 'scope_note', 'example', 'alt', 'hidden', 'change_note', 'matches');
  now jsonb := nullif(case when has_key then c #> parts else c -> path end, 'null');
  value jsonb := nullif(wanted, 'null');
begin
  if not (has_key or parts[1] in ('related', 'unverified', 'notation', 'position', 'picture'))
    or cardinality(parts) <> (case when has_key then 2 else 1 end)
    or has_key and parts[1] <> 'matches' and parts[2] not in ('fr', 'oc', 'ca', 'en') then
    perform private.invalid_argument(format('%s : ce champ n’existe pas, ou ne se change pas ainsi.', path));
  elsif is_list then
    if coalesce(jsonb_typeof(seen), 'null') not in ('null', 'array') or coalesce(jsonb_typeof(value), 'null') not in ('null', 'array') then
      perform private.invalid_argument(format('%s : deux listes, from et to.', path));
    end if;
    value := private.merged_list(now, nullif(seen, 'null'), value);
    value := case when value <> '[]' or not has_key then value end;
  elsif value is not distinct from now then
    return c;
  elsif now is distinct from nullif(seen, 'null') then
    perform private.fail(409, 'concept_moved', jsonb_build_object('concept', c ->> 'id', 'field', path, 'now', now)::text);
  end if;
  return case
    when has_key and value is null then c #- parts
    when has_key then c || jsonb_build_object(parts[1], (c -> parts[1]) || jsonb_build_object(parts[2], value))
    else c || jsonb_build_object(path, value) end;
end;
$$;

COMMENT ON FUNCTION private.with_field(c jsonb, path text, seen jsonb, wanted jsonb) IS 'A term with one field changed from what somebody saw to what they want: lists merge, a text that another has changed since is PT409 concept_moved {concept, field, now}.';

CREATE FUNCTION private.with_labels_of(kept jsonb, gone jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  with words as (
    -- A name that no source has validated is searched by, and shown nowhere.
    select case when gone -> 'unverified' ? l.key then 'hidden' else 'alt' end as kind, l.key as lang, l.value #>> '{}' as word, 0 as n
    from jsonb_each(gone -> 'labels') as l
    union all
    select k.kind, l.key, w.word, w.n from (values ('alt'), ('hidden')) as k (kind), jsonb_each(gone -> k.kind) as l,
      jsonb_array_elements_text(l.value) with ordinality as w (word, n)
  ), added as (
    select distinct on (lang, word) kind, lang, word, n from words
    where kept #>> array['labels', lang] is distinct from word
      and not coalesce(kept #> array['alt', lang], '[]') ? word and not coalesce(kept #> array['hidden', lang], '[]') ? word
    order by lang, word, kind
  ), lists as (
    select kind, lang, coalesce(kept #> array[kind, lang], '[]') || jsonb_agg(word order by n, word) as list from added group by kind, lang
  )
  select kept
    || jsonb_build_object('alt', (kept -> 'alt') || coalesce((select jsonb_object_agg(lang, list) from lists where kind = 'alt'), '{}'))
    || jsonb_build_object('hidden', (kept -> 'hidden') || coalesce((select jsonb_object_agg(lang, list) from lists where kind = 'hidden'), '{}'));
$$;

COMMENT ON FUNCTION private.with_labels_of(kept jsonb, gone jsonb) IS 'A term that answers to the names of another too: who knew it by those goes on finding it.';

CREATE FUNCTION private.with_narrower(concept_id text) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with recursive family as (
    select id from app.concepts where id = concept_id
    union
    select c.id from app.concepts as c join family as f on c.broader = f.id)
  select array_agg(id) from family;
$$;

COMMENT ON FUNCTION private.with_narrower(concept_id text) IS 'A concept and everything narrower, null when the concept is unknown.';

CREATE FUNCTION private.with_point(result jsonb, m jsonb, who uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  point uuid;
  p app.points;
begin
  result := jsonb_build_object('mutation_id', m -> 'mutation_id') || result;
  if result ->> 'status' in ('applied', 'merged', 'pending', 'conflict') or result ->> 'code' = 'stale_review' then
    point := private.to_uuid(m ->> 'point_id');
    select * into p from app.points where id = point;
    result := result || jsonb_build_object('point', private.point_json(p, who));
  end if;
  return result;
end;
$$;

COMMENT ON FUNCTION private.with_point(result jsonb, m jsonb, who uuid) IS 'A result with the row as the caller now sees it.';

CREATE FUNCTION private.with_values(p app.points, value_of jsonb) RETURNS app.points
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  path text;
  value jsonb;
begin
  for path, value in select * from jsonb_each(value_of) loop
    if path = 'concept' then
      p.concept := private.concept_today(value) #>> '{}';
    elsif path = 'sensitivity' then
      p.sensitivity := coalesce(value #>> '{}', 'open');
    elsif path = 'geom' then
      p.geom := st_setsrid(st_makepoint((value ->> 'lon')::float8, (value ->> 'lat')::float8), 4326);
      p.accuracy_m := (value ->> 'accuracy_m')::real;
      p.position_source := value ->> 'source';
      p.heading_deg := (value ->> 'heading_deg')::real;
      p.moved_m := (value ->> 'moved_m')::real;
    elsif jsonb_typeof(value) = 'null' then
      p.attributes := p.attributes - substr(path, 12);
    else
      p.attributes := p.attributes || jsonb_build_object(substr(path, 12), value);
    end if;
  end loop;
  return p;
end;
$$;

COMMENT ON FUNCTION private.with_values(p app.points, value_of jsonb) IS 'The point with values written over its paths (checked ones: private.check_patch).';

CREATE FUNCTION private.withdraw_point(was app.points, who uuid) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  p app.points := was;
begin
  if was.author is distinct from who then
    perform private.reject('not_allowed', 'Seul son auteur retire un point.');
  elsif was.status not in ('draft', 'submitted', 'to_complete', 'rejected') then
    perform private.reject('invalid_transition', 'Ce point ne se retire pas dans son état actuel.');
  end if;
  p.status := 'withdrawn';
  return private.save_point(was, p);
end;
$$;

COMMENT ON FUNCTION private.withdraw_point(was app.points, who uuid) IS 'The author takes back a point that is not published.';

CREATE FUNCTION private.withdraw_revision(p app.points, who uuid, m jsonb) RETURNS app.points
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  r app.revisions;
begin
  select * into r from app.revisions
  where id = private.to_uuid(m ->> 'revision_id') and point_id = p.id and author = who;
  if not found then
    perform private.reject('unknown_revision', 'Cette proposition n’existe pas.');
  elsif r.state <> 'pending' then
    perform private.reject('invalid_transition', 'Cette proposition n’attend plus.');
  end if;
  update app.revisions set state = 'withdrawn', decided_at = now() where id = r.id;
  return private.save_point(p, p);
end;
$$;

COMMENT ON FUNCTION private.withdraw_revision(p app.points, who uuid, m jsonb) IS 'The author of an edit that waits takes it back.';

CREATE FUNCTION private.word_condition(pattern text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select format('(t.folded like %L or t.concept = any (%L) or t.commune = any (%L))', pattern,
    array(select c.id from app.concepts as c where c.folded like pattern and c.status = 'accepted'),
    array(select p.code from app.territories as p where p.level = 'commune' and p.folded like pattern));
$$;

COMMENT ON FUNCTION private.word_condition(pattern text) IS 'SQL condition: the word is in the name of the point, in what it is (any language, synonyms) or in where it is.';

CREATE FUNCTION private.worker_done(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  job app.jobs;
  problem text := left(nullif(p ->> 'error', ''), 1000);
begin
  select * into job from app.jobs where id = private.to_count(p -> 'id', 2147483647) and done_at is null for update;
  if not found then
    return jsonb_build_object('done', false);
  end if;
  if jsonb_typeof(p -> 'photos') = 'array' then
    perform private.note_public_copies(p -> 'photos');
  end if;
  if problem is null
    -- The same work was asked for again meanwhile: that job carries it on.
    or exists (select from app.jobs where dedupe_key = job.dedupe_key and done_at is null and locked_until is null) then
    update app.jobs set done_at = now(), last_error = problem where id = job.id;
    if job.kind = 'collect_objects' and exists (select from private.orphan_objects(1)) then
      perform private.enqueue_job('collect_objects', '{}', 'collect_objects');
    end if;
    return jsonb_build_object('done', true);
  end if;
  update app.jobs set locked_until = null, last_error = problem,
    run_after = now() + least(interval '1 hour', interval '5 seconds' * power(2, least(job.attempts, 12)))
  where id = job.id;
  return jsonb_build_object('done', false);
end;
$$;

COMMENT ON FUNCTION private.worker_done(p jsonb) IS 'Service only. End of a job: {id, error?, photos?: [{id, public_path, public_thumb_path}]} → {done}. One that failed comes back later, twice as late each time, at most an hour.';

CREATE FUNCTION private.worker_take(p jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform private.run_own_jobs();
  return private.take_jobs(p);
end;
$$;

COMMENT ON FUNCTION private.worker_take(p jsonb) IS 'Service only. Jobs that are due, held for five minutes: {limit? ≤ 100, kinds?} → {jobs: [{id, kind, payload, attempts, photos: [{id, path, thumb_path, sha256, public_path, public_thumb_path}], objects: [{bucket, name}], mail: {to, subject, text}|null}]}.';

CREATE FUNCTION private.write_checked(edited jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  detail text;
begin
  perform private.write_concepts(edited);
exception when foreign_key_violation or data_exception then
  get stacked diagnostics detail = pg_exception_detail;
  perform private.fail(400, 'invalid_concept', coalesce(nullif(detail, ''), 'un terme inconnu est nommé'));
end;
$$;

COMMENT ON FUNCTION private.write_checked(edited jsonb) IS 'Writes concepts; one that names a term that is not there is PT400 invalid_concept.';

CREATE FUNCTION private.write_concepts(edited jsonb) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  insert into app.concepts as known (id, scheme, labels, alt, hidden, definition, scope_note, example, change_note, picture, broader, related, matches,
    notation, unverified, status, replaced_by, position, origin)
  select r.id, r.scheme, r.labels, r.alt, r.hidden, r.definition, r.scope_note, r.example, r.change_note, r.picture, r.broader, r.related, r.matches,
    r.notation, r.unverified, r.status, r.replaced_by, r.position, r.origin
  from jsonb_populate_recordset(null::app.concepts, edited) as r
  on conflict (id) do update set labels = excluded.labels, alt = excluded.alt, hidden = excluded.hidden, definition = excluded.definition,
    scope_note = excluded.scope_note, example = excluded.example, change_note = excluded.change_note, picture = excluded.picture,
    broader = excluded.broader, related = excluded.related, matches = excluded.matches, notation = excluded.notation,
    unverified = excluded.unverified, status = excluded.status, replaced_by = excluded.replaced_by, position = excluded.position,
    origin = excluded.origin, updated_at = now()
  where private.concept_row(known) <> private.concept_row(excluded);
$$;

COMMENT ON FUNCTION private.write_concepts(edited jsonb) IS 'Writes concepts as the journal keeps them, all in one statement: their order is free, and what SKOS forbids is judged on the whole. Those that say nothing new are not stamped.';

CREATE FUNCTION private.write_digest(who uuid, address text, decided text, news text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  lang constant text := private.language_of(who);
begin
  perform private.send_mail(case when decided is null then 'digest' else 'decision' end, address, private.mail_text('digest_subject', lang),
    concat(concat_ws(E'\n\n', private.mail_text('hello', lang), decided, private.mail_text('digest_followed', lang) || E'\n' || news,
      s.public_url, private.mail_text('digest_choice', lang), s.instance_name), E'\n'), who)
  from app.settings as s;
end;
$$;

COMMENT ON FUNCTION private.write_digest(who uuid, address text, decided text, news text) IS 'One mail of what was decided and of what moved.';

CREATE FUNCTION private.write_public_point() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'extensions'
    AS $$
declare
  -- Half of the circumference of the Web Mercator world, in its metres.
  half constant float8 := 20037508.342789244;
  title text;
  place geometry;
  px int;
  py int;
begin
  if not private.is_public(new) then
    delete from app.public_points where point_id = new.id;
    return null;
  end if;
  if tg_op = 'UPDATE' and private.is_public(old)
    and (old.theme, old.status, old.concept, old.public_commune, old.sensitivity, old.attributes)
      is not distinct from (new.theme, new.status, new.concept, new.public_commune, new.sensitivity, new.attributes)
    and st_equals(old.public_geom, new.public_geom) then
    return null;
  end if;
  if new.attributes <> '{}' then
    title := private.point_title(new);
  end if;
  place := st_transform(new.public_geom, 3857);
  px := least(2147483647, greatest(0, floor((st_x(place) + half) / half * 1073741824)));
  py := least(2147483647, greatest(0, floor((half - st_y(place)) / half * 1073741824)));
  insert into app.public_points as t
    (point_id, theme, status, concept, commune, title, folded, updated_on, lon, lat, x, y, morton, place)
  values (new.id, new.theme, new.status, new.concept, new.public_commune, title,
    case when title is not null then ' ' || private.fold(title) end, new.updated_at at time zone 'UTC',
    round(st_x(new.public_geom)::numeric, 7), round(st_y(new.public_geom)::numeric, 7),
    px, py, private.morton(px, py), place)
  on conflict (point_id) do update set
    theme = excluded.theme, status = excluded.status, concept = excluded.concept, commune = excluded.commune,
    title = excluded.title, folded = excluded.folded, updated_on = excluded.updated_on, lon = excluded.lon,
    lat = excluded.lat, x = excluded.x, y = excluded.y, morton = excluded.morton, place = excluded.place;
  return null;
end;
$$;

COMMENT ON FUNCTION private.write_public_point() IS 'Trigger: keeps app.public_points true to what the public may see of a point.';

CREATE FUNCTION public.charter_accept(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.accept_charter(p); $$;

COMMENT ON FUNCTION public.charter_accept(p jsonb) IS 'Accepts the current charter {rev} and answers the account. Auth.';

CREATE FUNCTION public.follow(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.follow(p); $$;

COMMENT ON FUNCTION public.follow(p jsonb) IS '{kind: point|commune|theme, target, on?: false} → {digest, follows}. Auth. PT404 unknown_target.';

CREATE FUNCTION public.invite(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.invite(p); $$;

COMMENT ON FUNCTION public.invite(p jsonb) IS '{group, email, role, territories} → {invitation: {id, email, role, territories, expires_at, …}}, mailed, open 14 days; {revoke: id} takes it back. Coordinators of the group. PT403 beyond_scope, own_role; PT400 unknown_territory; PT404 unknown_group, unknown_invitation.';

CREATE FUNCTION public.map_tile(z integer, x integer, y integer, themes text DEFAULT NULL::text, concept text DEFAULT NULL::text) RETURNS json
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.read_map_tile(z, x, y, themes, concept); $$;

COMMENT ON FUNCTION public.map_tile(z integer, x integer, y integer, themes text, concept text) IS 'Tile z/x/y of the public map: published points, or clusters of them, on a grid of 4096 steps. Public, GET, plain parameters.';

CREATE FUNCTION public.me(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.read_me(); $$;

COMMENT ON FUNCTION public.me(p jsonb) IS 'The caller''s account: profile, charter accepted and current, memberships, counts by state. Auth.';

CREATE FUNCTION public.member_set(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.set_member(p); $$;

COMMENT ON FUNCTION public.member_set(p jsonb) IS '{group, user_id, role?, territories?} → {member}; {group, user_id, remove: true} → {member: null}, oneself included. Coordinators. PT403 own_role, beyond_scope; PT404 unknown_member, unknown_group; PT409 last_coordinator.';

CREATE FUNCTION public.members(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.members(p); $$;

COMMENT ON FUNCTION public.members(p jsonb) IS '{group?} → {groups: [{group, labels, members: [{user_id, name, email, role, territories, since, last_seen_on, mine}], invitations: […], changes: [{at, actor, name, from, to, territories}]}]} of the groups that the caller coordinates.';

CREATE FUNCTION public.moderation_bulk(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.moderation_bulk(p); $$;

COMMENT ON FUNCTION public.moderation_bulk(p jsonb) IS '{point_ids ≤ 100} → {safe: [{point_id, rev}], unsafe: [{point_id, why: not_waiting|own_contribution|conflict|term_proposed|candidate|other_author_or_theme}]}. Each safe one is then decided by its own `decide` with one same `bulk` (UUID). Moderators, in their scope.';

CREATE FUNCTION public.moderation_candidates(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.moderation_candidates(p); $$;

COMMENT ON FUNCTION public.moderation_candidates(p jsonb) IS 'Contract §4: {point_id} → what may be the same thing. Moderators in scope.';

CREATE FUNCTION public.moderation_lease(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.moderation_lease(p); $$;

COMMENT ON FUNCTION public.moderation_lease(p jsonb) IS 'Contract §4: {point_id, release?} → {granted, until, holder}. Moderators in scope.';

CREATE FUNCTION public.moderation_queue(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.moderation_queue(p); $$;

COMMENT ON FUNCTION public.moderation_queue(p jsonb) IS 'Contract §4: {theme?, territory?, kind?, order?, after?, limit?, author? (author_id of an item), waiting_days? (at least so long)} → items, total, next, and counts {theme: {kind: n}} whatever theme and kind were asked. Signed-in callers, in their scope. PT400 unknown_territory.';

CREATE FUNCTION public.moderation_review(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.moderation_review(p); $$;

COMMENT ON FUNCTION public.moderation_review(p jsonb) IS '{point_id, revision_id?, report_id?} → {point, item|null, others: [{kind, id, waiting_since}], may_decide, changes: [{path, before, after, change: added|changed|removed, now?}], moved: {from, to, distance_m}|null, author: {id, name, accepted, corrected, refused, in_a_row, since}|null, report|null, candidates, events, thread: [{at, actor, actor_kind, mine, action, reason, text}]}. Moderators in scope. item null: nothing waits any more.';

CREATE FUNCTION public.moderation_templates(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.moderation_templates(p); $$;

COMMENT ON FUNCTION public.moderation_templates(p jsonb) IS '{} → {templates: [{id, theme, decision|null, reason|null, label, text}]} of the themes that the caller moderates.';

CREATE FUNCTION public.my_contributions(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.my_contributions(p); $$;

COMMENT ON FUNCTION public.my_contributions(p jsonb) IS '{after?, limit? ≤ 200} → {items: [{point_id, theme, title, status, concept, commune_name, kind, decision, outcome, reason, comment, at, views: {year: n}, todo: complete|resubmit|null}], standing, views: {year: n} of all that one captured, next|null}. Auth.';

CREATE FUNCTION public.photo_record(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.photo_record(p); $$;

COMMENT ON FUNCTION public.photo_record(p jsonb) IS 'Service only, called by the function photo_commit: see private.photo_record.';

CREATE FUNCTION public.point_history(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.point_history(p); $$;

COMMENT ON FUNCTION public.point_history(p jsonb) IS 'Contract §4: {point_id} → {events}. Signed-in callers, each what they may see.';

CREATE FUNCTION public.point_seen(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.point_seen(p); $$;

COMMENT ON FUNCTION public.point_seen(p jsonb) IS '{id} → {}: the public sheet of a point was opened. Anybody; nothing is kept of who (supabase/README.md). Never cached, never sent again.';

CREATE FUNCTION public.point_sheet(p jsonb DEFAULT '{}'::jsonb) RETURNS json
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.read_point_sheet(p); $$;

COMMENT ON FUNCTION public.point_sheet(p jsonb) IS 'Sheet of a public point {id}: row, concept, public history, points nearby. A merged point answers its survivor. Public, GET.';

CREATE FUNCTION public.points_search(p jsonb DEFAULT '{}'::jsonb) RETURNS json
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.search_points(p); $$;

COMMENT ON FUNCTION public.points_search(p jsonb) IS 'Searches public points {q?, bbox?, themes?, concept?, commune?, near?, statuses?, after?, limit?}. Public, GET.';

CREATE FUNCTION public.preferences_set(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.set_preferences(p); $$;

COMMENT ON FUNCTION public.preferences_set(p jsonb) IS '{digest?: never|each|daily|weekly, lang?: fr|en} → {digest, lang, follows: [{kind, target, title?, theme?, concept?}]}; {} reads. Auth.';

CREATE FUNCTION public.profile_update(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.update_profile(p); $$;

COMMENT ON FUNCTION public.profile_update(p jsonb) IS 'Changes {display_name?, named?} of the caller and answers the account. Auth.';

CREATE FUNCTION public.reasons_set(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.set_reasons(p); $$;

COMMENT ON FUNCTION public.reasons_set(p jsonb) IS '{theme, reasons: [{code, labels: {fr, en?}}] ≤ 40} → {theme, reasons, known: [code]}. Coordinators of the theme''s whole group. PT403 not_allowed, beyond_scope. The codes of contract §4 are always known.';

CREATE FUNCTION public.report_record(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.report_record(p); $$;

COMMENT ON FUNCTION public.report_record(p jsonb) IS 'Service only: see private.report_record.';

CREATE FUNCTION public.stats(p jsonb DEFAULT '{}'::jsonb) RETURNS json
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.read_stats(p); $$;

COMMENT ON FUNCTION public.stats(p jsonb) IS 'Counts of published points {theme?, territory?}: by state, theme, concept and commune. Public, GET.';

CREATE FUNCTION public.sync_digest(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.sync_digest(p) || jsonb_build_object('user_id', auth.uid()); $$;

COMMENT ON FUNCTION public.sync_digest(p jsonb) IS 'Contract §3: {buckets} → count and digest of each, as decimal strings; `user_id` and `epoch` say whom and what they speak of. Signed-in callers.';

CREATE FUNCTION public.sync_ids(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.sync_ids(p) || jsonb_build_object('epoch', private.sync_digest('{"buckets":[]}') -> 'epoch', 'user_id', auth.uid()); $$;

COMMENT ON FUNCTION public.sync_ids(p jsonb) IS 'Contract §3: {bucket, after?, limit?} → [[id, v]…] by id; `user_id` and `epoch` say whom and what they speak of. Signed-in callers.';

CREATE FUNCTION public.sync_pull(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return private.sync_pull(p) || jsonb_build_object('server_time',
    to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
end;
$$;

COMMENT ON FUNCTION public.sync_pull(p jsonb) IS 'Contract §3: {epoch?, visibility_epoch?, buckets, limit?} → what changed and what left the caller''s view; `server_time` lets a phone notice that its own clock is wrong. Signed-in callers.';

CREATE FUNCTION public.sync_push(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  return private.sync_push(p) || jsonb_build_object('server_time',
    to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
end;
$$;

COMMENT ON FUNCTION public.sync_push(p jsonb) IS 'Sends contributions (contract §3, auth): {device_id, client, mutations} → {epoch, user_id, results}; `server_time` dates the receipts of a phone whose clock is wrong.';

CREATE FUNCTION public.sync_receipts(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.sync_receipts(p) || jsonb_build_object('user_id', auth.uid()); $$;

COMMENT ON FUNCTION public.sync_receipts(p jsonb) IS 'Contract §3: {mutation_ids ≤ 500} → {unknown}; `user_id` and `epoch` say whom and what it speaks of. Signed-in callers.';

CREATE FUNCTION public.sync_snapshot(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.sync_snapshot(p) || jsonb_build_object('user_id', auth.uid()); $$;

COMMENT ON FUNCTION public.sync_snapshot(p jsonb) IS 'Contract §3: {bucket, after?, limit?, horizon?} → a page of the bucket as it is now; `user_id` and `epoch` say whom and what it speaks of. Signed-in callers.';

CREATE FUNCTION public.template_set(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.set_template(p); $$;

COMMENT ON FUNCTION public.template_set(p jsonb) IS '{theme, id?, decision?, reason?, label, text} → {id}; {id, remove: true} → {id: null}. Coordinators of the theme''s group.';

CREATE FUNCTION public.territories(p jsonb DEFAULT '{}'::jsonb) RETURNS json
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.read_territories(p); $$;

COMMENT ON FUNCTION public.territories(p jsonb) IS 'INSEE territories {level?, within?, codes?, q?, bbox?, outlines?, limit?}, with their box and, when asked, their outline. Public, GET.';

CREATE FUNCTION public.themes(p jsonb DEFAULT '{}'::jsonb) RETURNS json
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.read_themes(); $$;

COMMENT ON FUNCTION public.themes(p jsonb) IS 'Inventories with their forms and settings, the current charter and the instance. Public, GET.';

CREATE FUNCTION public.thesaurus(p jsonb DEFAULT '{}'::jsonb) RETURNS json
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.read_thesaurus(p); $$;

COMMENT ON FUNCTION public.thesaurus(p jsonb) IS 'Concepts of the thesaurus {scheme?, concept?, since?}; rev is opaque, to be sent back as since. Public, GET.';

CREATE FUNCTION public.thesaurus_align(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.keep_alignments(p); $$;

COMMENT ON FUNCTION public.thesaurus_align(p jsonb) IS '{scheme, source, decisions: [{value, concept|null} or {value, forget: true}] ≤ 1 000} → {changed}. All or nothing; again changes nothing. Moderators and coordinators of its themes. PT400 invalid_argument, PT403 not_allowed, PT404 unknown_scheme, unknown_concept.';

CREATE FUNCTION public.thesaurus_alignments(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.read_alignments(p); $$;

COMMENT ON FUNCTION public.thesaurus_alignments(p jsonb) IS '{scheme, source?} → {decisions: [{source, value, concept|null, at}] in the order in which they were made, those of the source for sure, 20 000 at most; sources: [{source, values, at}] latest first; words: [{text, state, concept|null}] proposed from the source}. Moderators and coordinators of its themes. PT403 not_allowed, PT404 unknown_scheme.';

CREATE FUNCTION public.thesaurus_answer(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.answer_words(p); $$;

COMMENT ON FUNCTION public.thesaurus_answer(p jsonb) IS '{ids, as: new|synonym|refused, concept?, reason?} → {edit|null, concept|null, points}. Coordination of the whole group. PT409 already_answered, PT400 reason_required.';

CREATE FUNCTION public.thesaurus_decide(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.decide_on_edit(p); $$;

COMMENT ON FUNCTION public.thesaurus_decide(p jsonb) IS '{edit, accept, reason?} → as thesaurus_edit. Coordination of the whole group. PT400 reason_required.';

CREATE FUNCTION public.thesaurus_desk(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.vocabulary_desk(p); $$;

COMMENT ON FUNCTION public.thesaurus_desk(p jsonb) IS '{scheme} → {role: decide|propose, last_release, edits, proposals, origins, uses}. Moderators and coordinators of its themes. PT403 not_allowed, PT404 unknown_scheme.';

CREATE FUNCTION public.thesaurus_edit(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.edit_vocabulary(p); $$;

COMMENT ON FUNCTION public.thesaurus_edit(p jsonb) IS '{id, scheme, action, …, note?, dry?} → {edit, before, after, points}. Moderators propose, the coordination of the whole group decides. PT400 invalid_concept, PT409 concept_moved.';

CREATE FUNCTION public.thesaurus_propose(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.propose_words(p); $$;

COMMENT ON FUNCTION public.thesaurus_propose(p jsonb) IS '{scheme, source, terms: [{text, lang, count, note?}] ≤ 200} → {words: [{text, id}]}. Again changes nothing while the word waits. Moderators and coordinators of its themes. PT400 invalid_argument, PT403 not_allowed, PT404 unknown_scheme.';

CREATE FUNCTION public.thesaurus_release(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.release_vocabulary(p); $$;

COMMENT ON FUNCTION public.thesaurus_release(p jsonb) IS '{scheme, after: number of the last version, notes?} → {number}. Coordinators of the whole group. PT403 not_allowed, beyond_scope; PT409 release_moved, nothing_to_release.';

CREATE FUNCTION public.thesaurus_releases(p jsonb DEFAULT '{}'::jsonb) RETURNS json
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.read_releases(p); $$;

COMMENT ON FUNCTION public.thesaurus_releases(p jsonb) IS '{scheme} → {releases: [{number, released_at, notes, changes}…], pending: changes since}; {scheme, number} → that version with its concepts. PT404 unknown_scheme, unknown_release. Public, GET.';

CREATE FUNCTION public.thesaurus_undo(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.undo_vocabulary_edit(p); $$;

COMMENT ON FUNCTION public.thesaurus_undo(p jsonb) IS '{edit} → as thesaurus_edit. PT404 unknown_edit, PT409 built_upon, released.';

CREATE FUNCTION public.thesaurus_uses(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select private.uses_of_term(p); $$;

COMMENT ON FUNCTION public.thesaurus_uses(p jsonb) IS '{concept} → {total, territories: [{code, name, count}], photos: [picture]}. Moderators and coordinators of its themes. PT404 unknown_concept.';

CREATE FUNCTION public.trust_set(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.set_trust(p); $$;

COMMENT ON FUNCTION public.trust_set(p jsonb) IS '{theme, enabled, accepted? (in a row, 20), audit? (0 to 1, 0.1)} → {theme, trust}. Coordinators of the theme''s whole group. PT403 not_allowed, beyond_scope.';

CREATE FUNCTION public.worker_done(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.worker_done(p); $$;

COMMENT ON FUNCTION public.worker_done(p jsonb) IS 'Service only, called by the function worker: see private.worker_done.';

CREATE FUNCTION public.worker_take(p jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select private.worker_take(p); $$;

COMMENT ON FUNCTION public.worker_take(p jsonb) IS 'Service only, called by the function worker: see private.worker_take.';

CREATE TABLE app.alignments (
    scheme text NOT NULL,
    source text NOT NULL,
    value text NOT NULL,
    folded text GENERATED ALWAYS AS (private.fold(value)) STORED NOT NULL,
    concept text,
    decided_by uuid,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT alignments_source_check CHECK (((char_length(source) >= 1) AND (char_length(source) <= 120))),
    CONSTRAINT alignments_value_check CHECK (((char_length(value) >= 1) AND (char_length(value) <= 200)))
);

COMMENT ON TABLE app.alignments IS 'What the distinct values of other databases mean in a vocabulary, as somebody who looks after it decided.';

COMMENT ON COLUMN app.alignments.source IS 'The database that a value stands in, by the name that people gave it.';

COMMENT ON COLUMN app.alignments.value IS 'The value as it stands there, without spaces around.';

COMMENT ON COLUMN app.alignments.folded IS 'The value as one compares it: without accents, case and punctuation.';

COMMENT ON COLUMN app.alignments.concept IS 'The concept that it means, as it was when decided: read through private.current_concept. Null: none of the vocabulary.';

COMMENT ON COLUMN app.alignments.decided_by IS 'Who decided; null once they have left.';

CREATE TABLE app.bulks (
    id uuid NOT NULL,
    moderator uuid,
    author uuid,
    theme text NOT NULL,
    decision text NOT NULL,
    items integer DEFAULT 0 NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT bulks_items_check CHECK (((items >= 0) AND (items <= 100)))
);

COMMENT ON TABLE app.bulks IS 'Decisions taken on many items at once (field `bulk` of `decide`): one moderator, one author, one theme, one decision, 100 items at most.';

CREATE TABLE app.changes (
    bucket text NOT NULL,
    point_id uuid NOT NULL,
    change_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    change_seq bigint DEFAULT nextval('app.change_seq'::regclass) NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE app.changes IS 'Content-free feed: what changed for whom. Split by audience so that it tells strangers nothing (c:<theme>:<cell>, u:<user>, m:<theme>).';

COMMENT ON COLUMN app.changes.bucket IS 'c:<theme>:<cell> (public position), u:<user>, m:<theme>:<commune of the true position, empty when unknown>. The commune lets the reader prove that a moderator''s scope covered the point.';

COMMENT ON COLUMN app.changes.changed_at IS 'When the row was stamped: tells how long a stalled horizon has been holding changes back. Never leaves the server.';

CREATE TABLE app.charter_acceptances (
    user_id uuid NOT NULL,
    rev integer NOT NULL,
    accepted_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE app.charter_acceptances IS 'Who accepted which version of the charter, and when.';

CREATE TABLE app.charters (
    rev integer NOT NULL,
    texts jsonb NOT NULL,
    data_licence text NOT NULL,
    photo_licence text NOT NULL,
    published_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE app.charters IS 'Versions of the charter, with the licences it grants. The highest rev is the current one.';

CREATE TABLE app.concept_schemes (
    id text NOT NULL,
    labels jsonb NOT NULL,
    licence text,
    source text,
    CONSTRAINT concept_schemes_id_check CHECK ((id ~ '^[a-z][a-z0-9-]{1,60}$'::text))
);

COMMENT ON TABLE app.concept_schemes IS 'SKOS concept schemes: one vocabulary each.';

CREATE TABLE app.condemned_objects (
    bucket text NOT NULL,
    name text NOT NULL,
    condemned_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE app.condemned_objects IS 'Objects that the worker is about to delete: no photo is recorded over one of them, or a phone would free its bytes for a photo that is gone a second later.';

CREATE TABLE app.confirmations (
    mutation_id uuid NOT NULL,
    point_id uuid NOT NULL,
    user_id uuid,
    found boolean NOT NULL,
    observed_on date NOT NULL,
    condition text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE app.confirmations IS 'Somebody was there and saw the point, or saw that it is gone.';

CREATE TABLE app.daily_duties (
    name text NOT NULL,
    "position" integer NOT NULL,
    routine text NOT NULL,
    CONSTRAINT daily_duties_routine_check CHECK ((routine ~ '^private\.[a-z_]+$'::text))
);

COMMENT ON TABLE app.daily_duties IS 'What the daily sweep does beside its own cleaning, in order: functions without argument, written by migrations.';

ALTER TABLE app.decisions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.decisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.doubts (
    point_id uuid NOT NULL,
    other_id uuid NOT NULL
);

COMMENT ON TABLE app.doubts IS 'What the author of a point could not tell: whether it is another point nearby. For the moderators to see, whatever the distance.';

ALTER TABLE app.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.form_fields (
    theme text NOT NULL,
    key text NOT NULL,
    rev integer NOT NULL,
    field jsonb NOT NULL
);

COMMENT ON TABLE app.form_fields IS 'Every field that any version of a theme''s form knows, by key: as its newest version says it, accepting what any version accepts. Derived from app.forms: reading a form whole for each answer costs milliseconds.';

CREATE TABLE app.forms (
    theme text NOT NULL,
    rev integer NOT NULL,
    form jsonb NOT NULL,
    published_at timestamp with time zone DEFAULT now() NOT NULL,
    required jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT forms_rev_check CHECK ((rev > 0))
);

COMMENT ON TABLE app.forms IS 'Questions as data (contract §5), every version kept: a key known to any past version stays valid.';

COMMENT ON COLUMN app.forms.required IS 'The questions of this version that must be answered, with their conditions, and its groups that hold such ones. Derived from the form: reading it whole for each contribution costs milliseconds.';

CREATE SEQUENCE app.generations
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

COMMENT ON SEQUENCE app.generations IS 'Numbers the looks at app.decisions: each decision belongs to the first that saw it.';

CREATE TABLE app.groups (
    id text NOT NULL,
    labels jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT groups_id_check CHECK ((id ~ '^[a-z][a-z0-9-]{1,40}$'::text))
);

COMMENT ON TABLE app.groups IS 'Working groups: who moderates one or more themes.';

ALTER TABLE app.jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.judgements (
    id bigint NOT NULL,
    decision_id bigint NOT NULL,
    user_id uuid NOT NULL,
    theme text NOT NULL,
    outcome text NOT NULL,
    lost integer DEFAULT 0 NOT NULL,
    undone boolean DEFAULT false NOT NULL,
    CONSTRAINT judgements_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'corrected'::text, 'refused'::text])))
);

COMMENT ON TABLE app.judgements IS 'What each decision made of whose contribution: what app.standings adds up, so that an undone decision can be taken off again.';

COMMENT ON COLUMN app.judgements.lost IS 'How many in a row were lost to it: given back with it.';

ALTER TABLE app.judgements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.judgements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.leases (
    point_id uuid NOT NULL,
    holder uuid NOT NULL,
    until timestamp with time zone NOT NULL
);

COMMENT ON TABLE app.leases IS 'Who is reading an item of the queue. Advisory: it never refuses a decision.';

CREATE TABLE app.mail_texts (
    key text NOT NULL,
    lang text NOT NULL,
    text text NOT NULL,
    CONSTRAINT mail_texts_lang_check CHECK ((lang = ANY (ARRAY['fr'::text, 'en'::text]))),
    CONSTRAINT mail_texts_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 2000)))
);

COMMENT ON TABLE app.mail_texts IS 'What mails say, with {names} of what is filled in. A key that lacks a language is told in French.';

CREATE TABLE app.mails (
    id bigint NOT NULL,
    user_id uuid,
    address text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    CONSTRAINT mails_address_check CHECK (((char_length(address) >= 3) AND (char_length(address) <= 320))),
    CONSTRAINT mails_kind_check CHECK ((kind = ANY (ARRAY['invitation'::text, 'reminder'::text, 'decision'::text, 'digest'::text, 'report'::text]))),
    CONSTRAINT mails_subject_check CHECK (((char_length(subject) >= 1) AND (char_length(subject) <= 200))),
    CONSTRAINT mails_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 20000)))
);

COMMENT ON TABLE app.mails IS 'Mails to send and sent, deleted 30 days after they left (setting done_job_days). Nobody reads them but the function worker.';

COMMENT ON COLUMN app.mails.user_id IS 'Whose account it is about; null for somebody without one.';

ALTER TABLE app.mails ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.mails_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.merged_photos (
    point_id uuid NOT NULL,
    photo_id uuid NOT NULL,
    state text NOT NULL,
    CONSTRAINT merged_photos_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'published'::text])))
);

COMMENT ON TABLE app.merged_photos IS 'What the photos of a duplicate were when it was merged: its undo makes them so again.';

CREATE TABLE app.message_templates (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    theme text NOT NULL,
    decision text,
    reason text,
    label text NOT NULL,
    text text NOT NULL,
    created_by uuid,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT message_templates_decision_check CHECK ((decision = ANY (ARRAY['publish'::text, 'reject'::text, 'to_complete'::text, 'duplicate'::text, 'archive'::text, 'destroy'::text, 'restore'::text, 'dismiss'::text]))),
    CONSTRAINT message_templates_label_check CHECK (((char_length(label) >= 1) AND (char_length(label) <= 80))),
    CONSTRAINT message_templates_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 4000)))
);

COMMENT ON TABLE app.message_templates IS 'What a group often writes to authors, for a decision and a reason, or for any.';

CREATE TABLE app.photos (
    id uuid NOT NULL,
    point_id uuid NOT NULL,
    user_id uuid,
    path text NOT NULL,
    thumb_path text,
    sha256 text NOT NULL,
    size_bytes integer NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    taken_at timestamp with time zone,
    licence text NOT NULL,
    caption text,
    "position" jsonb,
    state text DEFAULT 'pending'::text NOT NULL,
    public_path text,
    public_thumb_path text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    came_from uuid,
    rank smallint,
    CONSTRAINT photos_caption_check CHECK ((char_length(caption) <= 400)),
    CONSTRAINT photos_height_check CHECK ((height > 0)),
    CONSTRAINT photos_rank_check CHECK ((rank >= 0)),
    CONSTRAINT photos_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT photos_size_bytes_check CHECK ((size_bytes > 0)),
    CONSTRAINT photos_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'published'::text, 'refused'::text]))),
    CONSTRAINT photos_width_check CHECK ((width > 0))
);

COMMENT ON TABLE app.photos IS 'Photos that photo_commit has read and checked. The bytes are in Storage.';

COMMENT ON COLUMN app.photos.public_path IS 'Set once the worker has copied the photo to the public bucket; null again when it has been deleted there.';

COMMENT ON COLUMN app.photos.came_from IS 'The duplicate that a photo followed into its survivor: where it goes back when the merge is undone.';

COMMENT ON COLUMN app.photos.rank IS 'Place among the photos that its author gave the point, from 0: they arrive as the network lets them. Null for one that was added later: those come last.';

CREATE TABLE app.point_views (
    point_id uuid NOT NULL,
    year smallint NOT NULL,
    views integer NOT NULL,
    CONSTRAINT point_views_views_check CHECK ((views > 0))
);

COMMENT ON TABLE app.point_views IS 'Readings of the public sheet of a point, by year: networks that opened it, each counted once a day. Days before today; today is in view_marks.';

CREATE TABLE app.profiles (
    user_id uuid NOT NULL,
    display_name text,
    named boolean DEFAULT false NOT NULL,
    visibility_epoch integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_on date,
    digest text DEFAULT 'never'::text NOT NULL,
    digest_sent_at timestamp with time zone DEFAULT now() NOT NULL,
    told_generation bigint DEFAULT 0 NOT NULL,
    lang text DEFAULT 'fr'::text NOT NULL,
    CONSTRAINT profiles_digest_check CHECK ((digest = ANY (ARRAY['never'::text, 'each'::text, 'daily'::text, 'weekly'::text]))),
    CONSTRAINT profiles_display_name_check CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 80))),
    CONSTRAINT profiles_lang_check CHECK ((lang = ANY (ARRAY['fr'::text, 'en'::text])))
);

COMMENT ON TABLE app.profiles IS 'What a person chose to say of themselves. E-mails stay in auth.users.';

COMMENT ON COLUMN app.profiles.named IS 'The person chose to be named as author in public.';

COMMENT ON COLUMN app.profiles.visibility_epoch IS 'Bumped when what this person may see changes as a whole (role, territory): their devices take snapshots again.';

COMMENT ON COLUMN app.profiles.last_seen_on IS 'Last day on which the person''s app spoke to the server: coordinators see who is active, by the day.';

COMMENT ON COLUMN app.profiles.digest IS 'How often the person is written to about decisions on what they gave and news of what they follow: never, unless they ask.';

COMMENT ON COLUMN app.profiles.told_generation IS 'The last generation of decisions that mails told the person about.';

COMMENT ON COLUMN app.profiles.lang IS 'The language in which the person is written to: the one of their app.';

CREATE TABLE app.remapped_points (
    edit uuid NOT NULL,
    point_id uuid NOT NULL,
    was text,
    became text NOT NULL,
    back_at timestamp with time zone
);

COMMENT ON TABLE app.remapped_points IS 'Points that an edit of a vocabulary took from one term to another, so that it can be undone.';

COMMENT ON COLUMN app.remapped_points.back_at IS 'When the edit was undone for this point; it stays where somebody had put it since.';

CREATE TABLE app.reminders (
    user_id uuid NOT NULL,
    theme text NOT NULL,
    level text NOT NULL,
    sent_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reminders_level_check CHECK ((level = ANY (ARRAY['group'::text, 'coordinators'::text])))
);

COMMENT ON TABLE app.reminders IS 'When somebody was last reminded of what waits in a theme: once a week at most.';

CREATE TABLE app.report_attempts (
    hash bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE app.report_attempts IS 'Reports of an address, as a salted hash of it, for 48 h: five an hour.';

CREATE TABLE app.report_salts (
    day date DEFAULT CURRENT_DATE NOT NULL,
    salt bytea DEFAULT decode(replace(((gen_random_uuid())::text || (gen_random_uuid())::text), '-'::text, ''::text), 'hex'::text) NOT NULL
);

COMMENT ON TABLE app.report_salts IS 'A salt a day, deleted within 48 h: without it the hashes of report_attempts lead to no address, and the marks of view_marks to no network.';

CREATE TABLE app.reports (
    id uuid NOT NULL,
    point_id uuid NOT NULL,
    kind text NOT NULL,
    user_id uuid,
    text text,
    state text DEFAULT 'open'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    closed_by uuid,
    closed_with text,
    about text,
    email text,
    photo_path text,
    revision_id uuid,
    closed_in uuid,
    answer_id bigint,
    lang text DEFAULT 'fr'::text NOT NULL,
    CONSTRAINT reports_about_check CHECK ((about = ANY (ARRAY['position'::text, 'description'::text, 'gone'::text, 'photo'::text, 'private'::text, 'duplicate'::text, 'other'::text]))),
    CONSTRAINT reports_email_check CHECK ((char_length(email) <= 320)),
    CONSTRAINT reports_kind_check CHECK ((kind = ANY (ARRAY['gone'::text, 'problem'::text, 'audit'::text]))),
    CONSTRAINT reports_lang_check CHECK ((lang = ANY (ARRAY['fr'::text, 'en'::text]))),
    CONSTRAINT reports_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text]))),
    CONSTRAINT reports_text_check CHECK ((char_length(text) <= 4000))
);

COMMENT ON TABLE app.reports IS 'Something to look at on a published point: seen gone, or a problem. Closed by a decision.';

COMMENT ON COLUMN app.reports.kind IS 'gone: seen to be no more; problem: somebody found something wrong; audit: published by trust, to be looked at afterwards.';

COMMENT ON COLUMN app.reports.user_id IS 'Who said it; of an audit, whose contribution it looks at.';

COMMENT ON COLUMN app.reports.about IS 'What somebody without account says is wrong; null for what the app itself reports.';

COMMENT ON COLUMN app.reports.email IS 'Where to answer, if they asked; forgotten 30 days after the answer.';

COMMENT ON COLUMN app.reports.photo_path IS 'Object of the bucket photos, under reports/: read by the moderators in scope, deleted with the e-mail.';

COMMENT ON COLUMN app.reports.revision_id IS 'The edit that an audit looks at; null when it looks at a new point.';

COMMENT ON COLUMN app.reports.closed_in IS 'The mutation `decide` that closed it: its undo opens it again.';

COMMENT ON COLUMN app.reports.answer_id IS 'The last mail that told its author what became of it.';

COMMENT ON COLUMN app.reports.lang IS 'The language of the page on which it was written: its author is answered in it.';

CREATE TABLE app.role_changes (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    group_id text NOT NULL,
    user_id uuid,
    actor uuid,
    from_role text,
    to_role text,
    from_territories text[],
    to_territories text[]
);

COMMENT ON TABLE app.role_changes IS 'Who gave which role to whom, and when. Written by a trigger, whatever changed the role.';

ALTER TABLE app.role_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.role_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.ruled_out (
    point_id uuid NOT NULL,
    other_id uuid NOT NULL
);

COMMENT ON TABLE app.ruled_out IS 'What the author of a point said, on the spot, to be another thing nearby. It stays a candidate: moderators read that its author ruled it out.';

CREATE TABLE app.settings (
    id boolean DEFAULT true NOT NULL,
    instance_name text DEFAULT 'Capitelle'::text NOT NULL,
    public_url text DEFAULT 'http://127.0.0.1:4173'::text NOT NULL,
    extent extensions.geometry(Polygon,4326) DEFAULT extensions.st_makeenvelope(('-0.40'::numeric)::double precision, (42.25)::double precision, (4.92)::double precision, (45.12)::double precision, 4326) NOT NULL,
    contribution text DEFAULT 'verified'::text NOT NULL,
    demo boolean DEFAULT false NOT NULL,
    min_client_version text DEFAULT '0.0.0'::text NOT NULL,
    instance_id uuid DEFAULT gen_random_uuid() NOT NULL,
    orphan_hours integer DEFAULT 24 NOT NULL,
    done_job_days integer DEFAULT 30 NOT NULL,
    swept_at timestamp with time zone DEFAULT now() NOT NULL,
    generation uuid DEFAULT gen_random_uuid() NOT NULL,
    restored_at timestamp with time zone,
    address_header text DEFAULT 'cf-connecting-ip'::text NOT NULL,
    CONSTRAINT settings_address_header_check CHECK ((address_header = lower(address_header))),
    CONSTRAINT settings_contribution_check CHECK ((contribution = ANY (ARRAY['verified'::text, 'invited'::text]))),
    CONSTRAINT settings_done_job_days_check CHECK ((done_job_days >= 1)),
    CONSTRAINT settings_id_check CHECK (id),
    CONSTRAINT settings_orphan_hours_check CHECK ((orphan_hours >= 1))
);

COMMENT ON TABLE app.settings IS 'The one row that tells an instance from another.';

COMMENT ON COLUMN app.settings.extent IS 'Box that every point must lie in (default: Occitanie with a margin of about 7 km).';

COMMENT ON COLUMN app.settings.contribution IS 'Who may contribute: anyone with a verified e-mail, or the invited only.';

COMMENT ON COLUMN app.settings.instance_id IS 'Drawn when the database is made: two data folders made from the same embedded image share a system identifier.';

COMMENT ON COLUMN app.settings.orphan_hours IS 'Age after which an object of Storage that no photo knows is deleted. A phone commits a photo seconds after its upload; a day leaves room for a network lost in between, and a phone that comes back later still sends the bytes again.';

COMMENT ON COLUMN app.settings.done_job_days IS 'Days that a finished job is kept: a month is long enough to look into what went wrong, and short enough that the table stays small.';

COMMENT ON COLUMN app.settings.swept_at IS 'Last daily sweep; the next one starts a day later, at the first run of the worker.';

COMMENT ON COLUMN app.settings.generation IS 'Part of the epoch, drawn anew by private.begin_new_life(). It is restored with the rest, like any row; drawn after the restore, it differs from every value before.';

COMMENT ON COLUMN app.settings.restored_at IS 'When a backup was put back last (private.begin_new_life). For 30 days after it, as long as phones keep what they sent, no photo file is collected as nobody''s.';

COMMENT ON COLUMN app.settings.address_header IS 'Header in which the platform says where a call comes from, whatever the caller wrote: hosted projects stand behind Cloudflare. Read by point_seen.';

CREATE TABLE app.source_rows (
    point_id uuid NOT NULL,
    content jsonb NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE app.source_rows IS 'What the source last said of an imported point, by path: a later delivery is compared with it, so that what people changed since is never overwritten.';

CREATE TABLE app.sources (
    id bigint NOT NULL,
    theme text NOT NULL,
    producer text NOT NULL,
    licence text NOT NULL,
    delivered_on date,
    file_name text,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE app.sources IS 'Where imported points come from: producer, licence, date of delivery.';

ALTER TABLE app.sources ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.sources_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.standings (
    user_id uuid NOT NULL,
    theme text NOT NULL,
    accepted integer DEFAULT 0 NOT NULL,
    corrected integer DEFAULT 0 NOT NULL,
    refused integer DEFAULT 0 NOT NULL,
    in_a_row integer DEFAULT 0 NOT NULL
);

COMMENT ON TABLE app.standings IS 'What became of a person''s contributions to a theme. Seen by themselves and by who decides on their next one.';

COMMENT ON COLUMN app.standings.in_a_row IS 'Accepted as they were since the last one that was corrected or refused: what trust rests on.';

CREATE TABLE app.term_proposals (
    id uuid NOT NULL,
    point_id uuid,
    user_id uuid,
    scheme text NOT NULL,
    text text NOT NULL,
    lang text NOT NULL,
    broader text,
    note text,
    state text DEFAULT 'proposed'::text NOT NULL,
    concept text,
    captured_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    decided_by uuid,
    reason text,
    origin text,
    uses integer DEFAULT 1 NOT NULL,
    CONSTRAINT term_proposals_lang_check CHECK ((lang ~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'::text)),
    CONSTRAINT term_proposals_note_check CHECK ((char_length(note) <= 1000)),
    CONSTRAINT term_proposals_origin_check CHECK (((char_length(origin) >= 1) AND (char_length(origin) <= 120))),
    CONSTRAINT term_proposals_origin_or_point CHECK ((num_nonnulls(point_id, origin) = 1)),
    CONSTRAINT term_proposals_reason_check CHECK ((char_length(reason) <= 2000)),
    CONSTRAINT term_proposals_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'accepted'::text, 'refused'::text]))),
    CONSTRAINT term_proposals_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 120))),
    CONSTRAINT term_proposals_uses_check CHECK ((uses > 0))
);

COMMENT ON TABLE app.term_proposals IS 'Terms that people did not find: with the point that needs them, where the id is that of the mutation, or from the values of another database. Read in the rows of their points, by who proposed them and the moderators in scope, and at the desk of their vocabulary; written by sync_push and thesaurus_propose.';

COMMENT ON COLUMN app.term_proposals.point_id IS 'The point that needs the word; null for a word of another database.';

COMMENT ON COLUMN app.term_proposals.concept IS 'The concept that came of it, once accepted.';

COMMENT ON COLUMN app.term_proposals.reason IS 'Why it was refused, in words for who proposed it.';

COMMENT ON COLUMN app.term_proposals.origin IS 'The database in which the word stands, by the name that people gave it; null for a word from the field.';

COMMENT ON COLUMN app.term_proposals.uses IS 'How many things the word names: the point, or so many rows of the database.';

CREATE TABLE app.territories (
    level text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    epci text,
    departement text,
    region text,
    geom extensions.geometry(MultiPolygon,4326),
    population integer,
    outline_source text,
    folded text GENERATED ALWAYS AS ((' '::text || private.fold(name))) STORED,
    CONSTRAINT territories_level_check CHECK ((level = ANY (ARRAY['commune'::text, 'epci'::text, 'departement'::text, 'region'::text])))
);

COMMENT ON TABLE app.territories IS 'INSEE communes, EPCI, départements and regions. Outlines are loaded by the command `npm run territories`.';

COMMENT ON COLUMN app.territories.epci IS 'For a commune: SIREN of the EPCI it belongs to.';

COMMENT ON COLUMN app.territories.folded IS 'Name, folded for the search.';

ALTER TABLE app.thesaurus_edits ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.thesaurus_edits_n_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE app.view_marks (
    day date NOT NULL,
    point_id uuid NOT NULL,
    mark smallint NOT NULL,
    CONSTRAINT view_marks_mark_check CHECK (((mark >= 0) AND (mark <= 511)))
);

COMMENT ON TABLE app.view_marks IS 'Readings of today that are still to be counted: of each, one bit of 512, shared by a 512th of all networks.';

ALTER TABLE ONLY app.alignments
    ADD CONSTRAINT alignments_pkey PRIMARY KEY (scheme, source, value);

ALTER TABLE ONLY app.bulks
    ADD CONSTRAINT bulks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (bucket, point_id);

ALTER TABLE ONLY app.charter_acceptances
    ADD CONSTRAINT charter_acceptances_pkey PRIMARY KEY (user_id, rev);

ALTER TABLE ONLY app.charters
    ADD CONSTRAINT charters_pkey PRIMARY KEY (rev);

ALTER TABLE ONLY app.concept_schemes
    ADD CONSTRAINT concept_schemes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.concepts
    ADD CONSTRAINT concepts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.condemned_objects
    ADD CONSTRAINT condemned_objects_pkey PRIMARY KEY (bucket, name);

ALTER TABLE ONLY app.confirmations
    ADD CONSTRAINT confirmations_pkey PRIMARY KEY (mutation_id);

ALTER TABLE ONLY app.conflicts
    ADD CONSTRAINT conflicts_pkey PRIMARY KEY (mutation_id, field);

ALTER TABLE ONLY app.daily_duties
    ADD CONSTRAINT daily_duties_pkey PRIMARY KEY (name);

ALTER TABLE ONLY app.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.doubts
    ADD CONSTRAINT doubts_pkey PRIMARY KEY (point_id, other_id);

ALTER TABLE ONLY app.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.follows
    ADD CONSTRAINT follows_pkey PRIMARY KEY (user_id, kind, target);

ALTER TABLE ONLY app.form_fields
    ADD CONSTRAINT form_fields_pkey PRIMARY KEY (theme, key);

ALTER TABLE ONLY app.forms
    ADD CONSTRAINT forms_pkey PRIMARY KEY (theme, rev);

ALTER TABLE ONLY app.groups
    ADD CONSTRAINT groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.judgements
    ADD CONSTRAINT judgements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (point_id);

ALTER TABLE ONLY app.mail_texts
    ADD CONSTRAINT mail_texts_pkey PRIMARY KEY (key, lang);

ALTER TABLE ONLY app.mails
    ADD CONSTRAINT mails_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (user_id, group_id);

ALTER TABLE ONLY app.merged_photos
    ADD CONSTRAINT merged_photos_pkey PRIMARY KEY (point_id, photo_id);

ALTER TABLE ONLY app.message_templates
    ADD CONSTRAINT message_templates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.photos
    ADD CONSTRAINT photos_path_key UNIQUE (path);

ALTER TABLE ONLY app.photos
    ADD CONSTRAINT photos_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.point_views
    ADD CONSTRAINT point_views_pkey PRIMARY KEY (point_id, year);

ALTER TABLE ONLY app.points
    ADD CONSTRAINT points_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.points
    ADD CONSTRAINT points_source_id_source_ref_key UNIQUE (source_id, source_ref);

ALTER TABLE ONLY app.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY app.public_points
    ADD CONSTRAINT public_points_pkey PRIMARY KEY (point_id);

ALTER TABLE ONLY app.queue
    ADD CONSTRAINT queue_pkey PRIMARY KEY (kind, item_id);

ALTER TABLE ONLY app.receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (mutation_id);

ALTER TABLE ONLY app.remapped_points
    ADD CONSTRAINT remapped_points_pkey PRIMARY KEY (edit, point_id);

ALTER TABLE ONLY app.reminders
    ADD CONSTRAINT reminders_pkey PRIMARY KEY (user_id, theme, level);

ALTER TABLE ONLY app.report_salts
    ADD CONSTRAINT report_salts_pkey PRIMARY KEY (day);

ALTER TABLE ONLY app.reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.revisions
    ADD CONSTRAINT revisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.role_changes
    ADD CONSTRAINT role_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.ruled_out
    ADD CONSTRAINT ruled_out_pkey PRIMARY KEY (point_id, other_id);

ALTER TABLE ONLY app.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.source_rows
    ADD CONSTRAINT source_rows_pkey PRIMARY KEY (point_id);

ALTER TABLE ONLY app.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.sources
    ADD CONSTRAINT sources_theme_producer_licence_key UNIQUE (theme, producer, licence);

ALTER TABLE ONLY app.standings
    ADD CONSTRAINT standings_pkey PRIMARY KEY (user_id, theme);

ALTER TABLE ONLY app.term_proposals
    ADD CONSTRAINT term_proposals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.territories
    ADD CONSTRAINT territories_pkey PRIMARY KEY (level, code);

ALTER TABLE ONLY app.themes
    ADD CONSTRAINT themes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.thesaurus_edits
    ADD CONSTRAINT thesaurus_edits_n_key UNIQUE (n);

ALTER TABLE ONLY app.thesaurus_edits
    ADD CONSTRAINT thesaurus_edits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY app.thesaurus_releases
    ADD CONSTRAINT thesaurus_releases_pkey PRIMARY KEY (scheme, number);

ALTER TABLE ONLY app.view_marks
    ADD CONSTRAINT view_marks_pkey PRIMARY KEY (day, point_id, mark);

CREATE INDEX alignments_concept_idx ON app.alignments USING btree (concept);

CREATE INDEX alignments_decided_by_idx ON app.alignments USING btree (decided_by);

CREATE INDEX alignments_folded_idx ON app.alignments USING btree (scheme, folded);

CREATE INDEX bulks_author_idx ON app.bulks USING btree (author);

CREATE INDEX bulks_moderator_idx ON app.bulks USING btree (moderator);

CREATE INDEX bulks_theme_idx ON app.bulks USING btree (theme);

CREATE INDEX changes_cursor_idx ON app.changes USING btree (bucket, change_xid, change_seq);

CREATE INDEX changes_moderation_idx ON app.changes USING btree (change_xid, change_seq) WHERE (bucket ~~ 'm:%'::text);

CREATE INDEX changes_point_id_idx ON app.changes USING btree (point_id);

CREATE INDEX charter_acceptances_rev_idx ON app.charter_acceptances USING btree (rev);

CREATE INDEX concepts_broader_idx ON app.concepts USING btree (broader);

CREATE INDEX concepts_change_idx ON app.concepts USING btree (change_xid, change_seq);

CREATE INDEX concepts_picture_idx ON app.concepts USING btree (picture);

CREATE INDEX concepts_replaced_by_idx ON app.concepts USING btree (replaced_by);

CREATE INDEX concepts_scheme_idx ON app.concepts USING btree (scheme);

CREATE INDEX concepts_tree_idx ON app.concepts USING btree (scheme) WHERE ((broader IS NOT NULL) AND (status <> 'proposed'::text));

COMMENT ON INDEX app.concepts_tree_idx IS 'Whether a scheme has a tree at all.';

CREATE INDEX confirmations_point_id_idx ON app.confirmations USING btree (point_id);

CREATE INDEX confirmations_user_id_idx ON app.confirmations USING btree (user_id);

CREATE INDEX conflicts_point_id_idx ON app.conflicts USING btree (point_id);

CREATE INDEX conflicts_user_id_idx ON app.conflicts USING btree (user_id);

CREATE INDEX decisions_actor_idx ON app.decisions USING btree (actor, at);

CREATE INDEX decisions_author_generation_idx ON app.decisions USING btree (author, generation);

CREATE INDEX decisions_author_idx ON app.decisions USING btree (author, at);

CREATE INDEX decisions_generation_idx ON app.decisions USING btree (generation);

CREATE INDEX decisions_new_idx ON app.decisions USING btree (id) WHERE (generation IS NULL);

CREATE INDEX decisions_point_id_idx ON app.decisions USING btree (point_id);

CREATE INDEX decisions_theme_idx ON app.decisions USING btree (theme, at);

CREATE UNIQUE INDEX decisions_undoes_idx ON app.decisions USING btree (undoes);

CREATE INDEX doubts_other_id_idx ON app.doubts USING btree (other_id);

CREATE INDEX events_actor_idx ON app.events USING btree (actor);

CREATE INDEX events_point_id_idx ON app.events USING btree (point_id, id);

CREATE INDEX invitations_consumed_by_idx ON app.invitations USING btree (consumed_by);

CREATE INDEX invitations_group_id_idx ON app.invitations USING btree (group_id);

CREATE INDEX invitations_invited_by_idx ON app.invitations USING btree (invited_by);

CREATE UNIQUE INDEX invitations_open_idx ON app.invitations USING btree (email, group_id) WHERE ((consumed_at IS NULL) AND (revoked_at IS NULL));

CREATE UNIQUE INDEX jobs_dedupe_idx ON app.jobs USING btree (dedupe_key) WHERE ((done_at IS NULL) AND (locked_until IS NULL));

CREATE INDEX jobs_due_idx ON app.jobs USING btree (run_after) WHERE (done_at IS NULL);

CREATE INDEX judgements_decision_id_idx ON app.judgements USING btree (decision_id);

CREATE INDEX judgements_theme_idx ON app.judgements USING btree (theme);

CREATE INDEX judgements_user_id_idx ON app.judgements USING btree (user_id, theme, id);

CREATE INDEX leases_holder_idx ON app.leases USING btree (holder);

CREATE INDEX mails_address_idx ON app.mails USING btree (address, created_at);

CREATE INDEX mails_sent_at_idx ON app.mails USING btree (sent_at);

CREATE INDEX mails_user_id_idx ON app.mails USING btree (user_id);

CREATE INDEX memberships_group_id_idx ON app.memberships USING btree (group_id);

CREATE INDEX merged_photos_photo_id_idx ON app.merged_photos USING btree (photo_id);

CREATE INDEX message_templates_created_by_idx ON app.message_templates USING btree (created_by);

CREATE INDEX message_templates_theme_idx ON app.message_templates USING btree (theme);

CREATE INDEX photos_came_from_idx ON app.photos USING btree (came_from);

CREATE INDEX photos_point_id_idx ON app.photos USING btree (point_id);

CREATE INDEX photos_user_id_idx ON app.photos USING btree (user_id);

CREATE INDEX photos_waiting_idx ON app.photos USING btree (point_id) WHERE (state = 'pending'::text);

CREATE INDEX points_author_idx ON app.points USING btree (author);

CREATE INDEX points_concept_idx ON app.points USING btree (concept);

CREATE INDEX points_duplicate_of_idx ON app.points USING btree (duplicate_of);

CREATE INDEX points_geom_idx ON app.points USING gist (geom);

CREATE INDEX points_public_cell_idx ON app.points USING btree (theme, public_cell, id) WHERE (first_published_at IS NOT NULL);

CREATE INDEX points_public_commune_idx ON app.points USING btree (public_commune) WHERE (status = 'published'::text);

CREATE INDEX points_public_geom_idx ON app.points USING gist (public_geom) WHERE (status = 'published'::text);

CREATE INDEX points_theme_idx ON app.points USING btree (theme);

CREATE INDEX points_waiting_idx ON app.points USING btree (theme, received_at) WHERE (status = 'submitted'::text);

CREATE INDEX public_points_commune_idx ON app.public_points USING btree (commune);

CREATE INDEX public_points_concept_idx ON app.public_points USING btree (concept);

CREATE INDEX public_points_folded_idx ON app.public_points USING gin (folded extensions.gin_trgm_ops) WHERE (folded IS NOT NULL);

CREATE INDEX public_points_morton_idx ON app.public_points USING btree (morton) INCLUDE (theme, concept) WHERE (status = 'published'::text);

CREATE INDEX public_points_place_idx ON app.public_points USING gist (place);

CREATE INDEX public_points_recent_idx ON app.public_points USING btree (updated_on DESC, point_id DESC);

CREATE INDEX queue_author_idx ON app.queue USING btree (author, theme);

CREATE INDEX queue_departement_idx ON app.queue USING btree (theme, departement, kind);

CREATE INDEX queue_epci_idx ON app.queue USING btree (theme, epci, kind);

CREATE INDEX queue_kind_idx ON app.queue USING btree (theme, kind);

CREATE INDEX queue_page_idx ON app.queue USING btree (theme, since, kind, item_id);

CREATE INDEX queue_place_idx ON app.queue USING btree (theme, commune, kind);

CREATE INDEX queue_point_id_idx ON app.queue USING btree (point_id);

CREATE INDEX receipts_point_id_idx ON app.receipts USING btree (point_id);

CREATE INDEX receipts_user_id_idx ON app.receipts USING btree (user_id);

CREATE INDEX remapped_points_became_idx ON app.remapped_points USING btree (became);

CREATE INDEX remapped_points_point_id_idx ON app.remapped_points USING btree (point_id);

CREATE INDEX remapped_points_to_bring_back_idx ON app.remapped_points USING btree (edit) WHERE (back_at IS NULL);

CREATE INDEX remapped_points_was_idx ON app.remapped_points USING btree (was);

CREATE INDEX reminders_theme_idx ON app.reminders USING btree (theme);

CREATE INDEX report_attempts_hash_idx ON app.report_attempts USING btree (hash, at);

CREATE INDEX reports_answer_id_idx ON app.reports USING btree (answer_id);

CREATE INDEX reports_closed_by_idx ON app.reports USING btree (closed_by);

CREATE INDEX reports_email_idx ON app.reports USING btree (email) WHERE (email IS NOT NULL);

CREATE INDEX reports_open_idx ON app.reports USING btree (created_at) WHERE (state = 'open'::text);

CREATE INDEX reports_photo_path_idx ON app.reports USING btree (photo_path) WHERE (photo_path IS NOT NULL);

CREATE INDEX reports_point_id_idx ON app.reports USING btree (point_id);

CREATE INDEX reports_revision_id_idx ON app.reports USING btree (revision_id);

CREATE INDEX reports_user_id_idx ON app.reports USING btree (user_id);

CREATE INDEX revisions_author_idx ON app.revisions USING btree (author);

CREATE INDEX revisions_decided_by_idx ON app.revisions USING btree (decided_by);

CREATE UNIQUE INDEX revisions_one_live_idx ON app.revisions USING btree (point_id, author) WHERE (state = 'pending'::text);

CREATE INDEX revisions_point_id_idx ON app.revisions USING btree (point_id);

CREATE INDEX revisions_superseded_by_idx ON app.revisions USING btree (superseded_by);

CREATE INDEX revisions_waiting_idx ON app.revisions USING btree (created_at) WHERE (state = 'pending'::text);

CREATE INDEX role_changes_actor_idx ON app.role_changes USING btree (actor);

CREATE INDEX role_changes_group_id_idx ON app.role_changes USING btree (group_id, id);

CREATE INDEX role_changes_user_id_idx ON app.role_changes USING btree (user_id);

CREATE INDEX ruled_out_other_id_idx ON app.ruled_out USING btree (other_id);

CREATE INDEX standings_theme_idx ON app.standings USING btree (theme);

CREATE INDEX term_proposals_broader_idx ON app.term_proposals USING btree (broader);

CREATE INDEX term_proposals_concept_idx ON app.term_proposals USING btree (concept);

CREATE INDEX term_proposals_decided_by_idx ON app.term_proposals USING btree (decided_by);

CREATE UNIQUE INDEX term_proposals_origin_idx ON app.term_proposals USING btree (scheme, origin, private.fold(text)) WHERE ((state = 'proposed'::text) AND (origin IS NOT NULL));

CREATE INDEX term_proposals_point_id_idx ON app.term_proposals USING btree (point_id);

CREATE INDEX term_proposals_scheme_idx ON app.term_proposals USING btree (scheme, state);

CREATE INDEX term_proposals_user_id_idx ON app.term_proposals USING btree (user_id);

CREATE INDEX territories_departement_idx ON app.territories USING btree (departement) WHERE (level = 'commune'::text);

CREATE INDEX territories_epci_idx ON app.territories USING btree (epci) WHERE (level = 'commune'::text);

CREATE INDEX territories_geom_idx ON app.territories USING gist (geom);

CREATE INDEX themes_group_id_idx ON app.themes USING btree (group_id);

CREATE INDEX themes_scheme_idx ON app.themes USING btree (scheme);

CREATE INDEX thesaurus_edits_author_idx ON app.thesaurus_edits USING btree (author);

CREATE INDEX thesaurus_edits_concept_idx ON app.thesaurus_edits USING btree (concept);

CREATE INDEX thesaurus_edits_decided_by_idx ON app.thesaurus_edits USING btree (decided_by);

CREATE INDEX thesaurus_edits_scheme_idx ON app.thesaurus_edits USING btree (scheme, n);

CREATE INDEX thesaurus_releases_released_by_idx ON app.thesaurus_releases USING btree (released_by);

CREATE INDEX view_marks_point_id_idx ON app.view_marks USING btree (point_id);

CREATE TRIGGER close_released_edits AFTER INSERT ON app.thesaurus_releases FOR EACH ROW EXECUTE FUNCTION private.close_released_edits();

CREATE TRIGGER concepts_stamp_change BEFORE INSERT OR UPDATE ON app.concepts FOR EACH ROW EXECUTE FUNCTION private.stamp_change();

CREATE TRIGGER concepts_stay_whole_when_added AFTER INSERT ON app.concepts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.keep_thesaurus_whole();

CREATE TRIGGER concepts_stay_whole_when_changed AFTER UPDATE ON app.concepts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.keep_thesaurus_whole();

CREATE TRIGGER decisions_tell AFTER INSERT ON app.decisions FOR EACH ROW WHEN (((new.author IS NOT NULL) AND (new.author IS DISTINCT FROM new.actor))) EXECUTE FUNCTION private.send_each_decision();

CREATE TRIGGER events_append_only BEFORE DELETE OR UPDATE ON app.events FOR EACH ROW EXECUTE FUNCTION private.refuse_rewriting_history();

CREATE TRIGGER forms_index AFTER INSERT OR DELETE OR UPDATE ON app.forms FOR EACH ROW EXECUTE FUNCTION private.index_form();

CREATE TRIGGER forms_note_required BEFORE INSERT OR UPDATE ON app.forms FOR EACH ROW EXECUTE FUNCTION private.note_required();

CREATE TRIGGER jobs_note_sent_mail AFTER UPDATE OF done_at ON app.jobs FOR EACH ROW WHEN (((new.kind = 'mail'::text) AND (new.done_at IS NOT NULL) AND (old.done_at IS NULL))) EXECUTE FUNCTION private.note_sent_mail();

CREATE TRIGGER memberships_bump_visibility AFTER INSERT OR DELETE OR UPDATE ON app.memberships FOR EACH ROW EXECUTE FUNCTION private.bump_visibility();

CREATE TRIGGER memberships_note_change AFTER INSERT OR DELETE OR UPDATE ON app.memberships FOR EACH ROW EXECUTE FUNCTION private.note_role_change();

CREATE TRIGGER photos_queue_changed AFTER UPDATE OF state, point_id ON app.photos FOR EACH ROW WHEN ((((new.state IS DISTINCT FROM old.state) OR (new.point_id IS DISTINCT FROM old.point_id)) AND (('pending'::text = new.state) OR ('pending'::text = old.state)))) EXECUTE FUNCTION private.queue_part();

CREATE TRIGGER photos_queue_deleted AFTER DELETE ON app.photos FOR EACH ROW WHEN ((old.state = 'pending'::text)) EXECUTE FUNCTION private.queue_part();

CREATE TRIGGER photos_queue_new AFTER INSERT ON app.photos FOR EACH ROW WHEN ((new.state = 'pending'::text)) EXECUTE FUNCTION private.queue_part();

CREATE TRIGGER points_announce_moved AFTER UPDATE ON app.points REFERENCING OLD TABLE AS old_points NEW TABLE AS new_points FOR EACH STATEMENT EXECUTE FUNCTION private.announce_moved_points();

CREATE TRIGGER points_announce_new AFTER INSERT ON app.points REFERENCING NEW TABLE AS new_points FOR EACH STATEMENT EXECUTE FUNCTION private.announce_new_points();

CREATE TRIGGER points_mark_publication BEFORE INSERT OR UPDATE OF status ON app.points FOR EACH ROW EXECUTE FUNCTION private.mark_publication();

CREATE TRIGGER points_place BEFORE INSERT OR UPDATE OF geom, sensitivity ON app.points FOR EACH ROW EXECUTE FUNCTION private.place_point();

CREATE TRIGGER points_queue_changed AFTER UPDATE ON app.points REFERENCING OLD TABLE AS old_points NEW TABLE AS new_points FOR EACH STATEMENT EXECUTE FUNCTION private.queue_changed_points();

CREATE TRIGGER points_queue_new AFTER INSERT ON app.points REFERENCING NEW TABLE AS new_points FOR EACH STATEMENT EXECUTE FUNCTION private.queue_new_points();

CREATE TRIGGER points_require_answers BEFORE INSERT OR UPDATE OF status, attributes ON app.points FOR EACH ROW EXECUTE FUNCTION private.require_answers();

CREATE TRIGGER points_write_public AFTER INSERT OR UPDATE ON app.points FOR EACH ROW EXECUTE FUNCTION private.write_public_point();

CREATE TRIGGER queue_place BEFORE INSERT OR UPDATE OF commune ON app.queue FOR EACH ROW EXECUTE FUNCTION private.place_queue_item();

CREATE TRIGGER refuse_rewriting_releases BEFORE DELETE OR UPDATE ON app.thesaurus_releases FOR EACH ROW EXECUTE FUNCTION private.refuse_rewriting_releases();

CREATE TRIGGER reports_answer AFTER UPDATE OF state ON app.reports FOR EACH ROW WHEN (((new.state = 'closed'::text) AND (old.state = 'open'::text) AND (new.email IS NOT NULL))) EXECUTE FUNCTION private.answer_reporter();

CREATE TRIGGER reports_queue_changed AFTER UPDATE OF state, point_id ON app.reports FOR EACH ROW WHEN (((new.state IS DISTINCT FROM old.state) OR (new.point_id IS DISTINCT FROM old.point_id))) EXECUTE FUNCTION private.queue_part();

CREATE TRIGGER reports_queue_new AFTER INSERT ON app.reports FOR EACH ROW WHEN ((new.state = 'open'::text)) EXECUTE FUNCTION private.queue_part();

CREATE TRIGGER revisions_queue_changed AFTER UPDATE OF state, point_id ON app.revisions FOR EACH ROW WHEN (((new.state IS DISTINCT FROM old.state) OR (new.point_id IS DISTINCT FROM old.point_id))) EXECUTE FUNCTION private.queue_part();

CREATE TRIGGER revisions_queue_new AFTER INSERT ON app.revisions FOR EACH ROW WHEN ((new.state = 'pending'::text)) EXECUTE FUNCTION private.queue_part();

CREATE TRIGGER territories_place_queue AFTER UPDATE ON app.territories REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.place_queue_again();

CREATE TRIGGER territories_place_queue_new AFTER INSERT ON app.territories REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.place_queue_again();

CREATE TRIGGER themes_stamp_change BEFORE INSERT OR UPDATE ON app.themes FOR EACH ROW EXECUTE FUNCTION private.stamp_change();

ALTER TABLE ONLY app.alignments
    ADD CONSTRAINT alignments_concept_fkey FOREIGN KEY (concept) REFERENCES app.concepts(id);

ALTER TABLE ONLY app.alignments
    ADD CONSTRAINT alignments_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.alignments
    ADD CONSTRAINT alignments_scheme_fkey FOREIGN KEY (scheme) REFERENCES app.concept_schemes(id);

ALTER TABLE ONLY app.bulks
    ADD CONSTRAINT bulks_author_fkey FOREIGN KEY (author) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.bulks
    ADD CONSTRAINT bulks_moderator_fkey FOREIGN KEY (moderator) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.bulks
    ADD CONSTRAINT bulks_theme_fkey FOREIGN KEY (theme) REFERENCES app.themes(id);

ALTER TABLE ONLY app.changes
    ADD CONSTRAINT changes_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.charter_acceptances
    ADD CONSTRAINT charter_acceptances_rev_fkey FOREIGN KEY (rev) REFERENCES app.charters(rev);

ALTER TABLE ONLY app.charter_acceptances
    ADD CONSTRAINT charter_acceptances_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY app.concepts
    ADD CONSTRAINT concepts_broader_fkey FOREIGN KEY (broader) REFERENCES app.concepts(id);

ALTER TABLE ONLY app.concepts
    ADD CONSTRAINT concepts_picture_fkey FOREIGN KEY (picture) REFERENCES app.photos(id) ON DELETE SET NULL;

ALTER TABLE ONLY app.concepts
    ADD CONSTRAINT concepts_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES app.concepts(id);

ALTER TABLE ONLY app.concepts
    ADD CONSTRAINT concepts_scheme_fkey FOREIGN KEY (scheme) REFERENCES app.concept_schemes(id);

ALTER TABLE ONLY app.confirmations
    ADD CONSTRAINT confirmations_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.confirmations
    ADD CONSTRAINT confirmations_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.conflicts
    ADD CONSTRAINT conflicts_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.conflicts
    ADD CONSTRAINT conflicts_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.decisions
    ADD CONSTRAINT decisions_actor_fkey FOREIGN KEY (actor) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.decisions
    ADD CONSTRAINT decisions_author_fkey FOREIGN KEY (author) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.decisions
    ADD CONSTRAINT decisions_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.decisions
    ADD CONSTRAINT decisions_undoes_fkey FOREIGN KEY (undoes) REFERENCES app.decisions(id) ON DELETE SET NULL;

ALTER TABLE ONLY app.doubts
    ADD CONSTRAINT doubts_other_id_fkey FOREIGN KEY (other_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.doubts
    ADD CONSTRAINT doubts_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.events
    ADD CONSTRAINT events_actor_fkey FOREIGN KEY (actor) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.events
    ADD CONSTRAINT events_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.follows
    ADD CONSTRAINT follows_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY app.form_fields
    ADD CONSTRAINT form_fields_theme_fkey FOREIGN KEY (theme) REFERENCES app.themes(id);

ALTER TABLE ONLY app.forms
    ADD CONSTRAINT forms_theme_fkey FOREIGN KEY (theme) REFERENCES app.themes(id);

ALTER TABLE ONLY app.invitations
    ADD CONSTRAINT invitations_consumed_by_fkey FOREIGN KEY (consumed_by) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.invitations
    ADD CONSTRAINT invitations_group_id_fkey FOREIGN KEY (group_id) REFERENCES app.groups(id);

ALTER TABLE ONLY app.invitations
    ADD CONSTRAINT invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.judgements
    ADD CONSTRAINT judgements_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES app.decisions(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.judgements
    ADD CONSTRAINT judgements_theme_fkey FOREIGN KEY (theme) REFERENCES app.themes(id);

ALTER TABLE ONLY app.judgements
    ADD CONSTRAINT judgements_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY app.leases
    ADD CONSTRAINT leases_holder_fkey FOREIGN KEY (holder) REFERENCES app.profiles(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY app.leases
    ADD CONSTRAINT leases_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.mails
    ADD CONSTRAINT mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_group_id_fkey FOREIGN KEY (group_id) REFERENCES app.groups(id);

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY app.merged_photos
    ADD CONSTRAINT merged_photos_photo_id_fkey FOREIGN KEY (photo_id) REFERENCES app.photos(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.merged_photos
    ADD CONSTRAINT merged_photos_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.message_templates
    ADD CONSTRAINT message_templates_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.message_templates
    ADD CONSTRAINT message_templates_theme_fkey FOREIGN KEY (theme) REFERENCES app.themes(id);

ALTER TABLE ONLY app.photos
    ADD CONSTRAINT photos_came_from_fkey FOREIGN KEY (came_from) REFERENCES app.points(id);

ALTER TABLE ONLY app.photos
    ADD CONSTRAINT photos_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.photos
    ADD CONSTRAINT photos_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.point_views
    ADD CONSTRAINT point_views_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.points
    ADD CONSTRAINT points_author_fkey FOREIGN KEY (author) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.points
    ADD CONSTRAINT points_concept_fkey FOREIGN KEY (concept) REFERENCES app.concepts(id);

ALTER TABLE ONLY app.points
    ADD CONSTRAINT points_duplicate_of_fkey FOREIGN KEY (duplicate_of) REFERENCES app.points(id);

ALTER TABLE ONLY app.points
    ADD CONSTRAINT points_source_id_fkey FOREIGN KEY (source_id) REFERENCES app.sources(id);

ALTER TABLE ONLY app.points
    ADD CONSTRAINT points_theme_fkey FOREIGN KEY (theme) REFERENCES app.themes(id);

ALTER TABLE ONLY app.profiles
    ADD CONSTRAINT profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.public_points
    ADD CONSTRAINT public_points_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id) ON DELETE CASCADE;

ALTER TABLE ONLY app.queue
    ADD CONSTRAINT queue_author_fkey FOREIGN KEY (author) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.queue
    ADD CONSTRAINT queue_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.receipts
    ADD CONSTRAINT receipts_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY app.remapped_points
    ADD CONSTRAINT remapped_points_became_fkey FOREIGN KEY (became) REFERENCES app.concepts(id);

ALTER TABLE ONLY app.remapped_points
    ADD CONSTRAINT remapped_points_edit_fkey FOREIGN KEY (edit) REFERENCES app.thesaurus_edits(id);

ALTER TABLE ONLY app.remapped_points
    ADD CONSTRAINT remapped_points_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.remapped_points
    ADD CONSTRAINT remapped_points_was_fkey FOREIGN KEY (was) REFERENCES app.concepts(id);

ALTER TABLE ONLY app.reminders
    ADD CONSTRAINT reminders_theme_fkey FOREIGN KEY (theme) REFERENCES app.themes(id);

ALTER TABLE ONLY app.reminders
    ADD CONSTRAINT reminders_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY app.reports
    ADD CONSTRAINT reports_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES app.mails(id) ON DELETE SET NULL;

ALTER TABLE ONLY app.reports
    ADD CONSTRAINT reports_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.reports
    ADD CONSTRAINT reports_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.reports
    ADD CONSTRAINT reports_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES app.revisions(id);

ALTER TABLE ONLY app.reports
    ADD CONSTRAINT reports_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.revisions
    ADD CONSTRAINT revisions_author_fkey FOREIGN KEY (author) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.revisions
    ADD CONSTRAINT revisions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.revisions
    ADD CONSTRAINT revisions_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.revisions
    ADD CONSTRAINT revisions_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES app.revisions(id);

ALTER TABLE ONLY app.role_changes
    ADD CONSTRAINT role_changes_actor_fkey FOREIGN KEY (actor) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.role_changes
    ADD CONSTRAINT role_changes_group_id_fkey FOREIGN KEY (group_id) REFERENCES app.groups(id);

ALTER TABLE ONLY app.role_changes
    ADD CONSTRAINT role_changes_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.ruled_out
    ADD CONSTRAINT ruled_out_other_id_fkey FOREIGN KEY (other_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.ruled_out
    ADD CONSTRAINT ruled_out_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.source_rows
    ADD CONSTRAINT source_rows_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.sources
    ADD CONSTRAINT sources_theme_fkey FOREIGN KEY (theme) REFERENCES app.themes(id);

ALTER TABLE ONLY app.standings
    ADD CONSTRAINT standings_theme_fkey FOREIGN KEY (theme) REFERENCES app.themes(id);

ALTER TABLE ONLY app.standings
    ADD CONSTRAINT standings_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY app.term_proposals
    ADD CONSTRAINT term_proposals_broader_fkey FOREIGN KEY (broader) REFERENCES app.concepts(id);

ALTER TABLE ONLY app.term_proposals
    ADD CONSTRAINT term_proposals_concept_fkey FOREIGN KEY (concept) REFERENCES app.concepts(id);

ALTER TABLE ONLY app.term_proposals
    ADD CONSTRAINT term_proposals_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.term_proposals
    ADD CONSTRAINT term_proposals_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id);

ALTER TABLE ONLY app.term_proposals
    ADD CONSTRAINT term_proposals_scheme_fkey FOREIGN KEY (scheme) REFERENCES app.concept_schemes(id);

ALTER TABLE ONLY app.term_proposals
    ADD CONSTRAINT term_proposals_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.themes
    ADD CONSTRAINT themes_group_id_fkey FOREIGN KEY (group_id) REFERENCES app.groups(id);

ALTER TABLE ONLY app.themes
    ADD CONSTRAINT themes_scheme_fkey FOREIGN KEY (scheme) REFERENCES app.concept_schemes(id);

ALTER TABLE ONLY app.thesaurus_edits
    ADD CONSTRAINT thesaurus_edits_author_fkey FOREIGN KEY (author) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.thesaurus_edits
    ADD CONSTRAINT thesaurus_edits_concept_fkey FOREIGN KEY (concept) REFERENCES app.concepts(id);

ALTER TABLE ONLY app.thesaurus_edits
    ADD CONSTRAINT thesaurus_edits_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.thesaurus_edits
    ADD CONSTRAINT thesaurus_edits_scheme_fkey FOREIGN KEY (scheme) REFERENCES app.concept_schemes(id);

ALTER TABLE ONLY app.thesaurus_releases
    ADD CONSTRAINT thesaurus_releases_released_by_fkey FOREIGN KEY (released_by) REFERENCES app.profiles(user_id) ON DELETE SET NULL;

ALTER TABLE ONLY app.thesaurus_releases
    ADD CONSTRAINT thesaurus_releases_scheme_fkey FOREIGN KEY (scheme) REFERENCES app.concept_schemes(id);

ALTER TABLE ONLY app.view_marks
    ADD CONSTRAINT view_marks_point_id_fkey FOREIGN KEY (point_id) REFERENCES app.points(id) ON DELETE CASCADE;

ALTER TABLE app.alignments ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.bulks ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.charter_acceptances ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.charters ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.concept_schemes ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.concepts ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.condemned_objects ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.confirmations ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.conflicts ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.daily_duties ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.decisions ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.doubts ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.events ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.follows ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.form_fields ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.forms ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.groups ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.invitations ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.jobs ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.judgements ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.leases ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.mail_texts ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.mails ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.memberships ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.merged_photos ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.message_templates ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.photos ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.point_views ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.points ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.profiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.public_points ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.queue ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.remapped_points ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.reminders ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.report_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.report_salts ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.reports ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.revisions ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.role_changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.ruled_out ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.source_rows ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.sources ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.standings ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.term_proposals ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.territories ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.themes ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.thesaurus_edits ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.thesaurus_releases ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.view_marks ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA private TO anon;
GRANT USAGE ON SCHEMA private TO authenticated;
GRANT USAGE ON SCHEMA private TO service_role;

GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;

REVOKE ALL ON FUNCTION private.accept_by_trust(was app.points, theme app.themes, r app.revisions, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.accept_charter(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.accept_charter(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.accept_charter(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.accept_charter(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.accepted_ids(m jsonb, key text, offered text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.accepted_values(patch jsonb, accepted text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.account_json(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.account_problem(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.accuracy_reach(accuracy_m double precision) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.active_theme(theme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.actor_kind(p app.points, actor uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.actor_label(e app.events, viewer uuid, is_moderator boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.add_photo(who uuid, p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.alignment_source(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.announce_moved_points() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.announce_new_points() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.answer_reporter() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.answer_to_edit(e app.thesaurus_edits, viewer uuid, held text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.answer_words(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.answer_words(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.answer_words(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.answer_words(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.answered_terms(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.apply_edit(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.apply_mutation(who uuid, device text, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.apply_own_revision(p app.points, who uuid, m jsonb, base jsonb, taken jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.apply_trust(who uuid, m jsonb, result jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_box(p jsonb, key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_bucket(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_choice(p jsonb, key text, choices text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_limit(p jsonb, default_limit integer, max_limit integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_list(p jsonb, key text, max_length integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_number(p jsonb, key text, lowest numeric, highest numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_role(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_territories(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_text(p jsonb, key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_texts(p jsonb, key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.arg_uuid(p jsonb, key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.base_value(path text, base jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.begin_new_life() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.bring_some_points_back(e app.thesaurus_edits, at_most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.bucket_digest(bucket text, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.bucket_points(bucket text, viewer uuid, after uuid, page_size integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.buckets_with_news(buckets jsonb, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.bulk_obstacle(p app.points, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.bulk_problem(p app.points, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.bump_visibility() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.cacheable(body json, max_age_s integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.caller_network() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.can_see(p app.points, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.candidates_json(p app.points, moderator uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.cell_bucket(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.cell_of(geom extensions.geometry) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.change_json(path text, before jsonb, after jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.changed_term(scheme_id text, args jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.changes_since_review(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_answer(field jsonb, value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_bulk(was app.points, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_concept(scheme_id text, value jsonb, code text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_correction(was app.points, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_decision_words(theme app.themes, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_geom(value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_group(field jsonb, value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_item(field jsonb, item jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_list(field jsonb, value jsonb, at_most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_load_row(theme app.themes, fields jsonb, item jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_number(field jsonb, value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_patch(theme app.themes, patch jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_place(value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_pull(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_push(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_report(p app.points, theme app.themes, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_seen(p app.points, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.check_undo(p app.points, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.close_conflicts(p app.points, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.close_released_edits() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.close_reports(p app.points, who uuid, m jsonb, report text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.cluster_identity() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.commune_at(geom extensions.geometry) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.communes_in(codes text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.communes_of(code text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.concept_content(c jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.fold_all(texts jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.concept_json(c app.concepts) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.concept_row(c app.concepts) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.concept_rows(ids text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.concept_today(value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.concept_words(c app.concepts) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.concepts_above(start text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.concepts_replacing(start text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.condemn_orphans(maximum integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.confirmations_of(point uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.conflict_writer(c app.conflicts, viewer uuid, is_moderator boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.consume_at_sign_in() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.consume_invitations(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.content_diff(before jsonb, after jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.content_of(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.correct(p app.points, theme app.themes, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.count_report(address text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.covers(territories text[], commune text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.covers_scope(holder text[], asked text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.create_points(who uuid, sent jsonb[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.created_point(who uuid, theme app.themes, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.current_charter() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.current_concept(concept_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.current_epoch() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.cursor_text(xid xid8, seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.day(at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.decide_on_edit(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.decide_on_edit(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.decide_on_edit(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.decide_on_edit(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.decide_photos(p app.points, m jsonb, of_user uuid, is_accepting boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.decide_point(was app.points, theme app.themes, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.decide_published(was app.points, theme app.themes, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.decide_revision(was app.points, theme app.themes, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.decision_json(who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.decision_line(d app.decisions, lang text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.decision_pages(who uuid, after bigint, upto bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.decision_to_undo(was app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.deprecated_term(scheme_id text, args jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.discard_unproven_password() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.dismiss_reports(was app.points, theme app.themes, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.draw_audit(p app.points, theme app.themes, contributor uuid, revision uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.duplicate_candidates(p app.points, moderator uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.edit_json(e app.thesaurus_edits, viewer uuid, held text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.edit_vocabulary(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.edit_vocabulary(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.edit_vocabulary(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.edit_vocabulary(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.edited_terms(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.enqueue_job(kind text, payload jsonb, dedupe_key text, run_after timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.enqueue_photo_jobs(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.ensure_profile(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.fail(http_status integer, code text, details text, hint text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.fail(http_status integer, code text, details text, hint text) TO anon;
GRANT ALL ON FUNCTION private.fail(http_status integer, code text, details text, hint text) TO authenticated;
GRANT ALL ON FUNCTION private.fail(http_status integer, code text, details text, hint text) TO service_role;

REVOKE ALL ON FUNCTION private.feed_page(bucket private.sync_bucket, viewer uuid, since private.sync_cursor, page_size integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.fill_observed_conditions() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.fold(raw text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.fold_views() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.follow(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.follow(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.follow(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.follow(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.follow_json(f app.follows) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.followed_news(who uuid, after bigint, upto bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.forget_addresses() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.forget_far_hands() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.forget_far_hints(value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.forget_invitations() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.forget_mails() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.forget_reporters() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.form_field(theme_id text, field_key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.form_fields(theme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.free_concept_id(wanted text, taken text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.free_duplicates(survivor app.points, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.full_history_json(point uuid, viewer uuid, is_moderator boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.geom_json(geom extensions.geometry, accuracy_m real, position_source text, heading_deg real, moved_m real) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.has_current_charter(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.has_option(field jsonb, value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.has_report_photo(report uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.has_verified_email(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.held_back_since(buckets jsonb, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.horizon() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.imported_terms(scheme_id text, args jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.index_form() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.insert_loaded(theme app.themes, source bigint, rows jsonb, day date) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.instance_json() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.instant(at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.instant_for(at timestamp with time zone, is_insider boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.invalid_argument(details text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.invitation_json(i app.invitations) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.invite(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.invite(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.invite(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.invite(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.involved_points(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_answer(value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_client_too_old(version text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_condemned(bucket_name text, object_name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_contributor(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_coordinator_of(who uuid, group_name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_cursor_possible(given text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_drawn(theme app.themes) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_edited_in_place(p app.points, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_for_a_person(p app.points, r app.revisions, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_in_territory(geom extensions.geometry) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_insider(p app.points, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_involved(point uuid, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_last_coordinator(who uuid, group_name text, scope text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_met(condition jsonb, answers jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_moderator_of(who uuid, p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_on_photos(m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_public(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_scheme_of(theme app.themes, scheme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_sibling(a text, b text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_text_list(value jsonb, at_most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_trusted(who uuid, t app.themes) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_undone(d app.decisions, upto bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_unnamed(p app.points, r app.revisions, theme app.themes) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_uuid(value text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.is_written_to_enough(address text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.item_to_decide(was app.points, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.job_mail(job app.jobs) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.job_photos(job app.jobs) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.joined_scopes(held text[], offered text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.judge(decision bigint, who uuid, in_theme text, outcome text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.judge_audits(noted bigint, p app.points, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.judge_photos(noted bigint, p app.points, m jsonb, waiting uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.keep_accepted_fields(p app.points, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.keep_alignments(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.keep_alignments(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.keep_alignments(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.keep_alignments(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.keep_conflict(p app.points, who uuid, m jsonb, field text, was jsonb, mine jsonb, theirs jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.keep_edit(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.keep_photo(who uuid, p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.keep_receipt(who uuid, device text, m jsonb, result jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.keep_thesaurus_whole() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.kept_values(p app.points, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.kinship(holding text, is_same_only boolean, a text, a_name text, b text, b_name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.kinship_rule(theme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.known_reasons(theme app.themes) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.known_territories(codes text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.label_in(labels jsonb, lang text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.language_of(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.last_release(scheme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.late_items(who uuid, of_theme text, days integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.lease_json(point uuid, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.leave_survivor(p app.points, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.lists_by_key(value jsonb, at_most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.live_revision(p app.points, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.load_points(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.locating_keys(theme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.lock_members(group_name text, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.lock_point(id uuid, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.lock_points(ids uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.lock_survivor(p app.points, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.look_at_decisions() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.look_for_points_left() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.mail_text(text_key text, in_lang text, filled jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.map_tile_text(z integer, tile_x integer, tile_y integer, theme_ids text[], concept_ids text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.mark_publication() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.may_add_photo(object_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.may_add_photo(object_name text) TO anon;
GRANT ALL ON FUNCTION private.may_add_photo(object_name text) TO authenticated;
GRANT ALL ON FUNCTION private.may_add_photo(object_name text) TO service_role;

REVOKE ALL ON FUNCTION private.may_be_same(theme_id text, a extensions.geometry, a_accuracy double precision, a_concept text, a_name text, b extensions.geometry, b_accuracy double precision, b_concept text, b_name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.may_decide_on(i app.queue, p app.points, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.may_decide_own(theme app.themes) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.may_grant(who uuid, group_name text, territories text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.may_read_photo(object_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.may_read_photo(object_name text) TO anon;
GRANT ALL ON FUNCTION private.may_read_photo(object_name text) TO authenticated;
GRANT ALL ON FUNCTION private.may_read_photo(object_name text) TO service_role;

REVOKE ALL ON FUNCTION private.median_days(of_theme text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.member_json(m app.memberships, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.members(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.members(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.members(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.members(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.merge_fields(theme_id text, server jsonb, base jsonb, patch jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.merge_into_survivor(p app.points, was app.points, theme app.themes, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.merge_sets(base jsonb, mine jsonb, theirs jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.merged_list(now jsonb, was jsonb, became jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.merged_terms(scheme_id text, args jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.missing_answer(required jsonb, answers jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.moderates(who uuid, theme_id text, commune text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.moderation_bucket(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.moderation_bulk(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.moderation_bulk(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.moderation_bulk(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.moderation_bulk(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.moderation_candidates(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.moderation_candidates(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.moderation_candidates(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.moderation_candidates(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.moderation_lease(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.moderation_lease(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.moderation_lease(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.moderation_lease(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.moderation_queue(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.moderation_queue(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.moderation_queue(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.moderation_queue(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.moderation_review(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.moderation_review(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.moderation_review(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.moderation_review(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.moderation_templates(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.moderation_templates(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.moderation_templates(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.moderation_templates(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.moment_of(m jsonb, key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.morton(x integer, y integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.move_json(was jsonb, now jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.move_point(to_be app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.move_some_points(e app.thesaurus_edits, at_most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.moved_from(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.moved_term(scheme_id text, args jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.my_contributions(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.my_contributions(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.my_contributions(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.my_contributions(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.nearby_json(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.network_of(address text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.new_id(day date) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.new_term(scheme_id text, given jsonb, taken text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.note_decision(was app.points, p app.points, who uuid, i app.queue, m jsonb, waiting uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.note_doubts(p app.points, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.note_public_copies(photos jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.note_required() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.note_role_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.note_sent_mail() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.note_trust(p app.points, who uuid, kind text, mutation uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.observed_field(theme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.opening_box() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.orphan_objects(maximum integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.outcome_for(person uuid, i app.queue, outcome text, waiting uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.outcome_of(was app.points, p app.points, i app.queue, m jsonb, waiting uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.own_edit(p jsonb, me uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.people_of(was app.points, who uuid, i app.queue, m jsonb, waiting uuid[], undone app.decisions) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.photo_limit(theme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.photo_record(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.photo_record(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.photos_expected(m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.photos_of_term(term_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.picture_json(photo uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.place_point() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.place_queue_again() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.place_queue_item() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.plain_creates(mutations jsonb, busy uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.plain_place(place jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.point_conflicts_json(point uuid, viewer uuid, is_moderator boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.point_history(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.point_history(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.point_history(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.point_history(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.point_json(p app.points, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.point_pending_json(point uuid, viewer uuid, is_moderator boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.point_photos_json(p app.points, viewer uuid, is_moderator boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.point_proposals_json(point uuid, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.point_row(p app.points, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.point_seen(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.point_seen(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.point_seen(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.point_seen(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.point_terms_json(point uuid, viewer uuid, is_moderator boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.point_title(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.points_left(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.points_named(m jsonb, field text, p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.possible_duplicates(ids uuid[], moderator uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.postponement(code text, seconds integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.preferences_json(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.preview_of_edit(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.propose(p app.points, who uuid, m jsonb, taken jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.propose_words(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.propose_words(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.propose_words(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.propose_words(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.proposed_words(scheme_id text, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.public_diff(p app.points, diff jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.public_geom(geom extensions.geometry, sensitivity text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.public_history_json(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.public_item_json(t app.public_points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.publish_by_trust(was app.points, theme app.themes, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.pull_bucket(given jsonb, viewer uuid, seen uuid[], room integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.pull_epoch_matches(p jsonb, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.pull_rows(ids uuid[], known uuid[], viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_comment(who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_confirm(who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_create(who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_creates(who uuid, device text, mutations jsonb, busy uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_decide(who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_edit(who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_one(who uuid, device text, m jsonb, account_code text, is_too_old boolean, busy uuid[], halted uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_plain_creates(who uuid, device text, mutations jsonb, busy uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_propose_term(who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.push_withdraw(who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.put_charter(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.put_concept_scheme(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.put_groups(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.put_theme(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.put_under(was app.points, concept text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.put_waiting_points(e app.thesaurus_edits, term_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.queue_changed_points() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.queue_counts(in_theme text, scope text[], place text[], by_author uuid, until timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.queue_items(page app.queue[], viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.queue_key(i app.queue) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.queue_new_points() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.queue_page(in_theme text, scope text[], place text[], of_kind text, by_author uuid, until timestamp with time zone, after app.queue, is_newest_first boolean, size integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.queue_part() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.read_alignments(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.read_alignments(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.read_alignments(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.read_alignments(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.read_bucket(id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.read_cursor(given text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.read_map_tile(z integer, tile_x integer, tile_y integer, themes text, concept text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.read_map_tile(z integer, tile_x integer, tile_y integer, themes text, concept text) TO anon;
GRANT ALL ON FUNCTION private.read_map_tile(z integer, tile_x integer, tile_y integer, themes text, concept text) TO authenticated;
GRANT ALL ON FUNCTION private.read_map_tile(z integer, tile_x integer, tile_y integer, themes text, concept text) TO service_role;

REVOKE ALL ON FUNCTION private.read_me() FROM PUBLIC;
GRANT ALL ON FUNCTION private.read_me() TO anon;
GRANT ALL ON FUNCTION private.read_me() TO authenticated;
GRANT ALL ON FUNCTION private.read_me() TO service_role;

REVOKE ALL ON FUNCTION private.read_point_sheet(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.read_point_sheet(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.read_point_sheet(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.read_point_sheet(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.read_public_counts(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.read_queue_key(key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.read_releases(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.read_releases(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.read_releases(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.read_releases(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.read_stats(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.read_stats(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.read_stats(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.read_stats(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.read_territories(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.read_territories(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.read_territories(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.read_territories(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.read_themes() FROM PUBLIC;
GRANT ALL ON FUNCTION private.read_themes() TO anon;
GRANT ALL ON FUNCTION private.read_themes() TO authenticated;
GRANT ALL ON FUNCTION private.read_themes() TO service_role;

REVOKE ALL ON FUNCTION private.read_thesaurus(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.read_thesaurus(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.read_thesaurus(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.read_thesaurus(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.reason_label(in_theme text, code text, lang text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.record_event(p app.points, actor uuid, action text, from_status text, reason text, comment text, diff jsonb, mutation_id uuid, revision_id uuid, as_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.refresh_queue(ids uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.refusal(code text, message text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.refuse_holding_terms(ids text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.refuse_own(theme app.themes, who uuid, contributor uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.refuse_rewriting_history() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.refuse_rewriting_releases() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.refused_by_epoch(p jsonb, epoch text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.reject(code text, details text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.release_vocabulary(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.release_vocabulary(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.release_vocabulary(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.release_vocabulary(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.remap(job app.jobs) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.remind(of_level text, roles text[], days integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.remind_of_waiting() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.replayed(r app.receipts) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.report_json(i app.queue) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.report_record(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.report_record(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.require_answers() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.require_scope(point uuid, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.require_user() FROM PUBLIC;
GRANT ALL ON FUNCTION private.require_user() TO anon;
GRANT ALL ON FUNCTION private.require_user() TO authenticated;
GRANT ALL ON FUNCTION private.require_user() TO service_role;

REVOKE ALL ON FUNCTION private.require_vocabulary_role(who uuid, scheme_id text, needed text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.require_whole_group(who uuid, t app.themes, refusal text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.required_fields(form jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.restamp_changes(buckets text[], point uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.restored_term(scheme_id text, args jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.revision_changes(p app.points, r app.revisions) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.richness(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.role_rank(role text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.run_own_jobs() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.salt_of_today() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.same_place(a jsonb, b jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.same_value(path text, a jsonb, b jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.save_point(was app.points, p app.points, has_new_photo_set boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.scheme_themes(scheme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.scope_of(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.search_condition(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.search_from(after text, with_distance boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.search_page(condition text, around extensions.geometry, start jsonb, most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.search_points(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.search_points(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.search_points(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.search_points(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.seen_content(p app.points, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.seen_photos(m jsonb, waiting text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.send_decisions(who uuid, after bigint, upto bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.send_digests() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.send_each_decision() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.send_mail(kind text, address text, subject text, body text, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.set_member(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.set_member(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.set_member(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.set_member(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.set_preferences(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.set_preferences(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.set_preferences(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.set_preferences(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.set_reasons(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.set_reasons(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.set_reasons(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.set_reasons(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.set_template(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.set_template(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.set_template(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.set_template(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.set_trust(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.set_trust(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.set_trust(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.set_trust(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.source_words(scheme_id text, asked text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.split_term(scheme_id text, args jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.stamp_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.stamp_changes(buckets text[], point uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.standing_json(who uuid, in_theme text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.status_after_decision(status text, status_before text, decision text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.status_after_edit(p app.points, who uuid, is_submitted boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.survivor_json(p app.points, other app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.survivor_of(point uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.sweep() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.sweep_storage() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.sync_digest(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.sync_digest(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.sync_digest(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.sync_digest(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.sync_ids(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.sync_ids(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.sync_ids(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.sync_ids(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.sync_pull(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.sync_pull(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.sync_pull(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.sync_pull(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.sync_push(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.sync_push(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.sync_push(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.sync_push(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.sync_receipts(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.sync_receipts(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.sync_receipts(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.sync_receipts(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.sync_snapshot(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.sync_snapshot(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.sync_snapshot(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.sync_snapshot(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.take_back_answers(point uuid, decision uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.take_back_judgements(of_decision bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.take_jobs(p jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.tell_decisions(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.tell_proposer(who uuid, word text, answered text, term_labels jsonb, why text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.term(scheme_id text, concept_id text, must_be_used boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.text_array(value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.text_bound(field jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.text_by_language(value jsonb, at_most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.theme_json(t app.themes) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.theme_radius_m(theme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.thesaurus_changes(since private.sync_cursor) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.thesaurus_faults(ids text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.thread_json(point uuid, viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.tile_points(low bigint, high bigint, theme_ids text[], concept_ids text[], step_shift integer, merge_same_place boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.to_count(value jsonb, at_most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.to_day(value text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.to_instant(value text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.to_uuid(value text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.told_condition(theme_id text, said text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.touch_point(point_id uuid, old_cell text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.tried_edit(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.trust_json(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.trust_settings(theme app.themes) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.undo_decision(d app.decisions, p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.undo_edit(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.undo_rows(e app.thesaurus_edits) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.undo_vocabulary_edit(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.undo_vocabulary_edit(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.undo_vocabulary_edit(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.undo_vocabulary_edit(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.union_by(attribute text, newest jsonb, older jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.update_loaded(point uuid, said jsonb, says jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.update_profile(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.update_profile(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.update_profile(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.update_profile(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.uses_of_term(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.uses_of_term(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.uses_of_term(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.uses_of_term(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.values_to_give_back(survivor app.points, duplicate uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.views_by_year(points uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.visibility_epoch(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.vocabulary_changes(before jsonb, after jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.vocabulary_desk(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.vocabulary_desk(p jsonb) TO anon;
GRANT ALL ON FUNCTION private.vocabulary_desk(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.vocabulary_desk(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.vocabulary_json(scheme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.vocabulary_role(who uuid, scheme_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.waiting_items(ids uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.waiting_kinds(p app.points) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.waiting_photos(point uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.waiting_points(who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.warm_up() FROM PUBLIC;

REVOKE ALL ON FUNCTION private.widened_field(newest jsonb, older jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.with_field(c jsonb, path text, seen jsonb, wanted jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.with_labels_of(kept jsonb, gone jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.with_narrower(concept_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.with_point(result jsonb, m jsonb, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.with_values(p app.points, value_of jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.withdraw_point(was app.points, who uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.withdraw_revision(p app.points, who uuid, m jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.word_condition(pattern text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.worker_done(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.worker_done(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.worker_take(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.worker_take(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION private.write_checked(edited jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.write_concepts(edited jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.write_digest(who uuid, address text, decided text, news text) FROM PUBLIC;

REVOKE ALL ON FUNCTION private.write_public_point() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.charter_accept(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.charter_accept(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.charter_accept(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.charter_accept(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.follow(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.follow(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.follow(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.follow(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.invite(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.invite(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.invite(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.invite(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.map_tile(z integer, x integer, y integer, themes text, concept text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.map_tile(z integer, x integer, y integer, themes text, concept text) TO anon;
GRANT ALL ON FUNCTION public.map_tile(z integer, x integer, y integer, themes text, concept text) TO authenticated;
GRANT ALL ON FUNCTION public.map_tile(z integer, x integer, y integer, themes text, concept text) TO service_role;

REVOKE ALL ON FUNCTION public.me(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.me(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.me(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.me(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.member_set(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.member_set(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.member_set(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.member_set(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.members(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.members(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.members(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.members(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.moderation_bulk(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.moderation_bulk(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.moderation_bulk(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.moderation_bulk(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.moderation_candidates(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.moderation_candidates(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.moderation_candidates(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.moderation_candidates(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.moderation_lease(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.moderation_lease(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.moderation_lease(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.moderation_lease(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.moderation_queue(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.moderation_queue(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.moderation_queue(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.moderation_queue(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.moderation_review(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.moderation_review(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.moderation_review(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.moderation_review(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.moderation_templates(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.moderation_templates(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.moderation_templates(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.moderation_templates(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.my_contributions(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.my_contributions(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.my_contributions(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.my_contributions(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.photo_record(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.photo_record(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.point_history(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.point_history(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.point_history(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.point_history(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.point_seen(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.point_seen(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.point_seen(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.point_seen(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.point_sheet(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.point_sheet(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.point_sheet(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.point_sheet(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.points_search(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.points_search(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.points_search(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.points_search(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.preferences_set(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.preferences_set(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.preferences_set(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.preferences_set(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.profile_update(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.profile_update(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.profile_update(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.profile_update(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.reasons_set(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reasons_set(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.reasons_set(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.reasons_set(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.report_record(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.report_record(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.stats(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.stats(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.stats(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.stats(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.sync_digest(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sync_digest(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.sync_digest(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.sync_digest(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.sync_ids(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sync_ids(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.sync_ids(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.sync_ids(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.sync_pull(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sync_pull(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.sync_pull(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.sync_pull(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.sync_push(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sync_push(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.sync_push(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.sync_push(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.sync_receipts(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sync_receipts(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.sync_receipts(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.sync_receipts(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.sync_snapshot(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sync_snapshot(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.sync_snapshot(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.sync_snapshot(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.template_set(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.template_set(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.template_set(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.template_set(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.territories(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.territories(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.territories(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.territories(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.themes(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.themes(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.themes(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.themes(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_align(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_align(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_align(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_align(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_alignments(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_alignments(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_alignments(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_alignments(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_answer(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_answer(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_answer(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_answer(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_decide(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_decide(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_decide(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_decide(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_desk(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_desk(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_desk(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_desk(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_edit(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_edit(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_edit(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_edit(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_propose(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_propose(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_propose(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_propose(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_release(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_release(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_release(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_release(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_releases(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_releases(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_releases(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_releases(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_undo(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_undo(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_undo(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_undo(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.thesaurus_uses(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.thesaurus_uses(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.thesaurus_uses(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.thesaurus_uses(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.trust_set(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.trust_set(p jsonb) TO anon;
GRANT ALL ON FUNCTION public.trust_set(p jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.trust_set(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.worker_done(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_done(p jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.worker_take(p jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_take(p jsonb) TO service_role;

ALTER DEFAULT PRIVILEGES FOR ROLE deployer IN SCHEMA public GRANT ALL ON SEQUENCES  TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE deployer IN SCHEMA public GRANT ALL ON SEQUENCES  TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE deployer IN SCHEMA public GRANT ALL ON SEQUENCES  TO service_role;

CREATE TRIGGER users_consume_invitations AFTER UPDATE OF email_confirmed_at, last_sign_in_at ON auth.users FOR EACH ROW WHEN ((new.email_confirmed_at IS NOT NULL)) EXECUTE FUNCTION private.consume_at_sign_in();
CREATE TRIGGER users_discard_unproven_password BEFORE UPDATE OF email_confirmed_at ON auth.users FOR EACH ROW WHEN (((old.email_confirmed_at IS NULL) AND (new.email_confirmed_at IS NOT NULL))) EXECUTE FUNCTION private.discard_unproven_password();

create policy "A contributor adds photos under their own folder" on storage.objects for insert to authenticated with check (((bucket_id = 'photos'::text) AND private.may_add_photo(name)));

create policy "Who took a photo and the moderators in scope read it" on storage.objects for select to authenticated using (((bucket_id = 'photos'::text) AND private.may_read_photo(name)));
