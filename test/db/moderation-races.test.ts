import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReal, type PgtapDatabase } from '../support/pgtap.ts';
import { findPostgres } from '../support/postgres.ts';

const setup = join(import.meta.dirname, '../../supabase/tests/000_setup.sql');
const callers = 8;

// PGlite is one connection: it cannot race.
describe.skipIf((await findPostgres()) === undefined)('working groups at the same time', () => {
  let database: PgtapDatabase;
  let sql: postgres.Sql;

  beforeAll(async () => {
    database = await openReal();
    await database.run(await readFile(setup, 'utf8'));
    sql = postgres(database.url ?? '', { max: callers, onnotice: () => undefined });
  }, 300_000);
  afterAll(async () => {
    await sql.end();
    await database.close();
  });

  async function person(role?: string): Promise<string> {
    const [row] = await sql<{ id: string }[]>`select tests.user(${randomUUID() + '@test.fr'}) as id`;
    const id = row?.id ?? '';
    if (role) await sql`select tests.member(${id}, 'lighting', ${role})`;
    return id;
  }

  /** Calls an RPC as somebody, in a transaction that stays open for a while. Returns `ok`, or the refusal. */
  async function call(who: string | null, name: string, p: unknown, heldMs = 50): Promise<string> {
    return sql
      .begin(async (request) => {
        await (who === null ? request`select tests.as_service()` : request`select tests.as_user(${who})`);
        await request.unsafe(`select public.${name}($1::text::jsonb)`, [JSON.stringify(p)]);
        await request`select pg_sleep(${heldMs / 1000})`;
        return 'ok';
      })
      .catch((cause: Error) => cause.message);
  }

  async function point(status: string): Promise<string> {
    const [row] = await sql<{ id: string }[]>`select tests.point('lighting', 2.1, 43.6, ${status}) as id`;
    return row?.id ?? '';
  }

  test('two coordinators who leave at once: one stays', async () => {
    const both = [await person('coordinator'), await person('coordinator')];
    const leave = (who: string) =>
      call(who, 'member_set', { group: 'lighting', user_id: who, remove: true }, 200);
    expect((await Promise.all(both.map(leave))).toSorted()).toEqual(['last_coordinator', 'ok']);
    const [left] = await sql`
      select count(*)::int as n from app.memberships where group_id = 'lighting' and role = 'coordinator'`;
    expect(left).toEqual({ n: 1 });
  });

  test('an invitation that is taken by eight calls at once gives one role', async () => {
    const coordinator = await person('coordinator');
    const invited = await person();
    const [account] = await sql<{ email: string }[]>`select email from auth.users where id = ${invited}`;
    const offer = { group: 'lighting', email: account?.email, role: 'moderator', territories: ['*'] };
    expect(await call(coordinator, 'invite', offer, 0)).toBe('ok');
    const answers = await Promise.all(Array.from({ length: callers }, () => call(invited, 'me', {})));
    expect(new Set(answers)).toEqual(new Set(['ok']));
    const changes = await sql`select to_role from app.role_changes where user_id = ${invited}`;
    expect(changes.map((row) => row['to_role'])).toEqual(['moderator']);
  });

  test('two moderators who merge two points into each other make no circle', async () => {
    const moderators = [await person('moderator'), await person('moderator')];
    const points = [await point('published'), await point('published')];
    const merge = async (turn: number): Promise<string> => {
      const [mine = '', other = ''] = turn === 0 ? points : points.toReversed();
      const mutation = {
        mutation_id: randomUUID(),
        kind: 'decide',
        point_id: mine,
        captured_at: '2026-05-02T10:00:00Z',
        seen_rev: 1,
        decision: 'duplicate',
        reason: 'duplicate',
        duplicate_of: other,
      };
      const [row] = await sql<{ said: string }[]>`
        select tests.said(tests.push(${moderators[turn] ?? ''}, ${JSON.stringify(mutation)}::text::jsonb)) as said`;
      // What waits for the other call is sent again.
      return row?.said.startsWith('retry') ? merge(turn) : (row?.said ?? '');
    };
    const answers = await Promise.all([merge(0), merge(1)]);
    expect(answers.filter((said) => said === 'applied')).toHaveLength(1);
    const rows = await sql`select status from app.points where id in ${sql(points)} order by status`;
    expect(rows.map((row) => row['status'])).toEqual(['duplicate', 'published']);
  });

  test('eight reports of one address at once: five are taken', async () => {
    const place = await point('published');
    const report = () =>
      call(null, 'report_record', { point_id: place, kind: 'description', address: '192.0.2.7' });
    const answers = await Promise.all(Array.from({ length: callers }, report));
    expect(answers.toSorted()).toEqual([
      ...Array.from({ length: 5 }, () => 'ok'),
      ...Array.from({ length: 3 }, () => 'rate_limited'),
    ]);
  });

  test('of two decisions on one item at once one wins, and the queue lets go of it', async () => {
    const moderators = [await person('moderator'), await person('moderator')];
    const item = await point('submitted');
    const decide = async (who: string, decision: string) => {
      const mutation = {
        mutation_id: randomUUID(),
        kind: 'decide',
        point_id: item,
        seen_rev: 1,
        decision,
        reason: 'other',
      };
      const [row] = await sql<{ said: string }[]>`
        select tests.said(tests.push(${who}, ${JSON.stringify(mutation)}::text::jsonb)) as said`;
      return row?.said;
    };
    const [one = '', two = ''] = moderators;
    const answers = await Promise.all([decide(one, 'publish'), decide(two, 'to_complete')]);
    expect(answers.toSorted()).toEqual(['applied', 'rejected stale_review']);
    expect(await sql`select kind from app.queue where point_id = ${item}`).toHaveLength(0);
    expect(await sql`select outcome from app.decisions where point_id = ${item}`).toHaveLength(1);
  });

  /** Sends one contribution as somebody, and again as long as another call holds the point. */
  async function push(who: string, mutation: Record<string, unknown>): Promise<string> {
    const whole = { mutation_id: randomUUID(), v: 1, captured_at: '2026-05-02T10:00:00Z', ...mutation };
    const [row] = await sql<{ said: string }[]>`
      select tests.said(tests.push(${who}, ${JSON.stringify(whole)}::text::jsonb)) as said`;
    return row?.said.startsWith('retry') ? push(who, mutation) : (row?.said ?? '');
  }

  test('an author takes a point back while it is published: one of the two is true, the other is told', async () => {
    const moderator = await person('moderator');
    for (let turn = 0; turn < 5; turn++) {
      const author = await person();
      const item = await point('submitted');
      await sql`update app.points set author = ${author} where id = ${item}`;
      const answers = await Promise.all([
        push(author, { kind: 'withdraw', point_id: item }),
        push(moderator, { kind: 'decide', point_id: item, seen_rev: 1, decision: 'publish' }),
      ]);
      const [row] = await sql`select status from app.points where id = ${item}`;
      expect([row?.['status'], ...answers]).toEqual(
        answers[0] === 'applied'
          ? ['withdrawn', 'applied', 'rejected unknown_point']
          : ['published', 'rejected invalid_transition', 'applied'],
      );
      expect(await sql`select 1 from app.queue where point_id = ${item}`).toHaveLength(0);
    }
  });

  test('of two decisions on one edit at once one wins, and its author counts it once', async () => {
    const moderators = [await person('moderator'), await person('moderator')];
    const [one = '', two = ''] = moderators;
    const author = await person();
    const item = await point('published');
    const revision_id = randomUUID();
    const patch = { 'attributes.description': 'Neuf' };
    const edit = { mutation_id: revision_id, kind: 'edit', point_id: item, base_rev: 1, base: {}, patch };
    expect(await push(author, edit)).toBe('pending');
    const decide = (who: string, decision: string) =>
      push(who, { kind: 'decide', point_id: item, seen_rev: 1, revision_id, decision, reason: 'other' });
    const answers = await Promise.all([decide(one, 'publish'), decide(two, 'reject')]);
    expect(answers.toSorted()).toEqual(['applied', 'rejected stale_review']);
    const [standing] = await sql`
      select accepted + corrected + refused as n from app.standings where user_id = ${author}`;
    expect(standing).toEqual({ n: 1 });
    expect(await sql`select 1 from app.queue where point_id = ${item}`).toHaveLength(0);
  });
});
