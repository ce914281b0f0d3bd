import type { Point } from '../../domain/point.ts';
import type { ReviewCandidate } from '../../domain/review.ts';
import {
  type Difference,
  differencesOf,
  suggestKeep,
  suggestSurvivor,
  type Survivor,
} from '../../domain/survivor.ts';
import type { Choice } from '../../state/desk/desk.svelte.ts';

/** What was chosen: the point that goes, and how. */
export interface Merged {
  readonly goes: Point;
  readonly choice: Choice;
}

/** Choosing, of two points that are one thing, which stays and which value of each field. */
export class Merge {
  /** In the order in which they are shown: the one being judged, then the other. */
  readonly pair: readonly [Point, Point];
  readonly suggested: Survivor;
  #stays = $state.raw<Point>() as Point;
  #chosen = $state.raw<Readonly<Record<string, string>>>({});

  readonly differences: readonly Difference[] = $derived.by(() => differencesOf(this.stays, this.goes));

  constructor(judged: Point, other: Point, told?: ReviewCandidate['survivor']) {
    this.pair = [judged, other];
    this.suggested = suggestSurvivor(judged, other, told ?? undefined);
    this.#stays = this.suggested.stays;
  }

  get stays(): Point {
    return this.#stays;
  }

  get goes(): Point {
    return this.#stays === this.pair[0] ? this.pair[1] : this.pair[0];
  }

  stay(point: Point): void {
    if (this.suggested.isFree) this.#stays = point;
  }

  /** The point whose value of a field is kept. */
  keptOf(path: string): Point {
    const chosen = this.#chosen[path] ?? suggestKeep(this.differences)[path];
    if (chosen === 'this') return this.goes;
    if (chosen === 'other') return this.stays;
    return this.pair.find(({ id }) => id === chosen) ?? this.stays;
  }

  keep(path: string, point: Point): void {
    this.#chosen = { ...this.#chosen, [path]: point.id };
  }

  result(comment: string): Merged {
    const goes = this.goes;
    const keep = Object.fromEntries(
      this.differences.map(({ path }) => [
        path,
        this.keptOf(path) === goes ? ('this' as const) : ('other' as const),
      ]),
    );
    const words = comment ? { comment } : {};
    const choice = {
      decision: 'duplicate',
      reason: 'duplicate',
      duplicate_of: this.stays.id,
      seen_other_rev: this.stays.rev,
      keep,
      ...words,
    } as const;
    return { goes, choice };
  }
}
