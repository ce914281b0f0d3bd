import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { takesGzip } from './compress.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const compressible = /^(text\/|application\/(json|manifest)|image\/svg)/;
const compress = promisify(gzip);

interface StaticFile {
  bytes: Uint8Array<ArrayBuffer>;
  zipped: Uint8Array<ArrayBuffer> | undefined;
  type: string;
  etag: string;
}

/** Serves the built application from a folder; answers undefined when it has no such file. */
export function createStaticFiles(folder: string): (request: Request) => Promise<Response | undefined> {
  const root = resolve(folder);
  const files = new Map<string, Promise<StaticFile | undefined>>();

  return async (request) => {
    const path = safePath(root, new URL(request.url).pathname);
    if (path === undefined) return undefined;
    let loading = files.get(path);
    if (!loading) files.set(path, (loading = load(path)));
    const file = await loading;
    if (!file) {
      files.delete(path);
      return undefined;
    }
    return respond(request, path, file);
  };
}

function safePath(root: string, pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const path = resolve(root, `.${decoded.endsWith('/') ? `${decoded}index.html` : decoded}`);
  return path.startsWith(root + sep) ? path : undefined;
}

async function load(path: string): Promise<StaticFile | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  const type = types[extname(path)] ?? 'application/octet-stream';
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return {
    bytes: Uint8Array.from(bytes),
    zipped: compressible.test(type) ? Uint8Array.from(await compress(bytes)) : undefined,
    type,
    etag: `"${hash}"`,
  };
}

function respond(request: Request, path: string, file: StaticFile): Response {
  const headers = new Headers({
    'Content-Type': file.type,
    ETag: file.etag,
    Vary: 'Accept-Encoding',
    // Files of assets/ carry a hash in their name; the others must be asked for again each time.
    'Cache-Control': path.includes(join(sep, 'assets', sep))
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
  });
  if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers });
  const zipped = takesGzip(request) ? file.zipped : undefined;
  if (zipped) headers.set('Content-Encoding', 'gzip');
  const body = zipped ?? file.bytes;
  headers.set('Content-Length', String(body.byteLength));
  return new Response(request.method === 'HEAD' ? null : body, { headers });
}
