import { describe, expect, it } from 'vitest';

import { type Glance, isNews, NOTHING } from '../../../src/sync/waiting.ts';

const whole = (...first: number[]): Glance => ({
  first,
  isWhole: true,
  last: first.at(-1) ?? 0,
  photos: [],
});
const part = (last: number, ...first: number[]): Glance => ({ first, isWhole: false, last, photos: [] });

describe('a glance at what waits', () => {
  it('hears of a save, of a refusal tried again, of a photo', () => {
    expect(isNews(NOTHING, whole(1))).toBe(true);
    expect(isNews(whole(1, 2), whole(2, 3))).toBe(true);
    expect(isNews(whole(1, 5), whole(1, 3, 5))).toBe(true);
    expect(isNews(part(900, 4, 5, 6), part(901, 4, 5, 6))).toBe(true);
    expect(isNews(part(900, 4, 6, 7), part(900, 4, 5, 6))).toBe(true);
    // A restored server made the phone queue again what comes before all.
    expect(isNews(whole(7), whole(-2, -1, 7))).toBe(true);
    expect(isNews(whole(1), { ...whole(1), photos: ['p'] })).toBe(true);
  });

  it('takes what leaves, and what comes into view behind it, for no news', () => {
    expect(isNews(whole(1, 2), whole(2))).toBe(false);
    expect(isNews(part(900, 4, 5, 6), part(900, 6, 7, 8))).toBe(false);
    expect(isNews(part(9, 4, 5, 6), whole(8, 9))).toBe(false);
    expect(isNews(whole(1), NOTHING)).toBe(false);
    expect(isNews({ ...whole(1), photos: ['p'] }, whole(1))).toBe(false);
  });
});
