import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { LocalServer } from '../../supabase/local/server.ts';
import { expect, otherDevice, test } from './fixtures.ts';
import { beginCapture, chooseTerm, DEMO_PASSWORD, saveCapture, signIn, standInBasemap } from './steps.ts';

/** Seeds an inventory that no line of the app knows of: a file, and what an administrator says of who moderates. */
async function seedFountains(server: LocalServer): Promise<void> {
  const file = join(import.meta.dirname, '../fixtures/themes/fountains.json');
  const { group, scheme, theme } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const json = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'::jsonb`;
  await server.sql(`select private.put_groups(${json([group])})`);
  await server.sql(`select private.put_concept_scheme(${json(scheme)})`);
  await server.sql(`select private.put_theme(${json(theme)})`);
  await server.sql(`insert into app.memberships (user_id, group_id, role, territories)
    select id, 'fountains', 'moderator', '{*}' from auth.users where email = 'moderation@capitelle.test'`);
}

test('a fourth inventory is a seed file: captured, checked, sent, moderated, on the map, in the list, on a sheet', async ({
  browser,
  server,
}) => {
  await seedFountains(server);
  const phone = await otherDevice(browser, server);
  await standInBasemap(phone);
  const page = await phone.newPage();
  // Coordinators may capture at once: their charter is accepted.
  await signIn(page, 'coordination@capitelle.test');

  await beginCapture(page, 'Fontaines à boire');
  await chooseTerm(page, 'borne fontaine', /^Borne à boire/);
  await page.getByRole('button', { name: 'Enregistrer ce point' }).click();
  await expect(page.getByRole('alert')).toContainText('L’eau coule-t-elle ?');
  await page.getByText('Elle ne coule pas').click();
  await expect(page.getByText('Depuis quand ne coule-t-elle plus ?')).toBeVisible();
  await page.getByText('Elle coule', { exact: true }).click();
  await expect(page.getByText('Depuis quand ne coule-t-elle plus ?')).toHaveCount(0);
  await page.getByText('Compléter la fiche').click();
  await page.getByLabel('Hauteur du jet').fill('900');
  await page.getByRole('button', { name: 'Enregistrer ce point' }).click();
  await expect(page.getByText('Écrivez 200 au plus.').first()).toBeVisible();
  await page.getByLabel('Hauteur du jet').fill('85');
  await page.getByLabel('Modèle').fill('Bayard');
  await page.getByRole('button', { name: 'Ajouter : Robinet' }).click();
  await page.getByText('Levier').click();
  await saveCapture(page);

  const sent = () =>
    server.sql<{ id: string; attributes: object }>(
      "select id, attributes from app.points where theme = 'fountains'",
    );
  await expect.poll(async () => (await sent()).length).toBe(1);
  const [point] = await sent();
  expect(point?.attributes).toEqual({
    condition: 'runs',
    height_cm: 85,
    modele: 'Bayard',
    taps: [{ kind: 'lever' }],
  });

  // The server says the same as the phone.
  const call = async (rpc: string, token: string, p: object) => {
    const answer = await fetch(`${server.url}/rest/v1/rpc/${rpc}`, {
      method: 'POST',
      headers: {
        apikey: server.publishableKey,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ p }),
    });
    return (await answer.json()) as { results: { status: string; code?: string }[] };
  };
  const signedIn = await fetch(`${server.url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: server.publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'moderation@capitelle.test', password: DEMO_PASSWORD }),
  });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const push = (mutation: object) =>
    call('sync_push', token, {
      device_id: 'test',
      client: { name: 'test', version: '1.0.0' },
      mutations: [
        { mutation_id: crypto.randomUUID(), v: 1, captured_at: new Date().toISOString(), ...mutation },
      ],
    });
  const geom = { lon: 2.56, lat: 43.32, accuracy_m: 8, source: 'gps' };
  const incomplete = {
    kind: 'create',
    point_id: crypto.randomUUID(),
    theme: 'fountains',
    form_rev: 1,
    patch: { geom },
  };
  expect((await push(incomplete)).results).toMatchObject([
    { status: 'rejected', code: 'invalid_attributes' },
  ]);

  // A moderator of the new group publishes it; the public map, the list and the sheet have it.
  const decided = await push({ kind: 'decide', point_id: point?.id, seen_rev: 1, decision: 'publish' });
  expect(decided.results).toMatchObject([{ status: 'applied' }]);
  const visitor = await otherDevice(browser, server);
  await standInBasemap(visitor);
  const screen = await visitor.newPage();
  const tile = await visitor.request.get(
    `${server.url}/rest/v1/rpc/map_tile?z=16&x=${tileX(16)}&y=${tileY(16)}&themes=fountains`,
    { headers: { apikey: server.publishableKey } },
  );
  expect(((await tile.json()) as { points: string[][] }).points.map(([id]) => id)).toEqual([point?.id]);
  await screen.goto('/#/?view=list&themes=fountains');
  await expect(screen.getByText('Bayard').first()).toBeVisible();
  await screen.goto(`/#/p/${point?.id ?? ''}`);
  await expect(screen.getByRole('heading', { level: 1, name: 'Bayard' })).toBeVisible();
  await expect(screen.getByText('Borne à boire').first()).toBeVisible();
  await expect(screen.getByText('Elle coule')).toBeVisible();
  await expect(screen.getByText(/85\s*cm/)).toBeVisible();
  await phone.close();
  await visitor.close();
});

const HERE = { lon: 2.5512, lat: 43.3215 };
const tileX = (z: number) => Math.floor(((HERE.lon + 180) / 360) * 2 ** z);
const tileY = (z: number) => {
  const radians = (HERE.lat * Math.PI) / 180;
  return Math.floor(((1 - Math.log(Math.tan(radians) + 1 / Math.cos(radians)) / Math.PI) / 2) * 2 ** z);
};
