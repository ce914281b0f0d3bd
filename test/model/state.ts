import type { PhotoRow } from '../../src/db/rows.ts';
import type { Json, JsonRecord } from '../../src/domain/json.ts';
import type { Content, Path } from '../../src/domain/paths.ts';
import type { Conflict, Geom, PendingRevision, Point, PointStatus } from '../../src/domain/point.ts';

/** Two contributors and somebody who may moderate. */
export type User = 'ann' | 'ben' | 'mod';
export const USERS: readonly User[] = ['ann', 'ben', 'mod'];

/** Values of a conflict kept by the server. */
export interface KeptConflict extends Conflict {
  readonly user: User;
  readonly isOpen: boolean;
}

/** An edit beside a published point. */
export interface Revision extends Pick<PendingRevision, 'revision_id' | 'base_rev' | 'base' | 'patch'> {
  readonly user: User;
  readonly state: 'pending' | 'superseded' | 'accepted' | 'refused' | 'withdrawn';
}

/** A point as the server's tables hold it. Never changed: a write makes another value. */
export interface StoredPoint {
  readonly id: string;
  readonly author: User;
  readonly status: PointStatus;
  readonly rev: number;
  readonly v: number;
  readonly content: Content;
  readonly revisions: readonly Revision[];
  readonly conflicts: readonly KeptConflict[];
  readonly photos: readonly { readonly id: string; readonly user: User }[];
  readonly comments: readonly string[];
  /** Mutation that made it: two points with one origin are a double. */
  readonly origin: string;
}

export interface Receipt {
  readonly user: User;
  readonly text: string;
  readonly status: 'applied' | 'merged' | 'pending' | 'conflict' | 'rejected';
  readonly code: string | null;
  readonly rev: number | null;
}

/** A row of the feed: where to look again, and since when. */
export interface Change {
  readonly bucket: string;
  readonly point: string;
  readonly xid: number;
  readonly seq: number;
  /** Row counter of the point then, for the invariants: the real feed is content-free. */
  readonly v: number;
}

/** One value that the server took from a mutation, for the invariants to judge. */
export interface Write {
  readonly mutation: string;
  readonly path: Path;
  readonly was: Json;
  readonly now: Json;
}

/** What a person saw and wrote when they saved, whatever was sent of it. */
export interface Save {
  readonly id: string;
  readonly user: User;
  readonly device: number;
  readonly point: string;
  /** Local order; null when the person asked for another one, by trying again what was refused. */
  readonly order: number | null;
  readonly saw: JsonRecord;
  readonly wrote: JsonRecord;
  readonly isDiscarded: boolean;
}

export type ModelPhoto = Pick<PhotoRow, 'id' | 'point_id' | 'state' | 'attempts' | 'not_before'>;

export const NAME = 'attributes.name';
export const CONDITION = 'attributes.condition';
export const MATERIALS = 'attributes.materials';
export const PATHS: readonly Path[] = [NAME, CONDITION, MATERIALS, 'geom', 'sensitivity'];

/** Fields that merge as sets. */
export const isSet = (path: Path): boolean => path === MATERIALS;

/** Four cells on a line, one degree each; a phone follows the neighbours of where it works. */
export const CELLS: readonly string[] = ['1', '2', '3', '4'];

/** A place in the nth cell. */
export function placeIn(cell: number): Geom {
  return { lon: cell + 0.5, lat: 43, accuracy_m: 8, source: 'gps' };
}

export const cellOf = (geom: Geom): string => String(Math.floor(geom.lon));
export const cellBucket = (cell: string): string => `c:heritage:${cell}`;
export const cellsAround = (cell: string): string[] =>
  CELLS.filter((one) => Math.abs(Number(one) - Number(cell)) <= 1);

/** A row that the server gives, before what is of the point itself. */
export const BLANK_ROW: Omit<Point, 'id' | 'rev' | 'v' | 'status' | 'geom'> = {
  theme: 'heritage',
  concept: null,
  attributes: {},
  commune: null,
  sensitivity: 'open',
  mine: false,
  author: null,
  expected_photos: 0,
  photos: [],
  confirmations: { count: 0 },
  pending: [],
  conflicts: [],
  decision: null,
  duplicate_of: null,
  source: null,
  proposals: [],
};
