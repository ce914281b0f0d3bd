import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test';

import type { LocalServer } from '../../supabase/local/server.ts';
import { chromiumLaunchOptions } from '../support/browser.ts';
import { standInBasemap } from '../e2e/steps.ts';
import { MONTPELLIER } from './lights.ts';
import { servePeer } from './peer-page.ts';
import { largest, median, tenth } from './statistics.ts';

/** A phone several years old. */
const CPU_SLOWDOWN = 4;
const SCREEN = { width: 390, height: 844 };
const MIDDLE = { x: 195, y: 380 };
const START_ZOOM = 13;
const BASEMAP = 'https://data.geopf.fr/wmts?z={z}&x={x}&y={y}';

/** How a map follows the fingers. */
export interface Fluidity {
  /** Middle of the frame rates between two frames, per second. */
  readonly framesPerSecond: number;
  readonly slowestFrame: number;
  /** Longest task on the main thread, ms; 0 when none passed 50 ms. */
  readonly longestTask: number;
  readonly longTasks: number;
}

interface Recorder {
  recorded: { frames: number[]; tasks: number[] };
}

async function record(page: Page, gestures: () => Promise<void>): Promise<Fluidity> {
  await page.evaluate(() => {
    const recorded = { frames: [] as number[], tasks: [] as number[] };
    (window as unknown as Recorder).recorded = recorded;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) recorded.tasks.push(duration);
    }).observe({ type: 'longtask' });
    let last = performance.now();
    const frame = (now: number) => {
      recorded.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await gestures();
  const { frames, tasks } = await page.evaluate(() => (window as unknown as Recorder).recorded);
  const seen = frames.slice(1);
  return {
    framesPerSecond: tenth(1000 / median(seen)),
    slowestFrame: tenth(largest(seen)),
    longestTask: tenth(largest(tasks)),
    longTasks: tasks.length,
  };
}

/** What a thumb does: drags the map about, pinches in to the street, drags, pinches out to the region. */
async function handle(cdp: CDPSession): Promise<void> {
  const drag = (xDistance: number, yDistance: number) =>
    cdp.send('Input.synthesizeScrollGesture', {
      ...MIDDLE,
      xDistance,
      yDistance,
      speed: 900,
      preventFling: false,
      gestureSourceType: 'touch',
    });
  const pinch = (scaleFactor: number) =>
    cdp.send('Input.synthesizePinchGesture', {
      ...MIDDLE,
      scaleFactor,
      relativeSpeed: 500,
      gestureSourceType: 'touch',
    });
  for (const [x, y] of [
    [-150, 0],
    [150, 120],
    [0, -240],
    [120, 120],
  ] as const)
    await drag(x, y);
  for (let step = 0; step < 4; step++) {
    await pinch(2);
    await drag(step % 2 === 0 ? -140 : 140, 60);
  }
  for (let step = 0; step < 6; step++) {
    await pinch(0.5);
    await drag(step % 2 === 0 ? 140 : -140, -60);
  }
}

async function openPhone(browser: Browser): Promise<{ page: Page; cdp: CDPSession }> {
  const context = await browser.newContext({
    viewport: SCREEN,
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: 'fr-FR',
  });
  await standInBasemap(context);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  return { page, cdp };
}

async function measureOurs(browser: Browser, server: LocalServer): Promise<Fluidity> {
  const { page, cdp } = await openPhone(browser);
  await page.addInitScript(
    (mapView) => localStorage.setItem('capitelle.preferences', JSON.stringify({ mapView })),
    { ...MONTPELLIER, zoom: START_ZOOM },
  );
  const firstTile = page.waitForResponse((response) => response.url().includes('/rpc/map_tile'));
  await page.goto(server.url);
  await firstTile;
  await page.waitForLoadState('networkidle');
  const fluidity = await record(page, () => handle(cdp));
  await page.context().close();
  return fluidity;
}

async function measurePeer(browser: Browser, server: LocalServer): Promise<Fluidity> {
  const rows = await server.sql<{ lon: number; lat: number }>(
    'select extensions.st_x(public_geom) as lon, extensions.st_y(public_geom) as lat from app.points',
  );
  const peer = await servePeer(
    rows.map(({ lon, lat }) => [lon, lat] as const),
    BASEMAP,
    { ...MONTPELLIER, zoom: START_ZOOM },
  );
  const { page, cdp } = await openPhone(browser);
  await page.goto(peer.url);
  await page.locator('body[data-ready]').waitFor({ timeout: 120_000 });
  await page.waitForLoadState('networkidle');
  const fluidity = await record(page, () => handle(cdp));
  await page.context().close();
  await peer.close();
  return fluidity;
}

/** The same gestures on our map and on leaflet.markercluster, over the same points. */
export async function measureMaps(server: LocalServer): Promise<{ ours: Fluidity; peer: Fluidity }> {
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    return { ours: await measureOurs(browser, server), peer: await measurePeer(browser, server) };
  } finally {
    await browser.close();
  }
}
