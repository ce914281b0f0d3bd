/** Tiles and map over the lights of Montpellier, beside their peers, as a table and a JSON file. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

import { findPostgres, startPostgres } from '../support/postgres.ts';
import { hasLights, LIGHTS_FILE, serveLights } from './lights.ts';
import { measureMaps, type Fluidity } from './map.ts';
import { largest, median, tenth } from './statistics.ts';
import { timeInSql, timeOverHttp, timeVectorTiles, type ZoomTimes } from './tiles.ts';

/** What issue after issue must hold. */
const TARGETS = { tilePostgres: 100, tilePglite: 400, framesPerSecond: 30, longestTask: 200 };

if (!hasLights()) {
  console.info(
    `Nothing is measured: ${LIGHTS_FILE} is not there. It is the open data of Montpellier's lights.`,
  );
  process.exit(0);
}
if (!existsSync('dist/index.html')) throw new Error('dist/ is missing: run `npm run build` first');

interface Results {
  at: string;
  machine: { processors: string; node: string; load: number[] };
  targets: typeof TARGETS;
  load: Record<string, { points: number; seconds: number }>;
  tiles: Record<string, ZoomTimes[]>;
  map?: { ours: Fluidity; peer: Fluidity };
}

const results: Results = {
  at: new Date().toISOString(),
  machine: {
    processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
    load: loadavg().map(tenth),
  },
  targets: TARGETS,
  load: {},
  tiles: {},
};

const folder = join(import.meta.dirname, 'results');
const file = join(folder, `${results.at.slice(0, 10)}.json`);

/** Writes what is known so far: a run that is cut short keeps its first half. */
async function keep(what: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  console.info(`… ${what}`);
}

async function onPglite(withMap: boolean): Promise<void> {
  const lights = await serveLights();
  results.load['PGlite'] = { points: lights.points, seconds: tenth(lights.loadSeconds) };
  await keep('lights loaded on PGlite');
  results.tiles['PGlite, HTTP'] = await timeOverHttp(lights.server);
  await keep('tiles timed on PGlite');
  if (withMap) results.map = await measureMaps(lights.server);
  await lights.close();
  await keep('PGlite done');
}

async function onPostgres(): Promise<void> {
  const cluster = await startPostgres();
  const lights = await serveLights(await cluster.createDatabase('bench'));
  results.load['PostgreSQL'] = { points: lights.points, seconds: tenth(lights.loadSeconds) };
  await keep('lights loaded on PostgreSQL');
  results.tiles['PostgreSQL, HTTP'] = await timeOverHttp(lights.server);
  results.tiles['PostgreSQL, SQL'] = await timeInSql(lights.server);
  results.tiles['peer: ST_AsMVT, SQL'] = await timeVectorTiles(lights.server);
  await keep('tiles timed on PostgreSQL');
  results.map = await measureMaps(lights.server);
  await lights.close();
  await cluster.stop();
  await keep('map measured');
}

const hasPostgres = (await findPostgres()) !== undefined;
if (hasPostgres) await onPostgres();
else console.info('No PostgreSQL here: only the embedded database is measured.');
await onPglite(!hasPostgres);

const row = (...cells: (string | number)[]) =>
  console.info(cells.map((cell) => String(cell).padStart(12)).join(' '));

console.info(`\n${results.machine.processors}, load ${results.machine.load.join(' ')}`);
for (const [name, { points, seconds }] of Object.entries(results.load)) {
  console.info(`${name}: ${points} points loaded in ${seconds} s`);
}
for (const [name, times] of Object.entries(results.tiles)) {
  const worst = largest(times.map(({ max }) => max));
  console.info(
    `\n${name}: median ${tenth(median(times.map((time) => time.median)))} ms, slowest ${worst} ms`,
  );
  row('zoom', 'median ms', 'max ms', 'largest kB');
  for (const { zoom, median: middle, max, kilobytes } of times) row(zoom, middle, max, kilobytes);
}
if (results.map) {
  console.info('\nMap, processor slowed 4 times, drags and pinches over Montpellier');
  row('', 'frames/s', 'worst frame', 'longest task', 'long tasks');
  for (const [name, map] of Object.entries(results.map)) {
    row(name, map.framesPerSecond, map.slowestFrame, map.longestTask, map.longTasks);
  }
}

const slowest = (name: string) => largest((results.tiles[name] ?? []).map(({ max }) => max));
const missed = [
  slowest('PostgreSQL, HTTP') > TARGETS.tilePostgres && 'a tile took too long on PostgreSQL',
  slowest('PGlite, HTTP') > TARGETS.tilePglite && 'a tile took too long on PGlite',
  results.map && results.map.ours.framesPerSecond < TARGETS.framesPerSecond && 'the map is not fluid',
  results.map && results.map.ours.longestTask > TARGETS.longestTask && 'a task of the map is too long',
].filter((text) => typeof text === 'string');
console.info(missed.length === 0 ? '\nEvery target is held.' : `\nMissed: ${missed.join('; ')}.`);

console.info(`Kept in ${file}`);
process.exitCode = missed.length === 0 ? 0 : 1;
