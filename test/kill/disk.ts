import type { Page } from '@playwright/test';

import type { Draft } from '../../src/domain/draft.ts';
import type { OutboxRow, PhotoRow, SentRow } from '../../src/db/rows.ts';

/** What a phone's precious database holds. */
export interface Disk {
  readonly drafts: Draft[];
  readonly outbox: OutboxRow[];
  readonly photos: PhotoRow[];
  readonly sent: SentRow[];
  /** Ids of the photos whose bytes are there. */
  readonly bytes: string[];
}

/** Reads it as it is on the disk, beside the app. */
export function readDisk(page: Page): Promise<Disk> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('no answer'));
      });
    const database = await answer(indexedDB.open('precious'));
    const transaction = database.transaction([...database.objectStoreNames], 'readonly');
    const all = (store: string) => answer(transaction.objectStore(store).getAll());
    const [drafts, outbox, photos, sent] = await Promise.all(['drafts', 'outbox', 'photos', 'sent'].map(all));
    const bytes = await answer(transaction.objectStore('photo_bytes').getAllKeys());
    database.close();
    return { drafts, outbox, photos, sent, bytes } as never;
  });
}

/** Names of the points that a phone still has to send, or has had accepted. */
export function namesOn({ outbox, sent }: Disk): string[] {
  const mutations = [
    ...outbox.map((row) => row.mutation),
    ...sent.map((row) => JSON.parse(row.payload) as object),
  ];
  return mutations.flatMap((mutation) => {
    const patch = 'patch' in mutation ? (mutation.patch as Record<string, unknown>) : {};
    const name = patch['attributes.name'];
    return typeof name === 'string' ? [name] : [];
  });
}
