import * as fc from 'fast-check';

import type { Json, JsonRecord } from '../../src/domain/json.ts';
import { type Field, type Form, formSchema } from '../../src/domain/theme.ts';

const KEYS = ['k0', 'k1', 'k2', 'k3', 'k4', 'k5'];
/** Keys of groups: no condition speaks of a group as a whole. */
const GROUP_KEYS = ['g0', 'g1'];
const INNER_KEYS = ['i0', 'i1', 'i2'];
const CODES = ['a', 'b', 'c'];
const LEAVES = [
  'text',
  'long_text',
  'integer',
  'decimal',
  'boolean',
  'choice',
  'choices',
  'date',
  'concept',
] as const;

/** Terms of the scheme `petit-patrimoine` that the seed brings, and some that it does not. */
export const KNOWN_TERMS = ['lavoir', 'croix', 'fontaine'];
const TERMS = [...KNOWN_TERMS, 'licorne', 'applique'];

const bound = fc.option(fc.integer({ min: -3, max: 8 }), { nil: undefined });
const compared: fc.Arbitrary<Json> = fc.constantFrom<Json>(true, false, 'a', 'b', 'unsure', 2, null, null);

const condition = (keys: readonly string[]) =>
  fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      fc.record({ key: fc.constantFrom(...keys), is: compared }),
      fc.record({ key: fc.constantFrom(...keys), in: fc.array(compared, { maxLength: 3 }) }),
      fc.record({ all: fc.array(tie('any'), { maxLength: 2 }) }),
      fc.record({ any: fc.array(tie('any'), { maxLength: 2 }) }),
    ),
  })).any;

const leaf = (keys: readonly string[]) =>
  fc.record(
    {
      type: fc.constantFrom(...LEAVES),
      part: fc.constantFrom('short', 'full'),
      labels: fc.constant({ fr: 'x' }),
      min: bound,
      max: bound.map((max) => (max === undefined ? max : Math.abs(max) + 1)),
      digits: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      unsure: fc.option(fc.boolean(), { nil: undefined }),
      required: fc.option(fc.boolean(), { nil: undefined, freq: 2 }),
      scheme: fc.constant('petit-patrimoine'),
      options: fc.option(
        fc.subarray(CODES).map((codes) => codes.map((code) => ({ code, labels: { fr: code } }))),
        { nil: undefined },
      ),
      visible_if: fc.option(condition(keys), { nil: undefined, freq: 2 }),
    },
    { noNullPrototype: true },
  );

const group = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...INNER_KEYS), { minLength: 1 }),
    fc.array(leaf([...INNER_KEYS, ...KEYS]), { minLength: 3, maxLength: 3 }),
    fc.option(fc.boolean(), { nil: undefined, freq: 2 }),
    fc.option(condition(KEYS), { nil: undefined, freq: 2 }),
  )
  .map(([keys, fields, required, visibleIf]) => ({
    type: 'group',
    part: 'full',
    labels: { fr: 'x' },
    required,
    visible_if: visibleIf,
    fields: keys.map((key, index) => ({ key, ...fields[index] })),
  }));

/** Any form: all kinds of questions, nested conditions, groups. Passed through JSON, as the wire does. */
export const aForm: fc.Arbitrary<Form> = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1 }),
    fc.array(leaf(KEYS), { minLength: KEYS.length, maxLength: KEYS.length }),
    fc.subarray(GROUP_KEYS),
    fc.array(group, { minLength: GROUP_KEYS.length, maxLength: GROUP_KEYS.length }),
  )
  .map(([keys, leaves, groupKeys, groups]) => {
    const asked = keys.map((key, index) => ({ key, ...leaves[index] }));
    const repeated = groupKeys.map((key, index) => ({ key, ...groups[index] }));
    const section = (id: string, fields: object[]) => ({ id, labels: { fr: id }, fields });
    const form = { rev: 1, sections: [section('one', asked), section('two', repeated)] };
    return formSchema.parse(JSON.parse(JSON.stringify(form)));
  });

/** What a later version may do to a question: drop it, ask it of everybody, offer fewer answers, tighten its bounds. */
const change = fc.record({
  isDropped: fc.boolean(),
  required: fc.boolean(),
  codes: fc.subarray(CODES, { minLength: 1 }),
  max: bound,
  digits: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
});

/** A later version of a form: the same keys of the same kinds, fewer of them, stricter. */
export function laterVersionOf(form: Form): fc.Arbitrary<Form> {
  const stricter = <T extends Field>(
    field: T,
    to: { required: boolean; codes: string[]; max?: number | undefined; digits?: number | undefined },
  ) => ({
    ...field,
    required: to.required,
    unsure: false,
    max: to.max,
    digits: to.digits,
    ...(field.options ? { options: to.codes.map((code) => ({ code, labels: { fr: code } })) } : {}),
  });
  return fc.array(change, { minLength: 20, maxLength: 20 }).map((changes) => {
    let turn = 0;
    const next = () =>
      changes[turn++ % changes.length] ?? { isDropped: false, required: false, codes: CODES };
    const revise = (field: Field): Field[] => {
      const to = next();
      if (to.isDropped) return [];
      const fields = field.fields?.flatMap((one) => revise(one));
      return [{ ...stricter(field, to), ...(fields ? { fields } : {}) }];
    };
    const sections = form.sections.map((section) => ({ ...section, fields: section.fields.flatMap(revise) }));
    return formSchema.parse(JSON.parse(JSON.stringify({ rev: form.rev + 1, sections })));
  });
}

const wild: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    '',
    '  ',
    '\t\n',
    '\u00a0',
    [],
    {},
    'unsure',
    true,
    false,
    0,
    -0,
    1e15,
    2e15,
    1e300,
  ),
  fc.constantFrom<Json>(
    ['a', 'a'],
    ['a', 3],
    [['a']],
    [{}],
    [[]],
    'é🙂é🙂é🙂',
    'a'.repeat(201),
    'a'.repeat(501),
  ),
  fc.constantFrom<Json>(
    '2026-02-28',
    '2026-02-30',
    '0000-01-01',
    '0001-01-01',
    '2024-02-29',
    '2023-02-29',
    '12/03/2026',
  ),
  fc.string({ maxLength: 9 }).filter((text) => !/[\0\p{Surrogate}]/u.test(text)),
  fc.integer({ min: -6, max: 12 }),
  fc.integer({ min: -60, max: 120 }).map((tenths) => tenths / 10),
);

function answerTo(field: Pick<Field, 'type'>): fc.Arbitrary<Json> {
  switch (field.type) {
    case 'boolean':
      return fc.constantFrom<Json>(true, false, 'unsure');
    case 'integer':
      return fc.integer({ min: -4, max: 9 });
    case 'decimal':
      return fc.integer({ min: -40, max: 90 }).map((tenths) => tenths / 10);
    case 'choice':
      return fc.constantFrom<Json>(...CODES, 'unsure');
    case 'choices':
      return fc.array(fc.constantFrom(...CODES), { maxLength: 4 });
    case 'date':
      return fc.constantFrom('2026-02-28', '1999-12-31', '2026-13-01');
    case 'concept':
      return fc.constantFrom(...TERMS);
    default:
      return fc.constantFrom<Json>(
        'mot',
        'é🙂',
        'un texte plus long',
        '',
        ' \n',
        '123',
        '12345',
        '12\n',
        '١٢٣',
      );
  }
}

const mostly = (field: Field): fc.Arbitrary<Json | undefined> =>
  fc.oneof(
    { weight: 6, arbitrary: field.type === 'group' ? items(field) : answerTo(field) },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: wild },
  );

function items(field: Field): fc.Arbitrary<Json> {
  const item = record(field.fields ?? []);
  return fc.oneof({ weight: 4, arbitrary: fc.array(item, { maxLength: 3 }) }, { weight: 1, arbitrary: item });
}

function record(fields: readonly Field[]): fc.Arbitrary<JsonRecord> {
  const entries = fields.map((field) => mostly(field).map((value) => [field.key, value] as const));
  return fc
    .tuple(...entries)
    .map((given) => JSON.parse(JSON.stringify(Object.fromEntries(given))) as JsonRecord);
}

/** Answers to a form: mostly of the right kind, some missing, some of any kind. */
export function answersTo(form: Form): fc.Arbitrary<JsonRecord> {
  return record(form.sections.flatMap((section) => section.fields));
}
