import type Dexie from 'dexie';

import { ProblemError } from '../../../src/domain/problems.ts';

/** How many durable writes an app still makes before it is killed. */
export interface Lifetime {
  writes: number;
}

/**
 * Kills a store between two durable writes: once the lifetime is over no transaction begins any
 * more, as for an app that is no longer there. Call it before the store is opened.
 */
export function makeMortal(store: Dexie, lifetime: Lifetime): void {
  store.use({
    stack: 'dbcore',
    name: 'mortal',
    create: (core) => ({
      ...core,
      transaction: (tables, mode, options) => {
        if (mode === 'readwrite') lifetime.writes -= 1;
        if (lifetime.writes < 0) throw new ProblemError('storage_closed', 'killed');
        return core.transaction(tables, mode, options);
      },
    }),
  });
}
