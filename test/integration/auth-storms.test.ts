// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { saveDraft } from '../../src/db/drafts.ts';
import { newDraft } from '../../src/domain/draft.ts';
import { newPointId } from '../../src/domain/id.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { type Problem, problemOf } from '../../src/domain/problems.ts';
import { runRound } from '../../src/sync/round.ts';
import { makeContributor } from '../support/accounts.ts';
import { type Crowd, gather, type Person } from '../support/crowd.ts';
import { jpegWithExif } from '../support/outside-client.ts';
import { type Detour, Network, type Phone, random } from '../support/phone.ts';

/** Longer than a call takes, shorter than the library insists on refreshing a session. */
const PATIENCE_MS = 4_000;

const answer = (body: string, status: number): Detour => {
  return () => Promise.resolve(new Response(body, { status }));
};
const PORTAL = '<html>Bienvenue sur le Wi-Fi de la gare</html>';

/** What may meet every request of a phone, those of the session among them. */
const ROADS: [string, Detour][] = [
  ['no network', () => Promise.reject(new TypeError('fetch failed'))],
  ['a portal that says 200', answer(PORTAL, 200)],
  ['a portal that says 403', answer(PORTAL, 403)],
  ['408', answer('', 408)],
  ['429', answer('{"code":429,"error_code":"over_request_rate_limit","msg":"Slow down"}', 429)],
  ['500', answer('', 500)],
  ['503 of a proxy', answer('<html>Bad gateway</html>', 503)],
];

/** Whatever becomes of a session, what waits on the phone waits as it was (invariant I10). */
describe('a storm over the session', { timeout: 300_000 }, () => {
  let crowd: Crowd;
  beforeAll(async () => {
    crowd = await gather();
  }, 300_000);
  afterAll(() => crowd.close());

  for (const session of ['a good token', 'a token that has expired']) {
    it.concurrent.each(ROADS)(`${session}, %s: all waits, and the session stays`, async (_name, road) => {
      const { person, phone, points } = await withWork(crowd);
      if (session !== 'a good token') expire(phone);
      const before = { work: await workOf(phone), session: [...phone.session] };
      phone.network.detours.set('', road);
      expect(await round(phone), 'the round says that it did not go through').not.toBeNull();
      expect({ work: await workOf(phone), session: [...phone.session] }).toEqual(before);
      await allArrives(crowd, person, points);
    });
  }

  it.concurrent('an expired token that the server renews: all leaves', async () => {
    const { person, phone, points } = await withWork(crowd);
    expire(phone);
    expect(await phone.sync()).toBeNull();
    await allArrives(crowd, person, points);
  });

  it.concurrent('a session that the server has ended: all waits for a new sign-in', async () => {
    const { person, phone, points } = await withWork(crowd);
    const before = await workOf(phone);
    // Signed out everywhere, from another phone.
    const other = await crowd.otherPhone(person);
    await (await other.ctx.api.supabase()).auth.signOut({ scope: 'global' });
    expire(phone);
    expect(await round(phone)).toMatchObject({ code: 'auth_required', recovery: 'sign_in' });
    expect(await workOf(phone)).toEqual(before);
    await phone.signIn(person.email);
    await allArrives(crowd, person, points);
  });

  it.concurrent.each([
    ['401 to the data', answer('{"code":"PT401","message":"auth_required"}', 401)],
    ['nothing, as to somebody without account', answer('[]', 200)],
    ['nothing at all', answer('', 200)],
    ['an answer cut in the middle', cut],
    ['the answer to another user', ofAnotherUser],
  ])('a good token, %s: all waits', async (_name, road) => {
    const { person, phone, points } = await withWork(crowd);
    const before = await workOf(phone);
    phone.network.detours.set('/rest/v1/', road);
    phone.network.detours.set('/functions/v1/', road);
    expect(await round(phone)).not.toBeNull();
    expect(await workOf(phone)).toEqual(before);
    await allArrives(crowd, person, points);
  });

  it.concurrent('nobody signed in: nothing leaves, and nothing as nobody', async () => {
    const { person, phone, points } = await withWork(crowd);
    const before = await workOf(phone);
    phone.session.clear();
    phone.restart();
    phone.network.requests.length = 0;
    expect(await round(phone)).toMatchObject({ code: 'auth_required' });
    expect(phone.network.requests).toEqual([]);
    expect(await workOf(phone)).toEqual(before);
    await phone.signIn(person.email);
    await allArrives(crowd, person, points);
  });

  it.concurrent('another user signed in: theirs leaves, the first one’s waits', async () => {
    const { person, phone, points } = await withWork(crowd);
    const before = await workOf(phone);
    const second = await makeContributor(crowd.server, `second-${person.email}`);
    await phone.signIn(second.email);
    // The first one's runner, were it still there, would not borrow the second one's session.
    expect(await round(phone)).toMatchObject({ code: 'wrong_user' });
    phone.restart(second.id);
    const theirs = await phone.capture();
    expect(await phone.sync()).toBeNull();
    expect(await authors(crowd, [theirs, ...points])).toEqual([second.id]);
    phone.restart(person.id);
    expect(await workOf(phone)).toEqual(before);
    await phone.signIn(person.email);
    await allArrives(crowd, person, points);
  });
});

let workers = 0;

interface Worker {
  readonly person: Person;
  readonly phone: Phone;
  /** Points whose create waits. */
  readonly points: string[];
}

/** Somebody with a capture and its photo, an edit under way and a draft, all saved without network. */
async function withWork(crowd: Crowd): Promise<Worker> {
  const account = await makeContributor(crowd.server, `orage${++workers}@capitelle.test`);
  const phone = await crowd.otherPhone(account);
  phone.network.isUp = false;
  const { bytes, width, height } = jpegWithExif();
  const id = newPointId(phone.clock(), random);
  const photo = await phone.takePhoto(id, bytes.slice().buffer, { width, height });
  await phone.capture({ point_id: id, expected_photos: 1 }, { photoIds: [photo.id] });
  const second = await phone.capture();
  const origin = {
    userId: account.id,
    formRev: 1,
    pointId: newPointId(phone.clock(), random),
    theme: 'heritage',
  };
  await saveDraft(phone.ctx.precious, newDraft(origin, phone.clock()));
  // One attempt without network: from now on the texts are fixed.
  await phone.sync();
  phone.network.isUp = true;
  phone.clock = () => new Date(Date.now() + LIMITS.backoffMaxMs);
  await phone.enqueue({
    kind: 'edit',
    point_id: id,
    base_rev: 0,
    base: { 'attributes.condition': null },
    patch: { 'attributes.condition': 'good' },
  });
  return { person: { ...account, phone }, phone, points: [id, second] };
}

/** A round that is cut after a while, as the runner cuts those that last. */
function round(phone: Phone): Promise<Problem | null> {
  return runRound(phone.ctx, AbortSignal.timeout(PATIENCE_MS), () => undefined).catch(problemOf);
}

/** Everything precious, byte by byte. Attempts and their hours are the machine's own notes. */
async function workOf({ ctx: { precious } }: Phone): Promise<unknown> {
  const rows = await precious.outbox.orderBy('n').toArray();
  const photos = await precious.photos.toArray();
  const bytes = [...(await precious.photo_bytes.toArray()), ...(await precious.photo_thumbs.toArray())];
  return {
    outbox: rows.map((row) => ({
      ...row,
      frozen: row.frozen ?? JSON.stringify(row.mutation),
      attempts: 0,
      not_before: 0,
      last_problem: null,
    })),
    drafts: await precious.drafts.toArray(),
    photos: photos.map((photo) => ({ ...photo, attempts: 0, not_before: 0, last_problem: null })),
    bytes: bytes.map((one) => [one.id, Buffer.from(one.bytes).toString('base64')]),
  };
}

/** The token is over by the phone's own clock: the library must ask for another. */
function expire(phone: Phone): void {
  for (const [key, text] of phone.session) {
    const session = JSON.parse(text) as { expires_at?: number };
    if (session.expires_at) phone.session.set(key, JSON.stringify({ ...session, expires_at: 1_000 }));
  }
  phone.restart();
}

/** The storm is over: the app is opened again, and everything is there, once. */
async function allArrives(crowd: Crowd, { id, phone }: Person, points: string[]): Promise<void> {
  // What the old app still tries, it tries on the old road.
  phone.network.isUp = false;
  phone.network = new Network();
  phone.restart(id);
  phone.clock = () => new Date(Date.now() + 2 * LIMITS.longestWaitMs);
  expect(await phone.sync()).toBeNull();
  expect(await authors(crowd, points)).toEqual([id, id]);
  expect(await crowd.onServer(points[0] ?? '')).toMatchObject([{ attributes: { condition: 'good' } }]);
  const photos = await crowd.server.sql('select id from app.photos where point_id = any ($1)', [points]);
  expect(photos).toHaveLength(1);
  const { outbox, drafts, photo_bytes } = phone.ctx.precious;
  const mine = await outbox.where('user_id').equals(id).count();
  expect([mine, await drafts.count(), await photo_bytes.count()]).toEqual([0, 1, 0]);
}

async function authors(crowd: Crowd, points: string[]): Promise<string[]> {
  const rows = await crowd.server.sql<{ author: string }>(
    'select author from app.points where id = any ($1) order by id',
    [points],
  );
  return rows.map((row) => row.author);
}

/** An answer of which the network kept the end. */
async function cut(go: () => Promise<Response>): Promise<Response> {
  const text = await (await go()).text();
  return new Response(text.slice(0, text.length / 2));
}

/** Right in everything but whom it speaks to. */
async function ofAnotherUser(go: () => Promise<Response>): Promise<Response> {
  const told = (await (await go()).json()) as object;
  return Response.json({ ...told, user_id: '018f0000-0000-7000-8000-000000000000' });
}
