import type { BrowserContext, Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';
import {
  acceptCharter,
  becomeInstalled,
  beginCapture,
  chooseTerm,
  saveCapture,
  signIn,
  standInBasemap,
} from './steps.ts';

const NAME = 'Lavoir de l’autre fil';

/** Notes what the page's own thread does that is the engine's to do. */
async function watchThePage(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seenOnThePage: seen });
    const { fetch } = window;
    window.fetch = (...request) => {
      const [input] = request;
      const url = input instanceof Request ? input.url : String(input);
      if (/\/rpc\/sync_|\/photo_commit|\/storage\/v1\/object\/photos\//.test(url)) seen.push(url);
      return fetch(...request);
    };
    const ask = navigator.locks.request.bind(navigator.locks) as (...given: unknown[]) => Promise<unknown>;
    Object.assign(navigator.locks, {
      request: (name: string, ...more: unknown[]) => {
        if (name.startsWith('sync:')) seen.push(name);
        return ask(name, ...more);
      },
    });
  });
}

const seenOnThePage = (page: Page) =>
  page.evaluate(() => (window as unknown as { seenOnThePage: string[] }).seenOnThePage);

const engines = (page: Page) => page.workers().filter((worker) => worker.url().includes('engine-worker'));

test('the engine works on a thread of its own, offline too, and leaves with the person', async ({
  page,
  context,
  server,
}) => {
  await standInBasemap(context);
  await watchThePage(context);
  const calls: string[] = [];
  page.on('request', (request) => {
    const call = /\/rpc\/(sync_\w+)/.exec(request.url())?.[1];
    if (call) calls.push(call);
  });
  await server.sql(
    'delete from app.charter_acceptances where user_id = (select id from auth.users where email = $1)',
    ['volontaire@capitelle.test'],
  );

  await test.step('it starts when somebody signs in', async () => {
    expect(engines(page)).toHaveLength(0);
    await signIn(page, 'volontaire@capitelle.test');
    await acceptCharter(page);
    await expect.poll(() => engines(page).length).toBe(1);
    await expect.poll(() => calls).toContain('sync_pull');
  });

  await test.step('it starts without network as well', async () => {
    await becomeInstalled(page);
    await page.goto('/#/add');
    await expect(page.getByRole('button', { name: 'Petit patrimoine' })).toBeVisible();
    await context.setOffline(true);
    await page.reload();
    await expect.poll(() => engines(page).length).toBe(1);
  });

  await test.step('it hears of a save of the page, and the page of what came of it', async () => {
    await beginCapture(page, 'Petit patrimoine');
    await chooseTerm(page, 'lavoir', /^Lavoir/);
    await page.getByRole('radio', { name: 'Bon', exact: true }).check({ force: true });
    await page.getByLabel('Nom d’usage').fill(NAME);
    await saveCapture(page);
    const before = calls.length;
    await context.setOffline(false);
    // The screen stays where it is: only the databases tell it.
    await expect(page.getByRole('heading', { name: 'Tout est parti' })).toBeVisible({ timeout: 60_000 });
    expect(calls.slice(before)).toContain('sync_push');
    const rows = await server.sql("select id from app.points where attributes ->> 'name' = $1", [NAME]);
    expect(rows).toHaveLength(1);
    expect(await seenOnThePage(page)).toEqual([]);
    // Were the page to do it, it would be seen.
    await page.evaluate(async () => {
      await navigator.locks.request('sync:nobody', () => undefined);
      await fetch('/rest/v1/rpc/sync_nothing', { method: 'POST' });
    });
    expect(await seenOnThePage(page)).toEqual(['sync:nobody', '/rest/v1/rpc/sync_nothing']);
  });

  await test.step('killed, it is replaced', async () => {
    const [first] = engines(page);
    await first?.evaluate(() => {
      // What an engine that breaks does: an error that nobody caught.
      setTimeout(() => {
        throw new Error('broken on purpose');
      });
    });
    await expect.poll(() => engines(page).some((worker) => worker !== first)).toBe(true);
    expect(engines(page)).toHaveLength(1);
  });

  await test.step('it ends with the session, and the copy goes', async () => {
    await page.goto('/#/account');
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Se déconnecter' }).click();
    await expect.poll(() => engines(page).length).toBe(0);
    const copies = () =>
      page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name).toSorted());
    await expect.poll(copies).toEqual(['cache-public', 'precious']);
  });
});
