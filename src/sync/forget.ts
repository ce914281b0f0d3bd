import { LIMITS } from '../domain/limits.ts';
import { serverNow } from './clock.ts';
import type { SyncContext } from './context.ts';

const DAY_MS = 86_400_000;

/** Receipts are kept 30 days: long enough for a restored backup to ask for them. */
export async function forgetOldReceipts(ctx: SyncContext): Promise<void> {
  const { precious } = ctx;
  const limit = new Date((await serverNow(ctx)).getTime() - LIMITS.sentKeptDays * DAY_MS).toISOString();
  for (let user = ''; ;) {
    // Whoever's they are: the next of a person after the last one's, whose receipts all come before [user, []].
    const [next] = await precious.sent.where('[user_id+at]').above([user, []]).limit(1).keys();
    if (next === undefined) return;
    [user] = next as unknown as [string, string];
    await precious.sent.where('[user_id+at]').between([user, ''], [user, limit]).delete();
  }
}
