import type { Backend } from '../backend.ts';
import { createDemoAccounts } from './accounts.ts';

/** What seeding the demonstration needs of a backend that is being started. */
export type DemoBackend = Pick<Backend, 'database' | 'publishableKey' | 'drainJobs'> & {
  /** The API, where the mails of accounts end in `codeFor`. */
  api: (request: Request) => Promise<Response>;
  codeFor: (email: string) => string;
};

/** Whether this database already holds the demonstration. */
export async function isDemo(database: Backend['database']): Promise<boolean> {
  const rows = await database.query<{ demo: boolean }>('select demo from app.settings');
  return rows[0]?.demo ?? false;
}

/** Fills a database with the demonstration, once. */
export async function seedDemo(backend: DemoBackend): Promise<void> {
  await createDemoAccounts(backend.database, backend.api, backend.publishableKey, backend.codeFor);
  await backend.database.query('update app.settings set demo = true');
}
