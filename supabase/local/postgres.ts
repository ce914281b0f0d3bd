import { createPostgresConnection } from '@supabase/lite/postgres';
import type postgres from 'postgres';
import { keepOwnGrants, type Database, type Row, type SqlRunner } from './database.ts';

/** Connections kept at most: enough for a demonstration, far under PostgreSQL's default of 100. */
const maximumConnections = 10;

/** Opens a real PostgreSQL, 15 or later with PostGIS, named by a `postgres://` address. */
export async function openPostgres(url: string): Promise<Database> {
  const connection = createPostgresConnection({
    url,
    postgresOptions: {
      max: maximumConnections,
      onnotice: () => undefined,
      // lite hands JSON over as text: serialising it again would store a JSON string.
      types: { json: jsonType(114), jsonb: jsonType(3802) },
    },
  });
  keepOwnGrants(connection);
  const driver = connection.driver;
  await driver`select 1`;

  return {
    kind: 'postgres',
    connection,
    ...runner(driver),
    transaction: async (work) =>
      (await driver.begin(async (transaction) => ({ value: await work(runner(transaction)) }))).value,
    exclusively: (work) => work(),
    close: () => driver.end({ timeout: 5 }),
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

function runner(driver: postgres.Sql | postgres.TransactionSql): SqlRunner {
  return {
    async query<T extends Row>(text: string, parameters: unknown[] = []) {
      const rows = await driver.unsafe<T[]>(text, parameters as postgres.ParameterOrJSON<never>[]);
      return [...rows] as T[];
    },
    async script(text) {
      await driver.unsafe(text);
    },
  };
}
