import { expect, otherDevice, test } from './fixtures.ts';
import { faults, sticksOut } from './looks.ts';
import { signIn, standInBasemap } from './steps.ts';

const PREFIXES = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <https://terms.example.org/> .
`;
const FIRST = `${PREFIXES}ex:ouvrage a skos:Concept ; skos:prefLabel "Ouvrage de captage"@fr, "Catchment"@en ; skos:definition "Ce qui prend l’eau où elle sort."@fr .
ex:drain a skos:Concept ; skos:prefLabel "Drain"@fr, "Drain"@de ; skos:altLabel "drain"@fr ; skos:broader ex:ouvrage .
ex:cuvelage a skos:Concept ; skos:prefLabel "Cuvelage"@fr ; skos:broader ex:ouvrage .`;
const NEXT = `${PREFIXES}ex:ouvrage a skos:Concept ; skos:prefLabel "Ouvrage de captage des eaux"@fr, "Catchment"@en ; skos:definition "Ce qui prend l’eau où elle sort."@fr .
ex:drain a skos:Concept ; skos:prefLabel "Drain enterré"@fr ; skos:altLabel "drain"@fr ; skos:broader ex:ouvrage .
ex:galerie a skos:Concept ; skos:prefLabel "Galerie de trop-plein"@fr ; skos:broader ex:ouvrage .`;

const turtle = (text: string) => ({ name: 'termes.ttl', mimeType: 'text/turtle', buffer: Buffer.from(text) });

test('a vocabulary is imported, then its next version: faults in words, conflicts chosen, one edit', async ({
  browser,
  server,
}) => {
  const context = await otherDevice(browser, server);
  await standInBasemap(context);
  const page = await context.newPage();
  await signIn(page, 'coordination@capitelle.test');
  await page.goto('/#/vocabulary/petit-patrimoine/import');
  const file = page.getByLabel('Fichier');
  const look = async () => {
    expect(await sticksOut(page)).toEqual([]);
    expect(await faults(page)).toEqual([]);
  };

  await test.step('a broken file is told by its line, and nothing else happens', async () => {
    await file.setInputFiles(
      turtle(`${PREFIXES}ex:a a skos:Concept ;\n  skos:prefLabel "A"@fr\nex:b a skos:Concept .`),
    );
    await expect(page.getByText('Ce fichier ne peut pas être importé tel quel')).toBeVisible();
    await expect(page.getByText('ligne 5', { exact: false })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Importer', exact: true })).toHaveCount(0);
    await look();
    await page.getByRole('button', { name: 'Choisir autre chose' }).click();
  });

  await test.step('an address of this machine is not fetched', async () => {
    await page.getByLabel('Adresse').fill('https://localhost/termes.ttl');
    await page.getByRole('button', { name: 'Lire cette adresse' }).click();
    await expect(page.getByText('Cette adresse mène à un réseau privé', { exact: false })).toBeVisible();
    await page.getByRole('button', { name: 'Choisir autre chose' }).click();
  });

  await test.step('three new terms come in', async () => {
    await file.setInputFiles(turtle(FIRST));
    await expect(page.getByRole('heading', { name: 'Cuvelage' })).toBeVisible();
    await page.getByText('À savoir', { exact: false }).click();
    await expect(page.getByText('Langue « de » laissée de côté', { exact: false })).toBeVisible();
    await look();
    if (process.env['SHOTS'])
      await page.screenshot({ path: `${process.env['SHOTS']}/first-390.png`, fullPage: true });
    await page.getByRole('button', { name: 'Importer', exact: true }).click();
    await expect(page.getByText('Import fait')).toBeVisible();
    await look();
  });

  await test.step('the next version: what the group wrote is asked about, what vanished too', async () => {
    await server.sql(
      `update app.concepts set labels = labels || '{"fr": "Drain de nos vignes"}' where id = 'drain'`,
    );
    await page.goto('/#/vocabulary/petit-patrimoine');
    await page.goto('/#/vocabulary/petit-patrimoine/import');
    await file.setInputFiles(turtle(NEXT));
    const conflict = page.getByRole('article').filter({ hasText: 'à trancher' });
    await expect(conflict.getByRole('radio', { name: 'Garder le nôtre', exact: false })).toBeChecked();
    await conflict.getByRole('radio', { name: 'Prendre celui de la source', exact: false }).check();
    const vanished = page.getByRole('article').filter({ hasText: 'disparu de la source' });
    await vanished.getByRole('radio', { name: 'Ne plus l’employer' }).check();
    await look();
    if (process.env['SHOTS']) {
      await page.screenshot({ path: `${process.env['SHOTS']}/next-390.png`, fullPage: true });
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.screenshot({ path: `${process.env['SHOTS']}/next-1280.png` });
      await page.setViewportSize({ width: 390, height: 844 });
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await look();
    await page.getByRole('button', { name: 'Importer', exact: true }).click();
    await expect(page.getByText('Import fait')).toBeVisible();
    const rows = await server.sql<{ id: string; name: string; status: string }>(
      `select id, labels ->> 'fr' as name, status::text from app.concepts where id in ('drain', 'cuvelage', 'galerie', 'ouvrage') order by id`,
    );
    expect(rows.map(({ id, name, status }) => [id, name, status])).toEqual([
      ['cuvelage', 'Cuvelage', 'deprecated'],
      ['drain', 'Drain enterré', 'accepted'],
      ['galerie', 'Galerie de trop-plein', 'accepted'],
      ['ouvrage', 'Ouvrage de captage des eaux', 'accepted'],
    ]);
  });
  await context.close();
});
