import type { TokenSource } from '../../api/client.ts';
import { bounded } from '../../api/request.ts';
import { LIMITS } from '../../domain/limits.ts';
import { problem, problemOf } from '../../domain/problems.ts';
import { backoffMs } from '../backoff.ts';
import type { RunnerReport } from '../report.ts';
import type { Runner } from '../runner.ts';
import type { EngineOrder, FromEngine, Line, ToEngine } from './protocol.ts';

/** A worker that serves an engine. */
export interface EngineWorker extends Line<ToEngine> {
  addEventListener(type: 'message' | 'error', listen: (event: MessageEvent & ErrorEvent) => void): void;
  terminate(): void;
}

interface RemoteOptions {
  /** Starts a worker. May throw. */
  readonly open: () => EngineWorker;
  readonly token: TokenSource;
  readonly tell: (report: RunnerReport) => void;
  /** Listens to the world: what asks for a round, and whether anybody looks. Returns how to stop. */
  readonly listen?: (wake: () => void, see: (isVisible: boolean) => void) => () => void;
  readonly isVisible?: () => boolean;
  /** Uniform in [0, 1). */
  readonly chance?: () => number;
}

/**
 * The page's end of the line: a runner that works in a worker of its own. One that does not start,
 * dies or falls silent is replaced, after a wait that doubles, and the report says so meanwhile.
 */
export function createRemoteRunner(order: EngineOrder, options: RemoteOptions): Runner {
  const { chance = Math.random, isVisible = () => true, token } = options;
  const ended = new AbortController();
  let worker: EngineWorker | null = null;
  let failures = 0;
  let lastSuccessAt: Date | null = null;
  let restart: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let onStopped: () => void = () => undefined;

  const calm = () => {
    clearTimeout(silence);
    silence = undefined;
  };

  const fail = (why: string) => {
    calm();
    worker?.terminate();
    worker = null;
    onStopped();
    if (ended.signal.aborted) return;
    failures += 1;
    options.tell({ phase: 'idle', problem: problem('engine_stopped', why), lastSuccessAt });
    restart = setTimeout(launch, backoffMs(failures, chance));
  };

  const say = (message: ToEngine) => {
    if (!worker) return;
    worker.postMessage(message);
    silence ??= setTimeout(() => fail('silent'), LIMITS.engineAnswerMs);
  };

  const answerToken = async (by: EngineWorker, id: number, asUser: string | undefined) => {
    const limit = AbortSignal.any([ended.signal, AbortSignal.timeout(LIMITS.callTimeoutMs)]);
    const answer = await bounded(token(asUser, limit), limit).then(
      (given): ToEngine => ({ type: 'token', id, token: given }),
      (cause: unknown): ToEngine => ({ type: 'no_token', id, problem: problemOf(cause) }),
    );
    by.postMessage(answer);
  };

  const hear = (by: EngineWorker, message: FromEngine) => {
    if (by !== worker) return;
    calm();
    if (message.type === 'stopped') onStopped();
    if (ended.signal.aborted) return;
    if (message.type === 'token') void answerToken(by, message.id, message.asUser);
    if (message.type !== 'report') return;
    ({ lastSuccessAt } = message.report);
    // It has lived through a round: the next fault is a new one.
    if (message.report.phase === 'idle') failures = 0;
    options.tell(message.report);
  };

  function launch() {
    clearTimeout(restart);
    try {
      const started = options.open();
      worker = started;
      started.addEventListener('message', ({ data }) => hear(started, data as FromEngine));
      started.addEventListener('error', ({ message }) => {
        if (started === worker) fail(message);
      });
      say({ type: 'start', order, isVisible: isVisible() });
    } catch (cause) {
      fail(String(cause));
    }
  }

  const wake = () => {
    if (ended.signal.aborted) return;
    if (worker) say({ type: 'wake' });
    else launch();
  };

  launch();
  const unlisten = options.listen?.(wake, (visible) => say({ type: 'visibility', isVisible: visible }));

  return {
    wake,
    async stop() {
      ended.abort();
      unlisten?.();
      clearTimeout(restart);
      calm();
      const stopped = new Promise<void>((resolve) => (onStopped = resolve));
      if (worker) {
        worker.postMessage({ type: 'stop' });
        // It waits that long for its own round: what has not ended by then ends here, as when an app is killed.
        await bounded(stopped, AbortSignal.timeout(LIMITS.callTimeoutMs)).catch(() => undefined);
      }
      worker?.terminate();
      worker = null;
    },
  };
}
