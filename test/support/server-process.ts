import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';

import type { LocalServer } from '../../supabase/local/server.ts';

/** A local server in a process of its own, that can die as machines do. */
export interface ServerProcess extends Pick<LocalServer, 'url' | 'publishableKey' | 'sql' | 'outboxDir'> {
  /** Ends it without a word (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
  /** Whether the process that was started last still runs. */
  isAlive(): boolean;
  close(): Promise<void>;
}

const PROGRAM = join(import.meta.dirname, '../../supabase/local/start.ts');
const START_PATIENCE_MS = 60_000;

/** Starts a server without demonstration on a PostgreSQL; `sql` speaks to that PostgreSQL directly. */
export async function startServerProcess(dataDir: string, databaseUrl: string): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let said = '';

  const start = async () => {
    const env = {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      DEMO: '0',
    };
    const started = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    said = '';
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4_000)));
    const deadline = Date.now() + START_PATIENCE_MS;
    for (;;) {
      const answer = await fetch(`${url}/healthz`).catch(() => null);
      if (answer?.ok) return;
      if (started.exitCode !== null || Date.now() > deadline)
        throw new Error(`the server did not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const kill = async () => {
    const dying = child;
    child = undefined;
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return;
    const ended = new Promise((resolve) => dying.once('exit', resolve));
    dying.kill('SIGKILL');
    await ended;
  };
  process.once('exit', () => child?.kill('SIGKILL'));

  await start();
  return {
    url,
    publishableKey: 'sb_publishable_local',
    outboxDir: join(dataDir, 'outbox'),
    start,
    isAlive: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    kill,
    close: kill,
    async sql<T>(text: string, parameters: unknown[] = []) {
      // One connection a question: none is left half-dead by a PostgreSQL that was stopped.
      const client = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
      try {
        return [...(await client.unsafe(text, parameters as postgres.ParameterOrJSON<never>[]))] as T[];
      } finally {
        await client.end();
      }
    },
  };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
