import type { LocalServer } from '../../supabase/local/server.ts';
import type { Phone } from './phone.ts';
import type { Volunteer } from './volunteer.ts';

type Sql = LocalServer['sql'];

/**
 * What was saved and is neither in an outbox nor known to the server, at any instant when nobody is
 * sending (I1): the ids, none when all is well.
 */
export async function lostNow(sql: Sql, volunteers: readonly Volunteer[]): Promise<string[]> {
  const lost: string[] = [];
  for (const { phone, mutations } of volunteers) {
    const waiting = new Set((await phone.ctx.precious.outbox.toArray()).map((row) => row.mutation_id));
    const known = await sql<{ id: string }>(
      'select mutation_id::text as id from app.receipts where user_id = $1',
      [phone.ctx.userId],
    );
    const received = new Set(known.map(({ id }) => id));
    lost.push(...[...mutations].filter((id) => !waiting.has(id) && !received.has(id)));
  }
  return lost;
}

/** Every save on the server, once, as it was last said (I2, I3, I4, I12): faults in words, none when all is well. */
export async function faultsAtRest(sql: Sql, volunteers: readonly Volunteer[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { phone, saved, mutations } of volunteers) {
    const me = [phone.ctx.userId];
    const points = await sql<{ id: string; name: string }>(
      "select id::text, attributes ->> 'name' as name from app.points where author = $1",
      me,
    );
    const names = new Map(points.map(({ id, name }) => [id, name]));
    for (const [id, { name }] of saved)
      if (names.get(id) !== name) faults.push(`${id}: saved ${name}, on the server ${names.get(id)}`);
    for (const { id } of points) if (!saved.has(id)) faults.push(`${id}: on the server, never saved`);

    const events = await sql<{ id: string; times: number }>(
      `select mutation_id::text as id, count(*)::int as times from app.events
       where actor = $1 and action in ('create', 'edit') group by mutation_id`,
      me,
    );
    const times = new Map(events.map((event) => [event.id, event.times]));
    for (const id of mutations)
      if (times.get(id) !== 1) faults.push(`mutation ${id}: applied ${times.get(id) ?? 0} times`);
    if (times.size !== mutations.size) faults.push(`${times.size} applied, ${mutations.size} saved`);

    const photos = await sql<{ id: string; point: string; sha256: string }>(
      'select id::text, point_id::text as point, sha256 from app.photos where user_id = $1',
      me,
    );
    const hashes = new Map(photos.map((photo) => [`${photo.point}/${photo.id}`, photo.sha256]));
    const taken = [...saved].flatMap(([point, { photos: own }]) =>
      [...own].map(([photo, sha256]) => [`${point}/${photo}`, sha256] as const),
    );
    for (const [key, sha256] of taken)
      if (hashes.get(key) !== sha256) faults.push(`photo ${key}: taken ${sha256}, stored ${hashes.get(key)}`);
    if (hashes.size !== taken.length) faults.push(`${hashes.size} photos stored, ${taken.length} taken`);
  }
  return faults;
}

/** What a phone holds of a bucket, as lines `id v`, in order. */
export async function heldLines(phone: Phone, bucket: string): Promise<string[]> {
  const rows = await phone.ctx.cache.points.where('held').equals(bucket).toArray();
  return rows.map(({ id, point }) => `${id} ${point.v}`).toSorted();
}

/** What a condition on `app.points p` selects, as the same lines. */
export async function visibleLines(
  sql: Sql,
  condition: string,
  parameters: unknown[] = [],
): Promise<string[]> {
  const rows = await sql<{ line: string }>(
    `select p.id::text || ' ' || p.v::text as line from app.points p where ${condition}`,
    parameters,
  );
  return rows.map(({ line }) => line).toSorted();
}
