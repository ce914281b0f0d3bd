import { isPoorPlace } from '../../domain/geo/placed.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Geom } from '../../domain/point.ts';
import { formatDistance, formatMeters } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { plural } from '../../i18n/phrases.ts';
import { problemWords } from '../../i18n/problem-words.ts';
import type { LocationState } from '../../state/location.svelte.ts';

export interface PositionWords {
  readonly title: string;
  readonly detail: string;
}

const TITLES: Partial<Record<Geom['source'], () => string>> = {
  map: m.capture_placed_on_map,
  typed: m.capture_placed_by_typing,
  exif: m.capture_placed_by_photo,
};

/** Where the point is and how well that is known, in two lines. */
export function positionWords(geom: Geom | null, location: LocationState): PositionWords {
  if (!geom) return withoutPlace(location);
  const placed = TITLES[geom.source];
  if (placed) {
    const detail = geom.moved_m == null ? '' : m.capture_moved_by({ distance: formatDistance(geom.moved_m) });
    return { title: placed(), detail };
  }
  const accuracy = geom.accuracy_m;
  const isUseless = accuracy != null && accuracy > LIMITS.fixUselessMeters;
  const title =
    accuracy == null
      ? m.capture_place_known()
      : isUseless
        ? m.capture_about({ distance: formatDistance(accuracy) })
        : m.capture_accurate_to({ distance: formatMeters(accuracy) });
  if (location.phase === 'searching') return { title, detail: m.capture_still_searching() };
  if (isUseless) return { title, detail: m.capture_place_is_useless() };
  if (isPoorPlace(geom)) return { title, detail: m.capture_place_is_poor() };
  return { title, detail: fixesWords(location.fixCount) };
}

function withoutPlace(location: LocationState): PositionWords {
  if (location.phase === 'searching') {
    return { title: m.capture_searching(), detail: m.capture_searching_detail() };
  }
  const { problem } = location;
  const detail = problem
    ? m.capture_no_place_because({ why: problemWords(problem.code) })
    : m.capture_no_place_detail();
  return { title: m.capture_no_place(), detail };
}

function fixesWords(count: number): string {
  if (count === 0) return '';
  return plural(count, m.capture_fix_one(), m.capture_fixes({ count }));
}
