import { readJsonObject } from './json-text.ts';

/** Longest address that a mailbox can have (RFC 5321). */
const maximumEmail = 254;

/** Longest password, code or token that a call about accounts may hold. */
const maximumText = 4_096;

/** What the calls about accounts read as text: lite fails on any other type. */
const texts = ['password', 'token', 'token_hash', 'type', 'refresh_token', 'code_verifier', 'auth_code'];

/**
 * Reads the body of a call about accounts: an object whose texts are texts, without the character
 * that no database stores.
 * @returns the object, empty where there is no body; undefined where it can't be one
 */
export async function readAuthBody(request: Request): Promise<Record<string, unknown> | undefined> {
  const text = await request.text();
  const fields = text === '' ? {} : readJsonObject(text);
  const isSound =
    fields !== undefined &&
    isText(fields['email'], maximumEmail) &&
    texts.every((name) => isText(fields[name], maximumText));
  return isSound ? fields : undefined;
}

/** The same call with another body, or to another address of the API. */
export function withAuthBody(request: Request, body: Record<string, unknown>, path?: string): Request {
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  headers.set('content-type', 'application/json');
  const url = path === undefined ? request.url : new URL(path, request.url);
  const isEmpty = Object.keys(body).length === 0;
  return new Request(url, { method: request.method, headers, body: isEmpty ? null : JSON.stringify(body) });
}

/** A refusal in the shape that supabase-js reads. */
export function refuseAuth(status: number, code: string, message: string): Response {
  return Response.json(
    { code: status, error_code: code, msg: message },
    { status, headers: { 'X-Sb-Error-Code': code } },
  );
}

function isText(value: unknown, maximum: number): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.length <= maximum);
}
