import type { Alignment } from './alignment.svelte.ts';
import type { Contributions } from './contributions.svelte.ts';
import type { Follows } from './follows.svelte.ts';
import type { ReportForm } from './report-form.svelte.ts';
import type { RoleNews } from './role-news.ts';
import type { TerritoryNames } from './territory-names.svelte.ts';
import type { ThemeRules } from './theme-rules.svelte.ts';
import type { VocabularyImport } from './vocabulary-import.svelte.ts';
import type { VocabularyDesk } from './vocabulary-desk.svelte.ts';
import type { VocabularyVersions } from './vocabulary-versions.svelte.ts';
import type { WorkingGroups } from './working-groups.svelte.ts';

/** What people are to each other: who reports, who moderates where, what became of what one gave. */
export interface People {
  readonly report: ReportForm;
  readonly groups: WorkingGroups;
  readonly rules: ThemeRules;
  /** Versions of a vocabulary, read when they are asked for. */
  readonly versionsOf: (scheme: string) => VocabularyVersions;
  /** Another vocabulary to be brought into one: what that takes is fetched when somebody does. */
  readonly importInto: (scheme: string) => Promise<VocabularyImport>;
  /** A vocabulary to be edited: what that takes is fetched when somebody does. */
  readonly vocabularyOf: (scheme: string) => Promise<VocabularyDesk>;
  /** The values of another database on their way to a vocabulary's concepts; fetched when first wanted. */
  readonly alignmentOf: (scheme: string) => Promise<Alignment>;
  readonly contributions: Contributions;
  readonly follows: Follows;
  readonly roleNews: RoleNews;
  readonly territories: TerritoryNames;
}
