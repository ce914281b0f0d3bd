import type { OutboxRow } from '../../src/db/rows.ts';
import { type Json, jsonEquals } from '../../src/domain/json.ts';
import { sameValue } from '../../src/domain/merge.ts';
import { wantedBuckets } from './phone-pull.ts';
import type { Phone } from './phone.ts';
import { beginPush } from './server-push.ts';
import { toldBefore, visibleIn } from './server-read.ts';
import type { Server } from './server.ts';
import { isSet, type ModelPhoto, type Write } from './state.ts';
import type { World } from './world.ts';

/** An invariant of the design that does not hold. */
export class Broken extends Error {
  constructor(invariant: string, why: string) {
    super(`${invariant}: ${why}`);
    this.name = 'Broken';
  }
}

/** Says which invariant is broken, and how. */
export function fail(invariant: string, why: string): never {
  throw new Broken(invariant, why);
}

/** What holds at every instant, whatever the network does. */
export function checkAlways(world: World): void {
  checkNoLoss(world);
  checkPhotos(world);
  checkOnce(world);
  for (const phone of world.phones) checkCursors(world, phone);
  for (const write of world.server.tables.writes.splice(0)) checkWrite(world, write);
}

/** I1: what was said to be saved is in the outbox, has a receipt, or was given up by its author. */
function checkNoLoss({ saves, phones, server }: World): void {
  for (const [id, save] of saves) {
    if (save.isDiscarded || server.tables.receipts.has(id)) continue;
    const phone = phones[save.device];
    if (!phone || phone.row(id)) continue;
    // A restored server forgot it; this phone will hear of the new epoch and queue it again.
    const sent = phone.sent.get(id);
    if (sent && phone.knownEpoch !== String(server.epoch)) continue;
    fail('I1', `${id} is nowhere`);
  }
}

/** I12: bytes leave a phone once the server has read them, and not before. */
function checkPhotos({ phones, server, discardedPhotos }: World): void {
  for (const phone of phones) {
    for (const { id } of phone.photos.values()) {
      if (phone.photoBytes.has(id) || discardedPhotos.has(id) || server.storedPhotos.has(id)) continue;
      fail('I12', `the bytes of ${id} are nowhere`);
    }
  }
}

/** I2, I3, I15: once, under the phone's id, in order. */
export function checkOnce({ server, saves }: Pick<World, 'server' | 'saves'>): void {
  const { effects, points, applied } = server.tables;
  for (const [id, count] of effects) if (count > 1) fail('I2', `${id} had its effect ${count} times`);
  const origins = new Set<string>();
  for (const point of points.values()) {
    if (origins.has(point.origin)) fail('I3', `${point.origin} made two points`);
    origins.add(point.origin);
    const save = saves.get(point.origin);
    if (save && save.point !== point.id) fail('I3', `${save.point} is called ${point.id} on the server`);
  }
  for (const [lane, ids] of applied) {
    const orders = ids.flatMap((id) => saves.get(id)?.order ?? []);
    if (orders.some((order, index) => order < (orders[index - 1] ?? 0)))
      fail('I15', `${lane}: ${ids.join(' ')}`);
  }
}

/** I6, I7: a cursor never tells more than what was written, and passes nothing that is to come. */
function checkCursors({ server }: World, { user, buckets, points, epochs }: Phone): void {
  const isCurrent =
    epochs.epoch === String(server.epoch) && epochs.visibility === server.visibility.get(user);
  if (!isCurrent) return;
  for (const { id, cursor } of buckets.values()) {
    if (cursor === null) continue;
    for (const told of toldBefore(server, user, { id, cursor })) {
      const known = points.get(told.id)?.point.v ?? -1;
      if (known < told.v) fail('I7', `the cursor of ${id} tells of ${told.id}, which is not there`);
    }
  }
}

const items = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** I4: a value is replaced only by somebody who had seen it; a list loses only what its author took away. */
export function checkWrite({ saves }: Pick<World, 'saves'>, { mutation, path, was, now }: Write): void {
  const save = saves.get(mutation);
  if (!save) return;
  const saw = save.saw[path] ?? null;
  if (isSet(path)) {
    const unseen = items(was).filter((item) => !items(saw).includes(item));
    if (unseen.some((item) => !items(now).includes(item))) fail('I4', `${mutation} lost an item of ${path}`);
    return;
  }
  if (sameValue(path, was, now) || sameValue(path, was, saw)) return;
  fail('I4', `${mutation} replaced ${JSON.stringify(was)} of ${path} unseen`);
}

/** I11: one bad mutation delays no other point. Holds after one round without faults. */
export function checkPoison(world: World, phone: Phone): void {
  if (world.poison === null) return;
  // What follows a refusal on its own point was told to wait for the next round.
  const others = phone.outbox.filter((row) => row.state === 'refused').map((row) => row.point_id);
  const apart = new Set([...others, phone.row(world.poison)?.point_id]);
  const late = unsettled(phone).find((row) => !apart.has(row.point_id));
  if (late) fail('I11', `${late.mutation_id} waits, though its point is fine`);
}

/** What still has to leave and could: nothing stands before it. */
function unsettled(phone: Phone) {
  const held = new Set(
    phone.outbox.filter((row) => row.kind === 'create' && row.state !== 'queued').map((row) => row.point_id),
  );
  return phone.outbox.filter((row) => row.state === 'queued' && !held.has(row.point_id));
}

/** Confirmed once, and not there any more, though its point is (I12 after a restored backup). */
function isForgotten({ tables }: Server, { id, point_id, state }: ModelPhoto): boolean {
  const point = tables.points.get(point_id);
  return state === 'stored' && !!point && !point.photos.some((one) => one.id === id);
}

/** Refused because it came before its point, which its author would always see. */
function isOrphan(server: Server, { user }: Phone, row: OutboxRow): boolean {
  const isUnknown = row.state === 'refused' && row.last_problem?.code === 'unknown_point';
  return isUnknown && server.tables.points.get(row.point_id)?.author === user;
}

/** I5, I8: what a phone still has to do before its copy is the server's visible set; null when it is. */
export function difference({ server, options }: World, phone: Phone): string | null {
  const late = unsettled(phone)[0];
  if (late) return `${late.mutation_id} has not left`;
  const mismatch = phone.outbox.find((row) => row.last_problem?.code === 'payload_mismatch');
  if (mismatch) return `${mismatch.mutation_id} was not sent again as it was`;
  const orphan = phone.outbox.find((row) => isOrphan(server, phone, row));
  if (orphan) return `${orphan.mutation_id} was refused for want of its create`;
  const wanted = wantedBuckets(phone);
  const missing = wanted.find((id) => !phone.buckets.get(id)?.cursor);
  if (missing) return `${missing} is not followed`;
  const expected = visibleIn(server, phone.user, phone.buckets.keys());
  // Two tabs that sync at once may write a row as it was before a role changed: the next change of
  // the point, or a whole reconciliation, puts it right. Locks are there so that this cannot happen.
  for (const [id, { point }] of options.hasLocks ? phone.points : []) {
    const row = expected.get(id);
    if (!row) return `${id} should have left the copy`;
    if (!jsonEquals(point as unknown as Json, row as unknown as Json)) return `${id} is out of date`;
  }
  const unknown = [...expected.keys()].find((id) => !phone.points.has(id));
  if (unknown) return `${unknown} never came`;
  const forgotten = [...phone.photos.values()].find((one) => options.hasLocks && isForgotten(server, one));
  if (forgotten) return `${forgotten.id} was stored, and the server put back does not know it`;
  const photo = [...phone.photos.values()].find(
    (one) => ['local', 'uploading'].includes(one.state) && server.tables.points.has(one.point_id),
  );
  const isCreateHeld =
    photo && phone.outbox.some((row) => row.kind === 'create' && row.point_id === photo.point_id);
  return photo && !isCreateHeld ? `photo ${photo.id} has not left` : null;
}

/** I16: a device that sends its whole history again changes no row. */
export function checkReplay({ server, phones }: World): void {
  const before = new Map(server.tables.points);
  for (const phone of phones) {
    const sent = [...phone.sent.values()].filter((row) => server.tables.receipts.has(row.mutation_id));
    const texts = sent.map((row) => row.payload);
    beginPush(server, { user: phone.user, device: phone.index, texts }).tx.commit();
  }
  for (const [id, point] of server.tables.points) {
    if (before.get(id) !== point) fail('I16', `a history sent twice changed ${id}`);
  }
}
