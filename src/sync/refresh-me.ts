import { fetchMe } from '../api/account.ts';
import { knownMe, setKnownMe } from '../db/meta.ts';
import { ProblemError } from '../domain/problems.ts';
import type { SyncContext } from './context.ts';

/** Learns the account's roles when they are not known yet, or when the server says they changed. */
export async function refreshMe(ctx: SyncContext, isOutdated: boolean, signal: AbortSignal): Promise<void> {
  const { precious, userId } = ctx;
  if (!isOutdated && (await knownMe(precious, userId))) return;
  const me = await fetchMe(ctx.api, { signal, asUser: userId });
  if (me.user_id !== userId) throw new ProblemError('wrong_user', 'me');
  await setKnownMe(precious, me);
}
