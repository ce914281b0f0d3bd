import 'fake-indexeddb/auto';

import { randomBytes } from 'node:crypto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { updateOutbox } from '../../../src/db/outbox.ts';
import type { OutboxRow } from '../../../src/db/rows.ts';
import type { DraftEditor } from '../../../src/state/draft-editor.svelte.ts';
import { giveUp } from '../../../src/state/give-up.ts';
import { shownPoint } from '../../../src/sync/overlay.ts';
import { withWayBack } from '../../../src/sync/way-back.ts';
import { fieldKit, type FieldKit } from '../../support/field-kit.ts';

// A slip of the thumb costs nothing: what was taken back comes back as it was, while nothing of it has left.

const NOW = new Date('2026-05-02T10:00:00Z');
const random = (length: number) => new Uint8Array(randomBytes(length));
const photo = () => new File(['x'], 'a.jpg');
let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

async function capture(theme = 'heritage'): Promise<DraftEditor> {
  const editor = await kit.opened(await kit.drafts.start(theme));
  editor.name('lavoir');
  editor.place({ lon: 2, lat: 43 }, 'map', null);
  return editor;
}

async function disk() {
  const { outbox, photos, photo_bytes, photo_thumbs } = kit.precious;
  const [rows, pictures] = await Promise.all([outbox.toArray(), photos.orderBy('id').toArray()]);
  return { rows, pictures, bytes: await photo_bytes.count(), thumbs: await photo_thumbs.count() };
}

const rowsNow = async () => (await disk()).rows;

async function gaveUp(row: OutboxRow | undefined) {
  if (!row) throw new Error('nothing waits');
  const { precious, cache } = kit;
  const shown = await shownPoint({ precious, cache, userId: 'me' }, row.point_id);
  const of = { userId: 'me', pointId: row.point_id };
  const give = () => giveUp({ precious, now: () => NOW, random }, row, shown?.point ?? null);
  return withWayBack(precious, of, give);
}

const tried = async () => {
  const [row] = await rowsNow();
  if (!row) throw new Error('nothing waits');
  await updateOutbox(kit.precious, row.mutation_id, { attempts: 1, frozen: JSON.stringify(row.mutation) });
};

test('a photo deleted by mistake comes back to its place, whole', async () => {
  const editor = await capture();
  await editor.photos.add([photo(), photo(), photo()]);
  await editor.keep();
  const [before, ids] = [await disk(), editor.draft.photo_ids];
  const back = await editor.photos.delete(ids[1] ?? '');
  expect((await disk()).bytes).toBe(2);
  expect(await back()).toBe(true);
  expect(await disk()).toEqual(before);
  expect(editor.draft.photo_ids).toEqual(ids);
  expect(editor.photos.list.map((one) => one.id)).toEqual(ids);
});

test('a photo deleted from a draft that was left comes back to it', async () => {
  const editor = await capture();
  await editor.photos.add([photo()]);
  const back = await editor.photos.delete(editor.draft.photo_ids[0] ?? '');
  await kit.drafts.leave(editor);
  expect(await back()).toBe(true);
  const again = await kit.opened(editor.draft.id);
  expect(again.photos.list).toHaveLength(1);
});

test('to a draft that was saved no photo comes back: it is said', async () => {
  const editor = await capture();
  await editor.photos.add([photo()]);
  const back = await editor.photos.delete(editor.draft.photo_ids[0] ?? '');
  await editor.save();
  expect(await back()).toBe(false);
  expect((await disk()).pictures).toEqual([]);
});

test('the last point of a series comes back with its photos, and the next has the number after it', async () => {
  const first = await capture('lighting');
  first.answer('ref', 'EP-0007');
  await first.photos.add([photo()]);
  const next = await kit.opened((await kit.series.next(first)) ?? '');
  const [before, draft] = [await disk(), next.draft];
  const undone = await kit.series.undoLast(next);
  expect(undone?.done).toBe('deleted');
  next.answer('support', 'mast');
  expect(await undone?.back?.()).toBe(true);
  expect(await disk()).toEqual(before);
  expect(next.draft.series).toEqual(draft.series);
  expect(next.draft.attributes).toEqual({ ref: 'EP-0008', support: 'mast' });
});

test('a number typed since stays when the point before comes back', async () => {
  const first = await capture('lighting');
  first.answer('ref', '7');
  const next = await kit.opened((await kit.series.next(first)) ?? '');
  const undone = await kit.series.undoLast(next);
  next.answer('ref', 'B-12');
  await undone?.back?.();
  expect(next.draft).toMatchObject({ attributes: { ref: 'B-12' }, series: { steps: [{ title: '7' }] } });
});

test('a withdrawal waits as long as it may be called off; once it has left, nothing changes', async () => {
  const editor = await capture();
  await editor.photos.add([photo()]);
  await editor.save();
  await tried();
  const before = await disk();
  const first = await gaveUp(before.rows[0]);
  expect(first.done).toBe('withdrawn');
  const [, withdraw] = await rowsNow();
  expect(withdraw?.not_before).toBeGreaterThan(NOW.getTime());
  expect(await first.back()).toBe(true);
  expect(await disk()).toEqual(before);

  const second = await gaveUp(before.rows[0]);
  const [, again] = await rowsNow();
  await updateOutbox(kit.precious, again?.mutation_id ?? '', { attempts: 1 });
  expect(await second.back()).toBe(false);
  expect((await rowsNow()).map((row) => row.kind)).toEqual(['create', 'withdraw']);
  expect((await disk()).pictures).toEqual([]);
});

test('what was begun over a capture that is given up is a capture again, and an edit when that comes back', async () => {
  const editor = await capture();
  await editor.save();
  const edit = await kit.opened(await kit.drafts.edit(editor.draft.id));
  edit.answer('name', 'Lavoir');
  await edit.keep();
  edit.close();
  const { back } = await gaveUp((await rowsNow())[0]);
  expect(await kit.precious.drafts.get(editor.draft.id)).toMatchObject({ seen: null });
  expect(await back()).toBe(true);
  expect((await kit.precious.drafts.get(editor.draft.id))?.seen?.id).toBe(editor.draft.id);

  await gaveUp((await rowsNow())[0]);
  expect(await (await kit.opened(editor.draft.id)).save()).toBe(true);
  const [row, ...others] = await rowsNow();
  expect(others).toEqual([]);
  expect(row?.mutation).toMatchObject({
    kind: 'create',
    patch: { concept: 'lavoir', 'attributes.name': 'Lavoir' },
  });
});
