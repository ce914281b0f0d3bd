import type { Fault, Warning } from './faults.ts';
import { alike } from './identify.ts';
import type { ReadConcept } from './read-concept.ts';

type ById = ReadonlyMap<string, ReadConcept>;

/** Rings of concepts of which each stands above, or in the place of, the one before. */
export function ringFaults(concepts: readonly ReadConcept[]): Fault[] {
  const byId = new Map(concepts.map((one) => [one.id, one]));
  const told = (ring: readonly string[]) =>
    [...ring, ring[0] ?? ''].map((id) => nameOf(byId.get(id), id)).join(' > ');
  return [
    ...ringsOf(concepts, (one) => one.broader).map((ring): Fault => ({ code: 'cycle', detail: told(ring) })),
    ...ringsOf(concepts, (one) => one.replaced_by).map((ring): Fault => ({
      code: 'replacement_cycle',
      detail: told(ring),
    })),
  ];
}

function ringsOf(concepts: readonly ReadConcept[], next: (one: ReadConcept) => string | null): string[][] {
  const after = new Map(concepts.map((one) => [one.id, next(one)]));
  const done = new Set<string>();
  const rings: string[][] = [];
  for (const { id: start } of concepts) {
    const way = new Set<string>();
    let id: string | null | undefined = start;
    for (; id && !done.has(id) && !way.has(id); id = after.get(id)) way.add(id);
    if (id && way.has(id)) rings.push([...way].slice([...way].indexOf(id)));
    for (const one of way) done.add(one);
  }
  return rings;
}

/**
 * The same concepts without relations to what stands in the line above (SKOS S27): the hierarchy says it already, and the
 * database refuses them.
 */
export function withoutRelatedAbove(concepts: readonly ReadConcept[]): {
  concepts: ReadConcept[];
  warnings: Warning[];
} {
  const byId = new Map(concepts.map((one) => [one.id, one]));
  const warnings: Warning[] = [];
  const kept = concepts.map((one) => {
    const isInLine = (id: string) => isAbove(byId, id, one.id) || isAbove(byId, one.id, id);
    const related = one.related.filter((id) => !isInLine(id));
    for (const id of one.related.filter(isInLine))
      warnings.push({
        code: 'related_above',
        detail: `${nameOf(one, one.id)} : ${nameOf(byId.get(id), id)}`,
      });
    return related.length === one.related.length ? one : { ...one, related };
  });
  return { concepts: kept, warnings };
}

function isAbove(byId: ById, id: string, below: string): boolean {
  const seen = new Set<string>();
  let current = byId.get(below)?.broader ?? null;
  for (; current !== null && !seen.has(current); current = byId.get(current)?.broader ?? null) {
    if (current === id) return true;
    seen.add(current);
  }
  return false;
}

/** Labels that differ by case or accents alone, or not at all: of two terms, or the name and a synonym of one. */
export function alikeWarnings(concepts: readonly ReadConcept[]): Warning[] {
  const warnings: Warning[] = [];
  const names = new Map<string, { readonly id: string; readonly text: string }>();
  for (const { id, labels, alt, status } of concepts) {
    if (status === 'deprecated') continue;
    for (const [language, text] of Object.entries(labels)) {
      const key = `${language} ${alike(text)}`;
      const other = names.get(key);
      if (!other) names.set(key, { id, text });
      else
        warnings.push({
          code: 'labels_alike',
          detail: `${other.text} [${other.id}] / ${text} [${id}] (${language})`,
        });
      for (const synonym of alt[language] ?? [])
        if (alike(synonym) === alike(text))
          warnings.push({ code: 'labels_alike', detail: `${text} / ${synonym} [${id}] (${language})` });
    }
  }
  return warnings;
}

/** How a term is called in what is told of it. */
export function nameOf(
  concept: { readonly labels: Readonly<Record<string, string>> } | undefined,
  otherwise: string,
): string {
  return concept?.labels['fr'] ?? Object.values(concept?.labels ?? {})[0] ?? otherwise;
}
