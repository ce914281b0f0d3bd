import { expect, it } from 'vitest';

import { createCounter } from '../../supabase/local/auth-limits.ts';

const MINUTE = 60_000;

it('forgets the addresses that nobody has tried for a while, and counts the others on', () => {
  let clock = 0;
  const counter = createCounter(() => clock);
  for (let n = 0; n < 1_000; n++) counter.add(`passant${n}@example.org`);
  clock = 6 * MINUTE;
  counter.add('voisine@example.org');
  expect(counter.size()).toBe(1_001);
  clock = 11 * MINUTE;
  expect(counter.add('voisine@example.org')).toBe(2);
  expect(counter.size()).toBe(1);
  expect(counter.count('passant1@example.org')).toBe(0);
});
