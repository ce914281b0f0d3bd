import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';

import { openDataFolder } from '../../../supabase/local/data-folder.ts';
import { createLocalServer, type LocalServer } from '../../../supabase/local/server.ts';
import { makeContributor } from '../../support/accounts.ts';
import type { PostgresCluster } from '../../support/postgres.ts';
import { placeOf, seededChance, THEMES } from './records.ts';

/** Points that an import brings at once. */
const CHUNK = 1_000;
const TEMPLATE = 'bench_template';

/** What the server keeps of a run's captures. */
export interface Kept {
  readonly byId: number;
  readonly byContent: number;
  readonly distinctContents: number;
}

export interface Person {
  readonly id: string;
  readonly email: string;
}

/** Our server on a database of its own. */
export interface OurServer {
  readonly server: LocalServer;
  kept(ids: readonly string[], names: string): Promise<Kept>;
  /** Stops it and drops its database. */
  close(): Promise<void>;
}

/** What every run of a case begins with: two people, and the points of an area. */
export interface Ground {
  readonly writer: Person;
  readonly reader: Person;
  /** The rows of the area as the reader sees them: what the peer's server is given. */
  readonly area: readonly { id: string }[];
  /** Starts a server on a copy of it: no run finds what the runs before it have sent. */
  open(): Promise<OurServer>;
  /** The server of those who only read, started at the first call. */
  shared(): Promise<OurServer>;
  /** Stops the shared server and drops what was prepared. */
  close(): Promise<void>;
}

/** Makes the database that every case copies: migrated, with its reference data. */
export async function makeTemplate(cluster: PostgresCluster): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'capitelle-bench-'));
  const databaseUrl = await cluster.createDatabase(TEMPLATE);
  const { database, release } = await openDataFolder({ dataDir, databaseUrl });
  await database.close();
  await release();
  await rm(dataDir, { recursive: true, force: true });
}

/** Prepares that many published points around the middle, spread over the themes and their cells. */
export async function prepareGround(cluster: PostgresCluster, name: string, points: number): Promise<Ground> {
  const databaseUrl = await copyDatabase(cluster, TEMPLATE, name);
  const dataDir = await mkdtemp(join(tmpdir(), 'capitelle-bench-'));
  const server = await createLocalServer({ dataDir, databaseUrl, port: 0, host: '127.0.0.1', demo: false });
  await publishArea(server, points);
  const writer = await makeContributor(server, 'bench-writer@capitelle.test');
  const reader = await makeContributor(server, 'bench-reader@capitelle.test');
  const rows = await server.sql<{ point: { id: string } }>(
    'select private.point_json(p, $1::uuid) as point from app.points p where p.author is null order by p.id',
    [reader.id],
  );
  // what autovacuum does within a minute of such a load
  await server.sql('vacuum analyze');
  await server.close();
  let copies = 0;
  let shared: Promise<OurServer> | undefined;
  const open = () => openCopy(cluster, { name, dataDir }, `${name}_${++copies}`);
  return {
    writer,
    reader,
    area: rows.map((row) => row.point),
    open,
    shared: () => (shared ??= open()),
    async close() {
      await (await shared)?.close();
      await rm(dataDir, { recursive: true, force: true });
      await dropDatabase(cluster, name);
    },
  };
}

async function openCopy(
  cluster: PostgresCluster,
  from: { readonly name: string; readonly dataDir: string },
  name: string,
): Promise<OurServer> {
  const databaseUrl = await copyDatabase(cluster, from.name, name);
  const dataDir = await mkdtemp(join(tmpdir(), 'capitelle-bench-'));
  await cp(from.dataDir, dataDir, { recursive: true });
  const server = await createLocalServer({ dataDir, databaseUrl, port: 0, host: '127.0.0.1', demo: false });
  return {
    server,
    async kept(ids, names) {
      const [row] = await server.sql<{ by_id: number; by_content: number; contents: number }>(
        `select (select count(*)::int from app.points where id = any ($1::uuid[])) as by_id,
           count(*)::int as by_content, count(distinct attributes ->> 'name')::int as contents
         from app.points where attributes ->> 'name' like $2`,
        [ids, `${names}%`],
      );
      return {
        byId: row?.by_id ?? 0,
        byContent: row?.by_content ?? 0,
        distinctContents: row?.contents ?? 0,
      };
    },
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
      await dropDatabase(cluster, name);
    },
  };
}

async function copyDatabase(cluster: PostgresCluster, from: string, name: string): Promise<string> {
  await asSuperuser(cluster, (sql) =>
    sql.unsafe(`create database "${name}" template "${from}" owner deployer`),
  );
  const url = new URL(cluster.superuserUrl);
  url.pathname = `/${name}`;
  url.username = 'deployer';
  return url.href;
}

function dropDatabase(cluster: PostgresCluster, name: string): Promise<void> {
  return asSuperuser(cluster, (sql) => sql.unsafe(`drop database "${name}" with (force)`));
}

async function asSuperuser(
  cluster: PostgresCluster,
  work: (sql: postgres.Sql) => Promise<unknown>,
): Promise<void> {
  const sql = postgres(cluster.superuserUrl, { max: 1, onnotice: () => undefined });
  await work(sql);
  await sql.end();
}

async function publishArea(server: LocalServer, points: number): Promise<void> {
  const chance = seededChance(points);
  const each = Math.ceil(points / THEMES.length);
  for (const [turn, theme] of THEMES.entries()) {
    const count = Math.min(each, points - turn * each);
    for (let from = 0; from < count; from += CHUNK) {
      const chunk = Array.from({ length: Math.min(CHUNK, count - from) }, (_, index) => ({
        ref: `${theme}-${from + index}`,
        ...placeOf(chance),
        accuracy_m: 5,
        attributes: {
          description: `Relevé communal n° ${from + index}, état constaté lors de la tournée de printemps.`,
          ...(theme === 'heritage'
            ? { name: `Fontaine ${from + index}`, period: 'c19', condition: 'good' }
            : {}),
          ...(theme === 'lighting' ? { ref: `L${from + index}`, hauteurFeu: 6, puissance: 70 } : {}),
        },
      }));
      const load = { theme, producer: 'Banc', licence: 'etalab-2.0', points: chunk };
      const [row] = await server.sql<{ report: { inserted: number } }>(
        'select private.load_points($1::jsonb) as report',
        [load],
      );
      if (row?.report.inserted !== chunk.length) throw new Error(`area: ${JSON.stringify(row?.report)}`);
    }
  }
}
