import 'fake-indexeddb/auto';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { letPhotosGo } from '../../../src/db/photos.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import type { PhotoRow } from '../../../src/db/rows.ts';
import { newDraft } from '../../../src/domain/draft.ts';
import { rawRow } from '../../../src/state/photo-rows.ts';

const NOW = new Date('2026-06-01T10:00:00Z');
const draft = newDraft({ pointId: 'point', userId: 'me', theme: 'heritage', formRev: 1 }, NOW);
const file = new Blob(['as it came'], { type: 'image/jpeg' });
const row = (id: string): PhotoRow => rawRow({ id, draft, file, now: NOW, licence: 'CC-BY-4.0' });

const IDS = ['first', 'second', 'third'];

/** What may become of a photo between the last look at it and the save. */
const FATES = [
  (before: PhotoRow) => [before],
  (before: PhotoRow) => [{ ...before, caption: 'La date gravée' }],
  (before: PhotoRow) => [{ ...before, raw: false, sha256: 'a'.repeat(64), size: 8 }],
  () => [],
];
const fates = fc.array(fc.constantFrom(...FATES), { minLength: IDS.length, maxLength: IDS.length });

test('photos leave as they are, whatever became of them since they were last read', async () => {
  let n = 0;
  await fc.assert(
    fc.asyncProperty(fates, fc.subarray(IDS), async (became, known) => {
      const store = openPrecious(`photos-go-${(n += 1)}`);
      const now = IDS.flatMap((id, rank) => became[rank]?.(row(id)) ?? []);
      const ofAnother = row('of another draft');
      await store.photos.bulkPut([...now, ofAnother]);
      await store.transaction('rw', store.photos, () =>
        letPhotosGo(store, IDS, { asRead: known.map(row), changes: (rank) => ({ rank }) }),
      );
      const gone = now.map((one) => ({ ...one, state: 'local', rank: IDS.indexOf(one.id) }));
      const byId = (rows: readonly { readonly id: string }[]) => new Map(rows.map((one) => [one.id, one]));
      expect(byId(await store.photos.toArray())).toEqual(byId([...gone, ofAnother]));
      await store.delete();
    }),
    { numRuns: 60 },
  );
});
