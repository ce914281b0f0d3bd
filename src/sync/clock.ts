import { clockSkewMs } from '../db/clock.ts';
import type { SyncContext } from './context.ts';

/**
 * The instant by the server's clock, as far as the last pull told: what is kept for a while must not
 * go because a phone believes to live in 2099, nor be dated 1970.
 */
export async function serverNow({ cache, now }: Pick<SyncContext, 'cache' | 'now'>): Promise<Date> {
  return new Date(now().getTime() - (await clockSkewMs(cache)));
}
