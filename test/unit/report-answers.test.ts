import { expect, test } from 'vitest';

import { addressHeaderOf } from '../../supabase/functions/_shared/env.ts';
import { handler } from '../../supabase/functions/report/handler.ts';

const REPORT = { point_id: '018f0000-0000-7000-8000-0000000000a1', kind: 'gone' };

/** What a stranger is answered when the database says that, and what it was told of them. */
async function answered(status: number, message: string, addressHeader?: string) {
  let told: { p?: { address?: string } } = {};
  const headers = { 'x-caller': '192.0.2.1', 'cf-connecting-ip': '203.0.113.9' };
  const request = new Request('https://x.test', { method: 'POST', body: JSON.stringify(REPORT), headers });
  const response = await handler(request, {
    ...{ supabaseUrl: 'https://x.test', publishableKey: 'p', serviceKey: 's', publicUrl: 'https://x.test' },
    ...(addressHeader ? { addressHeader } : {}),
    fetch: async (call) => {
      told = (await call.json()) as typeof told;
      return Response.json({ code: 'X', message }, { status });
    },
  });
  const { message: said } = (await response.json()) as { message?: string };
  return { status: response.status, said, address: told.p?.address };
}

test('a refusal that the contract names reaches who reports', async () => {
  expect(await answered(429, 'rate_limited')).toMatchObject({ status: 429, said: 'rate_limited' });
  expect(await answered(404, 'point_not_found')).toMatchObject({ status: 404, said: 'point_not_found' });
});

test('what else the database says stays inside', async () => {
  const inner = 'insert or update on table "reports" violates a constraint';
  for (const status of [400, 403, 409, 500])
    expect(await answered(status, inner)).toMatchObject({ status: 503, said: 'busy' });
});

test('where a call comes from is read in the header that is named, and nowhere without', async () => {
  expect(await answered(429, 'rate_limited', 'x-caller')).toMatchObject({ address: '192.0.2.1' });
  expect(await answered(429, 'rate_limited')).toMatchObject({ address: '' });
});

test('only hosted projects have a header that nobody can forge', () => {
  const cloudflare = { addressHeader: 'cf-connecting-ip' };
  expect(addressHeaderOf('https://abc.supabase.co', undefined)).toEqual(cloudflare);
  expect(addressHeaderOf('https://carte.example.org', undefined)).toEqual({});
  expect(addressHeaderOf('https://abc.supabase.co.example.org', undefined)).toEqual({});
  expect(addressHeaderOf('https://carte.example.org', 'x-real-ip')).toEqual({ addressHeader: 'x-real-ip' });
  expect(addressHeaderOf('', undefined)).toEqual({});
});
