import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { createHash, randomBytes } from 'node:crypto';
import jpeg from 'jpeg-js';

/** What the contract promises of an answer to a mutation. */
export interface PushResult {
  mutation_id: string;
  status: string;
  code?: string;
  message?: string;
  rev?: number;
  revision_id?: string;
  point?: Record<string, unknown>;
  conflicts?: unknown[];
}

/** A person holding nothing of ours: plain supabase-js, the address and the publishable key. */
export interface OutsideClient {
  supabase: SupabaseClient;
  userId: string | null;
  /** Calls an RPC; throws the body of the error. */
  call<T = Record<string, unknown>>(name: string, p?: unknown): Promise<T>;
  push(...mutations: Record<string, unknown>[]): Promise<PushResult[]>;
}

/** The body of a refused call: `{code, message, details, hint}` of contract §2. */
export class CallError extends Error {
  readonly code: string;
  constructor(error: { code: string; message: string }) {
    super(error.message);
    this.code = error.code;
  }
}

/** Signs in with a password, that of the demonstration unless told (no address: stays anonymous). */
export async function outsideClient(
  url: string,
  key: string,
  email: string | null,
  password = 'capitelle-demo',
): Promise<OutsideClient> {
  const supabase = createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } });
  let userId: string | null = null;
  if (email !== null) {
    const { data, error } = await supabase.auth.signInWithPassword({ email, password });
    if (error) throw error;
    userId = data.user.id;
  }
  const call = async <T>(name: string, p?: unknown): Promise<T> => {
    const { data, error } = await supabase.rpc(name, p === undefined ? undefined : { p });
    if (error) throw new CallError(error);
    return data as T;
  };
  return {
    supabase,
    userId,
    call,
    async push(...mutations) {
      const answer = await call<{ user_id: string; results: PushResult[] }>('sync_push', {
        device_id: 'outside',
        client: { name: 'outside', version: '1.0.0' },
        mutations,
      });
      return answer.results;
    },
  };
}

/** UUIDv7 of an instant; for a point or a photo the instant is the day at 00:00 UTC (contract §2). */
export function uuidv7(instant: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(instant, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const DAY = 86_400_000;
export const newPointId = (): string => uuidv7(Math.floor(Date.now() / DAY) * DAY);
export const newMutationId = (): string => uuidv7(Date.now());

/** A create mutation in the Minervois; `over` replaces or adds members. */
export function createMutation(
  over: Record<string, unknown> = {},
): Record<string, unknown> & { mutation_id: string; point_id: string } {
  return {
    mutation_id: newMutationId(),
    v: 1,
    kind: 'create',
    point_id: newPointId(),
    theme: 'heritage',
    captured_at: new Date().toISOString(),
    patch: {
      geom: { lon: 2.5512, lat: 43.3215, accuracy_m: 8, source: 'gps' },
      concept: 'lavoir',
      'attributes.name': 'Lavoir du Riou',
      'attributes.condition': 'good',
    },
    ...over,
  };
}

/** A decision of a moderator on what they saw. */
export function decideMutation(
  pointId: string,
  seenRev: number,
  decision: string,
  over: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    mutation_id: newMutationId(),
    v: 1,
    kind: 'decide',
    point_id: pointId,
    captured_at: new Date().toISOString(),
    seen_rev: seenRev,
    decision,
    ...over,
  };
}

/** A real JPEG of noise, with an EXIF segment that names a place, as phones write it. */
export function jpegWithExif(
  width = 64,
  height = 48,
): { bytes: Uint8Array; sha256: string; width: number; height: number } {
  const { data } = jpeg.encode({ data: randomBytes(width * height * 4), width, height }, 80);
  const exif = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), Buffer.from('Exif\0\0GPS-SECRET-43.3215')]);
  exif.writeUInt16BE(exif.length - 2, 2);
  const bytes = new Uint8Array(Buffer.concat([data.subarray(0, 2), exif, data.subarray(2)]));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), width, height };
}
