import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import Dexie from 'dexie';

const folder = join(import.meta.dirname, '../fixtures/precious');

/** What a released version of the app left on a phone: its schema, and rows as it wrote them. */
export interface PreciousFixture {
  readonly version: number;
  readonly stores: Record<string, string>;
  /** Points that are to arrive. */
  readonly points: readonly string[];
  readonly tables: Record<string, readonly Record<string, unknown>[]>;
}

/** One file a released schema. */
export async function releasedSchemas(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
}

/** A tab of that version: its own schema, without a line of today's. */
export async function openFixture(name: string, fixture: PreciousFixture): Promise<Dexie> {
  const database = new Dexie(name);
  database.version(fixture.version).stores(fixture.stores);
  return database.open();
}

/** Writes a fixture into a database of its own version. */
export async function writeFixture(name: string, fixture: PreciousFixture): Promise<void> {
  const database = await openFixture(name, fixture);
  for (const [table, rows] of Object.entries(fixture.tables)) {
    await database.table(table).bulkPut(rows.map(withBytes));
  }
  database.close();
}

/** Bytes are base64 in the file, buffers on the phone. */
function withBytes(row: Record<string, unknown>): Record<string, unknown> {
  const { bytes } = row;
  return typeof bytes === 'string'
    ? { ...row, bytes: Uint8Array.from(Buffer.from(bytes, 'base64')).buffer }
    : row;
}
