import type { Point } from '../../domain/point.ts';
import { itemKey, type QueueItem } from '../../domain/queue-item.ts';

/** What of a point waits, as its row on this device tells: without the counts that only the server knows. */
export function itemsOf(point: Point): QueueItem[] {
  const since = point.received_at ?? point.updated_at ?? '';
  const common = {
    point_id: point.id,
    theme: point.theme,
    concept: point.concept,
    commune: point.commune,
    title: null,
    commune_name: null,
    author: point.author,
    expected_photos: point.expected_photos,
    stored_photos: point.photos.length,
    candidates: 0,
    mine: point.mine,
    lease: null,
  };
  const edits = point.pending
    .filter((revision) => revision.state === 'pending')
    .map((revision) => ({
      ...common,
      kind: 'edit' as const,
      revision_id: revision.revision_id,
      author: revision.author,
      mine: revision.mine,
      waiting_since: revision.at ?? since,
    }));
  const others = (['new', 'photo', 'gone', 'report'] as const)
    .filter((kind) => point.waiting?.includes(kind))
    .map((kind) => ({ ...common, kind, waiting_since: since }));
  return [...others, ...edits];
}

/** Items that are known well, and those of the others that are not the same things known less. */
export function unionOf(known: readonly QueueItem[], others: readonly QueueItem[]): QueueItem[] {
  const keys = new Set(known.map(itemKey));
  const kinds = new Set(known.map(({ point_id, kind }) => `${point_id}~${kind}`));
  // From its point alone a report is known by its kind only: one that is known by its id is that one.
  const isSame = (item: QueueItem) => kinds.has(`${item.point_id}~${item.kind}`) && isByKind(item);
  return [...known, ...others.filter((item) => !keys.has(itemKey(item)) && !isSame(item))];
}

const isByKind = ({ revision_id, report_id }: QueueItem) => revision_id == null && report_id == null;
