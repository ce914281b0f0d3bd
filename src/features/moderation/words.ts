import type { Describer } from '../../domain/form/describer.ts';
import { bearingDegrees, compassPoint } from '../../domain/geo/bearing.ts';
import { distanceMeters } from '../../domain/geo/distance.ts';
import type { Json } from '../../domain/json.ts';
import { type Geom, geomSchema } from '../../domain/point.ts';
import type { QueueItem, QueueKind } from '../../domain/queue-item.ts';
import { reasonsOf } from '../../domain/reasons.ts';
import type { Review } from '../../domain/review.ts';
import type { Theme } from '../../domain/theme.ts';
import { formatMeters } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { labelOf } from '../../i18n/phrases.ts';
import { reasonWords } from '../../i18n/words.ts';

const KINDS: Readonly<Record<QueueKind, () => string>> = {
  new: m.moderation_kind_new,
  edit: m.moderation_kind_edit,
  photo: m.moderation_kind_photo,
  gone: m.moderation_kind_gone,
  report: m.moderation_kind_report,
};

const QUESTIONS: Readonly<Record<QueueKind, () => string>> = {
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

const WHY: Readonly<Record<string, () => string>> = {
  author_ruled_out: m.moderation_why_author_ruled_out,
  author_unsure: m.moderation_why_author_unsure,
  close: m.moderation_why_close,
  same_concept: m.moderation_why_same_concept,
  sibling_concept: m.moderation_why_sibling_concept,
  unnamed: m.moderation_why_unnamed,
  similar_name: m.moderation_why_similar_name,
  same_author: m.moderation_why_same_author,
};

const ALONE: Readonly<Record<string, () => string>> = {
  not_waiting: m.moderation_alone_not_waiting,
  own_contribution: m.moderation_alone_own_contribution,
  conflict: m.moderation_alone_conflict,
  term_proposed: m.moderation_alone_term_proposed,
  candidate: m.moderation_alone_candidate,
  other_author_or_theme: m.moderation_alone_other,
};

const ABOUT: Readonly<Record<string, () => string>> = {
  position: m.moderation_about_position,
  description: m.moderation_about_description,
  gone: m.moderation_about_gone,
  photo: m.moderation_about_photo,
  private: m.moderation_about_private,
  duplicate: m.moderation_about_duplicate,
};

/** `Nouveau`, `Modification`… in the queue. */
export function kindWords(kind: QueueKind): string {
  return KINDS[kind]();
}

/** What the item is, above its name. */
export function questionWords(item: QueueItem | null, review: Review | null): string {
  if (!item) return m.moderation_question_none();
  if (review?.report?.kind === 'audit') return m.moderation_question_audit();
  return QUESTIONS[item.kind]();
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

/** A value of a field in words, a position as how it was taken; empty for nothing. */
export function fieldWords(theme: string, path: string, value: Json, describer: Describer): string {
  const geom = path === 'geom' ? geomSchema.safeParse(value) : null;
  return geom?.success ? placeWords(geom.data) : describer.value(theme, path, value);
}

/** Why a point may be the same thing, in words. */
export function whyWords(why: readonly string[]): string {
  return why.flatMap((code) => WHY[code]?.() ?? []).join(', ');
}

/** Why an item is not decided with others. */
export function aloneWords(why: string): string {
  return (ALONE[why] ?? m.moderation_alone_conflict)();
}

/** What a report of the public is about. */
export function aboutWords(about: string | null | undefined): string {
  return (ABOUT[about ?? ''] ?? m.moderation_about_other)();
}

/** The reasons that a theme gives, in words. */
export function reasonChoices(theme: Theme | undefined): { value: string; label: string }[] {
  return reasonsOf(theme).map(({ code, labels }) => ({
    value: code,
    label: labelOf(labels) || reasonWords(code),
  }));
}

/** One reason in words, the theme's own too. */
export function reasonIn(theme: Theme | undefined, code: string): string {
  return reasonChoices(theme).find(({ value }) => value === code)?.label ?? reasonWords(code);
}
