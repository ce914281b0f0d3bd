import type { BrowserContext, Page } from '@playwright/test';

import { expect, otherDevice, test } from './fixtures.ts';
import { visitAsAnybody, visitAsModerator, visitAsVolunteer } from './screens.ts';
import { standInBasemap } from './steps.ts';

/** Everything the browser complains of in a context: refused by the policy, thrown, or written as an error. */
async function listen(context: BrowserContext): Promise<string[]> {
  const said: string[] = [];
  await context.exposeFunction('tellTest', (text: string) => said.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { tellTest } = window as unknown as { tellTest: (text: string) => void };
      tellTest(`${event.effectiveDirective} refused ${event.blockedURI} in ${event.sourceFile}`);
    });
  });
  context.on('console', (message) => {
    if (message.type() === 'error') said.push(`${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => said.push(String(error.error())));
  return said;
}

test('the policy refuses nothing that the application does, and no error is written', async ({
  browser,
  server,
}) => {
  const walks: [
    size: { width: number; height: number },
    walk: (page: Page, look: () => Promise<void>) => Promise<void>,
  ][] = [
    [{ width: 390, height: 844 }, (page, look) => visitAsAnybody(page, server, look)],
    [{ width: 390, height: 844 }, visitAsVolunteer],
    [{ width: 1280, height: 800 }, visitAsModerator],
  ];
  for (const [viewport, walk] of walks) {
    const device = await otherDevice(browser, server, { viewport });
    await standInBasemap(device);
    const said = await listen(device);
    const page = await device.newPage();
    await walk(page, async () => undefined);
    // the browser itself writes an answer 404, which is the right answer to a sheet that is not public
    const wrong = said.filter((text) => !/status of 404.*point_sheet/.test(text));
    expect(wrong).toEqual([]);
    await device.close();
  }
});

test('pages, files and functions carry their headers', async ({ server }) => {
  const page = await fetch(`${server.url}/`);
  const policy = new Map(
    (page.headers.get('content-security-policy') ?? '').split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources.join(' ')];
    }),
  );
  expect(policy.get('default-src')).toBe(`'self'`);
  expect(policy.get('script-src')).toBe(`'self'`);
  expect(policy.get('object-src')).toBe(`'none'`);
  expect(policy.get('base-uri')).toBe(`'none'`);
  expect(policy.get('frame-ancestors')).toBe(`'none'`);
  expect([...policy.values()].join(' ')).not.toMatch(/unsafe-(inline|eval)/);
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/\son\w+=/);

  for (const path of ['/storage/v1/object/public/published/nothing.jpg', '/functions/v1/photo_commit']) {
    const answer = await fetch(`${server.url}${path}`, { headers: { apikey: server.publishableKey } });
    expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(answer.headers.get('content-security-policy'), path).toMatch(/sandbox/);
  }
});
