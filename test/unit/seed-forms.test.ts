import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { allFields, visibleFields } from '../../src/domain/form/fields.ts';
import type { Json, JsonRecord } from '../../src/domain/json.ts';
import { type Field, type Form, formSchema } from '../../src/domain/theme.ts';
import { pictureOf } from '../../src/ui/pictures.ts';

const root = join(import.meta.dirname, '../..');
const shared = join(root, '../shared/data/schemas');

async function formOf(theme: string): Promise<Form> {
  const file = join(root, 'supabase/seed/themes', `${theme}.json`);
  return formSchema.parse((JSON.parse(await readFile(file, 'utf8')) as { form: unknown }).form);
}
const read = async <T>(file: string) => JSON.parse(await readFile(join(shared, file), 'utf8')) as T;
const codes = (field: Field | undefined) => (field?.options ?? []).map((option) => option.code).sort();

const accessibility = await formOf('accessibility');
const lighting = await formOf('lighting');
const heritage = await formOf('heritage');
const inForm = (form: Form, key: string) => allFields(form).find((field) => field.key === key);

/** What the point itself carries, or its concept (contract §5). */
const ELSEWHERE = ['id', 'longitude', 'latitude', 'commune', 'code_insee', 'activite'];

describe.skipIf(!existsSync(shared))(
  'the accessibility form against acceslibre 0.0.20 (needs ../shared)',
  async () => {
    if (!existsSync(shared)) return;
    interface SchemaField {
      name: string;
      type: string;
      constraints?: { enum?: string[] };
      arrayItem?: { enum?: string[] };
    }
    const schema = await read<{ version: string; fields: SchemaField[] }>('acceslibre/base.schema.json');
    const app = await read<Record<string, { children?: string[]; value_to_display_children?: string[] }>>(
      'acceslibre/app-champs-conditionnels.json',
    );
    const asked = schema.fields.filter((field) => !ELSEWHERE.includes(field.name));

    test('asks each of the 92 fields by its name, and two more', () => {
      expect(schema.version).toBe('0.0.20');
      expect(schema.fields).toHaveLength(92);
      const ours = allFields(accessibility).map((field) => field.key);
      expect(ours.toSorted()).toEqual(
        [...asked.map((field) => field.name), 'erp_categorie', 'erp_type'].sort(),
      );
    });

    test.each(asked.map((field) => [field.name, field] as const))(
      '%s has the kind and the values of the schema',
      (_, field) => {
        const ours = inForm(accessibility, field.name);
        const values = field.constraints?.enum ?? field.arrayItem?.enum;
        const kinds: Record<string, string[]> = {
          boolean: ['boolean'],
          integer: ['integer'],
          array: ['choices'],
          string: values ? ['choice'] : ['text', 'long_text'],
        };
        expect(kinds[field.type]).toContain(ours?.type);
        if (values) expect(codes(ours)).toEqual(values.toSorted());
        if (ours?.type === 'boolean' || ours?.type === 'choice') expect(ours.unsure).toBe(true);
      },
    );

    const parents = Object.entries(app).filter(
      ([key, { children }]) => children && inForm(accessibility, key),
    );
    test.each(parents)(
      '%s shows its followers as acceslibre does',
      (parent, { children = [], value_to_display_children }) => {
        const [wanted] = (value_to_display_children ?? []).map((text) => text === 'True');
        const shown = (value: Json) => {
          const answers: JsonRecord = { ...above(parent), [parent]: value };
          return visibleFields(accessibility, answers).map((field) => field.key);
        };
        const ours = children.filter((child) => inForm(accessibility, child));
        if (wanted === undefined) return;
        expect(shown(wanted)).toEqual(expect.arrayContaining(ours));
        for (const other of [!wanted, 'unsure', null]) {
          expect(shown(other).filter((key) => ours.includes(key))).toEqual([]);
        }
      },
    );

    /** The answers that make a question show. */
    function above(key: string): JsonRecord {
      const found = Object.entries(app).find(([, { children }]) => children?.includes(key));
      if (!found) return {};
      const [parent, { value_to_display_children: values = [] }] = found;
      return { ...above(parent), [parent]: values[0] === 'True' };
    }
  },
);

test('an accessibility survey walks from the street to the toilets', () => {
  const walk = ['outside', 'entrance', 'reception', 'toilets'];
  const sections = accessibility.sections.map((section) => section.id);
  expect(sections.filter((id) => walk.includes(id))).toEqual(walk);
});

describe.skipIf(!existsSync(shared))('the lighting form against EclExt 1.1 (needs ../shared)', async () => {
  if (!existsSync(shared)) return;
  interface Extract {
    classes: {
      PointLumineux: { obligatoires: string[]; optionnels: string[]; unites: Record<string, string> };
    };
    listes: Record<string, string[]>;
  }
  const { classes, listes } = await read<Extract>('eclext/eclext-v1.1-extrait-secondaire.json');
  const { obligatoires, optionnels, unites } = classes.PointLumineux;

  test.each([...obligatoires, ...optionnels])('%s is asked, with its codes and its unit', (name) => {
    const ours = inForm(lighting, name);
    expect(ours).toBeDefined();
    const known = listes[name];
    if (known) expect(codes(ours).filter((code) => code !== 'AU' && code !== 'XX')).toEqual(known.toSorted());
    const unit =
      { degrés: '°', '0-1': undefined }[unites[name] ?? ''] ??
      (unites[name] === '0-1' ? undefined : unites[name]);
    if (unit) expect(ours?.unit).toBe(unit);
  });
});

test('a volunteer is first asked what can be seen of a light', () => {
  const short = allFields(lighting).filter((field) => field.part === 'short');
  expect(short.map((field) => field.key)).toEqual([
    'support',
    'structure',
    'lit_now',
    'defect',
    'colour_impression',
    'hauteurFeu',
    'ref',
  ]);
  expect(inForm(lighting, 'lanterns')?.type).toBe('group');
});

test('the oral memory of a place says who told it and when', () => {
  const keys = allFields(heritage).map((field) => field.key);
  expect(keys.slice(keys.indexOf('oral_memory')).slice(0, 3)).toEqual([
    'oral_memory',
    'oral_memory_from',
    'oral_memory_on',
  ]);
});

test('every drawing that a form names is there, and no question draws only some of its answers', () => {
  for (const form of [accessibility, lighting, heritage]) {
    for (const field of allFields(form)) {
      const offered = (field.options ?? []).filter((option) => option.offered !== false);
      const drawn = offered.filter((option) => option.picture);
      expect(drawn.filter((option) => !pictureOf(option.picture))).toEqual([]);
      expect([0, offered.length]).toContain(drawn.length);
    }
  }
});

test('a drawing is a file of ours, courses of the stack, or an SVG that the form carries', () => {
  expect(pictureOf('stack-3')).toEqual({ courses: 3 });
  expect(pictureOf('lantern')).toMatchObject({
    source: expect.stringContaining('data:image/svg+xml,') as string,
  });
  expect(pictureOf('data:image/svg+xml,%3Csvg/%3E')).toEqual({ source: 'data:image/svg+xml,%3Csvg/%3E' });
  expect(pictureOf('data:image/svg+xml,"), url("https://elsewhere.test')).toBeNull();
  expect(pictureOf('https://elsewhere.test/x.svg')).toBeNull();
  expect(pictureOf('unheard-of')).toBeNull();
});
