import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';

import { createMailApi, readMailApi } from '../../supabase/functions/_shared/mail.ts';

const mail = { subject: 'Une question', text: 'Bonjour' };
let server: Server | undefined;
afterEach(() => server?.close());

async function listen(
  status: number,
): Promise<{ url: string; calls: { request: IncomingMessage; body: string }[] }> {
  const calls: { request: IncomingMessage; body: string }[] = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    calls.push({ request, body });
    response.writeHead(status).end('no');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/emails`, calls };
}

test('a mail leaves through the HTTP API that the platform names', async () => {
  const { url, calls } = await listen(200);
  const variables: Record<string, string> = {
    MAIL_API_URL: url,
    MAIL_API_KEY: 'k',
    MAIL_FROM: 'a@exemple.fr',
  };
  const api = readMailApi((name) => variables[name]);
  if (!api) throw new Error('three variables make an API');
  await createMailApi(api)('b@exemple.fr', mail);
  expect(calls.map(({ request }) => request.headers.authorization)).toEqual(['Bearer k']);
  expect(calls.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { from: 'a@exemple.fr', to: ['b@exemple.fr'], ...mail },
  ]);
});

test('one that is not taken fails, so that it is tried again', async () => {
  const { url } = await listen(422);
  const send = createMailApi({ url, key: 'k', from: 'a@exemple.fr' });
  await expect(send('b@exemple.fr', mail)).rejects.toThrow('422');
});

test('without all three variables there is none', () => {
  expect(readMailApi((name) => (name === 'MAIL_API_KEY' ? undefined : 'x'))).toBeUndefined();
});
