import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { applyMutation } from '../../src/domain/commands/apply.ts';
import { revertEdit } from '../../src/domain/commands/edit.ts';
import type { EditMutation } from '../../src/domain/mutation.ts';
import { readPaths } from '../../src/domain/paths.ts';
import { coalesce } from '../../src/sync/coalesce.ts';
import { aPoint, ownPoint, patch } from '../support/arbitraries.ts';

const me = { userId: 'me', isModerator: false };

const edit = (over: Partial<EditMutation>): EditMutation => ({
  mutation_id: 'm1',
  v: 1,
  kind: 'edit',
  point_id: aPoint().id,
  captured_at: '2026-05-02T08:00:00.000Z',
  base_rev: 1,
  base: {},
  patch: {},
  ...over,
});

describe('an edit', () => {
  it('undone gives back the point', () => {
    fc.assert(
      fc.property(ownPoint, patch, (point, wanted) => {
        const change = edit({ base: readPaths(point, Object.keys(wanted)), patch: wanted });
        const back = revertEdit(change, { mutation_id: 'm2', captured_at: 'later', base_rev: 2 });
        const after = applyMutation(applyMutation(point, change, me), back, me);
        expect(after).toEqual(point);
      }),
    );
  });

  it('changes nothing of the row it is laid over', () => {
    fc.assert(
      fc.property(ownPoint, patch, (point, wanted) => {
        const before = structuredClone(point);
        applyMutation(point, edit({ patch: wanted }), me);
        expect(point).toEqual(before);
      }),
    );
  });

  it('joined with the next one does what both do', () => {
    fc.assert(
      fc.property(ownPoint, patch, patch, (point, one, two) => {
        const first = edit({ base: readPaths(point, Object.keys(one)), patch: one });
        const between = applyMutation(point, first, me) ?? point;
        const second = edit({
          mutation_id: 'm2',
          base: readPaths(between, Object.keys(two)),
          patch: two,
        });
        const joined = coalesce(first, second);
        expect(joined?.mutation_id).toBe('m1');
        const both = applyMutation(between, second, me);
        expect(joined && applyMutation(point, joined, me)).toEqual(both);
        // The base stays what was on the screen before either.
        const paths = [...Object.keys(one), ...Object.keys(two)];
        expect(joined && 'base' in joined && joined.base).toEqual(readPaths(point, paths));
      }),
    );
  });

  it('of a published point waits beside it, in one revision', () => {
    const point = aPoint({ status: 'published', mine: false, attributes: { name: 'Vieux lavoir' } });
    const base = { 'attributes.name': 'Vieux lavoir' };
    const once = applyMutation(point, edit({ base, patch: { 'attributes.name': 'Lavoir' } }), me);
    expect(once?.attributes).toEqual(point.attributes);
    const further = edit({ mutation_id: 'm2', base: { concept: null }, patch: { concept: 'lavoir' } });
    const twice = applyMutation(once, further, me);
    expect(twice?.pending).toMatchObject([
      { revision_id: 'm2', patch: { 'attributes.name': 'Lavoir', concept: 'lavoir' }, mine: true },
    ]);
    // A moderator's own is applied at once.
    const moderator = { ...me, isModerator: true };
    expect(applyMutation(point, edit({ patch: { concept: 'lavoir' } }), moderator)?.concept).toBe('lavoir');
  });
});
