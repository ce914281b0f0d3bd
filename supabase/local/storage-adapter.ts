import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { App } from '@supabase/lite';

type StorageAdapter = NonNullable<App['_storageAdapter']>;
type ObjectMetadata = Awaited<ReturnType<StorageAdapter['headObject']>>;

/** Every object of Storage is immutable: its name holds a hash of its content. */
const cacheForEver = 'public, max-age=31536000, immutable';

/** Keeps the bytes of Storage as plain files under `folder/<bucket>/<name>`. */
export function createStorageAdapter(folder: string): StorageAdapter {
  const root = resolve(folder);

  function pathOf(bucket: string, name: string): string {
    const path = resolve(root, bucket, name);
    if (!path.startsWith(root + sep)) throw new Error('object name outside of the storage folder');
    return path;
  }

  return {
    driver: null,
    async getObject(bucket, name) {
      const metadata = await describe(pathOf(bucket, name), bucket);
      return { metadata, httpStatusCode: 200, body: await readFile(pathOf(bucket, name)) };
    },
    async uploadObject(bucket, name, _version, body, contentType, cacheControl) {
      const path = pathOf(bucket, name);
      const bytes = body instanceof Uint8Array ? body : await readStream(body);
      // Written aside then moved: a reader never sees half a photo.
      const draft = `${path}.${randomUUID()}`;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(draft, bytes);
      await rename(draft, path);
      return {
        cacheControl,
        contentLength: bytes.byteLength,
        size: bytes.byteLength,
        mimetype: contentType,
        eTag: etag(bytes),
        httpStatusCode: 200,
      };
    },
    async deleteObject(bucket, name) {
      await rm(pathOf(bucket, name), { force: true });
    },
    async deleteObjects(bucket, names) {
      for (const name of names) await rm(pathOf(bucket, name), { force: true });
    },
    async copyObject(sourceBucket, source, _version, bucket, name) {
      const path = pathOf(bucket, name);
      await mkdir(dirname(path), { recursive: true });
      await copyFile(pathOf(sourceBucket, source), path);
      const { eTag, lastModified } = await describe(path, bucket);
      return { httpStatusCode: 200, eTag, ...(lastModified ? { lastModified } : {}) };
    },
    headObject: (bucket, name) => describe(pathOf(bucket, name), bucket),
    async privateAssetUrl(bucket, name) {
      return `file://${join(root, bucket, name)}`;
    },
  };
}

async function describe(path: string, bucket: string): Promise<ObjectMetadata> {
  const { size, mtime } = await stat(path);
  return {
    cacheControl: bucket === 'published' ? cacheForEver : 'private, max-age=300',
    contentLength: size,
    size,
    mimetype: 'image/jpeg',
    lastModified: mtime,
    eTag: `"${size.toString(16)}-${mtime.getTime().toString(16)}"`,
    httpStatusCode: 200,
  };
}

async function readStream(stream: Parameters<StorageAdapter['uploadObject']>[3]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function etag(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
}
