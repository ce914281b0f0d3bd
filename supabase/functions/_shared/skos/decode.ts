import type { Fault, Warning } from './faults.ts';

interface Decoded {
  readonly text: string;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Warning[];
}

const MARKS: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * The text of a file: UTF-8, what its first bytes say, or what XML declares. A table that is none of these comes from a
 * spreadsheet of Windows, and is read so with a warning.
 */
export function decode(bytes: Uint8Array<ArrayBuffer>, isTable: boolean): Decoded {
  const mark = MARKS.find(([, start]) => start.every((byte, at) => bytes[at] === byte));
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1];
  const encoding = mark?.[0] ?? declared ?? 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    // PostgreSQL has no null character, and no text of people holds one.
    if (!text.includes('\0')) return { text, faults: [], warnings: [] };
  } catch {
    if (isTable) {
      const text = new TextDecoder('windows-1252').decode(bytes);
      return { text, faults: [], warnings: [{ code: 'encoding_guessed', detail: 'windows-1252' }] };
    }
  }
  return { text: '', faults: [{ code: 'unreadable_encoding', detail: encoding }], warnings: [] };
}
