import 'fake-indexeddb/auto';

import { expect, it } from 'vitest';

import { type Api, RawJson } from '../../../src/api/client.ts';
import { openCache } from '../../../src/db/cache.ts';
import { setKnownEpoch } from '../../../src/db/meta.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import { makeMutation } from '../../../src/domain/commands/make.ts';
import { acknowledge } from '../../../src/sync/acknowledge.ts';
import type { SyncContext } from '../../../src/sync/context.ts';
import { enqueueMutation } from '../../../src/sync/enqueue.ts';
import { push } from '../../../src/sync/push.ts';
import { random } from '../../support/phone.ts';

const now = new Date('2026-05-02T10:00:00Z');
const forever = new AbortController().signal;

interface Body {
  readonly epoch?: string;
  readonly mutations: readonly { readonly mutation_id: string; readonly point_id: string }[];
}

it('asks the present life of a server about the former one, though a tab without memory spoke to it first', async () => {
  const precious = openPrecious('precious-two-lives');
  const taken: string[] = [];
  /** Put back from a backup: it lives its second life, and knows nothing of the first. */
  const api = {
    call: (name: string, p: unknown) => {
      if (name === 'sync_receipts') {
        return Promise.resolve({ user_id: 'me', unknown: (p as { mutation_ids: string[] }).mutation_ids });
      }
      const { epoch, mutations } = JSON.parse(p instanceof RawJson ? p.text : '{}') as Body;
      const isMeantForIt = epoch === undefined || epoch === 'second';
      if (isMeantForIt) taken.push(...mutations.map((one) => one.point_id));
      const said = isMeantForIt ? { status: 'applied' } : { status: 'retry', code: 'epoch_changed' };
      const results = mutations.map(({ mutation_id }) => ({ mutation_id, ...said }));
      return Promise.resolve({ epoch: 'second', user_id: 'me', results });
    },
  } as unknown as Api;
  const ctx: SyncContext = {
    precious,
    cache: openCache('me', 'cache-two-lives-'),
    api,
    userId: 'me',
    sender: { deviceId: 'phone', version: '1.0.0' },
    now: () => now,
    chance: () => 0.5,
  };
  const save = (point_id: string) => {
    const patch = { 'attributes.name': 'Four' };
    const create = { kind: 'create', point_id, theme: 'heritage', patch } as const;
    return enqueueMutation(precious, makeMutation(create, now, random), { userId: 'me', now });
  };
  const answer = async (point_id: string, epoch: string) => {
    await save(point_id);
    const [row] = await precious.outbox.where({ point_id }).toArray();
    if (!row) throw new Error('not saved');
    const result = { mutation_id: row.mutation_id, status: 'applied', rev: 1 } as const;
    const call = await precious.calls.add({ user_id: 'me', places: [], texts: [] });
    await acknowledge(ctx, call, [{ row, result }], epoch);
  };
  await setKnownEpoch(precious, 'me', 'first');
  await answer('of-the-first', 'first');
  // Another tab began before any life was known, and its call went to the second.
  await answer('of-the-second', 'second');
  await save('waiting');
  await push(ctx, forever);
  expect(taken).toEqual(['of-the-first', 'waiting']);
});
