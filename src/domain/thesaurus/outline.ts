import type { Language } from '../language.ts';
import type { DeskConcept, DeskTerms } from './desk-concept.ts';
import { fold } from './fold.ts';
import { conceptLabel } from './label.ts';

/** The terms of a vocabulary as a tree to be drawn: children of each, in the order of the alphabet. */
export interface Outline {
  readonly labels: ReadonlyMap<string, string>;
  /** By the term above; null for the top. */
  readonly children: ReadonlyMap<string | null, readonly string[]>;
  readonly parents: ReadonlyMap<string, string | null>;
}

/** One line of the tree as it is open now; `level`, `place` and `size` as ARIA counts them, from 1. */
export interface OutlineRow {
  readonly id: string;
  readonly level: number;
  readonly place: number;
  readonly size: number;
  readonly below: 'none' | 'closed' | 'open';
}

/** Makes the tree. A term whose broader one is not shown stands at the top: nothing is lost from sight. */
export function outlineOf(terms: DeskTerms, language: Language, withDeprecated: boolean): Outline {
  const isShown = (concept: DeskConcept | undefined) =>
    concept !== undefined && (withDeprecated || concept.status === 'accepted');
  const labels = new Map<string, string>();
  const parents = new Map<string, string | null>();
  const children = new Map<string | null, string[]>();
  for (const concept of terms.values()) {
    if (!isShown(concept)) continue;
    labels.set(concept.id, conceptLabel(concept, language));
    const above = concept.broader !== null && isShown(terms.get(concept.broader)) ? concept.broader : null;
    parents.set(concept.id, above);
    const siblings = children.get(above);
    if (siblings) siblings.push(concept.id);
    else children.set(above, [concept.id]);
  }
  const { compare } = new Intl.Collator(language);
  for (const siblings of children.values()) {
    siblings.sort((a, b) => compare(labels.get(a) ?? a, labels.get(b) ?? b));
  }
  return { labels, children, parents };
}

/** The lines that show while these terms are open, from the top. */
export function outlineRows({ children }: Outline, open: ReadonlySet<string>): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const walk = (above: string | null, level: number) => {
    const siblings = children.get(above) ?? [];
    for (const [at, id] of siblings.entries()) {
      const below = !children.has(id) ? 'none' : open.has(id) ? 'open' : 'closed';
      rows.push({ id, level, place: at + 1, size: siblings.length, below });
      if (below === 'open') walk(id, level + 1);
    }
  };
  walk(null, 1);
  return rows;
}

/** Ids above a term in the tree, nearest first. */
export function above({ parents }: Outline, id: string): string[] {
  const found: string[] = [];
  for (let next = parents.get(id); next != null; next = parents.get(next)) found.push(next);
  return found;
}

/** Every term that has others below it. */
export function branches({ children }: Outline): string[] {
  return [...children.keys()].filter((id) => id !== null);
}

/** What a key does in the tree: goes to a line, opens it or closes it. */
export interface TreeStep {
  readonly go?: string;
  readonly open?: string;
  readonly close?: string;
}

/** Lines that "page up" and "page down" pass over. */
const PAGE = 10;

/** What a key of the ARIA tree pattern does from a line; null where it does nothing. */
export function treeStep(rows: readonly OutlineRow[], current: string | null, key: string): TreeStep | null {
  const at = rows.findIndex(({ id }) => id === current);
  const go = (place: number): TreeStep | null => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, place))];
    return row ? { go: row.id } : null;
  };
  const row = rows[at];
  if (!row)
    return ['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(key) ? go(key === 'End' ? rows.length : 0) : null;
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length);
    case 'PageDown':
      return go(at + PAGE);
    case 'PageUp':
      return go(at - PAGE);
    case 'ArrowRight':
      if (row.below === 'none') return null;
      return row.below === 'closed' ? { open: row.id } : go(at + 1);
    case 'ArrowLeft': {
      if (row.below === 'open') return { close: row.id };
      const parent = rows.slice(0, at).findLast(({ level }) => level < row.level);
      return parent ? { go: parent.id } : null;
    }
    default:
      return null;
  }
}

/** The next line whose label begins with what was typed, from the current one and round; null when none does. */
export function typeAhead(
  outline: Outline,
  rows: readonly OutlineRow[],
  current: string | null,
  typed: string,
): string | null {
  const begin = fold(typed);
  if (!begin) return null;
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === current),
  );
  // One letter goes on to the next; more are the same word being typed.
  const from = begin.length === 1 ? at + 1 : at;
  const order = [...rows.slice(from), ...rows.slice(0, from)];
  return order.find(({ id }) => fold(outline.labels.get(id) ?? '').startsWith(begin))?.id ?? null;
}
