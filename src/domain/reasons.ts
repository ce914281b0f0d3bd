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
