import 'fake-indexeddb/auto';

import { randomBytes } from 'node:crypto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { updateOutbox } from '../../../src/db/outbox.ts';
import type { OutboxRow } from '../../../src/db/rows.ts';
import { giveUp } from '../../../src/state/give-up.ts';
import { enqueueMutation } from '../../../src/sync/enqueue.ts';
import { myPoints } from '../../../src/sync/overlay.ts';
import { keepPoint } from '../../../src/db/points.ts';
import { makeMutation } from '../../../src/domain/commands/make.ts';
import type { Draft } from '../../../src/domain/commands/make.ts';
import type { Point } from '../../../src/domain/point.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { fieldKit, type FieldKit } from '../../support/field-kit.ts';

const NOW = new Date('2026-05-02T10:00:00Z');
const ME = 'me';
const random = (length: number) => new Uint8Array(randomBytes(length));
let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

/** Saves it, and has its sending tried or not. */
async function saved(draft: Draft, isTried: boolean): Promise<[OutboxRow, Point | null]> {
  const { precious, cache } = kit;
  const id = await enqueueMutation(precious, makeMutation(draft, NOW, random), { userId: ME, now: NOW });
  const row = await precious.outbox.where({ mutation_id: id }).first();
  if (!row) throw new Error('not saved');
  if (isTried) await updateOutbox(precious, id, { attempts: 1, frozen: JSON.stringify(row.mutation) });
  const shown = await myPoints({ precious, cache, userId: ME });
  return [row, shown[0]?.point ?? null];
}
const deps = () => ({ precious: kit.precious, now: () => NOW, random });
const kinds = async () => (await kit.precious.outbox.orderBy('n').toArray()).map((row) => row.kind);
const GEOM = { lon: 2.5, lat: 43.3, accuracy_m: 8, source: 'gps' };
const create = { kind: 'create', point_id: 'p', theme: 'heritage', patch: { geom: GEOM } } as const;
const editOf = (point: Point) =>
  ({
    kind: 'edit',
    point_id: point.id,
    theme: point.theme,
    base_rev: point.rev,
    base: { 'attributes.name': 'Avant' },
    patch: { 'attributes.name': 'Après' },
  }) as const;

test('what never left goes without a trace', async () => {
  expect(await giveUp(deps(), ...(await saved(create, false)))).toBe('deleted');
  expect(await kinds()).toEqual([]);
});

test('a capture whose sending was tried is followed by its withdrawal', async () => {
  expect(await giveUp(deps(), ...(await saved(create, true)))).toBe('withdrawn');
  expect(await kinds()).toEqual(['create', 'withdraw']);
});

test.each(['submitted', 'published'] as const)(
  'a tried edit of a %s point is followed by what undoes it',
  async (status) => {
    const point = aPoint({ status, mine: true, attributes: { name: 'Avant' } });
    await keepPoint(kit.cache, point);
    const [row, shown] = await saved(editOf(point), true);
    expect(await giveUp(deps(), row, shown)).toBe('withdrawn');
    const [, undo] = await kit.precious.outbox.orderBy('n').toArray();
    expect(undo?.mutation).toMatchObject(
      status === 'published'
        ? { kind: 'withdraw', revision_id: row.mutation_id }
        : { kind: 'edit', base: { 'attributes.name': 'Après' }, patch: { 'attributes.name': 'Avant' } },
    );
  },
);

test('what nothing undoes is forgotten here, and not said to be undone', async () => {
  const point = aPoint({ status: 'published', mine: false });
  const confirm = {
    kind: 'confirm',
    point_id: point.id,
    found: true,
    observed_at: NOW.toISOString(),
  } as const;
  const [row] = await saved(confirm, true);
  expect(await giveUp(deps(), row, point)).toBe('forgotten');
  expect(await kinds()).toEqual([]);
});
