import 'fake-indexeddb/auto';

import { randomBytes } from 'node:crypto';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { openCache } from '../../src/db/cache.ts';
import { openPrecious } from '../../src/db/precious.ts';
import type { DraftTerm } from '../../src/domain/draft.ts';
import type { Json, JsonRecord } from '../../src/domain/json.ts';
import { normalizeValue } from '../../src/domain/paths.ts';
import { type Form, type Theme, themeSchema } from '../../src/domain/theme.ts';
import { DraftsState } from '../../src/state/drafts.svelte.ts';
import { LocationState } from '../../src/state/location.svelte.ts';
import { photoKeeper } from '../../src/state/photo-keeper.ts';
import { PHOTO } from '../support/field-kit.ts';
import { aForm, answersTo } from '../support/form-arbitraries.ts';

globalThis.document ??= new EventTarget() as Document;
globalThis.addEventListener ??= () => undefined;
globalThis.removeEventListener ??= () => undefined;

/** What a person does to a draft, beside answering. */
interface Doings {
  readonly place: { readonly lon: number; readonly lat: number } | null;
  readonly concept: string | null;
  readonly term: DraftTerm | null;
  readonly others: readonly string[];
  readonly unsures: readonly string[];
  /** A number field in which somebody wrote words. */
  readonly typed: string;
}

const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const doings: fc.Arbitrary<Doings> = fc.record({
  place: fc.option(
    fc.record({
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
    }),
  ),
  concept: fc.option(anyText),
  term: fc.option(
    fc.record({ scheme: anyText, text: anyText, lang: fc.constantFrom('fr', 'oc'), note: anyText }),
  ),
  others: fc.array(fc.uuid(), { maxLength: 3 }),
  unsures: fc.array(fc.uuid(), { maxLength: 3 }),
  typed: anyText,
});

const themeOf = (form: Form): Theme =>
  themeSchema.parse({ id: 'proof', labels: { fr: 'x' }, form, form_rev: form.rev, settings: {} });

test('a draft of any form, written and opened again, is the one that was left', async () => {
  const precious = openPrecious('precious-round-trip');
  const cache = openCache('round-trip');
  let theme: Theme | undefined;
  const drafts = new DraftsState({
    precious,
    cache: () => cache,
    location: new LocationState({ watch: () => () => undefined, now: Date.now }),
    userId: () => 'me',
    theme: () => Promise.resolve(theme),
    keeper: photoKeeper(precious, () => Promise.resolve(PHOTO)),
    knowsTerm: () => true,
    photoLicence: () => 'CC-BY-SA-4.0',
    now: () => new Date('2026-05-02T10:00:00Z'),
    random: (length) => new Uint8Array(randomBytes(length)),
  });
  const cases = aForm.chain((form) => fc.tuple(fc.constant(form), answersTo(form), doings));
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ([form, answers, does]: [Form, JsonRecord, Doings]) => {
      theme = themeOf(form);
      const id = await drafts.start('proof');
      const editor = await drafts.open(id);
      if (!editor) throw new Error('no draft');
      if (does.place) editor.place(does.place, 'typed', null);
      editor.name(does.concept);
      if (does.term) editor.propose(does.term);
      for (const point of does.others) editor.tellApart(point, 'other');
      for (const point of does.unsures) editor.tellApart(point, 'unsure');
      for (const [key, value] of Object.entries(answers) as [string, Json][]) editor.answer(key, value);
      editor.answer('typed', does.typed);
      await editor.keep();
      const left = editor.draft;
      editor.close();
      const again = await drafts.open(id);
      expect(again?.draft).toEqual(left);
      for (const [key, value] of Object.entries(answers) as [string, Json][]) {
        expect(again?.draft.attributes[key] ?? null).toEqual(normalizeValue(value));
      }
      expect(again?.draft.attributes['typed']).toBe(does.typed);
      answered += Object.keys(left.attributes).length;
      again?.close();
      await drafts.discard(id);
    }),
    { numRuns: 100 },
  );
  expect(answered).toBeGreaterThan(200);
  precious.close();
  cache.close();
}, 60_000);
