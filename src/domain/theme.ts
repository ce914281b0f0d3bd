import * as z from 'zod/mini';

import { type Json, jsonRecordSchema, jsonSchema } from './json.ts';
import { labelsSchema } from './language.ts';
import { LIMITS } from './limits.ts';

/** When a field is asked: a value of another field, or a combination of such conditions. */
export type Condition =
  { key: string; is: Json } | { key: string; in: Json[] } | { all: Condition[] } | { any: Condition[] };

const conditionSchema: z.ZodMiniType<Condition> = z.union([
  z.object({ key: z.string(), is: jsonSchema }),
  z.object({ key: z.string(), in: z.array(jsonSchema) }),
  z.object({ all: z.array(z.lazy(() => conditionSchema)) }),
  z.object({ any: z.array(z.lazy(() => conditionSchema)) }),
]);

const FIELD_TYPES = [
  'text',
  'long_text',
  'integer',
  'decimal',
  'boolean',
  'choice',
  'choices',
  'date',
  'concept',
  'group',
] as const;
const optionSchema = z.object({
  code: z.string(),
  labels: labelsSchema,
  /** Name of a drawing of `src/ui/pictures`, `stack-0` to `stack-4`, or a `data:image/svg+xml` of its own. */
  picture: z.optional(z.nullable(z.string())),
  /** What the answer means, under its label. */
  help: z.optional(z.nullable(labelsSchema)),
  /** False: kept for imported values, never offered to a person. */
  offered: z.optional(z.nullable(z.boolean())),
  /** True: of several answers this one excludes the others, "none of them". */
  alone: z.optional(z.nullable(z.boolean())),
});
const plainField = {
  key: z.string(),
  type: z.enum(FIELD_TYPES),
  part: z._default(z.enum(['short', 'full']), 'full'),
  labels: labelsSchema,
  /** The question as a term of a sheet: "Époque" for "De quelle époque date-t-il ?". */
  term: z.optional(z.nullable(labelsSchema)),
  help: z.optional(z.nullable(z.union([labelsSchema, z.string()]))),
  unit: z.optional(z.nullable(z.string())),
  min: z.optional(z.nullable(z.number())),
  max: z.optional(z.nullable(z.number())),
  /** A text of exactly so many digits: a number that is no quantity, as a postcode. */
  digits: z.optional(z.nullable(z.number())),
  unsure: z.optional(z.nullable(z.boolean())),
  required: z.optional(z.nullable(z.boolean())),
  options: z.optional(z.nullable(z.array(optionSchema))),
  scheme: z.optional(z.nullable(z.string())),
  /** What one of a group's items is called: "Lanterne", numbered by the screen. */
  item: z.optional(z.nullable(labelsSchema)),
  locating: z.optional(z.nullable(z.boolean())),
  visible_if: z.optional(z.nullable(conditionSchema)),
};
const leafFieldSchema = z.object(plainField);
export type LeafField = z.infer<typeof leafFieldSchema>;

/** One question of a form. A `group` holds further questions, one level deep. */
const fieldSchema = z.object({
  ...plainField,
  fields: z.optional(z.nullable(z.array(leafFieldSchema))),
});
export type Field = z.infer<typeof fieldSchema>;

export const formSchema = z.object({
  rev: z.number(),
  sections: z.array(z.object({ id: z.string(), labels: labelsSchema, fields: z.array(fieldSchema) })),
});
export type Form = z.infer<typeof formSchema>;
export type FormSection = Form['sections'][number];

/** An inventory: its form and its settings, all of it data. */
export const themeSchema = z.object({
  id: z.string(),
  labels: labelsSchema,
  group: z.optional(z.nullable(z.string())),
  form: formSchema,
  form_rev: z.number(),
  settings: z._default(jsonRecordSchema, {}),
});
export type Theme = z.infer<typeof themeSchema>;

/** The concept under which a thing waits that its finder could not name; null when a theme has none. */
export function holdingConcept(theme: Theme): string | null {
  const concept = theme.settings['holding_concept'];
  return typeof concept === 'string' ? concept : null;
}

/** The scheme in which a theme finds its terms. */
export function schemeOf(theme: Theme): string {
  const scheme = theme.settings['scheme'];
  return typeof scheme === 'string' ? scheme : theme.id;
}

/** Photos that one person may add to a point of the theme. */
export function photoMaximum(theme: Theme): number {
  const photos = theme.settings['photos'];
  const maximum =
    typeof photos === 'object' && photos !== null && !Array.isArray(photos) ? photos['maximum'] : null;
  return typeof maximum === 'number' ? maximum : LIMITS.photosPerPoint;
}

/** Key of the attribute that names a point of the theme; null when none does. */
export function titleField(theme: Theme): string | null {
  const key = theme.settings['title_field'];
  return typeof key === 'string' ? key : null;
}

/** Key of the attribute that somebody who sees a thing again is asked for; null when a theme asks for none. */
export function observedField(theme: Theme): string | null {
  const key = theme.settings['observed_field'];
  return typeof key === 'string' ? key : null;
}
