import { formatNumber } from './format.ts';
import { m } from './generated/messages.js';

/** `46 points`, `1 point`, `Plus de 10 000 points`. */
export function countWords(total: number, isExact = true): string {
  if (total === 0) return m.browse_count_none();
  if (total === 1) return m.browse_count_one();
  const count = formatNumber(total);
  return isExact ? m.browse_count({ count }) : m.browse_count_more({ count });
}
