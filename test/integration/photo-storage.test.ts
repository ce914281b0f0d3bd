import { createHash } from 'node:crypto';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { makeContributor, makeModerator, PASSWORD } from '../support/accounts.ts';
import { ladenJpeg, profileText, secrets } from '../support/laden-jpeg.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import {
  createMutation,
  decideMutation,
  newPointId,
  outsideClient,
  type OutsideClient,
} from '../support/outside-client.ts';
import { startPostgres, type PostgresCluster } from '../support/postgres.ts';

interface Upload {
  readonly path: string;
  readonly thumb: string;
  commit(over?: Record<string, unknown>): Promise<{ status: string; code?: string }>;
}

const { bytes, image } = ladenJpeg();
const sha256 = createHash('sha256').update(bytes).digest('hex');

/** What becomes of the bytes of photos, in both buckets, through the whole backend. */
describe.each(['pglite', 'postgres'] as const)('photos on %s', (database) => {
  let server: LocalServer;
  let cluster: PostgresCluster | undefined;
  let folder: string;
  let volunteer: OutsideClient;
  let moderator: OutsideClient;

  beforeAll(async () => {
    folder = await temporaryFolder();
    if (database === 'postgres') cluster = await startPostgres();
    const databaseUrl = await cluster?.createDatabase('photos');
    server = await startServer(folder, databaseUrl === undefined ? {} : { databaseUrl });
    const sign = ({ email }: { email: string }) =>
      outsideClient(server.url, server.publishableKey, email, PASSWORD);
    volunteer = await sign(await makeContributor(server, 'photos@exemple.fr'));
    moderator = await sign(await makeModerator(server, 'moderation@exemple.fr'));
  }, 300_000);
  afterAll(async () => {
    await server.close();
    await cluster?.stop();
    await deleteFolder(folder);
  });

  async function upload(pointId: string): Promise<Upload> {
    const photoId = newPointId();
    const path = `${volunteer.userId}/${pointId}/${photoId}-${sha256.slice(0, 16)}.jpg`;
    const thumb = path.replace('.jpg', '-t.jpg');
    for (const name of [path, thumb]) {
      const { error } = await volunteer.supabase.storage
        .from('photos')
        .upload(name, bytes.buffer, { contentType: 'image/jpeg' });
      expect(error).toBeNull();
    }
    const commit = async (over: Record<string, unknown> = {}) => {
      const { data } = await volunteer.supabase.functions.invoke<{ status: string }>('photo_commit', {
        body: {
          photo_id: photoId,
          point_id: pointId,
          path,
          sha256,
          size: bytes.byteLength,
          width: 64,
          height: 48,
          licence: 'CC-BY-SA-4.0',
          ...over,
        },
      });
      return data ?? { status: 'none' };
    };
    return { path, thumb, commit };
  }

  async function captured(): Promise<string> {
    const mutation = createMutation({ expected_photos: 1 });
    expect((await volunteer.push(mutation))[0]).toMatchObject({ status: 'applied' });
    return mutation.point_id;
  }

  async function published(): Promise<{ pointId: string; urls: string[] }> {
    const pointId = await captured();
    expect(await (await upload(pointId)).commit()).toEqual({ status: 'stored' });
    const [seen] = await moderator
      .call<{ changed: { id: string; rev: number }[] }>('sync_pull', { buckets: [{ id: 'm:me' }] })
      .then(({ changed }) => changed.filter(({ id }) => id === pointId));
    expect(await moderator.push(decideMutation(pointId, seen?.rev ?? 0, 'publish'))).toMatchObject([
      { status: 'applied' },
    ]);
    await server.drainJobs();
    const sheet = await volunteer.call<{ point: { photos: { url: string; thumb_url: string }[] } }>(
      'point_sheet',
      { id: pointId },
    );
    const [photo] = sheet.point.photos;
    return {
      pointId,
      urls: [photo?.url ?? '', photo?.thumb_url ?? ''].map((url) => new URL(url, server.url).href),
    };
  }

  async function names(bucket: string): Promise<string[]> {
    const rows = await server.sql<{ name: string }>('select name from storage.objects where bucket_id = $1', [
      bucket,
    ]);
    return rows.map(({ name }) => name);
  }

  /** As if everything uploaded so far were old, and a day had passed since the last sweep. */
  async function nextDay(): Promise<void> {
    await server.sql(`update storage.objects set created_at = created_at - interval '25 hours'`);
    await server.sql(`update app.settings set swept_at = swept_at - interval '25 hours'`);
    await server.drainJobs();
  }

  test('a public copy shows the photo and tells nothing else; it goes when the point does', async () => {
    const { pointId, urls } = await published();
    for (const url of urls) {
      const response = await fetch(url);
      expect(response.status).toBe(200);
      const copy = Buffer.from(await response.arrayBuffer());
      expect(secrets.filter((secret) => copy.includes(secret))).toEqual([]);
      expect(copy.includes('Exif') || copy.includes('ns.adobe.com')).toBe(false);
      expect(copy.includes(profileText)).toBe(true);
      const [before, after] = [jpeg.decode(image), jpeg.decode(copy)];
      expect([after.width, after.height]).toEqual([before.width, before.height]);
      expect(Buffer.compare(Buffer.from(after.data), Buffer.from(before.data))).toBe(0);
    }
    expect(secrets.filter((secret) => Buffer.from(bytes).includes(secret))).toEqual([...secrets]);

    const rows = await server.sql<{ rev: number }>('select rev from app.points where id = $1', [pointId]);
    const hide = { correction: { base: {}, patch: { sensitivity: 'hidden' } } };
    expect(await moderator.push(decideMutation(pointId, rows[0]?.rev ?? 0, 'publish', hide))).toMatchObject([
      { status: 'applied' },
    ]);
    await server.drainJobs();
    for (const url of urls) expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
    expect(await names('published')).toEqual([]);
  });

  test('photo_commit believes the bytes, not what is said of them', async () => {
    const pointId = await captured();
    const { commit } = await upload(pointId);
    expect(await commit({ sha256: sha256.replace(/.$/, (end) => (end === '0' ? '1' : '0')) })).toEqual({
      status: 'mismatch',
    });
    expect(await commit({ size: bytes.byteLength + 1 })).toEqual({ status: 'mismatch' });
    expect(await commit({ width: 9_999, height: 1, rank: 2 })).toEqual({ status: 'stored' });
    const rows = await server.sql('select width, height, rank from app.photos where point_id = $1', [
      pointId,
    ]);
    expect(rows).toEqual([{ width: 64, height: 48, rank: 2 }]);
  });

  test('objects that no photo knows are collected after a day, the others stay', async () => {
    const pointId = await captured();
    const kept = await upload(pointId);
    expect(await kept.commit()).toEqual({ status: 'stored' });
    const { urls } = await published();
    const discarded = await upload(newPointId());
    const late = await upload(pointId);
    await nextDay();
    const fresh = await upload(pointId);
    await server.sql(`update app.settings set swept_at = swept_at - interval '25 hours'`);
    await server.drainJobs();

    const left = await names('photos');
    expect(left).toEqual(expect.arrayContaining([kept.path, kept.thumb, fresh.path, fresh.thumb]));
    for (const gone of [discarded, late]) {
      expect(left).not.toContain(gone.path);
      expect(left).not.toContain(gone.thumb);
      expect(await gone.commit()).toMatchObject({ status: 'missing' });
    }
    for (const url of urls) expect((await fetch(url)).status).toBe(200);
    expect(await server.sql('select 1 from app.jobs where done_at is null')).toEqual([]);
  });

  test('a public copy whose run was cut before it was noted does not stay', async () => {
    const { pointId, urls } = await published();
    await server.sql(`update app.points set status = 'archived', sensitivity = 'hidden' where id = $1`, [
      pointId,
    ]);
    await server.sql(
      'update app.photos set public_path = null, public_thumb_path = null where point_id = $1',
      [pointId],
    );
    await nextDay();
    for (const url of urls) expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
  });
});
