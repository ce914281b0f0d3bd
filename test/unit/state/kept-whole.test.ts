import 'fake-indexeddb/auto';

import { randomBytes } from 'node:crypto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { discardForAWhile } from '../../../src/db/drafts.ts';
import { updateOutbox } from '../../../src/db/outbox.ts';
import { keepPoint } from '../../../src/db/points.ts';
import type { OutboxRow } from '../../../src/db/rows.ts';
import { giveUp } from '../../../src/state/give-up.ts';
import { LocationState } from '../../../src/state/location.svelte.ts';
import { exportUnsent } from '../../../src/sync/export.ts';
import { importUnsent } from '../../../src/sync/import.ts';
import { myPoints } from '../../../src/sync/overlay.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { fieldKit, type FieldKit, PHOTO } from '../../support/field-kit.ts';

// What is saved stays whole, whatever is taken up again, thrown away or brought back around it.

const NOW = new Date('2026-05-02T10:00:00Z');
const HASH_OF_THE_BYTES = 'af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc';
const photo = () => new File(['x'], 'a.jpg');
let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit({ ...PHOTO, sha256: HASH_OF_THE_BYTES });
});
afterEach(() => kit.close());

const exported = () => exportUnsent(kit.precious, { userId: 'me', instance: null, now: NOW });
const brought = (archive: Blob) => importUnsent(kit.precious, { userId: 'me', instance: null }, archive);
const kinds = async () => (await kit.precious.outbox.toArray()).map((row) => row.kind);

async function givenUp(row: OutboxRow | undefined) {
  const [shown] = await myPoints({ precious: kit.precious, cache: kit.cache, userId: 'me' });
  const random = (length: number) => new Uint8Array(randomBytes(length));
  if (!row || !shown) throw new Error('nothing waits');
  return giveUp({ precious: kit.precious, now: () => NOW, random }, row, shown.point);
}

async function known() {
  const point = aPoint({
    ...{ theme: 'heritage', concept: 'croix', status: 'published', mine: false, pending: [] },
    attributes: { name: 'Croix' },
  });
  await keepPoint(kit.cache, point);
  return point;
}

/** An edit of a known point, with a photo. */
async function edited() {
  const edit = await kit.opened(await kit.drafts.edit((await known()).id));
  edit.answer('name', 'Croix neuve');
  await edit.photos.add([photo()]);
  await edit.keep();
  return edit;
}

/** A capture that bears a proposed word, then edited before it left. */
async function editedUnderItsWord() {
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  capture.propose({ scheme: 'x', text: 'borne', lang: 'fr' });
  capture.place({ lon: 2, lat: 43 }, 'map', null);
  await capture.save();
  const edit = await kit.opened(await kit.drafts.edit(capture.draft.id));
  edit.answer('name', 'Fontaine');
  await edit.save();
  const [create] = await kit.precious.outbox.toArray();
  return create;
}

test('an archive does not bring back an edit that was finished since', async () => {
  const edit = await edited();
  const archive = await exported();
  expect(await edit.save()).toBe(true);
  expect(await brought(archive)).toMatchObject({ drafts: 0, photos: 0 });
  expect(await kinds()).toEqual(['edit']);
});

test('nor a visit', async () => {
  const visit = await kit.opened(await kit.drafts.observe(await known()));
  visit.observe({ condition: 'ruin' });
  await visit.keep();
  const archive = await exported();
  expect(await visit.save()).toBe(true);
  expect(await brought(archive)).toMatchObject({ drafts: 0 });
  expect(await kit.precious.drafts.count()).toBe(0);
});

test('a draft thrown away leaves the photos that have left it', async () => {
  const { draft } = await edited();
  await kit.precious.photos.toCollection().modify({ state: 'local' });
  const back = await discardForAWhile(kit.precious, draft.id);
  expect([await kit.precious.photos.count(), await kit.precious.photo_bytes.count()]).toEqual([1, 1]);
  await kit.precious.photos.toCollection().modify({ state: 'stored' });
  await back();
  expect((await kit.precious.photos.toArray())[0]?.state).toBe('stored');
});

test('an edit joins its capture, past the word that was proposed for it', async () => {
  const create = await editedUnderItsWord();
  expect(await kinds()).toEqual(['create', 'propose_term']);
  expect(create?.mutation).toMatchObject({ patch: { 'attributes.name': 'Fontaine' } });
});

test('a capture taken up again has what was edited of it, be it apart', async () => {
  const create = await editedUnderItsWord();
  if (create?.mutation.kind !== 'create') throw new Error('no capture');
  const { 'attributes.name': name, ...patch } = create.mutation.patch;
  await updateOutbox(kit.precious, create.mutation_id, { mutation: { ...create.mutation, patch } });
  const { mutation_id, ...row } = create;
  const edit = {
    ...{
      mutation_id: `${mutation_id.slice(0, -4)}ffff`,
      kind: 'edit',
      point_id: row.point_id,
      theme: 'heritage',
    },
    ...{ created_at: row.saved_at, base: {}, patch: { 'attributes.name': name ?? null } },
  } as const;
  delete (row as { n?: number }).n;
  await kit.precious.outbox.add({
    ...row,
    mutation_id: edit.mutation_id,
    kind: 'edit',
    mutation: { ...create.mutation, ...edit } as OutboxRow['mutation'],
  });
  const id = await kit.drafts.reopen(mutation_id);
  expect(await kinds()).toEqual([]);
  expect((await kit.precious.drafts.get(id))?.attributes).toMatchObject({ name: 'Fontaine' });
});

test('a capture given up takes all that was said of it along', async () => {
  expect(await givenUp(await editedUnderItsWord())).toBe('deleted');
  expect(await kinds()).toEqual([]);
});

test('a capture given up leaves the photo of the draft that is open over it', async () => {
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  capture.name('lavoir');
  capture.place({ lon: 2, lat: 43 }, 'map', null);
  await capture.save();
  const edit = await kit.opened(await kit.drafts.edit(capture.draft.id));
  await edit.photos.add([photo()]);
  await edit.keep();
  const [row] = await kit.precious.outbox.toArray();
  expect(await givenUp(row)).toBe('deleted');
  expect((await kit.precious.photos.toArray()).map((one) => one.state)).toEqual(['draft']);
});

test('an edit that was tried and is given up sends no photo', async () => {
  const edit = await edited();
  await edit.save();
  const [row] = await kit.precious.outbox.toArray();
  if (!row) throw new Error('nothing waits');
  await updateOutbox(kit.precious, row.mutation_id, { attempts: 1, frozen: JSON.stringify(row.mutation) });
  const [tried] = await kit.precious.outbox.toArray();
  expect(await givenUp(tried)).toBe('withdrawn');
  expect(await kit.precious.photos.count()).toBe(0);
});

test('a caption that cannot be written says so, and the capture can be left', async () => {
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  await capture.photos.add([photo()]);
  const update = kit.precious.photos.update.bind(kit.precious.photos);
  kit.precious.photos.update = (() =>
    Promise.reject(new DOMException('full', 'QuotaExceededError'))) as unknown as typeof update;
  await capture.photos.caption(capture.photos.list[0]?.id ?? '', 'façade');
  kit.precious.photos.update = update;
  expect(capture.photos.problem?.code).toBe('quota');
  capture.answer('name', 'Lavoir');
  await kit.drafts.leave(capture);
  expect((await kit.precious.drafts.toArray())[0]?.attributes).toEqual({ name: 'Lavoir' });
});

test('a capture left while its photo is made smaller does not end the search of the next', async () => {
  let go: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => (go = resolve));
  const location = new LocationState({ watch: () => () => undefined, now: Date.now });
  const slow = fieldKit(PHOTO, location, async () => {
    await wait;
    return PHOTO;
  });
  const one = await slow.opened(await slow.drafts.start('heritage'));
  one.locate();
  void one.photos.add([photo()]);
  await one.photos.kept();
  const left = slow.drafts.leave(one);
  const next = await slow.opened(await slow.drafts.start('heritage'));
  next.locate();
  go();
  await left;
  expect(location.phase).toBe('searching');
  next.close();
  expect(location.phase).not.toBe('searching');
  slow.close();
});
