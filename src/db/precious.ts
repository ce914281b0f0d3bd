import Dexie, { type EntityTable, type Table } from 'dexie';

import type { Draft } from '../domain/draft.ts';
import type { MetaRow, OutboxRow, PhotoBytesRow, PhotoRow, SentRow } from './rows.ts';

/**
 * What only this device has. Never deleted by the machine; its schema only ever grows, and a
 * committed transaction is on the disk (`strict`).
 */
export class Precious extends Dexie {
  drafts!: EntityTable<Draft, 'id'>;
  outbox!: Table<OutboxRow, number>;
  photos!: EntityTable<PhotoRow, 'id'>;
  photo_bytes!: EntityTable<PhotoBytesRow, 'id'>;
  photo_thumbs!: EntityTable<PhotoBytesRow, 'id'>;
  sent!: EntityTable<SentRow, 'mutation_id'>;
  meta!: EntityTable<MetaRow, 'key'>;

  constructor(name: string) {
    super(name, { chromeTransactionDurability: 'strict' });
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
  }
}

/** Opens the precious database. Another name is for tests. */
export function openPrecious(name = 'precious'): Precious {
  return new Precious(name);
}
