import { describe, expect, it } from 'vitest';

import { describeValue } from '../../../src/domain/form/describe.ts';
import { visibleFields } from '../../../src/domain/form/fields.ts';
import { validateAttributes } from '../../../src/domain/form/validate.ts';
import { formSchema } from '../../../src/domain/theme.ts';

const form = formSchema.parse({
  rev: 1,
  sections: [
    {
      id: 'main',
      labels: { fr: 'Principal' },
      fields: [
        { key: 'name', type: 'text', part: 'short', labels: { fr: 'Nom' }, required: true },
        { key: 'lit', type: 'boolean', part: 'short', labels: { fr: 'Allumé' }, unsure: true },
        {
          key: 'defect',
          type: 'choice',
          part: 'full',
          labels: { fr: 'Défaut' },
          options: [
            { code: 'off', labels: { fr: 'Éteint', en: 'Off' } },
            { code: 'blinks', labels: { fr: 'Clignote' } },
          ],
          visible_if: {
            any: [
              { key: 'lit', is: false },
              { key: 'lit', in: ['unsure'] },
            ],
          },
        },
        { key: 'height', type: 'decimal', labels: { fr: 'Hauteur' }, unit: 'm', min: 0, max: 40 },
        { key: 'on', type: 'date', labels: { fr: 'Posé le' } },
        {
          key: 'materials',
          type: 'choices',
          labels: { fr: 'Matériaux' },
          options: [{ code: 'stone', labels: { fr: 'Pierre' } }],
        },
        {
          key: 'deep',
          type: 'text',
          labels: { fr: 'x' },
          visible_if: { all: [{ key: 'materials', is: 'stone' }] },
        },
      ],
    },
  ],
});
const words = { yes: 'oui', no: 'non', unsure: 'je ne sais pas' };
const keys = (attributes: Record<string, never>, part?: 'short') =>
  visibleFields(form, attributes, part).map((field) => field.key);

describe('a form', () => {
  it('asks what the answers so far call for', () => {
    expect(keys({}, 'short')).toEqual(['name', 'lit']);
    expect(keys({})).not.toContain('defect');
    expect(keys({ lit: false } as never)).toContain('defect');
    expect(keys({ lit: 'unsure' } as never)).toContain('defect');
    expect(keys({ materials: ['stone', 'wood'] } as never)).toContain('deep');
  });

  it.each([
    [{}, { key: 'name', fault: 'required' }],
    [{ name: '' }, { key: 'name', fault: 'required' }],
    [{ name: 3 }, { key: 'name', fault: 'wrong_type' }],
    [
      { name: 'x', lit: 'yes' },
      { key: 'lit', fault: 'wrong_type' },
    ],
    [
      { name: 'x', lit: false, defect: 'burnt' },
      { key: 'defect', fault: 'unknown_option' },
    ],
    [
      { name: 'x', height: 41 },
      { key: 'height', fault: 'too_large', bound: 40 },
    ],
    [
      { name: 'x', height: -1 },
      { key: 'height', fault: 'too_small', bound: 0 },
    ],
    [
      { name: 'x', height: 'environ 3' },
      { key: 'height', fault: 'not_a_number' },
    ],
    [
      { name: 'x', on: '2026-02-30' },
      { key: 'on', fault: 'invalid_date' },
    ],
    [
      { name: 'x', materials: 'stone' },
      { key: 'materials', fault: 'wrong_type' },
    ],
  ])('finds what is wrong in %j', (attributes, fault) => {
    expect(validateAttributes(form, attributes)).toEqual([fault]);
  });

  it('accepts "not sure" where it is offered, and answers that no question shows', () => {
    expect(validateAttributes(form, { name: 'x', lit: 'unsure' })).toEqual([]);
    expect(validateAttributes(form, { name: 'x', lit: true, defect: 'nonsense', old: 1 })).toEqual([]);
  });

  it('says answers in words', () => {
    const field = (key: string) =>
      visibleFields(form, { lit: false, materials: ['stone'] }).find((one) => one.key === key);
    expect(describeValue(field('lit'), true, 'fr', words)).toBe('oui');
    expect(describeValue(field('lit'), 'unsure', 'fr', words)).toBe('je ne sais pas');
    expect(describeValue(field('defect'), 'off', 'en', words)).toBe('Off');
    expect(describeValue(field('defect'), 'blinks', 'en', words)).toBe('Clignote');
    expect(describeValue(field('height'), 3.5, 'fr', words)).toBe('3,5\u00a0m');
    expect(describeValue(field('on'), '2026-05-02', 'fr', words)).toBe('2 mai 2026');
    expect(describeValue(field('materials'), ['stone'], 'fr', words)).toBe('Pierre');
    expect(describeValue(undefined, null, 'fr', words)).toBe('');
  });
});
