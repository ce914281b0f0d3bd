import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { FixListener } from '../../../src/device/geolocation.ts';
import { isPoorPlace } from '../../../src/domain/geo/placed.ts';
import { positionWords } from '../../../src/features/capture/position-words.ts';
import { m } from '../../../src/i18n/generated/messages.js';
import { LocationState } from '../../../src/state/location.svelte.ts';
import { type FieldKit, fieldKit, PHOTO } from '../../support/field-kit.ts';

const silent = () => () => undefined;
const HAND = { lon: 2.1, lat: 43.5 };
const HERE = { lon: 2.2, lat: 43.6 };

let listener: FixListener | null = null;
let location: LocationState;
let kit: FieldKit;
const answer = (accuracyMeters: number, place = HERE) =>
  listener?.onFix({ ...place, accuracyMeters, atMs: Date.now() });

beforeEach(() => {
  location = new LocationState({
    watch: (one) => {
      listener = one;
      return () => (listener = null);
    },
    now: Date.now,
  });
  kit = fieldKit(PHOTO, location);
});
afterEach(() => {
  location.stop();
  kit.close();
});

test('a place given by hand stays until the device has found another', async () => {
  const id = await kit.drafts.start('heritage');
  const editor = await kit.opened(id);
  editor.place(HAND, 'map', null);
  editor.relocate();
  await editor.keep();
  expect((await kit.precious.drafts.get(id))?.geom).toMatchObject({ ...HAND, source: 'map' });
  answer(40);
  answer(6);
  expect(editor.draft.geom).toMatchObject({ ...HERE, source: 'gps', accuracy_m: 6 });
  editor.place(HAND, 'map', null);
  editor.locate();
  answer(6);
  expect(editor.draft.geom, 'the hand has the last word').toMatchObject(HAND);
});

test('how far a hand went is kept on site alone: from a sofa it would tell where the sofa is', async () => {
  location = new LocationState({
    watch: (one) => ((listener = one), () => (listener = null)),
    watchHeading: (hear) => (hear(120), () => undefined),
    now: Date.now,
  });
  kit.close();
  kit = fieldKit(PHOTO, location);
  const editor = await kit.opened(await kit.drafts.start('heritage'));
  const hints = () => ({ moved: editor.draft.geom?.moved_m, heading: editor.draft.geom?.heading_deg });
  editor.place(HERE, 'map', null);
  expect(hints(), 'where the phone is nobody knows').toEqual({ moved: undefined, heading: undefined });
  editor.relocate();
  answer(4);
  const north = (meters: number) => ({ ...HERE, lat: HERE.lat + meters / 111_195 });
  editor.place(north(199), 'map', null);
  expect(hints()).toEqual({ moved: expect.closeTo(199, 0) as number, heading: 120 });
  for (const source of ['map', 'typed', 'exif'] as const) {
    editor.place(north(201), source, null);
    expect(hints(), source).toEqual({ moved: undefined, heading: undefined });
  }
  expect(positionWords(editor.draft.geom, location).detail).toBe('');
});

test('a poor place is still told, and may still be bettered, after a reload', async () => {
  const id = await kit.drafts.start('heritage');
  const editor = await kit.opened(id);
  editor.locate();
  answer(45);
  await editor.keep();
  const { geom } = (await kit.opened(id)).draft;
  expect(geom && isPoorPlace(geom)).toBe(true);
  const afresh = new LocationState({ watch: silent, now: Date.now });
  expect(positionWords(geom, afresh).detail).toBe(m.capture_place_is_poor());
  const better = geom && { ...geom, accuracy_m: 12 };
  expect(positionWords(better, afresh).detail).toBe('');
});
