import { unzipSync, Zip, ZipPassThrough } from 'fflate';

/**
 * Puts files into an archive, one after the other as `files` gives them: the bytes of all photos at
 * once would not fit an old phone. Nothing is compressed, for photos are.
 */
export async function zipFiles(
  files: AsyncIterable<readonly [name: string, bytes: Uint8Array]>,
): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    failure ??= error;
    // A copy of its own: the archive reuses what it hands over.
    if (chunk) parts.push(chunk.slice());
  });
  for await (const [name, bytes] of files) {
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    entry.push(bytes, true);
  }
  zip.end();
  if (failure) throw failure;
  return new Blob(parts, { type: 'application/zip' });
}

/** Reads one file of an archive. Undefined when it is not there; throws when the archive is cut or none. */
export function unzipFile(archive: Uint8Array, name: string): Uint8Array<ArrayBuffer> | undefined {
  return unzipSync(archive, { filter: (file) => file.name === name })[name]?.slice();
}
