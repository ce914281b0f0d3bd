import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, otherDevice, test } from './fixtures.ts';
import { expectNoFaults, sticksOut } from './looks.ts';
import { standInBasemap } from './steps.ts';

/** Somebody else's site: one page, of another origin. */
async function serveSite(body: string): Promise<{ url: string; server: Server }> {
  const page = `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Ma commune</title></head>
    <body><main><h1>Ma commune</h1>${body}</main></body></html>`;
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

test('the map on another site: the code is built, framed, read as a list, and nothing is kept', async ({
  browser,
  server,
}) => {
  const [shown] = await server.sql<{ id: string; name: string; commune: string }>(
    `select t.point_id as id, t.title as name, c.name as commune
     from app.public_points as t join app.territories as c on c.level = 'commune' and c.code = t.commune
     where t.theme = 'heritage' and t.status = 'published' and t.title is not null and c.geom is not null
     order by t.point_id limit 1`,
  );
  if (!shown) throw new Error('the demonstration shows no heritage with a name');
  const context = await otherDevice(browser, server, { viewport: { width: 1280, height: 900 } });
  await standInBasemap(context);
  const builder = await context.newPage();
  await builder.goto('/#/about');
  await builder.getByRole('link', { name: 'La carte sur votre site' }).click();
  await builder.getByLabel('Inventaire', { exact: true }).selectOption({ label: 'Petit patrimoine' });
  await builder.getByLabel('Commune', { exact: true }).fill(shown.commune);
  await builder.getByRole('button', { name: shown.commune, exact: true }).click();
  await expect(builder.getByText(`La carte s’ouvre sur ${shown.commune}.`)).toBeVisible();
  await builder.getByLabel('Titre', { exact: true }).fill('Le petit patrimoine de "Minerve" <b>');
  const code = await builder.getByLabel('Code à copier').inputValue();
  expect(code).toContain('theme="heritage"');
  const preview = builder.frameLocator('iframe');
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText(`Petit patrimoine · ${shown.commune}`);
  await expectNoFaults(builder, 'the builder of the code');

  // The address of the demonstration is the one of the instance; this server has a port of its own.
  const site = await serveSite(code.replaceAll(/https?:\/\/[^/"]+/g, server.url));
  const said: string[] = [];
  const visitor = await otherDevice(browser, server, { viewport: { width: 390, height: 844 } });
  await standInBasemap(visitor);
  visitor.on('console', (message) => message.type() === 'error' && said.push(message.text()));
  visitor.on('weberror', (error) => said.push(String(error.error())));
  await visitor.addInitScript(() => {
    // A browser that lets no framed page store anything.
    if (window === window.top) return;
    const refuse = () => {
      throw new DOMException('The document is framed', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
      Object.defineProperty(window, name, { get: refuse });
  });
  const page = await visitor.newPage();
  await page.goto(site.url);
  await expect(page.locator('capitelle-map iframe')).toHaveAttribute(
    'title',
    'Le petit patrimoine de "Minerve" <b>',
  );
  const frame = page.frameLocator('capitelle-map iframe');
  await expect(frame.getByRole('region', { name: 'Carte de l’inventaire' })).toBeVisible();
  await frame.getByRole('button', { name: 'Liste' }).press('Enter');
  const row = frame.getByRole('link', { name: shown.name });
  await expect(row).toHaveAttribute('href', new RegExp(`/p/${shown.id}$`));
  await expect(row).toHaveAttribute('target', '_blank');
  await expectNoFaults(page, 'a page with the map');
  await page.setViewportSize({ width: 320, height: 640 });
  expect.soft(await sticksOut(page)).toEqual([]);
  expect(said).toEqual([]);
  await visitor.close();
  await context.close();
  await new Promise((resolve) => site.server.close(resolve));
});

test('only that map may be framed, and what it is asked for without sense is told in words', async ({
  browser,
  server,
}) => {
  const policyOf = async (path: string) =>
    (await fetch(server.url + path)).headers.get('content-security-policy') ?? '';
  expect(await policyOf('/embed.html')).toContain('frame-ancestors *');
  expect(await policyOf('/')).toContain(`frame-ancestors 'none'`);
  expect(await policyOf('/index.html')).toContain(`frame-ancestors 'none'`);

  const context = await otherDevice(browser, server);
  await standInBasemap(context);
  const page = await context.newPage();
  await page.goto('/embed.html?theme=licorne&territory=00000&concept=%00&lang=xx');
  await expect(page.getByText('Cette carte ne montre rien')).toBeVisible();
  await page.route('**/rpc/themes*', (route) => route.abort());
  await page.goto('/embed.html');
  await expect(page.getByRole('alert')).toContainText('La carte n’a pas pu être lue');
  await page.unroute('**/rpc/themes*');
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await expect(page.getByRole('region', { name: 'Carte de l’inventaire' })).toBeVisible();
  await context.close();
});
