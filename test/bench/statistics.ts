/** Middle of a list of numbers; NaN when it is empty. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** Largest of a list of numbers; 0 when it is empty. */
export const largest = (values: readonly number[]): number => Math.max(0, ...values);

/** Runs something and says how long it took, in milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

/** Rounds to one decimal, as figures are shown and kept. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;

/** Value under which 95 % of a list of numbers lie; NaN when it is empty. */
export function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? Number.NaN;
}
