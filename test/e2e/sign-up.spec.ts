import { expect, test } from './fixtures.ts';
import { acceptCharter, codeFor, nextCodeFor, signIn } from './steps.ts';

const EMAIL = 'nouvelle@capitelle.test';
const FIRST_PASSWORD = 'un petit lavoir de pierre';
const SECOND_PASSWORD = 'une fontaine sous les platanes';

test('signs up, comes back by code, and replaces a forgotten password', async ({ page, server }) => {
  let code = '';

  await test.step('sign-up: a code by e-mail, then the charter', async () => {
    await page.goto('/#/sign-up');
    await page.getByLabel('Adresse e-mail').fill(EMAIL);
    await page.getByLabel('Mot de passe', { exact: true }).fill(FIRST_PASSWORD);
    await page.getByRole('button', { name: 'Créer mon compte' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Entrez le code' })).toBeVisible();
    code = await codeFor(server, EMAIL);
    await page.getByLabel('Code à 6 chiffres').fill(code === '000000' ? '000001' : '000000');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await expect(page.getByRole('alert')).toContainText('Ce code ne correspond pas');
    await page.getByLabel('Code à 6 chiffres').fill(code);
    await page.getByRole('button', { name: 'Continuer' }).click();
    // the licences of data and photos are said before they are accepted
    for (const licence of [/Licence Ouverte 2\.0/, /CC BY-SA/]) {
      await expect(page.getByRole('listitem').filter({ hasText: licence }).first()).toBeVisible();
    }
    await acceptCharter(page);
    const [row] = await server.sql<{ accepted: boolean }>(
      `select exists (select from app.charter_acceptances c join auth.users u on u.id = c.user_id
         where u.email = $1) as accepted`,
      [EMAIL],
    );
    expect(row?.accepted).toBe(true);
  });

  await test.step('sign out', async () => {
    await page.goto('/#/account');
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Se déconnecter' }).click();
    await expect(page.getByText('Vous êtes déconnecté.')).toBeVisible();
    await page.goto('/#/account');
    await expect(page.getByText('Personne n’est connecté sur cet appareil.')).toBeVisible();
  });

  await test.step('sign in by code, without the password', async () => {
    await page.goto('/#/sign-in');
    await page.getByRole('link', { name: 'Recevoir un code par e-mail' }).click();
    // The screen before asks for the address too.
    await expect(page.getByRole('heading', { level: 1, name: 'Recevoir un code par e-mail' })).toBeVisible();
    await page.getByLabel('Adresse e-mail').fill(EMAIL);
    await page.getByRole('button', { name: 'Recevoir le code' }).click();
    code = await nextCodeFor(server, EMAIL, code);
    // as pasted from a mail
    await page.getByLabel('Code à 6 chiffres').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.getByRole('button', { name: 'Continuer' }).click();
    await expect(page).toHaveURL(/#\/$/);
    await page.goto('/#/account');
    await expect(page.getByText(`Connecté comme ${EMAIL}`)).toBeVisible();
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Se déconnecter' }).click();
    await expect(page.getByText('Vous êtes déconnecté.')).toBeVisible();
  });

  await test.step('forgotten password: a code, a new password, and it works', async () => {
    await page.goto('/#/sign-in');
    await page.getByRole('link', { name: 'Mot de passe oublié' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Mot de passe oublié' })).toBeVisible();
    await page.getByLabel('Adresse e-mail').fill(EMAIL);
    await page.getByRole('button', { name: 'Recevoir le code' }).click();
    code = await nextCodeFor(server, EMAIL, code);
    await page.getByLabel('Code à 6 chiffres').fill(code);
    await page.getByRole('button', { name: 'Continuer' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Nouveau mot de passe' })).toBeVisible();
    await page.getByLabel('Mot de passe', { exact: true }).fill(SECOND_PASSWORD);
    await page.getByRole('button', { name: 'Enregistrer et continuer' }).click();
    await expect(page.getByText('Le mot de passe est changé.')).toBeVisible();
  });

  await test.step('the old password is refused, the new one opens', async () => {
    const other = await page.context().browser()?.newContext({ baseURL: server.url, locale: 'fr-FR' });
    const fresh = await other?.newPage();
    if (!fresh) throw new Error('no browser');
    await fresh.goto('/#/sign-in');
    await fresh.getByLabel('Adresse e-mail').fill(EMAIL);
    await fresh.getByLabel('Mot de passe', { exact: true }).fill(FIRST_PASSWORD);
    await fresh.getByRole('button', { name: 'Se connecter', exact: true }).click();
    await expect(fresh.getByRole('alert')).toContainText('ne correspond pas');
    await signIn(fresh, EMAIL, SECOND_PASSWORD);
    await other?.close();
  });
});
