/** `npm run soak`: a long season over a flapping network, then phone and server compared. `npm run soak -- 500 7`: captures, seed. */
// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { soak } from './soak.ts';

const [captures = 2_000, seed = 1] = process.argv.slice(2).map(Number);
const { faults, ...report } = await soak(captures, seed);
console.info(JSON.stringify(report, null, 2));
for (const fault of faults) console.error(fault);
console.info(faults.length === 0 ? 'nothing lost, nothing doubled' : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
