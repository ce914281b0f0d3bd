import type { Aligned } from './align.ts';

/**
 * Where a value stands: a concept was decided for it; none fits; its word was proposed; to do, with a suggestion
 * that is sure, with others, or with none.
 */
export const ALIGN_STANDS = ['mapped', 'none', 'proposed', 'sure', 'doubtful', 'unknown'] as const;
export type AlignStand = (typeof ALIGN_STANDS)[number];

interface Amount {
  readonly values: number;
  readonly rows: number;
}

/** How far an alignment went, in distinct values and in the rows that have them. */
export interface AlignCoverage {
  readonly total: Amount;
  readonly by: Readonly<Record<AlignStand, Amount>>;
  /** Share of the rows whose value has its concept, 0 to 1; 0 without rows. */
  readonly mappedRows: number;
  /** The same if what is sure were taken. */
  readonly reachableRows: number;
}

/** Where a value stands; `isProposed`: its word went to whoever looks after the vocabulary. */
export function standOf(aligned: Aligned, isProposed: boolean): AlignStand {
  if (aligned.decided) return 'mapped';
  if (isProposed) return 'proposed';
  if (aligned.decided === null) return 'none';
  if (aligned.isSure) return 'sure';
  return aligned.suggestions.length > 0 ? 'doubtful' : 'unknown';
}

/** Adds up where values stand. */
export function coverageOf(
  values: Iterable<{ readonly count: number; readonly stand: AlignStand }>,
): AlignCoverage {
  const nothing = () => ({ values: 0, rows: 0 });
  const total = nothing();
  const by = {
    mapped: nothing(),
    none: nothing(),
    proposed: nothing(),
    sure: nothing(),
    doubtful: nothing(),
    unknown: nothing(),
  };
  for (const { count, stand } of values) {
    for (const amount of [total, by[stand]]) {
      amount.values++;
      amount.rows += count;
    }
  }
  const share = (rows: number) => (total.rows === 0 ? 0 : rows / total.rows);
  return {
    total,
    by,
    mappedRows: share(by.mapped.rows),
    reachableRows: share(by.mapped.rows + by.sure.rows),
  };
}
