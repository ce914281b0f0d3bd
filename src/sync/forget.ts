import { LIMITS } from '../domain/limits.ts';
import { serverNow } from './clock.ts';
import type { SyncContext } from './context.ts';

const DAY_MS = 86_400_000;

/** Receipts are kept 30 days: long enough for a restored backup to ask for them. */
export async function forgetOldReceipts(ctx: SyncContext): Promise<void> {
  const { precious } = ctx;
  const limit = new Date((await serverNow(ctx)).getTime() - LIMITS.sentKeptDays * DAY_MS).toISOString();
  await precious.sent.where('at').below(limit).delete();
}
