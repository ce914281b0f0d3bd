import { type Me, meSchema } from '../domain/account.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

/** The signed-in user's account. */
export function fetchMe(api: Api, options?: CallOptions): Promise<Me> {
  return api.call('me', {}, meSchema, options);
}

/** Accepts a version of the charter and answers the account. */
export function acceptCharter(api: Api, rev: number | string, options?: CallOptions): Promise<Me> {
  return api.call('charter_accept', { rev }, meSchema, options);
}

/** Changes how the person is named, and whether at all; answers the account. */
export function updateProfile(
  api: Api,
  changes: { display_name?: string; named?: boolean },
  options?: CallOptions,
): Promise<Me> {
  return api.call('profile_update', changes, meSchema, options);
}
