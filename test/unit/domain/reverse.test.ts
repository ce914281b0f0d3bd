import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { applyMutation } from '../../../src/domain/commands/apply.ts';
import { reverseOf } from '../../../src/domain/commands/reverse.ts';
import type { CreateMutation, EditMutation, Mutation } from '../../../src/domain/mutation.ts';
import { readPaths } from '../../../src/domain/paths.ts';
import { aPoint, ownPoint, patch } from '../../support/arbitraries.ts';

const ME = { userId: 'me', isModerator: false };
const common = { mutation_id: 'm1', v: 1 as const, captured_at: '2026-05-02T08:00:00.000Z' };
const edit = (over: Partial<EditMutation>): EditMutation => ({
  ...common,
  kind: 'edit',
  point_id: aPoint().id,
  base_rev: 1,
  base: {},
  patch: {},
  ...over,
});
const create: CreateMutation = {
  ...common,
  kind: 'create',
  point_id: aPoint().id,
  theme: 'heritage',
  patch: {},
};

describe('what undoes a contribution that has arrived', () => {
  it('is a withdrawal for a point that nobody has published, and nothing for others', () => {
    expect(reverseOf(create, aPoint())).toMatchObject({ kind: 'withdraw', point_id: create.point_id });
    expect(reverseOf(create, aPoint({ status: 'published' }))).toBeNull();
    expect(reverseOf(create, aPoint({ mine: false }))).toBeNull();
    expect(reverseOf(create, null)).toBeNull();
  });

  it('is a withdrawal of the proposal that waits beside a published point', () => {
    const pending = { revision_id: 'm1', base_rev: 1, base: {}, patch: {}, state: 'pending', mine: true };
    const point = aPoint({ status: 'published', mine: false, pending: [pending] });
    expect(reverseOf(edit({}), point)).toMatchObject({ kind: 'withdraw', revision_id: 'm1' });
    expect(reverseOf(edit({ mutation_id: 'm0' }), point)).toBeNull();
  });

  it('gives back the point that was there, but for what changed since', () => {
    fc.assert(
      fc.property(ownPoint, patch, (before, wanted) => {
        const change = edit({ base: readPaths(before, Object.keys(wanted)), patch: wanted });
        const after = applyMutation(before, change, ME);
        const back = reverseOf(change, after);
        if (!back) {
          expect(Object.keys(wanted)).toHaveLength(0);
          return;
        }
        const reversed = { ...common, mutation_id: 'm2', ...back } as Mutation;
        expect(applyMutation(after, reversed, ME)).toEqual(before);
      }),
    );
    const change = edit({ base: { 'attributes.name': 'A' }, patch: { 'attributes.name': 'B' } });
    expect(reverseOf(change, aPoint({ attributes: { name: 'C' } }))).toBeNull();
  });

  it('is nothing for what was seen or said', () => {
    const confirm = {
      ...common,
      kind: 'confirm',
      point_id: 'p',
      observed_at: common.captured_at,
      found: true,
    } as const;
    expect(reverseOf(confirm, aPoint())).toBeNull();
  });
});
