import Papa from 'papaparse';

import { shareFile } from './share.ts';

/** A file of rows and columns, as far as a column is read of it. */
export interface ReadTable {
  readonly columns: readonly string[];
  /** The cells of a column, from the first row below the header. */
  readonly cellsOf: (column: string) => string[];
}

/** Reads a CSV file: UTF-8 or else Windows-1252, separator found by itself, the first line as names of columns. */
export async function readTable(file: Blob): Promise<ReadTable> {
  const text = decode(await file.arrayBuffer());
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' });
  const [header = [], ...rows] = data;
  // Two columns of one name, or none, are still told apart.
  const columns = header.map((name, place) => {
    const own = name.trim() || String(place + 1);
    return header.findIndex((one) => one.trim() === name.trim()) === place ? own : `${own} (${place + 1})`;
  });
  return {
    columns,
    cellsOf: (column) => {
      const place = columns.indexOf(column);
      return rows.map((row) => row[place] ?? '');
    },
  };
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Older tools of Windows: every byte is a letter there.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Writes a table as a CSV file that spreadsheets open: nothing in it is run as a formula. */
function writeTable(name: string, header: readonly string[], rows: readonly (readonly unknown[])[]): File {
  const text = Papa.unparse(
    { fields: [...header], data: rows.map((row) => [...row]) },
    {
      delimiter: ';',
      escapeFormulae: true,
    },
  );
  // The mark by which spreadsheets know UTF-8.
  return new File([`\ufeff${text}`], name, { type: 'text/csv' });
}

/** Hands a table to the person as a CSV file. */
export async function saveTable(
  name: string,
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  await shareFile(writeTable(name, header, rows));
}
