import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { ladenJpeg } from '../support/laden-jpeg.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import { newPointId } from '../support/outside-client.ts';
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts';
import { hideSecrets, type Secrets } from '../support/secrets.ts';

/** Every door of the Storage, tried by those it is closed to. */
describe('photos that wait', { timeout: 300_000 }, () => {
  let server: LocalServer;
  let cluster: PostgresCluster | undefined;
  let folder: string;
  let secrets: Secrets;

  beforeAll(async () => {
    folder = await temporaryFolder();
    if ((await findPostgres()) !== undefined) cluster = await startPostgres();
    const databaseUrl = await cluster?.createDatabase('attacker');
    server = await startServer(folder, databaseUrl === undefined ? {} : { databaseUrl });
    secrets = await hideSecrets(server);
  }, 300_000);
  afterAll(async () => {
    await server.close();
    await cluster?.stop();
    await deleteFolder(folder);
  });

  const names = ['nobody', 'a contributor', 'a moderator of elsewhere'] as const;

  test.each(names)(
    '%s gets no byte of a photo that waits, and puts none where it does not belong',
    async (name) => {
      const { attackers, points, author, photoPath, photo } = secrets;
      const { bytes, hash } = photo;
      const who = attackers[name];
      const { data } = await who.supabase.auth.getSession();
      const headers = {
        apikey: server.publishableKey,
        authorization: `Bearer ${data.session?.access_token ?? server.publishableKey}`,
        'content-type': 'image/jpeg',
      };
      const objects = () =>
        server.sql('select bucket_id, name, owner_id, metadata from storage.objects order by 1, 2');
      const before = await objects();
      const own = `${who.userId ?? author.userId}/${points.open}/${newPointId()}-${'0'.repeat(16)}.jpg`;
      const json = (value: unknown) => ({ body: JSON.stringify(value), type: 'application/json' });
      const tries: [
        method: string,
        path: string,
        content?: { body: string | ArrayBuffer; type: string; upsert?: boolean },
      ][] = [
        ['GET', `object/photos/${photoPath}`],
        ['GET', `object/public/photos/${photoPath}`],
        ['GET', `object/authenticated/photos/${photoPath}`],
        ['GET', `object/public/published/../photos/${photoPath}`],
        ['GET', `object/public/published/%2e%2e/photos/${photoPath}`],
        ['GET', `object/public/published/..%2fphotos%2f${encodeURIComponent(photoPath)}`],
        ['GET', `object/info/photos/${photoPath}`],
        ['GET', `object/sign/photos/${photoPath}?token=x`],
        ['GET', `render/image/public/photos/${photoPath}`],
        ['GET', 'bucket'],
        ['POST', `object/sign/photos/${photoPath}`, json({ expiresIn: 300 })],
        ['POST', 'object/sign/photos', json({ expiresIn: 300, paths: [photoPath] })],
        ['POST', 'object/list/photos', json({ prefix: '' })],
        ['POST', 'object/list/photos', json({ prefix: `${author.userId}/${points.open}` })],
        ['POST', 'object/list/published', json({ prefix: '' })],
        ['POST', 'object/copy', json({ bucketId: 'photos', sourceKey: photoPath, destinationKey: own })],
        [
          'POST',
          'object/copy',
          json({
            bucketId: 'photos',
            sourceKey: photoPath,
            destinationBucket: 'published',
            destinationKey: 'x.jpg',
          }),
        ],
        ['POST', 'object/move', json({ bucketId: 'photos', sourceKey: photoPath, destinationKey: own })],
        ['DELETE', `object/photos/${photoPath}`],
        ['DELETE', 'object/photos', json({ prefixes: [photoPath] })],
        ['POST', 'bucket', json({ id: 'mine', name: 'mine', public: true })],
        ['PUT', 'bucket/photos', json({ public: true })],
        ['POST', 'bucket/photos/empty'],
        ['DELETE', 'bucket/photos'],
        ['POST', `object/upload/sign/photos/${photoPath}`, json({})],
        ['PUT', `object/photos/${photoPath}`, { body: bytes.buffer, type: 'image/jpeg' }],
        ['POST', `object/photos/${photoPath}`, { body: bytes.buffer, type: 'image/jpeg', upsert: true }],
        ['POST', `object/published/x.jpg`, { body: bytes.buffer, type: 'image/jpeg' }],
        ['POST', `object/photos/${own.replace('.jpg', '.html')}`, { body: '<script>', type: 'text/html' }],
        ['POST', `object/photos/x/../../published/x.jpg`, { body: bytes.buffer, type: 'image/jpeg' }],
      ];
      for (const [method, path, content] of tries) {
        const response = await fetch(`${server.url}/storage/v1/${path}`, {
          method,
          headers: {
            ...headers,
            ...(content ? { 'content-type': content.type } : {}),
            ...(content?.upsert ? { 'x-upsert': 'true' } : {}),
          },
          body: content?.body ?? null,
        });
        const answer = Buffer.from(await response.arrayBuffer());
        expect([method, path, answer.includes('GPS-LATITUDE')]).toEqual([method, path, false]);
        expect([method, path, answer.includes('?token=')]).toEqual([method, path, false]);
        expect([method, path, answer.includes(hash.slice(0, 16)) && response.ok]).toEqual([
          method,
          path,
          false,
        ]);
        expect([method, path, response.status < 500]).toEqual([method, path, true]);
      }
      expect(await objects()).toEqual(before);
    },
  );

  test('what somebody has sent, they do not replace either', async () => {
    const { author, photoPath, photo } = secrets;
    const { data } = await author.supabase.auth.getSession();
    const other = ladenJpeg(32, 32).bytes;
    for (const method of ['POST', 'PUT']) {
      const response = await fetch(`${server.url}/storage/v1/object/photos/${photoPath}`, {
        method,
        headers: {
          apikey: server.publishableKey,
          authorization: `Bearer ${data.session?.access_token}`,
          'content-type': 'image/jpeg',
          'x-upsert': 'true',
        },
        body: other,
      });
      expect(response.ok).toBe(false);
    }
    await author.supabase.storage.from('photos').remove([photoPath]);
    const kept = await author.supabase.storage.from('photos').download(photoPath);
    expect(Buffer.from(await (kept.data as Blob).arrayBuffer()).equals(Buffer.from(photo.bytes))).toBe(true);
  });
});
