// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeContributor } from '../support/accounts.ts';
import { peopleOf } from '../support/crowd.ts';
import { jpegWithExif } from '../support/outside-client.ts';
import { faultsAtRest, heldLines, lostNow, visibleLines } from '../support/oracle.ts';
import { Phone } from '../support/phone.ts';
import { findPostgres } from '../support/postgres.ts';
import { leaveOpen, openSite, type Site } from '../support/site.ts';
import { Volunteer } from '../support/volunteer.ts';

const WRITERS = 16;
const POWER_CUTS = 3;
// Two communes of two départements, in one cell.
const AUDE = { lon: 2.5512, lat: 43.3215 };
const HERAULT = { lon: 2.5612, lat: 43.3215 };

const WAITING = "p.status = 'submitted'";

/** The real engine against a real PostgreSQL that is slow, cut, busy elsewhere or restored. SQL tells the truth. */
describe.skipIf((await findPostgres()) === undefined)('a PostgreSQL in trouble', { timeout: 300_000 }, () => {
  let site: Site;
  let sql: Site['sql'];
  let people: ReturnType<typeof peopleOf>;
  let volunteers: Volunteer[];
  let desk: Phone;
  let photographers: Volunteer[];

  beforeAll(async () => {
    site = await openSite();
    sql = site.sql;
    people = peopleOf(site.servers[0]);
    for (const statement of [holdCommit, holdSomeCommits, twoCommunes]) await sql(statement);
    volunteers = await Promise.all(Array.from({ length: WRITERS }, (_, n) => volunteer(n)));
    desk = await people.moderator();
    photographers = volunteers.slice(-2);
  }, 300_000);
  afterAll(() => site.close());

  async function volunteer(n: number): Promise<Volunteer> {
    const server = site.servers[n % 2 ? 1 : 0];
    const account = await makeContributor(server, `voisin${n}@capitelle.test`);
    const phone = new Phone(server, account.id);
    await phone.signIn(account.email);
    return new Volunteer(phone);
  }

  /** Captures and renames, here and there, and lets the phone send when it likes. */
  async function goOut(one: Volunteer, day: string, captures = 3): Promise<void> {
    for (let n = 0; n < captures; n++) {
      const id = await one.capture(`Lavoir ${day}.${n}`, Math.random() < 0.5 ? AUDE : HERAULT);
      if (Math.random() < 0.7) await one.sync();
      if (Math.random() < 0.2) one.phone.restart();
      const known = [...one.saved.keys()];
      await one.rename(known[Math.floor(Math.random() * known.length)] ?? id, `Fontaine ${day}.${n}`);
    }
    await one.sync();
  }

  /** Does something again and again until the work is over. */
  async function meanwhile(work: Promise<unknown>, again: () => Promise<unknown>): Promise<void> {
    let isOver = false;
    void work.catch(() => undefined).finally(() => (isOver = true));
    while (!isOver) await again();
    await work;
  }

  async function receipts(): Promise<number> {
    return (await sql<{ count: number }>('select count(*)::int as count from app.receipts'))[0]?.count ?? 0;
  }

  /** What the phone says of the photos of a point: stored, or what is wrong with them. */
  async function photoStates({ phone }: Volunteer, point: string): Promise<string[]> {
    const rows = await phone.ctx.precious.photos.where('point_id').equals(point).toArray();
    return rows.map((row) => (row.state === 'refused' ? (row.last_problem?.code ?? '') : row.state));
  }

  async function photosOnServer(point: string): Promise<number> {
    return (await sql('select id from app.photos where point_id = $1', [point])).length;
  }

  it('loses and doubles nothing when the power goes in mid-push', async () => {
    for (let day = 1; day <= POWER_CUTS; day++) {
      const before = await receipts();
      const work = Promise.all(volunteers.map((one, n) => goOut(one, `${day}.${n}`)));
      const enough = before + WRITERS + Math.random() * WRITERS * 3;
      const cut = (async () => {
        while ((await receipts()) < enough);
        await site.powerCut();
      })();
      await meanwhile(Promise.all([work, cut]), () => desk.sync());
      expect(await lostNow(sql, volunteers)).toEqual([]);
    }
    // The cuts were felt: this was no quiet day.
    expect(volunteers.some((one) => one.interrupted > 0)).toBe(true);
    await Promise.all(volunteers.map((one) => one.syncToTheEnd()));
    expect(await faultsAtRest(sql, volunteers)).toEqual([]);
    expect(await desk.sync()).toBeNull();
    expect(await heldLines(desk, 'm:me')).toEqual(await visibleLines(sql, WAITING));
    for (const { phone } of volunteers)
      expect(await heldLines(phone, 'u:me')).toEqual(
        await visibleLines(sql, 'p.author = $1', [phone.ctx.userId]),
      );
  });

  it('misses no row of sixteen writers, while a transaction idles in another database', async () => {
    const release = await leaveOpen(await site.cluster.createDatabase('elsewhere'));
    const held = await heldLines(desk, 'm:me');
    await Promise.all(volunteers.map((one, n) => goOut(one, `idle.${n}`, 2)));
    await sql("update app.changes set changed_at = changed_at - interval '7 seconds'");
    // Not "up to date": the server is busy, and says so.
    expect(await desk.sync()).toMatchObject({ code: 'server_busy' });
    expect(await heldLines(desk, 'm:me')).toEqual(held);
    const writing = Promise.all(volunteers.map((one, n) => goOut(one, `freed.${n}`, 2)));
    await release();
    await meanwhile(writing, () => desk.sync());
    await Promise.all(volunteers.map((one) => one.syncToTheEnd()));
    expect(await desk.sync()).toBeNull();
    expect(await heldLines(desk, 'm:me')).toEqual(await visibleLines(sql, WAITING));
    expect(await faultsAtRest(sql, volunteers)).toEqual([]);
  });

  it('shows a moderator their territory and nothing else, however often it changes', async () => {
    const me = desk.ctx.userId;
    const territories = async (codes: string[]) => {
      await sql('delete from app.memberships where user_id = $1', [me]);
      if (codes.length > 0)
        await sql(
          `insert into app.memberships (user_id, group_id, role, territories)
           select $1, id, 'moderator', string_to_array($2, ',') from app.groups`,
          [me, codes.join(',')],
        );
    };
    const scopes: [codes: string[], condition: string][] = [
      [['11'], `${WAITING} and p.commune = '11202'`],
      [[], 'false'],
      [['34'], `${WAITING} and p.commune = '34032'`],
      [['*'], WAITING],
      [['34032', '11'], `${WAITING} and p.commune in ('11202', '34032')`],
    ];
    const work = Promise.all(volunteers.slice(0, 4).map((one, n) => goOut(one, `roles.${n}`, 3)));
    const flips = (async () => {
      for (let n = 0; n < 12; n++)
        await territories(scopes[Math.floor(Math.random() * scopes.length)]?.[0] ?? []);
    })();
    await meanwhile(Promise.all([work, flips]), () => desk.sync());
    await Promise.all(volunteers.map((one) => one.syncToTheEnd()));
    for (const [codes, condition] of scopes) {
      await territories(codes);
      expect(await desk.sync()).toBeNull();
      expect(await heldLines(desk, 'm:me')).toEqual(await visibleLines(sql, condition));
      expect(await desk.ctx.cache.points.count()).toBe((await visibleLines(sql, condition)).length);
    }
  });

  it.each([
    [
      'a dump',
      async () => {
        const file = await site.cluster.dump(site.databaseName);
        return () => site.cluster.restore(site.databaseName, file);
      },
    ],
    [
      'a copy of the files',
      async () => {
        const copy = await site.cluster.copy();
        return () => site.cluster.returnTo(copy, site.databaseName);
      },
    ],
  ] as const)('brings back what came after a backup, from %s', async (from, backUp) => {
    const photographer = photographers.pop() as Volunteer;
    const early = await photographer.capture('Lavoir d’avant', AUDE, [jpegWithExif()]);
    await photographer.syncToTheEnd();
    const after = volunteers.slice(0, 4);
    const known = await Promise.all(
      after.map((one) => one.capture(`Lavoir de l’avant-veille, ${from}`, HERAULT)),
    );
    await Promise.all(after.map((one) => one.syncToTheEnd()));
    const restore = await backUp();
    const late = await photographer.capture('Lavoir d’après', AUDE, [jpegWithExif()]);
    await photographer.syncToTheEnd();
    for (const [n, one] of after.entries()) await goOut(one, `${from}.${n}`, 2);
    for (const [n, one] of after.entries())
      await one.rename(known[n] ?? '', `Fontaine de la veille, ${from}`);
    await Promise.all(after.map((one) => one.syncToTheEnd()));
    expect(await desk.sync()).toBeNull();
    // What waits at that moment: about a point renamed since the backup, about one that it does not know, a new one.
    for (const [n, one] of after.entries()) {
      one.phone.network.isUp = false;
      await one.rename(known[n] ?? '', `Fontaine du jour, ${from}`);
      await one.rename([...one.saved.keys()].at(-1) ?? '', 'Fontaine du lendemain');
      await one.capture('Lavoir sans réseau', AUDE, [jpegWithExif()]);
      one.phone.network.isUp = true;
    }
    const before = await receipts();
    await restore();
    await site.restartServers();
    expect(await receipts()).toBeLessThan(before);
    // The bytes were freed on the server's word, which the backup has not kept: at least it is said.
    for (let round = 0; round < 3; round++) await photographer.sync();
    expect(await photoStates(photographer, early)).toEqual(['stored']);
    expect(await photosOnServer(early)).toBe(1);
    const [fate] = await photoStates(photographer, late);
    expect(fate).toBe((await photosOnServer(late)) === 1 ? 'stored' : 'photo_bytes_lost');
    if (fate !== 'stored') photographer.saved.get(late)?.photos.clear();
    await Promise.all(after.map((one) => one.syncToTheEnd()));
    expect(await faultsAtRest(sql, volunteers)).toEqual([]);
    // What was done before left before: nobody contradicted anybody.
    expect(await sql('select mutation_id from app.conflicts')).toEqual([]);
    expect(await desk.sync()).toBeNull();
    expect(await heldLines(desk, 'm:me')).toEqual(
      await visibleLines(sql, `${WAITING} and p.commune in ('11202', '34032')`),
    );
  });
});

// One commit in ten waits up to 30 ms: transactions end in another order than they began.
const holdCommit = `
  create function app.hold_commit() returns trigger language plpgsql as $$
  begin
    if random() < 0.1 then perform pg_sleep(random() * 0.03); end if;
    return null;
  end $$`;
const holdSomeCommits = `
  create constraint trigger hold_commit after insert or update on app.points
  deferrable initially deferred for each row execute function app.hold_commit()`;

const twoCommunes = `
  insert into app.territories (level, code, name, departement, geom)
  select 'commune', code, code, left(code, 2), extensions.st_multi(extensions.st_makeenvelope(west, 43, west + 0.5, 44, 4326))
  from (values ('11202', 2.056), ('34032', 2.556)) as t (code, west)
  on conflict (level, code) do update set geom = excluded.geom, departement = excluded.departement`;
