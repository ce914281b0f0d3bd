import { bearingDegrees, compassPoint } from '../../domain/geo/bearing.ts';
import { distanceMeters } from '../../domain/geo/distance.ts';
import type { Describer } from '../../domain/form/describer.ts';
import type { Geom, Point } from '../../domain/point.ts';
import type { Change } from '../../domain/review.ts';
import { formatMeters } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import type { QueueItem } from '../../state/moderation.svelte.ts';

const KINDS: Readonly<Record<QueueItem['kind'], () => string>> = {
  new: m.moderation_kind_new,
  edit: m.moderation_kind_edit,
  photo: m.moderation_kind_photo,
  gone: m.moderation_kind_gone,
  report: m.moderation_kind_report,
};

const QUESTIONS: Readonly<Record<QueueItem['kind'], () => string>> = {
  new: m.moderation_question_new,
  edit: m.moderation_question_edit,
  photo: m.moderation_question_photo,
  gone: m.moderation_question_gone,
  report: m.moderation_question_report,
};

const COMPASS: Readonly<Record<string, () => string>> = {
  n: m.moderation_to_n,
  ne: m.moderation_to_ne,
  e: m.moderation_to_e,
  se: m.moderation_to_se,
  s: m.moderation_to_s,
  sw: m.moderation_to_sw,
  w: m.moderation_to_w,
  nw: m.moderation_to_nw,
};

const SOURCES: Readonly<Record<string, () => string>> = {
  gps: m.moderation_source_gps,
  map: m.moderation_source_map,
  exif: m.moderation_source_exif,
  typed: m.moderation_source_typed,
  import: m.moderation_source_import,
};

/** `Nouveau`, `Modification`… in the queue. */
export function kindWords(kind: QueueItem['kind']): string {
  return KINDS[kind]();
}

/** What the item is, above its name. */
export function questionWords(kind: QueueItem['kind']): string {
  return QUESTIONS[kind]();
}

/** `GPS (± 8 m)`. */
export function placeWords(geom: Geom): string {
  const source = (SOURCES[geom.source] ?? m.moderation_source_map)();
  if (geom.accuracy_m == null) return source;
  return m.moderation_place({ source, accuracy: formatMeters(geom.accuracy_m) });
}

/** `14 m à l’est`. */
export function moveWords(from: Geom, to: Geom): string {
  const direction = COMPASS[compassPoint(bearingDegrees(from, to))] ?? m.moderation_to_n;
  return m.moderation_move({ distance: formatMeters(distanceMeters(from, to)), direction: direction() });
}

/** The two sides of a change in words; empty for nothing. */
export function changeWords(change: Change, point: Point, describer: Describer): [string, string] {
  if (change.path === 'geom') {
    const after = change.after as unknown as Geom;
    return [
      placeWords(point.geom),
      m.moderation_moved({ place: placeWords(after), move: moveWords(point.geom, after) }),
    ];
  }
  const say = (value: Change['before']) => describer.value(point.theme, change.path, value);
  return [say(change.before), say(change.after)];
}
