import { LIMITS } from '../domain/limits.ts';
import type { Cache } from './cache.ts';

const KEY = 'clock';

/** Milliseconds by which this device's clock was ahead of the server's at the last pull; 0 if unknown. */
export async function clockSkewMs(store: Cache): Promise<number> {
  return ((await store.meta.get(KEY))?.value as number | undefined) ?? 0;
}

/** Notes it. An answer without an instant, or with one that cannot be read, says nothing. */
export async function noteServerTime(
  store: Cache,
  now: Date,
  serverTime: string | null | undefined,
): Promise<void> {
  const skew = now.getTime() - Date.parse(serverTime ?? '');
  if (!Number.isFinite(skew)) return;
  // A few seconds are the way there and back: no write for them at each call.
  if (Math.abs(skew - (await clockSkewMs(store))) < LIMITS.clockSkewNotedMs) return;
  await store.meta.put({ key: KEY, value: skew });
}
