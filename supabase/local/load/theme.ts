import type { Database } from '../database.ts';
import { UsageError } from '../usage-error.ts';
import type { NamedConcept } from './concept-column.ts';

/** What loading a file needs to know of its theme. */
export interface LoadTheme {
  formKeys: Set<string>;
  concepts: NamedConcept[];
  /** Under which a thing goes whose concept isn't known. */
  holdingConcept: string | undefined;
}

interface ThemeRow extends Record<string, unknown> {
  scheme: string | null;
  keys: string[] | null;
  holding_concept: string | null;
}

/** Reads a theme by its id; rejects with the list of those that exist. */
export async function readTheme(database: Database, id: string): Promise<LoadTheme> {
  const [theme] = await database.query<ThemeRow>(
    `select t.scheme, t.settings ->> 'holding_concept' as holding_concept, (
       select array_agg(distinct field ->> 'key') from app.forms as f
       cross join jsonb_path_query(f.form, '$.sections[*].fields[*]') as field
       where f.theme = t.id) as keys
     from app.themes as t where t.id = $1`,
    [id],
  );
  if (!theme) {
    const themes = await database.query<{ id: string }>('select id from app.themes order by position');
    throw new UsageError(
      'unknown_theme',
      `La thématique ${id} n'existe pas. Celles-ci existent : ${themes.map((row) => row.id).join(', ')}.`,
    );
  }
  const concepts = await database.query<{ id: string; names: string[] }>(
    `select c.id, array(
       select l.value #>> '{}' from jsonb_each(c.labels) as l
       union select a #>> '{}' from jsonb_path_query(c.alt, '$.*[*]') as a
       union select c.notation where c.notation is not null) as names
     from app.concepts as c where c.scheme = $1 and c.status = 'accepted'`,
    [theme.scheme],
  );
  return {
    formKeys: new Set(theme.keys ?? []),
    concepts: concepts.map(({ id: concept, names }) => ({ id: concept, names })),
    holdingConcept: theme.holding_concept ?? undefined,
  };
}
