import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../supabase/local/migrate.ts';
import { openPostgres } from '../../supabase/local/postgres.ts';
import { prepareDatabase } from '../../supabase/local/prepare.ts';
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts';

// Invariant I6: a cursor never passes a change that is not committed yet. PGlite has one connection
// and cannot show the race, so this runs where a real PostgreSQL is installed.
const writerCount = 16;
const transactionsPerWriter = 120;

interface Pulled {
  changed: { id: string; v: number }[];
  next: { id: string; cursor: string; more: boolean }[];
  stalled_s?: number;
}

const places = [
  [2.35, 43.21],
  [3.87, 43.61],
] as const;

describe.skipIf((await findPostgres()) === undefined)('cursors among concurrent writers', () => {
  let cluster: PostgresCluster;
  let url: string;
  let reader: postgres.Sql;
  let author: string;
  let buckets: string[];

  beforeAll(async () => {
    cluster = await startPostgres();
    url = await cluster.createDatabase('cursors');
    const database = await openPostgres(url);
    await prepareDatabase(database);
    await migrate(database);
    await database.close();
    reader = connect(url);
    author = await addAuthor(reader);
    buckets = ['u:me', ...(await cellsOf(reader))];
    await reader`select set_config('request.jwt.claim.sub', ${author}, false)`;
  }, 300_000);

  afterAll(async () => {
    await reader.end();
    await cluster.stop();
  });

  async function pull(cursors: Map<string, string>, limit = 200): Promise<Pulled> {
    const asked = buckets.map((id) => {
      const cursor = cursors.get(id);
      return cursor === undefined ? { id } : { id, cursor };
    });
    const [row] = await reader<{ answer: Pulled }[]>`
      select public.sync_pull(${reader.json({ buckets: asked, limit })}) as answer`;
    if (!row) throw new Error('no answer');
    for (const { id, cursor } of row.answer.next) if (cursor) cursors.set(id, cursor);
    return row.answer;
  }

  test('misses nothing, with an idle writer in another database, where a plain cursor does', async () => {
    const elsewhere = connect(await cluster.createDatabase('elsewhere'));
    const idle = await elsewhere.reserve();
    await idle`begin`;
    await idle`select pg_current_xact_id()`;

    const cursors = new Map<string, string>();
    const seen = new Map<string, number>();
    const plain = { cursor: ['0', '0'] as [string, string], seen: new Set<string>() };
    let isWriting = true;
    let committed = 0;
    const writers = Array.from({ length: writerCount }, () =>
      write(url, author, () => {
        committed += 1;
      }),
    );
    const done = Promise.all(writers).finally(() => {
      isWriting = false;
    });
    let pulledWhileHeld = 0;
    let isHeld = true;
    for (let more = true; isWriting || more;) {
      if (isHeld && committed > (writerCount * transactionsPerWriter) / 3) {
        await idle`commit`;
        isHeld = false;
      }
      await followPlainly(reader, `u:${author}`, plain);
      const answer = await pull(cursors);
      for (const { id, v } of answer.changed) seen.set(id, Math.max(v, seen.get(id) ?? 0));
      if (isHeld) pulledWhileHeld += answer.changed.length;
      more = answer.next.some((bucket) => bucket.more) || answer.changed.length > 0;
    }
    await done;
    idle.release();
    await elsewhere.end();

    const truth = await reader<{ id: string; v: number; seq: string }[]>`
      select p.id, p.v::int as v, c.change_seq::text as seq
      from app.points as p join app.changes as c on c.point_id = p.id and c.bucket = ${`u:${author}`}`;
    const missed = truth.filter(({ id, v }) => seen.get(id) !== v);
    const missedByPlain = truth.filter(({ seq }) => !plain.seen.has(seq));
    expect(truth.length).toBeGreaterThan(writerCount);
    expect(pulledWhileHeld).toBe(0);
    expect(missed).toEqual([]);
    // The test has teeth only if the naive cursor loses rows in this very run.
    expect(missedByPlain.length).toBeGreaterThan(0);
  }, 300_000);

  test.each(['this', 'another'])('says that it is stalled by a writer of %s database', async (where) => {
    const cursors = new Map<string, string>();
    while ((await pull(cursors, 5000)).next.some(({ more }) => more));
    expect((await pull(cursors)).stalled_s).toBeUndefined();

    // In the other database it is somebody whose transactions our role may not even look at.
    const holder = connect(where === 'this' ? url : cluster.superuserUrl);
    const open = await holder.reserve();
    await open`begin`;
    await open`select pg_current_xact_id()`;
    const id = await addPoint(reader, author);
    // As if it had been waiting for a while: no test sleeps.
    await reader`update app.changes set changed_at = now() - interval '7 seconds' where point_id = ${id}`;
    const held = await pull(cursors);
    expect(held.changed).toEqual([]);
    expect(held.stalled_s).toBeGreaterThanOrEqual(7);

    await open`commit`;
    open.release();
    await holder.end();
    const released = await pull(cursors);
    expect(released.changed.map((point) => point.id)).toEqual([id]);
    expect(released.stalled_s).toBeUndefined();
  });
});

function connect(url: string): postgres.Sql {
  return postgres(url, { max: 1, onnotice: () => undefined });
}

async function addAuthor(sql: postgres.Sql): Promise<string> {
  const [user] = await sql<{ id: string }[]>`
    insert into auth.users (id, email, email_confirmed_at)
    values (gen_random_uuid(), 'cursors@capitelle.test', now()) returning id`;
  if (!user) throw new Error('no account');
  await sql`select private.ensure_profile(${user.id})`;
  return user.id;
}

async function cellsOf(sql: postgres.Sql): Promise<string[]> {
  const cells = await Promise.all(
    places.map(
      ([lon, lat]) => sql<{ cell: string }[]>`
        select private.cell_of(extensions.st_setsrid(extensions.st_makepoint(${lon}, ${lat}), 4326)) as cell`,
    ),
  );
  return cells.flat().map(({ cell }) => `c:heritage:${cell}`);
}

async function addPoint(sql: postgres.Sql, author: string): Promise<string> {
  const [lon, lat] = places[Math.random() < 0.5 ? 0 : 1];
  const [point] = await sql<{ id: string }[]>`
    insert into app.points (id, theme, author, status, geom, position_source, captured_at)
    values (gen_random_uuid(), 'heritage', ${author}, 'published',
      extensions.st_setsrid(extensions.st_makepoint(${lon}, ${lat}), 4326), 'gps', now())
    returning id`;
  if (!point) throw new Error('no point');
  await sql`select private.touch_point(${point.id})`;
  return point.id;
}

/** One phone's worth of transactions: new points, changed ones, one in ten held up to 30 ms before its commit. */
async function write(url: string, author: string, onCommit: () => void): Promise<void> {
  const sql = connect(url);
  const own: string[] = [];
  for (let n = 0; n < transactionsPerWriter; n += 1) {
    await sql`begin`;
    const known = own[Math.floor(Math.random() * own.length)];
    if (known !== undefined && Math.random() < 0.3) {
      await sql`update app.points set v = v + 1 where id = ${known}`;
      await sql`select private.touch_point(${known})`;
    } else {
      own.push(await addPoint(sql, author));
    }
    if (Math.random() < 0.1) await sql`select pg_sleep(random() * 0.03)`;
    await sql`commit`;
    onCommit();
  }
  await sql.end();
}

/** What most tools do: everything after the last row seen, whatever is still being written. */
async function followPlainly(
  sql: postgres.Sql,
  bucket: string,
  state: { cursor: [string, string]; seen: Set<string> },
): Promise<void> {
  const rows = await sql<{ xid: string; seq: string }[]>`
    select change_xid::text as xid, change_seq::text as seq from app.changes
    where bucket = ${bucket} and (change_xid, change_seq) > (${state.cursor[0]}::xid8, ${state.cursor[1]}::bigint)
    order by change_xid, change_seq`;
  for (const row of rows) {
    state.seen.add(row.seq);
    state.cursor = [row.xid, row.seq];
  }
}
