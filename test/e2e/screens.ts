import type { Page } from '@playwright/test';

import type { LocalServer } from '../../supabase/local/server.ts';
import {
  acceptCharter,
  becomeInstalled,
  beginCapture,
  chooseTerm,
  photoFile,
  saveCapture,
  signIn,
} from './steps.ts';
import { expect } from './fixtures.ts';

/** Called on each screen, once it shows what it has to show. */
type Look = (name: string) => Promise<void>;

/** What anybody may open, by address. */
const PUBLIC_SCREENS: readonly (readonly [name: string, path: string])[] = [
  ['map', '/'],
  ['list', '/?view=list'],
  ['nothing found', '/?view=list&q=zzzzzz'],
  ['sign in', '/sign-in'],
  ['sign up', '/sign-up'],
  ['code', '/code'],
  ['sign in by code', '/sign-in-code'],
  ['forgotten password', '/forgotten'],
  ['account, nobody', '/account'],
  ['outbox, nobody', '/outbox'],
  ['add, nobody', '/add'],
  ['nearby', '/nearby'],
  ['about', '/about'],
  ['accessibility', '/accessibility'],
  ['legal', '/legal'],
  ['privacy', '/privacy'],
  ['not found', '/nowhere'],
  ['sheet that is not public', '/p/018f0000-0000-7000-8000-000000000000'],
  ['styles', '/styles'],
];

/** Opens a screen and waits for its title and its content. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(`/#${path}`);
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached();
  // the page of styles shows what waiting looks like, and goes on showing it
  if (path !== '/styles') await expect(page.locator('[aria-busy=true], [role=status] .bars')).toHaveCount(0);
}

/** A published point with a photo, which the demonstration has. */
export async function publishedPoint(server: LocalServer): Promise<string> {
  const [row] = await server.sql<{ id: string }>(
    `select p.id from app.points p join app.photos f on f.point_id = p.id
     where p.status = 'published' and p.sensitivity = 'open' and p.theme = 'heritage' order by p.id limit 1`,
  );
  return row?.id ?? '';
}

/** Walks what someone without account sees. */
export async function visitAsAnybody(page: Page, server: LocalServer, look: Look): Promise<void> {
  for (const [name, path] of PUBLIC_SCREENS) {
    await open(page, path);
    await look(name);
  }
  await open(page, `/p/${await publishedPoint(server)}`);
  await expect(page.getByRole('heading', { name: 'Où' })).toBeVisible();
  await look('sheet');
  // Its term has a page of its own, which is no screen of the application.
  await page.getByRole('link', { name: 'Ce terme dans le thésaurus' }).click();
  await expect(page.getByRole('heading', { name: 'Noms' })).toBeVisible();
  await look('term');
  await page.getByRole('link', { name: 'Petit patrimoine' }).click();
  await expect(page.getByRole('heading', { name: 'Termes' })).toBeVisible();
  await look('vocabulary');
}

/** Walks the screens of the field that the first walk does not meet: what is around, what is taken along, what waits. */
export async function visitTheField(page: Page, server: LocalServer, look: Look): Promise<void> {
  const context = page.context();
  await signIn(page, 'volontaire@capitelle.test');
  if (page.url().endsWith('/charter')) await acceptCharter(page);
  await becomeInstalled(page);
  const known = await placeOf(server, await publishedPoint(server));
  const standThere = () => context.setGeolocation({ longitude: known.lon, latitude: known.lat, accuracy: 8 });

  await standThere();
  await open(page, '/nearby');
  const more = page.getByRole('button', { name: /^Préciser, / }).first();
  await expect(more).toBeVisible();
  await look('nearby');
  await more.click();
  await expect(page.getByRole('button', { name: 'Plus là', exact: true })).toBeVisible();
  await look('observe');
  await page.getByRole('button', { name: 'Plus là', exact: true }).click();
  await page.getByRole('button', { name: 'Signaler qu’il n’y est plus' }).click();
  await expect(page.getByText('Prenez une photo de l’endroit.')).toBeVisible();
  await look('observe, in fault');

  await open(page, '/areas');
  await page.getByRole('button', { name: '1 km', exact: true }).click();
  await expect(page.getByText(/^Environ .*la carte en/)).toBeVisible();
  await look('areas, weighed');
  await page.getByRole('button', { name: 'Emporter ce secteur' }).click();
  await expect(page.getByText(/^Complet, /)).toBeVisible({ timeout: 60_000 });
  await look('areas, taken');
  await page.getByRole('button', { name: 'Une commune' }).click();
  await look('areas, commune');

  await standThere();
  await page.goto('/#/add');
  await page.getByRole('button', { name: 'Petit patrimoine' }).click();
  await expect(page.getByRole('heading', { name: 'Est-ce celui-ci ?' })).toBeVisible();
  await look('capture, is it this one');
  await page.getByRole('button', { name: 'C’est celui-ci' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('capture, it is');
  await page.keyboard.press('Escape');

  await context.setOffline(true);
  await standThere();
  await page.goto('/#/add');
  await page.getByRole('button', { name: 'Éclairage public' }).click();
  await expect(page.getByText(/^Précise à/)).toBeVisible();
  await chooseTerm(page, 'lampadaire', /^(Lampadaire|Candélabre)/i);
  await page.getByLabel('Numéro sur le mât').fill('EP-0500');
  await page.getByRole('button', { name: 'Enregistrer, puis le suivant' }).click();
  await expect(page.getByText('1 point dans cette série')).toBeVisible();
  await look('series');
  await page.getByRole('button', { name: 'Arrêter', exact: true }).click();
  await expect(page.getByRole('heading', { name: /en attente$/ })).toBeVisible();
  await look('outbox, waiting');
  await page
    .getByRole('button', { name: /que faire$/ })
    .first()
    .click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Modifier' })).toBeVisible();
  await look('outbox, what to do');
  await page.getByRole('dialog').getByRole('button', { name: 'Jeter' }).click();
  await open(page, '/health');
  await expect(page.getByText('Place libre')).toBeVisible();
  await look('health');
  await context.setOffline(false);
  await open(page, '/contributions');
  await look('contributions');
}

/** Where a point is. */
export async function placeOf(server: LocalServer, id: string): Promise<{ lon: number; lat: number }> {
  const [place] = await server.sql<{ lon: number; lat: number }>(
    `select extensions.st_x(geom) as lon, extensions.st_y(geom) as lat from app.points where id = $1`,
    [id],
  );
  if (!place) throw new Error('no point to stand at');
  return place;
}

/** Walks what a volunteer sees, from the charter to a contribution that waits. */
export async function visitAsVolunteer(page: Page, look: Look): Promise<void> {
  await signIn(page, 'volontaire@capitelle.test');
  if (page.url().endsWith('/charter')) {
    await expect(page.getByRole('checkbox', { name: /15 ans/ })).toBeVisible();
    await look('charter');
    await acceptCharter(page);
  }
  await open(page, '/add');
  await expect(page.getByRole('button', { name: 'Petit patrimoine' })).toBeVisible();
  await look('add');

  await beginCapture(page, 'Petit patrimoine');
  await look('capture, empty');
  await page.locator('input[type=file][capture]').setInputFiles(photoFile());
  await expect(page.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' })).toBeVisible();
  await page.getByRole('button', { name: 'Enregistrer ce point' }).click();
  await expect(page.getByRole('alert')).toContainText('À compléter avant d’enregistrer');
  await look('capture, in fault');
  await page.getByRole('button', { name: 'Chercher le terme' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('capture, terms');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Ajuster' }).click();
  await expect(page.getByRole('heading', { name: 'Placer le point' })).toBeVisible();
  await look('capture, place');
  await page.keyboard.press('Escape');
  await chooseTerm(page, 'fontaine', /^Fontaine/);
  await page.getByText('Compléter la fiche').click();
  for (const section of await page.locator('details details > summary').all()) await section.click();
  await look('capture, whole form');

  await open(page, '/drafts');
  await expect(page.getByText('Fontaine').first()).toBeVisible();
  await look('drafts');
  await page.goBack();
  await saveCapture(page);
  await expect(page.getByRole('heading', { name: /Tout est parti|À vous de voir/ })).toBeVisible({
    timeout: 60_000,
  });
  await look('outbox');
  await open(page, '/nearby');
  await look('nearby, signed in');
  await open(page, '/account');
  await look('account');
}

/** Walks the moderation. A desk shows queue and item at once, a phone one of the two. */
export async function visitAsModerator(page: Page, look: Look): Promise<void> {
  await signIn(page, 'moderation@capitelle.test');
  await open(page, '/moderation');
  const queue = page.getByRole('navigation', { name: 'File de relecture' });
  await expect(queue.getByRole('link').first()).toBeVisible();
  await look('moderation queue');
  await queue.getByRole('link').first().click();
  await expect(page.getByText(/^Relevé le/)).toBeVisible();
  await look('moderation item');
  await page.getByRole('button', { name: 'Refuser' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('moderation reason');
}
