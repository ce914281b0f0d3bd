/** Which photos stand side by side when one is shown: it and the next, in the order of the point; the last goes with the first. */
export function pairAt(index: number, count: number): number[] {
  return [index, (index + 1) % count].toSorted((one, other) => one - other);
}
