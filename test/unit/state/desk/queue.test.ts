import 'fake-indexeddb/auto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openCache } from '../../../../src/db/cache.ts';
import { openPrecious, type Precious } from '../../../../src/db/precious.ts';
import { ProblemError } from '../../../../src/domain/problems.ts';
import type { QueueItem } from '../../../../src/domain/queue-item.ts';
import { Decisions } from '../../../../src/state/desk/decisions.svelte.ts';
import type { DeskDeps } from '../../../../src/state/desk/deps.ts';
import { unionOf } from '../../../../src/state/desk/device-items.ts';
import { isWithin } from '../../../../src/state/desk/filters.ts';
import { Queue } from '../../../../src/state/desk/queue.svelte.ts';
import { random } from '../../../support/phone.ts';
import { anItem } from '../../../support/queue-items.ts';

let precious: Precious;
let decisions: Decisions;
let queue: Queue;
let served: QueueItem[];
let count = 0;
let isOnline = true;
let communes: string[] | null;

beforeEach(() => {
  precious = openPrecious(`queue-${++count}`);
  const cache = openCache('me', `queue-cache-${count}-`);
  isOnline = true;
  communes = null;
  served = ['a', 'b', 'c', 'd'].map((id) => anItem(id));
  const api = {
    call: () =>
      isOnline
        ? Promise.resolve({ items: served, total: served.length, next: null, counts: {} })
        : Promise.reject(new ProblemError('offline')),
    read: () =>
      communes
        ? Promise.resolve({ territories: communes.map((code) => ({ code, name: code, level: 'commune' })) })
        : Promise.reject(new ProblemError('offline')),
  };
  const deps = { api, precious, cache: () => cache, userId: () => 'me', now: () => new Date(), random };
  const all = { ...deps, wake: () => undefined } as unknown as DeskDeps;
  decisions = new Decisions(all, { release: () => Promise.resolve(), giveBack: () => Promise.resolve() });
  queue = new Queue(all, decisions);
});
afterEach(() => precious.close());

const beside = (item: QueueItem, step: number) => queue.beside(item, step)?.point_id;

describe('the item beside one that was decided', () => {
  it('is the next of the list, also among those that wait since the same instant', async () => {
    await queue.refresh();
    await decisions.decide(anItem('b'), 1, { decision: 'publish' });
    expect(beside(anItem('b'), 1)).toBe('c');
    expect(beside(anItem('b'), 2)).toBe('d');
    expect(beside(anItem('b'), -1)).toBe('a');
  });

  it('passes over none of its instant when the server lists it no more', async () => {
    await queue.refresh();
    served = served.filter(({ point_id }) => point_id !== 'b');
    await queue.refresh();
    expect(beside(anItem('b'), 1)).toBe('a');
    expect(beside(anItem('z', { waiting_since: '2026-04-21T10:00:00Z' }), 1)).toBe('d');
  });
});

describe('what this device lists without the server', () => {
  it('is what was listed and what was taken along, each once, a report under its own name', () => {
    const listed = [anItem('a'), anItem('b', { kind: 'report', report_id: 'g' })];
    const kept = [
      anItem('a'),
      anItem('b', { kind: 'report' }),
      anItem('b', { kind: 'report', report_id: 'h' }),
      anItem('b', { kind: 'edit', revision_id: 'r' }),
      anItem('c'),
    ];
    const names = unionOf(listed, kept).map((one) => one.revision_id ?? one.report_id ?? one.point_id);
    expect(names).toEqual(['a', 'g', 'h', 'r', 'c']);
  });
});

describe('narrowed to an EPCI, without the server', () => {
  const EPCI = { id: '200035863', name: 'Grand Narbonne' };
  const within = () =>
    ['11262', '34300'].filter((commune) => isWithin(anItem('a', { commune }), queue.filters, new Date()));

  it('lists what lies in its communes, which were learnt with it', async () => {
    communes = ['11262', '11263'];
    await queue.narrow({ territory: EPCI });
    isOnline = false;
    await queue.refresh();
    expect(within()).toEqual(['11262']);
    expect(queue.unplaced).toBe(null);
  });

  it('lists everything, and says so, where they are not known', async () => {
    await queue.narrow({ territory: EPCI });
    isOnline = false;
    await queue.refresh();
    expect(within()).toEqual(['11262', '34300']);
    expect(queue.unplaced).toEqual(EPCI);
  });
});
