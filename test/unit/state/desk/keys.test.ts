import { expect, test } from 'vitest';

import { deedInLot, deedOf } from '../../../../src/features/moderation/keys.ts';

const pressed = (key: string, over: Partial<KeyboardEvent> = {}) =>
  ({ key, target: null, ...over }) as unknown as KeyboardEvent;
const press = (key: string, over: Partial<KeyboardEvent> = {}) => deedInLot(pressed(key, over));

test('a key held down walks through the queue, and decides nothing a second time', () => {
  const deed = (key: string, repeat: boolean) => deedOf(pressed(key, { repeat }), ['publish', 'reject']);
  expect(['j', 'k', 'a', 'r', 'z', '?'].map((key) => deed(key, false))).toEqual([
    ...['next', 'previous', 'publish', 'reject', 'undo', 'help'],
  ]);
  expect(['j', 'k', 'a', 'r', 'z', '?', 'e', 'p'].map((key) => deed(key, true))).toEqual([
    ...['next', 'previous'],
    ...Array<null>(6).fill(null),
  ]);
  // What may not be decided of this item has no key.
  expect(deedOf(pressed('c'), ['publish'])).toBe(null);
});

test('while a lot is gathered no key acts on the item beside it', () => {
  expect(['a', 'r', 'c', 'd', 'e', 'j', 'k', 'l', 'm', 'p', 's', 'u', 'x'].map((key) => press(key))).toEqual(
    Array<null>(13).fill(null),
  );
  expect([press('z'), press('?'), press('Escape')]).toEqual(['undo', 'help', 'end']);
  expect(press('z', { ctrlKey: true })).toBe(null);
});
