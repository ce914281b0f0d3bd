import type { Connection } from '@supabase/lite';

/** One row of an answer, columns by name. */
export type Row = Record<string, unknown>;

/** Runs SQL as the owner of the database, inside or outside a transaction. */
export interface SqlRunner {
  /** One statement with `$1` parameters; a JSON parameter may be a string or a value. */
  query<T extends Row = Row>(text: string, parameters?: unknown[]): Promise<T[]>;
  /** Several statements without parameters, for instance a migration. */
  script(text: string): Promise<void>;
}

/** A database that the local backend runs on: embedded, or a real PostgreSQL. */
export interface Database extends SqlRunner {
  readonly kind: 'pglite' | 'postgres';
  /** What @supabase/lite serves its API from. */
  readonly connection: Connection;
  transaction<T>(work: (transaction: SqlRunner) => Promise<T>): Promise<T>;
  /**
   * Runs one request of @supabase/lite. PGlite has a single connection and lite's driver for it
   * doesn't queue transactions: two requests at once would share one, with the role of the last.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Makes connections ready before somebody waits for them: the first contributions of one take 50 to 90 ms longer. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/**
 * lite grants every table to `anon` and `authenticated` in each schema that holds a policy, at its
 * first request. The migrations decide who may do what: this marks that step as already done.
 */
export function keepOwnGrants(connection: Connection): void {
  Object.assign(connection, { rlsState: 'active' });
}
