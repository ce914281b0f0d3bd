import 'fake-indexeddb/auto';

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openCache } from '../../../src/db/cache.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import { ProblemError } from '../../../src/domain/problems.ts';
import type { RunnerReport } from '../../../src/sync/report.ts';
import type { Runner } from '../../../src/sync/runner.ts';
import { askTokens } from '../../../src/sync/worker/ask-tokens.ts';
import type { ToEngine } from '../../../src/sync/worker/protocol.ts';
import { createRemoteRunner, type EngineWorker } from '../../../src/sync/worker/remote-runner.ts';
import { serveEngine } from '../../../src/sync/worker/serve.ts';

/** A machine with other work takes its time. */
const until = (holds: () => void) => vi.waitFor(holds, 15_000);

/** A line between two threads, both ends here: the engine is served for real, or nobody is at the other end. */
class FakeThread {
  isAlive = true;
  readonly heard: ToEngine[] = [];
  readonly worker: EngineWorker;
  readonly #channel = new MessageChannel();
  readonly #errors: ((event: MessageEvent & ErrorEvent) => void)[] = [];

  constructor(isServed: boolean) {
    const { port1, port2 } = this.#channel;
    port2.addEventListener('message', ({ data }) => this.heard.push(data as ToEngine));
    let kill: (event: MessageEvent) => void = () => undefined;
    if (isServed) serveEngine({ postMessage: (said) => port2.postMessage(said), addEventListener });
    function addEventListener(type: 'message', listen: (event: MessageEvent) => void) {
      port2.addEventListener(type, listen as (event: Event) => void);
      kill = listen;
    }
    port2.start();
    port1.start();
    this.worker = {
      postMessage: (said) => port1.postMessage(said),
      addEventListener: (type, listen) => {
        if (type === 'error') this.#errors.push(listen);
        else port1.addEventListener('message', listen as (event: Event) => void);
      },
      terminate: () => {
        this.isAlive = false;
        port1.close();
        // A thread that ends takes its engine along, and the lock that it held.
        kill(new MessageEvent('message', { data: { type: 'stop' } }));
      },
    };
  }

  break(): void {
    for (const listen of this.#errors) listen({ message: 'broken' } as MessageEvent & ErrorEvent);
  }
}

describe('an engine on another thread', () => {
  const bearers: string[] = [];
  let server: Server;
  let answer: RequestListener;
  let threads: FakeThread[];
  let runner: Runner | null;
  let reports: RunnerReport[];
  const codes = () => reports.map(({ problem }) => problem?.code ?? null);

  beforeEach(async () => {
    [threads, reports, runner] = [[], [], null];
    bearers.length = 0;
    answer = (_, response) => response.writeHead(503).end();
    server = createServer((request, response) => {
      bearers.push(request.headers.authorization ?? '');
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await runner?.stop();
    server.closeAllConnections();
    server.close();
  });

  const start = (token: () => Promise<string>, isServed = true, open?: () => EngineWorker): Runner => {
    const order = {
      userId: 'me',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      publishableKey: 'public',
      sender: { deviceId: 'd', version: '1' },
    };
    const thread = () => {
      const made = new FakeThread(isServed);
      threads.push(made);
      return made.worker;
    };
    const tell = (report: RunnerReport) => void reports.push(report);
    return (runner = createRemoteRunner(order, { open: open ?? thread, token, tell, chance: () => 0 }));
  };

  it('asks the page for each token, and says what the page says', async () => {
    start(() => Promise.resolve('mine'));
    await until(() => expect(codes()).toContain('server_error'));
    expect(bearers).toContain('Bearer mine');
    await runner?.stop();
    start(() => Promise.reject(new ProblemError('wrong_user')));
    bearers.length = 0;
    await until(() => expect(codes()).toContain('wrong_user'));
    expect(bearers).toEqual([]);
  });

  it('never passes as nobody', async () => {
    start(() => Promise.resolve('public'));
    await until(() => expect(codes()).toContain('auth_required'));
    expect(bearers).toEqual([]);
  });

  it('gives a question that nobody answers its limit, and no longer', async () => {
    const { ask } = askTokens({ postMessage: () => undefined, addEventListener: () => undefined });
    await expect(ask('me', AbortSignal.timeout(5))).rejects.toMatchObject({ problem: { code: 'timeout' } });
  });

  it('is replaced when it breaks or does not start, and the report says so', async () => {
    let isRefused = true;
    start(
      () => Promise.resolve('mine'),
      true,
      () => {
        if (isRefused) throw new DOMException('no worker', 'SecurityError');
        threads.push(new FakeThread(true));
        return threads.at(-1)?.worker as EngineWorker;
      },
    );
    expect(codes()).toEqual(['engine_stopped']);
    isRefused = false;
    runner?.wake();
    await until(() => expect(codes()).toContain('server_error'));
    threads[0]?.break();
    expect(threads[0]?.isAlive).toBe(false);
    expect(codes().at(-1)).toBe('engine_stopped');
    await until(() => expect(threads).toHaveLength(2));
    await until(() => expect(codes().at(-1)).toBe('server_error'));
  });

  it('is taken for dead when it says nothing', async () => {
    vi.useFakeTimers();
    try {
      start(() => Promise.resolve('mine'), false);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(codes()).toContain('engine_stopped');
      expect(threads.length).toBeGreaterThan(1);
      expect(threads.slice(0, -1).every((thread) => !thread.isAlive)).toBe(true);
    } finally {
      vi.useRealTimers();
    }
    threads.at(-1)?.break();
  });

  it('ends at a safe point, lets go of the databases, and is heard of no more', async () => {
    start(() => Promise.resolve('mine'));
    await until(() => expect(codes()).toContain('server_error'));
    const copy = openCache('me');
    await copy.open();
    await runner?.stop();
    const [thread] = threads;
    expect(thread?.heard.at(-1)).toEqual({ type: 'stop' });
    expect(thread?.isAlive).toBe(false);
    const told = reports.length;
    runner?.wake();
    expect(threads).toHaveLength(1);
    expect(reports).toHaveLength(told);
    // Nobody else holds it open: the deletion does not wait.
    await copy.delete();
  });

  it('sends what the page has saved, on connections of its own', async () => {
    const asked: string[] = [];
    answer = (request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(503).end();
    };
    start(() => Promise.resolve('mine'));
    await until(() => expect(codes()).toContain('server_error'));
    asked.length = 0;
    const precious = openPrecious();
    await precious.outbox.add({
      mutation_id: 'm1',
      user_id: 'me',
      point_id: 'p1',
      kind: 'create',
      mutation: {
        mutation_id: 'm1',
        v: 1,
        kind: 'create',
        point_id: 'p1',
        theme: 'heritage',
        captured_at: '2026-05-02T10:00:00Z',
        patch: {},
      },
      frozen: null,
      state: 'queued',
      attempts: 0,
      last_problem: null,
      not_before: 0,
      saved_at: '2026-05-02T10:00:00Z',
    });
    await until(() => expect(asked.some((url) => url.includes('sync_push'))).toBe(true));
    precious.close();
  });
});
