import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReal, type PgtapDatabase } from '../support/pgtap.ts';
import { findPostgres } from '../support/postgres.ts';

const setup = join(import.meta.dirname, '../../supabase/tests/000_setup.sql');
const writers = 8;

interface Result {
  status: string;
  code?: string;
  rev?: number;
}

type Mutation = Record<string, unknown> & { point_id: string; mutation_id: string };

// PGlite is one connection: it cannot race.
describe.skipIf((await findPostgres()) === undefined)('pushes at the same time', () => {
  let database: PgtapDatabase;
  let sql: postgres.Sql;
  let author: string;
  let moderators: [string, string];

  beforeAll(async () => {
    database = await openReal();
    await database.run(await readFile(setup, 'utf8'));
    sql = postgres(database.url ?? '', { max: writers, onnotice: () => undefined });
    [author = ''] = await users('author');
    const [first = '', second = ''] = await users('first', 'second');
    moderators = [first, second];
    for (const who of moderators) await sql`select tests.member(${who}, 'heritage', 'moderator')`;
  }, 300_000);
  afterAll(async () => {
    await sql.end();
    await database.close();
  });

  async function users(...names: string[]): Promise<string[]> {
    const made = names.map(async (name) => {
      const [row] = await sql<{ id: string }[]>`select tests.user(${name + '@test'}) as id`;
      return row?.id ?? '';
    });
    return Promise.all(made);
  }

  /** Sends contributions as one call of a device; waits before the commit as a slow server would. */
  async function push(who: string, mutations: Mutation[], heldMs = 0): Promise<Result[]> {
    return sql.begin(async (call) => {
      const [row] = await call<{ answer: Result[] }[]>`
        select tests.push(${who}, variadic ${mutations.map((one) => JSON.stringify(one))}::text[]::jsonb[]) as answer`;
      if (heldMs > 0) await call`select pg_sleep(${heldMs / 1000})`;
      return row?.answer ?? [];
    });
  }

  const mutation = (kind: string, point: string, fields: Record<string, unknown>): Mutation => ({
    mutation_id: randomUUID(),
    v: 1,
    kind,
    point_id: point,
    captured_at: '2026-05-02T10:00:00.000Z',
    ...fields,
  });
  const create = (point: string) =>
    mutation('create', point, {
      theme: 'heritage',
      patch: { geom: { lon: 2.1, lat: 43.6, accuracy_m: 8, source: 'gps' }, 'attributes.name': 'Lavoir' },
    });
  const inWords = (results: Result[]) =>
    results.map(({ status, code }) => (code ? `${status} ${code}` : status));

  test('the same contribution sent by eight calls at once is applied once', async () => {
    const point = randomUUID();
    const sent = create(point);
    const answers = await Promise.all(Array.from({ length: writers }, () => push(author, [sent], 20)));
    expect(answers.map(inWords)).toEqual(Array.from({ length: writers }, () => ['applied']));
    const [count] = await sql`select count(*)::int as events from app.events where point_id = ${point}`;
    expect(count).toEqual({ events: 1 });
  });

  test('one id used for two contributions at once keeps one of them', async () => {
    const [one, two] = [create(randomUUID()), create(randomUUID())];
    two.mutation_id = one.mutation_id;
    const answers = (await Promise.all([push(author, [one], 50), push(author, [two], 50)])).map(inWords);
    expect(answers.flat().filter((said) => said === 'applied')).toHaveLength(1);
    const [count] = await sql`
      select count(*)::int as points from app.points where id in (${one.point_id}, ${two.point_id})`;
    expect(count).toEqual({ points: 1 });
  });

  test('two moderators decide at once: one wins, the other is told', async () => {
    const point = randomUUID();
    await push(author, [create(point)]);
    const decide = (who: string, decision: string) =>
      push(who, [mutation('decide', point, { seen_rev: 1, decision, reason: 'other' })], 50);
    const answers = await Promise.all([decide(moderators[0], 'publish'), decide(moderators[1], 'reject')]);
    expect(answers.flatMap(inWords).toSorted()).toEqual(['applied', 'rejected stale_review']);
    const [row] = await sql`select rev, status from app.points where id = ${point}`;
    expect(row).toEqual({ rev: 2, status: inWords(answers[0])[0] === 'applied' ? 'published' : 'rejected' });
  });

  test('calls that name the same points in other orders never block one another', async () => {
    const points = Array.from({ length: 6 }, () => randomUUID());
    await push(author, points.map(create));
    const comments = (round: number) =>
      (round % 2 === 0 ? points : points.toReversed()).map((point) =>
        mutation('comment', point, { text: `passage ${round}` }),
      );
    const answers = await Promise.all(
      Array.from({ length: writers }, (_, round) => push(author, comments(round), 10)),
    );
    expect(new Set(answers.flatMap(inWords))).toEqual(new Set(['applied']));
    const rows = await sql`select v::int from app.points where id in ${sql(points)}`;
    expect(rows.map((row) => row['v'])).toEqual(points.map(() => 1 + writers));
  });

  test('edits of different fields at once all arrive, those of one field leave a conflict', async () => {
    const point = randomUUID();
    await push(author, [create(point)]);
    const edit = (path: string, value: string, base: string | null) =>
      push(
        author,
        [mutation('edit', point, { base_rev: 1, base: { [path]: base }, patch: { [path]: value } })],
        10,
      );
    const answers = await Promise.all([
      edit('attributes.description', 'Sous le pont', null),
      edit('attributes.use', 'laver', null),
      edit('attributes.name', 'A', 'Lavoir'),
      edit('attributes.name', 'B', 'Lavoir'),
    ]);
    expect(answers.flatMap(inWords).filter((said) => said === 'conflict')).toHaveLength(1);
    const [row] = await sql<{ attributes: Record<string, string>; kept: string }[]>`
      select attributes, (select mine #>> '{}' from app.conflicts where point_id = ${point}) as kept
      from app.points where id = ${point}`;
    expect(row?.attributes).toMatchObject({ description: 'Sous le pont', use: 'laver' });
    expect([row?.attributes['name'], row?.kept].toSorted()).toEqual(['A', 'B']);
  });

  test('a point that another call holds too long is sent again later, the others pass', async () => {
    const [held, free] = [randomUUID(), randomUUID()];
    await push(author, [create(held), create(free)]);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let isHeld = (): void => undefined;
    const holding = new Promise<void>((resolve) => (isHeld = resolve));
    const holder = sql.begin(async (call) => {
      await call`select id from app.points where id = ${held} for update`;
      isHeld();
      await released;
    });
    await holding;
    const answer = await push(author, [
      mutation('comment', held, { text: 'x' }),
      mutation('comment', held, { text: 'y' }),
      mutation('comment', free, { text: 'z' }),
    ]);
    release();
    await holder;
    expect(inWords(answer)).toEqual(['retry busy', 'retry blocked', 'applied']);
  });
});
