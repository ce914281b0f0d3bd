import type { Draft } from '../draft.ts';
import type { ConfirmMutation } from '../mutation.ts';

type Confirm = Omit<ConfirmMutation, 'mutation_id' | 'v' | 'captured_at'>;

/** Whether somebody says that a thing is gone without showing it: moderators need to see the place. */
export function lacksProof({ observes, photo_ids: photos }: Draft): boolean {
  return observes !== undefined && !observes.found && photos.length === 0;
}

/** The mutation that "still there", or "gone", becomes, dated by its beginning: it never touches the sheet. */
export function completeObservation(draft: Draft, observes: NonNullable<Draft['observes']>): Confirm {
  const { point_id, found, condition } = observes;
  return {
    kind: 'confirm',
    point_id,
    theme: draft.theme,
    observed_at: draft.created_at,
    found,
    ...(condition === null || !found ? {} : { condition }),
    ...(draft.photo_ids.length > 0 ? { expected_photos: draft.photo_ids.length } : {}),
  };
}
