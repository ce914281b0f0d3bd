import type { Api } from '../../api/client.ts';
import { type LeaseAnswer, takeLease } from '../../api/moderation.ts';

/** A lease lasts five minutes on the server. */
const RENEW_MS = 4 * 60_000;

/**
 * Who reads the item that is open. Advisory: it forbids nothing, and without network it is not known.
 */
export class Lease {
  #api: Api;
  #answer = $state.raw<LeaseAnswer | null>(null);
  #wasMine = $state(false);
  #pointId: string | null = null;
  #renewal: ReturnType<typeof setInterval> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Until when the item is this person's to read; null when it is not. */
  get until(): string | null {
    return this.#answer?.granted ? (this.#answer.until ?? null) : null;
  }

  /** Who else reads it: a name, '' for somebody without one; null when nobody does. */
  get other(): string | null {
    return this.#answer && !this.#answer.granted ? (this.#answer.holder ?? '') : null;
  }

  /** Whether it was this person's before somebody else took it. */
  get isLost(): boolean {
    return this.#wasMine && this.other !== null;
  }

  /** Takes a point, giving the one before back, and renews it while it is read. */
  async take(pointId: string): Promise<void> {
    if (this.#pointId === pointId) return;
    this.release();
    this.#pointId = pointId;
    this.#renewal = setInterval(() => void this.#ask(pointId), RENEW_MS);
    await this.#ask(pointId);
  }

  /** Gives it back. Lost without network, where it ends by itself. */
  release(): void {
    clearInterval(this.#renewal);
    if (this.#pointId !== null && this.#answer?.granted) {
      void takeLease(this.#api, this.#pointId, true).catch(() => undefined);
    }
    this.#pointId = null;
    this.#answer = null;
    this.#wasMine = false;
  }

  async #ask(pointId: string): Promise<void> {
    const answer = await takeLease(this.#api, pointId).catch(() => null);
    if (this.#pointId !== pointId) {
      // It came too late: somebody else may have it.
      if (answer?.granted) void takeLease(this.#api, pointId, true).catch(() => undefined);
      return;
    }
    if (answer) this.#answer = answer;
    this.#wasMine ||= answer?.granted === true;
  }
}
