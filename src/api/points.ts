import * as z from 'zod/mini';

import { conceptSchema } from '../domain/concept.ts';
import { historyEventSchema } from '../domain/history-event.ts';
import { pointSchema, pointStatusSchema } from '../domain/point.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

const nullishString = z.optional(z.nullable(z.string()));

const searchItemSchema = z.object({
  id: z.string(),
  theme: z.string(),
  concept: z.nullable(z.string()),
  label: z.nullable(z.string()),
  status: pointStatusSchema,
  lon: z.number(),
  lat: z.number(),
  commune: z.nullable(z.string()),
  commune_name: z.nullable(z.string()),
  updated_at: nullishString,
  thumb_url: nullishString,
  /** Name given to the thing itself, absent when it has none. */
  title: nullishString,
  /** State of conservation, where the theme asks for it. */
  condition: nullishString,
  /** Day on which someone last saw it on the ground. */
  seen_on: nullishString,
});
export type SearchItem = z.infer<typeof searchItemSchema>;

const searchAnswerSchema = z.object({
  total: z.number(),
  exact: z.boolean(),
  items: z.array(searchItemSchema),
  next: z.nullable(z.string()),
});
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;

export interface SearchQuery {
  readonly q?: string;
  /** West, south, east, north, degrees. */
  readonly bbox?: readonly [number, number, number, number];
  readonly themes?: readonly string[];
  readonly concept?: string;
  readonly commune?: string;
  readonly near?: { lon: number; lat: number };
  readonly statuses?: readonly string[];
  readonly after?: string;
  readonly limit?: number;
}

/** Published points that answer a query, by pages. */
export function searchPoints(api: Api, query: SearchQuery, options?: CallOptions): Promise<SearchAnswer> {
  return api.read('points_search', { p: JSON.stringify(query) }, searchAnswerSchema, options);
}

const nearbyItemSchema = z.object({
  id: z.string(),
  theme: z.string(),
  concept: z.optional(z.nullable(z.string())),
  label: nullishString,
  title: nullishString,
  distance_m: z.optional(z.nullable(z.number())),
  thumb_url: nullishString,
});

const sheetSchema = z.object({
  point: pointSchema,
  concept: z.nullable(conceptSchema),
  commune: z.optional(
    z.nullable(
      z.object({
        code: z.string(),
        name: z.string(),
        departement: nullishString,
        departement_name: nullishString,
      }),
    ),
  ),
  history: z.array(historyEventSchema),
  nearby: z.array(nearbyItemSchema),
  merged_from: nullishString,
});
export type Sheet = z.infer<typeof sheetSchema>;

/** The public sheet of a point; a merged one answers its survivor. */
export function fetchSheet(api: Api, id: string, options?: CallOptions): Promise<Sheet> {
  return api.read('point_sheet', { p: JSON.stringify({ id }) }, sheetSchema, options);
}

/** Says that a public sheet was opened: counted for its author, by nobody's name. Whatever comes of it is no news. */
export async function tellSeen(api: Api, id: string): Promise<void> {
  await api.tell('point_seen', { id }).catch(() => undefined);
}
