import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { makeContributor, PASSWORD } from './accounts.ts';
import { ladenJpeg } from './laden-jpeg.ts';
import {
  createMutation,
  decideMutation,
  newMutationId,
  newPointId,
  outsideClient,
  type OutsideClient,
} from './outside-client.ts';

/** Where the secret points are, to the decimetre. */
export const place = { lon: 2.3512345, lat: 43.2134567 };

/** What no stranger may ever hear: texts, the end of each coordinate, the author's address. */
export const markers = ['SECRET', '3512345', '2134567', 'secret-author'];

export type Secret = 'draft' | 'submitted' | 'withdrawn' | 'rejected' | 'hidden' | 'blurred' | 'open';

/** Points in the states that strangers may not see, what waits on a public one, and those who would like to know. */
export interface Secrets {
  readonly author: OutsideClient;
  readonly attackers: Readonly<
    Record<'nobody' | 'a contributor' | 'a moderator of elsewhere', OutsideClient>
  >;
  readonly points: Readonly<Record<Secret, string>>;
  /** Every mutation that made them. */
  readonly sent: readonly string[];
  /** A photo that waits, in the private bucket. */
  readonly photoPath: string;
  readonly photo: { readonly bytes: Uint8Array<ArrayBuffer>; readonly hash: string };
}

/** Fills a fresh server, through the API alone where it can. */
export async function hideSecrets(server: LocalServer): Promise<Secrets> {
  await server.sql(communes);
  const author = await person('secret-author@exemple.fr');
  await author.call('profile_update', { display_name: 'SECRET NAME' });
  const moderator = await person('moderator@exemple.fr', ['11']);
  const attackers = {
    nobody: await outsideClient(server.url, server.publishableKey, null),
    'a contributor': await person('contributor@exemple.fr'),
    'a moderator of elsewhere': await person('elsewhere@exemple.fr', ['34', '34172']),
  };
  const points = {} as Record<Secret, string>;
  const sent: string[] = [];
  const { bytes } = ladenJpeg();
  const hash = createHash('sha256').update(bytes).digest('hex');

  await capture('draft', 'draft');
  await capture('submitted');
  await capture('withdrawn');
  await about('withdrawn', { kind: 'withdraw' });
  await capture('rejected');
  await decide('rejected', 'reject', { reason: 'other', comment: 'SECRET comment' });
  await capture('hidden', 'submitted', { sensitivity: 'hidden' });
  await decide('hidden', 'publish');
  await capture('blurred', 'submitted', { sensitivity: 'blurred', 'attributes.name': 'Lavoir flou' });
  await decide('blurred', 'publish');
  await capture('open');
  await decide('open', 'publish');
  await about('open', {
    kind: 'edit',
    base_rev: 2,
    base: {},
    patch: { 'attributes.description': 'SECRET proposal' },
  });
  await about('open', { kind: 'comment', text: 'SECRET remark' });
  const photoPath = await addPhoto();
  return { author, attackers, points, sent, photoPath, photo: { bytes, hash } };

  async function person(email: string, territories?: string[]): Promise<OutsideClient> {
    const { id } = await makeContributor(server, email);
    if (territories) {
      await server.sql(
        `insert into app.memberships (user_id, group_id, role, territories) values ($1, 'heritage', 'moderator', $2)`,
        [id, territories],
      );
    }
    return outsideClient(server.url, server.publishableKey, email, PASSWORD);
  }

  async function push(who: OutsideClient, mutation: Record<string, unknown>): Promise<void> {
    sent.push(String(mutation['mutation_id']));
    expect((await who.push(mutation))[0]?.status).toMatch(/applied|pending/);
  }

  function about(name: Secret, fields: Record<string, unknown>): Promise<void> {
    const envelope = { mutation_id: newMutationId(), v: 1, captured_at: new Date().toISOString() };
    return push(author, { ...envelope, point_id: points[name], ...fields });
  }

  async function capture(
    name: Secret,
    status = 'submitted',
    attributes: Record<string, unknown> = {},
  ): Promise<void> {
    const isPublic = name === 'open';
    const mutation = createMutation({
      status,
      patch: {
        geom: { ...(isPublic ? { lon: 2.36, lat: 43.22 } : place), accuracy_m: 8, source: 'gps' },
        concept: 'lavoir',
        'attributes.name': isPublic ? 'Lavoir ouvert' : `SECRET ${name}`,
        ...attributes,
      },
    });
    points[name] = mutation.point_id;
    await push(author, mutation);
  }

  async function decide(name: Secret, decision: string, over: Record<string, unknown> = {}): Promise<void> {
    const [row] = await server.sql<{ rev: number }>('select rev from app.points where id = $1', [
      points[name],
    ]);
    await push(moderator, decideMutation(points[name], row?.rev ?? 0, decision, over));
  }

  async function addPhoto(): Promise<string> {
    const photoId = newPointId();
    const path = `${author.userId}/${points.open}/${photoId}-${hash.slice(0, 16)}.jpg`;
    const bucket = author.supabase.storage.from('photos');
    const { error } = await bucket.upload(path, bytes.buffer, { contentType: 'image/jpeg' });
    expect(error).toBeNull();
    const { data } = await author.supabase.functions.invoke<{ status: string }>('photo_commit', {
      body: {
        photo_id: photoId,
        point_id: points.open,
        path,
        sha256: hash,
        size: bytes.byteLength,
        width: 64,
        height: 48,
        licence: 'CC-BY-SA-4.0',
        caption: 'SECRET caption',
        position: { ...place, accuracy_m: 5 },
      },
    });
    expect(data).toEqual({ status: 'stored' });
    return path;
  }
}

const communes = `
  insert into app.territories (level, code, name, departement, geom) values
  ('commune', '11069', 'Carcassonne', '11', extensions.st_multi(extensions.st_makeenvelope(2.2, 43.1, 2.5, 43.3, 4326))),
  ('commune', '34172', 'Montpellier', '34', extensions.st_multi(extensions.st_makeenvelope(3.7, 43.5, 4.0, 43.7, 4326)))`;
