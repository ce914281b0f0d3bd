import type { OutboxRow } from '../../src/db/rows.ts';
import { actorOn } from '../../src/domain/commands/actor.ts';
import { shownContent } from '../../src/domain/draft.ts';
import type { Json, JsonRecord } from '../../src/domain/json.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import type { CreateMutation, DecideMutation, EditMutation, Mutation } from '../../src/domain/mutation.ts';
import { type Path, readPaths } from '../../src/domain/paths.ts';
import type { Point } from '../../src/domain/point.ts';
import { type Act, transition } from '../../src/domain/states.ts';
import { coalesce } from '../../src/sync/coalesce.ts';
import type { Phone } from './phone.ts';
import { placeIn } from './state.ts';
import type { World } from './world.ts';

// What people do. Each is one durable write: saved or not at all (src/sync/enqueue.ts).

type Draft<M> = M extends Mutation ? Omit<M, 'mutation_id' | 'v' | 'captured_at'> : never;

function save(world: World, phone: Phone, draft: Draft<Mutation>, saw: JsonRecord, wrote: JsonRecord): void {
  const captured_at = new Date(world.hourOf(phone)).toISOString();
  const mutation = { ...draft, mutation_id: world.newId(phone), v: 1, captured_at } as Mutation;
  const last = phone.ordered().findLast((row) => row.point_id === mutation.point_id);
  const isUntouched =
    last?.state === 'queued' &&
    ((last.attempts === 0 && last.frozen === null) || world.mutant === 'coalesced_after_sending');
  const joined = last && isUntouched ? coalesce(last.mutation, mutation) : null;
  const order = world.saves.size;
  const common = { user: phone.user, device: phone.index, point: mutation.point_id, isDiscarded: false };
  if (last && joined) {
    const isRefrozen = last.frozen !== null;
    const frozen = isRefrozen ? JSON.stringify(joined) : null;
    phone.change(last.mutation_id, { mutation: joined, frozen });
    const before = world.saves.get(last.mutation_id);
    world.saves.set(last.mutation_id, {
      ...common,
      id: last.mutation_id,
      order: before?.order ?? null,
      saw: { ...saw, ...before?.saw },
      wrote: { ...before?.wrote, ...wrote },
    });
    return;
  }
  phone.outbox.push(newRow(world, phone, mutation));
  world.keep({ ...common, id: mutation.mutation_id, order, saw, wrote });
}

function newRow(world: World, phone: Phone, mutation: Mutation): OutboxRow {
  const undo = mutation.kind === 'decide' ? world.hourOf(phone) + LIMITS.decisionUndoMs : 0;
  const { mutation_id, point_id, kind } = mutation;
  return {
    n: phone.nextN++,
    mutation_id,
    user_id: phone.user,
    point_id,
    kind,
    mutation,
    frozen: null,
    state: 'queued',
    attempts: 0,
    last_problem: null,
    not_before: undo,
    saved_at: '',
  };
}

/** Captures a point, with a photo or without. */
export function capture(world: World, phone: Phone, cell: number, name: string, hasPhoto: boolean): void {
  const point_id = `point-${world.newId(phone)}`;
  const patch: CreateMutation['patch'] = { geom: { ...placeIn(cell) } as Json, 'attributes.name': name };
  save(world, phone, { kind: 'create', point_id, theme: 'heritage', patch }, {}, patch);
  if (hasPhoto) takePhoto(world, phone, point_id);
}

function takePhoto(world: World, phone: Phone, point_id: string): void {
  const id = `photo-${world.newId(phone)}`;
  phone.photoBytes.add(id);
  phone.photos.set(id, { id, point_id, state: 'local', attempts: 0, not_before: 0 });
}

/** Whether the screen offers it. */
function isOffered(phone: Phone, point: Point, act: Act): boolean {
  return transition(
    point.status,
    actorOn(point, { userId: phone.user, isModerator: !!phone.isModerator }),
    act,
  ).allowed;
}

/** Changes one field of a point that the screen shows. */
export function edit(
  world: World,
  phone: Phone,
  point: Point,
  path: Path,
  value: Json,
  submit: boolean,
): void {
  const draft: Draft<EditMutation> = {
    kind: 'edit',
    point_id: point.id,
    base_rev: point.rev,
    base: readPaths(shownContent(point), [path]),
    patch: { [path]: value },
    ...(submit ? { submit } : {}),
  };
  if (isOffered(phone, point, draft)) save(world, phone, draft, draft.base, draft.patch);
}

/** Closes a conflict: keeps one's own value, or the other's. */
export function resolve(world: World, phone: Phone, keepsMine: boolean): void {
  const row = phone.outbox.find((one) => one.state === 'conflict');
  const point = row && phone.shown(row.point_id);
  const conflicts = point?.conflicts.filter((one) => one.mutation_id === row?.mutation_id) ?? [];
  if (!row || !point || conflicts.length === 0) return;
  const wanted = keepsMine ? Object.fromEntries(conflicts.map((one) => [one.field, one.mine])) : {};
  const base = readPaths(shownContent(point), Object.keys(wanted));
  const resolves = [row.mutation_id];
  const { id: point_id, rev: base_rev } = point;
  save(world, phone, { kind: 'edit', point_id, base_rev, base, patch: wanted, resolves }, base, wanted);
}

export function comment(world: World, phone: Phone, point: Point): void {
  if (isOffered(phone, point, { kind: 'comment' })) {
    save(world, phone, { kind: 'comment', point_id: point.id, text: '?' }, {}, {});
  }
}

export function withdraw(world: World, phone: Phone, point: Point): void {
  const mine = point.pending.find((one) => one.mine);
  const draft = {
    kind: 'withdraw',
    point_id: point.id,
    ...(mine ? { revision_id: mine.revision_id } : {}),
  } as const;
  if (mine || (point.mine && isOffered(phone, point, draft))) save(world, phone, draft, {}, {});
}

/** Decides on a point, or on the first edit that waits beside it. */
export function decide(world: World, phone: Phone, point: Point, decision: DecideMutation['decision']): void {
  const row = phone.points.get(point.id)?.point;
  if (!row || !phone.isModerator) return;
  const before = phone.queuedOf(point.id).at(-1);
  const revision = point.status === 'published' ? point.pending.find((one) => !one.mine) : undefined;
  const draft: Draft<DecideMutation> = {
    kind: 'decide',
    point_id: point.id,
    decision,
    ...(before ? { seen_after: before.mutation_id } : { seen_rev: row.rev }),
    ...(revision ? { revision_id: revision.revision_id } : {}),
  };
  if (isOffered(phone, point, draft)) save(world, phone, draft, {}, {});
}

const EVALUATED_AGAIN = ['unknown_point'];

/** Tries again what was refused (src/sync/outbox-actions.ts). */
export function retry(world: World, phone: Phone): void {
  const row = phone.outbox.find((one) => one.state === 'refused');
  const known = row && world.saves.get(row.mutation_id);
  if (!row || !known) return;
  const queued = { state: 'queued' as const, not_before: 0, last_problem: null };
  // What was asked for last leaves first: the order is the person's, not the machine's.
  if (EVALUATED_AGAIN.includes(row.last_problem?.code ?? '')) {
    phone.change(row.mutation_id, queued);
    world.saves.set(known.id, { ...known, order: null });
    return;
  }
  const mutation_id = world.newId(phone);
  const mutation = { ...row.mutation, mutation_id };
  phone.change(row.mutation_id, { ...queued, mutation_id, mutation, frozen: null, attempts: 0 });
  world.saves.set(known.id, { ...known, isDiscarded: true });
  world.saves.set(mutation_id, { ...known, id: mutation_id, order: null });
}

/** Gives up what was refused. */
export function discard(world: World, phone: Phone): void {
  const row = phone.outbox.find((one) => one.state === 'refused');
  const known = row && world.saves.get(row.mutation_id);
  if (!row || !known) return;
  phone.forget(row.mutation_id);
  world.saves.set(known.id, { ...known, isDiscarded: true });
  if (row.kind !== 'create') return;
  for (const photo of [...phone.photos.values()]) {
    if (photo.point_id !== row.point_id || photo.state === 'stored') continue;
    world.discardedPhotos.add(photo.id);
    phone.photos.delete(photo.id);
    phone.photoBytes.delete(photo.id);
  }
}
