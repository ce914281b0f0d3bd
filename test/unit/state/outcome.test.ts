import { describe, expect, it } from 'vitest';

import { type Outcome, outcomeOf } from '../../../src/domain/outcome.ts';
import type { Conflict, Point } from '../../../src/domain/point.ts';
import { problem } from '../../../src/domain/problems.ts';
import type { OutboxRow } from '../../../src/db/rows.ts';
import { openConflicts, settlement } from '../../../src/state/open-conflicts.ts';
import { aPoint } from '../../support/arbitraries.ts';

const conflict = (over: Partial<Conflict> = {}): Conflict => ({
  mutation_id: 'm1',
  field: 'attributes.name',
  base: 'A',
  mine: 'B',
  theirs: 'C',
  ...over,
});
const receipt = { mutation_id: 'm1', kind: 'edit', status: 'applied', code: null } as const;
const proposal = (state: string, reason: string | null = null): Partial<Point> => ({
  proposals: [{ revision_id: 'm1', state, reason, accepted: [] }],
});

describe('what became of a contribution', () => {
  it.each<[string, Partial<Parameters<typeof outcomeOf>[0]>, Partial<Point> | null, Outcome]>([
    [
      'published',
      { kind: 'create' },
      { status: 'published' },
      { kind: 'point', status: 'published', reason: null },
    ],
    [
      'sent back',
      { kind: 'create' },
      { status: 'to_complete', decision: { decision: 'to_complete', reason: 'photo_missing' } },
      { kind: 'point', status: 'to_complete', reason: 'photo_missing' },
    ],
    [
      'refused by the server',
      { status: 'rejected', code: 'invalid_patch' },
      {},
      { kind: 'refused_by_server', code: 'invalid_patch' },
    ],
    [
      'waiting',
      { status: 'pending' },
      { pending: [{ revision_id: 'm1', base_rev: 1, base: {}, patch: {}, state: 'pending', mine: true }] },
      { kind: 'in_review' },
    ],
    ['accepted', { status: 'pending' }, proposal('accepted'), { kind: 'accepted' }],
    ['accepted in part', { status: 'pending' }, proposal('partly_accepted'), { kind: 'partly_accepted' }],
    ['refused', { status: 'pending' }, proposal('refused', 'other'), { kind: 'refused', reason: 'other' }],
    ['replaced by my next one', { status: 'pending' }, {}, { kind: 'joined' }],
    ['in conflict', { status: 'conflict' }, { conflicts: [conflict()] }, { kind: 'conflict' }],
    ['settled', { status: 'conflict' }, {}, { kind: 'settled' }],
    ['taken', {}, {}, { kind: 'taken' }],
    ['counted', { kind: 'confirm' }, null, { kind: 'counted' }],
    ['said to be gone', { kind: 'confirm', found: false }, null, { kind: 'passed_on' }],
    ['out of sight', { kind: 'create' }, null, { kind: 'out_of_sight' }],
  ])('%s', (_name, more, point, outcome) => {
    expect(outcomeOf({ ...receipt, ...more }, point && aPoint(point))).toEqual(outcome);
  });
});

describe('what waits for a choice', () => {
  const point = aPoint({
    conflicts: [
      conflict(),
      conflict({ field: 'attributes.use', mine: 'laver', theirs: null }),
      conflict({ mutation_id: 'theirs', own: false }),
    ],
  });
  const points = new Map([[point.id, point]]);
  const row = (over: Partial<OutboxRow>): OutboxRow => ({
    mutation_id: 'm1',
    user_id: 'me',
    point_id: point.id,
    kind: 'edit',
    mutation: {
      kind: 'edit',
      mutation_id: 'm1',
      v: 1,
      point_id: point.id,
      captured_at: '2026-05-02T08:00:00.000Z',
      base_rev: 1,
      base: {},
      patch: {},
    },
    frozen: null,
    state: 'conflict',
    attempts: 1,
    last_problem: problem('conflict'),
    not_before: 0,
    saved_at: '2026-05-02T08:00:00.000Z',
    ...over,
  });

  it('shows on every device of the person, as one choice a contribution, and not to others', () => {
    const open = openConflicts(points, []);
    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({ mutationId: 'm1', mineAt: null });
    expect(open[0]?.conflicts.map((one) => one.field)).toEqual(['attributes.name', 'attributes.use']);
    expect(openConflicts(points, [row({})])).toMatchObject([{ mineAt: '2026-05-02T08:00:00.000Z' }]);
  });

  it('shows what this device alone knows of, and not what waits here to settle it', () => {
    const bare = new Map([[point.id, { ...point, conflicts: [] }]]);
    expect(openConflicts(bare, [row({ conflicts: [conflict()] })])).toHaveLength(1);
    const { mutation } = row({});
    const settling = row({
      mutation_id: 'm2',
      state: 'queued',
      mutation: {
        ...mutation,
        mutation_id: 'm2',
        kind: 'edit',
        base_rev: 2,
        base: {},
        patch: {},
        resolves: ['m1'],
      },
    });
    expect(openConflicts(points, [row({}), settling])).toEqual([]);
  });

  it('is settled field by field: choosing one never lets go of another', () => {
    const [open] = openConflicts(points, []);
    const choose = (field: string) => (field === 'attributes.use' ? 'mine' : 'theirs');
    expect(settlement(open?.conflicts ?? [], choose)).toEqual({
      base: { 'attributes.use': null },
      patch: { 'attributes.use': 'laver' },
    });
    expect(settlement(open?.conflicts ?? [], () => 'mine').patch).toEqual({
      'attributes.name': 'B',
      'attributes.use': 'laver',
    });
  });
});
