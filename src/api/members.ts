import * as z from 'zod/mini';

import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

const nullishString = z.optional(z.nullable(z.string()));
const labelsSchema = z._default(z.record(z.string(), z.string()), {});
const codesSchema = z._default(z.array(z.string()), []);

const memberSchema = z.object({
  user_id: z.string(),
  name: nullishString,
  email: nullishString,
  role: z.string(),
  territories: codesSchema,
  since: nullishString,
  /** Last day on which their app spoke to the server. */
  last_seen_on: nullishString,
  mine: z._default(z.boolean(), false),
});
export type Member = z.infer<typeof memberSchema>;

const invitationSchema = z.object({
  id: z.string(),
  group: z.string(),
  email: nullishString,
  role: z.string(),
  territories: codesSchema,
  created_at: nullishString,
  expires_at: nullishString,
  is_expired: z._default(z.boolean(), false),
  invited_by: nullishString,
});
export type Invitation = z.infer<typeof invitationSchema>;

const roleChangeSchema = z.object({
  at: z.string(),
  actor: nullishString,
  name: nullishString,
  from: nullishString,
  to: nullishString,
  territories: z.optional(z.nullable(z.array(z.string()))),
});
export type RoleChange = z.infer<typeof roleChangeSchema>;

const groupSchema = z.object({
  group: z.string(),
  labels: labelsSchema,
  members: z.array(memberSchema),
  invitations: z.array(invitationSchema),
  changes: z.array(roleChangeSchema),
});
export type WorkingGroup = z.infer<typeof groupSchema>;

const membersAnswerSchema = z.object({ groups: z.array(groupSchema) });

/** The groups that the caller coordinates: members, open invitations, last changes of roles. */
export async function fetchMembers(api: Api, options?: CallOptions): Promise<WorkingGroup[]> {
  return (await api.call('members', {}, membersAnswerSchema, options)).groups;
}

/** A role over territories: INSEE codes, or `*` for everywhere. */
export interface Role {
  readonly role: string;
  readonly territories: readonly string[];
}

const invitationAnswerSchema = z.object({ invitation: invitationSchema });

/** Offers a role to an address for 14 days, by mail. Throws `beyond_scope`, `own_role`, `rate_limited`. */
export async function invite(
  api: Api,
  group: string,
  email: string,
  { role, territories }: Role,
): Promise<Invitation> {
  const offer = { group, email, role, territories };
  return (await api.call('invite', offer, invitationAnswerSchema)).invitation;
}

/** Takes an offer back. Throws `unknown_invitation` when it is no longer open. */
export async function revokeInvitation(api: Api, id: string): Promise<void> {
  await api.call('invite', { revoke: id }, invitationAnswerSchema);
}

const memberAnswerSchema = z.object({ member: z.nullable(memberSchema) });

/** Changes somebody's role. Throws `beyond_scope`, `own_role`, `unknown_member`. */
export async function setMember(api: Api, group: string, userId: string, role: Role): Promise<void> {
  await api.call('member_set', { group, user_id: userId, ...role }, memberAnswerSchema);
}

/** Ends somebody's role, one's own included. Throws `beyond_scope`, `last_coordinator`, `unknown_member`. */
export async function removeMember(api: Api, group: string, userId: string): Promise<void> {
  await api.call('member_set', { group, user_id: userId, remove: true }, memberAnswerSchema);
}
