import { saveDraft } from '../../../src/db/drafts.ts';
import { actorOn } from '../../../src/domain/commands/actor.ts';
import { newDraft, shownContent } from '../../../src/domain/draft.ts';
import { newPointId } from '../../../src/domain/id.ts';
import type { Json } from '../../../src/domain/json.ts';
import type { DecideMutation } from '../../../src/domain/mutation.ts';
import { type Path, readPaths } from '../../../src/domain/paths.ts';
import type { Point } from '../../../src/domain/point.ts';
import { transition } from '../../../src/domain/states.ts';
import type { Draft } from '../../../src/domain/commands/make.ts';
import { discardMutation, retryMutation } from '../../../src/sync/outbox-actions.ts';
import { jpegWithExif } from '../../support/outside-client.ts';
import { random } from '../../support/phone.ts';
import type { Cast, Hand } from './cast.ts';

/** Saves a mutation, and remembers it once the phone has said so. */
async function save(
  cast: Cast,
  hand: Hand,
  draft: Draft,
  options: { draftId?: string; photoIds?: string[] } = {},
) {
  const id = await hand.phone.enqueue(draft, options);
  const saw = draft.kind === 'edit' ? draft.base : {};
  cast.keep({ id, hand, pointId: draft.point_id, kind: draft.kind, saw });
}

/** Captures a point: a draft first, then its photo, then the mutation that finishes it. */
export async function capture(cast: Cast, hand: Hand, place: number, hasPhoto: boolean): Promise<void> {
  const { phone } = hand;
  const { precious, userId } = phone.ctx;
  const pointId = newPointId(phone.clock(), random);
  const draft = newDraft({ userId, formRev: 1, pointId, theme: 'heritage' }, phone.clock());
  await saveDraft(precious, draft);
  const { bytes, width, height } = jpegWithExif();
  const photo = hasPhoto ? await phone.takePhoto(pointId, bytes.slice().buffer, { width, height }) : null;
  const photoIds = photo ? [photo.id] : [];
  const geom = { ...cast.places[place % cast.places.length] } as Json;
  const patch = { geom, 'attributes.name': 'Lavoir' };
  await save(
    cast,
    hand,
    { kind: 'create', point_id: pointId, theme: 'heritage', patch, expected_photos: photoIds.length },
    { draftId: pointId, photoIds },
  );
}

function isOffered(hand: Hand, point: Point, draft: Draft): boolean {
  const doer = { userId: hand.phone.ctx.userId, isModerator: point.waiting !== undefined };
  return transition(point.status, actorOn(point, doer), draft).allowed;
}

/** Changes one field of a point. */
export async function edit(cast: Cast, hand: Hand, point: Point, path: Path, value: Json): Promise<void> {
  const base = readPaths(shownContent(point), [path]);
  const draft = {
    kind: 'edit' as const,
    point_id: point.id,
    base_rev: point.rev,
    base,
    patch: { [path]: value },
  };
  if (isOffered(hand, point, draft)) await save(cast, hand, draft);
}

export async function comment(cast: Cast, hand: Hand, point: Point): Promise<void> {
  await save(cast, hand, { kind: 'comment', point_id: point.id, text: 'Vu de la route.' });
}

export async function withdraw(cast: Cast, hand: Hand, point: Point): Promise<void> {
  const mine = point.pending.find((one) => one.mine);
  const draft = {
    kind: 'withdraw' as const,
    point_id: point.id,
    ...(mine ? { revision_id: mine.revision_id } : {}),
  };
  if (mine || isOffered(hand, point, draft)) await save(cast, hand, draft);
}

/** Decides on what the screen shows: the point, or the first edit of another beside it. */
export async function decide(
  cast: Cast,
  hand: Hand,
  point: Point,
  decision: DecideMutation['decision'],
): Promise<void> {
  const { unsent = [] } = (await hand.phone.shown(point.id)) ?? {};
  const before = unsent.findLast((row) => row.state === 'queued');
  const revision = point.status === 'published' ? point.pending.find((one) => !one.mine) : undefined;
  const draft = {
    kind: 'decide' as const,
    point_id: point.id,
    decision,
    ...(decision === 'publish' || decision === 'restore' ? {} : { reason: 'other', comment: 'À revoir.' }),
    ...(before ? { seen_after: before.mutation_id } : { seen_rev: point.rev }),
    ...(revision ? { revision_id: revision.revision_id } : {}),
  };
  if (isOffered(hand, point, draft)) await save(cast, hand, draft);
}

/** Closes the first conflict that waits for this person's eye. */
export async function resolve(cast: Cast, hand: Hand, keepsMine: boolean): Promise<void> {
  const { precious, userId } = hand.phone.ctx;
  const row = await precious.outbox.where('[user_id+state]').equals([userId, 'conflict']).first();
  const shown = row && (await hand.phone.shown(row.point_id));
  if (!row || !shown) return;
  const { point } = shown;
  const mine = point.conflicts.filter((one) => one.mutation_id === row.mutation_id);
  const patch = keepsMine ? Object.fromEntries(mine.map((one) => [one.field, one.mine])) : {};
  const base = readPaths(shownContent(point), Object.keys(patch));
  const resolves = [row.mutation_id];
  await save(cast, hand, { kind: 'edit', point_id: point.id, base_rev: point.rev, base, patch, resolves });
}

/** Tries again, or gives up, the first thing that was refused. */
export async function seeToRefusal(cast: Cast, hand: Hand, isTriedAgain: boolean): Promise<void> {
  const { precious, userId } = hand.phone.ctx;
  const row = await precious.outbox.where('[user_id+state]').equals([userId, 'refused']).first();
  const said = row && cast.said.get(row.mutation_id);
  if (!row || !said) return;
  if (!isTriedAgain) {
    const photos = await precious.photos.where('point_id').equals(row.point_id).toArray();
    await discardMutation(precious, row.mutation_id);
    said.isDiscarded = true;
    if (row.kind === 'create') for (const photo of photos) cast.discardedPhotos.add(photo.id);
    return;
  }
  await retryMutation(precious, row.mutation_id, hand.phone.clock(), random);
  const again = (await precious.outbox.toArray()).find((one) => one.n === row.n);
  if (!again) return;
  if (again.mutation_id !== row.mutation_id) said.isDiscarded = true;
  cast.said.set(again.mutation_id, { ...said, id: again.mutation_id, isDiscarded: false, order: null });
}
