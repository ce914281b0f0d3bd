import { formatDistance, formatNumber, speakDate } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { conditionWords } from '../../i18n/words.ts';
import type { BrowseItem } from '../../state/browse.svelte.ts';

/** `Liste, 112 points`, `Liste, plus de 10 000`. */
export function listLinkWords(total: number, isExact: boolean): string {
  if (total === 0) return m.browse_list_link_none();
  if (total === 1) return m.browse_list_link_one();
  const count = formatNumber(total);
  return isExact ? m.browse_list_link({ count }) : m.browse_list_link_more({ count });
}

/** `vu le 12 avril`, `vu en août 2025`, `vu en 2022`; null when nobody said. */
export function seenWords(iso: string | null | undefined, today: Date): string | null {
  if (!iso) return null;
  const { precision, text: date } = speakDate(iso, today);
  if (precision === 'day') return m.browse_seen_day({ date });
  return precision === 'month' ? m.browse_seen_month({ date }) : m.browse_seen_year({ date });
}

/** `Bon état, vu le 12 avril`, with what is known; null when nothing is. */
export function stateWords(item: BrowseItem, today: Date): string | null {
  const condition = item.condition && item.condition !== 'unknown' ? conditionWords(item.condition) : null;
  const words = [condition, seenWords(item.seen_on, today)].filter(Boolean).join(', ');
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : null;
}

/** `620 m`, or undefined where the person stands is not known. */
export function distanceWords(item: BrowseItem): string | undefined {
  return item.distanceMeters === null ? undefined : formatDistance(item.distanceMeters);
}

const STONES: Readonly<Record<string, number>> = { good: 4, fair: 3, poor: 2, ruin: 1 };

/** Courses still standing, of four; null for a state nobody could tell. */
export function stonesOf(condition: string | null | undefined): number | null {
  return (condition && STONES[condition]) || null;
}
