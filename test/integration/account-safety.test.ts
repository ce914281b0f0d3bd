import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { deleteFolder, lastCode, startServer, temporaryFolder } from '../support/local-server.ts';

const strangers = 'mot-de-passe-de-l-inconnu';
const owners = 'mot-de-passe-de-la-vraie-personne';

let server: LocalServer;
let folder: string;
let people = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder);
}, 300_000);
afterAll(async () => {
  await server.close();
  await deleteFolder(folder);
});

function device() {
  return createClient(server.url, server.publishableKey, { auth: { persistSession: false } }).auth;
}

/** An address that a stranger has signed up with. */
async function takenAddress(): Promise<string> {
  const email = `personne-${++people}@exemple.fr`;
  const { error } = await device().signUp({ email, password: strangers });
  expect(error).toBeNull();
  return email;
}

async function opens(email: string, password: string): Promise<boolean> {
  return (await device().signInWithPassword({ email, password })).error === null;
}

async function post(path: string, body: unknown, method = 'POST', token?: string): Promise<Response> {
  return fetch(`${server.url}/auth/v1/${path}`, {
    method,
    headers: {
      apikey: server.publishableKey,
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('a stranger who signed up with my address', () => {
  test('is out once I sign in with a code', async () => {
    const email = await takenAddress();
    const mine = device();
    await mine.signInWithOtp({ email, options: { shouldCreateUser: false } });
    const { data } = await mine.verifyOtp({ email, token: await lastCode(server, email), type: 'email' });
    expect(data.session).not.toBeNull();
    expect(await opens(email, strangers)).toBe(false);
  });

  test('is out once I recover the account, and my new password opens', async () => {
    const email = await takenAddress();
    const mine = device();
    await mine.resetPasswordForEmail(email);
    await mine.verifyOtp({ email, token: await lastCode(server, email), type: 'recovery' });
    expect(await opens(email, strangers)).toBe(false);
    expect((await mine.updateUser({ password: owners })).error).toBeNull();
    expect(await opens(email, owners)).toBe(true);
  });

  test.each(['email', 'signup'] as const)(
    'is out once I sign up too and type the code (%s)',
    async (type) => {
      const email = await takenAddress();
      const mine = device();
      expect((await mine.signUp({ email, password: owners })).error).toBeNull();
      const { error } = await mine.verifyOtp({ email, token: await lastCode(server, email), type });
      expect(error).toBeNull();
      expect(await opens(email, strangers)).toBe(false);
      expect((await mine.updateUser({ password: owners })).error).toBeNull();
      expect(await opens(email, owners)).toBe(true);
    },
  );

  test('is out even when they sign up again while I wait, and when I type the first code', async () => {
    const email = `personne-${++people}@exemple.fr`;
    const mine = device();
    await mine.signUp({ email, password: owners });
    const first = await lastCode(server, email);
    await device().signUp({ email, password: strangers });
    expect((await mine.verifyOtp({ email, token: first, type: 'signup' })).error).toBeNull();
    expect(await opens(email, strangers)).toBe(false);
  });

  test('is out when I have the code of the sign-up sent again', async () => {
    const email = await takenAddress();
    const mine = device();
    expect((await mine.resend({ type: 'signup', email })).error).toBeNull();
    const { error } = await mine.verifyOtp({ email, token: await lastCode(server, email), type: 'signup' });
    expect(error).toBeNull();
    expect(await opens(email, strangers)).toBe(false);
  });
});

test('the password of the only sign-up stays, and a later code does not drop it', async () => {
  const email = `personne-${++people}@exemple.fr`;
  const mine = device();
  await mine.signUp({ email, password: owners });
  await mine.verifyOtp({ email, token: await lastCode(server, email), type: 'signup' });
  expect(await opens(email, owners)).toBe(true);
  await mine.signInWithOtp({ email });
  await mine.verifyOtp({ email, token: await lastCode(server, email), type: 'email' });
  expect(await opens(email, owners)).toBe(true);
});

test('a changed password ends the other sessions, and keeps this one', async () => {
  const email = `personne-${++people}@exemple.fr`;
  const [thief, mine] = [device(), device()];
  await mine.signUp({ email, password: strangers });
  await mine.verifyOtp({ email, token: await lastCode(server, email), type: 'signup' });
  await thief.signInWithPassword({ email, password: strangers });
  expect((await mine.updateUser({ password: owners })).error).toBeNull();
  expect((await thief.refreshSession()).error).not.toBeNull();
  expect((await mine.refreshSession()).error).toBeNull();
});

test('nobody takes the address of somebody else by changing theirs', async () => {
  const email = `personne-${++people}@exemple.fr`;
  const mine = device();
  await mine.signUp({ email, password: owners });
  await mine.verifyOtp({ email, token: await lastCode(server, email), type: 'signup' });
  expect((await mine.updateUser({ email: 'victime@exemple.fr' })).error?.status).toBe(422);
  const rows = await server.sql('select 1 from auth.users where email_change is not null');
  expect(rows).toEqual([]);
});

test.each([
  ['the hash of a code', 'POST', 'verify', (hash: string) => ({ type: 'email', token_hash: hash })],
  ['a link', 'GET', 'verify?type=magiclink&token=', () => undefined],
  [
    'another spelling of the address',
    'POST',
    '%76erify',
    (hash: string) => ({ type: 'email', token_hash: hash }),
  ],
])('a code is not guessed through %s', async (_way, method, path, body) => {
  const email = await takenAddress();
  await device().signInWithOtp({ email, options: { shouldCreateUser: false } });
  const [row] = await server.sql<{ hash: string }>(
    'select recovery_token as hash from auth.users where email = $1',
    [email],
  );
  const hash = row?.hash ?? '';
  const url = `${server.url}/auth/v1/${path}${method === 'GET' ? hash : ''}`;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { apikey: server.publishableKey, 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body(hash)) }),
  });
  expect([400, 404]).toContain(response.status);
  const sessions = await server.sql(
    'select 1 from auth.sessions where user_id = (select id from auth.users where email = $1)',
    [email],
  );
  expect(sessions).toEqual([]);
});

describe('calls about accounts that make no sense are refused, not failed on', () => {
  const paths = [
    'signup',
    'token?grant_type=password',
    'token?grant_type=refresh_token',
    'otp',
    'verify',
    'recover',
    'resend',
    'magiclink',
  ];
  const bodies: [string, unknown][] = [
    ['an empty object', {}],
    ['a list', []],
    ['a number', 3],
    ['no JSON', '{"email":'],
    ['another type everywhere', { email: 5, password: [1], token: {}, type: 1, refresh_token: true }],
    [
      'a null character',
      {
        email: 'a\0b@exemple.fr',
        password: 'une phrase\0longue',
        token: '1',
        type: 'email',
        refresh_token: 'a\0',
      },
    ],
    [
      'an endless address',
      { email: `${'a'.repeat(300)}@exemple.fr`, password: owners, type: 'email', token: '1' },
    ],
    ['a megabyte', { email: 'a@exemple.fr', password: 'x'.repeat(1_000_000), type: 'email', token: '1' }],
    [
      'depth',
      `{"email":"b@exemple.fr","password":"${owners}","type":"email","token":"1","data":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    ],
  ];

  test.each(paths)('%s', async (path) => {
    for (const [what, body] of bodies) {
      const response = await post(path, body);
      expect([what, response.status < 500], await response.text()).toEqual([what, true]);
    }
  });
});
