import type { Cache } from '../db/cache.ts';
import { receiptsOf } from '../db/outbox.ts';
import { pointsAround } from '../db/points.ts';
import type { Precious } from '../db/precious.ts';
import { applyMutation } from '../domain/commands/apply.ts';
import { makeMutation } from '../domain/commands/make.ts';
import type { Draft } from '../domain/draft.ts';
import { accuracyReach, type Candidate, duplicateRadius, findDuplicates } from '../domain/duplicates.ts';
import { distanceMeters } from '../domain/geo/distance.ts';
import type { RandomBytes } from '../domain/id.ts';
import { parseJson } from '../domain/json.ts';
import { LIMITS } from '../domain/limits.ts';
import { mutationSchema } from '../domain/mutation.ts';
import { firstThumb, type Point } from '../domain/point.ts';
import { givenName } from '../domain/point-title.ts';
import { ProblemError } from '../domain/problems.ts';
import type { Theme } from '../domain/theme.ts';
import type { Thesaurus } from '../domain/thesaurus/tree.ts';
import { enqueueMutation, isUntried } from '../sync/enqueue.ts';
import { undoMutation } from '../sync/outbox-actions.ts';
import { keptThumb } from './kept-thumbs.ts';
import { live, type Live } from './live.svelte.ts';
import type { LocationState } from './location.svelte.ts';
import { inOrder, type NearbyOrder, type Neighbour, type Said } from './neighbours.ts';
import { thumbnailOf } from './photo-files.ts';

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
    const theme = $derived(themes().find((one) => one.id === draft().theme));
    // As a text, so that an answer that the rule does not look at asks nothing anew.
    const asked = $derived(JSON.stringify(askedOf(draft(), theme)));
    return live<readonly Candidate[]>(async () => {
      const { newcomer, settled } = JSON.parse(asked) as ReturnType<typeof askedOf>;
      const [store, terms, user, itsTheme] = [cache(), thesaurus(), userId(), theme];
      const { geom } = newcomer;
      if (!geom) return [];
      const radius = duplicateRadius(itsTheme);
      // As far as the rule may reach: the other position may be as poor as they come.
      const reach = radius + accuracyReach(geom) + LIMITS.duplicateAccuracyMaxMeters;
      const around = await pointsAround(store, newcomer.theme, geom, reach);
      const unsent = user === null ? [] : await unsentPoints(precious, user);
      const known = new Map([...around, ...unsent].map((point) => [point.id, point]));
      return findDuplicates({ ...newcomer, geom }, known.values(), terms, itsTheme, new Set(settled));
    }, []);
  }

  /** Published points around the person, in that order. Call it where effects live. */
  around(order: () => NearbyOrder = () => 'nearest'): Live<readonly Neighbour[]> {
    const { cache, themes, location, precious, userId } = this.#deps;
    return live<readonly Neighbour[]>(async () => {
      const [store, here, user, wanted] = [cache(), location.fix, userId(), order()];
      const themeIds = themes().map((theme) => theme.id);
      if (!here) return [];
      const found = await Promise.all(
        themeIds.map((theme) => pointsAround(store, theme, here, LIMITS.nearbyRadiusMeters)),
      );
      const said = user === null ? null : await saidToday(precious, user, this.#deps.now());
      const published = found.flat().filter((point) => point.status === 'published');
      const neighbours = published.map((point) => ({
        point,
        distanceMeters: distanceMeters(here, point.geom),
        saidToday: said?.get(point.id) ?? null,
      }));
      return inOrder(neighbours, wanted).slice(0, LIMITS.nearbyShown);
    }, []);
  }

  /**
   * First picture of a known point: taken here, or kept by this device (addresses to release), else the public one; null
   * when there is none.
   */
  async thumbnail(point: Point): Promise<string | null> {
    const { precious, cache } = this.#deps;
    return (await thumbnailOf(precious, point.id)) ?? (await keptThumb(cache(), point)) ?? firstThumb(point);
  }

  /**
   * "Still there", in what state where that is told: counts at once. Returns the way back, which answers whether it
   * was in time.
   */
  async confirm(point: Point, condition: string | null = null): Promise<() => Promise<boolean>> {
    const { precious, userId, now, random } = this.#deps;
    const user = userId();
    if (user === null) throw new ProblemError('auth_required');
    const at = now();
    const seen = { kind: 'confirm', point_id: point.id, theme: point.theme, found: true } as const;
    const told = condition === null ? {} : { condition };
    const mutation = makeMutation({ ...seen, ...told, observed_at: at.toISOString() }, at, random);
    const id = await enqueueMutation(precious, mutation, { userId: user, now: at, isHeld: true });
    return () => this.takeBack(id);
  }

  /** Takes back what was said of a thing, its photos too. False when it has left. */
  async takeBack(mutationId: string): Promise<boolean> {
    return (await undoMutation(this.#deps.precious, mutationId, { withPhotos: true })) !== null;
  }
}

/** What of a draft the rule of duplicates looks at, and which points were told apart from it. */
function askedOf(draft: Draft, theme: Theme | undefined) {
  const { id, theme: themeId, concept, geom, attributes, not_same_as, maybe_same_as = [], series } = draft;
  return {
    newcomer: { id, theme: themeId, concept, geom, name: givenName({ attributes }, theme) },
    // Those of a series stand in a row: they are others.
    settled: [...not_same_as, ...maybe_same_as, ...(series?.steps ?? []).map((step) => step.point_id)],
  };
}

/** Points captured on this device that have not left it: nobody else can know them yet. */
async function unsentPoints(precious: Precious, userId: string): Promise<Point[]> {
  const rows = await precious.outbox.where('[user_id+state]').equals([userId, 'queued']).toArray();
  return rows.flatMap((row) => {
    const point = row.kind === 'create' && applyMutation(null, row.mutation, { userId, isModerator: false });
    return point ? [point] : [];
  });
}

/** What this person said from this device today of points that stand or are gone, sent or not. */
async function saidToday(precious: Precious, userId: string, now: Date): Promise<ReadonlyMap<string, Said>> {
  const today = now.toISOString().slice(0, 10);
  const [queued, sent] = await Promise.all([
    precious.outbox.where('user_id').equals(userId).toArray(),
    receiptsOf(precious, userId, today),
  ]);
  const said = [
    ...sent
      .filter((row) => row.kind === 'confirm')
      .map((row) => ({ said: parseJson(row.payload), unsentId: null })),
    ...queued
      .filter((row) => row.saved_at.startsWith(today))
      .map((row) => ({ said: row.mutation, unsentId: isUntried(row) ? row.mutation_id : null })),
  ];
  const observations = said.flatMap(({ said: one, unsentId }) => {
    const parsed = mutationSchema.safeParse(one);
    return parsed.success && parsed.data.kind === 'confirm' ? [{ ...parsed.data, unsentId }] : [];
  });
  return new Map(
    observations.map(({ point_id, found, condition = null, unsentId }) => [
      point_id,
      { found, condition, unsentId },
    ]),
  );
}
