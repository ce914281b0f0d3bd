// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { acceptCharter, fetchMe, updateProfile } from '../../src/api/account.ts';
import { fetchThemes, fetchThesaurus } from '../../src/api/catalogue.ts';
import { fetchQueue, takeLease } from '../../src/api/moderation.ts';
import { fetchSheet, searchPoints } from '../../src/api/points.ts';
import { fetchSnapshot, pullBuckets, unknownReceipts } from '../../src/api/pull.ts';
import { fetchBulk, fetchReview, fetchTemplates } from '../../src/api/review.ts';
import { fetchStats, fetchTerritories } from '../../src/api/territories.ts';
import { fetchTile } from '../../src/api/tiles.ts';
import type { Api } from '../../src/api/client.ts';
import { tileOf } from '../../src/domain/geo/quadkey.ts';
import { PROBLEMS } from '../../src/domain/problems.ts';
import { type Crowd, gather } from '../support/crowd.ts';
import type { Phone } from '../support/phone.ts';

/** Every answer of the server passes the app's own schemas; a refusal is a problem with a name. */
describe('the wire', { timeout: 300_000 }, () => {
  let crowd: Crowd;
  let phone: Phone;
  let desk: Phone;
  let api: Api;
  let id: string;

  beforeAll(async () => {
    crowd = await gather();
    ({ phone } = await crowd.somebody());
    api = phone.ctx.api;
    desk = await crowd.moderator();
    id = await phone.capture();
    await phone.sync();
  }, 300_000);
  afterAll(() => crowd.close());

  it('carries the catalogue and the account', async () => {
    const { themes } = await fetchThemes(api);
    expect(themes.map((theme) => theme.id).sort()).toEqual(['accessibility', 'heritage', 'lighting']);
    for (const theme of themes) expect(theme.form.sections.length).toBeGreaterThan(0);
    expect((await fetchThesaurus(api)).concepts.length).toBeGreaterThan(50);
    const me = await fetchMe(api);
    expect(me.charter.accepted).toBe(me.charter.current);
    expect(await acceptCharter(api, me.charter.current ?? 0)).toMatchObject({ user_id: me.user_id });
    expect(await updateProfile(api, { display_name: 'Alix' })).toMatchObject({ display_name: 'Alix' });
  });

  it('carries what waits, to whom it concerns', async () => {
    const queue = await fetchQueue(desk.ctx.api, { theme: 'heritage' });
    expect(queue.items).toMatchObject([{ point_id: id, kind: 'new', theme: 'heritage' }]);
    expect((await fetchQueue(api, {})).items).toEqual([]);
    expect(await takeLease(desk.ctx.api, id)).toMatchObject({ granted: true });
    expect(await takeLease(desk.ctx.api, id, true)).toHaveProperty('granted');
    expect(queue.counts).toEqual({ heritage: { new: 1 } });
    const review = await fetchReview(desk.ctx.api, { point_id: id });
    expect(review).toMatchObject({ item: { kind: 'new' }, may_decide: true, candidates: [], thread: [] });
    expect(review.events[0]).toMatchObject({ action: 'create' });
    expect((await fetchBulk(desk.ctx.api, [id])).safe).toMatchObject([{ point_id: id }]);
    expect(await fetchTemplates(desk.ctx.api)).toEqual([]);
    const pulled = await pullBuckets(api, { buckets: [{ id: 't' }, { id: 'u:me' }] });
    expect(pulled.changed.map((point) => point.id)).toContain(id);
    const snapshot = await fetchSnapshot(desk.ctx.api, { bucket: 'm:me' });
    expect(snapshot.points.find((point) => point.id === id)?.waiting).toEqual(['new']);
    expect(await unknownReceipts(api, ['018f0000-0000-7000-8000-000000000001'])).toMatchObject({
      unknown: ['018f0000-0000-7000-8000-000000000001'],
    });
  });

  it('carries what everybody reads', async () => {
    const rev = (await crowd.onServer(id))[0]?.rev ?? 0;
    await desk.enqueue({ kind: 'decide', point_id: id, seen_rev: rev, decision: 'publish' });
    desk.clock = () => new Date(Date.now() + 60_000);
    expect(await desk.sync()).toBeNull();
    const found = await searchPoints(api, { themes: ['heritage'], bbox: [2, 43, 3, 44] });
    expect(found.items).toMatchObject([{ id, status: 'published' }]);
    expect((await fetchSheet(api, id)).point).toMatchObject({ id, mine: false });
    const tile = { z: 14, ...tileOf({ lon: 2.5512, lat: 43.3215 }, 14) };
    expect((await fetchTile(api, { ...tile, themes: ['heritage'] })).points[0]?.[0]).toBe(id);
    expect(await fetchStats(api)).toBeTypeOf('object');
    expect(await fetchTerritories(api, {})).toBeInstanceOf(Array);
  });

  it('refuses with a name that the app has words for', async () => {
    const refusals = [
      fetchSheet(api, '018f0000-0000-7000-8000-000000000001'),
      fetchTile(api, { z: 30, x: 0, y: 0 }),
      searchPoints(api, { limit: -1 }),
      fetchSnapshot(api, { bucket: 'nonsense' }),
      takeLease(api, id),
    ];
    const codes = await Promise.all(
      refusals.map((one) =>
        one.then(() => 'accepted').catch((cause: { problem: { code: string } }) => cause.problem.code),
      ),
    );
    expect(codes.slice(0, 2)).toEqual(['point_not_found', 'invalid_tile']);
    for (const code of codes) {
      expect(Object.keys(PROBLEMS)).toContain(code);
      expect(code).not.toBe('unknown');
    }
  });

  it('refuses whoever is not signed in, by name', async () => {
    phone.restart();
    const { auth } = await phone.ctx.api.supabase();
    await auth.signOut({ scope: 'local' });
    await expect(fetchMe(phone.ctx.api)).rejects.toMatchObject({ problem: { code: 'auth_required' } });
    expect(await phone.sync()).toMatchObject({ code: 'auth_required', recovery: 'sign_in' });
  });
});
