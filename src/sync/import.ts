import { isFinished } from '../db/finished.ts';
import { savePhoto } from '../db/photos.ts';
import type { Precious } from '../db/precious.ts';
import type { OutboxRow, PhotoRow } from '../db/rows.ts';
import { sha256Hex } from '../device/sha256.ts';
import { unzipFile } from '../device/zip.ts';
import type { Draft } from '../domain/draft.ts';
import { ProblemError } from '../domain/problems.ts';
import { UNSENT_LIST, type UnsentFile, unsentFileSchema, type UnsentPhoto } from '../domain/unsent-file.ts';

export interface Imported {
  readonly mutations: number;
  readonly photos: number;
  readonly drafts: number;
}

/** Whose work this device takes back, and for which instance. */
interface ImportOptions {
  readonly userId: string;
  readonly instance: string | null;
}

/**
 * Brings back an archive of unsent work. What this device already has, or has sent, is left alone.
 * Throws ProblemError `unreadable_file` for one that is cut or damaged, before anything of it is
 * taken, `other_instance`, or `wrong_user` when the work is someone else's: a mutation belongs to who
 * did it. Throws `foreign_draft` once all the rest is taken, for drafts whose points another person of
 * this device edits: the archive still has them.
 */
export async function importUnsent(store: Precious, options: ImportOptions, file: Blob): Promise<Imported> {
  const archive = new Uint8Array(await file.arrayBuffer());
  const list = await readList(archive);
  const { userId, instance } = options;
  if (instance !== null && list.instance !== null && list.instance !== instance) {
    throw new ProblemError('other_instance', list.instance);
  }
  if (list.user_id !== userId || list.drafts.some((draft) => draft.user_id !== userId)) {
    throw new ProblemError('wrong_user', 'unsent file');
  }
  let [mutations, photos, drafts] = [0, 0, 0];
  const keep = (photo: UnsentPhoto, state: 'local' | 'draft') =>
    importPhoto(store, { userId, state }, archive, photo);
  // The photos first: a mutation that leaves tells of photos that are here.
  for (const photo of list.photos) if (await keep(photo, 'local')) photos += 1;
  for (const entry of list.mutations) if (await importMutation(store, userId, entry)) mutations += 1;
  const held: string[] = [];
  for (const draft of list.drafts) {
    if (await isForeign(store, draft)) {
      held.push(draft.id);
      continue;
    }
    if (await isKnown(store, draft)) continue;
    const own = list.draft_photos.filter((photo) => draft.photo_ids.includes(photo.id));
    for (const photo of own) if (await keep(photo, 'draft')) photos += 1;
    await store.drafts.add(draft);
    drafts += 1;
  }
  if (held.length > 0) throw new ProblemError('foreign_draft', held.join());
  return { mutations, photos, drafts };
}

/** The list, once every photo that it names was found whole. */
async function readList(archive: Uint8Array): Promise<UnsentFile> {
  try {
    const text = new TextDecoder().decode(unzipFile(archive, UNSENT_LIST));
    const list = unsentFileSchema.parse(JSON.parse(text));
    for (const { file, sha256 } of [...list.photos, ...list.draft_photos]) {
      if (file && (await sha256Hex(bytesOf(archive, file))) !== sha256) throw new Error(`${file} is damaged`);
    }
    return list;
  } catch (cause) {
    throw new ProblemError('unreadable_file', String(cause));
  }
}

function bytesOf(archive: Uint8Array, name: string): ArrayBuffer {
  const bytes = unzipFile(archive, name);
  if (!bytes) throw new ProblemError('unreadable_file', `${name} is missing`);
  return bytes.buffer;
}

/** Another person of this device edits the same point: theirs stays. */
async function isForeign(store: Precious, { id, user_id }: Draft): Promise<boolean> {
  return ((await store.drafts.get(id))?.user_id ?? user_id) !== user_id;
}

/** Begun here too, which may be further on; or finished meanwhile. */
async function isKnown(store: Precious, draft: Draft): Promise<boolean> {
  return (await store.drafts.get(draft.id)) !== undefined || isFinished(store, draft);
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

async function importPhoto(
  store: Precious,
  { userId, state }: { userId: string; state: 'local' | 'draft' },
  archive: Uint8Array,
  { file, thumb, ...photo }: UnsentPhoto,
): Promise<boolean> {
  if (file === null || (await store.photos.get(photo.id))) return false;
  const { undecoded, raw, rank, given_with, found_at, ...rest } = photo;
  const row: PhotoRow = {
    ...rest,
    user_id: userId,
    state,
    attempts: 0,
    last_problem: null,
    not_before: 0,
    ...(undecoded ? { undecoded } : {}),
    ...(raw ? { raw } : {}),
    ...(rank === undefined ? {} : { rank }),
    ...(given_with === undefined ? {} : { given_with }),
    ...(found_at === undefined ? {} : { found_at }),
  };
  await savePhoto(store, row, bytesOf(archive, file), thumb === null ? null : bytesOf(archive, thumb));
  return true;
}
