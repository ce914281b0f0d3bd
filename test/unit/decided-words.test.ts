import { beforeAll, expect, test } from 'vitest';

import { decidedTone, decidedWords } from '../../src/features/outbox/decided-words.ts';
import { overwriteGetLocale } from '../../src/i18n/generated/runtime.js';
import type { Contribution } from '../../src/state/contributions.svelte.ts';

beforeAll(() => overwriteGetLocale(() => 'fr'));

const told = (over: Partial<Contribution>): [string, string] => {
  const item = { decision: 'publish', kind: 'new', ...over } as Contribution;
  return [decidedWords(item, undefined), decidedTone(item)];
};

test.each<[Partial<Contribution>, string, string]>([
  [{ outcome: 'accepted' }, 'Publié', 'ok'],
  [{ outcome: 'corrected' }, 'Publié après correction', 'heed'],
  [{ reason: 'trust', outcome: 'accepted' }, 'Publié aussitôt, par confiance', 'ok'],
  [{ decision: 'reject' }, 'Refusé', 'danger'],
  [{ kind: 'edit', outcome: 'accepted' }, 'Modification publiée', 'ok'],
  [{ kind: 'edit', reason: 'trust' }, 'Modification publiée aussitôt, par confiance', 'ok'],
  [{ kind: 'edit', decision: 'reject' }, 'Modification refusée', 'danger'],
  [{ kind: 'photo', outcome: 'accepted' }, 'Photos publiées', 'ok'],
  [{ kind: 'photo', outcome: 'corrected' }, 'Photos publiées en partie', 'heed'],
  [{ kind: 'photo', outcome: 'refused' }, 'Photos refusées', 'danger'],
  [{ kind: 'photo', decision: 'reject' }, 'Photos refusées', 'danger'],
  [{ kind: 'photo', reason: 'trust' }, 'Photos publiées aussitôt, par confiance', 'ok'],
  [{ kind: 'report' }, 'Corrigé par le groupe', 'ok'],
  [{ kind: null }, 'Corrigé par le groupe', 'ok'],
  [{ kind: 'gone', decision: 'destroy' }, 'Noté comme disparu', 'plain'],
])('a decision says what it was taken on: %j', (over, words, tone) => {
  expect(told(over)).toEqual([words, tone]);
});
