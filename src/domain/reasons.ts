import { type Labels, labelsSchema } from './language.ts';
import type { Theme } from './theme.ts';

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

/** A reason, and its words where the theme brings its own. */
export interface Reason {
  readonly code: string;
  readonly labels: Labels | null;
}

/** The reasons that a decision in a theme may give: those of the contract, then its own. */
export function reasonsOf(theme: Theme | undefined): Reason[] {
  const own = theme?.settings['reasons'];
  const known: Reason[] = REASONS.map((code) => ({ code, labels: null }));
  const added = (Array.isArray(own) ? own : []).flatMap((one): Reason[] => {
    if (typeof one === 'string') return [{ code: one, labels: null }];
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return [];
    const labels = labelsSchema.safeParse(one['labels']);
    const code = one['code'];
    return typeof code === 'string' ? [{ code, labels: labels.success ? labels.data : null }] : [];
  });
  const isNew = (reason: Reason) => !known.some((one) => one.code === reason.code);
  // The one that says nothing comes last.
  const other = known.filter((one) => one.code === 'other');
  return [...known.filter((one) => one.code !== 'other'), ...added.filter(isNew), ...other];
}
