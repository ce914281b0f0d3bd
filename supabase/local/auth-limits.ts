import { refuseAuth } from './auth-body.ts';
import type { Handle } from './auth-shim.ts';

/** Length of the window in which attempts are counted. */
const windowMs = 10 * 60_000;

/** Wrong codes or passwords for one address in a window: a code of six digits can't be guessed so. */
const maximumFailures = 20;

/** Mails to one address in a window. */
const maximumMails = 20;

const guessing = new Set(['/auth/v1/verify', '/auth/v1/token']);
const mailing = new Set(
  ['signup', 'otp', 'magiclink', 'recover', 'resend'].map((call) => `/auth/v1/${call}`),
);

/** Limits guesses and mails per address, as Supabase does in front of its accounts. */
export function withAuthLimits(handle: Handle, now: () => number = Date.now): Handle {
  const failures = createCounter(now);
  const mails = createCounter(now);
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'POST' || !(guessing.has(pathname) || mailing.has(pathname)))
      return handle(request);
    const email = await emailOf(request.clone());
    if (email === undefined) return handle(request);
    if (mailing.has(pathname)) {
      return mails.add(email) > maximumMails ? refusal('over_email_send_rate_limit') : handle(request);
    }
    if (failures.count(email) >= maximumFailures) return refusal('over_request_rate_limit');
    const response = await handle(request);
    if (!response.ok) failures.add(email);
    return response;
  };
}

/** Counts by key what happened in the last window, and forgets keys of which nothing is left to count. */
export function createCounter(now: () => number) {
  const times = new Map<string, number[]>();
  let sweptAt = now();
  const sweep = () => {
    if (now() - sweptAt < windowMs) return;
    sweptAt = now();
    for (const key of times.keys()) if (recent(key).length === 0) times.delete(key);
  };
  const recent = (key: string) => (times.get(key) ?? []).filter((time) => now() - time < windowMs);
  return {
    count: (key: string) => recent(key).length,
    size: () => times.size,
    add(key: string) {
      sweep();
      const kept = [...recent(key), now()];
      times.set(key, kept);
      return kept.length;
    },
  };
}

async function emailOf(request: Request): Promise<string | undefined> {
  const body: unknown = await request.json().catch(() => undefined);
  const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined;
  return typeof email === 'string' ? email.trim().toLowerCase() : undefined;
}

function refusal(code: string): Response {
  return refuseAuth(429, code, 'Trop de tentatives : réessayez dans quelques minutes.');
}
