import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import postgres from 'postgres';

import { openReal } from './pgtap.ts';

const SETUP = join(import.meta.dirname, '../../supabase/tests/000_setup.sql');
const SCHEME = 'petit-patrimoine';
export const FORMER = 'croix-mission';
export const KEPT = 'croix';

/** What a phone sent while points were moved, and how it went. */
export interface Sent {
  readonly point: string;
  readonly name: string;
  readonly status: string;
  readonly ms: number;
}

/** Points of one term on a PostgreSQL of its own, a coordinator, and people whose phones push. */
export class MergedTerm {
  readonly sql: postgres.Sql;
  readonly coordinator: string;
  readonly pushers: readonly string[];
  readonly close: () => Promise<void>;

  private constructor(sql: postgres.Sql, people: readonly string[], close: () => Promise<void>) {
    const [coordinator = '', ...pushers] = people;
    this.sql = sql;
    this.coordinator = coordinator;
    this.pushers = pushers;
    this.close = close;
  }

  static async open(pushers = 4): Promise<MergedTerm> {
    const database = await openReal();
    await database.run(await readFile(SETUP, 'utf8'));
    const sql = postgres(database.url ?? '', { max: pushers + 2, onnotice: () => undefined });
    const people: string[] = [];
    for (let n = 0; n <= pushers; n++) {
      const [row] = await sql<{ id: string }[]>`select tests.user(${`personne${n}@test`}) as id`;
      const id = row?.id ?? '';
      await sql`select tests.member(${id}, 'heritage', ${n === 0 ? 'coordinator' : 'moderator'})`;
      people.push(id);
    }
    return new MergedTerm(sql, people, async () => {
      await sql.end();
      await database.close();
    });
  }

  /** Makes published points of the term that is to be merged. */
  async scatter(count: number): Promise<string[]> {
    const rows = await this.sql<{ id: string }[]>`
      select tests.point('heritage', 1 + (n % 1000) / 500.0, 43 + (n / 1000) / 500.0, concept => ${FORMER}) as id
      from generate_series(1, ${count}::int) as n`;
    return rows.map((row) => row.id);
  }

  /** One call of the API as somebody. */
  async call<T>(who: string, name: string, p: postgres.JSONValue): Promise<T> {
    return this.sql.begin(async (call) => {
      await call`select tests.as_user(${who})`;
      const [row] = await call<{ answer: T }[]>`select public.${call(name)}(${this.sql.json(p)}) as answer`;
      return row?.answer as T;
    }) as Promise<T>;
  }

  /** Edits the vocabulary as its coordinator; answers the edit's id. */
  async edit(
    action: string,
    args: Record<string, postgres.JSONValue>,
    who = this.coordinator,
  ): Promise<string> {
    const id = randomUUID();
    await this.call(who, 'thesaurus_edit', { id, scheme: SCHEME, action, ...args });
    return id;
  }

  undo(edit: string): Promise<unknown> {
    return this.call(this.coordinator, 'thesaurus_undo', { edit });
  }

  /** Runs the worker as often as it takes, without its last look a minute later. Milliseconds of each run. */
  async work(): Promise<number[]> {
    const runs: number[] = [];
    for (;;) {
      await this.sql`update app.thesaurus_edits set remap_until = now()
        where remap_until > now() and not private.points_left(thesaurus_edits)`;
      await this.sql`update app.jobs set run_after = now() where kind = 'remap' and done_at is null`;
      const [left] = await this.sql`select 1 from app.jobs where kind = 'remap' and done_at is null`;
      if (!left) return runs;
      const start = performance.now();
      await this.sql`select public.worker_take('{"kinds": []}')`;
      runs.push(performance.now() - start);
    }
  }

  /** Phones that still know the former term edit their share of the points, each once, until told to stop. */
  async push(points: readonly string[], base: string | null, isOver: () => boolean): Promise<Sent[]> {
    const share = (n: number) => points.filter((_, index) => index % this.pushers.length === n);
    const all = await Promise.all(
      this.pushers.map(async (who, n) => {
        const sent: Sent[] = [];
        for (const point of share(n)) {
          if (isOver()) break;
          sent.push(await this.#pushOne(who, point, base));
        }
        return sent;
      }),
    );
    return all.flat();
  }

  async #pushOne(who: string, point: string, base: string | null): Promise<Sent> {
    const name = `Croix ${randomUUID().slice(0, 8)}`;
    const mutation = {
      mutation_id: randomUUID(),
      v: 1,
      kind: 'edit',
      point_id: point,
      captured_at: '2026-05-02T10:00:00.000Z',
      base_rev: 1,
      base: { concept: FORMER, 'attributes.name': base },
      patch: { concept: FORMER, 'attributes.name': name },
    };
    const start = performance.now();
    const [row] = await this.sql<{ status: string }[]>`
      select tests.push(${who}, ${JSON.stringify(mutation)}::text::jsonb) -> 0 ->> 'status' as status`;
    return { point, name, status: row?.status ?? '', ms: performance.now() - start };
  }

  /** How many points each term has. */
  async counts(): Promise<Record<string, number>> {
    const rows = await this.sql<{ concept: string; n: number }[]>`
      select concept, count(*)::int as n from app.points where theme = 'heritage' group by concept`;
    return Object.fromEntries(rows.map(({ concept, n }) => [concept, n]));
  }

  /** The names that points have, of those whose phone was told that they were taken. */
  async lost(sent: readonly Sent[]): Promise<Sent[]> {
    const rows = await this.sql<{ id: string; name: string }[]>`
      select id, attributes ->> 'name' as name from app.points where attributes ? 'name'`;
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    return sent.filter(({ point, name }) => names.get(point) !== name);
  }
}
