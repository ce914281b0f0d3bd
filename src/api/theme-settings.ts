import * as z from 'zod/mini';

import { jsonSchema } from '../domain/json.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

const nullishString = z.optional(z.nullable(z.string()));

/** Earned trust of a theme: after how many taken as they were, and which share is looked at afterwards. */
export interface TrustRule {
  readonly enabled: boolean;
  /** Contributions in a row, 1 to 100 000. */
  readonly accepted: number;
  /** 0 to 1. */
  readonly audit: number;
}

const trustAnswerSchema = z.object({ theme: z.string(), trust: jsonSchema });

/** Sets the trust of a theme; for its coordinators. Throws `not_allowed`. */
export async function setTrust(api: Api, theme: string, rule: TrustRule): Promise<void> {
  await api.call('trust_set', { theme, ...rule }, trustAnswerSchema);
}

const templateSchema = z.object({
  id: z.string(),
  theme: z.string(),
  decision: nullishString,
  reason: nullishString,
  label: z.string(),
  text: z.string(),
});
/** A message that a group often writes. */
export type Template = z.infer<typeof templateSchema>;

const templatesAnswerSchema = z.object({ templates: z.array(templateSchema) });

/** Messages of the themes that the caller moderates. */
export async function fetchTemplates(api: Api, options?: CallOptions): Promise<Template[]> {
  return (await api.call('moderation_templates', {}, templatesAnswerSchema, options)).templates;
}

export type TemplateDraft = Omit<Template, 'id'> & { readonly id?: string };

const templateAnswerSchema = z.object({ id: z.nullable(z.string()) });

/** Writes a message, or the one of that id anew. Throws `not_allowed`, `unknown_reason`. */
export async function setTemplate(api: Api, template: TemplateDraft): Promise<void> {
  await api.call('template_set', template, templateAnswerSchema);
}

/** Removes a message. */
export async function removeTemplate(api: Api, id: string): Promise<void> {
  await api.call('template_set', { id, remove: true }, templateAnswerSchema);
}

/** A reason that a theme has beside those of everywhere. */
export interface OwnReason {
  /** Lower case letters, digits and underscores. */
  readonly code: string;
  readonly labels: Readonly<Record<string, string>>;
}

const reasonsAnswerSchema = z.object({ theme: z.string(), known: z.array(z.string()) });

/** Replaces the reasons of a theme, 40 at most; those of everywhere stay. Throws `not_allowed`. */
export async function setReasons(api: Api, theme: string, reasons: readonly OwnReason[]): Promise<void> {
  await api.call('reasons_set', { theme, reasons }, reasonsAnswerSchema);
}
