import { expect, test } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { CallError, type createMutation, type OutsideClient } from './outside-client.ts';

type Json = Record<string, unknown>;

/** Who stands there once the three captures have been decided. */
export interface Stage {
  server: LocalServer;
  volunteer: OutsideClient;
  moderator: OutsideClient;
  sector: OutsideClient;
  /** Published. */
  wash: ReturnType<typeof createMutation>;
  /** Sent back, then completed. */
  shop: ReturnType<typeof createMutation>;
  /** Refused. */
  lamp: ReturnType<typeof createMutation>;
}

/** What everybody reads afterwards: tiles, feeds, snapshots, and nothing by the side door. */
export function readingCases(stage: () => Stage): void {
  test('a tile is cacheable, the same for everybody, and silent about the rest', async () => {
    const { moderator, wash, shop, lamp, server } = stage();
    const z = 16;
    const x = Math.floor(((2.5512 + 180) / 360) * 2 ** z);
    const lat = (43.3215 * Math.PI) / 180;
    const y = Math.floor(((1 - Math.log(Math.tan(lat) + 1 / Math.cos(lat)) / Math.PI) / 2) * 2 ** z);
    const address = `${server.url}/rest/v1/rpc/map_tile?z=${z}&x=${x}&y=${y}`;
    const headers = { apikey: server.publishableKey };
    const response = await fetch(address, { headers });
    const body = await response.text();
    const tile = JSON.parse(body) as { v: number; points: [string][]; clusters: unknown[] };
    expect(tile.v).toBe(1);
    expect(tile.points.map(([id]) => id)).toContain(wash.point_id);
    expect(body).not.toContain(shop.point_id);
    expect(body).not.toContain(lamp.point_id);
    expect(response.headers.get('cache-control')).toMatch(/max-age/);
    const etag = response.headers.get('etag');
    expect(etag).toBeTruthy();
    expect((await fetch(address, { headers: { ...headers, 'If-None-Match': String(etag) } })).status).toBe(
      304,
    );
    const { data } = await moderator.supabase.auth.getSession();
    const asModerator = await fetch(address, {
      headers: { ...headers, authorization: `Bearer ${data.session?.access_token}` },
    });
    expect(await asModerator.text()).toBe(body);
    const bad = await fetch(`${server.url}/rest/v1/rpc/map_tile?z=3&x=8&y=0`, { headers });
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({ code: 'PT400', message: 'invalid_tile' });
  });

  test('another person finds nothing of it in the sync feed', async () => {
    const { sector, wash, shop, lamp, server } = stage();
    const cell =
      (
        await server.sql<{ cell: string }>('select public_cell as cell from app.points where id = $1', [
          wash.point_id,
        ])
      )[0]?.cell ?? '';
    const buckets = ['heritage', 'accessibility', 'lighting'].map((theme) => ({ id: `c:${theme}:${cell}` }));
    const pull = await sector.call<{ changed: Json[]; gone: string[] }>('sync_pull', {
      buckets: [...buckets, { id: 'u:me' }],
      limit: 1000,
    });
    const seen = pull.changed.map((point) => point.id);
    expect(seen).toContain(wash.point_id);
    for (const hidden of [shop, lamp]) {
      expect(seen).not.toContain(hidden.point_id);
      expect(pull.gone).not.toContain(hidden.point_id);
      await expect(sector.call('point_history', { point_id: hidden.point_id })).rejects.toMatchObject({
        code: expect.stringMatching(/PT40[34]/) as string,
      });
    }
  });

  test('snapshot, digest and ids agree', async () => {
    const { volunteer, wash, server } = stage();
    const cell =
      (
        await server.sql<{ cell: string }>('select public_cell as cell from app.points where id = $1', [
          wash.point_id,
        ])
      )[0]?.cell ?? '';
    const bucket = `c:heritage:${cell}`;
    const points: Json[] = [];
    let after: unknown = null;
    let horizon: unknown = null;
    do {
      const page = await volunteer.call<{ points: Json[]; next: unknown; horizon: string }>('sync_snapshot', {
        bucket,
        limit: 3,
        ...(after === null ? {} : { after, horizon }),
      });
      points.push(...page.points);
      ({ next: after, horizon } = page);
    } while (after !== null);
    expect(new Set(points.map((p) => p.id)).size).toBe(points.length);
    const { digests } = await volunteer.call<{ digests: { id: string; count: number; digest: string }[] }>(
      'sync_digest',
      { buckets: [bucket] },
    );
    const sum = points.reduce(
      (total, p) => total + BigInt(`0x${String(p.id).slice(-12)}`) + BigInt(Number(p.v)) * 1_000_003n,
      0n,
    );
    expect(digests).toEqual([{ id: bucket, count: points.length, digest: String(sum % 2n ** 48n) }]);
    const { ids } = await volunteer.call<{ ids: [string, number][] }>('sync_ids', { bucket });
    expect(ids.toSorted()).toEqual(points.map((p) => [p.id, p.v]).toSorted());
    const quiet = await volunteer.call<{ changed: unknown[]; gone: unknown[] }>('sync_pull', {
      buckets: [{ id: bucket, cursor: horizon }],
    });
    expect(quiet).toMatchObject({ changed: [], gone: [] });
  });

  test('tables cannot be reached, and a write by REST neither', async () => {
    const { moderator } = stage();
    for (const table of ['points', 'events', 'profiles', 'receipts']) {
      const { data, error } = await moderator.supabase.from(table).select('*').limit(1);
      expect(data).toBeNull();
      expect(error).not.toBeNull();
      const hidden = await moderator.supabase.schema('app').from(table).select('*').limit(1);
      expect(hidden.data).toBeNull();
    }
    for (const name of ['worker_take', 'photo_record']) {
      await expect(moderator.call(name, {})).rejects.toBeInstanceOf(CallError);
    }
  });
}
