import serveCouch from 'express-pouchdb';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import memory from 'pouchdb-adapter-memory';
import PouchDB from 'pouchdb-core';

import type { Kept } from './our-server.ts';

/** The peer's server: express-pouchdb in this process, its databases in memory. */
export interface CouchServer {
  readonly url: string;
  readonly database: string;
  kept(ids: readonly string[], names: string): Promise<Kept>;
  close(): Promise<void>;
}

const Database = PouchDB.plugin(memory).defaults({ adapter: 'memory' });
const answer = serveCouch(Database, {
  mode: 'minimumForPouchDB',
  inMemoryConfig: true,
  logPath: join(tmpdir(), 'capitelle-bench-couch.log'),
});
let databases = 0;

/** Opens it with a database that holds these rows. */
export async function openCouchServer(rows: readonly { id: string }[] = []): Promise<CouchServer> {
  const name = `points${++databases}`;
  const points = new Database(name);
  for (let from = 0; from < rows.length; from += 1_000) {
    await points.bulkDocs(rows.slice(from, from + 1_000).map(({ id, ...rest }) => ({ _id: id, ...rest })));
  }
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    database: name,
    async kept(ids, names) {
      const wanted = new Set(ids);
      const { rows: all } = (await points.allDocs({ include_docs: true })) as {
        rows: { id: string; doc: { attributes?: { name?: string } } }[];
      };
      const contents = all
        .map(({ doc }) => doc.attributes?.name ?? '')
        .filter((name) => name.startsWith(names));
      return {
        byId: all.filter(({ id }) => wanted.has(id)).length,
        byContent: contents.length,
        distinctContents: new Set(contents).size,
      };
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await points.destroy();
    },
  };
}
