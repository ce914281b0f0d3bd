import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import jpeg from 'jpeg-js';
import * as z from 'zod/mini';

import { makeContributor } from '../support/accounts.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import { faultsAtRest, lostNow } from '../support/oracle.ts';
import { Phone } from '../support/phone.ts';
import { findPostgres, startPostgres } from '../support/postgres.ts';
import { startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { type Picture, Volunteer } from '../support/volunteer.ts';
import { flap } from './flapping.ts';

/** A season of one volunteer, told when it is over. */
export interface SoakReport {
  readonly captures: number;
  readonly photos: number;
  readonly rounds: number;
  readonly interrupted: number;
  readonly mishaps: Record<string, number>;
  readonly seconds: number;
  /** Largest resident memory of this process, MB. */
  readonly memoryMB: number;
  /** Everything that is not as it should be; none when all is well. */
  readonly faults: string[];
}

/** Saves between two rounds, at most; the network decides whether they get anywhere. */
const SAVES_BETWEEN_ROUNDS = 12;
const RENAMES = 0.25;
const KILLS = 0.02;
/** Rounds of the tablet for one of the phone. */
const TABLET_ROUNDS = 0.7;

type Server = Pick<ServerProcess, 'url' | 'publishableKey' | 'sql' | 'outboxDir' | 'close'>;

/** Lets somebody capture, with photos, over a flapping network; then compares phone and server, row by row and byte by byte. */
export async function soak(captures: number, seed = 1): Promise<SoakReport> {
  const startedAt = performance.now();
  const chance = draws(seed);
  const { server, close } = await openServer();
  try {
    const account = await makeContributor(server, 'saison@capitelle.test');
    const signedIn = async () => {
      const phone = new Phone(server, account.id);
      await phone.signIn(account.email);
      return phone;
    };
    const phone = await signedIn();
    const volunteer = new Volunteer(phone);
    const mishaps = flap(phone.network, chance);
    // The tablet at home, which follows: what it shows came by the feed alone.
    const tablet = await signedIn();
    await tablet.sync();
    flap(tablet.network, chance);
    const faults: string[] = [];
    let memory = 0;
    let untilRound = 0;
    for (let n = 0; n < captures; n++) {
      const place = { lon: 2.55 + chance() / 50, lat: 43.32 + chance() / 50 };
      const pictures = Array.from({ length: chance() < 0.2 ? 2 : 1 }, picture);
      const id = await volunteer.capture(`Lavoir ${n}`, place, pictures);
      if (chance() < RENAMES) await volunteer.rename(pick(volunteer.saved, chance) ?? id, `Fontaine ${n}`);
      if (chance() < KILLS) phone.restart();
      if (untilRound-- > 0) continue;
      untilRound = Math.floor(chance() * SAVES_BETWEEN_ROUNDS);
      await volunteer.sync();
      if (chance() < TABLET_ROUNDS) await tablet.sync();
      memory = Math.max(memory, process.memoryUsage.rss());
      if (chance() < 0.1) faults.push(...(await lostNow(server.sql, [volunteer])).map((id) => `lost: ${id}`));
    }
    // The valley still flaps on the way home; only the last round is at home.
    for (let left = captures; left > 0 && !(await volunteer.isEverythingSent()); left--)
      await volunteer.sync();
    for (const one of [phone, tablet]) one.network.detours.clear();
    await volunteer.syncToTheEnd();
    faults.push(...(await faultsAtRest(server.sql, [volunteer])));
    faults.push(...(await bytesFaults(server, volunteer)));
    const newPhone = await signedIn();
    for (const one of [phone, tablet, newPhone]) {
      const problem = await one.sync();
      if (problem) faults.push(`last round: ${problem.code}`);
      faults.push(...(await digestFaults(one)));
    }
    return {
      captures,
      photos: [...volunteer.saved.values()].reduce((sum, one) => sum + one.photos.size, 0),
      rounds: volunteer.rounds,
      interrupted: volunteer.interrupted,
      mishaps,
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      memoryMB: Math.round(memory / 1e6),
      faults,
    };
  } finally {
    await close();
  }
}

/** The real PostgreSQL when there is one, else the embedded one. */
async function openServer(): Promise<{ server: Server; close: () => Promise<void> }> {
  const folder = await temporaryFolder();
  const cluster = (await findPostgres()) === undefined ? null : await startPostgres();
  const server: Server = cluster
    ? await startServerProcess(folder, await cluster.createDatabase('soak'))
    : await startServer(folder);
  return {
    server,
    async close() {
      await server.close();
      await cluster?.stop();
      await deleteFolder(folder);
    },
  };
}

const SIDE = 48;
const plainPicture = jpeg.encode({ data: randomBytes(SIDE * SIDE * 4), width: SIDE, height: SIDE }, 70).data;

/** A small real JPEG, made unlike any other by its comment segment. */
function picture(): Picture {
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 18]), randomBytes(16)]);
  const bytes = Buffer.concat([plainPicture.subarray(0, 2), comment, plainPicture.subarray(2)]);
  return { bytes, width: SIDE, height: SIDE };
}

/** What Storage holds is what was taken, to the byte; the phone has freed its own copy, and kept the thumbnails. */
async function bytesFaults(server: Server, { phone, saved }: Volunteer): Promise<string[]> {
  const faults: string[] = [];
  const folder = join(dirname(server.outboxDir), 'storage', 'photos');
  const rows = await server.sql<{ id: string; path: string; sha256: string }>(
    'select id::text, path, sha256 from app.photos where user_id = $1',
    [phone.ctx.userId],
  );
  for (const { id, path, sha256 } of rows) {
    const bytes = await readFile(join(folder, path)).catch(() => Buffer.alloc(0));
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) faults.push(`photo ${id}: other bytes`);
  }
  const { precious } = phone.ctx;
  const taken = [...saved.values()].reduce((sum, one) => sum + one.photos.size, 0);
  if ((await precious.photo_bytes.count()) !== 0) faults.push('bytes left on the phone');
  if ((await precious.photo_thumbs.count()) !== taken) faults.push('thumbnails gone from the phone');
  return faults;
}

const answerSchema = z.object({
  digests: z.array(z.object({ id: z.string(), count: z.number(), digest: z.string() })),
});

/** Compares every bucket that a phone follows with the server's digest of it (contract §3). */
async function digestFaults({ ctx }: Phone): Promise<string[]> {
  const buckets = (await ctx.cache.buckets.toCollection().primaryKeys()).filter((id) => id !== 't');
  const { digests } = await ctx.api.call('sync_digest', { buckets }, answerSchema);
  const faults: string[] = [];
  for (const { id, count, digest } of digests) {
    const rows = await ctx.cache.points.where('held').equals(id).toArray();
    const sum = rows.reduce(
      (total, { id: point, point: { v } }) =>
        total + BigInt(`0x${point.slice(-12)}`) + BigInt(v) * 1_000_003n,
      0n,
    );
    const own = (sum % 2n ** 48n).toString();
    if (rows.length !== count || own !== digest)
      faults.push(`${id}: ${rows.length} rows ${own} on the phone, ${count} rows ${digest} on the server`);
  }
  if (!buckets.includes('u:me')) faults.push('u:me is not followed');
  return faults;
}

/** Draws in [0, 1), the same for the same seed (mulberry32). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick(saved: ReadonlyMap<string, unknown>, chance: () => number): string | undefined {
  return [...saved.keys()][Math.floor(chance() * saved.size)];
}
