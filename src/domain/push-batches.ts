import { LIMITS } from './limits.ts';

/** Bytes of a text in UTF-8, which is what the server counts. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * Parts texts of mutations into calls of at most 50 and 256 KB, in their order. One that is too large
 * alone stands alone, for the server to say so.
 */
export function inPushes(texts: readonly string[]): string[][] {
  const room = LIMITS.pushBytes - LIMITS.pushEnvelopeBytes;
  const pushes: string[][] = [];
  let bytes = Infinity;
  for (const text of texts) {
    const size = byteLength(text) + 1;
    let last = pushes.at(-1);
    if (!last || last.length >= LIMITS.pushMutations || bytes + size > room) {
      last = [];
      pushes.push(last);
      bytes = 0;
    }
    last.push(text);
    bytes += size;
  }
  return pushes;
}
