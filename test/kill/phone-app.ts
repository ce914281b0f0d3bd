import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type BrowserContext, chromium, type Page } from '@playwright/test';

import { chromiumLaunchOptions } from '../support/browser.ts';
import { standInBasemap } from '../e2e/steps.ts';

/** What the screen has told the person, as it was told: nothing is asked of the page afterwards. */
export interface Told {
  /** Names of contributions shown among those saved on this phone. */
  readonly saved: Set<string>;
  /** What the open form held whenever it said that it was kept. */
  kept: string | null;
}

/** The app in a browser with a disk of its own, whose processes can be killed. */
export class PhoneApp {
  readonly told: Told = { saved: new Set(), kept: null };
  #url: string;
  #profile: string;
  #context: BrowserContext | null = null;

  private constructor(url: string, profile: string) {
    this.#url = url;
    this.#profile = profile;
  }

  static async buy(url: string): Promise<PhoneApp> {
    return new PhoneApp(url, await mkdtemp(join(tmpdir(), 'capitelle-phone-')));
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('the browser is not open');
    return this.#context;
  }

  /** Opens the browser on what its disk holds. One that is measured does not listen to what is told. */
  async open({ offline = false, listens = true, isMobile = false } = {}): Promise<Page> {
    const context = await chromium.launchPersistentContext(this.#profile, {
      ...chromiumLaunchOptions(),
      baseURL: this.#url,
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile,
      permissions: ['geolocation'],
      offline,
    });
    this.#context = context;
    await standInBasemap(context);
    await context.exposeBinding('toldSaved', (_, name: string) => void this.told.saved.add(name));
    await context.exposeBinding('toldKept', (_, name: string) => void (this.told.kept = name));
    if (listens) await context.addInitScript(listen);
    return context.pages()[0] ?? context.newPage();
  }

  /** Kills the browser where it stands: no page is told, nothing is flushed. */
  async kill(): Promise<void> {
    const context = this.context;
    this.#context = null;
    const [main] = processesOf(this.#profile);
    if (main === undefined) throw new Error('no browser to kill');
    process.kill(main, 'SIGKILL');
    await context.close().catch(() => undefined);
    while (processesOf(this.#profile).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Closes the browser as people do. */
  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = null;
  }

  /** Closes it and throws its disk away. */
  async scrap(): Promise<void> {
    await this.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}

/** Processes of the browser that was opened on a profile, its main one first. */
function processesOf(profile: string): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes(`--user-data-dir=${profile}`))
    .toSorted((a, b) => Number(a.includes('--type=')) - Number(b.includes('--type=')))
    .map((line) => Number(line.trim().split(' ')[0]));
}

/** In the page: tells what the screen says, the moment it says it. */
function listen(): void {
  const told = new Set<string>();
  const page = globalThis as unknown as Record<'toldSaved' | 'toldKept', (name: string) => void>;
  const look = () => {
    for (const row of document.querySelectorAll('.row')) {
      const name = /Essai \d+( bis)?/.exec(row.textContent)?.[0];
      if (!name || told.has(name) || !location.hash.startsWith('#/outbox')) continue;
      told.add(name);
      page.toldSaved(name);
    }
    const fields = [...document.querySelectorAll('input')];
    const name = fields.find((field) => field.value.startsWith('Essai '))?.value;
    if (name && document.querySelector('p.kept')) page.toldKept(name);
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ['class'],
  });
}
