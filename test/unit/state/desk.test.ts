import 'fake-indexeddb/auto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openCache } from '../../../src/db/cache.ts';
import { outboxOf, updateOutbox } from '../../../src/db/outbox.ts';
import { openPrecious, type Precious } from '../../../src/db/precious.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { problem } from '../../../src/domain/problems.ts';
import { Decisions } from '../../../src/state/desk/decisions.svelte.ts';
import type { DeskDeps } from '../../../src/state/desk/deps.ts';
import { isWithin, NO_FILTERS, queryOf } from '../../../src/state/desk/filters.ts';
import { itemsOf } from '../../../src/state/desk/device-items.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { random } from '../../support/phone.ts';
import { anItem as item } from '../../support/queue-items.ts';

const NOW = new Date('2026-05-02T10:00:00Z');

let precious: Precious;
let decisions: Decisions;
/** Items taken along that are decided on. */
let released: string[];
let count = 0;
const rows = () => outboxOf(precious, 'me');

beforeEach(() => {
  precious = openPrecious(`desk-${++count}`);
  const cache = openCache('me', `desk-cache-${count}-`);
  const deps = { precious, cache: () => cache, userId: () => 'me', now: () => NOW, random };
  // What asks the server is proven with one, in the browser.
  released = [];
  const shelved = {
    release: (keys: readonly string[]) => Promise.resolve(void released.push(...keys)),
    giveBack: (key: string) => Promise.resolve(void (released = released.filter((one) => one !== key))),
  };
  decisions = new Decisions(deps as unknown as DeskDeps, shelved);
});
afterEach(() => precious.close());

describe('what a moderator decides', () => {
  it('is held on the device for eight seconds, with what was seen, and leaves no trace when taken back', async () => {
    await decisions.decide(item('a', { kind: 'edit', revision_id: 'r' }), 7, {
      decision: 'publish',
      fields: ['attributes.use'],
    });
    const [row] = await rows();
    expect(row?.not_before).toBe(NOW.getTime() + LIMITS.decisionUndoMs);
    expect(row?.mutation).toMatchObject({ seen_rev: 7, revision_id: 'r', fields: ['attributes.use'] });
    expect(decisions.isDecided(item('a', { kind: 'edit', revision_id: 'r' }))).toBe(true);
    expect(released).toEqual(['a~r']);
    expect(await decisions.undo()).toBe('undone');
    expect(released).toEqual([]);
    expect(await rows()).toEqual([]);
    expect(decisions.isDecided(item('a', { kind: 'edit', revision_id: 'r' }))).toBe(false);
    expect(await decisions.undo()).toBe('too_late');
  });

  it('names the report that it dismisses or corrects, and none where the whole point goes', async () => {
    const report = item('a', { kind: 'report', report_id: 'g' });
    await decisions.decide(report, 1, { decision: 'dismiss' });
    await decisions.decide(report, 1, { decision: 'publish', correction: { base: {}, patch: {} } });
    await decisions.decide(report, 1, { decision: 'archive', reason: 'other' });
    const named = (await rows()).map(({ mutation }) => 'report_id' in mutation && mutation.report_id);
    expect(named).toEqual(['g', 'g', false]);
  });

  it('is one lot, under one id, taken back in one gesture', async () => {
    const lot = ['a', 'b', 'c'].map((id) => ({ item: item(id), rev: 1, photos: [`photo of ${id}`] }));
    await decisions.decideTogether(lot, { decision: 'reject', reason: 'out_of_scope' });
    const ids = (await rows()).map(({ mutation }) => 'bulk' in mutation && mutation.bulk);
    expect(new Set(ids).size).toBe(1);
    const seen = (await rows()).map(({ mutation }) => 'photos_seen' in mutation && mutation.photos_seen);
    expect(seen).toEqual([['photo of a'], ['photo of b'], ['photo of c']]);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await decisions.undo()).toBe('undone');
    expect(await rows()).toEqual([]);
  });

  it('once it has left, is reversed where the table of transitions has a way back, and else stays', async () => {
    await decisions.decide(item('a'), 1, { decision: 'publish' });
    await decisions.decide(item('b'), 1, { decision: 'reject', reason: 'other' });
    const [published, rejected] = await rows();
    for (const row of [published, rejected])
      await updateOutbox(precious, row?.mutation_id ?? '', { attempts: 1 });
    expect(await decisions.undo()).toBe('reversed');
    expect((await rows()).at(-1)?.mutation).toMatchObject({
      point_id: 'b',
      decision: 'restore',
      seen_after: rejected?.mutation_id,
    });
    expect(await decisions.undo()).toBe('too_late');
    expect(await rows()).toHaveLength(3);
  });

  it('keeps one message a time, and none that is empty', async () => {
    await decisions.comment('a', 'heritage', '  ');
    await decisions.comment('a', 'heritage', ' <b>Bonjour</b> ');
    expect((await rows()).map(({ mutation }) => 'text' in mutation && mutation.text)).toEqual([
      '<b>Bonjour</b>',
    ]);
  });

  it('that came back is given up by its author alone', async () => {
    await decisions.decide(item('a'), 1, { decision: 'publish' });
    const [row] = await rows();
    const refused = { state: 'refused', last_problem: problem('stale_review') } as const;
    await updateOutbox(precious, row?.mutation_id ?? '', refused);
    expect(await rows()).toHaveLength(1);
    await decisions.discard(row?.mutation_id ?? '');
    expect(await rows()).toEqual([]);
  });
});

describe('the queue of this device', () => {
  it('has one item for each thing that waits of a point', () => {
    const pending = { revision_id: 'r', base_rev: 1, base: {}, patch: {}, state: 'pending', mine: true };
    const point = aPoint({ waiting: ['edit', 'photo', 'gone'], pending: [pending] });
    expect(itemsOf(point).map(({ kind, revision_id }) => revision_id ?? kind)).toEqual([
      'photo',
      'gone',
      'r',
    ]);
    expect(itemsOf(aPoint({ waiting: [], pending: [{ ...pending, state: 'refused' }] }))).toEqual([]);
  });

  it('is narrowed as the server narrows it', () => {
    const within = (over: Partial<typeof NO_FILTERS>) => isWithin(item('a'), { ...NO_FILTERS, ...over }, NOW);
    expect(within({})).toBe(true);
    expect(within({ kind: 'edit' })).toBe(false);
    expect(within({ waitingDays: 12 })).toBe(true);
    expect(within({ waitingDays: 13 })).toBe(false);
    expect(within({ territory: { id: '11', name: 'Aude' } })).toBe(true);
    expect(within({ territory: { id: '34', name: 'Hérault' } })).toBe(false);
    expect(queryOf({ ...NO_FILTERS, waitingDays: 7, author: { id: 'x', name: 'Aurore' } })).toEqual({
      waiting_days: 7,
      author: 'x',
    });
  });
});
