import { type Json, jsonEquals } from '../../../src/domain/json.ts';
import { sameValue } from '../../../src/domain/merge.ts';
import { pointSchema } from '../../../src/domain/point.ts';
import type { PushAnswer } from '../../../src/api/push.ts';
import { pushMutations } from '../../../src/api/push.ts';
import type { Hand, Said } from './cast.ts';
import type { RealCast } from './real-cast.ts';

// What the tables of the server say, against what the phones said. Faults in words, none when all is well.

type Row = Record<string, unknown>;

/** I1: what was said to be saved is in an outbox or has a receipt. */
export async function lost({ crowd, said }: RealCast): Promise<string[]> {
  const kept = [...said.values()].filter((one) => !one.isDiscarded);
  const ids = kept.map((one) => one.id);
  const receipts = await crowd.server.sql<{ id: string }>(
    'select mutation_id::text as id from app.receipts where mutation_id = any ($1)',
    [ids],
  );
  const received = new Set(receipts.map((row) => row.id));
  const faults: string[] = [];
  for (const { id, hand } of kept.filter((one) => !received.has(one.id))) {
    const waiting = await hand.phone.ctx.precious.outbox.where('mutation_id').equals(id).count();
    if (waiting === 0) faults.push(`I1: ${id} is nowhere`);
  }
  return faults;
}

/** I2, I3, I4, I15: once, under the phone's id, over what its author saw, in order. */
export async function misapplied({ crowd, said }: RealCast): Promise<string[]> {
  const events = await crowd.server.sql<{ id: string; point: string; action: string; diff: Row | null }>(
    `select e.mutation_id::text as id, e.point_id::text as point, e.action, e.diff from app.events as e
     where e.mutation_id = any ($1) order by e.id`,
    [[...said.keys()]],
  );
  const faults: string[] = [];
  const seen = new Set<string>();
  const last = new Map<string, number>();
  for (const { id, point, action, diff } of events) {
    const one = said.get(id);
    if (!one) continue;
    if (seen.has(id)) faults.push(`I2: ${id} had its effect twice`);
    seen.add(id);
    if (one.pointId !== point) faults.push(`I3: ${one.pointId} is called ${point}`);
    if (action === 'edit' || action === 'propose') faults.push(...overwritten(one, diff ?? {}));
    if (one.order === null) continue;
    const lane = `${one.hand.phone.ctx.sender.deviceId} ${point}`;
    if (one.order < (last.get(lane) ?? -1)) faults.push(`I15: ${id} came after what followed it`);
    last.set(lane, one.order);
  }
  return faults;
}

function overwritten({ id, saw }: Said, diff: Row): string[] {
  return Object.entries(diff).flatMap(([path, change]) => {
    const [was = null, now = null] = change as Json[];
    if (path === 'attributes.materials') {
      const items = (value: Json | undefined) => (Array.isArray(value) ? value : []);
      const others = items(was).filter((item) => !items(saw[path]).includes(item));
      return others.some((item) => !items(now).includes(item)) ? [`I4: ${id} lost an item of ${path}`] : [];
    }
    if (!(path in saw) || sameValue(path, was, saw[path] ?? null)) return [];
    return [`I4: ${id} replaced ${JSON.stringify(was)} of ${path}, having seen ${JSON.stringify(saw[path])}`];
  });
}

/** I12: bytes that left a phone are on the server, with their hash. */
export async function lostPhotos({ crowd, hands, discardedPhotos }: RealCast): Promise<string[]> {
  const stored = await crowd.server.sql<{ id: string; sha256: string }>(
    'select id::text, sha256 from app.photos',
  );
  const hashes = new Map(stored.map((row) => [row.id, row.sha256]));
  const faults: string[] = [];
  for (const { phone } of hands) {
    const bytes = new Set(await phone.ctx.precious.photo_bytes.toCollection().primaryKeys());
    for (const photo of await phone.ctx.precious.photos.toArray()) {
      if (bytes.has(photo.id) || discardedPhotos.has(photo.id) || hashes.get(photo.id) === photo.sha256)
        continue;
      faults.push(`I12: the bytes of ${photo.id} are nowhere`);
    }
  }
  return faults;
}

/** I5, I8: what a phone's copy and outbox still lack to be what the server shows; none at rest. */
export async function difference({ crowd }: RealCast, { phone }: Hand): Promise<string[]> {
  const { precious, cache, userId } = phone.ctx;
  const outbox = await precious.outbox.where('user_id').equals(userId).toArray();
  const held = new Set(
    outbox.filter((row) => row.kind === 'create' && row.state !== 'queued').map((row) => row.point_id),
  );
  const late = outbox.filter((row) => row.state === 'queued' && !held.has(row.point_id));
  const faults = late.map((row) => `I5: ${row.mutation_id} (${row.kind}) has not left`);
  for (const row of outbox) {
    if (row.last_problem?.code === 'payload_mismatch')
      faults.push(`I16: ${row.mutation_id} was sent otherwise`);
  }
  const followed = await cache.buckets.toArray();
  for (const row of followed) if (!row.cursor) faults.push(`I5: ${row.id} is not complete`);
  const buckets = followed.filter((row) => row.id !== 't');
  const rows = await crowd.server.sql<{ id: string; row: unknown }>(
    `select distinct on (p.id) p.id::text, private.point_json(p, $2) as row
     from unnest($1::text[]) as b, lateral private.bucket_points(b, $2, null, 100000) as p`,
    [buckets.map((row) => row.id), userId],
  );
  const expected = new Map(rows.map(({ id, row }) => [id, pointSchema.parse(row)]));
  for (const { id, point } of await cache.points.toArray()) {
    const row = expected.get(id);
    if (!row) faults.push(`I8: ${id} should have left the copy`);
    else if (!jsonEquals(point as unknown as Json, row as unknown as Json))
      faults.push(`I5: ${id} is out of date`);
    expected.delete(id);
  }
  for (const id of expected.keys()) faults.push(`I5: ${id} never came`);
  return faults;
}

/** I16: a device that sends its history again, that of the story, changes no row. */
export async function replayed({ crowd, said }: RealCast, { phone }: Hand): Promise<string[]> {
  const { precious, api, sender, userId } = phone.ctx;
  const rows = () =>
    crowd.server.sql<{ line: string }>("select id::text || ' ' || v as line from app.points order by id");
  const before = await rows();
  const sent = await precious.sent.where('user_id').equals(userId).toArray();
  const stored = sent.filter((row) => said.has(row.mutation_id) && row.code !== 'unknown_point');
  const answers: PushAnswer[] = [];
  for (let from = 0; from < stored.length; from += 50) {
    const texts = stored.slice(from, from + 50).map((row) => row.payload);
    answers.push(await pushMutations(api, sender, texts, null, { asUser: userId }));
  }
  const mismatch = answers.flatMap((answer) => answer.results).find((one) => one.code === 'payload_mismatch');
  const known = new Set(before.map(({ line }) => line));
  const changed = (await rows()).filter(({ line }) => !known.has(line));
  // Which ones, and what the server made of them then and now: without it nobody finds the cause.
  const now = new Map(answers.flatMap(({ results }) => results).map((one) => [one.mutation_id, one]));
  const told = stored.map(({ mutation_id, kind, point_id, status, code, at }) =>
    [kind, point_id, at, status, code, '→', now.get(mutation_id)?.status, now.get(mutation_id)?.code].join(
      ' ',
    ),
  );
  const changes = changed.map(({ line }) => line);
  return [
    ...(changed.length === 0
      ? []
      : [`I16: a history sent twice changed rows: ${changes.join(', ')} by ${told.join('; ')}`]),
    ...(mismatch ? ['I16: payload'] : []),
  ];
}
