import { type Problem } from '../domain/problems.ts';
import type { RunnerReport } from '../sync/report.ts';

/** How sending is going, for the status pill and the outbox. */
export class SyncStatus {
  #report = $state.raw<RunnerReport>({ phase: 'idle', problem: null, lastSuccessAt: null });
  #roundStartedAtMs = $state<number | null>(null);
  #sync: () => void;

  constructor(subscribe: (tell: (report: RunnerReport) => void) => void, sync: () => void) {
    this.#sync = sync;
    subscribe((report) => {
      if (report.phase !== 'idle' && this.#report.phase === 'idle') this.#roundStartedAtMs = Date.now();
      this.#report = report;
    });
  }

  /** Whether something is being sent or received now. */
  get isRunning(): boolean {
    return this.#report.phase !== 'idle';
  }

  get phase(): RunnerReport['phase'] {
    return this.#report.phase;
  }

  /** When the round under way, or the last one, began, in Unix milliseconds; null before the first. */
  get roundStartedAtMs(): number | null {
    return this.#roundStartedAtMs;
  }

  /** Why the last round stopped, null when it went through. */
  get problem(): Problem | null {
    return this.#report.problem;
  }

  /** When server and device last agreed, null since the start of the app. */
  get lastSuccessAt(): Date | null {
    return this.#report.lastSuccessAt;
  }

  /** Asks for a round now. */
  syncNow(): void {
    this.#sync();
  }
}
