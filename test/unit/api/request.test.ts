import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';

import { exchangeJson, readAnswer } from '../../../src/api/request.ts';
import { problemOf } from '../../../src/domain/problems.ts';

const schema = z.object({ n: z.number() });
const never = new AbortController().signal;

const ask = (answer: () => Promise<Response>, signal = never) =>
  exchangeJson(answer, 'http://here/', { signal })
    .then((whole) => readAnswer(whole, schema))
    .catch(problemOf);

describe('an answer', () => {
  it.each([
    ['ours', Response.json({ n: 1, more: 'is tolerated' }), { n: 1 }],
    ['of another shape', Response.json({ n: 'one' }), { code: 'unreadable_answer' }],
    ['cut in the middle', new Response('{"n":'), { code: 'unreadable_answer' }],
    ['of a captive portal', new Response('<html>'), { code: 'unreadable_answer' }],
    ['refused by a portal', new Response('<html>', { status: 403 }), { code: 'unreadable_answer' }],
    [
      'refused by name',
      Response.json({ code: 'PT404', message: 'point_not_found', details: 'x' }, { status: 404 }),
      { code: 'point_not_found', details: 'x', recovery: 'none' },
    ],
    [
      'of PostgREST',
      Response.json({ code: 'PGRST301', message: 'JWT expired' }, { status: 401 }),
      { code: 'auth_required' },
    ],
    ['too large', new Response('', { status: 413 }), { code: 'too_large' }],
    ['too often', new Response('', { status: 429 }), { code: 'rate_limited', recovery: 'retry' }],
    ['too late', new Response('', { status: 408 }), { code: 'timeout' }],
    ['of a server in trouble', new Response('oops', { status: 502 }), { code: 'server_error' }],
  ])('%s becomes one thing to do', async (_name, response, told) => {
    expect(await ask(() => Promise.resolve(response))).toMatchObject(told);
  });

  it('that never comes is given up, even where fetch does not listen', async () => {
    const timeout = AbortSignal.timeout(1);
    expect(await ask(() => new Promise(() => undefined), timeout)).toMatchObject({ code: 'timeout' });
    expect(await ask(() => new Promise(() => undefined), AbortSignal.abort())).toMatchObject({
      code: 'cancelled',
    });
    expect(await ask(() => Promise.reject(new TypeError('down')))).toMatchObject({ code: 'offline' });
    // What fails as well, once nobody waits for it, is heard: the runner would tell of it otherwise.
    expect(await ask(() => Promise.reject(new TypeError('down')), AbortSignal.abort())).toMatchObject({
      code: 'cancelled',
    });
  });

  it.each([
    ['https://carte.exemple.fr', 'https://base.exemple.fr/storage/v1/object/public/published/a.jpg'],
    ['https://base.exemple.fr', '/storage/v1/object/public/published/a.jpg'],
  ])('read by a page of %s names a photo by where it is', async (page, address) => {
    vi.stubGlobal('location', { origin: page });
    const told = Response.json({ thumb_url: '/storage/v1/object/public/published/a.jpg', note: '"/storage' });
    const { body } = await exchangeJson(
      () => Promise.resolve(told),
      'https://base.exemple.fr/rest/v1/rpc/x',
      {
        signal: never,
      },
    );
    vi.unstubAllGlobals();
    expect(body).toEqual({ thumb_url: address, note: '"/storage' });
  });
});
