import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';

import { beginNewLife } from '../../supabase/local/backup/restore.ts';
import { openPostgres } from '../../supabase/local/postgres.ts';

/** A throw-away PostgreSQL cluster, alone in a temporary folder on a free port. */
export interface PostgresCluster {
  /** Address of a superuser on the maintenance database. */
  superuserUrl: string;
  /**
   * Makes a database as a Supabase project is before its first migration: owned by `deployer`
   * (not superuser, createrole, bypassrls), extensions in schema `extensions`, roles of the API.
   * @returns the address to give as DATABASE_URL
   */
  createDatabase(name: string): Promise<string>;
  /** Kills the server as a power cut would. */
  crash(): Promise<void>;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  /** Both, at once. */
  crashAndRestart(): Promise<void>;
  /** Copies one database into a file, as `pg_dump` does every night somewhere. */
  dump(database: string): Promise<string>;
  /** Puts a database back as it was in a file of `dump`. */
  restore(database: string, file: string): Promise<void>;
  /** Copies the whole cluster while it works. */
  copy(): Promise<string>;
  /** Starts again from a copy of the whole cluster, and says so to one database, as whoever restores must. */
  returnTo(copy: string, database: string): Promise<void>;
  stop(): Promise<void>;
}

/** Folder of PostgreSQL's programs, newest version first, or undefined when none is installed. */
export async function findPostgres(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  return versions
    .map(Number)
    .filter((version) => version >= 15)
    .toSorted((a, b) => b - a)
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .find((folder) => existsSync(join(folder, 'initdb')));
}

/** Starts a cluster; rejects when no PostgreSQL 15 or later is installed. */
export async function startPostgres(): Promise<PostgresCluster> {
  const programs = await findPostgres();
  if (programs === undefined) throw new Error('no PostgreSQL 15 or later under /usr/lib/postgresql');
  const identity = unprivilegedIdentity();
  const folder = await mkdtemp(join(tmpdir(), 'capitelle-postgres-'));
  await chmod(folder, 0o700);
  if (identity) await chown(folder, identity.uid, identity.gid);
  const data = join(folder, 'data');
  runProgram(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    identity,
  );
  const port = await freePort();
  const superuserUrl = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let stopServer = await startServer(programs, data, folder, port, identity, superuserUrl);
  const start = async () => {
    stopServer = await startServer(programs, data, folder, port, identity, superuserUrl);
  };
  let copies = 0;
  const run = (program: string, ...args: string[]) => runProgram(join(programs, program), args, identity);

  return {
    superuserUrl,
    createDatabase: (name) => createDatabase(superuserUrl, name),
    crash: () => stopServer('SIGQUIT'),
    start,
    async crashAndRestart() {
      await stopServer('SIGQUIT');
      await start();
    },
    async dump(database) {
      const file = join(folder, `${database}-${++copies}.dump`);
      run('pg_dump', '--format=custom', `--file=${file}`, `--dbname=${databaseUrl(superuserUrl, database)}`);
      return file;
    },
    async restore(database, file) {
      const main = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
      await main.unsafe(`drop database "${database}" with (force)`);
      await main.unsafe(`create database "${database}" owner deployer`);
      await main.end();
      run('pg_restore', '--exit-on-error', `--dbname=${databaseUrl(superuserUrl, database)}`, file);
    },
    async copy() {
      const target = join(folder, `copy-${++copies}`);
      run(
        'pg_basebackup',
        `--pgdata=${target}`,
        '--checkpoint=fast',
        `--dbname=${superuserUrl}`,
        '--no-sync',
      );
      return target;
    },
    async returnTo(copy, database) {
      await stopServer('SIGQUIT');
      await rm(data, { recursive: true });
      await cp(copy, data, { recursive: true });
      if (identity) spawnSync('chown', ['-R', `${identity.uid}:${identity.gid}`, data]);
      await start();
      const url = new URL(databaseUrl(superuserUrl, database));
      url.username = 'deployer';
      const opened = await openPostgres(url.href);
      await beginNewLife(opened);
      await opened.close();
    },
    async stop() {
      await stopServer('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Identity {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: Debian's account `postgres` does instead. */
function unprivilegedIdentity(): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) =>
    Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout.trim());
  return { uid: id('-u'), gid: id('-g') };
}

function runProgram(program: string, args: string[], identity: Identity | undefined): void {
  const run = spawnSync(program, args, { encoding: 'utf8', cwd: '/', env: {}, ...identity });
  if (run.status !== 0)
    throw new Error(`${program} failed: ${run.stdout}${run.stderr}${run.error?.message ?? ''}`);
}

type StopServer = (signal: 'SIGINT' | 'SIGQUIT') => Promise<void>;

async function startServer(
  programs: string,
  data: string,
  socketFolder: string,
  port: number,
  identity: Identity | undefined,
  superuserUrl: string,
): Promise<StopServer> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder,
    fsync: 'off',
    max_connections: '100',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...options], {
    cwd: '/',
    env: {},
    stdio: 'ignore',
    ...identity,
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const killAtExit = () => server.kill('SIGQUIT');
  process.once('exit', killAtExit);
  await untilReady(superuserUrl, server);
  return async (signal) => {
    process.off('exit', killAtExit);
    server.kill(signal);
    await ended;
  };
}

async function untilReady(url: string, server: { exitCode: number | null }): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with code ${server.exitCode}`);
    const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
    const ready = await client`select 1`.then(
      () => true,
      () => false,
    );
    await client.end();
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function createDatabase(superuserUrl: string, name: string): Promise<string> {
  const main = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  await main.unsafe(roles);
  await main.unsafe(`create database "${name}" owner deployer`);
  await main.end();
  const url = new URL(databaseUrl(superuserUrl, name));
  const inside = postgres(url.href, { max: 1, onnotice: () => undefined });
  await inside.unsafe(extensions);
  await inside.end();
  url.username = 'deployer';
  return url.href;
}

function databaseUrl(superuserUrl: string, name: string): string {
  const url = new URL(superuserUrl);
  url.pathname = `/${name}`;
  return url.href;
}

// Several test files may ask for a database at once: the lock keeps them from making a role twice.
const roles = `
  do $$ begin
    perform pg_advisory_xact_lock(20261122);
    if not exists (select from pg_roles where rolname = 'deployer') then
      create role deployer login createrole bypassrls;
      create role anon nologin;
      create role authenticated nologin;
      create role service_role nologin bypassrls;
      grant anon, authenticated, service_role to deployer;
    end if;
  end $$`;

const extensions = `
  create schema extensions authorization deployer;
  create extension postgis with schema extensions;
  create extension pg_trgm with schema extensions;
  create extension unaccent with schema extensions;
  grant select on extensions.spatial_ref_sys to public`;

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
