import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, type Page } from '@playwright/test';

import { createLocalServer, type LocalServer } from '../../supabase/local/server.ts';
import { makeContributor, PASSWORD } from '../support/accounts.ts';
import { becomeInstalled, beginCapture, chooseTerm, photoFile, signIn } from '../e2e/steps.ts';

export const EMAIL = 'terrain@capitelle.test';

/** A server of one's own, without demonstration, and one contributor. */
export interface Ground {
  server: LocalServer;
  readonly dataDir: string;
  readonly userId: string;
  /** Puts another build of the app in place of the one served, at the same address. */
  redeploy(staticDir: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server that serves a built app. */
export async function openGround(staticDir = 'dist'): Promise<Ground> {
  const dataDir = await mkdtemp(join(tmpdir(), 'capitelle-ground-'));
  const start = (port: number, built: string) =>
    createLocalServer({ dataDir, port, host: '127.0.0.1', demo: false, staticDir: built });
  const server = await start(0, staticDir);
  const { id } = await makeContributor(server, EMAIL);
  const ground: Ground = {
    server,
    dataDir,
    userId: id,
    async redeploy(built) {
      const port = Number(new URL(ground.server.url).port);
      await ground.server.close();
      ground.server = await start(port, built);
    },
    async close() {
      await ground.server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return ground;
}

/** Signs in, and has the app ready to start and to capture without network. */
export async function settleIn(page: Page): Promise<void> {
  await signIn(page, EMAIL, PASSWORD);
  await becomeInstalled(page);
  await page.goto('/#/add');
  await expect(page.getByRole('button', { name: 'Petit patrimoine' })).toBeVisible();
}

/** The camera's file: made once, it takes a second. */
const picture = photoFile('IMG_0001.jpg', 1200, 900);

/** Opens a capture, names the thing; ends when the form says that this is kept. */
export async function beginNamed(page: Page, name: string): Promise<void> {
  await beginCapture(page, 'Petit patrimoine');
  await page.getByRole('radio', { name: 'Bon', exact: true }).check({ force: true });
  await chooseTerm(page, 'lavoir', /^Lavoir/);
  await page.getByLabel('Nom d’usage').fill(name);
  await expect(page.getByText('Gardé ici')).toBeVisible();
}

/** Gives the camera's file to the form, without waiting for what comes of it. */
export async function shoot(page: Page, file = picture): Promise<void> {
  await page.locator('input[type=file][capture]').setInputFiles(file);
}

/** Waits until the photo is on the phone. */
export async function seePhoto(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' })).toBeVisible();
}

/** The one button that commits. */
export function saveButton(page: Page) {
  return page.getByRole('button', { name: /^(Enregistrer ce point|Envoyer à la modération)$/ });
}

/** Waits until nothing waits on this phone. */
export async function arriveWhole(page: Page): Promise<void> {
  await page.goto('/#/outbox');
  await expect(page.getByRole('heading', { name: 'Tout est parti' })).toBeVisible({ timeout: 150_000 });
}

/** Names of the contributor's points, one line a point. */
export async function namesOnServer({ server, userId }: Ground): Promise<string[]> {
  const rows = await server.sql<{ name: string }>(
    "select attributes ->> 'name' as name from app.points where author = $1 order by 1",
    [userId],
  );
  return rows.map(({ name }) => name);
}
