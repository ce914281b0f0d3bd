import * as z from 'zod/mini';

import { jsonRecordSchema, jsonSchema } from '../domain/json.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

export const membershipSchema = z.object({
  group: z.string(),
  role: z.string(),
  territories: z._default(z.array(z.string()), []),
});
export type Membership = z.infer<typeof membershipSchema>;

export const meSchema = z.object({
  user_id: z.string(),
  display_name: z.nullable(z.string()),
  named: z.boolean(),
  charter: z.object({
    accepted: z.nullable(z.union([z.number(), z.string()])),
    current: z.nullable(z.union([z.number(), z.string()])),
    data_licence: z.optional(z.nullable(z.string())),
    photo_licence: z.optional(z.nullable(z.string())),
  }),
  memberships: z._default(z.array(membershipSchema), []),
  trust: z._default(jsonRecordSchema, {}),
  counts: z._default(jsonRecordSchema, {}),
});
export type Me = z.infer<typeof meSchema>;

/** The signed-in user's account. */
export function fetchMe(api: Api, options?: CallOptions): Promise<Me> {
  return api.call('me', {}, meSchema, options);
}

/** Whether the current charter is accepted. */
export function hasAcceptedCharter(me: Me): boolean {
  return me.charter.accepted !== null && me.charter.accepted === me.charter.current;
}

/** Accepts a version of the charter. */
export async function acceptCharter(api: Api, rev: number | string, options?: CallOptions): Promise<void> {
  await api.call('charter_accept', { rev }, jsonSchema, options);
}

/** Changes how the person is named, and whether at all. */
export async function updateProfile(
  api: Api,
  changes: { display_name?: string; named?: boolean },
  options?: CallOptions,
): Promise<void> {
  await api.call('profile_update', changes, jsonSchema, options);
}
