import { createHash, createHmac } from 'node:crypto';
import { unzipSync } from 'fflate';
import { jsonText } from '../../../src/domain/json.ts';
import { photoPath, thumbPath } from '../../../src/domain/photo-path.ts';
import { inPushes } from '../../../src/domain/push-batches.ts';
import { UNSENT_LIST, type UnsentFile, unsentFileSchema } from '../../../src/domain/unsent-file.ts';
import { jpegSize } from '../../functions/_shared/jpeg.ts';
import { reencode } from '../../functions/_shared/reencode.ts';
import type { Backend } from '../backend.ts';
import { UsageError } from '../usage-error.ts';

/** How long the command speaks for the person, seconds. */
const TOKEN_S = 900;
/** Megapixels of a photo at most that a phone did not make smaller: a minute of one core, and 2 GB. */
const MOST_MEGAPIXELS = 64;
const ORIGIN = 'http://capitelle.internal';

/** What became of an archive of unsent work. */
export interface UnsentReport {
  /** Mutations by the status that the server gave them. */
  readonly mutations: Map<string, number>;
  /** Refusals, by code. */
  readonly refused: Map<string, number>;
  readonly photos: Map<string, number>;
  /** What is not finished: only its author can. */
  readonly drafts: number;
}

interface PushAnswer {
  readonly results: readonly { readonly status: string; readonly code?: string }[];
}

/** What the command speaks to: a backend, in this process or behind an address. */
type Door = Pick<Backend, 'publishableKey' | 'sql' | 'handle'>;

/** The files of an archive of unsent work; undefined for any other archive or file. A cut one is refused. */
export function readUnsent(bytes: Uint8Array): Record<string, Uint8Array<ArrayBuffer>> | undefined {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isZip) return undefined;
  try {
    const files = unzipSync(bytes);
    return files[UNSENT_LIST] ? files : undefined;
  } catch {
    throw new UsageError(
      'unreadable_file',
      'Cette archive est incomplète ou abîmée : rien n’en a été pris. Copiez-la à nouveau en entier.',
    );
  }
}

/**
 * Sends what a phone handed over, under the name of whose it is and under the same ids: loading it
 * twice, or the phone coming back to life, doubles nothing.
 */
export async function loadUnsent(
  backend: Door,
  jwtSecret: string,
  files: Record<string, Uint8Array<ArrayBuffer>>,
): Promise<UnsentReport> {
  const list = readList(files);
  await checkInstance(backend, list);
  const token = tokenOf(list.user_id, jwtSecret);
  const call = (path: string, init: RequestInit) => answerOf(backend, token, path, init);
  const report: UnsentReport = {
    mutations: new Map(),
    refused: new Map(),
    photos: new Map(),
    drafts: list.drafts.length,
  };
  // What was sent once is sent again to the letter.
  const texts = list.mutations.map(({ mutation, frozen }) => frozen ?? jsonText(mutation));

  for (const push of inPushes(texts)) {
    const body = `{"p":{"device_id":"npm run load","client":{"name":"capitelle","version":"1.0.0"},"mutations":[${push.join(',')}]}}`;
    const answer = (await call('/rest/v1/rpc/sync_push', jsonBody(body))) as PushAnswer;
    for (const { status, code } of answer.results) {
      count(report.mutations, status);
      if (code !== undefined && status !== 'applied') count(report.refused, code);
    }
  }
  for (const photo of list.photos) count(report.photos, await sendPhoto(call, list.user_id, files, photo));
  return report;
}

function readList(files: Record<string, Uint8Array>): UnsentFile {
  try {
    return unsentFileSchema.parse(JSON.parse(new TextDecoder().decode(files[UNSENT_LIST])));
  } catch (cause) {
    throw new UsageError('invalid_file', `La liste de cette archive ne se lit pas : ${String(cause)}.`);
  }
}

async function checkInstance({ sql }: Door, { instance, user_id }: UnsentFile): Promise<void> {
  const [own] = await sql<{ id: string }>('select instance_id::text as id from app.settings');
  if (instance !== null && own?.id !== instance)
    throw new UsageError(
      'other_instance',
      'Cette archive vient d’un autre inventaire : rien n’en a été pris.',
    );
  const known = await sql('select 1 from auth.users where id::text = $1', [user_id]);
  if (known.length === 0)
    throw new UsageError(
      'unknown_user',
      'Le compte de cette archive n’existe pas ici : rien n’en a été pris.',
    );
}

type Call = (path: string, init: RequestInit) => Promise<unknown>;

async function sendPhoto(
  call: Call,
  userId: string,
  files: Record<string, Uint8Array<ArrayBuffer>>,
  { file, thumb, mime, raw, ...photo }: UnsentFile['photos'][number],
): Promise<string> {
  const given = file === null ? undefined : files[file];
  // Just as the camera gave it, it tells where and with what it was taken: only its pixels leave.
  const bytes = given && (raw ? reencode(given, MOST_MEGAPIXELS) : given);
  // What is no JPEG, or an immense one, only the browser of a phone can read.
  if (!bytes || (!raw && mime !== 'image/jpeg')) return 'left_out';
  const sha256 = raw ? hashOf(bytes) : photo.sha256;
  const size = bytes.byteLength;
  const { width, height } = (raw && jpegSize(bytes)) || photo;
  const path = photoPath(userId, photo.point_id, photo.id, sha256);
  const upload = (name: string, body: Uint8Array<ArrayBuffer>) =>
    call(`/storage/v1/object/photos/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body,
    }).catch((cause: unknown) => {
      // Already there: the phone got as far as that.
      if (!/409|exists|duplicate/i.test(String(cause))) throw cause;
    });
  await upload(path, bytes);
  const small = thumb === null ? undefined : files[thumb];
  if (small) await upload(thumbPath(path), small);
  const { id: photo_id, point_id, taken_at, licence, caption, rank } = photo;
  const told = { photo_id, point_id, sha256, size, width, height, taken_at, licence, path };
  const more = { ...(caption === null ? {} : { caption }), ...(rank === undefined ? {} : { rank }) };
  const answer = (await call(
    '/functions/v1/photo_commit',
    jsonBody(JSON.stringify({ ...told, ...more })),
  )) as {
    status: string;
  };
  return answer.status;
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const jsonBody = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});

async function answerOf(backend: Door, token: string, path: string, init: RequestInit): Promise<unknown> {
  const request = new Request(ORIGIN + path, init);
  request.headers.set('apikey', backend.publishableKey);
  request.headers.set('authorization', `Bearer ${token}`);
  const response = await backend.handle(request);
  if (!response?.ok) throw new Error(`${path} : ${response?.status} ${await response?.text()}`);
  return response.json();
}

/** A short-lived token of the person, signed with the secret of this data folder (RFC 7519, HS256). */
function tokenOf(userId: string, secret: string): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: userId, role: 'authenticated', aud: 'authenticated', iat: now, exp: now + TOKEN_S };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
