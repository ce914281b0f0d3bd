import { savePhoto } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow, PhotoRow } from '../db/rows.ts';
import { ProblemError } from '../domain/problems.ts';
import { type UnsentFile, unsentFileSchema, type UnsentPhoto } from '../domain/unsent-file.ts';
import { fromBase64 } from './base64.ts';

export interface Imported {
  readonly mutations: number;
  readonly photos: number;
}

/**
 * Brings back a file of unsent work. What this device already has, or has sent, is left alone.
 * Throws ProblemError `unreadable_file`, or `wrong_user` when the work is someone else's: a
 * mutation belongs to who did it.
 */
export async function importUnsent(store: Precious, userId: string, text: string): Promise<Imported> {
  const file = readFile(text);
  if (file.user_id !== userId) throw new ProblemError('wrong_user', 'unsent file');
  let mutations = 0;
  let photos = 0;
  for (const entry of file.mutations) if (await importMutation(store, userId, entry)) mutations += 1;
  for (const photo of file.photos) if (await importPhoto(store, userId, photo)) photos += 1;
  return { mutations, photos };
}

function readFile(text: string): UnsentFile {
  try {
    return unsentFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ProblemError('unreadable_file', String(cause));
  }
}

function importMutation(
  store: Precious,
  userId: string,
  { mutation, frozen, saved_at }: UnsentFile['mutations'][number],
): Promise<boolean> {
  const { mutation_id, point_id, kind } = mutation;
  return store.transaction('rw', store.outbox, store.sent, async () => {
    const queued = await store.outbox.where('mutation_id').equals(mutation_id).count();
    if (queued || (await store.sent.get(mutation_id))) return false;
    const row: OutboxRow = {
      mutation_id,
      user_id: userId,
      point_id,
      kind,
      mutation,
      frozen,
      state: 'queued',
      attempts: frozen === null ? 0 : 1,
      last_problem: null,
      not_before: 0,
      saved_at,
    };
    await store.outbox.add(row);
    return true;
  });
}

async function importPhoto(store: Precious, userId: string, photo: UnsentPhoto): Promise<boolean> {
  if (photo.bytes === null || (await store.photos.get(photo.id))) return false;
  const { bytes, thumb, undecoded, ...rest } = photo;
  const row: PhotoRow = {
    ...rest,
    user_id: userId,
    state: 'local',
    attempts: 0,
    last_problem: null,
    not_before: 0,
    ...(undecoded ? { undecoded } : {}),
  };
  await savePhoto(store, row, fromBase64(bytes), thumb === null ? null : fromBase64(thumb));
  return true;
}
