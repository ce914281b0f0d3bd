import 'fake-indexeddb/auto';

import { describe, expect, it } from 'vitest';

import { closeCall, isOnItsWay } from '../../../src/db/calls.ts';
import { openPrecious, type Precious } from '../../../src/db/precious.ts';
import { makeMutation } from '../../../src/domain/commands/make.ts';
import type { Mutation } from '../../../src/domain/mutation.ts';
import { enqueueMutation } from '../../../src/sync/enqueue.ts';
import { exportUnsent } from '../../../src/sync/export.ts';
import { freeze, type Leaving } from '../../../src/sync/freeze.ts';
import { importUnsent } from '../../../src/sync/import.ts';
import { undoMutation } from '../../../src/sync/outbox-actions.ts';
import { random } from '../../support/phone.ts';

const now = new Date('2026-05-02T10:00:00Z');
const me = { userId: 'me', now };

const capture = (pointId: string): Mutation =>
  makeMutation(
    { kind: 'create', point_id: pointId, theme: 'heritage', patch: { 'attributes.name': 'Four' } },
    now,
    random,
  );

const rename = (pointId: string): Mutation =>
  makeMutation(
    {
      kind: 'edit',
      point_id: pointId,
      theme: 'heritage',
      base_rev: 0,
      base: { 'attributes.name': 'Four' },
      patch: { 'attributes.name': 'Lavoir' },
    },
    now,
    random,
  );

/** A phone with captures, all of them in a call that has left. */
async function leaving(name: string, points: readonly string[]): Promise<[Precious, Leaving]> {
  const store = openPrecious(name);
  for (const point of points) await enqueueMutation(store, capture(point), me);
  const call = await freeze(store, await store.outbox.toArray());
  if (!call) throw new Error('nothing left');
  return [store, call];
}

describe('what is on its way', () => {
  it('does not change any more, and what is said of it next goes on its own', async () => {
    const [store, { rows }] = await leaving('on-its-way', ['p1']);
    expect(rows).toMatchObject([{ n: 1, attempts: 1, frozen: JSON.stringify(rows[0]?.mutation) }]);
    expect(await undoMutation(store, rows[0]?.mutation_id ?? '')).toBeNull();
    await enqueueMutation(store, rename('p1'), me);
    expect(await store.outbox.toArray()).toMatchObject([{ kind: 'create' }, { kind: 'edit' }]);
  });

  it('keeps its text when the call fails, also after the app died, and may be discarded meanwhile', async () => {
    const [store, { call, rows }] = await leaving('failed', ['p1', 'p2', 'p3']);
    await store.outbox.delete(2);
    await closeCall(store, call);
    const texts = rows.map((row) => row.frozen);
    expect(await store.outbox.toArray()).toMatchObject([
      { n: 1, frozen: texts[0], attempts: 1 },
      { n: 3, frozen: texts[2], attempts: 1 },
    ]);
    expect([await store.calls.count(), await isOnItsWay(store, 1)]).toEqual([0, false]);
    expect(await undoMutation(store, rows[0]?.mutation_id ?? '')).toBeNull();
  });

  it('goes as the server settles it, whatever lies between its places', async () => {
    const [store, { call, rows }] = await leaving('settled', ['p1', 'p2', 'p3', 'p4', 'p5']);
    await enqueueMutation(store, capture('p6'), me);
    await closeCall(store, call, [5, 1, 2]);
    expect(await store.outbox.toArray()).toMatchObject([
      { n: 3, frozen: rows[2]?.frozen },
      { n: 4, frozen: rows[3]?.frozen },
      { n: 6, frozen: null, attempts: 0 },
    ]);
    // Another tab may have closed it first.
    await closeCall(store, call, [3]);
    expect(await store.outbox.toCollection().primaryKeys()).toEqual([4, 6]);
  });

  it('is exported as it left', async () => {
    const [store, { rows }] = await leaving('exported', ['p1', 'p2']);
    const archive = await exportUnsent(store, { userId: 'me', instance: null, now });
    const other = openPrecious('exported-to');
    await importUnsent(other, { userId: 'me', instance: null }, archive);
    expect(await other.outbox.toArray()).toMatchObject(rows.map(({ frozen }) => ({ frozen, attempts: 1 })));
  });
});
