import { expect, test } from 'vitest';

import { deedInLot } from '../../../../src/features/moderation/keys.ts';

const press = (key: string, over: Partial<KeyboardEvent> = {}) =>
  deedInLot({ key, target: null, ...over } as unknown as KeyboardEvent);

test('while a lot is gathered no key acts on the item beside it', () => {
  expect(['a', 'r', 'c', 'd', 'e', 'j', 'k', 'l', 'm', 'p', 's', 'u', 'x'].map((key) => press(key))).toEqual(
    Array<null>(13).fill(null),
  );
  expect([press('z'), press('?'), press('Escape')]).toEqual(['undo', 'help', 'end']);
  expect(press('z', { ctrlKey: true })).toBe(null);
});
