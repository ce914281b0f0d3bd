import { problem, type ProblemCode, ProblemError } from '../../src/domain/problems.ts';
import type { Transaction } from './server.ts';

/** What may happen to a request on its way. */
export const FATES = [
  'ok',
  'dropped_before',
  'dropped_after',
  'duplicated',
  'held_back',
  'committed_late',
  'garbled',
  'anonymous',
  'of_another_user',
  'server_error',
] as const;
export type Fate = (typeof FATES)[number];

/** How the server treats a request: reads answer at once, writes when their transaction commits. */
export interface Handled<A> {
  readonly answer: A;
  readonly tx?: Transaction;
}

/** What a phone waits for. */
export interface Wait {
  isOver(): boolean;
  /** Its time is over: what was asked may still arrive, nobody waits for it. */
  giveUp(): void;
}

/** A request that left. It is over with an answer, or with the problem that the phone sees. */
export class Ticket<A> implements Wait {
  #answer: A | undefined;
  #problem: ProblemCode | null = null;
  /** The answer says nothing that may be believed: nothing may be deleted on its word. */
  isSuspicious = false;

  isOver(): boolean {
    return this.#problem !== null || this.#answer !== undefined;
  }

  give(answer: A): void {
    if (!this.isOver()) this.#answer = answer;
  }

  giveUp(): void {
    this.fail('timeout');
  }

  fail(code: ProblemCode): void {
    if (!this.isOver()) this.#problem = code;
  }

  /** The answer. Throws ProblemError when there is none. */
  take(): A {
    if (this.#answer === undefined) throw new ProblemError(problem(this.#problem ?? 'timeout'));
    return this.#answer;
  }
}

/** Roads between phones and server: what is on them may be lost, doubled, held back and reordered. */
export class Network {
  /** Requests that the server will see later, in any order. */
  readonly limbo: (() => void)[] = [];
  /** Transactions that took their time, with what their end tells the phone. */
  readonly late: { tx: Transaction; tell: (isDone: boolean) => void }[] = [];
  #fates: readonly Fate[] = ['ok'];
  #sent = 0;

  /** Decides what happens to the next requests, in turn. */
  meet(fates: readonly Fate[]): void {
    this.#fates = fates;
    this.#sent = 0;
  }

  /** Sends a request; `foreign` is what another user would be answered, where that makes sense. */
  send<A>(handle: () => Handled<A>, foreign: ((answer: A) => A) | null = null): Ticket<A> {
    const ticket = new Ticket<A>();
    const fate = this.#fates[this.#sent++ % this.#fates.length] ?? 'ok';
    try {
      this.#carry(ticket, fate, handle, foreign);
    } catch (cause) {
      // The server refuses the call as a whole.
      if (!(cause instanceof ProblemError)) throw cause;
      ticket.fail(cause.problem.code);
    }
    return ticket;
  }

  #carry<A>(
    ticket: Ticket<A>,
    fate: Fate,
    handle: () => Handled<A>,
    foreign: ((answer: A) => A) | null,
  ): void {
    const serve = () => {
      const { answer, tx } = handle();
      tx?.commit();
      return answer;
    };
    switch (fate) {
      case 'dropped_before':
        return ticket.fail('offline');
      case 'server_error':
        return ticket.fail('server_error');
      case 'dropped_after':
        serve();
        return ticket.fail('timeout');
      case 'held_back':
        this.limbo.push(serve);
        return ticket.fail('timeout');
      case 'garbled':
        serve();
        ticket.isSuspicious = true;
        return ticket.fail('unreadable_answer');
      case 'anonymous':
        ticket.isSuspicious = true;
        return ticket.fail('unreadable_answer');
      case 'of_another_user':
        ticket.isSuspicious = foreign !== null;
        return ticket.give(foreign ? foreign(serve()) : serve());
      case 'duplicated':
        this.limbo.push(serve);
        return ticket.give(serve());
      case 'committed_late': {
        const { answer, tx } = handle();
        if (!tx) return ticket.give(answer);
        this.late.push({ tx, tell: (isDone) => (isDone ? ticket.give(answer) : ticket.giveUp()) });
        return undefined;
      }
      case 'ok':
        return ticket.give(serve());
    }
  }

  /** One request of limbo reaches the server; nobody waits for its answer any more. */
  deliver(index: number): void {
    if (this.limbo.length === 0) return;
    const [request] = this.limbo.splice(index % this.limbo.length, 1);
    try {
      request?.();
    } catch (cause) {
      if (!(cause instanceof ProblemError)) throw cause;
    }
  }

  /** One late transaction ends. */
  commit(index: number): void {
    if (this.late.length === 0) return;
    const [ended] = this.late.splice(index % this.late.length, 1);
    ended?.tell(ended.tx.commit());
  }
}
