import { failure } from '../functions/_shared/answers.ts';
import type { Handle } from './auth-shim.ts';
import { readJsonObject } from './json-text.ts';
import { bufferBody } from './request-body.ts';

/** Largest body of a call: a push holds 256 KB, and says by itself when it holds more. */
const maximumBytes = 1024 * 1024;

/**
 * Stands before lite's REST: what no function could read (no JSON, not an object, characters that
 * PostgreSQL doesn't store, a tile that is no number) is answered in the shape of contract §2, where
 * lite passes on the words of the database or fails.
 */
export function withRestGuard(handle: Handle): Handle {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith('/rest/v1/')) return handle(request);
    if (request.method === 'GET' || request.method === 'HEAD')
      return refusedRead(pathname, searchParams) ?? handle(request);
    if (request.method !== 'POST') return handle(request);

    const buffered = await bufferBody(request, maximumBytes);
    if (buffered instanceof Response) return buffered;
    const text = await buffered.clone().text();
    const body = text.trim() === '' ? {} : readJsonObject(text);
    if (body === undefined) return malformed('Un objet JSON est attendu.');
    return isObject(body['p'] ?? {}) ? handle(buffered) : malformed('p : un objet.');
  };
}

function refusedRead(pathname: string, search: URLSearchParams): Response | undefined {
  for (const [name, value] of search) {
    if (`${name}${value}`.includes('\0') || !value.isWellFormed()) return malformed(`${name} : un texte.`);
  }
  const p = search.get('p');
  if (p !== null && readJsonObject(p) === undefined) return malformed('p : un objet JSON.');
  const isTile = pathname === '/rest/v1/rpc/map_tile';
  const isNumbered = ['z', 'x', 'y'].every((name) => /^-?\d{1,9}$/.test(search.get(name) ?? ''));
  return isTile && !isNumbered ? failure(400, 'invalid_tile', 'z, x et y : trois entiers.') : undefined;
}

function malformed(details: string): Response {
  return failure(400, 'invalid_argument', details);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
