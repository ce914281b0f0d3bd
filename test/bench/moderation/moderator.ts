import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';

/** An item of the queue, as far as the benchmark reads it. */
export interface Item {
  readonly point_id: string;
  readonly revision_id?: string;
  readonly report_id?: string;
  readonly kind: string;
  readonly mine: boolean;
  readonly rev: number;
}

/** A page of the queue. */
export interface Page {
  readonly items: Item[];
  readonly next: string | null;
}

/** The items of a page. */
export const items = (page: Page): Item[] => page.items;

const idOf = (who: number): string => `00000000-0000-4000-8000-${String(who).padStart(12, '0')}`;

/** One RPC in its own transaction, as a moderator of `population.sql` calls it. */
async function call<T>(sql: postgres.Sql, who: number, name: string, p: unknown): Promise<T> {
  const rows = await sql.begin(async (request) => {
    const claims = JSON.stringify({ sub: idOf(who), role: 'authenticated' });
    await request`select set_config('request.jwt.claim.sub', ${idOf(who)}, true), set_config('request.jwt.claims', ${claims}, true),
      set_config('role', 'authenticated', true)`;
    return request.unsafe(`select public.${name}($1::text::jsonb) as answer`, [JSON.stringify(p)]);
  });
  return rows[0]?.['answer'] as T;
}

/** A page of the queue: 50 items, oldest first unless the query says otherwise. */
export const openPage = (sql: postgres.Sql, who: number, query: object): Promise<Page> =>
  call(sql, who, 'moderation_queue', query);

/** Holds an item. */
export const takeLease = (sql: postgres.Sql, who: number, item: Item): Promise<unknown> =>
  call(sql, who, 'moderation_lease', { point_id: item.point_id });

/** What may be the same thing. */
export const readCandidates = (sql: postgres.Sql, who: number, item: Item): Promise<unknown> =>
  call(sql, who, 'moderation_candidates', { point_id: item.point_id });

/** All of an item at once. */
export const review = (sql: postgres.Sql, who: number, item: Item): Promise<unknown> =>
  call(sql, who, 'moderation_review', { point_id: item.point_id });

/** Publishes a new point. Throws when it is not taken: a refusal is no figure. */
export async function decide(sql: postgres.Sql, who: number, item: Item): Promise<void> {
  const mutation = {
    mutation_id: randomUUID(),
    v: 1,
    kind: 'decide',
    point_id: item.point_id,
    captured_at: new Date().toISOString(),
    seen_rev: item.rev,
    decision: 'publish',
  };
  const answer = await call<{ results: { status: string; code?: string }[] }>(sql, who, 'sync_push', {
    device_id: 'bench',
    mutations: [mutation],
  });
  const [result] = answer.results;
  // Decided already: the page that named it was read before.
  if (result?.status !== 'applied' && result?.code !== 'stale_review')
    throw new Error(`decision: ${JSON.stringify(result)}`);
}
