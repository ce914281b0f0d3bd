import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import Dexie from 'dexie';

import { keepPoint } from '../../../src/db/points.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { fieldKit, type FieldKit } from '../../support/field-kit.ts';

let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

async function light(id: string, lat: number) {
  const editor = await kit.opened(id);
  editor.place({ lon: 2, lat }, 'map', null);
  return editor;
}

test('each point saves itself and begins the next, which inherits it under the next number', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  first.answer('ref', 'EP-0417');
  first.answer('support', 'mast');
  const nextId = (await kit.series.next(first)) ?? '';
  // The app may die here: all of it is on the disk.
  const next = await light(nextId, 43.0003);
  expect(next.draft).toMatchObject({
    concept: 'lampadaire',
    attributes: { ref: 'EP-0418', support: 'mast' },
    series: { steps: [{ lat: 43, lon: 2, title: 'EP-0417' }] },
  });
  await kit.series.next(next);
  const sent = await kit.precious.outbox.toArray();
  expect(sent.map(({ mutation }) => mutation.kind === 'create' && mutation.patch['attributes.ref'])).toEqual([
    'EP-0417',
    'EP-0418',
  ]);
});

for (const way of ['confirmed', 'completed'] as const) {
  test(`one that was known and is ${way} does not end the row: the next follows its number`, async () => {
    const first = await light(await kit.drafts.start('lighting'), 43);
    const term = { scheme: 'lighting', text: 'borne', lang: 'fr' };
    first.propose(term);
    first.answer('ref', 'EP-0417');
    first.answer('support', 'mast');
    const second = await light((await kit.series.next(first)) ?? '', 43.0003);
    const known = aPoint({
      ...{ theme: 'lighting', concept: 'lampadaire', status: 'published' as const, mine: false },
      attributes: { ref: 'EP-0430' },
    });
    await keepPoint(kit.cache, known);
    let from = second.draft;
    if (way === 'confirmed') await kit.drafts.confirmInstead(second, known.id);
    else {
      await kit.drafts.editInstead(second, known.id);
      const edit = await kit.opened(known.id);
      expect(edit.isEmpty).toBe(true);
      edit.answer('support', 'wall');
      from = edit.draft;
      expect(await edit.save()).toBe(true);
    }
    const nextId = (await kit.series.goOn(from, known, second.theme)) ?? '';
    const next = await kit.opened(nextId);
    expect(next.isEmpty).toBe(true);
    expect(next.draft).toMatchObject({
      term,
      attributes: { ref: 'EP-0431', support: 'mast' },
      series: { steps: [{ title: 'EP-0417' }] },
    });
    const said = (await kit.precious.outbox.toArray()).filter((row) => row.point_id === known.id);
    expect(said.map((row) => row.kind)).toEqual([way === 'confirmed' ? 'confirm' : 'edit']);
    // What is taken back is the last one captured, never what was said of the known one.
    expect((await kit.series.undoLast(next))?.done).toBe('deleted');
    expect((await kit.precious.outbox.toArray()).map((row) => row.point_id)).toEqual([known.id]);
  });
}

test('one that was known goes on to none where there is no row', async () => {
  const editor = await light(await kit.drafts.start('lighting'), 43);
  expect(await kit.series.goOn(editor.draft, aPoint({ theme: 'lighting' }), editor.theme)).toBeNull();
});

test('a point that cannot be saved begins no other', async () => {
  const editor = await kit.opened(await kit.drafts.start('lighting'));
  expect(await kit.series.next(editor)).toBeNull();
  expect(await kit.precious.drafts.count()).toBe(1);
});

test('the last one is taken back with its photos, and its number goes to the one being captured', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  first.answer('ref', '7');
  await first.photos.add([new File(['x'], 'a.jpg')]);
  const next = await light((await kit.series.next(first)) ?? '', 43.0003);
  expect((await kit.series.undoLast(next))?.done).toBe('deleted');
  expect([await kit.precious.outbox.count(), await kit.precious.photos.count()]).toEqual([0, 0]);
  expect(next.draft).toMatchObject({ attributes: { ref: '7' }, series: { steps: [] } });
  expect(await kit.series.undoLast(next)).toBeNull();
});

test('stopping drops the point that nobody touched, and keeps one with something in it', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  const secondId = (await kit.series.next(first)) ?? '';
  await kit.series.stop(await kit.opened(secondId));
  expect(await kit.precious.drafts.count()).toBe(0);

  const again = await light(await kit.drafts.start('lighting'), 43);
  again.name('lampadaire');
  const touched = await kit.opened((await kit.series.next(again)) ?? '');
  await touched.photos.add([new File(['x'], 'a.jpg')]);
  await kit.series.stop(touched);
  expect(await kit.precious.drafts.count()).toBe(1);
});

test('a number typed into the current light stays when the one before is taken back', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  first.answer('ref', '7');
  const next = await light((await kit.series.next(first)) ?? '', 43.0003);
  next.answer('ref', 'B-12');
  expect((await kit.series.undoLast(next))?.done).toBe('deleted');
  expect(next.draft).toMatchObject({ attributes: { ref: 'B-12' }, series: { steps: [] } });
});

test('a point that is published meanwhile stays, and so does the series', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  first.answer('ref', '7');
  const next = await light((await kit.series.next(first)) ?? '', 43.0003);
  await kit.precious.outbox.clear();
  await keepPoint(
    kit.cache,
    aPoint({ id: first.draft.id, theme: 'lighting', status: 'published', mine: true }),
  );
  expect((await kit.series.undoLast(next))?.done).toBe('too_late');
  expect(await kit.precious.outbox.count()).toBe(0);
  expect(next.draft).toMatchObject({ attributes: { ref: '8' }, series: { steps: [{ title: '7' }] } });
});

test('one whose sending was tried is followed by its withdrawal, one refused just goes', async () => {
  for (const [change, undone, kinds] of [
    [{ attempts: 1, frozen: '{}' }, 'withdrawn', ['create', 'withdraw']],
    [{ state: 'refused' }, 'deleted', []],
  ] as const) {
    await kit.precious.outbox.clear();
    const first = await light(await kit.drafts.start('lighting'), 43);
    first.name('lampadaire');
    const next = await light((await kit.series.next(first)) ?? '', 43.0003);
    await kit.precious.outbox.toCollection().modify(change);
    expect((await kit.series.undoLast(next))?.done).toBe(undone);
    expect((await kit.precious.outbox.toArray()).map((row) => row.kind)).toEqual(kinds);
  }
});

test('a word proposed for one light goes on to the next, and is nobody’s work there', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  const term = { scheme: 'lighting', text: 'borne', lang: 'fr' };
  first.propose(term);
  const next = await kit.opened((await kit.series.next(first)) ?? '');
  expect(next.draft.term).toEqual(term);
  expect(next.isEmpty).toBe(true);
});

/** Every state of the disk that a kill could leave while that runs. */
async function disksDuring(work: () => Promise<unknown>) {
  const { precious } = kit;
  const seen = new Set<string>();
  const look = async () => {
    const [drafts, outbox] = await Promise.all([precious.drafts.toArray(), precious.outbox.toArray()]);
    const begun = drafts.map(({ series }) => (series?.steps ?? []).map((step) => step.mutation_id));
    seen.add(JSON.stringify([begun, outbox.map((row) => row.mutation_id)]));
  };
  const looks: Promise<void>[] = [];
  const changed = () => {
    looks.push(look());
  };
  Dexie.on('storagemutated', changed);
  await look();
  await work();
  await Promise.all(looks);
  Dexie.on.storagemutated.unsubscribe(changed);
  await look();
  return [...seen].map((one) => JSON.parse(one) as [string[][], string[]]);
}

test('a kill while one is saved and the next begun leaves the one capture or both', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  await first.keep();
  const seen = await disksDuring(() => kit.series.next(first));
  const [row] = await kit.precious.outbox.toArray();
  const id = row?.mutation_id ?? '';
  expect(seen).toEqual([
    [[[]], []],
    [[[id]], [id]],
  ]);
  // Opened where it was saved, the app finds where the series goes on.
  const [next] = await kit.precious.drafts.toArray();
  expect(await kit.drafts.wentOnIn(first.draft.id)).toBe(next?.id);
  expect(await kit.drafts.wentOnIn('another')).toBeNull();
});

test('one that cannot begin leaves the one before open and whole, and nothing to send', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  await first.keep();
  const fail = () => {
    throw new DOMException('no room', 'QuotaExceededError');
  };
  kit.precious.drafts.hook('creating', fail);
  expect(await kit.series.next(first)).toBeNull();
  kit.precious.drafts.hook('creating').unsubscribe(fail);
  expect([first.isClosed, first.problem?.code]).toEqual([false, 'quota']);
  expect(await kit.precious.outbox.count()).toBe(0);
  expect(await kit.precious.drafts.toArray()).toEqual([first.draft]);
});

test('a kill while the last one is taken back never leaves a series that counts what is gone', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  const next = await light((await kit.series.next(first)) ?? '', 43.0003);
  await next.keep();
  const seen = await disksDuring(() => kit.series.undoLast(next));
  for (const [begun, outbox] of seen) expect(begun).toEqual([outbox]);
});

test('one taken back elsewhere leaves the series without a word to the server', async () => {
  const first = await light(await kit.drafts.start('lighting'), 43);
  first.name('lampadaire');
  const next = await light((await kit.series.next(first)) ?? '', 43.0003);
  await kit.precious.outbox.clear();
  expect((await kit.series.undoLast(next))?.done).toBe('already');
  expect(await kit.precious.outbox.count()).toBe(0);
  expect(next.draft.series?.steps).toEqual([]);
});

test('one that has arrived and was not pulled yet is withdrawn; one withdrawn from its sheet is not again', async () => {
  for (const status of [null, 'submitted', 'withdrawn'] as const) {
    await kit.precious.outbox.clear();
    const first = await light(await kit.drafts.start('lighting'), 43);
    first.name('lampadaire');
    const next = await light((await kit.series.next(first)) ?? '', 43.0003);
    const [row] = await kit.precious.outbox.toArray();
    if (!row) throw new Error('nothing was saved');
    await kit.precious.outbox.clear();
    const { mutation_id, user_id, point_id, kind } = row;
    const receipt = { payload: '{}', status: 'applied', code: null, rev: 1, at: '2026', epoch: 'e' } as const;
    await kit.precious.sent.put({ mutation_id, user_id, point_id, kind, ...receipt });
    if (status) await keepPoint(kit.cache, aPoint({ id: point_id, theme: 'lighting', status, mine: true }));
    expect((await kit.series.undoLast(next))?.done).toBe(status === 'withdrawn' ? 'already' : 'withdrawn');
    const kinds = (await kit.precious.outbox.toArray()).map((one) => one.kind);
    expect(kinds).toEqual(status === 'withdrawn' ? [] : ['withdraw']);
    expect(next.draft.series?.steps).toEqual([]);
  }
});
