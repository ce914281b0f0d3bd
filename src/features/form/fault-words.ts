import type { DraftProblem } from '../../domain/commands/complete-draft.ts';
import { fieldOf } from '../../domain/form/fields.ts';
import { attributeKey } from '../../domain/paths.ts';
import type { Field, Form } from '../../domain/theme.ts';
import { formatNumber } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { labelOf } from '../../i18n/phrases.ts';

export interface FaultLine {
  readonly path: string;
  /** Id of the control to reach. */
  readonly target: string;
  readonly message: string;
}

const WORDS: Record<DraftProblem['fault'], (bound: string) => string> = {
  place_missing: () => m.capture_fault_place(),
  concept_missing: () => m.capture_fault_concept(),
  photo_missing: () => m.capture_fault_photo(),
  required: () => m.capture_fault_required(),
  wrong_type: () => m.capture_fault_wrong_type(),
  not_a_number: () => m.capture_fault_not_a_number(),
  not_whole: () => m.capture_fault_not_whole(),
  too_small: (bound) => m.capture_fault_too_small({ bound }),
  too_large: (bound) => m.capture_fault_too_large({ bound }),
  too_long: (bound) => m.capture_fault_too_long({ bound }),
  not_digits: (bound) => m.capture_fault_not_digits({ bound }),
  too_many: (bound) => m.capture_fault_too_many({ bound }),
  unknown_option: () => m.capture_fault_option(),
  invalid_date: () => m.capture_fault_date(),
};

/** What is wrong with one field, under it. */
export function faultWords({ path, fault, bound }: DraftProblem): string {
  if (path === 'concept' && fault === 'unknown_option') return m.capture_fault_concept_retired();
  return WORDS[fault](bound === undefined ? '' : formatNumber(bound, 2));
}

/** Where the fault is told: under the field, or under a question of one of a group's items. */
export function faultPath({ path, inner }: DraftProblem): string {
  return inner ? `${path}-${inner.index}-${inner.key}` : path;
}

/** Whether something is wrong at a path, or inside the group that lies there. */
export function hasFaultAt(errors: ReadonlyMap<string, string>, path: string): boolean {
  return [...errors.keys()].some((one) => one === path || one.startsWith(`${path}-`));
}

/** The same with the name of the question, for the summary at the top. */
export function faultLines(faults: readonly DraftProblem[], form: Form): FaultLine[] {
  return faults.map((fault) => {
    const key = attributeKey(fault.path);
    const name = key === null ? '' : nameOf(fieldOf(form, key), fault);
    const words = faultWords(fault);
    return {
      path: faultPath(fault),
      target: `field-${faultPath(fault)}`,
      message: name ? m.capture_fault_line({ name, words }) : words,
    };
  });
}

function nameOf(field: Field | undefined, { inner }: DraftProblem): string {
  if (!field || !inner) return labelOf(field?.labels);
  const label = labelOf(field.item) || labelOf(field.labels);
  const item = m.capture_group_item({ label, number: inner.index + 1 });
  return `${item}, ${labelOf(field.fields?.find((one) => one.key === inner.key)?.labels)}`;
}
