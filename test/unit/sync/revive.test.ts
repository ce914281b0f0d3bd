import 'fake-indexeddb/auto';

import { describe, expect, it, vi } from 'vitest';

import { openDoor } from '../../../src/api/client.ts';
import { openCache } from '../../../src/db/cache.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import type { SentRow } from '../../../src/db/rows.ts';
import { makeMutation } from '../../../src/domain/commands/make.ts';
import type { SyncContext } from '../../../src/sync/context.ts';
import { enqueueMutation } from '../../../src/sync/enqueue.ts';
import { runRound } from '../../../src/sync/round.ts';
import { createRunner } from '../../../src/sync/runner.ts';
import { random } from '../../support/phone.ts';

const NOW = new Date('2026-05-02T10:00:00Z');
const forever = new AbortController().signal;

interface Sent {
  readonly mutation_id: string;
  readonly point_id: string;
}

/** A phone with captures of these points, before a server whose `sync_push` answers as told. */
async function phoneBefore(
  name: string,
  points: readonly string[],
  push: (mutations: readonly Sent[]) => Response,
): Promise<SyncContext> {
  const precious = openPrecious(`precious-${name}`);
  for (const point_id of points) {
    const patch = { 'attributes.name': 'Four' };
    const create = { kind: 'create', point_id, theme: 'heritage', patch } as const;
    await enqueueMutation(precious, makeMutation(create, NOW, random), { userId: 'me', now: NOW });
  }
  const answer = (url: string | URL | Request, init?: RequestInit) => {
    if (!(url as string).endsWith('sync_push')) return new Response('{}', { status: 503 });
    const { p } = JSON.parse(init?.body as string) as { p: { mutations: Sent[] } };
    return push(p.mutations);
  };
  const fetch: typeof globalThis.fetch = (url, init) => Promise.resolve(answer(url, init));
  const token = () => Promise.resolve('t');
  return {
    precious,
    cache: openCache('me', `cache-${name}-`),
    api: openDoor({ url: 'http://x', publishableKey: 'k', token, fetch }),
    userId: 'me',
    sender: { deviceId: name, version: '1.0.0' },
    now: () => NOW,
    chance: () => 0.5,
  };
}

const applied = (mutations: readonly Sent[], row?: (sent: Sent) => object) =>
  JSON.stringify({
    epoch: 'e',
    user_id: 'me',
    results: mutations.map((one) => ({
      mutation_id: one.mutation_id,
      status: 'applied',
      rev: 1,
      point: row?.(one) ?? null,
    })),
  });

describe('answers that cannot be read', () => {
  it('settle what they say is settled, though a row is of a later version', async () => {
    const unheardOf = (sent: Sent) => ({ id: sent.point_id, status: 'archived_later' });
    const ctx = await phoneBefore('later', ['p1', 'p2'], (sent) => new Response(applied(sent, unheardOf)));
    await runRound(ctx, forever, () => undefined);
    expect([await ctx.precious.outbox.count(), await ctx.precious.sent.count()]).toEqual([0, 2]);
  });

  it('hold nobody back where a proxy cuts the long ones: fewer are asked at once', async () => {
    const points = Array.from({ length: 12 }, (_, n) => `p${n}`);
    const ctx = await phoneBefore('cut', points, (sent) => new Response(applied(sent).slice(0, 300)));
    for (let round = 0; round < 6; round++) await runRound(ctx, forever, () => undefined);
    expect(await ctx.precious.outbox.count()).toBe(0);
  });
});

describe('a runner', () => {
  it('goes on planning when its database does not answer', { timeout: 30_000 }, async () => {
    const down = new Response('{}', { status: 503 });
    const ctx = await phoneBefore('hang', ['p1'], () => down);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const limit = new AbortController();
      setTimeout(() => limit.abort(new DOMException('late', 'TimeoutError')), Math.min(ms, 50));
      return limit.signal;
    });
    const { photos } = ctx.precious;
    const where = photos.where.bind(photos) as (index: string) => unknown;
    let unanswered = 0;
    vi.spyOn(photos, 'where').mockImplementation(((index: string) => {
      if (index !== '[user_id+state+not_before]' || unanswered++ > 1) return where(index);
      const keys = () => new Promise(() => undefined);
      return { between: () => ({ limit: () => ({ keys }) }) };
    }) as never);
    let rounds = 0;
    const runner = createRunner(ctx, { tell: ({ phase }) => (rounds += phase === 'pushing' ? 1 : 0) });
    await vi.waitFor(() => expect(rounds).toBeGreaterThan(2), { timeout: 12_000 });
    await runner.stop();
    vi.restoreAllMocks();
  });
});

describe('receipts', () => {
  it('stay where only this phone says that they are old', async () => {
    const ctx = await phoneBefore('2099', [], () => new Response('{}', { status: 503 }));
    const receipt = {
      mutation_id: 'm',
      user_id: 'other',
      point_id: 'p',
      kind: 'create',
      payload: '{}',
    } as const;
    const told = { status: 'applied', code: null, rev: 1, at: NOW.toISOString(), epoch: 'e' } as const;
    await ctx.precious.sent.put({ ...receipt, ...told } satisfies SentRow);
    const forbidden = new Response(JSON.stringify({ code: 'PT403', message: 'not_allowed' }), {
      status: 403,
    });
    const api = openDoor({
      url: 'http://x',
      publishableKey: 'k',
      token: () => Promise.resolve('t'),
      fetch: () => Promise.resolve(forbidden.clone()),
    });
    await runRound({ ...ctx, api, now: () => new Date('2099-01-01') }, forever, () => undefined);
    expect(await ctx.precious.sent.count()).toBe(1);
  });
});
