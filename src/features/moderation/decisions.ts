import type { Decision } from '../../domain/decision.ts';
import type { Content } from '../../domain/paths.ts';
import { attributePath, writePatch } from '../../domain/paths.ts';
import type { Point } from '../../domain/point.ts';
import type { QueueItem } from '../../domain/queue-item.ts';
import type { Review } from '../../domain/review.ts';
import { m } from '../../i18n/generated/messages.js';
import { plural } from '../../i18n/phrases.ts';
import type { Choice, Undone } from '../../state/desk/desk.svelte.ts';
import { photosAsked } from './seen.ts';

const WORDS: Readonly<Record<Decision, () => string>> = {
  publish: m.moderation_publish,
  to_complete: m.moderation_to_complete,
  duplicate: m.moderation_duplicate,
  reject: m.moderation_reject,
  dismiss: m.moderation_dismiss,
  destroy: m.moderation_destroy,
  archive: m.moderation_archive,
  restore: m.moderation_restore,
};

const DONE: Readonly<Record<Decision, (name: { name: string }) => string>> = {
  publish: m.moderation_done_publish,
  to_complete: m.moderation_done_to_complete,
  duplicate: m.moderation_done_duplicate,
  reject: m.moderation_done_reject,
  dismiss: m.moderation_done_dismiss,
  destroy: m.moderation_done_destroy,
  archive: m.moderation_done_archive,
  restore: m.moderation_done_restore,
};

const UNDONE: Readonly<Record<Undone, (name: { name: string }) => string>> = {
  undone: m.moderation_undone,
  reversed: m.moderation_reversed,
  too_late: m.moderation_too_late,
};

/** A decision as its button says it. */
export function decisionWords(decision: Decision): string {
  return WORDS[decision]();
}

/** What was just done, for the message that offers to take it back. */
export function doneWords(decision: Decision, name: string): string {
  return DONE[decision]({ name });
}

/** What taking a decision back came to, and of what. */
export function undoneWords(undone: Undone, name: string): string {
  return UNDONE[undone]({ name });
}

/** What an item offers to take or to leave, and what is taken of it. */
export interface Taking {
  readonly fields: readonly string[];
  readonly takenFields: readonly string[];
  readonly photos: readonly string[];
  readonly takenPhotos: readonly string[];
}

/** What is taken of an item, given what the moderator leaves. */
export function takingOf(item: QueueItem | null, review: Review, isTaken: (what: string) => boolean): Taking {
  const { point, changes } = review;
  const kind = item?.kind;
  const answers = ['concept', ...Object.keys(point.attributes).map(attributePath)];
  const fields = kind === 'edit' ? changes.map(({ path }) => path) : kind === 'new' ? answers : [];
  const photos = photosAsked(kind ?? null, point);
  return {
    fields,
    takenFields: fields.filter(isTaken),
    photos,
    takenPhotos: photos.filter(isTaken),
  };
}

/** The part of a decision to publish that says what is taken; nothing when it is all. */
export function partOf(item: QueueItem, taking: Taking): Pick<Choice, 'fields' | 'photos'> {
  const { fields, takenFields, photos, takenPhotos } = taking;
  const isPart = takenFields.length < fields.length;
  // A new point always has its place, and whether it is shown.
  const always = item.kind === 'new' ? ['geom', 'sensitivity'] : [];
  return {
    ...(isPart && { fields: [...always, ...takenFields] }),
    ...(takenPhotos.length < photos.length && { photos: [...takenPhotos] }),
  };
}

/** What the first button says, when it says more than its verb. */
export function publishWords(item: QueueItem | null, taking: Taking): string | null {
  const { fields, takenFields, photos, takenPhotos } = taking;
  const isPart = takenFields.length < fields.length;
  const isNew = item?.kind === 'new';
  if (item?.kind === 'edit' || (isNew && isPart)) {
    if (!isNew && fields.length === 1) return m.moderation_accept_change();
    const counts = { count: takenFields.length, total: fields.length };
    return plural(counts.count, m.moderation_accept_one_of(counts), m.moderation_accept_fields(counts));
  }
  if (item?.kind === 'photo') {
    return m.moderation_accept_photos({ count: takenPhotos.length, total: photos.length });
  }
  return null;
}

/** What the point will say once its item is published as it is taken. */
export function contentAfter(item: QueueItem | null, point: Point, review: Review, taking: Taking): Content {
  if (item?.kind === 'new') {
    const left = taking.fields.filter((path) => !taking.takenFields.includes(path));
    return writePatch(point, Object.fromEntries(left.map((path) => [path, null])));
  }
  const accepted = review.changes.filter(({ path }) => taking.takenFields.includes(path));
  return writePatch(point, Object.fromEntries(accepted.map(({ path, after }) => [path, after])));
}
