import { expect, test, vi } from 'vitest';
import { json } from '../../supabase/functions/_shared/answers.ts';
import { forBrowsers } from '../../supabase/functions/_shared/cors.ts';
import type { FunctionEnv } from '../../supabase/functions/_shared/env.ts';

const env: FunctionEnv = { supabaseUrl: '', publishableKey: '', serviceKey: '', publicUrl: '' };
const address = 'https://abc.supabase.co/functions/v1/report';
/** What a browser asks first, for a call of ours from another origin. */
const preflight = new Request(address, {
  method: 'OPTIONS',
  headers: {
    origin: 'https://inventaire.exemple.fr',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'apikey, authorization, content-type',
  },
});

test('a browser of another origin is let through to a function, which is not asked', async () => {
  const asked = vi.fn(async () => json({}));
  const answer = await forBrowsers(asked, env)(preflight);
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  const allowed = answer.headers.get('access-control-allow-headers')?.split(', ') ?? [];
  expect(allowed).toEqual(expect.arrayContaining(['apikey', 'authorization', 'content-type']));
  expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
  expect(asked).not.toHaveBeenCalled();
});

test('it reads every answer, even that of a function that failed', async () => {
  const call = new Request(address, { method: 'POST' });
  const answers = [
    await forBrowsers(async () => json({ status: 'stored' }), env)(call),
    await forBrowsers(async () => json({ code: 'PT404' }, 404), env)(call),
  ];
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  answers.push(await forBrowsers(() => Promise.reject(new Error('broken')), env)(call));
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 500]);
  expect(answers.map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual(['*', '*', '*']);
  expect(await answers[2]?.json()).toMatchObject({ code: 'PT500', message: 'server_error' });
});
