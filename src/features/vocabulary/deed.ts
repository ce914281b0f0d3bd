/** What somebody set out to do: the dialog that is open. */
export interface Deed {
  readonly kind: 'create' | 'synonym' | 'move' | 'merge' | 'split' | 'deprecate' | 'restore';
  /** The term it is about; null for a new one at the top. */
  readonly term: string | null;
  /** Where it was let go, when it was dragged: null is the top. */
  readonly under?: string | null;
}
