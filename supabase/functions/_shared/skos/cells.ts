/** What parts the values of a cell: Opentheso reads and writes it so. */
const BETWEEN = '##';

const SLASHES = /\\*/y;

/** Values in one cell. A `#` that would be taken for a part of what parts them stands behind a `\`. */
export function joinCell(values: readonly string[]): string {
  return values.map(guarded).join(BETWEEN);
}

/** The values of a cell: what `joinCell` put together, or Opentheso. Empty ones are left out. */
export function splitCell(cell: string): string[] {
  const values: string[] = [];
  let value = '';
  for (let at = 0; at < cell.length;) {
    SLASHES.lastIndex = at;
    const slashes = SLASHES.exec(cell)?.[0] ?? '';
    const next = cell[at + slashes.length];
    if (slashes !== '') {
      const isDoubled = next === '#' || next === undefined;
      const isOdd = slashes.length % 2 === 1;
      value += isDoubled ? slashes.slice(0, Math.floor(slashes.length / 2)) : slashes;
      if (isDoubled && isOdd) value += next ?? '\\';
      at += slashes.length + (next === '#' && isOdd ? 1 : 0);
    } else if (cell.startsWith(BETWEEN, at)) {
      values.push(value);
      value = '';
      at += BETWEEN.length;
    } else {
      value += next;
      at += 1;
    }
  }
  return [...values, value].filter((one) => one !== '');
}

function guarded(value: string): string {
  return value.replace(/\\*(?:#|$)/g, (run, at: number) => {
    const slashes = run.replace('#', '');
    if (!run.endsWith('#')) return slashes + slashes;
    const end = at + run.length;
    const isAlone =
      slashes === '' && at > 0 && end < value.length && value[at - 1] !== '#' && value[end] !== '#';
    return isAlone ? run : `${slashes}${slashes}\\#`;
  });
}
