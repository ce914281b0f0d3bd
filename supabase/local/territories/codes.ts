import { UsageError } from '../usage-error.ts';
import type { Commune } from './lists.ts';

/** INSEE code of today for each code that has disappeared. */
export type CodeTable = ReadonlyMap<string, string>;

/** Derives the table from the official list: former codes of a commune, chief town of a delegated one. */
export function deriveCodes(communes: readonly Commune[]): CodeTable {
  const current = new Set(communes.filter(isCurrent).map(({ code }) => code));
  const table = new Map<string, string>();
  for (const commune of communes) {
    if (isCurrent(commune)) {
      for (const former of commune.anciensCodes ?? [])
        if (!current.has(former)) table.set(former, commune.code);
    } else if (commune.chefLieu !== undefined && !current.has(commune.code)) {
      table.set(commune.code, commune.chefLieu);
    }
  }
  return table;
}

/** Reads a table `former code, …, code of today` whose header names columns beginning with `code`. */
export function readCodes(csv: string, fileName: string): CodeTable {
  const [header = '', ...lines] = csv.split(/\r?\n/).filter((line) => line.trim() !== '');
  const separator = header.includes(';') ? ';' : ',';
  const columns = header.split(separator).map((name) => name.trim().toLowerCase());
  const from = columns.findIndex((name) => name.startsWith('code'));
  const to = columns.findLastIndex((name) => name.startsWith('code'));
  if (from === -1 || from === to) {
    throw new UsageError(
      'invalid_codes',
      `${fileName} n'a pas deux colonnes de codes (par exemple code_2018,…,code_2026).`,
    );
  }
  return new Map(
    lines.map((line) => {
      const cells = line.split(separator).map((cell) => cell.trim());
      return [cells[from] ?? '', cells[to] ?? ''];
    }),
  );
}

export function isCurrent(commune: Commune): boolean {
  return commune.type === 'commune-actuelle';
}
