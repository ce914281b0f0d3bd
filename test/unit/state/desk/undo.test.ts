import 'fake-indexeddb/auto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openCache } from '../../../../src/db/cache.ts';
import { outboxOf, updateOutbox } from '../../../../src/db/outbox.ts';
import { openPrecious, type Precious } from '../../../../src/db/precious.ts';
import { problem } from '../../../../src/domain/problems.ts';
import { Decisions } from '../../../../src/state/desk/decisions.svelte.ts';
import type { DeskDeps } from '../../../../src/state/desk/deps.ts';
import { random } from '../../../support/phone.ts';
import { anItem } from '../../../support/queue-items.ts';

const NOW = new Date('2026-05-02T10:00:00Z');
const REJECT = { decision: 'reject', reason: 'other' } as const;

let precious: Precious;
let decisions: Decisions;
let count = 0;
const rows = () => outboxOf(precious, 'me');

beforeEach(() => {
  precious = openPrecious(`undo-${++count}`);
  const cache = openCache('me', `undo-cache-${count}-`);
  const deps = { precious, cache: () => cache, userId: () => 'me', now: () => NOW, random };
  const shelved = { release: () => Promise.resolve(), giveBack: () => Promise.resolve() };
  decisions = new Decisions(deps as unknown as DeskDeps, shelved);
});
afterEach(() => precious.close());

/** All that waits has been on its way once. */
async function leave(): Promise<void> {
  for (const { mutation_id } of await rows()) await updateOutbox(precious, mutation_id, { attempts: 1 });
}

describe('the last decision', () => {
  it('stays the last when it is too late: no older one is reversed in its place', async () => {
    await decisions.decide(anItem('a'), 1, REJECT);
    await decisions.decide(anItem('b'), 1, { decision: 'publish' });
    await leave();
    expect(await decisions.undo()).toBe('too_late');
    expect(await decisions.undo()).toBe('too_late');
    expect(await rows()).toHaveLength(2);
    expect(decisions.last.map(({ item }) => item.point_id)).toEqual(['b']);
    expect(decisions.undoable).toBe(null);
  });

  it('on photos has no way back once it has left', async () => {
    await decisions.decide(anItem('a', { kind: 'photo' }), 1, REJECT);
    await leave();
    expect(decisions.undoable).toBe(null);
    expect(await decisions.undo()).toBe('too_late');
    expect(await rows()).toHaveLength(1);
  });

  it('is not one that came back, nor one that was given up then', async () => {
    await decisions.decide(anItem('a'), 1, REJECT);
    await decisions.decide(anItem('b'), 1, REJECT);
    await decisions.decide(anItem('c'), 1, REJECT);
    await leave();
    const [, second, third] = (await rows()).map(({ mutation_id }) => mutation_id);
    const refused = { state: 'refused', last_problem: problem('stale_review') } as const;
    await updateOutbox(precious, second ?? '', refused);
    await updateOutbox(precious, third ?? '', refused);
    await decisions.discard(third ?? '');
    expect(await decisions.undo()).toBe('reversed');
    expect((await rows()).at(-1)).toMatchObject({ point_id: 'a', mutation: { decision: 'restore' } });
  });
});
