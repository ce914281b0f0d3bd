// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { photosToFinish } from '../../src/db/photos.ts';
import { sha256Hex } from '../../src/device/sha256.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { photoKeeper } from '../../src/state/photo-keeper.ts';
import { type Crowd, gather } from '../support/crowd.ts';
import { jpegWithExif } from '../support/outside-client.ts';
import type { Detour } from '../support/phone.ts';

/** The real engine, on a simulated IndexedDB, against the real server. */
describe('the photos that a phone carries to the server', { timeout: 300_000 }, () => {
  let crowd: Crowd;
  beforeAll(async () => {
    crowd = await gather();
  }, 300_000);
  afterAll(() => crowd.close());

  it('refuses a photo that is too large for the server, whoever says so, and keeps its bytes', async () => {
    const { phone } = await crowd.somebody();
    const { bytes, width, height } = jpegWithExif();
    const id = await phone.capture({ expected_photos: 5 });
    const take = (size: number) => {
      const heavy = new Uint8Array(size);
      heavy.set(bytes);
      return phone.takePhoto(id, heavy.buffer, { width, height });
    };
    const heavier = await take(LIMITS.photoBytes + 1);
    const told = [await take(bytes.length + 1), await take(bytes.length + 2)] as const;
    // The third in a row: a round ends of failures, not of refusals.
    const toldToo = await take(bytes.length + 3);
    const whole = await take(bytes.length);
    const { photos, photo_bytes } = phone.ctx.precious;
    await photos.toCollection().modify({ state: 'local' });
    // As Storage says it, and as what stands before it does.
    const within = { statusCode: '413', error: 'Payload too large', message: 'exceeded the maximum' };
    phone.network.detours.set(told[0].id, () => Promise.resolve(Response.json(within, { status: 400 })));
    phone.network.detours.set(told[1].id, () => Promise.resolve(new Response('<html>', { status: 413 })));
    phone.network.detours.set(toldToo.id, () => Promise.resolve(Response.json(within, { status: 400 })));
    expect(await phone.sync()).toBeNull();
    for (const { id: one, size } of [heavier, ...told, toldToo]) {
      expect(await photos.get(one)).toMatchObject({ state: 'refused', last_problem: { code: 'too_large' } });
      expect((await photo_bytes.get(one))?.bytes.byteLength).toBe(size);
    }
    expect(await photos.get(whole.id)).toMatchObject({ state: 'stored' });
    // Whoever pays for the network pays for none of it, now or later.
    expect(phone.network.requests.filter((url) => url.includes(heavier.id))).toEqual([]);
    const asked = phone.network.requests.length;
    await photos.toCollection().modify({ not_before: 0 });
    expect(await phone.sync()).toBeNull();
    const again = phone.network.requests.slice(asked);
    expect(again.filter((url) => url.includes('/storage/'))).toEqual([]);
  });

  it('frees the bytes of a photo only once the server has read them', async () => {
    const { phone } = await crowd.somebody();
    const { bytes, width, height } = jpegWithExif();
    const id = await phone.capture({ expected_photos: 1 });
    const photo = await phone.takePhoto(id, bytes.slice().buffer, { width, height });
    await phone.sync();
    // Its capture is not finished: it stays.
    expect(await phone.ctx.precious.photos.get(photo.id)).toMatchObject({ state: 'draft' });
    await phone.ctx.precious.photos.update(photo.id, { state: 'local' });

    const failures: Detour[] = [
      () => Promise.reject(new TypeError('cut')),
      () => Promise.resolve(Response.json({ status: 'missing' })),
      () => Promise.resolve(Response.json({ status: 'mismatch' })),
      () => Promise.resolve(new Response('<html>', { status: 200 })),
      async (go) => {
        await go();
        throw new TypeError('the answer was lost');
      },
    ];
    for (const failure of failures) {
      phone.network.detours.set('photo_commit', failure);
      await phone.sync();
      phone.restart();
      expect((await phone.ctx.precious.photo_bytes.get(photo.id))?.bytes.byteLength).toBe(bytes.length);
      await phone.ctx.precious.photos.update(photo.id, { not_before: 0 });
    }
    phone.network.detours.clear();
    expect(await phone.sync()).toBeNull();
    expect(await phone.ctx.precious.photos.get(photo.id)).toMatchObject({ state: 'stored' });
    expect(await phone.ctx.precious.photo_bytes.get(photo.id)).toBeUndefined();
    expect(await phone.ctx.precious.photo_thumbs.get(photo.id)).toBeDefined();
    expect((await phone.shown(id))?.point.photos).toMatchObject([{ id: photo.id, state: 'pending' }]);
    expect(await crowd.server.sql('select id from app.photos where point_id = $1', [id])).toHaveLength(1);
  });

  it('sends no photo that is just as the camera gave it: smaller after a kill, once, without what it told', async () => {
    const { phone } = await crowd.somebody();
    const { bytes, width, height } = jpegWithExif();
    const id = await phone.capture({ expected_photos: 1 });
    const photo = await phone.takePhoto(id, bytes.slice().buffer, { width, height });
    await phone.ctx.precious.photos.update(photo.id, { state: 'local', raw: true, sha256: '' });
    const objects = () =>
      crowd.server.sql<{ name: string }>('select name from storage.objects where name like $1', [`%${id}%`]);
    expect(await phone.sync()).toBeNull();
    expect(await phone.shown(id)).toMatchObject({ unsent: [] });
    expect(await objects()).toEqual([]);
    expect(await phone.ctx.precious.photo_bytes.count()).toBe(1);

    phone.restart();
    const { precious, userId } = phone.ctx;
    const small = new Uint8Array(
      jpeg.encode({ data: Buffer.alloc(16 * 16 * 4), width: 16, height: 16 }).data,
    );
    const made = { sha256: await sha256Hex(small.buffer), width: 16, height: 16, mime: 'image/jpeg' };
    const keeper = photoKeeper(precious, () =>
      Promise.resolve({
        ...{ ...made, bytes: small.slice().buffer, thumb: small.slice().buffer, isDecoded: true },
        ...{ takenAt: null, position: { lon: 2.5, lat: 43.3, accuracyMeters: null } },
      }),
    );
    for (const raw of await photosToFinish(precious, userId)) await keeper.prepare(raw);
    expect(await phone.sync()).toBeNull();
    expect(await phone.sync()).toBeNull();
    expect(await precious.photos.get(photo.id)).toMatchObject({ state: 'stored' });
    const sent = await crowd.server.sql(
      'select sha256, size_bytes::int as size from app.photos where point_id = $1',
      [id],
    );
    expect(sent).toEqual([{ sha256: made.sha256, size: small.byteLength }]);
    expect(await objects()).toHaveLength(2);
  });
});
