import type { Point } from '../../domain/point.ts';
import { formatBytes } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { formatHour, formatShortDay, plural } from '../../i18n/phrases.ts';
import { problemWords } from '../../i18n/problem-words.ts';
import { reasonWords } from '../../i18n/words.ts';
import type { OutboxItem, UnsentPhoto } from '../../state/outbox.svelte.ts';
import type { Arrived } from '../../state/take-back.ts';
import { type Names, pointName } from '../../state/point-name.ts';

/** The name of an item's point, as everywhere else; some have none on this phone. */
export function itemName(point: Point | null, names: Names): string {
  return point ? pointName(point, names) : m.outbox_a_point();
}

const KINDS: Record<string, (name: string) => string> = {
  confirm: (name) => m.outbox_kind_confirm({ name }),
  edit: (name) => m.outbox_kind_edit({ name }),
  withdraw: (name) => m.outbox_kind_withdraw({ name }),
  comment: (name) => m.outbox_kind_comment({ name }),
  propose_term: (name) => m.outbox_kind_propose_term({ name }),
  decide: (name) => m.outbox_kind_decide({ name }),
};

/** What somebody did, as far as its name goes. */
interface Done {
  readonly kind: string;
  /** Of somebody who looked: whether it stands. */
  readonly found?: boolean;
}

/** A contribution in one line: the thing, and what was done to it unless it is new. */
export function contributionName(done: Done, point: Point | null, names: Names): string {
  const name = itemName(point, names);
  if (done.found === false) return m.outbox_kind_gone({ name });
  return KINDS[done.kind]?.(name) ?? name;
}

/** Where a waiting contribution stands. */
export function waitingWords({ row, photos }: OutboxItem): string {
  if (row.last_problem) return problemWords(row.last_problem.code);
  if (photos.length === 0) return m.outbox_waits_its_turn();
  const raw = photos.filter((photo) => photo.raw).length;
  if (raw > 0) return preparingWords(raw);
  return m.outbox_waits_with_photos({ photos: photosWords(photos) });
}

/** What is left of a contribution that has arrived: photos to send, or first to be made ready. */
export function photosLeftWords(photos: readonly UnsentPhoto[]): string {
  const raw = photos.filter((photo) => photo.raw).length;
  return raw > 0 ? preparingWords(raw) : m.outbox_photos_left({ photos: photosWords(photos) });
}

function preparingWords(count: number): string {
  return plural(count, m.outbox_photo_preparing(), m.outbox_photos_preparing({ count }));
}

/** `2 photos, 1,1 Mo`. */
export function photosWords(photos: readonly { readonly size: number }[]): string {
  const size = formatBytes(photos.reduce((sum, photo) => sum + photo.size, 0));
  return photos.length === 1 ? m.outbox_photo_one({ size }) : m.outbox_photos({ count: photos.length, size });
}

/** Why a photo has not arrived, and what to do: it leaves whole or not at all. */
export function photoProblemWords(code: string): string {
  return code === 'too_large' ? m.outbox_photo_too_large() : problemWords(code);
}

/** Four characters of a receipt: enough to name it on the telephone. */
export function receiptNumber(mutationId: string): string {
  return mutationId.replaceAll('-', '').slice(-4).toUpperCase();
}

/** `Reçu le 10 mai à 18 h 42, n° 7C1A`, or what became of it since. */
export function arrivedWords({ sent, point }: Arrived, today: Date): string {
  const number = receiptNumber(sent.mutation_id);
  const day = formatShortDay(sent.at, today);
  if (sent.kind === 'create' && point?.status === 'published') return m.outbox_published({ number });
  if (sent.status === 'pending') return m.outbox_received_pending({ day, hour: formatHour(sent.at), number });
  return m.outbox_received({ day, hour: formatHour(sent.at), number });
}

/** Why a point came back: the moderators' reason, or the server's. */
export function sentBackWords(point: Point): string {
  return point.decision?.reason ? reasonWords(point.decision.reason) : m.outbox_no_reason();
}
