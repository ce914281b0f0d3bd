import { expect, test } from 'vitest';

import { withoutSpaces } from '../../../src/features/form/options.ts';
import { chosenAfter } from '../../../src/ui/chosen.ts';

const after = (before: string[], one: string, isTicked: boolean) =>
  chosenAfter(before, one, isTicked, ['none', 'unsure']);

test('"none of them" and "not sure" exclude the others, and the others them', () => {
  expect(after(['a', 'b'], 'none', true)).toEqual(['none']);
  expect(after(['none'], 'a', true)).toEqual(['a']);
  expect(after(['unsure'], 'none', true)).toEqual(['none']);
  expect(after(['a'], 'b', true)).toEqual(['a', 'b']);
  expect(after(['a', 'b'], 'a', false)).toEqual(['b']);
  expect(after(['none'], 'none', false)).toEqual([]);
});

test('digits printed in groups are kept without what parts them', () => {
  expect(withoutSpaces('130 025\u00a0265\u202f64591')).toBe('13002526564591');
});
