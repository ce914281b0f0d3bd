import type { Concept, Labels, Words } from './vocabulary.ts';

/** A concept as a file says it: whole, but for its place among its siblings, of which most files say nothing. */
export interface ReadConcept extends Omit<Concept, 'position'> {
  /** Its address in the file. */
  readonly uri: string;
  readonly position: number | null;
  readonly scope_note: Labels;
  readonly change_note: Words;
}
