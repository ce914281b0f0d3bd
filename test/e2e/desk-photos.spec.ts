import { DeskScene } from '../support/desk-scene.ts';
import { expect, otherDevice, test } from './fixtures.ts';
import { signIn, standInBasemap } from './steps.ts';

/** A decision is held eight seconds, then leaves. */
const LEFT = { timeout: 30_000 };

test('a report is answered by a correction, and the photo that waits beside it waits on', async ({
  browser,
  server,
}) => {
  const scene = await DeskScene.open(server);
  await scene.clear();
  const { id } = await scene.publish('Lavoir signalé');
  await scene.photo({ id });
  await scene.report(id, { kind: 'description', text: 'Le nom est faux.' });
  const sql = async (query: string) => (await server.sql<{ told: string }>(query, [id]))[0]?.told;
  const photos = () =>
    sql(`select string_agg(state, ' ' order by created_at) as told from app.photos where point_id = $1`);
  const report = await sql(`select id::text as told from app.reports where point_id = $1`);
  const context = await otherDevice(browser, server, { viewport: { width: 1280, height: 800 } });
  await standInBasemap(context);
  const page = await context.newPage();
  await signIn(page, 'moderation@capitelle.test');

  await test.step('a report is answered by a correction: the photo waits', async () => {
    await page.goto(`/#/moderation/${id}~${report}`);
    await expect(page.getByText('Le nom est faux.')).toBeVisible();
    await page.getByRole('button', { name: 'Corriger', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Corriger et publier' });
    await dialog.getByLabel('Nom d’usage').fill('Lavoir juste');
    await dialog.getByRole('button', { name: 'Corriger et publier' }).click();
    const state = () => sql(`select state as told from app.reports where point_id = $1`);
    await expect.poll(state, LEFT).toBe('closed');
    expect(await photos()).toBe('pending');
    expect(await sql(`select kind as told from app.decisions where point_id = $1 order by id desc`)).toBe(
      'report',
    );
  });
  await context.close();
});
