import type { Problem } from '../domain/problems.ts';

/** What the runner tells about itself. */
export interface RunnerReport {
  readonly phase: 'idle' | 'pushing' | 'photos' | 'pulling';
  /** Why the last round stopped, null when it went through. */
  readonly problem: Problem | null;
  /** When a whole round last went through. */
  readonly lastSuccessAt: Date | null;
}
