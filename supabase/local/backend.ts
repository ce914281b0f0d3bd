import { join } from 'node:path';
import type { FunctionEnv } from '../functions/_shared/env.ts';
import { createSmtpSender } from '../functions/_shared/smtp.ts';
import { functionHandlers } from './function-handlers.ts';
import { withAuthGuard } from './auth-guard.ts';
import { withAuthLimits } from './auth-limits.ts';
import { withAuthShim, type Handle } from './auth-shim.ts';
import { createCodeCatcher } from './demo/accounts.ts';
import { isDemo, seedDemo } from './demo/seed-demo.ts';
import type { Database, Row } from './database.ts';
import { createFunctions } from './functions.ts';
import { sandboxHeaders, withHeaders } from './headers.ts';
import { health } from './health.ts';
import { startJobTimer } from './jobs.ts';
import { createLiteApp } from './lite-app.ts';
import { createMailDrop, type SendMail } from './mail-drop.ts';
import { openDataFolder } from './data-folder.ts';
import { refuseDemoOnNetwork, type LocalServerOptions } from './options.ts';
import { reach } from './reach.ts';
import { bufferBody } from './request-body.ts';
import { callerAddressHeader } from './caller-address.ts';
import { withRestGuard } from './rest-guard.ts';
import { readSecrets } from './secrets.ts';
import { withStorageShim } from './storage-shim.ts';

/** The whole backend in this process, behind one web-standard handler. */
export interface Backend {
  readonly database: Database;
  readonly publishableKey: string;
  readonly serviceKey: string;
  readonly outboxDir: string;
  /** Answers the addresses of the API; undefined for any other. */
  handle(request: Request): Promise<Response | undefined>;
  drainJobs(): Promise<void>;
  sql<T extends Row = Row>(text: string, parameters?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/** Address that the functions call: it never leaves the process. */
const internalUrl = 'http://capitelle.internal';

/** Asks the calls of the first screen once: what reads catalogues and plans at its first use does so before anybody waits. */
async function warmUp(api: Handle, publishableKey: string): Promise<void> {
  for (const call of ['themes', 'points_search', 'map_tile?z=0&x=0&y=0'])
    await api(new Request(`${internalUrl}/rest/v1/rpc/${call}`, { headers: { apikey: publishableKey } }));
}

/** Opens the database, brings it up to date and starts what serves it. */
export async function createBackend(options: LocalServerOptions, publicUrl: string): Promise<Backend> {
  const { database, release } = await openDataFolder(options);
  try {
    return await serve(database, release, options, publicUrl);
  } catch (error) {
    await database.close();
    await release();
    throw error;
  }
}

async function serve(
  database: Database,
  release: () => Promise<void>,
  options: LocalServerOptions,
  publicUrl: string,
): Promise<Backend> {
  if (await isDemo(database)) refuseDemoOnNetwork(options);
  const secrets = await readSecrets(options.dataDir);
  const publishableKey = options.publishableKey ?? 'sb_publishable_local';
  const outboxDir = join(options.dataDir, 'outbox');
  const sendMail = options.smtpUrl
    ? createSmtpSender(options.smtpUrl, options.mailFrom ?? 'Capitelle <capitelle@localhost>')
    : createMailDrop(outboxDir, options.announce ?? (() => undefined));
  const createApi = async (send: SendMail): Promise<Handle> => {
    const storageDir = join(options.dataDir, 'storage');
    const lite = await createLiteApp({
      database,
      secrets,
      publishableKey,
      publicUrl,
      storageDir,
      sendMail: send,
    });
    const answer: Handle = async (request) => {
      const buffered = await bufferBody(request);
      return buffered instanceof Response
        ? buffered
        : database.exclusively(async () => lite.fetch(buffered, { peerAddress: null }));
    };
    return withAuthShim(withStorageShim(answer));
  };
  const api = withRestGuard(withAuthGuard(withAuthLimits(await createApi(sendMail)), database));
  const env: FunctionEnv = {
    supabaseUrl: internalUrl,
    publishableKey,
    serviceKey: secrets.serviceKey,
    publicUrl,
    addressHeader: callerAddressHeader,
    fetch: api,
    sendMail,
    reach,
  };
  const functions = createFunctions(functionHandlers, env);
  const jobs = startJobTimer(database, async () => {
    const request = new Request(`${internalUrl}/functions/v1/worker`, {
      method: 'POST',
      headers: { apikey: secrets.serviceKey },
    });
    const response = await functions(request);
    if (!response.ok) throw new Error(`worker : ${response.status} ${await response.text()}`);
  });
  const backend: Backend = {
    database,
    publishableKey,
    serviceKey: secrets.serviceKey,
    outboxDir,
    async handle(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/healthz') return health(database);
      if (pathname.startsWith('/auth/v1/') || pathname.startsWith('/rest/v1/')) return api(request);
      if (pathname.startsWith('/storage/v1/')) return withHeaders(await api(request), sandboxHeaders);
      if (pathname.startsWith('/functions/v1/')) return functions(request);
      return undefined;
    },
    drainJobs: jobs.drain,
    sql: database.query,
    async close() {
      await jobs.stop();
      await database.close();
      await release();
    },
  };
  await database.warmUp();
  await warmUp(api, publishableKey);
  if (options.demo && !(await isDemo(database))) {
    const { codeFor, sendMail: catchCode } = createCodeCatcher();
    await seedDemo({ ...backend, api: await createApi(catchCode), codeFor });
  }
  return backend;
}
