import * as z from 'zod/mini';

import { type Json, jsonSchema } from '../domain/json.ts';
import type { Api } from './client.ts';
import type { CallOptions } from './request.ts';

const territorySchema = z.object({
  code: z.string(),
  name: z.string(),
  level: z.string(),
  bbox: z.optional(z.nullable(z.array(z.number()))),
  outline: z.optional(z.nullable(jsonSchema)),
});
export type Territory = z.infer<typeof territorySchema>;

const territoriesAnswerSchema = z.object({ territories: z.array(territorySchema) });

export interface TerritoryQuery {
  readonly level?: string;
  readonly within?: string;
  /** INSEE codes, 500 at most. */
  readonly codes?: readonly string[];
  readonly q?: string;
  /** West, south, east, north, degrees. */
  readonly bbox?: readonly [number, number, number, number];
  readonly outlines?: boolean;
  readonly limit?: number;
}

/** Communes, groupings and départements. */
export async function fetchTerritories(
  api: Api,
  query: TerritoryQuery,
  options?: CallOptions,
): Promise<Territory[]> {
  const params = { p: JSON.stringify(query) };
  return (await api.read('territories', params, territoriesAnswerSchema, options)).territories;
}

/** Figures of the inventories; shaped by the server. */
export function fetchStats(
  api: Api,
  query: { theme?: string; territory?: string } = {},
  options?: CallOptions,
): Promise<Json> {
  return api.read('stats', { p: JSON.stringify(query) }, jsonSchema, options);
}
