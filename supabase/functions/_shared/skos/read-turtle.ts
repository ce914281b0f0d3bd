import { Parser, type Quad } from 'n3';

import type { Fault, Warning } from './faults.ts';

/** What a file says, before it is taken for a vocabulary. Quads of a file with faults are not to be used. */
export interface ReadQuads {
  readonly quads: readonly Quad[];
  readonly faults: readonly Fault[];
  readonly warnings?: readonly Warning[] | undefined;
  /** Line of the file at which a term stands, by its address, where it is known. */
  readonly lines?: ReadonlyMap<string, number> | undefined;
}

/** Reads Turtle (and N-Triples); `base` is the address that it was fetched at. Never throws. */
export function readTurtle(text: string, base?: string): ReadQuads {
  try {
    const parser = new Parser({ format: 'text/turtle', ...(base ? { baseIRI: base } : {}) });
    return { quads: parser.parse(text), faults: [] };
  } catch (cause) {
    return { quads: [], faults: [{ code: 'broken_syntax', line: lineOf(cause), detail: wordsOf(cause) }] };
  }
}

/** n3 tells the line in `context`. */
function lineOf(cause: unknown): number | undefined {
  const line = (cause as { context?: { line?: unknown } } | null)?.context?.line;
  return typeof line === 'number' ? line : undefined;
}

/** What a parser says of an error, without the place, which is told apart. */
export function wordsOf(cause: unknown): string {
  const words = cause instanceof Error ? cause.message : String(cause);
  return words.replace(/ on line \d+\.?$/, '').slice(0, 300);
}
