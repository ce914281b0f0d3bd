import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Theme } from '../../../src/domain/theme.ts';
import { gpsGeom } from '../../../src/domain/geo/placed.ts';
import { describeValue } from '../../../src/domain/form/describe.ts';
import { offeredOptions } from '../../../src/features/form/options.ts';
import { fieldKit, type FieldKit } from '../../support/field-kit.ts';

// What was said under words and questions that are no more can still be put right, and leaves.

type Leaf = Theme['form']['sections'][number]['fields'][number];
const choices = (codes: readonly string[]): Leaf => ({
  ...{ key: 'materials', type: 'choices', part: 'short', labels: {} },
  options: codes.map((code) => ({ code, labels: { fr: code } })),
});
let kit: FieldKit;

beforeEach(() => {
  kit = fieldKit();
});
afterEach(() => kit.close());

test('of several answers one that is not offered any more shows, so that it can be taken out', () => {
  const shown = offeredOptions(choices(['stone', 'wood']), ['stone', 'slate', 'unsure', 3]);
  expect(shown.map(({ value }) => value)).toEqual(['stone', 'wood', 'slate']);
  expect(shown.at(-1)?.label).toContain('slate');
  // Free codes: each is as good as another.
  expect(offeredOptions(choices([]), ['slate'])).toEqual([]);
});

test('a capture under a term that is no more says so before it leaves', async () => {
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  capture.name('retired');
  capture.place({ lon: 2, lat: 43 }, 'map', null);
  expect(await capture.save()).toBe(false);
  expect(capture.faults).toMatchObject([{ path: 'concept', fault: 'unknown_option' }]);
  expect(capture.attempts).toBe(1);
  capture.name('lavoir');
  expect(await capture.save()).toBe(true);
});

test('what was said of a thing nearby may be taken back', async () => {
  const capture = await kit.opened(await kit.drafts.start('heritage'));
  capture.tellApart('a', 'other');
  capture.tellApart('b', 'unsure');
  capture.tellApart('c', 'other');
  capture.tellApart('a', null);
  capture.tellApart('b', null);
  expect(capture.draft).toMatchObject({ not_same_as: ['c'], maybe_same_as: [] });
});

test('small numbers are told as they are, and an immense accuracy is one that the server takes', () => {
  const field = { key: 'ulr', type: 'decimal', part: 'full', labels: {} } as Leaf;
  const words = { yes: 'oui', no: 'non', unsure: '?' };
  expect([0.004, 0.0149].map((value) => describeValue(field, value, 'fr', words))).toEqual([
    ...['0,004', '0,0149'],
  ]);
  const fix = { lon: 2, lat: 43, accuracyMeters: 2_000_000, atMs: 0 };
  expect(gpsGeom(fix, null).accuracy_m).toBe(1_000_000);
});
