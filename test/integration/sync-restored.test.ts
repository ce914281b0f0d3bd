// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Crowd, gather } from '../support/crowd.ts';
import { jpegWithExif } from '../support/outside-client.ts';

const HOUR_MS = 3_600_000;

let crowd: Crowd;
beforeAll(async () => {
  crowd = await gather();
}, 300_000);
afterAll(() => crowd.close());

/** What the phones bring back by and by to a server that has forgotten it, and who is told of what is missing. */
describe('a server put back from a backup', { timeout: 300_000 }, () => {
  it('offers its photos again to a restored server, and says which are lost', async () => {
    const { phone } = await crowd.somebody();
    const id = await phone.capture({ expected_photos: 2 });
    const { bytes, width, height } = jpegWithExif();
    const photos: string[] = [];
    for (const caption of ['kept', 'lost']) {
      const own = new Uint8Array([...bytes, ...new TextEncoder().encode(caption)]).buffer;
      const photo = await phone.takePhoto(id, own, { width, height });
      await phone.ctx.precious.photos.update(photo.id, { state: 'local' });
      photos.push(photo.id);
    }
    expect(await phone.sync()).toBeNull();
    expect(await phone.ctx.precious.photo_bytes.count()).toBe(0);
    // A first life of the server is no other one: nothing is offered twice.
    const states = async () => (await phone.ctx.precious.photos.toArray()).map((photo) => photo.state);
    expect(await states()).toEqual(['stored', 'stored']);
    // The database goes back to yesterday; the photo store has kept one object and lost the other.
    await crowd.server.sql('truncate app.points, app.receipts, app.photos cascade');
    await crowd.server.sql('update app.settings set instance_id = gen_random_uuid()');
    phone.network.detours.set('photo_commit', async (go, body) =>
      body.includes(photos[1] ?? '') ? Response.json({ status: 'missing' }) : go(),
    );
    await phone.sync();
    await phone.sync();
    await phone.sync();
    expect(await crowd.onServer(id)).toHaveLength(1);
    expect(await crowd.server.sql('select id from app.photos where point_id = $1', [id])).toEqual([
      { id: photos[0] },
    ]);
    expect(await phone.ctx.precious.photos.bulkGet(photos)).toMatchObject([
      { state: 'stored' },
      { state: 'refused', last_problem: { code: 'photo_bytes_lost' } },
    ]);
    expect(await phone.ctx.precious.photo_thumbs.count()).toBe(2);
    // The store's objects are put back later than the rows.
    phone.network.detours.delete('photo_commit');
    await phone.sync();
    phone.clock = () => new Date(Date.now() + 25 * HOUR_MS);
    await phone.sync();
    await phone.sync();
    expect(await states()).toEqual(['stored', 'stored']);
  });

  it('sends again what others said of a point, once its author has brought it back', async () => {
    const { phone: author } = await crowd.somebody();
    const { phone: neighbour } = await crowd.somebody();
    const desk = await crowd.moderator();
    const id = await author.capture();
    await author.sync();
    await desk.sync();
    await desk.enqueue({ kind: 'decide', point_id: id, seen_rev: 1, decision: 'publish' });
    let waitedMs = HOUR_MS;
    const later = (phone: typeof author) => (phone.clock = () => new Date(Date.now() + waitedMs));
    later(desk);
    expect(await desk.sync()).toBeNull();
    await neighbour.sync();
    const observed_at = new Date().toISOString();
    await neighbour.enqueue({ kind: 'confirm', point_id: id, theme: 'heritage', observed_at, found: true });
    expect(await neighbour.sync()).toBeNull();
    await crowd.server.sql('truncate app.points, app.receipts, app.photos cascade');
    await crowd.server.sql('update app.settings set instance_id = gen_random_uuid()');
    // Its author's phone comes last, each time.
    for (let round = 0; round < 8; round++, waitedMs += HOUR_MS) {
      for (const phone of [neighbour, desk, author]) {
        later(phone);
        await phone.sync();
      }
    }
    // The desk was shown the point again; who does not follow the place asks once a day.
    expect(await crowd.onServer(id)).toMatchObject([{ status: 'published' }]);
    waitedMs += 24 * HOUR_MS;
    for (let round = 0; round < 2; round++) await neighbour.sync();
    expect(await neighbour.ctx.precious.outbox.toArray()).toEqual([]);
    expect(await crowd.server.sql('select found from app.confirmations where point_id = $1', [id])).toEqual([
      { found: true },
    ]);
  });
});
