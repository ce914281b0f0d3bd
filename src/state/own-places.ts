import type { Position } from '../domain/geo/distance.ts';
import type { OutboxContents } from './outbox-contents.ts';

/** A point of the person's own that the public map does not have. */
export interface OwnPlace extends Position {
  readonly id: string;
  readonly theme: string;
  /** `unsent`: on this phone only. `pending`: waits for a moderator. */
  readonly state: 'unsent' | 'pending';
}

/** What the map adds for the person: what has not left this phone, and what waits for a decision. */
export function ownPlacesOf({ rows, points }: Pick<OutboxContents, 'rows' | 'points'>): readonly OwnPlace[] {
  const isUnsent = (id: string) => rows.some((row) => row.point_id === id && row.kind === 'create');
  return [...points.values()]
    .filter((point) => isUnsent(point.id) || (point.mine && point.status === 'submitted'))
    .map(({ id, theme, geom: { lon, lat } }) => ({
      id,
      theme,
      lon,
      lat,
      state: isUnsent(id) ? 'unsent' : 'pending',
    }));
}
