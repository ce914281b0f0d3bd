// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { acceptCharter, fetchMe } from '../../src/api/account.ts';
import { exportUnsent } from '../../src/sync/export.ts';
import { importUnsent } from '../../src/sync/import.ts';
import { createRunner } from '../../src/sync/runner.ts';
import { makeAccount, makeModerator } from '../support/accounts.ts';
import { type Crowd, gather } from '../support/crowd.ts';
import { jpegWithExif } from '../support/outside-client.ts';
import { type Detour, Network, Phone } from '../support/phone.ts';

/** What must hold whoever answers, whoever signs in, whatever breaks. */
describe('what a phone can be trusted with', { timeout: 300_000 }, () => {
  let crowd: Crowd;
  beforeAll(async () => {
    crowd = await gather();
  }, 300_000);
  afterAll(() => crowd.close());

  it('carries each person’s work under their own name, and shows it to nobody else', async () => {
    const first = await crowd.somebody();
    const second = await crowd.somebody();
    const { phone } = first;
    phone.network.isUp = false;
    const id = await phone.capture();
    phone.network.isUp = true;
    // The first one signs out, the second one in, on the same phone.
    phone.restart(second.id);
    await phone.signIn(second.email);
    expect(await phone.sync()).toBeNull();
    expect(await phone.shown(id)).toBeNull();
    expect(await phone.mine()).toEqual([]);
    expect(await crowd.onServer(id)).toHaveLength(0);
    // The first one's runner, were it still there, would not borrow the second one's session.
    phone.restart(first.id);
    expect(await phone.sync()).toMatchObject({ code: 'wrong_user' });
    expect(await phone.ctx.precious.outbox.count()).toBe(1);
    await phone.signIn(first.email);
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toHaveLength(1);
    await second.phone.sync();
    expect(await second.phone.shown(id)).toBeNull();
  });

  it('brings what is published near my points, and forgets what leaves my view', async () => {
    const { phone } = await crowd.somebody();
    const neighbour = await crowd.somebody();
    const desk = await crowd.moderator();
    const geom = { lon: 1.9001, lat: 43.9001, accuracy_m: 5, source: 'gps' };
    const id = await phone.capture({ patch: { geom } });
    await phone.sync();
    await neighbour.phone.capture({ patch: { geom: { ...geom, lat: 43.91 } } });
    expect(await neighbour.phone.sync()).toBeNull();
    expect(await neighbour.phone.shown(id)).toBeNull();
    const decide = async (decision: 'publish' | 'archive', more = {}) => {
      await desk.sync();
      const rev = (
        await crowd.server.sql<{ rev: number }>('select rev from app.points where id = $1', [id])
      )[0]?.rev;
      await desk.enqueue({ kind: 'decide', point_id: id, seen_rev: rev ?? 0, decision, ...more });
      desk.clock = () => new Date(Date.now() + 60_000);
      expect(await desk.sync()).toBeNull();
    };
    await decide('publish');
    await neighbour.phone.sync();
    expect(await neighbour.phone.shown(id)).toMatchObject({ point: { status: 'published', mine: false } });
    // Another phone of theirs: my points, then the nine cells around them, each lot in one call.
    const other = await crowd.otherPhone(neighbour);
    expect(await other.sync()).toBeNull();
    expect(await other.shown(id)).toMatchObject({ point: { status: 'published', mine: false } });
    const calls = other.network.requests.filter((url) => url.includes('/rpc/sync_'));
    expect(calls.map((url) => url.split('/rpc/')[1])).toEqual(['sync_pull', 'sync_pull']);
    await crowd.server.sql("update app.points set sensitivity = 'hidden', v = v + 1 where id = $1", [id]);
    await crowd.server.sql('select private.touch_point($1)', [id]);
    await neighbour.phone.sync();
    expect(await neighbour.phone.shown(id)).toBeNull();
    await phone.sync();
    expect(await phone.shown(id)).toMatchObject({ point: { sensitivity: 'hidden', mine: true } });
  });

  it('asks again for all that a role showed when it ends between two pages', async () => {
    const { phone } = await crowd.somebody();
    const judge = await makeModerator(crowd.server, 'juge@capitelle.test');
    const desk = await crowd.otherPhone(judge);
    const geom = { lon: 2.9001, lat: 43.7001, accuracy_m: 5, source: 'gps' };
    await desk.capture({ patch: { geom } });
    const id = await phone.capture({ patch: { geom } });
    await phone.sync();
    await desk.sync();
    await desk.enqueue({ kind: 'decide', point_id: id, seen_rev: 1, decision: 'publish' });
    desk.clock = () => new Date(Date.now() + 60_000);
    expect(await desk.sync()).toBeNull();
    expect((await desk.shown(id))?.point).toMatchObject({ status: 'published', waiting: [] });
    // News of two pages, each of a row.
    for (let n = 0; n < 3; n++) await phone.capture({ patch: { geom } });
    await phone.sync();
    let pages = 0;
    desk.network = new Network(async (input, init) => {
      if (!String(input).includes('/rpc/sync_pull')) return fetch(input, init);
      if (++pages === 2) await crowd.server.sql('delete from app.memberships where user_id = $1', [judge.id]);
      return fetch(input, { ...init, body: String(init?.body).replace(/"limit":\d+/, '"limit":1') });
    });
    desk.restart();
    expect(await desk.sync()).toBeNull();
    expect(pages).toBeGreaterThan(1);
    const { point } = (await desk.shown(id)) ?? {};
    expect(point?.status).toBe('published');
    expect(point?.waiting).toBeUndefined();
  });

  it('learns new words still, once a role has changed', async () => {
    const { phone, id } = await crowd.somebody();
    const wordOf = async () => (await phone.ctx.cache.concepts.get('lavoir'))?.labels['fr'];
    await phone.sync();
    const before = await wordOf();
    expect(before).toBeDefined();
    await crowd.server.sql(
      "insert into app.memberships (user_id, group_id, role, territories) select $1, id, 'moderator', '{11}' from app.groups",
      [id],
    );
    expect(await phone.sync()).toBeNull();
    const rename = (word: string | undefined) =>
      crowd.server.sql(
        "update app.concepts set labels = labels || jsonb_build_object('fr', $1::text) where id = 'lavoir'",
        [word],
      );
    await rename('Lavoir couvert');
    expect(await phone.sync()).toBeNull();
    expect(await wordOf()).toBe('Lavoir couvert');
    await rename(before);
  });

  it('deletes nothing for an empty, foreign, cut or captive answer', async () => {
    const { phone } = await crowd.somebody();
    const kept = await phone.capture();
    await phone.sync();
    const memory = async () => ({
      outbox: (await phone.ctx.precious.outbox.toArray()).map(({ mutation, state }) => ({ mutation, state })),
      points: await phone.ctx.cache.points.toArray(),
    });
    const empty = {
      epoch: 'x',
      visibility_epoch: 1,
      changed: [],
      concepts: [],
      themes: [],
      next: [],
      resync: [],
    };
    const answers: Detour[] = [
      () => Promise.resolve(Response.json([])),
      () => Promise.resolve(Response.json(null)),
      () => Promise.resolve(Response.json({ ...empty, user_id: 'somebody else', gone: [kept], results: [] })),
      () => Promise.resolve(new Response('<html>Bienvenue sur le Wi-Fi</html>')),
      () => Promise.resolve(new Response('<html>', { status: 403 })),
      () => Promise.resolve(new Response('', { status: 408 })),
      () => Promise.resolve(new Response('', { status: 429 })),
      () => Promise.resolve(new Response('', { status: 500 })),
      () => Promise.resolve(Response.json({ code: 'PT401', message: 'auth_required' }, { status: 401 })),
      async (go) => new Response((await (await go()).text()).slice(0, 40)),
      // Right in everything but whom it speaks to.
      async (go) => {
        const told = (await (await go()).json()) as object;
        return Response.json({ ...told, user_id: 'somebody else', gone: [kept] });
      },
    ];
    const meet = async (answer: Detour) => {
      const before = await memory();
      phone.network.detours.set('rpc/', answer);
      expect(await phone.sync()).not.toBeNull();
      await phone.ctx.precious.outbox.toCollection().modify({ not_before: 0, state: 'queued' });
      expect(await memory()).toEqual(before);
    };
    // With nothing to send it is the pull that is answered so; then it is the push.
    for (const answer of answers) await meet(answer);
    const waiting = await phone.capture();
    for (const answer of answers) await meet(answer);
    phone.network.detours.clear();
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(waiting)).toHaveLength(1);
    expect(await phone.shown(kept)).not.toBeNull();
  });

  it('lets one bad mutation delay no other point', async () => {
    const { phone } = await crowd.somebody();
    const ids = [];
    for (let n = 0; n < 7; n++) ids.push(await phone.capture());
    const poison = ids[3] ?? '';
    phone.network.detours.set('sync_push', (go, body) =>
      body.includes(poison) ? Promise.resolve(new Response('', { status: 500 })) : go(),
    );
    await phone.sync();
    for (const id of ids) expect(await crowd.onServer(id)).toHaveLength(id === poison ? 0 : 1);
    expect(await phone.ctx.precious.outbox.toArray()).toMatchObject([
      { point_id: poison, state: 'queued', last_problem: { code: 'server_error' } },
    ]);
    phone.network.detours.clear();
    phone.clock = () => new Date(Date.now() + 600_000);
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(poison)).toHaveLength(1);
  });

  it('sends nothing that could not be taken back while nobody answers', async () => {
    const { phone } = await crowd.somebody();
    phone.ctx = { ...phone.ctx, isRoadDoubtful: () => true };
    phone.network.isUp = false;
    const id = await phone.capture();
    expect(await phone.sync()).toMatchObject({ code: 'offline' });
    expect(await phone.ctx.precious.outbox.toArray()).toMatchObject([{ attempts: 0, frozen: null }]);
    phone.network.isUp = true;
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toHaveLength(1);
    phone.network.requests.length = 0;
    await phone.sync();
    expect(phone.network.requests.filter((url) => url.endsWith('/rpc/me'))).toEqual([]);
  });

  it('waits for the charter, then sends the same mutations', async () => {
    const account = await makeAccount(crowd.server, 'charte@capitelle.test');
    const phone = new Phone(crowd.server, account.id);
    await phone.signIn(account.email);
    const id = await phone.capture();
    expect(await phone.sync()).toMatchObject({ code: 'charter_required', recovery: 'accept_charter' });
    expect(await phone.ctx.precious.outbox.toArray()).toMatchObject([{ state: 'queued' }]);
    const me = await fetchMe(phone.ctx.api);
    await acceptCharter(phone.ctx.api, me.charter.current ?? 0);
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toHaveLength(1);
  });

  it('hands over unsent work as a file, which brought back twice doubles nothing', async () => {
    const person = await crowd.somebody();
    const { phone } = person;
    phone.network.isUp = false;
    const { bytes, width, height } = jpegWithExif();
    const id = await phone.capture();
    const photo = await phone.takePhoto(id, bytes.slice().buffer, { width, height });
    await phone.ctx.precious.photos.update(photo.id, { state: 'local' });
    const asked = { userId: person.id, instance: 'here' };
    const file = await exportUnsent(phone.ctx.precious, { ...asked, now: new Date() });
    const other = await crowd.otherPhone(person);
    expect(await importUnsent(other.ctx.precious, asked, file)).toEqual({
      mutations: 1,
      photos: 1,
      drafts: 0,
    });
    expect(await importUnsent(other.ctx.precious, asked, file)).toEqual({
      mutations: 0,
      photos: 0,
      drafts: 0,
    });
    expect(await other.sync()).toBeNull();
    phone.network.isUp = true;
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toHaveLength(1);
    expect(await crowd.server.sql('select id from app.photos where point_id = $1', [id])).toHaveLength(1);
    const another = { ...asked, userId: 'somebody else' };
    await expect(importUnsent(other.ctx.precious, another, file)).rejects.toThrow('wrong_user');
    const elsewhere = { ...asked, instance: 'elsewhere' };
    await expect(importUnsent(other.ctx.precious, elsewhere, file)).rejects.toThrow('other_instance');
    for (const end of [10, 600, file.size - 200]) {
      const cut = importUnsent(other.ctx.precious, asked, file.slice(0, end));
      await expect(cut).rejects.toThrow('unreadable_file');
    }
  });

  it('queues again what a restored server forgot, before what waits', async () => {
    const { phone } = await crowd.somebody();
    const id = await phone.capture();
    await phone.sync();
    await crowd.server.sql('truncate app.points, app.receipts cascade');
    await crowd.server.sql('update app.settings set instance_id = gen_random_uuid()');
    await phone.enqueue({
      kind: 'edit',
      point_id: id,
      base_rev: 1,
      base: { 'attributes.name': 'Lavoir de la place' },
      patch: { 'attributes.name': 'Lavoir du Riou' },
    });
    await phone.sync();
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toMatchObject([{ attributes: { name: 'Lavoir du Riou' } }]);
  });

  it('leaves by itself after a save, and does not hammer a dead network', async () => {
    const { phone } = await crowd.somebody();
    phone.network.isUp = false;
    let asked = 0;
    const reports: string[] = [];
    const runner = createRunner(phone.ctx, {
      tell: ({ phase, problem }) => {
        if (phase === 'pushing') asked += 1;
        reports.push(problem?.code ?? phase);
      },
    });
    const id = await phone.capture();
    await vi.waitFor(() => expect(reports).toContain('offline'));
    expect(asked).toBeLessThanOrEqual(3);
    phone.network.isUp = true;
    runner.wake();
    await vi.waitFor(async () => expect(await crowd.onServer(id)).toHaveLength(1), 10_000);
    await runner.stop();
  });
});
