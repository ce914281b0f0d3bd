import { describe, expect, it } from 'vitest';

import { guardFetch } from '../../../src/api/auth-guard.ts';

const KEY = 'sb_publishable_local';
const REFRESH = 'http://here/auth/v1/token?grant_type=refresh_token';

const guarded = (response: Response | Error, hasUser = true) =>
  guardFetch(() => (response instanceof Error ? Promise.reject(response) : Promise.resolve(response)), {
    publishableKey: KEY,
    hasUser: () => hasUser,
  });

describe('the guard around fetch', () => {
  it.each([
    ['a captive portal', new Response('<html>', { status: 403 })],
    ['a portal that says 200', new Response('<html>', { status: 200 })],
    ['a proxy that gave up', new Response('', { status: 408 })],
    ['too many', Response.json({ error_code: 'over_request_rate_limit' }, { status: 429 })],
    ['a server in trouble', new Response('', { status: 503 })],
    ['an unknown refusal', Response.json({ error_code: 'validation_failed' }, { status: 400 })],
    ['no network', new TypeError('failed')],
  ])('makes of %s a lost network: the session stays', async (_name, answer) => {
    await expect(guarded(answer)(REFRESH)).rejects.toBeInstanceOf(TypeError);
  });

  it.each(['refresh_token_not_found', 'refresh_token_already_used', 'session_not_found', 'user_banned'])(
    'lets %s end the session',
    async (error_code) => {
      const response = await guarded(Response.json({ error_code }, { status: 400 }))(REFRESH);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error_code });
    },
  );

  it('lets a fresh token through, and says when a password is wrong', async () => {
    const fresh = await guarded(Response.json({ access_token: 'x' }))(REFRESH);
    expect(await fresh.json()).toEqual({ access_token: 'x' });
    const wrong = Response.json({ error_code: 'invalid_credentials' }, { status: 400 });
    expect((await guarded(wrong)('http://here/auth/v1/token?grant_type=password')).status).toBe(400);
  });

  it('withholds what would pass as nobody while someone is known', async () => {
    const ask = (bearer: string | null, hasUser: boolean) =>
      guarded(Response.json([]), hasUser)('http://here/storage/v1/object/photos/x.jpg', {
        headers: bearer === null ? {} : { Authorization: `Bearer ${bearer}` },
      });
    await expect(ask(KEY, true)).rejects.toThrow('withheld');
    await expect(ask(null, true)).rejects.toThrow('withheld');
    expect((await ask('a real token', true)).ok).toBe(true);
    expect((await ask(KEY, false)).ok).toBe(true);
  });
});
