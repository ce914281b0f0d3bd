import { join } from 'node:path';
import type { Database } from '../database.ts';
import { deriveCodes } from '../territories/codes.ts';
import { readLists } from '../territories/lists.ts';
import { loadTerritories } from '../territories/load-territories.ts';
import { readOutlines } from '../territories/outlines.ts';
import { createDemoAccounts } from './accounts.ts';
import { createDemoClient } from './client.ts';
import { playHistory } from './history.ts';
import { demoFolder, readDemoPoints } from './points.ts';

/** What seeding the demonstration needs of a backend that is being started. */
export interface DemoBackend {
  readonly database: Database;
  readonly publishableKey: string;
  drainJobs(): Promise<void>;
  handle(request: Request): Promise<Response | undefined>;
  /** The API, where the mails of accounts end in `codeFor`. */
  api: (request: Request) => Promise<Response>;
  codeFor: (email: string) => string;
}

/** Whether this database already holds the demonstration. */
export async function isDemo(database: Database): Promise<boolean> {
  const rows = await database.query<{ demo: boolean }>('select demo from app.settings');
  return rows[0]?.demo ?? false;
}

/** Fills a database with the demonstration, once: territories, accounts, what they captured. */
export async function seedDemo(backend: DemoBackend): Promise<void> {
  const { database, publishableKey } = backend;
  await loadDemoTerritories(database);
  const tokens = await createDemoAccounts(database, backend.api, publishableKey, backend.codeFor);
  const answer = async (request: Request) =>
    (await backend.handle(request)) ?? new Response(null, { status: 404 });
  const points = await database.query('select 1 from app.points limit 1');
  if (points.length === 0) {
    await playHistory(database, await readDemoPoints(), (email) =>
      createDemoClient(answer, publishableKey, tokens.get(email) ?? ''),
    );
  }
  await backend.drainJobs();
  await database.query('update app.settings set demo = true');
}

async function loadDemoTerritories(database: Database): Promise<void> {
  const known = await database.query(`select 1 from app.territories where level = 'commune' limit 1`);
  if (known.length > 0) return;
  const file = join(demoFolder, 'demonstration.geojson');
  const lists = await readLists();
  await loadTerritories(database, file, await readOutlines(file), deriveCodes(lists.communes), lists);
}
