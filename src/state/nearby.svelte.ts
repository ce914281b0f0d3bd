import type { Cache } from '../db/cache.ts';
import { pointsAround } from '../db/points.ts';
import type { Precious } from '../db/precious.ts';
import { applyMutation } from '../domain/commands/apply.ts';
import { makeMutation } from '../domain/commands/make.ts';
import type { Draft } from '../domain/draft.ts';
import { accuracyReach, type Candidate, duplicateRadius, findDuplicates } from '../domain/duplicates.ts';
import { distanceMeters } from '../domain/geo/distance.ts';
import type { RandomBytes } from '../domain/id.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Point } from '../domain/point.ts';
import { givenName } from '../domain/point-title.ts';
import { ProblemError } from '../domain/problems.ts';
import type { Theme } from '../domain/theme.ts';
import type { Thesaurus } from '../domain/thesaurus/tree.ts';
import { enqueueMutation } from '../sync/enqueue.ts';
import { undoMutation } from '../sync/outbox-actions.ts';
import { live, type Live } from './live.svelte.ts';
import type { LocationState } from './location.svelte.ts';

/** `oldest`: what nobody has seen again for the longest, first. */
export type NearbyOrder = 'nearest' | 'oldest';

/** A known point around the person. */
export interface Neighbour {
  readonly point: Point;
  readonly distanceMeters: number;
  /** Confirmed from this phone, today: one tap is enough. */
  readonly isConfirmed: boolean;
}

export interface NearbyDeps {
  readonly precious: Precious;
  /** What this person's device knows. Read reactively. */
  readonly cache: () => Cache;
  readonly location: LocationState;
  readonly userId: () => string | null;
  readonly themes: () => readonly Theme[];
  readonly thesaurus: () => Thesaurus;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** What is known around, from this device alone: for "is it this one?" and for "still there". */
export class NearbyState {
  #deps: NearbyDeps;

  constructor(deps: NearbyDeps) {
    this.#deps = deps;
  }

  /**
   * Points that may be the thing being captured, nearest first. Call it where effects live; follows
   * the draft and what the device learns.
   */
  candidates(draft: () => Draft): Live<readonly Candidate[]> {
    const { cache, themes, thesaurus, precious, userId } = this.#deps;
    return live<readonly Candidate[]>(async () => {
      const { id, theme: themeId, concept, geom, attributes, ...rest } = draft();
      const [store, terms, user] = [cache(), thesaurus(), userId()];
      const theme = themes().find((one) => one.id === themeId);
      if (!geom) return [];
      const radius = duplicateRadius(theme);
      // As far as the rule may reach: the other position may be as poor as they come.
      const reach = radius + accuracyReach(geom) + LIMITS.duplicateAccuracyMaxMeters;
      const around = await pointsAround(store, themeId, geom, reach);
      const unsent = user === null ? [] : await unsentPoints(precious, user);
      const newcomer = { id, theme: themeId, concept, geom, name: givenName({ attributes }, theme) };
      const known = new Map([...around, ...unsent].map((point) => [point.id, point]));
      const found = findDuplicates(newcomer, known.values(), terms, radius, (one) => givenName(one, theme));
      // Those of a series stand in a row: they are others.
      const settled = [
        ...rest.not_same_as,
        ...(rest.maybe_same_as ?? []),
        ...(rest.series?.steps ?? []).map((step) => step.point_id),
      ];
      return found.filter(({ point }) => !settled.includes(point.id));
    }, []);
  }

  /** Published points around the person, in that order. Call it where effects live. */
  around(order: () => NearbyOrder = () => 'nearest'): Live<readonly Neighbour[]> {
    const { cache, themes, location, precious, userId } = this.#deps;
    return live<readonly Neighbour[]>(async () => {
      const [store, here, user, isOldest] = [cache(), location.fix, userId(), order() === 'oldest'];
      const themeIds = themes().map((theme) => theme.id);
      if (!here) return [];
      const found = await Promise.all(
        themeIds.map((theme) => pointsAround(store, theme, here, LIMITS.nearbyRadiusMeters)),
      );
      const confirmed = user === null ? [] : await confirmedToday(precious, user, this.#deps.now());
      return found
        .flat()
        .filter((point) => point.status === 'published')
        .map((point) => ({
          point,
          distanceMeters: distanceMeters(here, point.geom),
          isConfirmed: confirmed.includes(point.id),
        }))
        .sort(
          (a, b) =>
            (isOldest && lastSeen(a).localeCompare(lastSeen(b))) || a.distanceMeters - b.distanceMeters,
        )
        .slice(0, LIMITS.nearbyShown);
    }, []);
  }

  /** "Still there": counts at once. Returns the way back, which answers whether it was in time. */
  async confirm(point: Point): Promise<() => Promise<boolean>> {
    const { precious, userId, now, random } = this.#deps;
    const user = userId();
    if (user === null) throw new ProblemError('auth_required');
    const at = now();
    const seen = { kind: 'confirm', point_id: point.id, theme: point.theme, found: true } as const;
    const mutation = makeMutation({ ...seen, observed_at: at.toISOString() }, at, random);
    const id = await enqueueMutation(precious, mutation, { userId: user, now: at });
    return async () => (await undoMutation(precious, id)) !== null;
  }
}

/** Day on which somebody last saw it; never seen comes first. */
function lastSeen({ point }: Neighbour): string {
  return (point.confirmations.last_at ?? point.captured_at ?? '').slice(0, 10);
}

/** Points captured on this device that have not left it: nobody else can know them yet. */
async function unsentPoints(precious: Precious, userId: string): Promise<Point[]> {
  const rows = await precious.outbox.where('[user_id+state]').equals([userId, 'queued']).toArray();
  return rows.flatMap((row) => {
    const point = row.kind === 'create' && applyMutation(null, row.mutation, { userId, isModerator: false });
    return point ? [point] : [];
  });
}

/** Points that this person confirmed from this phone today, sent or not. */
async function confirmedToday(precious: Precious, userId: string, now: Date): Promise<string[]> {
  const today = now.toISOString().slice(0, 10);
  const [queued, sent] = await Promise.all([
    precious.outbox.where('user_id').equals(userId).toArray(),
    precious.sent.where('[user_id+at]').between([userId, today], [userId, '\uffff']).toArray(),
  ]);
  const isToday = (row: (typeof queued)[number]) => row.saved_at.startsWith(today);
  const confirms = [...queued.filter(isToday), ...sent].filter((row) => row.kind === 'confirm');
  return confirms.map((row) => row.point_id);
}
