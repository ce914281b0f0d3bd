import 'fake-indexeddb/auto';

import { expect, test, vi } from 'vitest';

import type { SessionApi } from '../../src/api/session.ts';
import { lastUser } from '../../src/db/meta.ts';
import { openPrecious } from '../../src/db/precious.ts';
import { ProblemError } from '../../src/domain/problems.ts';
import { Session } from '../../src/state/session.svelte.ts';

// The state follows the local database through an effect, which tests do without.
vi.mock('../../src/state/live.svelte.ts', () => ({
  live: (_querier: unknown, initial: unknown) => ({ current: initial }),
}));

const USER = { id: 'u1', email: 'volontaire@exemple.fr' };
const account = (accepted: number | null) => ({
  user_id: 'u1',
  display_name: 'Alix',
  named: false,
  charter: { accepted, current: 2 },
  memberships: [],
});

function sessionOver(accepted: number | null, name: string, call?: () => Promise<unknown>) {
  const sent: string[] = [];
  const passwords: string[] = [];
  const auth = {
    signInWithPassword: () => Promise.resolve({ data: { user: USER, session: {} }, error: null }),
    signUp: () => Promise.resolve({ data: { user: USER, session: null }, error: null }),
    signInWithOtp: () => Promise.resolve({ data: {}, error: null }),
    resetPasswordForEmail: () => Promise.resolve({ data: {}, error: null }),
    verifyOtp: () => Promise.resolve({ data: { user: USER, session: {} }, error: null }),
    updateUser: ({ password }: { password: string }) => {
      passwords.push(password);
      const error = password === 'la même' ? { code: 'same_password', message: '' } : null;
      return Promise.resolve({ data: {}, error });
    },
    resend: () => Promise.resolve({ data: {}, error: null }),
    signOut: () => Promise.resolve({ error: null }),
    onAuthStateChange: () => ({ data: { subscription: { unsubscribe: () => undefined } } }),
  };
  const api = {
    url: '',
    supabase: () => Promise.resolve({ auth }),
    call: (rpc: string) => {
      sent.push(rpc);
      return call ? call() : Promise.resolve(account(rpc === 'charter_accept' ? 2 : accepted));
    },
  } as unknown as SessionApi;
  const precious = openPrecious(name);
  const users: (string | null)[] = [];
  const session = new Session({ api, precious, onUser: (user) => void users.push(user?.id ?? null) });
  return { session, precious, users, sent, passwords };
}

test('the charter comes before the app, and only once', async () => {
  const { session, sent } = sessionOver(null, 'charter');
  expect(await session.signIn(USER.email, 'secret')).toBe('charter');
  await session.acceptCharter();
  expect(session.hasCharter).toBe(true);
  expect(sent).toEqual(['me', 'charter_accept']);
});

test('weeks without network, the device still knows who uses it', async () => {
  const first = sessionOver(2, 'offline');
  expect(await first.session.signIn(USER.email, 'secret')).toBe('home');
  const later = sessionOver(2, 'offline', () => Promise.reject(new ProblemError('offline')));
  await later.session.restore();
  await expect(later.session.refresh()).rejects.toThrow('offline');
  expect(later.session.user?.id).toBe('u1');
  expect([later.session.hasCharter, later.session.isExpired]).toEqual([true, false]);
  expect(later.users).toEqual(['u1']);
});

test('a sign-in whose account does not answer is a sign-in all the same', async () => {
  const { session } = sessionOver(2, 'slow', () => Promise.reject(new ProblemError('timeout')));
  expect(await session.signIn(USER.email, 'secret')).toBe('home');
  expect(session.isSignedIn).toBe(true);
});

test('an answer about somebody else is neither shown nor kept', async () => {
  const other = { ...account(2), user_id: 'u2', display_name: 'Autre' };
  const { session } = sessionOver(2, 'other', () => Promise.resolve(other));
  await session.signIn(USER.email, 'secret');
  expect(session.me).toBeNull();
});

test('the code that was sent is still awaited after a reload', async () => {
  const first = sessionOver(2, 'code');
  expect(await first.session.signUp(USER.email, 'une phrase longue')).toBe('code');
  const later = sessionOver(2, 'code');
  await later.session.restore();
  expect(later.session.awaited).toEqual({ email: USER.email, purpose: 'signup' });
  expect(await later.session.enterCode('123456')).toBe('home');
  expect(later.session.awaited).toBeNull();
});

test('a new account bears the password chosen on this device, whoever had signed up before', async () => {
  const { session, passwords } = sessionOver(2, 'chosen');
  await session.signUp(USER.email, 'une phrase longue');
  expect(await session.enterCode('123456')).toBe('home');
  expect(passwords).toEqual(['une phrase longue']);
});

test('finding that password already set is success', async () => {
  const { session } = sessionOver(2, 'same');
  await session.signUp(USER.email, 'la même');
  expect(await session.enterCode('123456')).toBe('home');
});

test('a password typed for another purpose is not set', async () => {
  const { session, passwords } = sessionOver(2, 'purpose');
  await session.signUp(USER.email, 'une phrase longue');
  await session.requestCode(USER.email);
  expect(await session.enterCode('123456')).toBe('home');
  expect(passwords).toEqual([]);
});

test('an account whose password was dropped chooses one, after a reload too', async () => {
  const first = sessionOver(2, 'dropped');
  await first.session.signUp(USER.email, 'une phrase longue');
  const later = sessionOver(2, 'dropped', () => Promise.resolve({ ...account(2), has_password: false }));
  await later.session.restore();
  expect(await later.session.enterCode('123456')).toBe('new_password');
});

test('a forgotten password leads to a new one', async () => {
  const { session } = sessionOver(2, 'recovery');
  await session.requestReset(USER.email);
  expect(await session.enterCode('123456')).toBe('new_password');
});

test('leaving forgets the person, for the screens and for the device', async () => {
  const { session, precious, users } = sessionOver(2, 'leaving');
  await session.signIn(USER.email, 'secret');
  await session.signOut();
  expect([session.user, session.me]).toEqual([null, null]);
  expect(await lastUser(precious)).toBeNull();
  expect(users).toEqual(['u1', null]);
});
