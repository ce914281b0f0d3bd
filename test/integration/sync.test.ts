// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { retryMutation } from '../../src/sync/outbox-actions.ts';
import { type Crowd, gather } from '../support/crowd.ts';
import { type Phone, random } from '../support/phone.ts';

/** The real engine, on a simulated IndexedDB, against the real server. */
describe('what a phone carries to the server', { timeout: 300_000 }, () => {
  let crowd: Crowd;
  beforeAll(async () => {
    crowd = await gather();
  }, 300_000);
  afterAll(() => crowd.close());

  it('captures without network, survives a kill, and arrives exactly once', async () => {
    const { phone } = await crowd.somebody();
    phone.network.isUp = false;
    const id = await phone.capture();
    expect(await phone.sync()).toMatchObject({ code: 'offline', recovery: 'wait_network' });
    phone.restart();
    expect(await phone.shown(id)).toMatchObject({
      point: { status: 'submitted', attributes: { name: 'Lavoir de la place' } },
      unsent: [{ state: 'queued' }],
    });
    phone.network.isUp = true;
    expect(await phone.sync()).toBeNull();
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toHaveLength(1);
    expect(await phone.shown(id)).toMatchObject({ point: { rev: 1, mine: true }, unsent: [] });
    expect(await phone.ctx.precious.sent.toArray()).toMatchObject([{ status: 'applied' }]);
  });

  it('doubles nothing when an acknowledgement is lost, and sends the same bytes again', async () => {
    const { phone } = await crowd.somebody();
    const id = await phone.capture();
    const bodies: string[] = [];
    phone.network.detours.set('sync_push', async (go, body) => {
      bodies.push(body);
      await go();
      throw new TypeError('the answer was lost');
    });
    expect(await phone.sync()).toMatchObject({ code: 'offline' });
    phone.restart();
    // A further edit must not change what was already sent.
    await phone.enqueue({
      kind: 'edit',
      point_id: id,
      base_rev: 1,
      base: { 'attributes.name': 'Lavoir de la place' },
      patch: { 'attributes.name': 'Lavoir du Riou' },
    });
    phone.network.detours.set('sync_push', (go, body) => {
      bodies.push(body);
      return go();
    });
    expect(await phone.sync()).toBeNull();
    const first = /"mutations":\[(.*)\]/.exec(bodies[0] ?? '')?.[1] ?? 'none';
    expect(bodies.at(-1)).toContain(first);
    expect(await crowd.onServer(id)).toMatchObject([{ attributes: { name: 'Lavoir du Riou' } }]);
    const events = await crowd.server.sql(
      "select id from app.events where point_id = $1 and action = 'create'",
      [id],
    );
    expect(events).toHaveLength(1);
    expect(await phone.ctx.precious.outbox.count()).toBe(0);
  });

  it('joins edits that never left, and keeps the order of those that did', async () => {
    const { phone } = await crowd.somebody();
    const id = await phone.capture();
    const name = (from: string, to: string) =>
      phone.enqueue({
        kind: 'edit',
        point_id: id,
        base_rev: 0,
        base: { 'attributes.name': from },
        patch: { 'attributes.name': to },
      });
    await name('Lavoir de la place', 'B');
    expect(await phone.ctx.precious.outbox.count()).toBe(1);
    phone.network.isUp = false;
    await phone.sync();
    phone.network.detours.set('sync_push', () => Promise.reject(new TypeError('cut')));
    phone.network.isUp = true;
    await phone.sync();
    await name('B', 'C');
    await name('C', 'D');
    expect(await phone.ctx.precious.outbox.count()).toBe(2);
    phone.network.detours.clear();
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toMatchObject([{ attributes: { name: 'D' } }]);
  });

  it('keeps both values of a field that two phones changed, until one is chosen', async () => {
    const person = await crowd.somebody();
    const { phone } = person;
    const id = await phone.capture();
    await phone.sync();
    const other = await crowd.otherPhone(person);
    expect(await other.sync()).toBeNull();
    const rename = (where: Phone, to: string, more = {}) =>
      where.enqueue({
        kind: 'edit',
        point_id: id,
        base_rev: 1,
        base: { 'attributes.name': 'Lavoir de la place' },
        patch: { 'attributes.name': to },
        ...more,
      });
    await rename(phone, 'Lavoir du haut');
    await phone.sync();
    const mutationId = await rename(other, 'Lavoir du bas');
    expect(await other.sync()).toBeNull();
    expect(await other.shown(id)).toMatchObject({
      point: {
        attributes: { name: 'Lavoir du haut' },
        conflicts: [{ field: 'attributes.name', mine: 'Lavoir du bas', theirs: 'Lavoir du haut' }],
      },
      unsent: [{ state: 'conflict', mutation_id: mutationId }],
    });
    await phone.sync();
    expect((await phone.shown(id))?.point.conflicts).toHaveLength(1);
    const now = await other.shown(id);
    await other.enqueue({
      kind: 'edit',
      point_id: id,
      base_rev: now?.point.rev ?? 0,
      base: { 'attributes.name': 'Lavoir du haut' },
      patch: { 'attributes.name': 'Lavoir du bas' },
      resolves: [mutationId],
    });
    expect(await other.sync()).toBeNull();
    expect(await other.shown(id)).toMatchObject({
      point: { attributes: { name: 'Lavoir du bas' }, conflicts: [] },
      unsent: [],
    });
  });

  it('tells the author every decision with its reason, and carries a moderator through it', async () => {
    const { phone } = await crowd.somebody();
    const id = await phone.capture();
    await phone.sync();
    const desk = await crowd.moderator();
    expect(await desk.sync()).toBeNull();
    const seen = await desk.shown(id);
    expect(seen?.point.waiting).toContain('new');
    await desk.enqueue({
      kind: 'decide',
      point_id: id,
      seen_rev: seen?.point.rev ?? 0,
      decision: 'to_complete',
      reason: 'photo_missing',
      comment: 'De plus près ?',
    });
    // The time to change one's mind: it does not leave yet.
    await desk.sync();
    expect(await crowd.onServer(id)).toMatchObject([{ status: 'submitted' }]);
    expect((await desk.shown(id))?.point.status).toBe('to_complete');
    desk.clock = () => new Date(Date.now() + 9_000);
    expect(await desk.sync()).toBeNull();
    await phone.sync();
    const learnt = await phone.shown(id);
    expect(learnt?.point).toMatchObject({
      status: 'to_complete',
      decision: { decision: 'to_complete', reason: 'photo_missing', comment: 'De plus près ?' },
    });
    await phone.enqueue({
      kind: 'edit',
      point_id: id,
      base_rev: learnt?.point.rev ?? 0,
      base: { 'attributes.condition': null },
      patch: { 'attributes.condition': 'good' },
      submit: true,
    });
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toMatchObject([{ status: 'submitted' }]);
  });

  it('keeps what the server refuses, with the reason', async () => {
    const { phone } = await crowd.somebody();
    const geom = { lon: 2.35, lat: 48.85, accuracy_m: 8, source: 'gps' };
    const id = await phone.capture({ patch: { geom } });
    const other = await phone.capture();
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(id)).toHaveLength(0);
    expect(await phone.shown(id)).toMatchObject({
      point: { geom },
      unsent: [{ state: 'refused', last_problem: { code: 'outside_territory', recovery: 'fix_field' } }],
    });
    expect(await crowd.onServer(other)).toHaveLength(1);
  });

  it('loses no edit to a withdrawal or an archiving that it did not know of', async () => {
    const author = await crowd.somebody();
    const { phone } = author;
    const other = await crowd.otherPhone(author);
    const desk = await crowd.moderator();
    const rename = async (by: Phone, id: string, name: string) => {
      const seen = (await by.shown(id))?.point;
      const base = { 'attributes.name': seen?.attributes['name'] ?? null };
      const patch = { 'attributes.name': name };
      return by.enqueue({ kind: 'edit', point_id: id, base_rev: seen?.rev ?? 0, base, patch });
    };
    let waitedMs = 0;
    const decide = async (id: string, decision: 'publish' | 'archive' | 'restore') => {
      await desk.sync();
      const seen_rev = (await crowd.onServer(id))[0]?.rev ?? 0;
      const reason = decision === 'archive' ? { reason: 'not_found_on_site' } : {};
      await desk.enqueue({ kind: 'decide', point_id: id, seen_rev, decision, ...reason });
      waitedMs += 60_000;
      desk.clock = () => new Date(Date.now() + waitedMs);
      expect(await desk.sync()).toBeNull();
      expect(await desk.ctx.precious.outbox.toArray()).toEqual([]);
    };

    // Taken back on one phone while the other one, without network, went on with it: it comes back.
    const taken = await phone.capture();
    await phone.sync();
    await other.sync();
    await rename(other, taken, 'Lavoir du Riou');
    await phone.enqueue({ kind: 'withdraw', point_id: taken });
    expect(await phone.sync()).toBeNull();
    expect(await crowd.onServer(taken)).toMatchObject([{ status: 'withdrawn' }]);
    expect(await other.sync()).toBeNull();
    expect(await crowd.onServer(taken)).toMatchObject([
      { status: 'submitted', attributes: { name: 'Lavoir du Riou' } },
    ]);

    // Archived while an edit was on its way: refused with its reason, kept, and sent again once it may.
    const archived = await phone.capture();
    await phone.sync();
    await decide(archived, 'publish');
    await phone.sync();
    const mutationId = await rename(phone, archived, 'Lavoir du haut');
    await decide(archived, 'archive');
    expect(await phone.sync()).toBeNull();
    expect(await phone.ctx.precious.outbox.toArray()).toMatchObject([
      {
        state: 'refused',
        last_problem: { code: 'invalid_transition' },
        mutation: { patch: { 'attributes.name': 'Lavoir du haut' } },
      },
    ]);
    await decide(archived, 'restore');
    await retryMutation(phone.ctx.precious, mutationId, phone.clock(), random);
    expect(await phone.sync()).toBeNull();
    expect(await phone.ctx.precious.outbox.count()).toBe(0);
    expect((await phone.shown(archived))?.point.pending).toMatchObject([
      { patch: { 'attributes.name': 'Lavoir du haut' }, mine: true, state: 'pending' },
    ]);

    // Archived while the edit waited on the server: it waits on, and its author still sees it.
    await decide(archived, 'archive');
    await phone.sync();
    expect((await phone.shown(archived))?.point).toMatchObject({
      status: 'archived',
      pending: [{ patch: { 'attributes.name': 'Lavoir du haut' }, mine: true, state: 'pending' }],
    });
  });

  it('sends what follows a refusal in the same round', async () => {
    const { phone } = await crowd.somebody();
    const id = await phone.capture();
    expect(await phone.sync()).toBeNull();
    const edit = {
      kind: 'edit',
      point_id: id,
      base_rev: 1,
      base: { 'attributes.unheard_of': null },
    } as const;
    await phone.enqueue({ ...edit, patch: { 'attributes.unheard_of': 'x' } });
    await phone.enqueue({ kind: 'comment', point_id: id, text: 'Le bassin est de 1873.' });
    await phone.enqueue({
      kind: 'edit',
      point_id: id,
      base_rev: 1,
      base: { 'attributes.name': 'Lavoir de la place' },
      patch: { 'attributes.name': 'Lavoir du Riou' },
    });
    expect(await phone.sync()).toBeNull();
    expect(await phone.ctx.precious.outbox.toArray()).toMatchObject([
      { state: 'refused', last_problem: { code: 'invalid_attributes' } },
    ]);
    expect(await crowd.onServer(id)).toMatchObject([{ attributes: { name: 'Lavoir du Riou' } }]);
  });
});
