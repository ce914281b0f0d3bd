import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { saveDraft } from '../../../src/db/drafts.ts';
import { keepPoint } from '../../../src/db/points.ts';
import { captureOver, observedIn, saysMore } from '../../../src/domain/capture-over.ts';
import { editDraft, newDraft } from '../../../src/domain/draft.ts';
import { aPoint } from '../../support/arbitraries.ts';
import { type FieldKit, fieldKit } from '../../support/field-kit.ts';

const POINT = aPoint({ status: 'published', mine: false, concept: 'lavoir', attributes: { name: 'Lavoir' } });
const NOW = new Date('2026-05-02T10:00:00Z');

let kit: FieldKit;

beforeEach(async () => {
  kit = fieldKit();
  await keepPoint(kit.cache, POINT);
});
afterEach(() => kit.close());

async function capture() {
  const editor = await kit.opened(await kit.drafts.start('heritage'));
  editor.place({ lon: 2, lat: 43.5 }, 'map', null);
  editor.answer('condition', 'ruin');
  await editor.photos.add([new File(['x'], 'a.jpg')]);
  await editor.keep();
  return editor;
}

test.each(['outbox', 'drafts'] as const)(
  'a capture stays open and whole where %s cannot be written',
  async (store) => {
    const editor = await capture();
    const before = await kit.precious.drafts.toArray();
    const fail = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
    kit.precious[store].hook('creating', fail);
    const instead =
      store === 'outbox'
        ? kit.drafts.confirmInstead(editor, POINT.id)
        : kit.drafts.editInstead(editor, POINT.id);
    await expect(instead).rejects.toThrow('quota');
    kit.precious[store].hook('creating').unsubscribe(fail);
    expect(editor.isClosed).toBe(false);
    expect(await kit.precious.drafts.toArray()).toEqual(before);
    expect(await kit.precious.photos.toArray()).toMatchObject([
      { point_id: editor.draft.id, state: 'draft' },
    ]);
    // The form goes on.
    editor.answer('name', 'Lavoir du haut');
    await editor.keep();
    expect(await kit.precious.drafts.toArray()).toMatchObject([{ attributes: { name: 'Lavoir du haut' } }]);
  },
);

test('a capture does not go over the edit that another person has begun of the point', async () => {
  const theirs = editDraft({ userId: 'somebody else', formRev: 1 }, POINT, NOW);
  await saveDraft(kit.precious, theirs);
  const editor = await capture();
  await expect(kit.drafts.editInstead(editor, POINT.id)).rejects.toThrow('foreign_draft');
  expect(editor.isClosed).toBe(false);
  expect(await kit.precious.drafts.get(POINT.id)).toEqual(theirs);
  expect(await kit.precious.drafts.get(editor.draft.id)).toEqual(editor.draft);
});

test('what a capture only inherited says nothing of the point that it turns out to be', () => {
  const edit = editDraft({ userId: 'me', formRev: 1 }, { ...POINT, concept: null }, NOW);
  const inherited = { concept: 'lampadaire', attributes: { ref: 'EP-2', support: 'mast' } };
  const begun = {
    ...newDraft({ pointId: 'p', userId: 'me', theme: 'lighting', formRev: 1 }, NOW),
    ...inherited,
  };
  const inSeries = { ...begun, series: { steps: [], inherited } };
  expect(captureOver(edit, inSeries)).toEqual(edit);
  const said = { ...inSeries, concept: 'borne', attributes: { ref: 'EP-2', support: 'wall' } };
  expect(captureOver(edit, said)).toEqual({
    ...edit,
    concept: 'borne',
    attributes: { name: 'Lavoir', support: 'wall' },
  });
});

test('of choices and groups that a capture inherited, only what was added to them is said', () => {
  const edit = editDraft({ userId: 'me', formRev: 1 }, { ...POINT, attributes: { uses: ['road'] } }, NOW);
  const lantern = { lamp: 'led' };
  const inherited = { concept: null, attributes: { uses: ['path'], lanterns: [lantern], defects: ['off'] } };
  const capture = {
    ...newDraft({ pointId: 'p', userId: 'me', theme: 'lighting', formRev: 1 }, NOW),
    attributes: { uses: ['path', 'square'], lanterns: [lantern, { lamp: 'sodium' }], defects: [] },
    series: { steps: [], inherited },
  };
  expect(captureOver(edit, capture).attributes).toEqual({
    uses: ['road', 'square'],
    lanterns: [{ lamp: 'sodium' }],
  });
});

test('a point under the holding concept of its theme gets the name that a capture gives it', () => {
  const edit = editDraft({ userId: 'me', formRev: 1 }, { ...POINT, concept: 'autre' }, NOW);
  const begun = newDraft({ pointId: 'p', userId: 'me', theme: 'heritage', formRev: 1 }, NOW);
  const named = { ...begun, concept: 'four' };
  expect(captureOver(edit, named, 'autre').concept).toBe('four');
  expect(captureOver({ ...edit, concept: 'lavoir' }, named, 'autre').concept).toBe('lavoir');
  const inSeries = {
    ...named,
    series: { steps: [], inherited: { concept: 'four', attributes: {} } },
  };
  expect(captureOver(edit, inSeries, 'autre').concept).toBe('autre');
});

test('choices made join those that are there, and a known term stays', () => {
  const edit = editDraft(
    { userId: 'me', formRev: 1 },
    { ...POINT, attributes: { defects: ['off', 'bent'] } },
    NOW,
  );
  const begun = newDraft({ pointId: 'p', userId: 'me', theme: 'lighting', formRev: 1 }, NOW);
  expect(
    captureOver(edit, { ...begun, concept: 'four', attributes: { defects: ['bent', 'rust'] } }),
  ).toMatchObject({
    concept: 'lavoir',
    attributes: { defects: ['off', 'bent', 'rust'] },
  });
});

test('"still there" takes the state that the capture gave along, whatever the theme calls it', async () => {
  const editor = await capture();
  await kit.drafts.confirmInstead(editor, POINT.id);
  expect(await kit.precious.outbox.toArray()).toMatchObject([
    { mutation: { kind: 'confirm', condition: 'ruin', expected_photos: 1 } },
  ]);
  const begun = {
    ...newDraft({ pointId: 'p', userId: 'me', theme: 'lighting', formRev: 1 }, NOW),
    attributes: { state: 'leaning' },
  };
  expect(observedIn(begun, 'state')).toBe('leaning');
  expect([observedIn(begun, 'condition'), observedIn(begun, null)]).toEqual([null, null]);
  const series = { steps: [], inherited: { concept: null, attributes: { state: 'leaning' } } };
  expect(observedIn({ ...begun, series }, 'state')).toBeNull();
});

test('answers that "still there" would drop are known before it is said', () => {
  const begun = newDraft({ pointId: 'p', userId: 'me', theme: 'heritage', formRev: 1 }, NOW);
  const inherited = { concept: null, attributes: { ref: 'EP-2' } };
  expect(saysMore(begun, 'condition')).toBe(false);
  expect(saysMore({ ...begun, attributes: { condition: 'ruin' } }, 'condition')).toBe(false);
  expect(saysMore({ ...begun, attributes: { condition: 'ruin' } }, null)).toBe(true);
  const light = { ...begun, attributes: { ref: 'EP-2' }, series: { steps: [], inherited } };
  expect(saysMore(light, null)).toBe(false);
  expect(saysMore({ ...light, attributes: { ref: 'EP-3' } }, null)).toBe(true);
  expect(saysMore({ ...begun, term: { scheme: 's', text: 'borne', lang: 'fr' } }, null)).toBe(true);
});

test('a word proposed for what is known under another is proposed all the same', async () => {
  const editor = await capture();
  editor.propose({ scheme: 'heritage', text: 'crotz de mission', lang: 'oc', note: 'dit par Mme R.' });
  await editor.keep();
  await kit.drafts.editInstead(editor, POINT.id);
  const edit = await kit.opened(POINT.id);
  expect(edit.draft).toMatchObject({ concept: 'lavoir', term: { text: 'crotz de mission' } });
  expect(await edit.save()).toBe(true);
  const rows = await kit.precious.outbox.toArray();
  expect(rows.map((row) => row.mutation)).toMatchObject([
    { kind: 'edit', point_id: POINT.id },
    { kind: 'propose_term', point_id: POINT.id, text: 'crotz de mission', note: 'dit par Mme R.' },
  ]);
});
