import 'fake-indexeddb/auto';

import Dexie from 'dexie';
import { expect, test } from 'vitest';

import { markStored, savePhoto } from '../../../src/db/photos.ts';
import { openPrecious, type Precious } from '../../../src/db/precious.ts';
import type { PhotoRow } from '../../../src/db/rows.ts';
import { sha256Hex } from '../../../src/device/sha256.ts';
import { exportUnsent } from '../../../src/sync/export.ts';
import { importUnsent } from '../../../src/sync/import.ts';

// An archive is made while the app goes on: photos leave, and are made smaller, beside it.

const now = new Date('2026-05-02T10:00:00Z');
const ROW = {
  ...{ point_id: 'p1', user_id: 'me', mime: 'image/jpeg', size: 1, width: 1, height: 1, licence: '' },
  ...{ taken_at: now.toISOString(), caption: null, attempts: 0, last_problem: null, not_before: 0 },
  state: 'local',
} satisfies Partial<PhotoRow>;

async function keep(store: Precious, id: string, bytes: ArrayBuffer, raw: boolean) {
  await savePhoto(store, { ...ROW, id, sha256: await sha256Hex(bytes), raw }, bytes, null);
}

const MEANWHILE: Record<string, [taken: number, beside: string, (store: Precious) => Promise<void>]> = {
  arrives: [2, 'a', (store) => markStored(store, 'c', now)],
  'is made smaller': [3, 'c', (store) => keep(store, 'c', new ArrayBuffer(3), false)],
};

for (const [what, [taken, beside, happen]] of Object.entries(MEANWHILE)) {
  test(`an archive stays whole when a photo ${what} while it is made`, async () => {
    const store = openPrecious(`export-${what}`);
    for (const id of ['a', 'b', 'c']) {
      await keep(store, id, new Uint8Array(1000).fill(id.charCodeAt(0)).buffer, true);
    }
    // Once that photo is read for the first time.
    const get = store.photo_bytes.get.bind(store.photo_bytes);
    let happened: PromiseLike<void> | undefined;
    store.photo_bytes.get = ((id: string) => {
      if (id === beside) happened ??= Dexie.ignoreTransaction(() => happen(store));
      return get(id);
    }) as typeof get;
    const archive = await exportUnsent(store, { userId: 'me', instance: null, now });
    expect(happened).toBeDefined();
    await happened;
    const other = openPrecious(`import-${what}`);
    const came = await importUnsent(other, { userId: 'me', instance: null }, archive);
    expect(came.photos).toBe(taken);
  });
}
