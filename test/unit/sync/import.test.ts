import 'fake-indexeddb/auto';

import { expect, it } from 'vitest';

import { saveDraft } from '../../../src/db/drafts.ts';
import { savePhoto } from '../../../src/db/photos.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import { newDraft } from '../../../src/domain/draft.ts';
import type { PhotoRow } from '../../../src/db/rows.ts';
import { exportUnsent } from '../../../src/sync/export.ts';
import { importUnsent } from '../../../src/sync/import.ts';

const now = new Date('2026-05-02T10:00:00Z');

it('takes a capture that is not finished to another device', async () => {
  const one = openPrecious('one');
  await saveDraft(one, newDraft({ pointId: 'p1', userId: 'me', theme: 'heritage', formRev: 1 }, now));
  const archive = await exportUnsent(one, { userId: 'me', instance: null, now });
  const other = openPrecious('other');
  expect(await importUnsent(other, { userId: 'me', instance: null }, archive)).toMatchObject({ drafts: 1 });
  expect(await other.drafts.count()).toBe(1);
});

it('says of a point that another person edits here, over nothing of theirs, and takes the rest', async () => {
  const draft = (pointId: string, userId: string) =>
    newDraft({ pointId, userId, theme: 'heritage', formRev: 1 }, now);
  const one = openPrecious('mine');
  for (const id of ['p1', 'p2']) await saveDraft(one, draft(id, 'me'));
  const archive = await exportUnsent(one, { userId: 'me', instance: null, now });
  const shared = openPrecious('shared');
  await saveDraft(shared, draft('p1', 'somebody else'));
  const take = () => importUnsent(shared, { userId: 'me', instance: null }, archive);
  await expect(take()).rejects.toThrow('foreign_draft');
  expect(await shared.drafts.toArray()).toEqual([draft('p1', 'somebody else'), draft('p2', 'me')]);
  // Once they are done, the same file brings what was left.
  await shared.drafts.delete('p1');
  expect(await take()).toEqual({ mutations: 0, photos: 0, drafts: 1 });
});

it('brings photos back with what they came with, and where they say that they were taken', async () => {
  const photo = {
    ...{ point_id: 'p1', user_id: 'me', mime: 'image/jpeg', size: 1, width: 1, height: 1, licence: '' },
    ...{ taken_at: now.toISOString(), caption: null, attempts: 0, last_problem: null, not_before: 0 },
    sha256: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    state: 'local',
  } satisfies Partial<PhotoRow>;
  const rows: PhotoRow[] = [
    { ...photo, id: 'a', given_with: 'm1', found_at: { lon: 2, lat: 43.5, accuracyMeters: 8 } },
    { ...photo, id: 'b', found_at: null },
    { ...photo, id: 'c' },
  ];
  const one = openPrecious('with-photos');
  for (const row of rows) await savePhoto(one, row, new ArrayBuffer(1), null);
  const archive = await exportUnsent(one, { userId: 'me', instance: null, now });
  const other = openPrecious('without');
  await importUnsent(other, { userId: 'me', instance: null }, archive);
  expect(await other.photos.toArray()).toEqual(rows);
});
