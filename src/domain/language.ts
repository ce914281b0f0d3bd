import * as z from 'zod/mini';

/** Languages of labels, in the order in which one stands in for another. */
export const LANGUAGES = ['fr', 'oc', 'ca', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text by language. Further languages are tolerated. */
export const labelsSchema = z.record(z.string(), z.string());
export type Labels = z.infer<typeof labelsSchema>;

/**
 * The text in the asked language, else in French, else in whichever language has one.
 * Empty when there is none at all.
 */
export function labelIn(labels: Labels | undefined | null, language: Language): string {
  if (!labels) return '';
  for (const candidate of [language, ...LANGUAGES]) {
    const text = labels[candidate];
    if (text) return text;
  }
  return Object.values(labels)[0] ?? '';
}
