import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { findPostgres, startPostgres } from '../../support/postgres.ts';
import { tenth } from '../statistics.ts';
import { bundle, PARTIES, type PartyName } from './bundle.ts';
import { CASES, QUICK_CASES } from './cases.ts';
import type { Measured } from './goals.ts';
import { measureCase } from './measure.ts';
import { makeTemplate } from './our-server.ts';
import { print } from './report.ts';

const HOW = `Three engines in Chromium, each with a profile of its own on the disk, the same records, one road:
  Capitelle   the app's own runner in its worker, without its bound of 60 MB, to the local server on PostgreSQL (fsync
              off); it knows account and words
  PouchDB     9, adapter idb, batches of 100, to express-pouchdb in memory (pouchdb-adapter-memory)
  RxDB        17, storage-dexie, batches of 100, its replication plugin over our sync_push and sync_pull
The road is a model of TCP: segments of 1 448 bytes, half a round trip each, slow start from ten segments; a lost
one costs a round trip, or 200 ms more when nothing follows it, and holds those behind. Requests and bytes are
told as sending + receiving, headers included. Saves: one every 100 ms while syncing, in an app that has saved
before, the page's thread slowed six times; the browser slows no worker, so that our engine keeps the pace of this
machine while the peers' are slowed.
Lost and doubled: one answer in five dropped after the server has done its work, half of them within the body.`;

/**
 * `npm run bench -- sync [--quick] [--runs N] [--only TEXT] [--short]`: our sync beside its peers. `--only` keeps the
 * cases whose name holds the text; `--short` measures push and pull alone, for what takes hours.
 */
export async function measureSync(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      only: { type: 'string', default: '' },
      short: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs ?? (values.quick ? 1 : 5));
  const cases = (values.quick ? QUICK_CASES : CASES).filter(({ name }) => name.includes(values.only));
  if ((await findPostgres()) === undefined) {
    console.info('Nothing is measured: no PostgreSQL 15 or later here.');
    return;
  }
  const results = {
    at: new Date().toISOString(),
    machine: {
      processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      node: process.version,
      load: loadavg().map(tenth),
    },
    runs,
    cases: [] as Measured[],
  };
  const folder = join(import.meta.dirname, '../results');
  await mkdir(folder, { recursive: true });
  const scripts = {} as Record<PartyName, string>;
  for (const name of PARTIES) scripts[name] = await bundle(name);
  const cluster = await startPostgres();
  try {
    await makeTemplate(cluster);
    for (const given of cases) {
      const parties = await measureCase(
        { cluster, scripts, runs, isShort: values.short, tell: (line) => console.info(`… ${line}`) },
        given,
      );
      results.cases.push({ given, parties });
      // A run that is cut short keeps what it has measured.
      await writeFile(
        join(folder, `sync-${results.at.slice(0, 16).replace(':', '')}.json`),
        `${JSON.stringify(results, null, 2)}\n`,
      );
    }
  } finally {
    await cluster.stop();
  }
  console.info(
    `\n${HOW}\n\n${results.machine.processors}, load at the start ${results.machine.load.join(' ')}`,
  );
  console.info(`Medians of ${runs}.`);
  for (const measured of results.cases) print(measured, console.info);
}
