import { FORMER, KEPT, MergedTerm } from '../support/merged-term.ts';
import { largest, median, p95, tenth, timed } from './statistics.ts';

/** Within which a phone is answered while points are moved to another term: no transaction is open longer. */
const GOAL_MS = 2_000;

/**
 * `npm run bench -- terms [points]`: a term of 100 000 points merged into another on PostgreSQL and the merge undone, while
 * four phones edit those points without pause; the same phones before, with nothing else to do, stand beside.
 */
export async function measureTerms([count = '100000']: readonly string[]): Promise<void> {
  const ground = await MergedTerm.open();
  try {
    const { ms, value: points } = await timed(() => ground.scatter(Number(count)));
    console.info(`${points.length} points made in ${tenth(ms / 1000)} s`);
    const alone = await ground.push(points.slice(0, 400), null, () => false);
    tell(
      'phones alone',
      alone.map((one) => one.ms),
    );
    let edit = '';
    const forth = await timed(
      async () => (edit = await ground.edit('merge', { concept: FORMER, into: KEPT })),
    );
    console.info(`merge answered in ${tenth(forth.ms)} ms`);
    const there = await moveWhilePushed(ground, points.slice(400, points.length / 2));
    const back = await timed(() => ground.undo(edit));
    console.info(`undo answered in ${tenth(back.ms)} ms`);
    const again = await moveWhilePushed(ground, points.slice(points.length / 2));
    const lost = await ground.lost([...alone, ...there, ...again]);
    console.info(`lost: ${lost.length}; terms at the end: ${JSON.stringify(await ground.counts())}`);
  } finally {
    await ground.close();
  }
}

async function moveWhilePushed(ground: MergedTerm, points: readonly string[]) {
  let isOver = false;
  const pushing = ground.push(points, null, () => isOver);
  const { ms, value: runs } = await timed(() => ground.work());
  isOver = true;
  const sent = await pushing;
  await ground.work();
  console.info(`moved in ${tenth(ms / 1000)} s; terms ${JSON.stringify(await ground.counts())}`);
  tell('runs of the worker', runs);
  tell(
    'phones meanwhile',
    sent.map((one) => one.ms),
  );
  if (largest(runs) > GOAL_MS || largest(sent.map((one) => one.ms)) > GOAL_MS) {
    process.exitCode = 1;
    console.info(`goal ${GOAL_MS} ms MISSED`);
  }
  return sent;
}

function tell(what: string, all: readonly number[]): void {
  console.info(
    `${what}: ${all.length}, median ${tenth(median(all))} ms, p95 ${tenth(p95(all))}, longest ${tenth(largest(all))}`,
  );
}
