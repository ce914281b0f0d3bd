import type { Cache } from '../db/cache.ts';
import { knownMe } from '../db/meta.ts';
import { outboxOf, outboxOfPoint } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow } from '../db/rows.ts';
import { moderatesTheme } from '../domain/account.ts';
import { applyMutation } from '../domain/commands/apply.ts';
import type { Doer } from '../domain/commands/actor.ts';
import type { Point } from '../domain/point.ts';

/** A point as the screen shows it: the server's row under what this device still has to send. */
export interface ShownPoint {
  readonly point: Point;
  /** What of it has not arrived, in local order; refused and conflicting rows among them. */
  readonly unsent: OutboxRow[];
}

/** Lays queued mutations over the server's row, in local order. The row itself is not changed. */
function overlay(serverRow: Point | null, rows: readonly OutboxRow[], doer: Doer): Point | null {
  return rows
    .filter((row) => row.state === 'queued')
    .reduce<Point | null>((point, row) => applyMutation(point, row.mutation, doer), serverRow);
}

/** Stores that a screen reads. */
export interface Stores {
  readonly precious: Precious;
  readonly cache: Cache;
  readonly userId: string;
}

async function doerOn(stores: Stores, theme: string | undefined): Promise<Doer> {
  const me = await knownMe(stores.precious, stores.userId);
  const known = theme === undefined ? undefined : await stores.cache.themes.get(theme);
  return { userId: stores.userId, isModerator: moderatesTheme(me, known) };
}

/**
 * One point with what waits over it, or null when this device knows nothing of it; without a mutation
 * that is to be said again.
 */
export async function shownPoint(stores: Stores, id: string, without?: string): Promise<ShownPoint | null> {
  const row = await stores.cache.points.get(id);
  const rows = await outboxOfPoint(stores.precious, stores.userId, id);
  const unsent = rows.filter((one) => one.mutation_id !== without);
  const point = overlay(row?.point ?? null, unsent, await doerOn(stores, row?.theme));
  // A refused create still shows what it held: its author has to see to it.
  const shown = point ?? refusedCreate(unsent);
  return shown && { point: shown, unsent };
}

function refusedCreate(rows: readonly OutboxRow[]): Point | null {
  const create = rows.find((row) => row.kind === 'create');
  return create ? applyMutation(null, create.mutation, { userId: create.user_id, isModerator: false }) : null;
}

/** Every point of mine that this device knows, sent or not. */
export async function myPoints(stores: Stores): Promise<ShownPoint[]> {
  const held = await stores.cache.points.where('held').equals('u:me').primaryKeys();
  const outbox = await outboxOf(stores.precious, stores.userId);
  const ids = new Set([...outbox.map((row) => row.point_id), ...held]);
  const shown: ShownPoint[] = [];
  for (const id of ids) {
    const one = await shownPoint(stores, id);
    if (one) shown.push(one);
  }
  return shown;
}
