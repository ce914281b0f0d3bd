export type Labels = Readonly<Record<string, string>>;
export type Words = Readonly<Record<string, readonly string[]>>;

/** Languages that a vocabulary is written in. */
export const LANGUAGES = ['fr', 'oc', 'ca', 'en'] as const;

/** How far a term of another vocabulary means the same; `unverified`: somebody has still to look. */
export const MATCH_KINDS = ['exact', 'close', 'broad', 'unverified'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];
/** The same in SKOS. `mappingRelation` is what all of them are: it says that there is one, and not how close. */
export const MATCH_PROPERTIES: Readonly<Record<MatchKind, string>> = {
  exact: 'exactMatch',
  close: 'closeMatch',
  broad: 'broadMatch',
  unverified: 'mappingRelation',
};

/** A concept as `thesaurus` answers it (contract §5). */
export interface Concept {
  readonly id: string;
  readonly scheme: string;
  readonly labels: Labels;
  readonly alt: Words;
  readonly hidden: Words;
  readonly definition: Labels;
  /** How the term is to be used; absent from versions that were published before it was there. */
  readonly scope_note?: Labels | undefined;
  readonly example: Labels;
  /** What was changed of the term, and why; absent as above. */
  readonly change_note?: Words | undefined;
  readonly broader: string | null;
  readonly related: readonly string[];
  readonly matches: Readonly<Partial<Record<MatchKind, readonly string[]>>>;
  readonly notation: string | null;
  /** Languages whose label no source has validated. */
  readonly unverified: readonly string[];
  readonly status: 'accepted' | 'deprecated';
  readonly replaced_by: string | null;
  readonly position: number;
  /** A published photo of such a thing, as long as it is public. */
  readonly picture?: {
    readonly url: string;
    readonly caption: string | null;
    readonly licence: string;
    readonly author?: string;
  };
}

export interface Scheme {
  readonly id: string;
  readonly labels: Labels;
  readonly licence: string | null;
  readonly source: string | null;
}

/** A version that was published: its number, and when. */
export interface Version {
  readonly number: number;
  /** ISO 8601. */
  readonly released_at: string;
}

/** A vocabulary, or a part of one. */
export interface Vocabulary {
  readonly scheme: Scheme;
  /** Absent: as it is now. */
  readonly version?: Version | undefined;
  readonly concepts: readonly Concept[];
}
