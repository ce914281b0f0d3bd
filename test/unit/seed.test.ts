import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildReference, referenceFile } from '../../supabase/seed/build.ts';

const seedFolder = join(import.meta.dirname, '../../supabase/seed');

interface Condition {
  key?: string;
  all?: Condition[];
  any?: Condition[];
}
interface Field {
  key: string;
  part: string;
  labels: Record<string, string>;
  help?: Record<string, string>;
  options?: { code: string; labels: Record<string, string> }[];
  visible_if?: Condition;
}
interface ThemeSeed {
  id: string;
  scheme: string;
  labels: Record<string, string>;
  settings: { holding_concept: string };
  form: { sections: { labels: Record<string, string>; fields: Field[] }[] };
}
interface SchemeSeed {
  id: string;
  concepts: {
    definition?: Record<string, string>;
    example?: Record<string, string>;
    id: string;
    broader: string | null;
    labels: Record<string, string>;
    unverified?: string[];
  }[];
}

const themes = await readAll<ThemeSeed>('themes');
const schemes = await readAll<SchemeSeed>('thesaurus');
const fieldsOf = (theme: ThemeSeed) => theme.form.sections.flatMap((section) => section.fields);

test('reference.sql is what the JSON files say', async () => {
  expect(await readFile(referenceFile, 'utf8')).toBe(await buildReference());
});

describe.each(themes)('form of $id', (theme) => {
  const fields = fieldsOf(theme);

  test('has no key twice and asks at most seven questions at first', () => {
    const keys = fields.map((field) => field.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(fields.filter((field) => field.part === 'short').length).toBeLessThanOrEqual(7);
  });

  test('conditions speak of questions of the form', () => {
    const keys = new Set(fields.map((field) => field.key));
    const named = fields.flatMap((field) => keysOf(field.visible_if));
    expect(named.filter((key) => !keys.has(key))).toEqual([]);
  });

  test('is in French and English throughout', () => {
    const texts = [
      theme.labels,
      ...theme.form.sections.map((section) => section.labels),
      ...fields.flatMap((field) => [
        field.labels,
        ...(field.help ? [field.help] : []),
        ...(field.options ?? []).map((option) => option.labels),
      ]),
    ];
    expect(texts.filter((text) => !text['fr'] || !text['en'])).toEqual([]);
  });

  test('names a scheme of the seed and a concept of it for what waits for a name', () => {
    const scheme = schemes.find((candidate) => candidate.id === theme.scheme);
    expect(scheme?.concepts.map((concept) => concept.id)).toContain(theme.settings.holding_concept);
  });
});

test('concept ids are unique over all schemes: a point stores the id alone', () => {
  const ids = schemes.flatMap((scheme) => scheme.concepts.map((concept) => concept.id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z0-9][a-z0-9-]{0,80}$/.test(id))).toEqual([]);
});

test('every term is in French and English, and what it means with it', () => {
  const concepts = schemes.flatMap((scheme) => scheme.concepts);
  const isBoth = (text: Record<string, string>) => Boolean(text['fr'] && text['en']);
  expect(concepts.filter(({ labels }) => !isBoth(labels))).toEqual([]);
  expect(concepts.filter(({ definition }) => definition && !isBoth(definition))).toEqual([]);
  expect(concepts.filter(({ example }) => example && !isBoth(example))).toEqual([]);
});

test('a broader concept belongs to the same scheme', () => {
  for (const scheme of schemes) {
    const ids = new Set(scheme.concepts.map((concept) => concept.id));
    expect(
      scheme.concepts.filter((concept) => concept.broader !== null && !ids.has(concept.broader)),
    ).toEqual([]);
  }
});

test('labels that no source has validated keep their flag', () => {
  const heritage = schemes.find((scheme) => scheme.id === 'petit-patrimoine');
  const flagged = (language: string) =>
    (heritage?.concepts ?? []).filter((concept) => concept.unverified?.includes(language)).length;
  expect(heritage?.concepts.length).toBe(145);
  expect(flagged('oc')).toBe(136);
  expect(flagged('ca')).toBe(32);
  expect(heritage?.concepts.find((concept) => concept.id === 'capitelle')?.unverified).toBeUndefined();
});

function keysOf(condition: Condition | undefined): string[] {
  if (!condition) return [];
  return [
    ...(condition.key === undefined ? [] : [condition.key]),
    ...[...(condition.all ?? []), ...(condition.any ?? [])].flatMap((part) => keysOf(part)),
  ];
}

async function readAll<T>(subfolder: string): Promise<T[]> {
  const files = await readdir(join(seedFolder, subfolder));
  return Promise.all(
    files
      .filter((file) => file.endsWith('.json'))
      .map(async (file) => JSON.parse(await readFile(join(seedFolder, subfolder, file), 'utf8')) as T),
  );
}
