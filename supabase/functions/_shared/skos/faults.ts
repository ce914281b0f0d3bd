/** What stops an import: nothing of the file can be trusted, or the database would refuse it. */
export type FaultCode =
  | 'unreadable_encoding'
  | 'broken_syntax'
  | 'xml_entities'
  | 'too_deep'
  | 'remote_context'
  | 'unknown_format'
  | 'no_concept'
  | 'several_schemes'
  | 'too_many_concepts'
  | 'two_labels'
  | 'no_label'
  | 'label_too_long'
  | 'text_too_long'
  | 'cycle'
  | 'replacement_cycle'
  | 'dangling_broader';

/** What is told and does not stop it: what was left out, what somebody should look at. */
export type WarningCode =
  | 'language_folded'
  | 'unknown_language'
  | 'no_language'
  | 'labels_alike'
  | 'label_repeated'
  | 'blank_label'
  | 'texts_joined'
  | 'several_broader'
  | 'dangling_related'
  | 'related_above'
  | 'dangling_replacement'
  | 'replaced_though_accepted'
  | 'property_left_out'
  | 'column_left_out'
  | 'encoding_guessed';

/** One thing that is wrong, or odd, with what was read. */
export interface Issue<Code> {
  readonly code: Code;
  /** Line of the file, from 1, where it is known. */
  readonly line?: number | undefined;
  /** The term, the language, the text at fault, as the file says it. */
  readonly detail?: string | undefined;
  /** How often it was met, where it is told once for all. */
  readonly count?: number | undefined;
}
export type Fault = Issue<FaultCode>;
export type Warning = Issue<WarningCode>;

/** A report of more is read by nobody. */
const TOLD_OF_A_KIND = 100;

/** Issues as they are told: what is said of a hundred terms is not said of the next thousand, but counted. */
export function shortened<Code extends string>(issues: readonly Issue<Code>[]): Issue<Code>[] {
  return [...Map.groupBy(issues, ({ code }) => code)].flatMap(([code, all]) => {
    const more = all.length - TOLD_OF_A_KIND;
    return more > 0 ? [...all.slice(0, TOLD_OF_A_KIND), { code, count: more }] : all;
  });
}
