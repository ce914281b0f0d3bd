import 'fake-indexeddb/auto';

import Dexie from 'dexie';
import { describe, expect, it } from 'vitest';

import { openCache } from '../../../src/db/cache.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import type { OutboxRow } from '../../../src/db/rows.ts';
import { cellOf } from '../../../src/domain/geo/quadkey.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { wantedBuckets } from '../../../src/sync/buckets.ts';
import type { SyncContext } from '../../../src/sync/context.ts';
import { type Glance, isNews, nextDueMs, NOTHING } from '../../../src/sync/waiting.ts';

const whole = (...first: number[]): Glance => ({
  first,
  isWhole: true,
  last: first.at(-1) ?? 0,
  photos: [],
});
const part = (last: number, ...first: number[]): Glance => ({ first, isWhole: false, last, photos: [] });

describe('a glance at what waits', () => {
  it('hears of a save, of a refusal tried again, of a photo', () => {
    expect(isNews(NOTHING, whole(1))).toBe(true);
    expect(isNews(whole(1, 2), whole(2, 3))).toBe(true);
    expect(isNews(whole(1, 5), whole(1, 3, 5))).toBe(true);
    expect(isNews(part(900, 4, 5, 6), part(901, 4, 5, 6))).toBe(true);
    expect(isNews(part(900, 4, 6, 7), part(900, 4, 5, 6))).toBe(true);
    // A restored server made the phone queue again what comes before all.
    expect(isNews(whole(7), whole(-2, -1, 7))).toBe(true);
    expect(isNews(whole(1), { ...whole(1), photos: ['p'] })).toBe(true);
  });

  it('takes what leaves, and what comes into view behind it, for no news', () => {
    expect(isNews(whole(1, 2), whole(2))).toBe(false);
    expect(isNews(part(900, 4, 5, 6), part(900, 6, 7, 8))).toBe(false);
    expect(isNews(part(9, 4, 5, 6), whole(8, 9))).toBe(false);
    expect(isNews(whole(1), NOTHING)).toBe(false);
    expect(isNews({ ...whole(1), photos: ['p'] }, whole(1))).toBe(false);
  });
});

describe('with a season of captures waiting', () => {
  const USER = 'me';
  const NOW = Date.parse('2026-05-02T10:00:00Z');
  const rowOf = (n: number, not_before: number, more: Partial<OutboxRow> = {}): OutboxRow => ({
    mutation_id: `m${n}`,
    user_id: USER,
    point_id: `p${n}`,
    kind: 'create',
    mutation: {
      mutation_id: `m${n}`,
      v: 1,
      kind: 'create',
      point_id: `p${n}`,
      theme: 'heritage',
      captured_at: '2026-05-02T10:00:00Z',
      patch: { geom: { lon: 2 + n / 1_000, lat: 43, accuracy_m: 5, source: 'gps' } },
    },
    frozen: null,
    state: 'queued',
    attempts: 0,
    last_problem: null,
    not_before,
    saved_at: '2026-05-02T10:00:00Z',
    ...more,
  });
  const contextOf = (name: string) => {
    let rows = 0;
    const precious = openPrecious(name);
    // Rows handed out by the store, whoever asks: what a long queue makes dear.
    precious.use({
      stack: 'dbcore',
      name: 'counting',
      create: (core) => ({
        ...core,
        table: (table) => {
          const under = core.table(table);
          return {
            ...under,
            query: async (request) => {
              const answer = await under.query(request);
              rows += request.values ? answer.result.length : 0;
              return answer;
            },
            openCursor: async (request) => {
              rows += request.values ? 1_000 : 0;
              return under.openCursor(request);
            },
          };
        },
      }),
    });
    const ctx = { precious, cache: openCache(USER, name), userId: USER, now: () => new Date(NOW) };
    return { ctx: ctx as unknown as SyncContext, read: () => rows };
  };

  it('finds the next hour without reading what waits beside it', async () => {
    const { ctx, read } = contextOf('due');
    const waiting = Array.from({ length: 2_000 }, (_, n) => rowOf(n, 0));
    await ctx.precious.outbox.bulkAdd(waiting);
    expect(await nextDueMs(ctx)).toBeNull();
    await ctx.precious.outbox.bulkAdd([
      rowOf(3_000, NOW + 9_000),
      rowOf(3_001, NOW + 8_000),
      rowOf(3_002, NOW + 1_000, { state: 'refused' }),
      rowOf(3_003, NOW + 1_000, { user_id: 'other' }),
      // Noted by a clock that was wrong: it holds nothing back.
      rowOf(3_004, NOW + 2 * LIMITS.longestWaitMs),
    ]);
    expect(await nextDueMs(ctx)).toBe(8_000);
    expect(read()).toBe(0);
  });

  it('follows the places of the latest captures, and reads no more of them than it needs', async () => {
    const { ctx, read } = contextOf('places');
    await ctx.precious.outbox.bulkAdd(Array.from({ length: 2_000 }, (_, n) => rowOf(n, 0)));
    const wanted = await wantedBuckets(ctx);
    expect(wanted).toContain(`c:heritage:${cellOf({ lon: 2 + 1.999, lat: 43 })}`);
    expect(wanted).not.toContain(`c:heritage:${cellOf({ lon: 2, lat: 43 })}`);
    expect(read()).toBeLessThanOrEqual(LIMITS.outboxRows + 1_000);
  });

  it('opens what an older version of the app kept, which still opens it', async () => {
    const older = new Dexie('older');
    older
      .version(1)
      .stores({ outbox: '++n, &mutation_id, user_id, point_id, [user_id+state]', photos: 'id' });
    await older.table('outbox').add(rowOf(1, NOW + 5_000));
    older.close();
    const { ctx } = contextOf('older');
    expect(await nextDueMs(ctx)).toBe(5_000);
    ctx.precious.close();
    await older.open();
    expect(await older.table('outbox').count()).toBe(1);
  });
});
