import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { checkDraft, completeDraft } from '../../src/domain/commands/complete-draft.ts';
import { newDraft } from '../../src/domain/draft.ts';
import type { KnowsTerm } from '../../src/domain/form/answer.ts';
import type { JsonRecord } from '../../src/domain/json.ts';
import { jsonText } from '../../src/domain/json.ts';
import { type Form, type Theme, themeSchema } from '../../src/domain/theme.ts';
import { aForm, answersTo, KNOWN_TERMS, laterVersionOf } from '../support/form-arbitraries.ts';
import { openEmbedded, openReal, type PgtapDatabase } from '../support/pgtap.ts';
import { findPostgres } from '../support/postgres.ts';

/** A server that says of a contribution whether it would take it, and keeps nothing. */
const SERVER = `
  create function pg_temp.verdict(theme text, rev int, patch jsonb) returns text language plpgsql as $$
  declare said text;
  begin
    begin
      perform private.push_create(null, jsonb_build_object('point_id', gen_random_uuid(), 'mutation_id', gen_random_uuid(),
        'theme', theme, 'form_rev', rev, 'captured_at', '2026-05-02T10:00:00Z', 'patch', patch));
      raise exception 'taken' using errcode = 'ZZ001';
    exception when sqlstate 'ZZ001' or sqlstate 'CR001' then
      get stacked diagnostics said = message_text;
    end;
    return said;
  end $$;
  insert into app.themes (id, labels, group_id, scheme) values ('proof', '{"fr": "x"}', 'heritage', 'petit-patrimoine');`;
const knowsTerm: KnowsTerm = (_scheme, concept) => KNOWN_TERMS.includes(concept);
const kinds = [
  { kind: 'PGlite', open: openEmbedded, runs: 150 },
  ...((await findPostgres()) === undefined ? [] : [{ kind: 'PostgreSQL', open: openReal, runs: 100 }]),
];
const quoted = (value: unknown) => `'${jsonText(value).replaceAll("'", "''")}'::jsonb`;

const themeOf = (form: Form): Theme =>
  themeSchema.parse({ id: 'proof', labels: { fr: 'x' }, form, form_rev: form.rev, settings: {} });

function captureOf(theme: Theme, attributes: JsonRecord) {
  const origin = { pointId: '018f0000-0000-7000-8000-000000000001', userId: 'u', theme: 'proof' };
  const geom = { lon: 2.1, lat: 43.6, source: 'gps' } as const;
  return { ...newDraft({ ...origin, formRev: theme.form_rev }, new Date(0)), geom, attributes };
}

/** What the app says of the answers, and the patch that it would send whatever it says. */
function appVerdict(theme: Theme, attributes: JsonRecord): { problems: unknown[]; patch: JsonRecord } {
  const draft = captureOf(theme, attributes);
  const mutation = completeDraft(draft, theme);
  if (mutation?.kind !== 'create') throw new Error('a capture makes a create');
  return { problems: checkDraft(draft, theme, knowsTerm), patch: mutation.patch };
}

describe.each(kinds)('the rules of a form in the app and on $kind', ({ open, runs }) => {
  let database: PgtapDatabase;
  const publish = (form: Form) =>
    `insert into app.forms (theme, rev, form) values ('proof', ${form.rev}, ${quoted(form)});
     update app.themes set form_rev = ${form.rev} where id = 'proof';`;
  const ask = (rev: number, patch: JsonRecord) =>
    `select pg_temp.verdict('proof', ${rev}, ${quoted(patch)});`;
  const forget = `delete from app.forms where theme = 'proof';`;

  beforeAll(async () => {
    database = await open();
    await database.run(SERVER);
  }, 180_000);
  afterAll(() => database.close());

  test('are the same, whatever the form and the answers', async () => {
    const cases = aForm.chain((form) =>
      fc.tuple(fc.constant(form), fc.array(answersTo(form), { minLength: 8, maxLength: 8 })),
    );
    const seen = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async ([form, many]) => {
        const theme = themeOf(form);
        const verdicts = many.map((attributes) => appVerdict(theme, attributes));
        const said = await database.run(
          [forget, publish(form), ...verdicts.map(({ patch }) => ask(1, patch))].join('\n'),
        );
        verdicts.forEach(({ problems, patch }, index) => {
          const expected = problems.length === 0 ? 'taken' : 'invalid_attributes';
          seen[problems.length === 0 ? 'taken' : 'refused']++;
          expect(said[index], JSON.stringify({ patch, problems })).toBe(expected);
        });
      }),
      { numRuns: runs },
    );
    // A generator that only makes nonsense would prove nothing.
    expect(Math.min(seen.taken, seen.refused) / (runs * 8)).toBeGreaterThan(0.1);
  }, 180_000);

  test('take what any past version took, when the form has changed meanwhile', async () => {
    const cases = aForm.chain((old) =>
      fc.tuple(fc.constant(old), laterVersionOf(old), fc.array(answersTo(old), { minLength: 6 })),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([old, next, many]) => {
        const theme = themeOf(old);
        const patches = many
          .map((attributes) => appVerdict(theme, attributes))
          .filter(({ problems }) => problems.length === 0)
          .map(({ patch }) => patch);
        const said = await database.run(
          [forget, publish(old), publish(next), ...patches.map((patch) => ask(1, patch))].join('\n'),
        );
        patches.forEach((patch, index) => expect(said[index], JSON.stringify(patch)).toBe('taken'));
      }),
      { numRuns: Math.ceil(runs / 5) },
    );
  }, 180_000);
});
