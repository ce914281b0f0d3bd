import { type Arrival, averageFixes, type Fix, isFixWindowOver, measuredFix } from '../domain/geo/fixes.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, problem } from '../domain/problems.ts';
import { type FixListener, isPositionAllowed, watchFixes } from '../device/geolocation.ts';
import { askForCompass, type HeadingListener, isCompassGuarded, watchHeading } from '../device/heading.ts';
import { watchSight } from '../device/lifecycle.ts';

/** `idle`: never asked. `found`: the search is over, the position may still be poor. */
export type LocationPhase = 'idle' | 'searching' | 'found' | 'failed';

interface Device {
  readonly watch: (listener: FixListener) => () => void;
  /** The compass; absent where there is none. */
  readonly watchHeading?: (listener: HeadingListener) => () => void;
  /** The permission without which the compass is silent; absent where none is needed. */
  readonly compass?: { readonly isGuarded: () => boolean; readonly ask: () => Promise<boolean> };
  /** Tells when the page goes out of sight, and when it comes back. */
  readonly watchSight?: (onChange: (isVisible: boolean) => void) => () => void;
  readonly now: () => number;
}

/** The phone itself. */
export const DEVICE: Device = {
  watch: watchFixes,
  watchHeading,
  compass: { isGuarded: isCompassGuarded, ask: askForCompass },
  watchSight,
  now: Date.now,
};

/**
 * Where the person stands. A search lasts 20 s at most and ends as soon as a fix is good: no watch
 * stays open, for the battery.
 */
export class LocationState {
  #device: Device;
  #fixes = $state.raw<readonly Fix[]>([]);
  #phase = $state<LocationPhase>('idle');
  #problem = $state.raw<Problem | null>(null);
  #found = $state.raw<Fix | null>(null);
  #isCompassShut = $state(false);
  #heading: { readonly degrees: number; readonly atMs: number } | null = null;
  /** What runs only while the page is in sight. */
  #stops: (() => void)[] = [];
  #stopLooking: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #startedAtMs = 0;
  /** The last answer of this search, taken or not. */
  #last: Arrival | null = null;
  #onFix: ((fix: Fix) => void) | undefined;

  constructor(device: Device = DEVICE) {
    this.#device = device;
    this.#isCompassShut = device.compass?.isGuarded() ?? false;
  }

  get phase(): LocationPhase {
    return this.#phase;
  }

  /** Weighted mean of the fixes of this search, or of the last one; null when none came. */
  get fix(): Fix | null {
    return this.#found;
  }

  /** Where the camera looks, degrees clockwise from north; null without a compass, or once that is a while ago. */
  get heading(): number | null {
    return this.#heading && this.#isRecent(this.#heading.atMs) ? this.#heading.degrees : null;
  }

  /** Whether there is a compass that waits for the person's permission. Once refused it is not asked again. */
  get isCompassShut(): boolean {
    return this.#isCompassShut;
  }

  /** Asks the person for the compass, at their press. A search under way listens to it from then on. */
  async openCompass(): Promise<boolean> {
    const isGiven = (await this.#device.compass?.ask()) ?? false;
    this.#isCompassShut = false;
    if (isGiven && this.#stops.length > 0) {
      this.#rest();
      this.#watch();
    }
    return isGiven;
  }

  /** How many fixes the position stands on. */
  get fixCount(): number {
    return this.#fixes.length;
  }

  /** Why there is no position, once a search has failed. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** The position, unless it tells where the phone was a while ago. */
  get recentFix(): Fix | null {
    return this.#found && this.#isRecent(this.#found.atMs) ? this.#found : null;
  }

  #isRecent(atMs: number): boolean {
    return this.#device.now() - atMs <= LIMITS.fixMaxAgeMs;
  }

  /**
   * Searches anew, telling each better position; first the one just found, unless somebody else had it: in a
   * series the phone has walked on since. A search already under way goes on.
   */
  search(onFix?: (fix: Fix) => void): void {
    const found = this.#onFix || this.#fixes.length === 0 ? null : this.recentFix;
    this.#onFix = onFix;
    if (found) onFix?.(found);
    if (this.#phase === 'searching') return;
    this.#fixes = [];
    this.#last = null;
    // Where the phone was a while ago is not where it is, should the receiver stay silent.
    if (!this.recentFix) this.#found = null;
    this.#problem = null;
    this.#phase = 'searching';
    this.#watch();
    // The camera, or a pocket: the receiver rests meanwhile, and the search begins again after it.
    this.#stopLooking = this.#device.watchSight?.((isVisible) => {
      this.#rest();
      if (isVisible) this.#watch();
    });
    // A device that answers at once has failed or found before its stop function was known.
    if (this.#phase !== 'searching') this.#release();
  }

  #watch(): void {
    this.#startedAtMs = this.#device.now();
    this.#timer = setTimeout(() => this.#giveUp(), LIMITS.fixWindowMs);
    const stopFixes = this.#device.watch({
      onFix: (fix) => this.#take(fix),
      onProblem: (why) => this.#fail(why),
    });
    const stopHeading = this.#device.watchHeading?.(
      (degrees) => (this.#heading = { degrees, atMs: this.#device.now() }),
    );
    this.#stops = [stopFixes, ...(stopHeading ? [stopHeading] : [])];
  }

  /** Searches where the person has already allowed it; asks nothing of anybody. */
  async searchIfAllowed(): Promise<void> {
    if (this.#phase === 'idle' && (await isPositionAllowed())) this.search();
  }

  /** Ends the search with what it has; that of somebody else who listens by now goes on when `onFix` is given. */
  stop(onFix?: (fix: Fix) => void): void {
    if (this.#phase !== 'searching' || (onFix && onFix !== this.#onFix)) return;
    this.#release();
    this.#phase = this.#fixes.length > 0 ? 'found' : 'failed';
  }

  #giveUp(): void {
    if (this.#fixes.length === 0) this.#problem ??= problem('position_unavailable');
    this.stop();
  }

  #take(fix: Fix): void {
    if (this.#phase !== 'searching') return;
    const arrival = { fix, atMs: this.#device.now() };
    const measured = measuredFix(arrival, this.#last);
    this.#last = arrival;
    if (!measured) {
      if (this.#fixes.length === 0) this.#problem = problem('position_frozen');
      return;
    }
    this.#fixes = [...this.#fixes, measured];
    this.#problem = null;
    this.#found = averageFixes(this.#fixes, this.#device.now());
    if (this.#found) this.#onFix?.(this.#found);
    if (isFixWindowOver(this.#fixes, this.#startedAtMs, this.#device.now())) this.stop();
  }

  #fail(why: Problem): void {
    if (this.#phase !== 'searching') return;
    this.#problem = why;
    // A refusal is final; a signal lost in a street may come back within the window.
    if (why.code !== 'position_denied') return;
    this.#release();
    this.#phase = this.#fixes.length > 0 ? 'found' : 'failed';
  }

  #release(): void {
    this.#rest();
    this.#stopLooking?.();
    this.#stopLooking = undefined;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }
}
