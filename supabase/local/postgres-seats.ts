import type postgres from 'postgres';

/** A connection of one's own for several statements, until it is given back. */
export interface Held {
  unsafe(
    text: string,
    parameters?: postgres.ParameterOrJSON<never>[],
  ): Promise<postgres.RowList<postgres.Row[]>>;
  release(): void;
}

/** Connections to be had one by one. */
export interface Seats {
  reserve(): Promise<Held>;
  end(): Promise<void>;
}

/** A client of a single connection, until that one is lost. */
interface Seat {
  readonly client: postgres.Sql;
  isLost: boolean;
}

/** PostgreSQL said its last word on the connection, or the socket is gone: no mere refusal of a statement. */
function isLoss(cause: unknown): boolean {
  const { severity, code } = cause as { severity?: string; code?: string };
  return severity === 'FATAL' || severity === 'PANIC' || /^(CONNECT\w+|E[A-Z]+)$/.test(code ?? '');
}

/**
 * Connections that outlive PostgreSQL. postgres.js 3.4.9 has a pool and `reserve` for that, but
 * writes the `rollback` of a connection that closed into a socket that is no more, outside of any
 * promise, which ends the process (porsager/postgres issues 1066 and 1154); keeps for ever what it
 * reserved for somebody who was already refused; and may never write again on a connection that it
 * opens anew. Here each is a client of one connection, left for a new one when that is lost.
 */
export function createSeats(open: (onclose: () => void) => postgres.Sql, maximum: number): Seats {
  const all = new Set<Seat>();
  const waiting: ((seat: Seat) => void)[] = [];
  let free: Seat[] = [];

  const add = (): Seat => {
    const seat: Seat = { client: open(() => (seat.isLost = true)), isLost: false };
    all.add(seat);
    return seat;
  };
  const drop = (seat: Seat): void => {
    all.delete(seat);
    void seat.client.end({ timeout: 0 }).catch(() => undefined);
  };
  const take = (): Seat | Promise<Seat> => {
    for (const seat of free.filter((one) => one.isLost)) drop(seat);
    free = free.filter((one) => !one.isLost);
    const seat = free.pop();
    if (seat) return seat;
    return all.size < maximum ? add() : new Promise((resolve) => waiting.push(resolve));
  };
  const give = (seat: Seat): void => {
    if (seat.isLost) drop(seat);
    const next = waiting.shift();
    if (next) next(seat.isLost ? add() : seat);
    else if (!seat.isLost) free.push(seat);
  };

  return {
    async reserve() {
      const seat = await take();
      return {
        async unsafe(text, parameters) {
          if (seat.isLost) throw new Error('the connection to PostgreSQL was lost');
          try {
            return await seat.client.unsafe(text, parameters);
          } catch (cause) {
            // Before it closes: what is asked of it from here on would never be answered.
            if (isLoss(cause)) seat.isLost = true;
            throw cause;
          }
        },
        release: () => give(seat),
      };
    },
    async end() {
      await Promise.all([...all].map((seat) => seat.client.end({ timeout: 5 })));
    },
  };
}
