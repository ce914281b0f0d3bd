import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { makeContributor, makeModerator, PASSWORD } from '../support/accounts.ts';
import { ladenJpeg, secrets } from '../support/laden-jpeg.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import {
  createMutation,
  decideMutation,
  newPointId,
  outsideClient,
  type OutsideClient,
} from '../support/outside-client.ts';

/** A frame of 100 × 100 pixels and a scan, without the tables that decoding them takes; base64. */
const undecodable = Buffer.from('ffd8ffc0000b080064006401011100ffda0008010100003f0000ffd9', 'hex').toString(
  'base64',
);

/** Somebody without account says what is wrong, over HTTP. */
describe('a report from the public', () => {
  let server: LocalServer;
  let folder: string;
  let moderator: OutsideClient;
  let volunteer: OutsideClient;
  const point_id = newPointId();

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder);
    const sign = ({ email }: { email: string }) =>
      outsideClient(server.url, server.publishableKey, email, PASSWORD);
    volunteer = await sign(await makeContributor(server, 'auteur@exemple.fr'));
    moderator = await sign(await makeModerator(server, 'moderation@exemple.fr'));
    await volunteer.push(createMutation({ point_id }));
    await moderator.push(decideMutation(point_id, 1, 'publish'));
  }, 300_000);
  afterAll(async () => {
    await server.close();
    await deleteFolder(folder);
  });

  function send(body: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${server.url}/functions/v1/report`, {
      method: 'POST',
      headers: { apikey: server.publishableKey, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ point_id, kind: 'description', ...body }),
    });
  }
  const reports = () =>
    server.sql<{ id: string; photo_path: string | null }>('select id::text, photo_path from app.reports');

  test('keeps the pixels of its picture and nothing else of it', async () => {
    const { bytes, image } = ladenJpeg();
    const id = crypto.randomUUID();
    const photo = Buffer.from(bytes).toString('base64');
    const answers = [await send({ id, photo }), await send({ id, photo })];
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(
      answers.map(() => ({ status: 'stored', id })),
    );
    expect(await reports()).toEqual([{ id, photo_path: `reports/${id}.jpg` }]);
    const kept = await fetch(`${server.url}/storage/v1/object/photos/reports/${id}.jpg`, {
      headers: { apikey: server.serviceKey, authorization: `Bearer ${server.serviceKey}` },
    });
    const copy = new Uint8Array(await kept.arrayBuffer());
    const text = Buffer.from(copy).toString('latin1');
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    const [was, now] = [jpeg.decode(image), jpeg.decode(copy)];
    expect([now.width, now.height]).toEqual([was.width, was.height]);
  });

  test('is refused whole when a part of it is wrong', async () => {
    const before = await reports();
    const status = async (body: Record<string, unknown>) => (await send(body)).status;
    expect(await status({ photo: 'AAAA' })).toBe(400);
    expect(await status({ photo: 'é' })).toBe(400);
    expect(await status({ text: 'x'.repeat(2001) })).toBe(413);
    expect(await status({ photo: Buffer.alloc(3 * 1024 * 1024 + 1).toString('base64') })).toBe(413);
    expect(await status({ kind: 'rubbish' })).toBe(400);
    expect(await status({ text: 'nul\0' })).toBe(400);
    expect(await status({ point_id: crypto.randomUUID() })).toBe(404);
    expect(await status({ point_id: 'x' })).toBe(400);
    expect(await reports()).toEqual(before);
  });

  test('that a program wrote is thanked for and forgotten', async () => {
    const before = await reports();
    const answer = await send({ website: 'https://spam.example' });
    expect(answer.status).toBe(200);
    expect(await reports()).toEqual(before);
  });

  test.each([
    { lang: undefined, email: 'voisine@exemple.fr', told: 'la fiche reste comme elle est' },
    { lang: 'en', email: 'visitor@example.org', told: 'the sheet stays as it is' },
  ])('is answered once it is closed, in the language of its page: $lang', async ({ lang, email, told }) => {
    const id = crypto.randomUUID();
    expect((await send({ id, email, lang: 'de' })).status).toBe(400);
    expect((await send({ id, email, lang })).status).toBe(200);
    expect(await moderator.push(decideMutation(point_id, 2, 'dismiss', { report_id: id }))).toMatchObject([
      { status: 'applied' },
    ]);
    await server.drainJobs();
    const mails = await Promise.all(
      (await readdir(server.outboxDir)).map((name) => readFile(join(server.outboxDir, name), 'utf8')),
    );
    const answers = mails.filter((mail) => mail.includes(`To: ${email}\n`));
    expect(answers).toHaveLength(1);
    expect(answers[0]).toContain(told);
    expect(await server.sql('select id from app.mails where sent_at is null')).toEqual([]);
  });

  test('comes five times an hour from one address, whatever the caller claims', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const claimed = `198.51.100.${turn}`;
      const answer = await send(
        {},
        { 'x-real-ip': claimed, 'x-forwarded-for': claimed, 'cf-connecting-ip': claimed },
      );
      statuses.push(answer.status);
    }
    // Three were counted by the tests before.
    expect(statuses).toEqual([200, 200, 429, 429, 429, 429]);
    // A picture is not even decoded then: this one has the headers of an image and nothing that can be.
    expect((await send({ photo: undecodable })).status).toBe(429);
  });

  test('a sheet that somebody reads ten times was read once, and its author is told', async () => {
    for (let turn = 0; turn < 10; turn++) {
      const claimed = `198.51.100.${turn}`;
      const answer = await fetch(`${server.url}/rest/v1/rpc/point_seen`, {
        method: 'POST',
        headers: {
          apikey: server.publishableKey,
          'content-type': 'application/json',
          'x-forwarded-for': claimed,
          'cf-connecting-ip': claimed,
        },
        body: JSON.stringify({ p: { id: point_id } }),
      });
      expect([answer.status, await answer.json()]).toEqual([200, {}]);
    }
    const year = String(new Date().getUTCFullYear());
    const told = (await volunteer.call('my_contributions')) as { items: unknown[]; views: unknown };
    expect(told.views).toEqual({ [year]: 1 });
    expect(told.items).toMatchObject([{ point_id, decision: 'publish', views: { [year]: 1 } }]);
  });
});
