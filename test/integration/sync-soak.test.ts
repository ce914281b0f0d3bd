// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { expect, it } from 'vitest';

import { soak } from '../soak/soak.ts';

it('carries 200 captures with photos over a flapping network, none lost, none doubled', async () => {
  const report = await soak(200);
  expect(report.faults).toEqual([]);
  expect(report.interrupted).toBeGreaterThan(5);
  // Something went wrong in every way it could.
  for (const [mishap, times] of Object.entries(report.mishaps)) expect(times, mishap).toBeGreaterThan(0);
}, 300_000);
