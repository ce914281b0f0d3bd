import type { Browser, Page } from '@playwright/test';

import type { LocalServer } from '../../supabase/local/server.ts';
import { makeContributor, PASSWORD } from '../support/accounts.ts';
import { DeskScene } from '../support/desk-scene.ts';
import { newMutationId, outsideClient } from '../support/outside-client.ts';
import { expect, otherDevice, test } from './fixtures.ts';
import { expectNoFaults, sticksOut } from './looks.ts';
import { signIn, standInBasemap } from './steps.ts';

const SCHEME = 'petit-patrimoine';
const DESK = { width: 1280, height: 900 };

/** Somebody in front of the vocabulary, on a desk or a phone. */
async function atTheVocabulary(
  browser: Browser,
  server: LocalServer,
  email: string,
  options: Parameters<typeof otherDevice>[2] = { viewport: DESK },
): Promise<Page> {
  const context = await otherDevice(browser, server, { reducedMotion: 'reduce', ...options });
  await standInBasemap(context);
  const page = await context.newPage();
  await signIn(page, email);
  await page.goto(`/#/vocabulary/${SCHEME}`);
  await expect(page.getByRole('tree')).toBeVisible();
  return page;
}

/** One more who coordinates the whole group of the theme. */
async function makeCoordinator(server: LocalServer): Promise<string> {
  const { id, email } = await makeContributor(server, `coord-${crypto.randomUUID().slice(0, 8)}@exemple.fr`);
  await server.sql(
    `insert into app.memberships (user_id, group_id, role, territories)
     select $1, group_id, 'coordinator', '{*}' from app.themes where scheme = $2`,
    [id, SCHEME],
  );
  return email;
}

/** A new name, which no other test has made. */
const fresh = (name: string) => `${name} ${crypto.randomUUID().slice(0, 6)}`;
const sheet = (page: Page) => page.getByRole('region', { name: 'Terme ouvert' });
const title = (page: Page, name: string) => sheet(page).getByRole('heading', { level: 2, name, exact: true });

/** Makes a term at the top, through the dialog; ends on its sheet. */
async function makeTerm(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Nouveau terme', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Nom (français)').fill(name);
  await dialog.getByRole('button', { name: 'Voir ce que cela change' }).click();
  await expect(dialog).toContainText(`« ${name} » est ajouté en haut de l’arbre.`);
  await dialog.getByRole('button', { name: /^(Confirmer|Proposer à la coordination)$/ }).click();
  await expect(dialog).toBeHidden();
}

test('a coordinator makes a term, renames it, moves it by keyboard, merges it and takes that back', async ({
  browser,
  server,
}) => {
  const page = await atTheVocabulary(browser, server, 'coordination@capitelle.test');
  const [first, renamed] = [fresh('Abreuvoir'), fresh('Abreuvadou')];
  await makeTerm(page, first);
  await expect(title(page, first)).toBeVisible();

  await test.step('renamed in place, with a synonym, in one save', async () => {
    await sheet(page).getByRole('button', { name: 'Modifier', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Enregistrer' })).toHaveAttribute('aria-disabled', 'true');
    await page.getByLabel('Nom', { exact: true }).fill(renamed);
    await page.getByLabel('Synonymes').fill(`${first}\nFont del bestial`);
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(title(page, renamed)).toBeVisible();
    await expect(sheet(page)).toContainText('Font del bestial');
  });

  await test.step('found in the tree by its first letters, moved with keys alone', async () => {
    const tree = page.getByRole('tree');
    await tree.focus();
    await page.keyboard.press('Home');
    await page.keyboard.type(renamed.slice(0, 12));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('treeitem', { name: renamed })).toHaveAttribute('aria-selected', 'true');
    await page.getByRole('button', { name: 'Déplacer sous…' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Chercher un terme').fill(renamed);
    await expect(dialog.getByRole('button', { name: renamed })).toBeVisible();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('alert')).toContainText('ne peut pas se désigner lui-même');
    await dialog.getByLabel('Chercher un terme').fill('patrimoine de l’eau');
    await dialog
      .getByRole('button', { name: /^Patrimoine de l.eau/ })
      .first()
      .press('Enter');
    await expect(dialog).toContainText(`« ${renamed} » passe sous « Patrimoine de l'eau »`);
    await dialog.getByRole('button', { name: 'Confirmer' }).press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('treeitem', { name: renamed })).toHaveAttribute('aria-level', '2');
  });

  await test.step('merged once what that changes was read: its points follow', async () => {
    const scene = await DeskScene.open(server);
    const [row] = await server.sql<{ id: string }>(`select id from app.concepts where labels ->> 'fr' = $1`, [
      renamed,
    ]);
    await scene.submit('Abreuvoir du Pla', { concept: row?.id });
    await page.getByRole('button', { name: 'Fusionner dans…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Chercher un terme').fill('glacière');
    await dialog
      .getByRole('button', { name: /^Glacière/ })
      .first()
      .click();
    await expect(dialog).toContainText('1 point passera à « Glacière ».');
    await expectNoFaults(page, 'what a merge would change');
    await dialog.getByRole('button', { name: 'Confirmer' }).click();
    await expect(sheet(page)).toContainText('plus employé');
    await expect(sheet(page).getByRole('link', { name: 'Glacière' })).toBeVisible();
  });

  await test.step('taken back from the journal, with its point', async () => {
    await page.getByRole('link', { name: /^Changements/ }).click();
    const entry = page
      .getByRole('listitem')
      .filter({ hasText: `Fusionné : « ${renamed} », dans « Glacière »` });
    await expect(entry).toContainText('par vous');
    await expectNoFaults(page, 'the journal');
    await entry.getByRole('button', { name: /^Annuler ce changement/ }).click();
    await expect(entry).toContainText('annulé');
    const named = () =>
      server.sql(
        `select from app.points as p join app.concepts as c on c.id = p.concept where c.labels ->> 'fr' = $1 and c.status = 'accepted'`,
        [renamed],
      );
    await expect.poll(async () => (await named()).length).toBe(1);
  });
  await page.context().close();
});

test('two who edit one term at once: lists merge, and a text that both changed is shown to be chosen', async ({
  browser,
  server,
}) => {
  const page = await atTheVocabulary(browser, server, 'coordination@capitelle.test');
  const name = fresh('Pigeonnier');
  await makeTerm(page, name);
  await sheet(page).getByRole('button', { name: 'Modifier', exact: true }).click();
  await page.getByLabel('Nom', { exact: true }).fill(`${name} à pied`);
  await page.getByLabel('Synonymes').fill('Colombier');

  const other = await outsideClient(
    server.url,
    server.publishableKey,
    await makeCoordinator(server),
    PASSWORD,
  );
  const [row] = await server.sql<{ id: string }>(`select id from app.concepts where labels ->> 'fr' = $1`, [
    name,
  ]);
  await other.call('thesaurus_edit', {
    id: crypto.randomUUID(),
    scheme: SCHEME,
    action: 'change',
    concept: row?.id,
    fields: {
      'labels.fr': { from: name, to: `${name} sur arcades` },
      'alt.fr': { from: [], to: ['Fuie'] },
      'definition.fr': { from: null, to: 'Où nichent les pigeons.' },
    },
  });

  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const conflict = page.getByRole('region', { name: 'Deux textes pour : Nom (français)' });
  await expect(conflict).toContainText(`${name} à pied`);
  await expect(conflict).toContainText(`${name} sur arcades`);
  await expect(page.getByLabel('Synonymes')).toHaveValue('Fuie\nColombier');
  await expect(page.getByLabel('Définition')).toHaveValue('Où nichent les pigeons.');
  await expectNoFaults(page, 'two texts');
  await conflict.getByRole('button', { name: 'Garder le mien' }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(title(page, `${name} à pied`)).toBeVisible();
  await expect(sheet(page)).toContainText('Fuie · Colombier');

  await test.step('without network what was typed stays, and goes once', async () => {
    await sheet(page).getByRole('button', { name: 'Modifier', exact: true }).click();
    await page.getByLabel('Note d’emploi').fill('Bâti à part de la ferme.');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByText('Ce que vous avez tapé est toujours là')).toBeVisible();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(sheet(page)).toContainText('Bâti à part de la ferme.');
  });
  await page.context().close();
});

test('what a moderator edits waits on a phone, and the coordination accepts it', async ({
  browser,
  server,
}) => {
  const phone = await atTheVocabulary(browser, server, 'moderation@capitelle.test', {
    viewport: { width: 390, height: 844 },
  });
  await expect(phone.getByText('vos modifications attendront l’accord')).toBeVisible();
  await expectNoFaults(phone, 'the tree on a phone');
  expect.soft(await sticksOut(phone)).toEqual([]);
  const name = fresh('Cabane');
  await makeTerm(phone, name);
  await phone.getByRole('link', { name: /^Changements/ }).click();
  const waiting = phone.getByRole('listitem').filter({ hasText: `Ajouté : « ${name} »` });
  await expect(waiting).toContainText('proposé');
  await expect(waiting.getByRole('button', { name: /Accepter/ })).toHaveCount(0);

  const page = await atTheVocabulary(browser, server, 'coordination@capitelle.test');
  await page.getByRole('link', { name: /^Changements/ }).click();
  const asked = page.getByRole('listitem').filter({ hasText: `Ajouté : « ${name} »` });
  await asked.getByRole('button', { name: /^Refuser/ }).click();
  await asked.getByRole('button', { name: 'Refuser', exact: true }).click();
  await expect(asked).toContainText('Dites pourquoi en quelques mots.');
  await asked.getByRole('button', { name: 'Annuler', exact: true }).click();
  await asked.getByRole('button', { name: /^Accepter/ }).click();
  await expect(page.getByText('Proposition acceptée')).toBeVisible();
  await page.getByRole('link', { name: 'Termes', exact: true }).click();
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('list', { name: 'Termes trouvés' }).getByRole('button', { name }).click();
  await expect(title(page, name)).toBeVisible();
  await phone.context().close();
  await page.context().close();
});

test('a word of the field becomes the synonym of a term, and its point takes that term', async ({
  browser,
  server,
}) => {
  const scene = await DeskScene.open(server);
  const [theme] = await server.sql<{ holding: string }>(
    `select settings ->> 'holding_concept' as holding from app.themes where scheme = $1`,
    [SCHEME],
  );
  const point = await scene.submit('Chose du chemin', { concept: theme?.holding });
  const word = fresh('Lavadoira');
  await scene.author.push({
    mutation_id: newMutationId(),
    v: 1,
    kind: 'propose_term',
    point_id: point.id,
    captured_at: new Date().toISOString(),
    scheme: SCHEME,
    text: word,
    lang: 'oc',
    note: 'Dit ainsi à Minerve.',
  });
  const page = await atTheVocabulary(browser, server, 'coordination@capitelle.test');
  await page.getByRole('link', { name: /^Proposés/ }).click();
  const card = page.getByRole('region', { name: word });
  await expect(card).toContainText('Dit ainsi à Minerve.');
  await expect(card).toContainText('en occitan · 1 point attend');
  await expect(card.getByRole('link', { name: /Chose du chemin/ })).toHaveAttribute(
    'href',
    `#/moderation/${point.id}`,
  );
  await expectNoFaults(page, 'words of the field');
  await card.getByRole('button', { name: 'Synonyme d’un autre' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Chercher un terme').fill('lavoir');
  await dialog
    .getByRole('button', { name: /^Lavoir/ })
    .first()
    .click();
  await expect(dialog).toContainText(`« ${word} » devient un synonyme de « Lavoir ».`);
  await expect(dialog).toContainText('1 point passera à « Lavoir ».');
  await dialog.getByRole('button', { name: 'Confirmer' }).click();
  await expect(card).toBeHidden();
  const [row] = await server.sql<{ concept: string }>('select concept from app.points where id = $1', [
    point.id,
  ]);
  expect(row?.concept).toBe('lavoir');
  await page.goto(`/#/vocabulary/${SCHEME}?term=lavoir`);
  await expect(sheet(page)).toContainText(word);
  await page.context().close();
});

test('a term is shown by a photo that the public sees, and by none again', async ({ browser, server }) => {
  const [shown] = await server.sql<{ concept: string; name: string }>(
    `select c.id as concept, c.labels ->> 'fr' as name
     from app.points as p join app.photos as f on f.point_id = p.id join app.concepts as c on c.id = p.concept
     where p.status = 'published' and f.state = 'published' and f.public_path is not null and c.scheme = $1 limit 1`,
    [SCHEME],
  );
  const page = await atTheVocabulary(browser, server, 'coordination@capitelle.test');
  await page.goto(`/#/vocabulary/${SCHEME}?term=${shown?.concept}`);
  await expect(title(page, shown?.name ?? '')).toBeVisible();
  await sheet(page).getByRole('button', { name: 'Montrer ce terme par une photo' }).click();
  await sheet(page)
    .getByRole('button', { name: /^Prendre la photo 1 sur/ })
    .press('Enter');
  const picture = sheet(page).locator('figure img');
  await expect(picture).toBeVisible();
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  await expectNoFaults(page, 'a term with its photo');
  await expect(page.locator(':focus')).toHaveCount(1);
  // What another change of such a term would do is told as well.
  await sheet(page).getByRole('button', { name: 'Fusionner dans…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Chercher un terme').fill('glacière');
  await dialog
    .getByRole('button', { name: /^Glacière/ })
    .first()
    .click();
  await expect(dialog).toContainText(/points? passer(a|ont) à «\sGlacière\s»/);
  await page.keyboard.press('Escape');
  await sheet(page).getByRole('button', { name: 'Ne plus montrer de photo' }).click();
  await expect(picture).toBeHidden();
  await page.context().close();
});
