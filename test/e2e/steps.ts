import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import jpeg from 'jpeg-js';

import type { LocalServer } from '../../supabase/local/server.ts';

export const DEMO_PASSWORD = 'capitelle-demo';

/** A photo as a phone's camera gives it: a real JPEG, large enough to be made smaller. */
export function photoFile(name = 'IMG_0001.jpg', width = 2400, height = 1800) {
  // noise in blocks: as heavy as a photo, and quick to make
  const data = Buffer.alloc(width * height * 4);
  const grain = randomBytes(4096);
  for (let index = 0; index < data.length; index++) {
    data[index] = (grain[(index >> 7) & 4095] ?? 0) ^ ((index >> 16) & 63);
  }
  return { name, mimeType: 'image/jpeg', buffer: jpeg.encode({ data, width, height }, 85).data };
}

/** Answers for the base map, which is somebody else's server: one quiet square. */
export async function standInBasemap(context: BrowserContext): Promise<void> {
  const side = 256;
  const square = jpeg.encode({ data: Buffer.alloc(side * side * 4, 0xdd), width: side, height: side }, 60);
  await context.route('https://data.geopf.fr/**', (route) =>
    route.fulfill({
      contentType: 'image/jpeg',
      body: square.data,
      headers: { 'access-control-allow-origin': '*' },
    }),
  );
}

/** Signs in with a password; ends on the screen that follows. */
export async function signIn(page: Page, email: string, password = DEMO_PASSWORD): Promise<void> {
  await page.goto('/#/sign-in');
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}

/** Reads the charter that follows a first sign-in, ticks and accepts it. */
export async function acceptCharter(page: Page): Promise<void> {
  await expect(page).toHaveURL(/#\/charter$/);
  await page.getByRole('checkbox', { name: /15 ans/ }).check();
  await page.getByRole('button', { name: 'J’accepte la charte' }).click();
  await expect(page).toHaveURL(/#\/$/);
}

/** Waits until the application would start without network. */
export async function becomeInstalled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** Where the tests stand, in the Minervois. */
const HERE = { longitude: 2.5512, latitude: 43.3215, accuracy: 8 };

/** Gives the receiver a fresh fix: the application leaves aside one that is older than a minute. */
export const stand = (context: BrowserContext): Promise<void> => context.setGeolocation(HERE);

/** Opens "Ajouter" and one inventory; ends on the capture, its position found. */
export async function beginCapture(page: Page, theme: string): Promise<void> {
  await stand(page.context());
  await page.goto('/#/add');
  await page.getByRole('button', { name: theme }).click();
  await expect(page).toHaveURL(/#\/capture\//);
  await expect(page.getByText(/^(Précise à|Position GPS)/)).toBeVisible();
}

/** Names the thing: types in the thesaurus' search and takes the term. */
export async function chooseTerm(page: Page, typed: string, term: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Chercher le terme' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Chercher un terme').fill(typed);
  await dialog.getByRole('button', { name: term }).first().click();
  await expect(dialog).toBeHidden();
}

/** Saves the capture on the phone; ends on the outbox. */
export async function saveCapture(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Enregistrer ce point' }).click();
  await expect(page).toHaveURL(/#\/outbox$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Mes envois' })).toBeVisible();
}

/** One row of a list of the outbox, by the name of its point. */
export function outboxRow(page: Page, name: string): Locator {
  return page.locator('.row', { hasText: name });
}

/** The code of the last mail sent to an address. */
export async function codeFor(server: LocalServer, email: string): Promise<string> {
  let code: string | undefined;
  await expect(async () => {
    const names = (await readdir(server.outboxDir)).toSorted();
    for (const name of names) {
      const mail = await readFile(join(server.outboxDir, name), 'utf8');
      if (mail.includes(`To: ${email}\n`)) code = /\b\d{6}\b/.exec(mail)?.[0] ?? code;
    }
    expect(code).toBeDefined();
  }).toPass();
  return code ?? '';
}

/** The code of a mail that came after `before`. */
export async function nextCodeFor(server: LocalServer, email: string, before: string): Promise<string> {
  await expect.poll(() => codeFor(server, email)).not.toBe(before);
  return codeFor(server, email);
}
