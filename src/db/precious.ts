import Dexie, { type EntityTable, type Table } from 'dexie';

import type { Draft } from '../domain/draft.ts';
import type { CallRow, MetaRow, OutboxRow, PhotoBytesRow, PhotoRow, SentRow } from './rows.ts';

/**
 * What only this device has. Never deleted by the machine: a new version of the schema adds tables, and
 * drops nothing but indexes that no query names. A committed transaction is on the disk (`strict`).
 */
export class Precious extends Dexie {
  drafts!: EntityTable<Draft, 'id'>;
  outbox!: Table<OutboxRow, number>;
  photos!: EntityTable<PhotoRow, 'id'>;
  photo_bytes!: EntityTable<PhotoBytesRow, 'id'>;
  photo_thumbs!: EntityTable<PhotoBytesRow, 'id'>;
  sent!: EntityTable<SentRow, 'mutation_id'>;
  calls!: EntityTable<CallRow, 'id'>;
  meta!: EntityTable<MetaRow, 'key'>;

  constructor(name: string) {
    super(name, { chromeTransactionDurability: 'strict', cache: 'disabled' });
    this.version(1).stores({
      drafts: 'id, user_id, updated_at',
      outbox: '++n, &mutation_id, user_id, point_id, [user_id+state]',
      photos: 'id, user_id, point_id, [user_id+state]',
      photo_bytes: 'id',
      photo_thumbs: 'id',
      sent: 'mutation_id, user_id, point_id, at, [user_id+at]',
      meta: 'key',
    });
    // What waits for its hour is found by its hour, however much waits beside it.
    this.version(2).stores({
      outbox: '++n, &mutation_id, user_id, point_id, [user_id+state], [user_id+state+not_before]',
      photos: 'id, user_id, point_id, [user_id+state], [user_id+state+not_before]',
    });
    // A call is noted once, not on each of its rows, and a receipt is found in two ways only: half of
    // a push's work was the browser's, keeping indexes that nothing asked.
    this.version(3).stores({
      calls: '++id, user_id, *places',
      sent: 'mutation_id, [user_id+at]',
    });
  }
}

/** Opens the precious database. Another name is for tests. */
export function openPrecious(name = 'precious'): Precious {
  return new Precious(name);
}
