import type { PushResult } from '../../src/api/push.ts';
import type { OutboxRow } from '../../src/db/rows.ts';
import { problemOfCode } from '../../src/domain/problems.ts';
import { followedNow, putPoints } from './phone-cache.ts';
import type { Phone } from './phone.ts';
import { backoff } from './phone-steps.ts';
import type { Steps } from './tab.ts';
import type { World } from './world.ts';

const UNSURE = '';

interface Answered {
  readonly row: OutboxRow;
  readonly result: PushResult;
}

/**
 * src/sync/acknowledge.ts: gives the results of a call their path on the phone: the server's
 * rows, then the receipts, then what leaves the outbox. Returns the mutations that are done with.
 */
export function* acknowledge(
  world: World,
  phone: Phone,
  answered: readonly Answered[],
  epoch: string,
): Steps<ReadonlySet<string>> {
  const points = answered.flatMap(({ result }) => result.point ?? []);
  putPoints(phone, points, followedNow(phone));
  yield null;
  for (const { row, result } of answered) {
    if (result.status !== 'retry') keepSent(world, phone, row, result, epoch);
  }
  if (phone.knownEpoch !== epoch) phone.knownEpoch = phone.knownEpoch === null ? epoch : UNSURE;
  yield null;
  const done = new Set<string>();
  for (const one of answered) if (settle(world, phone, one)) done.add(one.row.mutation_id);
  yield null;
  return done;
}

/** Returns whether the row is done with. */
function settle(world: World, phone: Phone, { row, result }: Answered): boolean {
  const { mutation_id } = row;
  switch (result.status) {
    case 'applied':
    case 'merged':
    case 'pending':
      phone.forget(mutation_id);
      for (const id of row.mutation.kind === 'edit' ? (row.mutation.resolves ?? []) : []) phone.forget(id);
      return true;
    case 'conflict':
      phone.change(mutation_id, { state: 'conflict' });
      return true;
    case 'rejected':
      phone.change(mutation_id, { state: 'refused', last_problem: problemOfCode(result.code) });
      return row.kind !== 'create';
    case 'retry': {
      const not_before = result.code === 'blocked' ? 0 : world.hourOf(phone) + backoff(row.attempts);
      phone.change(mutation_id, { not_before });
      return false;
    }
  }
}

function keepSent(world: World, phone: Phone, row: OutboxRow, result: PushResult, epoch: string): void {
  const { mutation_id, user_id, point_id, kind } = row;
  phone.sent.set(mutation_id, {
    mutation_id,
    user_id,
    point_id,
    kind,
    payload: row.frozen ?? '',
    status: result.status === 'retry' ? 'rejected' : result.status,
    code: result.code ?? null,
    rev: result.rev ?? null,
    ...(row.n === undefined ? {} : { n: row.n }),
    at: String(world.hourOf(phone)),
    epoch,
  });
}
