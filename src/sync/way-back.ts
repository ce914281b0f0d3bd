import { draftOf, saveDraft } from '../db/drafts.ts';
import { deleteFromOutbox, outboxOfPoint } from '../db/outbox.ts';
import { photosOfPoint, rememberPhotos } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow } from '../db/rows.ts';
import { mayStillChange } from './enqueue.ts';

/** The way back from what was taken back; answers whether it was in time. */
export type WayBack = () => Promise<boolean>;

interface Of {
  readonly userId: string;
  readonly pointId: string;
}

/**
 * Takes back something that waits of a point, in one transaction. Returns what `takeBack` answers, and the
 * way back: rows of the outbox where they were, their photos, and the draft over them as an edit again. It
 * is good until the app closes, unless what undoes them has left meanwhile: then it changes nothing.
 */
export function withWayBack<T>(
  store: Precious,
  of: Of,
  takeBack: () => Promise<T>,
): Promise<{ readonly done: T; readonly back: WayBack }> {
  return store.transaction('rw', store.tables, async () => {
    const before = await outboxOfPoint(store, of.userId, of.pointId);
    const draft = await draftOf(store, of.pointId);
    const photos = await photosOfPoint(store, of.pointId);
    const putPhotosBack = await rememberPhotos(
      store,
      photos.filter(({ state, user_id }) => user_id === of.userId && state !== 'stored'),
    );
    const done = await takeBack();
    const after = await outboxOfPoint(store, of.userId, of.pointId);
    const gone = without(before, after);
    const undoing = without(after, before);
    const back = () =>
      store.transaction('rw', store.tables, async () => {
        for (const row of undoing) if (!(await mayStillChange(store, row))) return false;
        await deleteFromOutbox(store, ...undoing.map((row) => row.mutation_id));
        await store.outbox.bulkPut(gone);
        await putPhotosBack();
        const now = await draftOf(store, of.pointId);
        if (now && draft?.seen && !now.seen) await saveDraft(store, { ...now, seen: draft.seen });
        return true;
      });
    return { done, back };
  });
}

function without(rows: readonly OutboxRow[], others: readonly OutboxRow[]): OutboxRow[] {
  return rows.filter((row) => !others.some((other) => other.mutation_id === row.mutation_id));
}
