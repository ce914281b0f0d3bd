import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { LIMITS } from '../../src/domain/limits.ts';
import { whileInSight } from '../../src/map/in-sight.ts';

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
let made = 0;
let alive = 0;
const make = () => {
  made += 1;
  alive += 1;
  return () => void (alive -= 1);
};
function turn(state: 'visible' | 'hidden'): void {
  page.visibilityState = state;
  page.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
  page.visibilityState = 'visible';
  [made, alive] = [0, 0];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a map hidden for a while is taken apart, and made again when it is seen', () => {
  const end = whileInSight(make);
  turn('hidden');
  vi.advanceTimersByTime(LIMITS.mapReleasedAfterMs);
  expect(alive).toBe(0);
  turn('visible');
  expect([made, alive]).toEqual([2, 1]);
  end();
  expect(alive).toBe(0);
  turn('visible');
  expect(made).toBe(2);
});

test('a glance elsewhere costs nothing', () => {
  const end = whileInSight(make);
  turn('hidden');
  vi.advanceTimersByTime(LIMITS.mapReleasedAfterMs / 2);
  turn('visible');
  vi.advanceTimersByTime(LIMITS.mapReleasedAfterMs);
  expect([made, alive]).toEqual([1, 1]);
  turn('hidden');
  end();
  vi.advanceTimersByTime(LIMITS.mapReleasedAfterMs);
  expect(alive).toBe(0);
});
