import type { QueueQuery } from '../../api/moderation.ts';
import type { QueueItem, QueueKind } from '../../domain/queue-item.ts';
import { holdsCommune, isEpci } from '../../domain/territory-code.ts';

/** Somebody or somewhere, with the name to show. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Somewhere; of an EPCI, the codes of its communes once they are known. */
export interface Somewhere extends Named {
  readonly communes?: readonly string[];
}

/** What the queue is narrowed to; null for all. */
export interface Filters {
  readonly theme: string | null;
  readonly territory: Somewhere | null;
  readonly kind: QueueKind | null;
  readonly author: Named | null;
  /** Waiting for at least so many days. */
  readonly waitingDays: number | null;
}

export const NO_FILTERS: Filters = {
  theme: null,
  territory: null,
  kind: null,
  author: null,
  waitingDays: null,
};

/** The same, as the server is asked. */
export function queryOf({ theme, territory, kind, author, waitingDays }: Filters): QueueQuery {
  return {
    ...(theme !== null && { theme }),
    ...(territory && { territory: territory.id }),
    ...(kind !== null && { kind }),
    ...(author && { author: author.id }),
    ...(waitingDays !== null && { waiting_days: waitingDays }),
  };
}

/** Whether a place cannot narrow what this device keeps: an EPCI whose communes are not known. */
export const isUnplaced = (place: Somewhere | null) =>
  place !== null && isEpci(place.id) && place.communes === undefined;

function isAt(commune: string | null, place: Somewhere): boolean {
  if (isUnplaced(place)) return true;
  return place.communes ? place.communes.includes(commune ?? '') : holdsCommune(place.id, commune);
}

/** Whether an item that this device keeps is among them. */
export function isWithin(item: QueueItem, filters: Filters, now: Date): boolean {
  const { theme, territory, kind, author, waitingDays } = filters;
  const waitedDays = (now.getTime() - Date.parse(item.waiting_since)) / 86_400_000;
  return (
    (theme === null || item.theme === theme) &&
    (kind === null || item.kind === kind) &&
    (author === null || item.author_id === author.id) &&
    (waitingDays === null || waitedDays >= waitingDays) &&
    (territory === null || isAt(item.commune, territory))
  );
}
