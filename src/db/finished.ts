import type { Draft } from '../domain/draft.ts';
import { becameOther } from './meta.ts';
import { outboxOfPoint, receiptsOf } from './outbox.ts';
import type { Precious } from './precious.ts';

/**
 * Whether something has left, or waits to, of what was begun as this draft. One that is not there any more and of
 * which nothing did was thrown away.
 */
export async function isFinished(store: Precious, draft: Draft): Promise<boolean> {
  const { user_id, created_at, seen, observes } = draft;
  const pointId = observes?.point_id ?? draft.id;
  const isOfIt = (at: string) => (!seen && !observes) || at >= created_at;
  const rows = await outboxOfPoint(store, user_id, pointId);
  if (rows.some((row) => isOfIt(row.saved_at))) return true;
  const receipts = await receiptsOf(store, user_id, created_at);
  if (receipts.some((sent) => sent.point_id === pointId)) return true;
  const photos = await store.photos.bulkGet([...draft.photo_ids]);
  if (photos.some((photo) => photo !== undefined && photo.state !== 'draft')) return true;
  return (await becameOther(store)).includes(draft.id);
}
