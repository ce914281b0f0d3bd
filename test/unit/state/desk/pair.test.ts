import { expect, test } from 'vitest';

import { pairAt } from '../../../../src/features/moderation/pair.ts';

test('two photos stand in the order of the point, also after the tenth', () => {
  expect(pairAt(0, 12)).toEqual([0, 1]);
  expect(pairAt(9, 12)).toEqual([9, 10]);
  expect(pairAt(11, 12)).toEqual([0, 11]);
});
