import 'fake-indexeddb/auto';

import { describe, expect, it, vi } from 'vitest';

import { type Api, RawJson } from '../../../src/api/client.ts';
import type { PushResult } from '../../../src/api/push.ts';
import { openCache } from '../../../src/db/cache.ts';
import { onFull, withStore } from '../../../src/db/guard.ts';
import { openPrecious, type Precious } from '../../../src/db/precious.ts';
import { makeMutation } from '../../../src/domain/commands/make.ts';
import { ProblemError } from '../../../src/domain/problems.ts';
import type { SyncContext } from '../../../src/sync/context.ts';
import { enqueueMutation } from '../../../src/sync/enqueue.ts';
import { freeze } from '../../../src/sync/freeze.ts';
import { push } from '../../../src/sync/push.ts';
import { runRound } from '../../../src/sync/round.ts';
import { isStillHere } from '../../../src/state/take-back.ts';
import { random } from '../../support/phone.ts';

const now = new Date('2026-05-02T10:00:00Z');

/** A server that answers the same of every contribution, and tells nothing. */
const answering = (answer: Partial<PushResult>): Api =>
  ({
    call: (name: string, p: unknown) => {
      if (name !== 'sync_push') return Promise.reject(new ProblemError('server_busy'));
      const { mutations } = JSON.parse(p instanceof RawJson ? p.text : '{}') as {
        mutations: { mutation_id: string }[];
      };
      const results = mutations.map(({ mutation_id }) => ({ mutation_id, ...answer }));
      return Promise.resolve({ epoch: 'e1', user_id: 'me', results });
    },
  }) as unknown as Api;

async function phoneWith(name: string, points: readonly string[]): Promise<SyncContext> {
  const precious: Precious = openPrecious(`precious-${name}`);
  for (const point_id of points) {
    const capture = {
      kind: 'create',
      point_id,
      theme: 'heritage',
      patch: { 'attributes.name': 'Four' },
    } as const;
    await enqueueMutation(precious, makeMutation(capture, now, random), { userId: 'me', now });
  }
  return {
    precious,
    cache: openCache('me', `cache-${name}-`),
    api: answering({ status: 'applied' }),
    userId: 'me',
    sender: { deviceId: name, version: '1.0.0' },
    now: () => now,
    chance: () => 0.5,
  };
}

const forever = new AbortController().signal;

describe('sending', () => {
  it('on a full device lets go of the neighbourhood, and goes on', async () => {
    const ctx = await phoneWith('full', ['p1', 'p2']);
    const relieve = vi.fn(() => Promise.resolve(true));
    onFull(ctx.precious, [relieve]);
    const full = new DOMException('full', 'QuotaExceededError');
    vi.spyOn(ctx.precious.calls, 'add').mockRejectedValueOnce(full);
    expect(await withStore(ctx.precious, () => push(ctx, forever))).toBe(2);
    expect(relieve).toHaveBeenCalledOnce();
    expect([await ctx.precious.outbox.count(), await ctx.precious.sent.count()]).toEqual([0, 2]);
  });

  it('opens its store again when that died, and goes on', async () => {
    const ctx = await phoneWith('dead', ['p1', 'p2']);
    vi.spyOn(ctx.precious.calls, 'add').mockImplementationOnce(() => {
      ctx.precious.close();
      return ctx.precious.calls.add({ user_id: 'me', places: [], texts: [] });
    });
    expect(await withStore(ctx.precious, () => push(ctx, forever))).toBe(2);
    expect([await ctx.precious.outbox.count(), await ctx.precious.calls.count()]).toEqual([0, 0]);
  });

  it('that the app’s death cut is known to have left, also while nobody answers', async () => {
    const ctx = await phoneWith('cut', ['p1']);
    await freeze(ctx.precious, await ctx.precious.outbox.toArray());
    const nobody = { call: () => Promise.reject(new ProblemError('offline')) } as unknown as Api;
    const offline = { ...ctx, api: nobody, isRoadDoubtful: () => true };
    await expect(push(offline, forever)).rejects.toThrow('offline');
    const [row] = await ctx.precious.outbox.toArray();
    expect(row && isStillHere(row)).toBe(false);
  });
});

describe('a capture that two devices finished from one draft', () => {
  it('becomes an edit of the point that the first one made', async () => {
    const ctx = await phoneWith('second', ['p1']);
    const [before] = await ctx.precious.outbox.toArray();
    const knowsIt = answering({ status: 'rejected', code: 'invalid_transition' });
    expect(await push({ ...ctx, api: knowsIt }, forever)).toBe(0);
    const [after] = await ctx.precious.outbox.toArray();
    expect(after).toMatchObject({ kind: 'edit', state: 'queued', frozen: null, attempts: 0 });
    expect(after?.mutation).toMatchObject({ kind: 'edit', base: {}, patch: { 'attributes.name': 'Four' } });
    expect(after?.mutation_id).not.toBe(before?.mutation_id);
    expect(await push(ctx, forever)).toBe(1);
    expect(await ctx.precious.outbox.count()).toBe(0);
  });
});

describe('a round', () => {
  it('opens again whichever of its stores died', async () => {
    const ctx = await phoneWith('round', ['p1']);
    await ctx.cache.open();
    ctx.precious.close();
    await runRound(ctx, forever, () => undefined);
    expect([await ctx.precious.outbox.count(), await ctx.precious.sent.count()]).toEqual([0, 1]);
  });
});
