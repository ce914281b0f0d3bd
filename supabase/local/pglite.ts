import type { PGlite, Transaction } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { postgis } from '@electric-sql/pglite-postgis';
import { createPgliteConnection } from '@supabase/lite/pglite';
import { keepOwnGrants, type Database, type Row, type SqlRunner } from './database.ts';
import { createQueue } from './queue.ts';

/** Opens the embedded database kept in `folder`, or one in memory when no folder is given. */
export async function openPglite(folder?: string): Promise<Database> {
  const connection = await createPgliteConnection({
    ...(folder === undefined ? {} : { url: folder }),
    pgliteOptions: { extensions: { postgis, pg_trgm, unaccent } },
  });
  const pglite: PGlite = connection.driver;
  await pglite.waitReady;
  await pglite.exec(`set timezone to 'UTC'`);
  keepOwnGrants(connection);
  const exclusively = createQueue();

  return {
    kind: 'pglite',
    connection,
    exclusively,
    query: (text, parameters) => exclusively(() => runner(pglite).query(text, parameters)),
    script: (text) => exclusively(() => runner(pglite).script(text)),
    transaction: (work) => exclusively(() => pglite.transaction((transaction) => work(runner(transaction)))),
    // One connection, open already: a server that starts in front of somebody has no time to lose.
    warmUp: async () => undefined,
    close: () => exclusively(() => connection.close()),
  };
}

function runner(pglite: PGlite | Transaction): SqlRunner {
  return {
    async query<T extends Row>(text: string, parameters: unknown[] = []) {
      return (await pglite.query<T>(text, parameters)).rows;
    },
    async script(text) {
      await pglite.exec(text);
    },
  };
}
