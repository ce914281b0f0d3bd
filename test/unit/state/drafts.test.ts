import 'fake-indexeddb/auto';

import { randomBytes } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Cache, openCache } from '../../../src/db/cache.ts';
import { openPrecious, type Precious } from '../../../src/db/precious.ts';
import { keepPoint } from '../../../src/db/points.ts';
import type { PreparedPhoto } from '../../../src/device/image-pipeline.ts';
import type { Point } from '../../../src/domain/point.ts';
import { problem, ProblemError } from '../../../src/domain/problems.ts';
import type { Theme } from '../../../src/domain/theme.ts';
import type { DraftEditor } from '../../../src/state/draft-editor.svelte.ts';
import { photoKeeper, type Prepare } from '../../../src/state/photo-keeper.ts';
import { discardMutation } from '../../../src/sync/outbox-actions.ts';
import { DraftsState } from '../../../src/state/drafts.svelte.ts';
import { LocationState } from '../../../src/state/location.svelte.ts';
import { PHOTO } from '../../support/field-kit.ts';

const THEME: Theme = {
  id: 'heritage',
  labels: { fr: 'Petit patrimoine' },
  form_rev: 3,
  settings: { holding_concept: 'autre', title_field: 'name' },
  form: {
    rev: 3,
    sections: [
      {
        id: 'essential',
        labels: {},
        fields: [
          { key: 'name', type: 'text', part: 'short', labels: { fr: 'Nom' } },
          { key: 'height_m', type: 'decimal', part: 'full', labels: { fr: 'Hauteur' }, min: 0, max: 100 },
        ],
      },
    ],
  },
};

let precious: Precious;
let cache: Cache;
let drafts: DraftsState;
let user: string | null;
let prepare: Prepare;
let count = 0;

beforeEach(() => {
  count += 1;
  user = 'me';
  prepare = () => Promise.resolve(PHOTO);
  precious = openPrecious(`precious-drafts-${count}`);
  cache = openCache(`drafts-${count}`);
  globalThis.document ??= new EventTarget() as Document;
  globalThis.addEventListener ??= () => undefined;
  globalThis.removeEventListener ??= () => undefined;
  drafts = new DraftsState({
    precious,
    cache: () => cache,
    location: new LocationState({ watch: () => () => undefined, now: Date.now }),
    userId: () => user,
    theme: (id) => Promise.resolve(id === THEME.id ? THEME : undefined),
    knowsTerm: () => true,
    keeper: photoKeeper(precious, (...asked) => prepare(...asked)),
    photoLicence: () => 'CC-BY-SA-4.0',
    now: () => new Date('2026-05-02T10:00:00Z'),
    random: (length) => new Uint8Array(randomBytes(length)),
  });
});
afterEach(() => {
  precious.close();
  cache.close();
});

async function opened(id: string): Promise<DraftEditor> {
  const editor = await drafts.open(id);
  if (!editor) throw new Error('no draft');
  return editor;
}
const file = new File(['x'], 'a.jpg');

describe('a capture', () => {
  test('says that it is kept only once the database has its photos too', async () => {
    const editor = await opened(await drafts.start('heritage'));
    const added = editor.photos.add([file]);
    expect(editor.keeping).toBe('keeping');
    await added;
    await editor.keep();
    expect(editor.keeping).toBe('kept');
  });

  test('is in the database from the first tap, and opens again after the app was killed', async () => {
    const id = await drafts.start('heritage');
    const editor = await opened(id);
    editor.name('lavoir');
    editor.answer('name', 'Lavoir du Riou');
    editor.place({ lon: 2.123456789, lat: 43.5 }, 'map', null);
    await editor.keep();
    const again = await opened(id);
    expect(again.draft).toMatchObject({
      concept: 'lavoir',
      attributes: { name: 'Lavoir du Riou' },
      geom: { lon: 2.1234568, lat: 43.5, source: 'map' },
    });
    expect(again.keeping).toBe('kept');
  });

  test('says what is missing, then leaves as one create with its photo, in one transaction', async () => {
    const id = await drafts.start('heritage');
    const editor = await opened(id);
    expect(await editor.save()).toBe(false);
    expect(editor.faults.map((fault) => fault.fault)).toEqual(['place_missing', 'concept_missing']);
    editor.place({ lon: 2, lat: 43.5 }, 'typed', null);
    editor.name('lavoir');
    editor.answer('height_m', 2.5);
    await editor.photos.add([file]);
    expect(await editor.save()).toBe(true);
    const [row] = await precious.outbox.toArray();
    expect(row?.mutation).toMatchObject({
      kind: 'create',
      point_id: id,
      theme: 'heritage',
      form_rev: 3,
      expected_photos: 1,
      patch: { concept: 'lavoir', 'attributes.height_m': 2.5, geom: { lon: 2, lat: 43.5, source: 'typed' } },
    });
    expect(await precious.drafts.count()).toBe(0);
    expect((await precious.photos.toArray()).map((photo) => photo.state)).toEqual(['local']);
  });

  test('takes along a word for what the thesaurus lacks, and waits under the holding concept', async () => {
    const id = await drafts.start('heritage');
    const editor = await opened(id);
    editor.place({ lon: 2, lat: 43.5 }, 'map', null);
    editor.propose({ scheme: 'heritage', text: 'cabane à outils', lang: 'fr', note: 'dans les vignes' });
    await editor.keep();
    // Killed and opened again: the word is in the draft.
    const again = await opened(id);
    expect(again.draft.term).toMatchObject({ text: 'cabane à outils' });
    expect(await again.save()).toBe(true);
    const rows = await precious.outbox.orderBy('n').toArray();
    expect(rows.map((row) => row.mutation)).toMatchObject([
      { kind: 'create', point_id: id, patch: { concept: THEME.settings['holding_concept'] } },
      { kind: 'propose_term', point_id: id, text: 'cabane à outils', lang: 'fr', note: 'dans les vignes' },
    ]);
    // Refused, it comes back whole; given up, nothing is left to send.
    await drafts.reopen(rows[0]?.mutation_id ?? '');
    expect(await precious.outbox.count()).toBe(0);
    const back = await opened(id);
    expect(back.draft.term).toEqual({
      scheme: 'heritage',
      text: 'cabane à outils',
      lang: 'fr',
      note: 'dans les vignes',
    });
    await back.save();
    await discardMutation(precious, (await precious.outbox.orderBy('n').first())?.mutation_id ?? '');
    expect(await precious.outbox.count()).toBe(0);
  });

  test('a term found after all takes the proposed word back', async () => {
    const editor = await opened(await drafts.start('heritage'));
    editor.propose({ scheme: 'heritage', text: 'cabane', lang: 'fr' });
    editor.name('lavoir');
    expect(editor.draft).toMatchObject({ concept: 'lavoir', term: null });
  });

  test('is never stopped by a poor position', async () => {
    const editor = await opened(await drafts.start('heritage'));
    editor.name('lavoir');
    editor.place({ lon: 2, lat: 43.5 }, 'gps', 3_000);
    expect(await editor.save()).toBe(true);
  });

  test('an answer out of bounds is told with its bound', async () => {
    const editor = await opened(await drafts.start('heritage'));
    editor.name('lavoir');
    editor.place({ lon: 2, lat: 43.5 }, 'map', null);
    editor.answer('height_m', 400);
    expect(await editor.save()).toBe(false);
    expect(editor.faults).toEqual([{ path: 'attributes.height_m', fault: 'too_large', bound: 100 }]);
    editor.answer('height_m', null);
    expect(editor.draft.attributes).toEqual({});
  });

  test('left empty it goes; left with something in it it stays', async () => {
    const empty = await drafts.start('heritage');
    await drafts.leave(await opened(empty));
    expect(await precious.drafts.get(empty)).toBeUndefined();
    const begun = await drafts.start('heritage');
    const editor = await opened(begun);
    editor.name('croix');
    await drafts.leave(editor);
    expect(await precious.drafts.get(begun)).toMatchObject({ concept: 'croix' });
  });

  test('discarding can be taken back, photos included', async () => {
    const id = await drafts.start('heritage');
    const editor = await opened(id);
    await editor.photos.add([file]);
    editor.close();
    const undo = await drafts.discard(id);
    expect([await precious.drafts.count(), await precious.photo_bytes.count()]).toEqual([0, 0]);
    await undo();
    expect((await opened(id)).photos.list).toHaveLength(1);
  });

  test('belongs to one person', async () => {
    const id = await drafts.start('heritage');
    user = 'somebody else';
    expect(await drafts.open(id)).toBeNull();
    user = null;
    await expect(drafts.start('heritage')).rejects.toThrow('auth_required');
  });

  test('a file that is no photo is told so, and the draft is intact', async () => {
    const editor = await opened(await drafts.start('heritage'));
    prepare = () => Promise.reject(new ProblemError(problem('not_an_image')));
    await editor.photos.add([file]);
    expect(editor.photos.problem?.code).toBe('not_an_image');
    expect(editor.photos.list).toEqual([]);
    expect(editor.draft.photo_ids).toEqual([]);
  });

  test('a photo is on the disk as it came before anything is done with it, and a kill then costs nothing', async () => {
    const id = await drafts.start('heritage');
    const editor = await opened(id);
    prepare = () => new Promise(() => undefined);
    void editor.photos.add([file]);
    await expect.poll(() => precious.photos.count()).toBe(1);
    await expect.poll(() => editor.draft.photo_ids.length).toBe(1);
    expect(await precious.photos.toArray()).toMatchObject([{ raw: true, state: 'draft', size: 1 }]);
    // The app dies here; it goes on where it was.
    prepare = () => Promise.resolve(PHOTO);
    const again = await opened(id);
    await again.photos.settled();
    expect(again.photos.list).toMatchObject([{ isReady: true }]);
    const [row] = await precious.photos.toArray();
    expect(row).toMatchObject({ sha256: PHOTO.sha256, size: 8, raw: false });
  });

  test('a photo that kills the app each time it is decoded is kept as it came', async () => {
    const id = await drafts.start('heritage');
    const asked: boolean[] = [];
    prepare = () => new Promise(() => undefined);
    void (await opened(id)).photos.add([file]);
    await expect.poll(() => precious.photos.toArray()).toMatchObject([{ attempts: 1 }]);
    const photoId = (await precious.photos.toArray())[0]?.id ?? '';
    await precious.photos.update(photoId, { attempts: 3 });
    prepare = (_, options) => {
      asked.push(options?.asItCame ?? false);
      return Promise.resolve({ ...PHOTO, thumb: null, isDecoded: false });
    };
    const again = await opened(id);
    await again.photos.settled();
    expect(asked).toEqual([true]);
    expect(again.photos.list).toMatchObject([{ isReady: true, isUnreadable: true }]);
  });

  test('keeps a photo as it came when there is no room to make it smaller', async () => {
    prepare = (_, options) =>
      options?.asItCame
        ? Promise.resolve({ ...PHOTO, thumb: null, isDecoded: false })
        : Promise.reject(new ProblemError(problem('quota')));
    const id = await drafts.start('heritage');
    const editor = await opened(id);
    await editor.photos.add([file]);
    expect(editor.photos.problem?.code).toBe('quota');
    expect(editor.photos.list).toMatchObject([{ isReady: true, isUnreadable: true }]);
    const [row] = await precious.photos.toArray();
    // It is tried again when the draft is opened again, or saved: what is not smaller does not leave.
    expect(row).toMatchObject({ raw: true, attempts: 0, state: 'draft' });
    expect(await precious.photo_bytes.toArray()).toMatchObject([{ id: row?.id }]);
    expect(editor.draft.photo_ids).toEqual([row?.id]);
  });

  test('leaves alone a photo that was deleted while it was made smaller', async () => {
    let finish: (photo: PreparedPhoto) => void = () => undefined;
    prepare = () => new Promise((resolve) => (finish = resolve));
    const editor = await opened(await drafts.start('heritage'));
    const adding = editor.photos.add([file]);
    await expect.poll(() => editor.draft.photo_ids).toHaveLength(1);
    await editor.photos.delete(editor.draft.photo_ids[0] ?? '');
    finish(PHOTO);
    await adding;
    expect(await precious.photos.count()).toBe(0);
    expect(await precious.photo_bytes.count()).toBe(0);
    expect(editor.photos.problem).toBeNull();
  });

  test('takes as many photos as its theme, says how many it left, and keeps their order and words', async () => {
    THEME.settings['photos'] = { maximum: 3 };
    const editor = await opened(await drafts.start('heritage'));
    await editor.photos.add(Array.from({ length: 40 }, () => file));
    delete THEME.settings['photos'];
    expect(editor.photos.list).toHaveLength(3);
    expect(editor.photos.leftOut).toBe(37);
    expect(editor.photos.problem?.code).toBe('too_many');
    const [first = '', second = '', third = ''] = editor.draft.photo_ids;
    await editor.photos.putEarlier(third);
    await editor.photos.caption(third, ' La date gravée ');
    expect(editor.draft.photo_ids).toEqual([first, third, second]);
    expect(editor.photos.list.map((photo) => photo.id)).toEqual([first, third, second]);
    editor.place({ lon: 2, lat: 43.5 }, 'map', null);
    editor.name('lavoir');
    expect(await editor.save()).toBe(true);
    const rows = await precious.photos.bulkGet([first, third, second]);
    expect(rows.map((row) => [row?.rank, row?.caption, row?.state])).toEqual([
      [0, null, 'local'],
      [1, 'La date gravée', 'local'],
      [2, null, 'local'],
    ]);
  });

  test('a photo kept just before a kill is found again', async () => {
    const id = await drafts.start('heritage');
    const editor = await opened(id);
    await editor.photos.add([file]);
    await precious.drafts.update(id, { photo_ids: [] });
    const again = await opened(id);
    expect(again.photos.list).toHaveLength(1);
    expect(again.draft.photo_ids).toHaveLength(1);
  });
});

describe('an edit', () => {
  const POINT: Point = {
    id: '019f0000-0000-7000-8000-000000000001',
    rev: 4,
    v: 6,
    theme: 'heritage',
    status: 'to_complete',
    concept: 'lavoir',
    geom: { lon: 2, lat: 43.5, accuracy_m: 8, source: 'gps' },
    attributes: { name: 'Lavoir' },
    commune: null,
    sensitivity: 'open',
    mine: true,
    author: null,
    expected_photos: 0,
    photos: [],
    confirmations: { count: 0 },
    pending: [],
    proposals: [],
    conflicts: [],
    decision: { decision: 'to_complete', reason: 'description_incomplete' },
    duplicate_of: null,
    source: null,
  };

  test('of a point sent back resubmits it, with the values that its author saw', async () => {
    await keepPoint(cache, POINT);
    const editor = await opened(await drafts.edit(POINT.id));
    expect(editor.isNew).toBe(false);
    editor.answer('name', 'Lavoir du Riou');
    expect(await editor.save()).toBe(true);
    const [row] = await precious.outbox.toArray();
    expect(row?.mutation).toMatchObject({
      kind: 'edit',
      base_rev: 4,
      base: { 'attributes.name': 'Lavoir' },
      patch: { 'attributes.name': 'Lavoir du Riou' },
      submit: true,
    });
  });

  test('of a published point that changes nothing sends nothing', async () => {
    await keepPoint(cache, { ...POINT, status: 'published', mine: false });
    const editor = await opened(await drafts.edit(POINT.id));
    expect(editor.hasSomethingToSend).toBe(false);
    editor.answer('name', 'Autre nom');
    expect(editor.hasSomethingToSend).toBe(true);
    expect(await editor.save()).toBe(true);
    const [row] = await precious.outbox.toArray();
    expect(row?.mutation).not.toHaveProperty('submit');
  });

  test('"it is this one" turns a capture into an edit: answers and photos follow, the place stays', async () => {
    await keepPoint(cache, { ...POINT, status: 'published', mine: false });
    const capture = await opened(await drafts.start('heritage'));
    capture.place({ lon: 2.0001, lat: 43.5 }, 'map', null);
    capture.answer('height_m', 3);
    await capture.photos.add([file]);
    await drafts.editInstead(capture, POINT.id);
    const edit = await opened(POINT.id);
    expect(edit.draft).toMatchObject({ geom: POINT.geom, attributes: { name: 'Lavoir', height_m: 3 } });
    expect(edit.photos.list).toHaveLength(1);
    expect(await precious.drafts.count()).toBe(1);
  });

  test('"it is still there" confirms instead with the photos taken, and the capture goes', async () => {
    const capture = await opened(await drafts.start('heritage'));
    await capture.photos.add([file]);
    await drafts.confirmInstead(capture, POINT.id);
    const [row] = await precious.outbox.toArray();
    expect(row?.mutation).toMatchObject({ kind: 'confirm', point_id: POINT.id, found: true });
    expect(await precious.photos.toArray()).toMatchObject([{ point_id: POINT.id, state: 'local' }]);
    expect(await precious.drafts.count()).toBe(0);
  });
});
