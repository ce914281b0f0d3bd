import { getRequestListener } from '@hono/node-server';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Backend } from './backend.ts';
import type { Row } from './database.ts';
import { sayCallerAddress } from './caller-address.ts';
import { createFrontOffice } from './front-office.ts';
import { openBackend } from './open-backend.ts';
import type { LocalServerOptions } from './options.ts';

/** A running server: application and backend on one origin. */
export interface LocalServer {
  readonly url: string;
  readonly publishableKey: string;
  readonly serviceKey: string;
  /** Folder where the mails are written. */
  readonly outboxDir: string;
  /** Runs the worker until no job is due. */
  drainJobs(): Promise<void>;
  /** Runs one statement as the owner of the database. */
  sql<T extends Row = Row>(text: string, parameters?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/**
 * Starts a server on a data folder or on a PostgreSQL. The port is taken before anything is
 * opened: rejects with code `EADDRINUSE` when it isn't free.
 */
export async function createLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  let handler: (request: Request) => Promise<Response> = async () => new Response(null, { status: 503 });
  const listener = getRequestListener((request) => handler(request));
  const server = createServer((request, response) => {
    sayCallerAddress(request);
    void listener(request, response);
  });
  const url = await listen(server, options);
  let backend: Backend;
  try {
    backend = await openBackend(options, options.publicUrl ?? url);
  } catch (error) {
    await closeServer(server);
    throw error;
  }
  handler = createFrontOffice(backend, options);

  return {
    url,
    publishableKey: backend.publishableKey,
    serviceKey: backend.serviceKey,
    outboxDir: backend.outboxDir,
    drainJobs: backend.drainJobs,
    sql: backend.sql,
    async close() {
      await closeServer(server);
      await backend.close();
    },
  };
}

function listen(server: Server, options: LocalServerOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      const { port } = server.address() as AddressInfo;
      const host = options.host.includes(':') ? `[${options.host}]` : options.host;
      resolve(`http://${host}:${port}`);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
