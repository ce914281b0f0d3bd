import * as z from 'zod/mini';

import { jsonRecordSchema } from './json.ts';
import { holdsCommune, isEpci } from './territory-code.ts';
import type { Theme } from './theme.ts';

const revSchema = z.nullable(z.union([z.number(), z.string()]));

const membershipSchema = z.object({
  group: z.string(),
  role: z.string(),
  territories: z._default(z.array(z.string()), []),
  /** Instant at which it was last given or changed. */
  since: z.optional(z.nullable(z.string())),
  /** Instant at which an invitation gave it. */
  invited_at: z.optional(z.nullable(z.string())),
});
export type Membership = z.infer<typeof membershipSchema>;
/** The charter in one language; its texts live on the server, by version. */
const charterTextSchema = z.object({
  title: z.string(),
  introduction: z.string(),
  articles: z.array(z.object({ title: z.string(), text: z.string() })),
  acceptance: z.string(),
});
export type CharterText = z.infer<typeof charterTextSchema>;

/** The signed-in user's account (contract §6). */
export const meSchema = z.object({
  user_id: z.string(),
  display_name: z.nullable(z.string()),
  named: z.boolean(),
  /** Absent where the server does not tell. */
  has_password: z.optional(z.boolean()),
  charter: z.object({
    accepted: revSchema,
    current: revSchema,
    data_licence: z.optional(z.nullable(z.string())),
    photo_licence: z.optional(z.nullable(z.string())),
    texts: z.optional(z.record(z.string(), charterTextSchema)),
  }),
  memberships: z._default(z.array(membershipSchema), []),
  trust: z._default(jsonRecordSchema, {}),
  counts: z._default(jsonRecordSchema, {}),
});
export type Me = z.infer<typeof meSchema>;

/** Whether the current charter is accepted. */
export function hasAcceptedCharter(me: Me): boolean {
  return me.charter.accepted !== null && me.charter.accepted === me.charter.current;
}

const DECIDE = ['moderator', 'coordinator'];

/** Whether an account decides about anything at all. */
export function isModerator(me: Me | null): boolean {
  return !!me?.memberships.some((one) => DECIDE.includes(one.role));
}

/** What lets an account decide in a theme. */
function decidingIn(me: Me | null, theme: Theme | undefined): Me['memberships'] {
  if (!me || !theme?.group) return [];
  return me.memberships.filter((one) => one.group === theme.group && DECIDE.includes(one.role));
}

/** Whether an account moderates a theme, somewhere. The server checks the territory. */
export function moderatesTheme(me: Me | null, theme: Theme | undefined): boolean {
  return decidingIn(me, theme).length > 0;
}

/**
 * Whether an account moderates a point, as far as this device can tell: a commune and its département are in its code,
 * an EPCI is not. The server decides.
 */
export function mayModerate(me: Me | null, theme: Theme | undefined, commune: string | null): boolean {
  const isHeld = (code: string) => code === '*' || isEpci(code) || holdsCommune(code, commune);
  return decidingIn(me, theme).some(({ territories }) => territories.some(isHeld));
}
