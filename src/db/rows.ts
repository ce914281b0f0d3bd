import type { Position } from '../domain/geo/distance.ts';
import type { Mutation, MutationKind } from '../domain/mutation.ts';
import type { Conflict, Point } from '../domain/point.ts';
import type { Problem } from '../domain/problems.ts';
import type { QueueItem } from '../domain/queue-item.ts';
import type { Review } from '../domain/review.ts';

/**
 * `queued`: to send. `refused`: the server said no, for a reason to read. `conflict`: the server
 * keeps it beside another value until someone chooses.
 */
type OutboxState = 'queued' | 'refused' | 'conflict';

/** One thing a person did that this device still has to carry or to show. */
export interface OutboxRow {
  /** Local order; given by the database. */
  readonly n?: number;
  readonly mutation_id: string;
  readonly user_id: string;
  readonly point_id: string;
  readonly kind: MutationKind;
  readonly mutation: Mutation;
  /**
   * The exact text sent, fixed at the first attempt: a replay must be byte-identical. Written here
   * once a call with it has failed; until then the call itself holds it (`CallRow`).
   */
  readonly frozen: string | null;
  readonly state: OutboxState;
  /** Times that it failed for reasons of its own, and the first time for whatever reason: 0 when it never left. */
  readonly attempts: number;
  readonly last_problem: Problem | null;
  /** Unix milliseconds before which it does not leave. */
  readonly not_before: number;
  /** Instant at which it was saved on this device. */
  readonly saved_at: string;
  readonly conflicts?: Conflict[];
}

/** A push that left and whose answer is not known: what it carries must not change any more. */
export interface CallRow {
  readonly id: number;
  readonly user_id: string;
  /** Rows of the outbox that it carries. */
  readonly places: readonly number[];
  /** The exact text of each of them, in the same order. */
  readonly texts: readonly string[];
}

/** `draft`: its capture is not finished. `local`: to send. `refused`: the server will not have it. */
type PhotoState = 'draft' | 'local' | 'uploading' | 'stored' | 'refused';

/** A photo taken on this device. Its bytes are elsewhere, so that lists never load them. */
export interface PhotoRow {
  readonly id: string;
  readonly point_id: string;
  readonly user_id: string;
  /** Hex of the hash of the bytes. */
  readonly sha256: string;
  readonly mime: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly taken_at: string;
  readonly licence: string;
  readonly caption: string | null;
  readonly state: PhotoState;
  readonly attempts: number;
  readonly last_problem: Problem | null;
  readonly not_before: number;
  /** Instant at which the server confirmed it; absent in rows of the first versions. */
  readonly stored_at?: string;
  /** The device could not decode it: the original bytes are kept as they came. */
  readonly undecoded?: boolean;
  /** The bytes are those of the camera: still to be made smaller, their hash unknown. */
  readonly raw?: boolean;
  /** Rank among the photos that its author gave the point, from 0. */
  readonly rank?: number;
  /** Where the photo itself says that it was taken, until its author made up their mind about it. */
  readonly found_at?: (Position & { readonly accuracyMeters: number | null }) | null;
  /** The edit or observation that brings it: given up unsent, they go together. */
  readonly given_with?: string;
}

export interface PhotoBytesRow {
  readonly id: string;
  readonly bytes: ArrayBuffer;
}

/** What the server answered, kept 30 days. */
export interface SentRow {
  readonly mutation_id: string;
  readonly user_id: string;
  readonly point_id: string;
  readonly kind: MutationKind;
  /** The exact text sent. */
  readonly payload: string;
  readonly status: 'applied' | 'merged' | 'pending' | 'conflict' | 'rejected';
  readonly code: string | null;
  readonly rev: number | null;
  readonly at: string;
  /** Local order when it was sent: what is queued again keeps it, whatever the clock said. */
  readonly n?: number;
  /** Server the receipt came from: another one may not know it (restored backup). */
  readonly epoch: string;
}

export interface MetaRow {
  readonly key: string;
  readonly value: unknown;
}

/** A point as the server last showed it, with what lists are sorted and searched by. */
export interface CachedPoint {
  readonly id: string;
  readonly theme: string;
  readonly lat: number;
  readonly lon: number;
  /** Buckets that brought it and that it still belongs to; none left: it goes. */
  readonly held: string[];
  readonly point: Point;
}

export interface BucketRow {
  readonly id: string;
  /** Where to pull from; null until its snapshot is complete. */
  readonly cursor: string | null;
  /** Snapshot under way: the horizon of its first page and the last page's key. */
  readonly horizon: string | null;
  readonly after: string | null;
  /** Instant at which the bucket was last complete. */
  readonly complete_at: string | null;
  /** Bytes that its rows weigh, as estimated while its snapshot was taken. */
  readonly weight?: number;
}

/** An item of the queue with all that is needed to decide on it, as the server told it. */
export interface KeptReview {
  readonly key: string;
  readonly item: QueueItem;
  readonly review: Review;
  /** Instant at which it was told. */
  readonly at: string;
}

/** A photo of such an item. */
export interface KeptPhoto {
  /** Its public address, or its path in the private bucket. */
  readonly path: string;
  readonly bytes: ArrayBuffer;
}
