import { expect, test } from 'vitest';

import type { Api } from '../../../src/api/client.ts';
import { problem, ProblemError } from '../../../src/domain/problems.ts';
import type { TermAction } from '../../../src/domain/thesaurus/operations.ts';
import { VocabularyDesk } from '../../../src/state/vocabulary-desk.svelte.ts';
import { VocabularyForm } from '../../../src/state/vocabulary-form.svelte.ts';

type Sent = { name: string } & Record<string, unknown>;

const lavoir = { id: 'lavoir', scheme: 's', labels: { fr: 'Lavoir' }, alt: {}, hidden: {}, definition: {} };
const anEdit = (id: unknown, over: object = {}) => ({
  id,
  n: 1,
  action: 'change',
  concept: 'lavoir',
  concepts: ['lavoir'],
  labels: { fr: 'Lavoir' },
  author: null,
  at: '2026-11-23T10:00:00Z',
  state: 'applied',
  ...over,
});

/** A desk over a server that has one term, and answers edits as `answer` says. */
async function deskOver(answer: (sent: Sent) => unknown, terms: () => unknown[] = () => [lavoir]) {
  const sent: Sent[] = [];
  let count = 0;
  const api = {
    call: (name: string, p: object, schema: { parse: (value: unknown) => unknown }) =>
      Promise.resolve().then(() => {
        const asked = { name, ...p } as Sent;
        sent.push(asked);
        if (name === 'thesaurus') return schema.parse({ concepts: terms() });
        if (name === 'thesaurus_desk') return schema.parse({ role: 'decide', uses: { lavoir: 412 } });
        return schema.parse(answer(asked));
      }),
  } as unknown as Api;
  const desk = new VocabularyDesk({ api, scheme: 's', language: () => 'fr', newId: () => `id-${++count}` });
  await desk.load();
  return { desk, edits: () => sent.filter(({ name, dry }) => name === 'thesaurus_edit' && dry !== true) };
}

const rename = (to: string): TermAction => ({
  action: 'change',
  concept: 'lavoir',
  fields: { 'labels.fr': { from: 'Lavoir', to } },
});
const label = (desk: VocabularyDesk) => desk.terms.get('lavoir')?.labels['fr'];

test('an edit of which no answer came is sent again under the same id, and another edit under another', async () => {
  let isCut = true;
  const { desk, edits } = await deskOver(({ id }) => {
    if (isCut) throw new ProblemError('timeout');
    return { edit: anEdit(id), after: [{ ...lavoir, labels: { fr: 'Lavoir public' } }] };
  });
  await expect(desk.edit(rename('Lavoir public'))).rejects.toThrow('timeout');
  expect(label(desk)).toBe('Lavoir');
  await expect(desk.edit(rename('Autre'))).rejects.toThrow('timeout');
  isCut = false;
  await desk.edit(rename('Lavoir public'));
  await desk.edit(rename('Lavoir public'));
  // The fourth says the same as one that was answered: a new edit.
  const ids = edits().map(({ id }) => id);
  expect(ids[2]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
  expect(label(desk)).toBe('Lavoir public');
});

test('an edit that the server refused is another one when it is tried again', async () => {
  const { desk, edits } = await deskOver(() => {
    throw new ProblemError('invalid_concept', 'lavoir : cycle');
  });
  for (let time = 0; time < 2; time++) {
    await expect(desk.edit(rename('X'))).rejects.toThrow('invalid_concept');
  }
  expect(new Set(edits().map(({ id }) => id)).size).toBe(2);
});

test('what a moderator proposes is in the journal and changes no term', async () => {
  const { desk } = await deskOver(({ id }) => ({
    edit: anEdit(id, { state: 'proposed', mine: true }),
    after: [{ ...lavoir, labels: { fr: 'Lavoir public' } }],
  }));
  await desk.edit(rename('Lavoir public'));
  expect(label(desk)).toBe('Lavoir');
  expect(desk.edits.map(({ state }) => state)).toEqual(['proposed']);
  expect(desk.proposedOn.get('lavoir')).toHaveLength(1);
});

test('what would change is asked dry, and changes nothing here', async () => {
  const { desk, edits } = await deskOver(({ dry }) => {
    expect(dry).toBe(true);
    return { edit: null, after: [{ ...lavoir, status: 'deprecated' }], points: 412 };
  });
  expect((await desk.preview({ action: 'deprecate', concept: 'lavoir' })).points).toBe(412);
  expect(desk.terms.get('lavoir')?.status).toBe('accepted');
  expect(edits()).toEqual([]);
});

test('a text that somebody else changed meanwhile is shown beside what was typed; the choice is then saved', async () => {
  let there: Record<string, unknown> = lavoir;
  const { desk, edits } = await deskOver(
    ({ id, fields }) => {
      const { from, to } = (fields as Record<string, { from: string; to: string }>)['labels.fr'] ?? {};
      const now = (there['labels'] as { fr: string }).fr;
      if (from !== now) {
        throw new ProblemError(
          problem('concept_moved', JSON.stringify({ concept: 'lavoir', field: 'labels.fr', now })),
        );
      }
      there = { ...there, labels: { fr: to } };
      return { edit: anEdit(id), after: [there] };
    },
    () => [there],
  );
  const form = new VocabularyForm(desk, 'lavoir');
  expect(await form.save()).toBeNull();
  form.set('labels.fr', 'Lavoir communal');
  form.set('notation', 'L1');
  there = { ...lavoir, labels: { fr: 'Lavoir public' }, definition: { fr: 'Bassin.' } };
  expect(await form.save()).toBeNull();
  expect(form.conflicts).toEqual([{ path: 'labels.fr', mine: 'Lavoir communal', now: 'Lavoir public' }]);
  expect(form.taken).toEqual(['definition.fr']);
  expect(form.typed).toMatchObject({ 'labels.fr': 'Lavoir communal', notation: 'L1' });
  // Nothing leaves before somebody chose.
  expect(await form.save()).toBeNull();
  expect(edits()).toHaveLength(1);
  form.choose('labels.fr', 'mine');
  expect(await form.save('Nom d’usage')).not.toBeNull();
  expect(edits()[1]).toMatchObject({
    note: 'Nom d’usage',
    fields: {
      'labels.fr': { from: 'Lavoir public', to: 'Lavoir communal' },
      notation: { from: null, to: 'L1' },
    },
  });
  expect(Object.keys(edits()[1]?.['fields'] as object)).toHaveLength(2);
  expect(label(desk)).toBe('Lavoir communal');
});

test('without network the form keeps what was typed and says so', async () => {
  const { desk } = await deskOver(() => {
    throw new ProblemError('offline');
  });
  const form = new VocabularyForm(desk, 'lavoir');
  form.set('labels.fr', 'Lavoir communal');
  expect(await form.save()).toBeNull();
  expect(form.problem?.code).toBe('offline');
  expect(form.isBusy).toBe(false);
  expect(form.typed['labels.fr']).toBe('Lavoir communal');
});

test('what could not be read leaves what was', async () => {
  let isCut = false;
  const { desk } = await deskOver(
    () => ({}),
    () => {
      if (isCut) throw new ProblemError('offline');
      return [lavoir];
    },
  );
  isCut = true;
  await desk.load();
  expect(desk.problem?.code).toBe('offline');
  expect(desk.terms.size).toBe(1);
  expect(desk.usesOf('lavoir')).toBe(412);
});
