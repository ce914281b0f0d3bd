import { liveQuery } from 'dexie';

import { bounded } from '../api/request.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Problem, problem, problemOf } from '../domain/problems.ts';
import { backoffMs } from './backoff.ts';
import type { SyncContext } from './context.ts';
import { withSyncLock } from './lock.ts';
import type { RunnerReport } from './report.ts';
import { runRound } from './round.ts';
import { glance, isNews, nextDueMs, NOTHING } from './waiting.ts';

export interface Runner {
  /** Asks for a round as soon as possible. */
  wake(): void;
  /** Ends at the next safe point; resolves when nothing runs any more. */
  stop(): Promise<void>;
}

export interface RunnerOptions {
  readonly tell: (report: RunnerReport) => void;
  /** Starts listening to the world (back in sight, network back…). Returns how to stop. */
  readonly listen?: (wake: () => void) => () => void;
  /** Whether anybody is looking: a hidden app does not poll. */
  readonly isVisible?: () => boolean;
}

/**
 * Carries a user's work to the server and back: at launch, after each save (from any tab), when
 * the world says so, when a delay is over, after a failure with backoff and jitter. Never gives up.
 */
export function createRunner(ctx: SyncContext, options: RunnerOptions): Runner {
  const ended = new AbortController();
  const { isVisible = () => true } = options;
  let report: RunnerReport = { phase: 'idle', problem: null, lastSuccessAt: null };
  let running: Promise<void> | null = null;
  let isWanted = false;
  let failures = 0;
  const doubting = { ...ctx, isRoadDoubtful: () => failures > 0 || (ctx.isRoadDoubtful?.() ?? false) };
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (change: Partial<RunnerReport>) => {
    report = { ...report, ...change };
    options.tell(report);
  };

  const round = async (): Promise<Problem | null> => {
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(LIMITS.roundTimeoutMs)]);
    let why: Problem | null = null;
    const ran = await withSyncLock(ctx.userId, async () => {
      // A database that never answers listens to no signal: it must not hold the lock for ever.
      const limit = AbortSignal.timeout(LIMITS.roundTimeoutMs + LIMITS.callTimeoutMs);
      why = await bounded(
        runRound(doubting, signal, (phase) => tell({ phase })),
        limit,
      );
    });
    // Another tab is at it: it reads the same store.
    return ran ? why : problem('busy', 'another tab');
  };

  const settle = (why: Problem | null) => {
    failures = why ? failures + 1 : 0;
    const isElsewhere = why?.code === 'busy';
    tell({
      phase: 'idle',
      problem: isElsewhere ? report.problem : why,
      ...(why ? {} : { lastSuccessAt: ctx.now() }),
    });
  };

  const plan = async () => {
    if (ended.signal.aborted) return;
    // A database that never answers must not end the planning either.
    const due = await bounded(nextDueMs(ctx), AbortSignal.timeout(LIMITS.callTimeoutMs)).catch(() => null);
    const rest = failures > 0 ? backoffMs(failures, ctx.chance) : isVisible() ? LIMITS.pollMs : null;
    const delays = [due, rest].filter((delay) => delay !== null);
    clearTimeout(timer);
    if (delays.length) timer = setTimeout(wake, Math.max(Math.min(...delays), LIMITS.dueFloorMs));
  };

  const loop = async () => {
    ignoreSaves();
    while (isWanted && !ended.signal.aborted) {
      isWanted = false;
      clearTimeout(timer);
      settle(await round().catch(problemOf));
    }
    running = null;
    attendToSaves();
    await plan();
  };

  function wake() {
    if (ended.signal.aborted) return;
    isWanted = true;
    running ??= loop();
  }

  let seen = NOTHING;
  let saves: { unsubscribe(): void } | null = null;

  /** Only while no round runs: it sees itself what is saved meanwhile, and changes the outbox at each step. */
  function attendToSaves() {
    if (ended.signal.aborted) return;
    saves ??= liveQuery(() => glance(ctx)).subscribe({
      next: (now) => {
        const before = seen;
        seen = now;
        // Progress of what is known is no news: waking for it would undo the backoff.
        if (isNews(before, now)) wake();
      },
      // The store is gone for now; timers and the next save try again.
      error: ignoreSaves,
    });
  }

  function ignoreSaves() {
    saves?.unsubscribe();
    saves = null;
  }

  const unlisten = options.listen?.(wake);

  wake();

  return {
    wake,
    async stop() {
      ended.abort();
      clearTimeout(timer);
      ignoreSaves();
      unlisten?.();
      if (running) await bounded(running, AbortSignal.timeout(LIMITS.callTimeoutMs)).catch(() => undefined);
    },
  };
}
