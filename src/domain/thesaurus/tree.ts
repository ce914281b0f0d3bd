import type { Concept } from '../concept.ts';

/** Concepts by id. */
export type Thesaurus = ReadonlyMap<string, Concept>;

/** Gathers concepts by id. */
export function thesaurusOf(concepts: Iterable<Concept>): Thesaurus {
  return new Map([...concepts].map((concept) => [concept.id, concept]));
}

/** Ids above a concept, nearest first. A cycle, which the server refuses, ends the walk. */
export function ancestors(thesaurus: Thesaurus, id: string): string[] {
  const found: string[] = [];
  let current = thesaurus.get(id)?.broader ?? null;
  while (current && current !== id && !found.includes(current)) {
    found.push(current);
    current = thesaurus.get(current)?.broader ?? null;
  }
  return found;
}

const CHILDREN = new WeakMap<Thesaurus, ReadonlyMap<string | null, readonly Concept[]>>();

/** Concepts by the one above: gathered once for each thesaurus, since lists ask it of every row. */
function childrenOf(thesaurus: Thesaurus): ReadonlyMap<string | null, readonly Concept[]> {
  const known = CHILDREN.get(thesaurus);
  if (known) return known;
  const children = new Map<string | null, Concept[]>();
  for (const concept of thesaurus.values()) {
    const siblings = children.get(concept.broader);
    if (siblings) siblings.push(concept);
    else children.set(concept.broader, [concept]);
  }
  CHILDREN.set(thesaurus, children);
  return children;
}

/** The accepted concepts directly below one; of a whole scheme's top with null. */
export function narrower(thesaurus: Thesaurus, id: string | null, scheme?: string): Concept[] {
  return (childrenOf(thesaurus).get(id) ?? []).filter(
    (concept) => concept.status === 'accepted' && (scheme === undefined || concept.scheme === scheme),
  );
}

/** A concept and all those below it: what a search by concept covers. */
export function withNarrower(thesaurus: Thesaurus, id: string): Set<string> {
  const found = new Set([id]);
  const queue = [id];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const child of childrenOf(thesaurus).get(next) ?? []) {
      if (found.has(child.id)) continue;
      found.add(child.id);
      queue.push(child.id);
    }
  }
  return found;
}

/** The concept in use for an id: a deprecated one leads to its replacement. */
export function currentConcept(thesaurus: Thesaurus, id: string): Concept | undefined {
  const seen = new Set<string>();
  let concept = thesaurus.get(id);
  while (concept?.replaced_by && !seen.has(concept.id)) {
    seen.add(concept.id);
    concept = thesaurus.get(concept.replaced_by) ?? concept;
  }
  return concept;
}

const FLAT = new WeakMap<Thesaurus, Map<string, boolean>>();

/** Whether nothing in a scheme stands above anything: told once for each thesaurus. */
function isFlat(thesaurus: Thesaurus, scheme: string): boolean {
  const known = FLAT.get(thesaurus) ?? new Map<string, boolean>();
  FLAT.set(thesaurus, known);
  let flat = known.get(scheme);
  if (flat === undefined) {
    flat = [...thesaurus.values()].every((concept) => concept.scheme !== scheme || concept.broader === null);
    known.set(scheme, flat);
  }
  return flat;
}

/**
 * Whether two different concepts may name the same thing: one above the other, both below the same, or both of
 * one scheme that has no tree: there all are siblings. The tops of a tree are its domains, and are not.
 */
export function isSibling(thesaurus: Thesaurus, a: string, b: string): boolean {
  const [one, other] = [thesaurus.get(a), thesaurus.get(b)];
  if (!one || !other) return one?.broader === b || other?.broader === a;
  if (one.broader === b || other.broader === a) return true;
  if (one.broader !== null || other.broader !== null) return one.broader === other.broader;
  return one.scheme === other.scheme && isFlat(thesaurus, one.scheme);
}
