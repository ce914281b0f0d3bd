import '../../../../src/app/engine-worker.ts';
import { LIMITS } from '../../../../src/domain/limits.ts';

// A phone keeps 60 MB of its neighbourhood, some 80 000 of these points; the peers know no bound, and all are to hold the same.
Object.assign(LIMITS, { cacheBytes: Infinity });
