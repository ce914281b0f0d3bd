import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser, Page } from '@playwright/test';

import type { LocalServer } from '../../supabase/local/server.ts';
import { expect, otherDevice, test } from './fixtures.ts';
import { faults, sticksOut } from './looks.ts';
import { publishedPoint } from './screens.ts';
import { acceptCharter, codeFor, photoFile, signIn, standInBasemap } from './steps.ts';

/** A phone tall enough for whole forms, and its page. */
async function phoneOf(browser: Browser, server: LocalServer): Promise<Page> {
  const device = await otherDevice(browser, server, {
    reducedMotion: 'reduce',
    viewport: { width: 390, height: 1800 },
  });
  await standInBasemap(device);
  return device.newPage();
}

/** What was written to an address, from the local folder. */
async function mailsTo(server: LocalServer, email: string): Promise<string> {
  // The folder is made by the first mail.
  const names = await readdir(server.outboxDir).catch(() => []);
  const mails = await Promise.all(names.map((name) => readFile(join(server.outboxDir, name), 'utf8')));
  return mails.filter((mail) => mail.includes(`To: ${email}`)).join('\n');
}

async function looksRight(page: Page, name: string): Promise<void> {
  expect.soft(await faults(page), name).toEqual([]);
  await page.setViewportSize({ width: 320, height: 1800 });
  expect.soft(await sticksOut(page), `${name}, 320 px`).toEqual([]);
  await page.setViewportSize({ width: 390, height: 1800 });
}

test('a stranger reports with a photo, and the group finds it in its queue', async ({ browser, server }) => {
  const point = await publishedPoint(server);
  const page = await phoneOf(browser, server);
  await page.goto(`/#/p/${point}`);
  await page.getByRole('link', { name: 'Signaler un problème' }).click();
  await page.getByRole('button', { name: 'Envoyer au groupe de travail' }).click();
  await expect(page.getByRole('alert')).toContainText('Choisissez ce qui se passe');
  await looksRight(page, 'report, in fault');
  await page.getByText('La description est fausse').click();
  await page.getByLabel('Ce qu’il faut savoir').fill('Le toit est tombé <b>en mars</b>.');

  // Without network nothing is lost, a reload included.
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Envoyer au groupe de travail' }).click();
  await expect(page.getByText(/Votre signalement est gardé sur cet appareil/)).toBeVisible();
  await page.context().setOffline(false);
  await page.reload();
  await expect(page.getByLabel('Ce qu’il faut savoir')).toHaveValue('Le toit est tombé <b>en mars</b>.');

  await page.locator('input[type=file]').setInputFiles(photoFile());
  await expect(page.getByRole('button', { name: 'Retirer la photo' })).toBeVisible();
  await page.getByLabel('Votre adresse e-mail').fill('passante@exemple.fr');
  await page.getByRole('button', { name: 'Envoyer au groupe de travail' }).click();
  await expect(page.getByText('Merci, c’est transmis')).toBeVisible();
  await looksRight(page, 'report, sent');
  const reports = await server.sql<{
    about: string;
    text: string;
    email: string;
    photo: boolean;
    kind: string;
  }>(
    `select r.about, r.text, r.email, r.photo_path is not null as photo, q.kind from app.reports r
     join app.queue q on q.item_id = r.id where r.point_id = $1 and r.user_id is null`,
    [point],
  );
  expect(reports).toEqual([
    {
      about: 'description',
      text: 'Le toit est tombé <b>en mars</b>.',
      email: 'passante@exemple.fr',
      photo: true,
      kind: 'report',
    },
  ]);
  await page.context().close();
});

test('a coordinator invites, and who is invited moderates there and nowhere else', async ({
  browser,
  server,
}) => {
  const guest = 'invitee@exemple.fr';
  const desk = await phoneOf(browser, server);
  await signIn(desk, 'coordination@capitelle.test');
  await desk.goto('/#/groups/heritage');
  // One's own role: the only way is out, and the last one stays.
  await expect(desk.getByRole('button', { name: /^Modifier .*\(vous\)/ })).toHaveCount(0);
  await desk.getByRole('button', { name: /^Quitter / }).click();
  await expect(desk.getByText('Personne ne change son propre rôle.')).toBeVisible();
  await desk.getByRole('button', { name: 'Quitter le groupe' }).click();
  await expect(desk.getByText(/Vous êtes seul à coordonner/)).toBeVisible();
  await looksRight(desk, 'leaving');
  await desk.keyboard.press('Escape');

  await desk.getByRole('button', { name: 'Inviter quelqu’un' }).click();
  const dialog = desk.getByRole('dialog');
  await dialog.getByLabel('Adresse e-mail').fill(guest);
  await dialog.getByText('Certains territoires').click();
  await dialog.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await expect(dialog.getByText('Choisissez au moins un territoire.')).toBeVisible();
  await dialog.getByLabel(/Ajouter une commune/).fill('aude');
  await dialog.getByRole('button', { name: /^Aude\s+département/ }).click();
  await looksRight(desk, 'inviting');
  await dialog.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await expect(desk.getByText(`Invitation envoyée à ${guest}.`)).toBeVisible();
  await expect(desk.getByRole('button', { name: `Reprendre l’invitation de ${guest}` })).toBeVisible();
  await expect.poll(() => mailsTo(server, guest), { timeout: 60_000 }).toMatch(/rejoindre/);
  await looksRight(desk, 'members');

  const phone = await phoneOf(browser, server);
  await phone.goto('/#/sign-up');
  await phone.getByLabel('Adresse e-mail').fill(guest);
  await phone.getByLabel('Mot de passe', { exact: true }).fill('une phrase bien longue');
  await phone.getByRole('button', { name: 'Créer mon compte' }).click();
  await phone.getByLabel('Code à 6 chiffres').fill(await codeFor(server, guest));
  await phone.getByRole('button', { name: 'Continuer' }).click();
  await expect(phone).toHaveURL(/#\/charter$/);
  await phone.getByRole('checkbox', { name: /15 ans/ }).check();
  await phone.getByRole('button', { name: 'J’accepte la charte' }).click();
  await expect(phone.getByRole('heading', { name: 'Votre rôle vous attendait' })).toBeVisible();
  await expect(phone.getByText('Modère, Aude')).toBeVisible();
  await looksRight(phone, 'welcome');
  const scope = await server.sql<{ inside: boolean; outside: boolean }>(
    `select private.moderates(u.id, 'heritage', (select code from app.territories where departement = '11' limit 1)) as inside,
       private.moderates(u.id, 'heritage', '34172') as outside
     from auth.users u where email = $1`,
    [guest],
  );
  expect(scope).toEqual([{ inside: true, outside: false }]);
  await phone.context().close();

  await desk.goto('/#/groups/heritage/heritage');
  await desk.getByLabel('Nouveau motif').fill('le bâtiment est fermé');
  await desk.getByRole('button', { name: 'Ajouter le motif' }).click();
  await expect(desk.getByText('le bâtiment est fermé', { exact: true })).toBeVisible();
  await expect(desk.getByText(/^Aucune version publiée.*145 termes/)).toBeVisible();
  await desk.getByText('Ce qui change').click();
  await expect(desk.getByText(/^Ajouté\s: Lavoir$/)).toBeVisible();
  await desk.getByText('Ce qui change').click();
  await looksRight(desk, 'rules');
  await desk.getByLabel('Ce qu’il faut en savoir').fill('Pour commencer.');
  await desk.getByRole('button', { name: 'Publier la version 1' }).click();
  await expect(desk.getByText(/^Dernière version\s: 1, du .*Rien n’a changé depuis/s)).toBeVisible();
  await desk.getByRole('link', { name: 'Voir et télécharger le vocabulaire' }).click();
  await desk.getByRole('link', { name: 'version 1' }).click();
  await expect(desk.getByRole('heading', { level: 1 })).toHaveText('Petit patrimoine, version 1');
  await expect(desk.getByText('Pour commencer.')).toBeVisible();
  await desk.context().close();
});

test('a sheet and a commune are followed, and how often to be written to is chosen', async ({
  browser,
  server,
}) => {
  const point = await publishedPoint(server);
  const phone = await phoneOf(browser, server);
  await signIn(phone, 'volontaire@capitelle.test');
  if (phone.url().endsWith('/charter')) await acceptCharter(phone);
  await phone.goto(`/#/p/${point}`);
  await phone.getByRole('button', { name: 'Suivre cette fiche' }).click();
  await expect(phone.getByText(/Vous suivez cette fiche/)).toBeVisible();
  await phone.goto('/#/account');
  await phone.getByText('Une fois par jour').click();
  await looksRight(phone, 'account');
  await phone.goto('/#/follows');
  await expect(phone.getByRole('button', { name: /^Ne plus suivre / })).toHaveCount(1);
  await phone.getByLabel('Suivre une commune').fill('trausse');
  await phone.getByRole('button', { name: 'Trausse' }).click();
  await expect(phone.getByRole('button', { name: 'Ne plus suivre Trausse' })).toBeVisible();
  await looksRight(phone, 'follows');
  const [row] = await server.sql<{ digest: string; follows: string }>(
    `select p.digest, (select string_agg(kind, ' ' order by kind) from app.follows f where f.user_id = p.user_id) as follows
     from app.profiles p join auth.users u on u.id = p.user_id where u.email = 'volontaire@capitelle.test'`,
  );
  expect(row).toEqual({ digest: 'daily', follows: 'commune point' });
  await phone.goto('/#/contributions');
  await expect(phone.getByRole('heading', { name: 'Décisions' })).toBeVisible();
  await looksRight(phone, 'contributions');
  await phone.context().close();
});
