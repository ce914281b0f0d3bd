import { ProblemError } from '../../src/domain/problems.ts';
import { backoffMs } from '../../src/sync/backoff.ts';
import type { Handled, Ticket, Wait } from './network.ts';
import type { Phone } from './phone.ts';
import { resume, type Steps } from './tab.ts';
import type { World } from './world.ts';

/** Milliseconds to wait after the nth failure, without luck. */
export const backoff = (attempts: number): number => backoffMs(attempts, () => 0.5);

/** Asks the server in the name of the phone's user; refuses what is answered to somebody else. */
export function* call<A extends object>(world: World, phone: Phone, handle: () => Handled<A>): Steps<A> {
  return yield* receive(phone, send(world, handle));
}

/** The first half of a call: the request leaves. */
export function send<A extends object>(world: World, handle: () => Handled<A>): Ticket<A> {
  return world.network.send(handle, (answer) => ({ ...answer, user_id: 'somebody else' }));
}

/** The second half: its answer, whoever it speaks to. */
export function* receive<A extends object>(phone: Phone, ticket: Ticket<A>): Steps<A> {
  while (!ticket.isOver()) yield ticket;
  // Here too when it was over at once: nothing is done with an answer in the step that asked.
  yield ticket;
  const answer = ticket.take();
  if ('user_id' in answer && answer.user_id !== phone.user) throw new ProblemError('wrong_user');
  return answer;
}

/** Runs several works at once, each going on when it can. Returns how each failed, null when it did not. */
export function* together(phone: Phone, works: readonly Steps<void>[]): Steps<(Error | null)[]> {
  const waits = new Map<Steps<void>, Wait | null>(works.map((work) => [work, null]));
  const failures = new Map<Steps<void>, Error>();
  while (waits.size > 0) {
    const ready = [...waits].find(([, wait]) => wait === null || wait.isOver());
    if (!ready) {
      yield anyOf([...waits.values()]);
      continue;
    }
    const [work, wait] = ready;
    waits.delete(work);
    try {
      const { done, value } = resume(phone, work, wait);
      // Put back last: the others have their turn.
      if (!done) waits.set(work, value);
    } catch (cause) {
      if (!(cause instanceof ProblemError)) throw cause;
      failures.set(work, cause);
    }
    yield null;
  }
  return works.map((work) => failures.get(work) ?? null);
}

function anyOf(waits: readonly (Wait | null)[]): Wait {
  return {
    isOver: () => waits.some((wait) => wait?.isOver()),
    giveUp: () => waits.forEach((wait) => wait?.giveUp()),
  };
}
