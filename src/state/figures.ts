import type { Api } from '../api/client.ts';
import { fetchStats } from '../api/territories.ts';

/** What a territory counts, by theme. */
export interface Figures {
  readonly total: number;
  readonly byTheme: Readonly<Record<string, number>>;
  readonly communes: number;
  /** Median days from a proposal to its decision, by theme; null where none was decided lately. */
  readonly medianDays: Readonly<Record<string, number | null>>;
}

/** Counts of a territory, or of all of them. Throws ProblemError. */
export async function fetchFigures(api: Api, territory: string | null): Promise<Figures | null> {
  return readFigures(await fetchStats(api, territory === null ? {} : { territory }));
}

function readFigures(answer: unknown): Figures | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const { total, by_theme, communes, median_days } = answer as Record<string, unknown>;
  const counts = Object.entries((by_theme ?? {}) as Record<string, unknown>);
  return {
    total: Number(total ?? 0),
    byTheme: Object.fromEntries(counts.map(([theme, count]) => [theme, Number(count)])),
    communes: Number(communes ?? 0),
    medianDays: (median_days ?? {}) as Figures['medianDays'],
  };
}
