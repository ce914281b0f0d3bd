import { expect, otherDevice, test } from './fixtures.ts';
import {
  acceptCharter,
  becomeInstalled,
  beginCapture,
  chooseTerm,
  outboxRow,
  photoFile,
  signIn,
  standInBasemap,
} from './steps.ts';

test('a slip of the thumb costs nothing: a photo, the last of a series and a saved point come back', async ({
  browser,
  server,
}) => {
  const field = await otherDevice(browser, server, { hasTouch: true, isMobile: true });
  await standInBasemap(field);
  const page = await field.newPage();
  await signIn(page, 'volontaire@capitelle.test');
  if (/charter/.test(page.url())) await acceptCharter(page);
  await becomeInstalled(page);
  await page.goto('/#/add');
  await expect(page.getByRole('button', { name: 'Petit patrimoine' })).toBeVisible();
  await page.context().setOffline(true);
  await beginCapture(page, 'Éclairage public');
  await chooseTerm(page, 'lampadaire', /^(Lampadaire|Candélabre)/i);
  await page.getByLabel('Numéro sur le mât').fill('EP-0007');
  const undo = page.getByRole('button', { name: 'Annuler', exact: true });

  await page
    .locator('input[type=file]:not([capture])')
    .first()
    .setInputFiles([photoFile('a.jpg', 800, 600), photoFile('b.jpg', 800, 600)]);
  await page.getByRole('button', { name: 'Ouvrir la photo 2 sur 2' }).click();
  await page.getByRole('button', { name: 'Jeter cette photo' }).click();
  await expect(page.getByText('Photo jetée.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ouvrir la photo 1 sur 1' })).toBeVisible();
  await undo.click();
  await expect(page.getByRole('button', { name: 'Ouvrir la photo 2 sur 2' })).toBeVisible();

  await page.getByRole('button', { name: 'Enregistrer, puis le suivant' }).click();
  await expect(page.getByText('1 point dans cette série')).toBeVisible();
  await page.getByRole('button', { name: 'Annuler le précédent' }).click();
  await expect(page.getByText('1 point dans cette série')).toBeHidden();
  await expect(page.getByLabel('Numéro sur le mât')).toHaveValue('EP-0007');
  await undo.click();
  await expect(page.getByText('1 point dans cette série')).toBeVisible();
  await expect(page.getByLabel('Numéro sur le mât')).toHaveValue('EP-0008');

  await page.getByRole('button', { name: 'Arrêter', exact: true }).click();
  await page.getByRole('button', { name: 'EP-0007 : que faire' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Jeter' }).click();
  await expect(outboxRow(page, 'EP-0007')).toBeHidden();
  await undo.click();
  await expect(outboxRow(page, 'EP-0007')).toContainText('2 photos');
  await page.context().close();
});

test('coordinates that were typed are the place, whichever button is pressed; a save refused again says so again', async ({
  browser,
  server,
}) => {
  const field = await otherDevice(browser, server, { hasTouch: true, isMobile: true });
  await standInBasemap(field);
  const page = await field.newPage();
  await signIn(page, 'volontaire@capitelle.test');
  if (/charter/.test(page.url())) await acceptCharter(page);
  await becomeInstalled(page);
  await beginCapture(page, 'Petit patrimoine');

  const save = page.getByRole('button', { name: 'Enregistrer ce point' });
  const summary = page.getByRole('alert').filter({ hasText: 'Dites ce que c’est' });
  await save.click();
  await expect(summary).toBeFocused();
  await page.getByLabel('Nom d’usage').fill('Puits de Zoé');
  await save.click();
  await expect(summary).toBeFocused();
  await expect(summary).toBeInViewport();

  await page.getByRole('button', { name: 'Ajuster', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Saisir des coordonnées').click();
  await dialog.getByLabel('Latitude, en degrés').fill('43,3225');
  await dialog.getByLabel('Longitude, en degrés').fill('deux et demi');
  await dialog.getByRole('button', { name: 'Placer ici' }).click();
  const longitude = dialog.getByLabel('Longitude, en degrés');
  await expect(longitude).toHaveAttribute('aria-invalid', 'true');
  await expect(longitude).toBeFocused();
  await expect(dialog.getByLabel('Latitude, en degrés')).not.toHaveAttribute('aria-invalid');
  // What cannot be read yet is not thrown away by who looks at the other system.
  await dialog.getByText('Lambert-93').click();
  await dialog.getByText('WGS84').click();
  await expect(longitude).toHaveValue('deux et demi');
  await dialog.getByLabel('Longitude, en degrés').fill('2,5512');
  await dialog.getByRole('button', { name: 'Placer ici' }).click();
  await expect(page.getByText('Coordonnées saisies')).toBeVisible();
  await page.context().close();
});
