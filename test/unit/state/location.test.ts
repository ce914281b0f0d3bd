import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { FixListener } from '../../../src/device/geolocation.ts';
import type { Fix } from '../../../src/domain/geo/fixes.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { problem } from '../../../src/domain/problems.ts';
import { LocationState } from '../../../src/state/location.svelte.ts';

let listener: FixListener | null = null;
const stop = vi.fn(() => (listener = null));
const device = {
  watch: (one: FixListener) => {
    listener = one;
    return stop;
  },
  now: () => Date.now(),
};
const fix = (accuracyMeters: number, lat = 43.6): Fix => ({
  lon: 3.87,
  lat,
  accuracyMeters,
  atMs: Date.now(),
});

beforeEach(() => vi.useFakeTimers({ now: new Date('2026-05-02T10:00:00Z') }));
afterEach(() => {
  vi.useRealTimers();
  stop.mockClear();
});

test('a good fix ends the search and frees the receiver', () => {
  const location = new LocationState(device);
  location.search();
  expect(location.phase).toBe('searching');
  listener?.onFix(fix(6));
  expect(location.phase).toBe('found');
  expect(location.fix).toMatchObject({ accuracyMeters: 6 });
  expect(stop).toHaveBeenCalledOnce();
});

test('a search lasts 20 s, then keeps the best it has', () => {
  const location = new LocationState(device);
  location.search();
  listener?.onFix(fix(80));
  vi.advanceTimersByTime(10_000);
  listener?.onFix(fix(40));
  expect(location.phase).toBe('searching');
  vi.advanceTimersByTime(10_000);
  expect(location.phase).toBe('found');
  expect(location.fixCount).toBe(2);
  expect(stop).toHaveBeenCalledOnce();
});

test('a frozen receiver that repeats an old fix gives no position', () => {
  const location = new LocationState(device);
  location.search();
  listener?.onFix({ ...fix(5), atMs: Date.now() - 600_000 });
  expect(location.fix).toBeNull();
  vi.advanceTimersByTime(20_000);
  expect(location.phase).toBe('failed');
  expect(location.problem?.code).toBe('position_frozen');
});

for (const [clock, skewMs] of [
  ['ahead', -120_000],
  ['behind', 3_600_000],
] as const) {
  test(`a clock that is ${clock} of the satellites makes no receiver frozen`, () => {
    const location = new LocationState(device);
    location.search();
    for (let second = 0; second < 3; second += 1) {
      listener?.onFix({ ...fix(15), atMs: Date.now() + skewMs });
      vi.advanceTimersByTime(1_000);
    }
    expect([location.fixCount, location.problem]).toEqual([2, null]);
    expect(location.recentFix).toMatchObject({ accuracyMeters: 15 });
  });

  test(`nor does it make memories live (${clock})`, () => {
    const location = new LocationState(device);
    location.search();
    // Twice the same, then one kept from another while: a memory does not go on as time does.
    const atMs = Date.now() + skewMs;
    for (const laterMs of [0, 0, 30_000]) {
      listener?.onFix({ ...fix(15), atMs: atMs + laterMs });
      vi.advanceTimersByTime(1_000);
    }
    expect(location.problem?.code).toBe('position_frozen');
    expect(location.fix).toBeNull();
  });
}

test('the receiver rests while the camera covers the page, and the search begins again after it', () => {
  let see: (isVisible: boolean) => void = () => undefined;
  const forget = vi.fn();
  const location = new LocationState({
    ...device,
    watchSight: (onChange) => ((see = onChange), forget),
  });
  location.search();
  see(false);
  expect(stop).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(120_000);
  expect(location.phase).toBe('searching');
  see(true);
  listener?.onFix(fix(6));
  expect(location.phase).toBe('found');
  expect(forget).toHaveBeenCalledOnce();
});

test('tells where the camera looked, as long as it searches', () => {
  const stopCompass = vi.fn();
  const location = new LocationState({
    ...device,
    watchHeading: (hear) => (hear(271), stopCompass),
  });
  expect(location.heading).toBeNull();
  location.search();
  expect(location.heading).toBe(271);
  location.stop();
  expect(stopCompass).toHaveBeenCalledOnce();
  // Where it looked a while ago is not where it looks.
  vi.advanceTimersByTime(LIMITS.fixMaxAgeMs);
  expect(location.heading).toBe(271);
  vi.advanceTimersByTime(1);
  expect(location.heading).toBeNull();
});

test('a refusal ends the search with its reason; a lost signal does not', () => {
  const location = new LocationState(device);
  location.search();
  listener?.onProblem(problem('position_unavailable'));
  expect(location.phase).toBe('searching');
  listener?.onProblem(problem('position_denied'));
  expect(location.phase).toBe('failed');
  expect(location.problem?.code).toBe('position_denied');
});

test('who asked last hears of each better position', () => {
  const location = new LocationState(device);
  const heard: number[] = [];
  location.search();
  location.search((found) => heard.push(found.accuracyMeters));
  listener?.onFix(fix(50));
  listener?.onFix(fix(20));
  expect(heard).toEqual([50, 20]);
});

test('a position found before anybody asked is theirs at once; what the one before had is not the next one’s', () => {
  const location = new LocationState(device);
  const heard: string[] = [];
  location.search();
  listener?.onFix(fix(6));
  location.search((found) => heard.push(`first ${found.accuracyMeters}`));
  expect(heard).toEqual(['first 6']);
  listener?.onFix(fix(5));
  location.search((found) => heard.push(`second ${found.accuracyMeters}`));
  expect(heard).toEqual(['first 6', 'first 5']);
});

test('a silent receiver ends in a reason, and an old place is not taken for this one', () => {
  const location = new LocationState(device);
  location.search();
  listener?.onFix(fix(6));
  vi.advanceTimersByTime(3_600_000);
  location.search();
  expect(location.fix).toBeNull();
  vi.advanceTimersByTime(20_000);
  expect(location.phase).toBe('failed');
  expect(location.problem?.code).toBe('position_unavailable');
});

test('a compass that waits for permission is asked for once, and heard in the search under way', async () => {
  let isGiven = false;
  let hear: ((degrees: number) => void) | null = null;
  const guarded = (answer: boolean) => ({
    ...device,
    // As on iOS: who listened before the permission hears nothing.
    watchHeading: (one: (degrees: number) => void) => {
      hear = isGiven ? one : null;
      return () => (hear = null);
    },
    compass: { isGuarded: () => true, ask: () => Promise.resolve((isGiven = answer)) },
  });

  const refused = new LocationState(guarded(false));
  refused.search();
  expect(refused.isCompassShut).toBe(true);
  expect(await refused.openCompass()).toBe(false);
  expect(refused.isCompassShut).toBe(false);
  expect(hear).toBeNull();
  refused.stop();

  const given = new LocationState(guarded(true));
  given.search();
  expect(await given.openCompass()).toBe(true);
  (hear as ((degrees: number) => void) | null)?.(215);
  expect(given.heading).toBe(215);
  given.stop();
  expect(hear).toBeNull();
});
