import 'fake-indexeddb/auto';

import { randomBytes } from 'node:crypto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { PhotoRow } from '../../../src/db/rows.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { ProblemError } from '../../../src/domain/problems.ts';
import { LocationState } from '../../../src/state/location.svelte.ts';
import { NearbyState } from '../../../src/state/nearby.svelte.ts';
import { photograph, saySeen } from '../../../src/state/see-again.ts';

import { aPoint } from '../../support/arbitraries.ts';
import { fieldKit, type FieldKit, PHOTO, THEMES } from '../../support/field-kit.ts';

const POINT = aPoint({ status: 'published', mine: false, concept: 'lavoir', attributes: { name: 'Lavoir' } });
let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

/** What is around, for the person of the kit. */
const around = (now: Date) =>
  new NearbyState({
    ...{ precious: kit.precious, cache: () => kit.cache, userId: () => 'me', now: () => now },
    themes: () => THEMES,
    location: new LocationState({ watch: () => () => undefined, now: Date.now }),
    thesaurus: () => new Map(),
    random: (length) => new Uint8Array(randomBytes(length)),
  });

test('a state and a photo leave as one confirmation that never touches the sheet', async () => {
  const id = await kit.drafts.observe(POINT);
  const editor = await kit.opened(id);
  editor.observe({ condition: 'fair' });
  await editor.photos.add([new File(['x'], 'a.jpg')]);
  // The app dies, and what was begun opens again: there is one visit at a time.
  expect(await kit.drafts.observe(POINT)).toBe(id);
  const again = await kit.opened(id);
  expect(again.photos.list).toHaveLength(1);
  expect(await again.save()).toBe(true);
  const [row] = await kit.precious.outbox.toArray();
  expect(row?.mutation).toMatchObject({
    kind: 'confirm',
    point_id: POINT.id,
    found: true,
    condition: 'fair',
    expected_photos: 1,
  });
  expect(row?.mutation).not.toHaveProperty('patch');
  expect(await kit.precious.photos.toArray()).toMatchObject([{ point_id: POINT.id, state: 'local' }]);
  expect(await kit.precious.drafts.count()).toBe(0);
});

test('a thing seen again was seen when its visit was begun, however late that is saved', async () => {
  const id = await kit.drafts.observe(POINT);
  await kit.precious.drafts.update(id, { created_at: '2026-05-01T16:30:00.000Z' });
  const editor = await kit.opened(id);
  editor.observe({ condition: 'fair' });
  expect(await editor.save()).toBe(true);
  const [row] = await kit.precious.outbox.toArray();
  expect(row?.mutation).toMatchObject({ kind: 'confirm', observed_at: '2026-05-01T16:30:00.000Z' });
});

test('"gone" is not said without showing the place', async () => {
  const editor = await kit.opened(await kit.drafts.observe(POINT));
  editor.observe({ condition: 'good', found: false });
  expect(await editor.save()).toBe(false);
  expect(editor.faults).toEqual([{ path: 'photos', fault: 'photo_missing' }]);
  await editor.photos.add([new File(['x'], 'a.jpg')]);
  expect(await editor.save()).toBe(true);
  const [row] = await kit.precious.outbox.toArray();
  expect(row?.mutation).toMatchObject({ kind: 'confirm', found: false });
  expect(row?.mutation).not.toHaveProperty('condition');
});

test('one tap waits a moment, in which it can be taken back; what was said with a photo takes it along', async () => {
  const now = new Date('2026-05-02T10:00:00Z');
  const { precious } = kit;
  const nearby = around(now);
  const undo = await nearby.confirm(POINT);
  const [row] = await precious.outbox.toArray();
  expect(row).toMatchObject({ kind: 'confirm', not_before: now.getTime() + LIMITS.decisionUndoMs });
  expect(await undo()).toBe(true);
  expect(await precious.outbox.count()).toBe(0);

  const editor = await kit.opened(await kit.drafts.observe(POINT));
  editor.observe({ condition: 'fair' });
  await editor.photos.add([new File(['x'], 'a.jpg')]);
  const id = editor.draft.photo_ids[0] ?? '';
  // Another photo of the same point, of an edit that stays.
  await precious.photos.put({
    ...((await precious.photos.get(id)) as PhotoRow),
    id: 'other',
    state: 'local',
  });
  expect(await editor.save()).toBe(true);
  const said = await precious.outbox.toCollection().first();
  expect(await nearby.takeBack(said?.mutation_id ?? '')).toBe(true);
  expect([await precious.outbox.count(), await precious.photos.toCollection().primaryKeys()]).toEqual([
    0,
    ['other'],
  ]);

  const late = await nearby.confirm(POINT);
  await precious.outbox.toCollection().modify({ attempts: 1, frozen: '{}' });
  expect(await late(), 'it has left').toBe(false);
  expect(await precious.outbox.count()).toBe(1);
});

test('its state and a photo in a tap each, whichever comes first, are one confirmation', async () => {
  const now = new Date('2026-05-02T10:00:00Z');
  const { precious, drafts } = kit;
  const nearby = around(now);
  const tools = { drafts, nearby };
  const file = () => new File(['x'], 'a.jpg');
  const said = async () => {
    const rows = await precious.outbox.toArray();
    const photos = await precious.photos.toArray();
    const given = photos.map(({ point_id, state, given_with }) => ({ point_id, state, given_with }));
    return { rows: rows.map((row) => row.mutation), given, drafts: await precious.drafts.count() };
  };

  // The photo first: it waits, on the disk, for the other tap.
  expect(await photograph(tools, POINT, null, [file()])).toEqual({ is: 'waiting' });
  expect(await said()).toMatchObject({ rows: [], given: [{ state: 'draft' }], drafts: 1 });
  expect(await saySeen(tools, POINT, 'poor')).toEqual({ is: 'said' });
  const first = await said();
  expect(first).toMatchObject({
    rows: [{ kind: 'confirm', point_id: POINT.id, found: true, condition: 'poor', expected_photos: 1 }],
    drafts: 0,
  });
  const [one] = first.rows;
  expect(first.given).toEqual([{ point_id: POINT.id, state: 'local', given_with: one?.mutation_id }]);
  await nearby.takeBack(one?.mutation_id ?? '');
  expect(await said()).toEqual({ rows: [], given: [], drafts: 0 });

  // The state first: said again with its photo, once.
  const tapped = await saySeen(tools, POINT, 'fair');
  expect(tapped).toMatchObject({ is: 'said', undo: expect.any(Function) as object });
  const unsentId = (await precious.outbox.toArray())[0]?.mutation_id ?? '';
  const word = { found: true, condition: 'fair', unsentId };
  expect(await photograph(tools, POINT, word, [file()])).toEqual({ is: 'said' });
  expect(await said()).toMatchObject({
    rows: [{ kind: 'confirm', condition: 'fair', expected_photos: 1 }],
    given: [{ point_id: POINT.id, state: 'local' }],
    drafts: 0,
  });

  // It has left meanwhile: nothing is said twice, and the photo waits on its screen.
  await precious.outbox.toCollection().modify({ attempts: 1, frozen: '{}' });
  const gone = { ...word, unsentId: (await precious.outbox.toArray())[0]?.mutation_id ?? '' };
  const late = await photograph(tools, POINT, gone, [file()]);
  expect(late).toEqual({ is: 'open', draftId: await drafts.visitOf(POINT.id) });
  expect((await said()).rows).toHaveLength(1);
  expect(await precious.drafts.toArray()).toMatchObject([{ observes: { condition: 'fair' } }]);
});

test('a camera that gives nothing to keep leaves nothing behind', async () => {
  kit.close();
  kit = fieldKit(PHOTO, undefined, () => Promise.reject(new ProblemError('not_an_image')));
  const { precious, drafts } = kit;
  const nearby = around(new Date());
  const seen = await photograph({ drafts, nearby }, POINT, null, [new File(['x'], 'a.txt')]);
  expect(seen).toMatchObject({ is: 'failed', problem: { code: 'not_an_image' } });
  expect([await precious.drafts.count(), await precious.photos.count()]).toEqual([0, 0]);
});

test('left without a word, it leaves no draft behind', async () => {
  await kit.drafts.leave(await kit.opened(await kit.drafts.observe(POINT)));
  expect(await kit.precious.drafts.count()).toBe(0);
});
