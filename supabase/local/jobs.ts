import type { Database } from './database.ts';

/** How often the local server looks for work: what pg_cron does every few seconds on Supabase. */
const intervalMs = 1_000;

/** Runs of the worker that one drain makes at most: a job that keeps failing must not hold it. */
const maximumRuns = 50;

export interface JobTimer {
  /** Runs the worker until no job is due. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** Calls the function `worker` whenever a job is due in `app.jobs`, and once a day for the sweep. */
export function startJobTimer(database: Database, runWorker: () => Promise<void>): JobTimer {
  let running: Promise<void> | undefined;
  const timer = setInterval(
    () => void drain().catch((error: unknown) => console.error('travaux :', error)),
    intervalMs,
  );
  timer.unref();

  function drain(): Promise<void> {
    running ??= drainDue(database, runWorker).finally(() => (running = undefined));
    return running;
  }

  return {
    drain,
    async stop() {
      clearInterval(timer);
      await running?.catch(() => undefined);
    },
  };
}

async function drainDue(database: Database, runWorker: () => Promise<void>): Promise<void> {
  for (let run = 0; run < maximumRuns && (await hasDueJob(database)); run++) await runWorker();
}

async function hasDueJob(database: Database): Promise<boolean> {
  const rows = await database.query(
    `select 1 from app.jobs where done_at is null and run_after <= now()
       and (locked_until is null or locked_until < now())
     union all select 1 from app.settings where swept_at < now() - interval '1 day' limit 1`,
  );
  return rows.length > 0;
}
