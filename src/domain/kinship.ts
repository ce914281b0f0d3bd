import { LIMITS } from './limits.ts';
import { holdingConcept, type Theme } from './theme.ts';
import { likeness } from './thesaurus/likeness.ts';
import { isSibling, type Thesaurus } from './thesaurus/tree.ts';

/** What a thing is called: its term, and the name given to it where its theme has names. */
export interface Called {
  readonly concept: string | null;
  readonly name?: string | null;
}

/** Which terms of a theme may name the same thing. */
export interface KinshipRule {
  /** The term of what its finder could not name: as good as none. */
  readonly holding: string | null;
  /** Siblings are others: only the same term, none, or a like name. */
  readonly isSameOnly: boolean;
}

/** How two things may be the same by what they are called. */
export type Kinship = 'same_concept' | 'sibling_concept' | 'unnamed' | 'similar_name';

/** The rule of a theme, from its settings `holding_concept` and `duplicate_kinship`. */
export function kinshipRule(theme: Theme | undefined): KinshipRule {
  const setting = theme?.settings['duplicate_kinship'];
  const isObject = typeof setting === 'object' && setting !== null && !Array.isArray(setting);
  return {
    holding: theme ? holdingConcept(theme) : null,
    isSameOnly: isObject && setting['concepts'] === 'same',
  };
}

/** Whether two names are as good as one. */
function areNamesAlike(a: string | null | undefined, b: string | null | undefined): boolean {
  return Boolean(a && b) && likeness(a ?? '', b ?? '') >= LIMITS.alikeNames;
}

/** Why two things may be the same, the same in SQL (`private.kinship`); null: they are others. */
export function kinshipOf(a: Called, b: Called, thesaurus: Thesaurus, rule: KinshipRule): Kinship | null {
  const [one, other] = [a, b].map(({ concept }) => (concept === rule.holding ? null : concept));
  if (one == null || other == null) return 'unnamed';
  if (one === other) return 'same_concept';
  if (!rule.isSameOnly) return isSibling(thesaurus, one, other) ? 'sibling_concept' : null;
  return areNamesAlike(a.name, b.name) ? 'similar_name' : null;
}
