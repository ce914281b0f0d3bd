import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { migrate } from '../../../supabase/local/migrate.ts';
import { openPostgres } from '../../../supabase/local/postgres.ts';
import { prepareDatabase } from '../../../supabase/local/prepare.ts';
import { startPostgres } from '../../support/postgres.ts';
import { largest, median, p95, tenth, timed } from '../statistics.ts';
import { measureNextItem } from './app.ts';
import {
  decide,
  items,
  type Item,
  openPage,
  type Page,
  readCandidates,
  review,
  takeLease,
} from './moderator.ts';

/** Under which 95 % of the answers must lie, in milliseconds. */
const goalMs = 50;

/** Times each thing is asked by default. */
const defaultTurns = 200;

/** The scopes of `population.sql`: everything, a département, an EPCI, a commune, several of each. */
const moderators = [1, 2, 3, 4, 5];

interface Options {
  /** Address of a superuser on a database that stays: loaded when it is empty, measured as it is when it is not. */
  readonly database: string | undefined;
  readonly points: number;
  readonly waiting: number;
  readonly turns: number;
}

/**
 * `npm run bench -- moderation [--points N] [--waiting N] [--turns N] [--database URL]`: how long PostgreSQL takes
 * for a page of the queue, the candidates of a point, a whole review and a decision, beside a million points of
 * which a hundred thousand wait, asked by five moderators of unlike scopes; with `--app`, the next item at the desk.
 */
export async function measureModeration(args: readonly string[]): Promise<void> {
  if (args.includes('--app')) return measureNextItem();
  const options = readOptions(args);
  if (options.database !== undefined) return measureOn(options.database, options.database, options);
  const cluster = await startPostgres();
  try {
    const url = await cluster.createDatabase('moderation');
    await measureOn(url, cluster.superuserUrl.replace(/postgres$/, 'moderation'), options);
  } finally {
    await cluster.stop();
  }
}

async function measureOn(url: string, superuserUrl: string, options: Options): Promise<void> {
  const database = await openPostgres(url);
  await prepareDatabase(database);
  await migrate(database);
  const [made] = await database.query(
    'select count(*) > 0 as is_loaded from (select from app.points limit 1) as one',
  );
  await database.close();
  if (made?.['is_loaded'] !== true) {
    const { ms } = await timed(() => populate(superuserUrl, options));
    console.info(
      `${options.points} points, ${options.waiting} waiting, written in ${Math.round(ms / 1000)} s`,
    );
  }
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const isGood = await measure(sql, options.turns);
  await sql.end();
  if (!isGood) process.exitCode = 1;
}

function readOptions(args: readonly string[]): Options {
  const given = (name: string) =>
    args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : undefined;
  const numberOf = (name: string, standard: number) => Number(given(name) ?? standard);
  return {
    database: given('database'),
    points: numberOf('points', 1_000_000),
    waiting: numberOf('waiting', 100_000),
    turns: numberOf('turns', defaultTurns),
  };
}

async function populate(superuserUrl: string, { points, waiting }: Options): Promise<void> {
  const owner = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  await owner.unsafe(`set bench.points = '${points}'; set bench.waiting = '${waiting}'`);
  const script = await readFile(join(import.meta.dirname, 'population.sql'), 'utf8');
  // One by one: what is sent together is one transaction, and `vacuum` runs in none.
  for (const statement of script.split(/;\n/)) if (statement.trim() !== '') await owner.unsafe(statement);
  await owner.end();
}

async function measure(sql: postgres.Sql, turns: number): Promise<boolean> {
  const times = new Map<string, number[]>();
  const time = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const { ms, value } = await timed(work);
    times.set(name, [...(times.get(name) ?? []), ms]);
    return value;
  };
  for (const who of moderators) {
    // What a connection loads and plans at its first call is not what is measured.
    await openPage(sql, who, {});
    let after: string | null = null;
    let read: Item[] = [];
    for (let turn = 0; turn < turns / moderators.length; turn++) {
      const query: { after?: string } = after === null ? {} : { after };
      const page: Page = await time(after === null ? 'queue, first page' : 'queue, next page', () =>
        openPage(sql, who, query),
      );
      read = items(page);
      after = page.next;
      await time('queue, filtered', () =>
        openPage(sql, who, { theme: 'heritage', kind: 'new', order: 'newest' }),
      );
      const item = read[turn % Math.max(1, read.length)];
      if (!item) continue;
      await time('lease', () => takeLease(sql, who, item));
      await time('candidates', () => readCandidates(sql, who, item));
      await time('review', () => review(sql, who, item));
      const decided = read.find((one) => one.kind === 'new' && !one.mine);
      if (decided) await time('decision', () => decide(sql, who, decided));
    }
  }
  return tell(times);
}

function tell(times: ReadonlyMap<string, number[]>): boolean {
  console.info(['', 'times', 'median', 'p95', 'max', `p95 < ${goalMs} ms`].join('\t'));
  for (const [name, all] of times) {
    const figures = [median(all), p95(all), largest(all)].map(tenth);
    console.info([name, all.length, ...figures, p95(all) < goalMs ? 'yes' : 'NO'].join('\t'));
  }
  return [...times.values()].every((all) => p95(all) < goalMs);
}
