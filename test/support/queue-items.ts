import type { QueueItem } from '../../src/domain/queue-item.ts';

/** An item of the queue, as the server tells it. */
export function anItem(pointId: string, over: Partial<QueueItem> = {}): QueueItem {
  return {
    point_id: pointId,
    kind: 'new',
    mine: false,
    theme: 'heritage',
    concept: null,
    commune: '11202',
    waiting_since: '2026-04-20T10:00:00Z',
    expected_photos: 0,
    stored_photos: 0,
    candidates: 0,
    ...over,
  };
}
