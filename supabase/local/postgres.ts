import { createPostgresConnection } from '@supabase/lite/postgres';
import type postgres from 'postgres';
import { keepOwnGrants, type Database, type Row, type SqlRunner } from './database.ts';
import { createSeats, type Held, type Seats } from './postgres-seats.ts';

/** Connections kept at most: enough for a demonstration, far under PostgreSQL's default of 100. */
const maximumConnections = 10;

/** Connections made ready at start: a phone has at most four calls in flight. */
const warmConnections = 4;

/** Seconds after which a PostgreSQL that lets nobody in is said not to answer. */
const connectSeconds = 10;

/**
 * Opens a real PostgreSQL, 15 or later with PostGIS, named by a `postgres://` address. When it stops,
 * what is under way fails; once it is back, what comes next is answered.
 */
export async function openPostgres(url: string): Promise<Database> {
  const connect = (onclose: () => void) =>
    createPostgresConnection({
      url,
      postgresOptions: {
        max: 1,
        // Never renewed by age: that would be in the middle of somebody's transaction.
        max_lifetime: null,
        connect_timeout: connectSeconds,
        onclose,
        onnotice: () => undefined,
        // lite hands JSON over as text: serialising it again would store a JSON string.
        types: { json: jsonType(114), jsonb: jsonType(3802) },
      },
    });
  const seats = createSeats((onclose) => connect(onclose).driver, maximumConnections);
  // Never opened itself: lite reserves what it runs its requests on.
  const connection = connect(() => undefined);
  Object.assign(connection.driver, { reserve: seats.reserve });
  keepOwnGrants(connection);
  await hold(seats, (held) => held.unsafe('select 1'));

  return {
    kind: 'postgres',
    connection,
    query: (text, parameters) => hold(seats, (held) => runner(held).query(text, parameters)),
    script: (text) => hold(seats, (held) => runner(held).script(text)),
    transaction: (work) => hold(seats, (held) => transaction(held, work)),
    exclusively: (work) => work(),
    async warmUp() {
      const held = await Promise.all(Array.from({ length: warmConnections }, seats.reserve));
      try {
        await Promise.all(held.map((seat) => seat.unsafe('select private.warm_up()')));
      } finally {
        for (const seat of held) seat.release();
      }
    },
    close: () => seats.end(),
  };
}

function jsonType(oid: number): postgres.PostgresType {
  return {
    to: oid,
    from: [oid],
    serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  };
}

async function hold<T>(seats: Seats, work: (held: Held) => Promise<T>): Promise<T> {
  const held = await seats.reserve();
  try {
    return await work(held);
  } finally {
    held.release();
  }
}

async function transaction<T>(held: Held, work: (sql: SqlRunner) => Promise<T>): Promise<T> {
  await held.unsafe('begin');
  try {
    const value = await work(runner(held));
    await held.unsafe('commit');
    return value;
  } catch (cause) {
    // Lost with its connection, or undone here: what counts is why.
    await held.unsafe('rollback').catch(() => undefined);
    throw cause;
  }
}

function runner(driver: Held): SqlRunner {
  return {
    async query<T extends Row>(text: string, parameters: unknown[] = []) {
      const rows = await driver.unsafe(text, parameters as postgres.ParameterOrJSON<never>[]);
      return [...rows] as Row[] as T[];
    },
    async script(text) {
      await driver.unsafe(text);
    },
  };
}
