// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Contributions } from '../../src/state/contributions.svelte.ts';
import { Follows } from '../../src/state/follows.svelte.ts';
import { ThemeRules } from '../../src/state/theme-rules.svelte.ts';
import { tellLanguage } from '../../src/state/told-language.ts';
import { WorkingGroups } from '../../src/state/working-groups.svelte.ts';
import { type Crowd, gather, type Person } from '../support/crowd.ts';
import type { Phone } from '../support/phone.ts';

const GROUP = 'patrimoine';
const EVERYWHERE = ['*'];
/** One more than a page of contributions. */
const DECIDED = 31;

/** What the screens of people read and write, against the real server. */
describe('people', { timeout: 300_000 }, () => {
  let crowd: Crowd;
  let author: Person;
  let desk: Phone;
  let group = GROUP;
  let groups: WorkingGroups;
  let rules: ThemeRules;

  beforeAll(async () => {
    crowd = await gather();
    author = await crowd.somebody();
    desk = await crowd.moderator();
    await crowd.server.sql(`update app.memberships set role = 'coordinator' where user_id = $1`, [
      desk.ctx.userId,
    ]);
    const [row] = await crowd.server.sql<{ group_id: string }>(
      `select group_id from app.themes where id = 'heritage'`,
    );
    group = row?.group_id ?? GROUP;
    const { api, userId } = desk.ctx;
    const nothing = () => Promise.resolve();
    groups = new WorkingGroups({ api, userId: () => userId, refreshMe: nothing });
    rules = new ThemeRules({ api, theme: () => undefined, refreshThemes: nothing });
  }, 300_000);
  afterAll(() => crowd.close());

  it('are invited, and an invitation taken back is gone', async () => {
    await groups.invite(group, ' invitee@exemple.fr ', { role: 'moderator', territories: EVERYWHERE });
    const [open] = groups.group(group)?.invitations ?? [];
    expect(open).toMatchObject({ email: 'invitee@exemple.fr', role: 'moderator' });
    await groups.revoke(open?.id ?? '');
    expect(groups.group(group)?.invitations).toEqual([]);
    await expect(groups.revoke(open?.id ?? '')).rejects.toThrow();
  });

  it('are written to in the language of their app, of which the server is told once', async () => {
    const { api, precious, userId } = author.phone.ctx;
    const spoken = () =>
      crowd.server.sql<{ lang: string }>('select lang from app.profiles where user_id = $1', [userId]);
    let calls = 0;
    author.phone.network.detours.set('preferences_set', (go) => {
      calls += 1;
      return go();
    });
    await tellLanguage({ api, precious }, userId, 'fr');
    expect(calls).toBe(0);
    for (let start = 0; start < 2; start++) await tellLanguage({ api, precious }, userId, 'en');
    expect([calls, await spoken()]).toEqual([1, [{ lang: 'en' }]]);
    author.phone.network.detours.set('preferences_set', () => Promise.reject(new TypeError('no network')));
    await expect(tellLanguage({ api, precious }, userId, 'fr')).rejects.toThrow();
    author.phone.network.detours.delete('preferences_set');
    await tellLanguage({ api, precious }, userId, 'fr');
    expect(await spoken()).toEqual([{ lang: 'fr' }]);
  });

  it('are given another role, and removed; nobody changes their own', async () => {
    const { id } = await crowd.somebody();
    await crowd.server.sql(
      `insert into app.memberships (user_id, group_id, role, territories) values ($1, $2, 'contributor', '{*}')`,
      [id, group],
    );
    const held = () => groups.group(group)?.members.find(({ user_id }) => user_id === id)?.role;
    await groups.change(group, id, { role: 'moderator', territories: EVERYWHERE });
    expect(held()).toBe('moderator');
    const own = { role: 'moderator', territories: EVERYWHERE };
    await expect(groups.change(group, desk.ctx.userId, own)).rejects.toThrow();
    await groups.remove(group, id);
    expect(held()).toBe(undefined);
  });

  it('set the trust and the messages of their theme, within bounds', async () => {
    await rules.setTrust('heritage', { enabled: true, accepted: 5, audit: 0.2 });
    const [row] = await crowd.server.sql(
      `select settings -> 'trust' as trust from app.themes where id = 'heritage'`,
    );
    expect(row).toMatchObject({ trust: { enabled: true, accepted: 5, audit: 0.2 } });
    await expect(rules.setTrust('heritage', { enabled: true, accepted: 5, audit: 2 })).rejects.toMatchObject({
      problem: { code: 'invalid_argument' },
    });
    expect(rules.trust('heritage').audit).toBe(0.2);
    await rules.setTrust('heritage', { enabled: false, accepted: 5, audit: 0.2 });

    const written = {
      theme: 'heritage',
      label: 'Flou',
      text: 'La photo est floue.',
      decision: null,
      reason: null,
    };
    await rules.write(written);
    const [message] = rules.templates('heritage') ?? [];
    expect(message).toMatchObject({ label: 'Flou', text: 'La photo est floue.' });
    await rules.write({ ...written, id: message?.id ?? '', text: 'Reprenez-la de plus près.' });
    expect(rules.templates('heritage')).toMatchObject([
      { id: message?.id, text: 'Reprenez-la de plus près.' },
    ]);
    await rules.removeTemplate(message?.id ?? '');
    expect(rules.templates('heritage')).toEqual([]);
  });

  it('are mailed what moved of what they follow, and read what became of theirs by pages and offline', async () => {
    const reader = await crowd.somebody();
    const follows = new Follows({ api: reader.phone.ctx.api, userId: () => reader.id });
    await follows.choose('daily');
    await follows.set({ kind: 'theme', target: 'heritage' }, true);
    expect(follows.has('theme', 'heritage')).toBe(true);
    await crowd.server.sql(
      `update app.profiles set digest_sent_at = now() - interval '2 days' where user_id = $1`,
      [reader.id],
    );

    const { phone } = author;
    const ids: string[] = [];
    for (let n = 0; n < DECIDED; n++) {
      const geom = { lon: 2.4 + n * 0.01, lat: 43.3, accuracy_m: 8, source: 'gps' };
      ids.push(await phone.capture({ patch: { geom, 'attributes.name': `Lavoir ${n}` } }));
    }
    expect(await phone.sync()).toBeNull();
    for (const point_id of ids)
      await desk.enqueue({ kind: 'decide', point_id, seen_rev: 1, decision: 'publish' });
    desk.clock = () => new Date(Date.now() + 60_000);
    expect(await desk.sync()).toBeNull();

    await crowd.server.sql('select private.send_digests()');
    await crowd.server.drainJobs();
    const folder = crowd.server.outboxDir;
    const mails = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
    );
    const told = mails.filter((mail) => mail.includes(`To: ${reader.email}`) && mail.includes('nouveaut'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`Petit patrimoine : ${DECIDED} nouveaut`);

    const { api, cache } = phone.ctx;
    const deps = { api, cache: () => cache, userId: () => author.id };
    const online = new Contributions(deps);
    await online.load();
    expect([online.items?.length, online.hasMore, online.problem]).toEqual([DECIDED - 1, true, null]);
    await online.more();
    expect(online.hasMore).toBe(false);
    expect(new Set(online.items?.map(({ point_id }) => point_id))).toEqual(new Set(ids));

    phone.network.isUp = false;
    const offline = new Contributions(deps);
    await offline.load();
    expect([offline.items?.length, offline.hasMore]).toEqual([DECIDED - 1, false]);
    expect(offline.problem).toMatchObject({ recovery: 'wait_network' });
    const another = new Contributions({ ...deps, userId: () => null });
    await another.load();
    expect(another.items).toBe(null);
  });
});
