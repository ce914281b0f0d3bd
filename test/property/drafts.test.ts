import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { completeDraft } from '../../src/domain/commands/complete-draft.ts';
import { makeMutation } from '../../src/domain/commands/make.ts';
import { reopenCreate } from '../../src/domain/commands/reopen-create.ts';
import { type Draft, newDraft } from '../../src/domain/draft.ts';
import { type Mutation, mutationSchema } from '../../src/domain/mutation.ts';
import type { Theme } from '../../src/domain/theme.ts';
import { unsentFileSchema } from '../../src/domain/unsent-file.ts';
import { geom, ownPoint } from '../support/arbitraries.ts';
import { aForm, answersTo } from '../support/form-arbitraries.ts';

const NOW = new Date('2026-05-02T08:00:00.000Z');
const random = (length: number) => new Uint8Array(length);
const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 });

interface Begun {
  readonly theme: Theme;
  readonly draft: Draft;
}

/** A capture with whatever somebody may have put in it. */
const begun: fc.Arbitrary<Begun> = aForm
  .chain((form) => fc.tuple(fc.constant(form), answersTo(form)))
  .chain(([form, attributes]) =>
    fc.record({
      theme: fc.constant({ id: 'heritage', labels: {}, form, form_rev: form.rev, settings: {} }),
      draft: fc
        .record({
          geom,
          concept: fc.constantFrom(null, 'lavoir', 'croix'),
          sensitivity: fc.constantFrom('open' as const, 'blurred' as const, 'hidden' as const),
          photo_ids: ids,
          not_same_as: ids,
          maybe_same_as: ids,
        })
        .map((given) => ({
          ...newDraft({ pointId: 'p', theme: 'heritage', userId: 'me', formRev: form.rev }, NOW),
          ...given,
          attributes,
        })),
    }),
  );

const sent = ({ draft, theme }: Begun): Mutation | null => {
  const mutation = completeDraft(draft, theme);
  return mutation && makeMutation(mutation, NOW, random);
};

it('a capture finished, opened again and finished again is the same capture', () => {
  fc.assert(
    fc.property(begun, ({ draft, theme }) => {
      const first = mutationSchema.parse(JSON.parse(JSON.stringify(sent({ draft, theme }))));
      if (first.kind !== 'create') throw new Error('a new point');
      const again = reopenCreate(first, { userId: 'me', formRev: theme.form_rev }, NOW);
      expect(again).not.toBeNull();
      if (again) expect(sent({ theme, draft: { ...again, photo_ids: draft.photo_ids } })).toEqual(first);
    }),
  );
});

it('a draft handed over in a file comes back as it was, a capture or an edit', () => {
  fc.assert(
    fc.property(begun, fc.option(ownPoint), ({ draft }, seen) => {
      const whole: Draft = {
        ...draft,
        seen,
        term: { scheme: 's', text: 'lavador', lang: 'oc' },
        resolves: ['m1'],
      };
      const file = {
        ...{ format: 'capitelle-unsent', version: 2, instance: null, user_id: 'me', exported_at: 'now' },
        ...{ mutations: [], photos: [], drafts: [whole], draft_photos: [] },
      };
      expect(unsentFileSchema.parse(JSON.parse(JSON.stringify(file))).drafts).toEqual([whole]);
    }),
  );
});
