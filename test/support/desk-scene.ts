import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { jpegSize } from '../../supabase/functions/_shared/jpeg.ts';
import type { LocalServer } from '../../supabase/local/server.ts';
import { makeContributor, PASSWORD } from './accounts.ts';
import {
  createMutation,
  decideMutation,
  newMutationId,
  newPointId,
  outsideClient,
  type OutsideClient,
  type PushResult,
} from './outside-client.ts';

/** Somewhere in the Corbières, away from the points of the demonstration. */
const FAR = { lon: 2.62, lat: 43.02 };
/** Degrees between two points that nothing takes for the same. */
const APART = 0.02;

interface Made {
  readonly id: string;
  readonly rev: number;
}

/** People who make work for a review desk, through the API, on a server with the demonstration. */
export class DeskScene {
  readonly server: LocalServer;
  readonly author: OutsideClient;
  /** Another moderator than the one at the desk. */
  readonly other: OutsideClient;
  #places = 0;

  private constructor(server: LocalServer, author: OutsideClient, other: OutsideClient) {
    this.server = server;
    this.author = author;
    this.other = other;
  }

  static async open(server: LocalServer): Promise<DeskScene> {
    const { url, publishableKey } = server;
    const { email } = await makeContributor(server, `auteur-${crypto.randomUUID().slice(0, 8)}@exemple.fr`);
    await server.sql(
      `update app.profiles set display_name = 'Aurore B.' where user_id = (select id from auth.users where email = $1)`,
      [email],
    );
    const author = await outsideClient(url, publishableKey, email, PASSWORD);
    return new DeskScene(
      server,
      author,
      await outsideClient(url, publishableKey, 'coordination@capitelle.test'),
    );
  }

  /** Nothing waits any more but what is made from now on. */
  async clear(): Promise<void> {
    await this.server.sql(`update app.points set status = 'withdrawn' where status = 'submitted'`);
    await this.server.sql(`update app.revisions set state = 'withdrawn' where state = 'pending'`);
    await this.server.sql(`update app.photos set state = 'refused' where state = 'pending'`);
    await this.server.sql(`update app.reports set state = 'closed' where state = 'open'`);
  }

  /** A wash-house that waits, far from any other unless told where. */
  async submit(
    name: string,
    patch: Record<string, unknown> = {},
    more: Record<string, unknown> = {},
  ): Promise<Made> {
    this.#places += 1;
    const place = {
      lon: FAR.lon + APART * (this.#places % 20),
      lat: FAR.lat + APART * Math.floor(this.#places / 20),
    };
    const point_id = newPointId();
    const create = createMutation({
      point_id,
      patch: {
        geom: { ...place, accuracy_m: 8, source: 'gps' },
        concept: 'lavoir',
        'attributes.name': name,
        ...patch,
      },
      ...more,
    });
    return { id: point_id, rev: revOf(await this.author.push(create)) };
  }

  /** The same, published by the other moderator. */
  async publish(name: string, patch: Record<string, unknown> = {}): Promise<Made> {
    const made = await this.submit(name, patch);
    return this.decide(made, 'publish');
  }

  /** The other moderator decides. */
  async decide({ id, rev }: Made, decision: string, over: Record<string, unknown> = {}): Promise<Made> {
    return { id, rev: revOf(await this.other.push(decideMutation(id, rev, decision, over))) };
  }

  /** The author proposes a change. Answers the revision, or the new rev of an unpublished point. */
  async edit(
    { id, rev }: Made,
    base: Record<string, unknown>,
    patch: Record<string, unknown>,
    by = this.author,
  ): Promise<PushResult> {
    const [result] = await by.push({
      mutation_id: newMutationId(),
      v: 1,
      kind: 'edit',
      point_id: id,
      captured_at: new Date().toISOString(),
      base_rev: rev,
      base,
      patch,
    });
    if (!result) throw new Error('no answer');
    return result;
  }

  /** A photo of the demonstration, given to a point. */
  async photo({ id }: Pick<Made, 'id'>, file = 'lavoir'): Promise<void> {
    const { supabase, userId } = this.author;
    const bytes = Uint8Array.from(await readFile(`supabase/seed/demo/photos/${file}.jpg`));
    const small = Uint8Array.from(await readFile(`supabase/seed/demo/photos/${file}-t.jpg`));
    const photo_id = newPointId();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = `${userId ?? ''}/${id}/${photo_id}-${sha256.slice(0, 16)}.jpg`;
    const store = supabase.storage.from('photos');
    const options = { contentType: 'image/jpeg' };
    await store.upload(path, bytes, options);
    await store.upload(path.replace('.jpg', '-t.jpg'), small, options);
    const declaration = {
      photo_id,
      point_id: id,
      path,
      sha256,
      size: bytes.byteLength,
      ...jpegSize(bytes),
      licence: 'CC-BY-SA-4.0',
      taken_at: new Date().toISOString(),
    };
    const { data, error } = await supabase.functions.invoke('photo_commit', { body: declaration });
    if (error) throw error;
    if ((data as { status: string }).status !== 'stored') throw new Error(JSON.stringify(data));
  }

  /** Somebody from the public says what is wrong. */
  async report(id: string, body: Record<string, unknown>): Promise<void> {
    const { url, publishableKey } = this.server;
    const answer = await fetch(`${url}/functions/v1/report`, {
      method: 'POST',
      headers: { apikey: publishableKey, 'content-type': 'application/json' },
      body: JSON.stringify({ point_id: id, ...body }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async statusOf(id: string): Promise<string | undefined> {
    const [row] = await this.server.sql<{ status: string }>('select status from app.points where id = $1', [
      id,
    ]);
    return row?.status;
  }
}

function revOf([result]: readonly PushResult[]): number {
  if (result?.rev === undefined) throw new Error(JSON.stringify(result));
  return result.rev;
}
