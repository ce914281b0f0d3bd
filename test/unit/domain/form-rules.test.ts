import { describe, expect, it } from 'vitest';

import { checkDraft, completeDraft } from '../../../src/domain/commands/complete-draft.ts';
import { type Draft, editDraft, newDraft } from '../../../src/domain/draft.ts';
import { isMet } from '../../../src/domain/form/condition.ts';
import { formCompletion } from '../../../src/domain/form/completion.ts';
import { visibleFields } from '../../../src/domain/form/fields.ts';
import { moveItem } from '../../../src/domain/form/items.ts';
import { answersToSend } from '../../../src/domain/form/send.ts';
import { validateAttributes } from '../../../src/domain/form/validate.ts';
import type { JsonRecord } from '../../../src/domain/json.ts';
import { formSchema, themeSchema } from '../../../src/domain/theme.ts';
import { aPoint } from '../../support/arbitraries.ts';

const labels = { fr: 'x' };
const form = formSchema.parse({
  rev: 2,
  sections: [
    {
      id: 'main',
      labels,
      fields: [
        { key: 'level', type: 'boolean', labels, unsure: true },
        { key: 'steps', type: 'integer', labels, min: 1, max: 20, visible_if: { key: 'level', is: false } },
        { key: 'handrail', type: 'boolean', labels, visible_if: { key: 'steps', in: [2, 3] } },
        { key: 'name', type: 'text', labels, required: true },
        {
          key: 'lanterns',
          type: 'group',
          labels,
          fields: [
            { key: 'shape', type: 'choice', labels, required: true, options: [{ code: 'globe', labels }] },
            { key: 'lit', type: 'boolean', labels },
            { key: 'colour', type: 'text', labels, visible_if: { key: 'lit', is: true } },
            { key: 'outside', type: 'text', labels, max: 3, visible_if: { key: 'level', is: 'unsure' } },
          ],
        },
      ],
    },
  ],
});
const theme = themeSchema.parse({ id: 'heritage', labels, form, form_rev: 2 });
const problems = (answers: JsonRecord) => validateAttributes(form, answers);
const draftWith = (attributes: JsonRecord): Draft => ({
  ...newDraft({ pointId: 'p', userId: 'u', theme: 'heritage', formRev: 1 }, new Date(0)),
  geom: { lon: 2, lat: 43, source: 'gps' },
  attributes,
});
const edit = (seen: JsonRecord, attributes: JsonRecord): Draft => ({
  ...editDraft({ userId: 'u', formRev: 2 }, aPoint({ status: 'published', attributes: seen }), new Date(0)),
  attributes,
});
const patchOf = (draft: Draft) => completeDraft(draft, theme) as { patch: JsonRecord } | null;

describe('questions that hide', () => {
  it('take with them those that hang on their answer', () => {
    const answers = { level: true, steps: 3, handrail: true, name: 'x' };
    expect(visibleFields(form, answers).map((field) => field.key)).toEqual(['level', 'name', 'lanterns']);
    expect(answersToSend(form, answers)).toEqual({ level: true, name: 'x' });
  });

  it('read a blank answer as none', () => {
    expect(isMet({ key: 'a', is: null }, { a: '  ' })).toBe(true);
    expect(isMet({ key: 'a', in: [''] }, { a: '' })).toBe(false);
  });

  it('come back with their answer in the draft, and are not sent meanwhile', () => {
    const draft = draftWith({ level: true, steps: 900, name: 'x' });
    expect(checkDraft(draft, theme)).toEqual([]);
    expect(Object.keys(patchOf(draft)?.patch ?? {})).not.toContain('attributes.steps');
    expect(checkDraft({ ...draft, attributes: { ...draft.attributes, level: false } }, theme)).toEqual([
      { path: 'attributes.steps', fault: 'too_large', bound: 20 },
    ]);
  });

  it('are cleared by the edit that hides them, and left alone when they were hidden before', () => {
    const was = { level: false, steps: 3, name: 'x' };
    expect(patchOf(edit(was, { ...was, level: true }))?.patch).toEqual({
      'attributes.level': true,
      'attributes.steps': null,
    });
    const imported = { steps: 3, name: 'x' };
    expect(patchOf(edit(imported, { ...imported, name: 'y' }))?.patch).toEqual({ 'attributes.name': 'y' });
  });
});

describe('an edit', () => {
  it('answers for what it changes, not for what others left there', () => {
    const was = { level: false, steps: 900 };
    expect(checkDraft(edit(was, { ...was, level: false }), theme)).toEqual([]);
    expect(checkDraft(edit(was, { ...was, steps: 901 }), theme)).toEqual([
      { path: 'attributes.steps', fault: 'too_large', bound: 20 },
    ]);
    expect(checkDraft(edit({ name: 'x' }, { name: '' }), theme)).toEqual([
      { path: 'attributes.name', fault: 'required' },
    ]);
  });

  it('names the form that its answers were checked against, and keeps keys that this one does not know', () => {
    const draft = draftWith({ name: 'x', dropped_since: 'kept' });
    expect(completeDraft(draft, theme)).toMatchObject({
      form_rev: 2,
      patch: { 'attributes.dropped_since': 'kept' },
    });
  });
});

describe('a repeated group', () => {
  const name = 'x';
  it('is checked item by item, and item by item told', () => {
    const lanterns = [{ shape: 'globe' }, { lit: true }, { shape: 'sun' }];
    expect(problems({ name, lanterns })).toEqual([
      { key: 'lanterns', fault: 'required', inner: { index: 1, key: 'shape' } },
      { key: 'lanterns', fault: 'unknown_option', inner: { index: 2, key: 'shape' } },
    ]);
  });

  it('asks nothing of an item that says nothing, and does not send it', () => {
    const lanterns = [{}, { shape: 'globe', colour: 'orange' }, { lit: null }];
    expect(problems({ name, lanterns })).toEqual([]);
    // The colour is not asked of a lantern that nobody saw lit.
    expect(answersToSend(form, { name, lanterns })).toEqual({ name, lanterns: [{ shape: 'globe' }] });
    expect(answersToSend(form, { name, lanterns: [{}, {}] })).toEqual({ name });
  });

  it('reads the rest of the form where the item says nothing', () => {
    const lanterns = [{ shape: 'globe', outside: 'long' }];
    expect(problems({ name, lanterns })).toEqual([]);
    expect(problems({ name, level: 'unsure', lanterns })).toMatchObject([{ fault: 'too_long', bound: 3 }]);
  });

  it('has bounds, and an order', () => {
    const many = Array.from({ length: 51 }, () => ({ shape: 'globe' }));
    expect(problems({ name, lanterns: many })).toEqual([{ key: 'lanterns', fault: 'too_many', bound: 50 }]);
    expect(problems({ name, lanterns: ['globe'] })).toEqual([{ key: 'lanterns', fault: 'wrong_type' }]);
    expect(moveItem(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moveItem(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
    expect(moveItem(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  });
});

it('counts what was answered among what is asked; "not sure" is an answer', () => {
  expect(formCompletion(form, {})).toEqual({ answered: 0, asked: 3 });
  expect(formCompletion(form, { level: 'unsure', name: ' ' })).toEqual({ answered: 1, asked: 3 });
  expect(formCompletion(form, { level: false, steps: 2 })).toEqual({ answered: 2, asked: 5 });
});

it.each([
  ['34000', []],
  ['', []],
  ['3400', ['not_digits']],
  ['34 000', ['not_digits']],
  ['３４０００', ['not_digits']],
])('a postcode has five digits: "%s"', (postcode, faults) => {
  const fields = [{ key: 'postcode', type: 'text', labels, digits: 5 }];
  const asked = formSchema.parse({ rev: 1, sections: [{ id: 'one', labels, fields }] });
  expect(validateAttributes(asked, { postcode }).map(({ fault }) => fault)).toEqual(faults);
});
