import { fold } from '../../../src/domain/thesaurus/fold.ts';
import type { FileFeature } from './features.ts';
import { textOf } from './rows.ts';

/** A concept of the theme's scheme with all the names it goes by. */
export interface NamedConcept {
  id: string;
  names: string[];
}

/** Column whose values name concepts, with the concept of each value that does. */
export interface ConceptColumn {
  column: string;
  conceptOf: Map<string, string>;
  /** Objects whose value names a concept. */
  recognised: number;
}

/** Share of the objects whose value must name a concept for a column to be taken as theirs. */
const enough = 0.5;

/** Finds the column that says what each thing is, or reads the one that is given. */
export function findConceptColumn(
  features: readonly FileFeature[],
  concepts: readonly NamedConcept[],
  given: string | undefined,
): ConceptColumn | undefined {
  const byName = new Map<string, string>();
  for (const concept of concepts)
    for (const name of [concept.id, ...concept.names]) byName.set(fold(name), concept.id);
  const columns = given === undefined ? columnsOf(features) : [given];
  const candidates = columns.map((column) => readColumn(features, column, byName));
  const best = candidates.toSorted((a, b) => b.recognised - a.recognised)[0];
  return best && (given !== undefined || best.recognised >= features.length * enough) ? best : undefined;
}

function columnsOf(features: readonly FileFeature[]): string[] {
  return Object.keys(features[0]?.properties ?? {});
}

function readColumn(
  features: readonly FileFeature[],
  column: string,
  byName: ReadonlyMap<string, string>,
): ConceptColumn {
  const conceptOf = new Map<string, string>();
  let recognised = 0;
  for (const { properties } of features) {
    const value = textOf(properties[column]);
    const concept = value === undefined ? undefined : byName.get(fold(value));
    if (value === undefined || concept === undefined) continue;
    conceptOf.set(value, concept);
    recognised += 1;
  }
  return { column, conceptOf, recognised };
}
