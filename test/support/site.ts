import postgres from 'postgres';

import { type PostgresCluster, startPostgres } from './postgres.ts';
import { deleteFolder, temporaryFolder } from './local-server.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

const DATABASE = 'capitelle';

/** A PostgreSQL and the servers in front of it, each a process that can die. */
export interface Site {
  readonly cluster: PostgresCluster;
  readonly databaseName: string;
  readonly databaseUrl: string;
  readonly servers: readonly [ServerProcess, ServerProcess];
  readonly sql: ServerProcess['sql'];
  /** PostgreSQL is cut in the middle of whatever it does; what stood before it dies of that, and all start again. */
  powerCut(): Promise<void>;
  /** The servers start again, with connections that know nothing of before. */
  restartServers(): Promise<void>;
  close(): Promise<void>;
}

/** Starts two servers on one database: more commits under way at once than one server keeps connections for. */
export async function openSite(): Promise<Site> {
  const cluster = await startPostgres();
  const databaseUrl = await cluster.createDatabase(DATABASE);
  const dataDir = await temporaryFolder();
  // One after the other: the first one migrates.
  const first = await startServerProcess(dataDir, databaseUrl);
  const servers = [first, await startServerProcess(dataDir, databaseUrl)] as const;
  const restartServers = async () => {
    await Promise.all(servers.map((server) => server.kill()));
    await Promise.all(servers.map((server) => server.start()));
  };
  return {
    cluster,
    databaseName: DATABASE,
    databaseUrl,
    servers,
    sql: first.sql,
    restartServers,
    async powerCut() {
      await cluster.crashAndRestart();
      await restartServers();
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      await cluster.stop();
      await deleteFolder(dataDir);
    },
  };
}

/** Opens a transaction that writes nothing useful and does not end. Returns how to end it. */
export async function leaveOpen(databaseUrl: string): Promise<() => Promise<void>> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const idle = await client.reserve();
  await idle`begin`;
  await idle`select pg_current_xact_id()`;
  return async () => {
    await idle`commit`;
    idle.release();
    await client.end();
  };
}
