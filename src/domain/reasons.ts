import * as z from 'zod/mini';

/** Why a moderator decided; shown to the author in words (contract §4). */
export const REASONS = [
  'photo_missing',
  'photo_unusable',
  'position_doubtful',
  'description_incomplete',
  'wrong_concept',
  'out_of_scope',
  'duplicate',
  'private_life',
  'sensitive_place',
  'not_found_on_site',
  'other',
] as const;
export type Reason = (typeof REASONS)[number];

export const reasonSchema = z.enum(REASONS);

/** Whether a code is one of the reasons this version has words for. */
export function isReason(code: string): code is Reason {
  return (REASONS as readonly string[]).includes(code);
}
