import { expect, it } from 'vitest';

import { applyConfirm } from '../../../src/domain/commands/confirm.ts';
import { Describer } from '../../../src/domain/form/describer.ts';
import type { ConfirmMutation } from '../../../src/domain/mutation.ts';
import { lastObserved, observedInEvent } from '../../../src/domain/observed.ts';
import { eventLines } from '../../../src/features/moderation/history.ts';
import { historyLines } from '../../../src/features/point/history.ts';
import { describerWords } from '../../../src/i18n/words.ts';

import { aPoint } from '../../support/arbitraries.ts';
import { THEMES } from '../../support/field-kit.ts';

const [heritage, lighting] = THEMES;
const naming = {
  theme: (id: string) => THEMES.find((theme) => theme.id === id),
  conceptLabel: (id: string | null) => id,
};
const describer = new Describer(naming, 'fr', describerWords());
const POINT = aPoint({ theme: 'heritage', status: 'published', attributes: { condition: 'good' } });
const seen = (over: Partial<ConfirmMutation>): ConfirmMutation => ({
  kind: 'confirm',
  v: 1,
  mutation_id: 'm',
  point_id: POINT.id,
  captured_at: '2026-05-02T10:00:00Z',
  observed_at: '2026-05-02T10:00:00Z',
  found: true,
  ...over,
});

it('the state that somebody saw shows beside what the sheet says, before it has left', () => {
  const shown = applyConfirm(POINT, seen({ condition: 'poor' })) ?? POINT;
  expect(shown.attributes).toEqual({ condition: 'good' });
  expect(lastObserved(shown, heritage, describer)).toEqual({
    state: 'poor',
    at: '2026-05-02T10:00:00Z',
    sheetSays: 'good',
  });
  const same = applyConfirm(POINT, seen({ condition: 'good' })) ?? POINT;
  expect(lastObserved(same, heritage, describer)).toMatchObject({ state: 'good', sheetSays: null });
});

it('who says nothing of the state, or cannot tell, leaves the last one', () => {
  const poor = applyConfirm(POINT, seen({ condition: 'poor' }));
  for (const condition of [undefined, 'unknown']) {
    const later = seen({ observed_at: '2026-06-01T10:00:00Z', ...(condition ? { condition } : {}) });
    expect(applyConfirm(poor, later)?.confirmations).toEqual({
      count: 2,
      last_at: '2026-06-01T10:00:00Z',
      condition: 'poor',
      condition_at: '2026-05-02T10:00:00Z',
    });
  }
  expect(applyConfirm(poor, seen({ found: false, condition: 'ruin' }))).toBe(poor);
});

it('nothing is told where nobody saw, or where the theme asks for nothing', () => {
  expect(lastObserved(POINT, heritage, describer)).toBeNull();
  const lamp = {
    ...POINT,
    theme: 'lighting',
    confirmations: { count: 1, condition: 'poor', condition_at: '2026-05-02' },
  };
  expect(lastObserved(lamp, lighting, describer)).toBeNull();
});

it('the history says it, on the sheet and at the desk', () => {
  const event = { action: 'confirm', at: '2026-05-02', diff: { observed: [null, 'poor'] } };
  expect(observedInEvent(event.diff, POINT, heritage, describer)).toBe('poor');
  expect(historyLines([event], POINT, describer, heritage)[0]?.title).toContain('poor');
  expect(eventLines([event], POINT, describer, naming)[0]?.title).toContain('poor');
  const bare = { action: 'confirm', at: '2026-05-02', diff: null };
  expect(historyLines([bare], POINT, describer, heritage)[0]?.title).not.toContain('poor');
});
