/** A digest is a sum modulo 2^48 (contract §3). */
const MODULUS = 1n << 48n;
const WEIGHT_OF_V = 1_000_003n;

/** What two copies of a bucket must agree on. */
export interface Digest {
  readonly count: number;
  /** Decimal: it does not fit a JSON number. */
  readonly digest: string;
}

/** Count and digest of rows: sum of (last 12 hex digits of the id + v × 1 000 003) modulo 2^48. */
export function digestOf(rows: Iterable<{ readonly id: string; readonly v: number }>): Digest {
  let sum = 0n;
  let count = 0;
  for (const { id, v } of rows) {
    sum += BigInt(`0x${id.slice(-12)}`) + BigInt(v) * WEIGHT_OF_V;
    count += 1;
  }
  return { count, digest: (sum % MODULUS).toString() };
}
