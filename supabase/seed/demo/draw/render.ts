/** `node supabase/seed/demo/draw/render.ts`: renders the demonstration's pictures, with their thumbnails. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { height, width } from './kit.ts';
import { scenes } from './scenes.ts';

const folder = join(import.meta.dirname, '../photos');
const system = '/usr/bin/chromium';

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...(existsSync(system) ? { executablePath: system } : {}),
});
const page = await browser.newPage();
for (const [name, draw] of Object.entries(scenes)) {
  await render(`${name}.jpg`, draw(), width, height, 62);
  await render(`${name}-t.jpg`, draw(), 320, 240, 72);
}
await browser.close();

async function render(file: string, drawing: string, w: number, h: number, quality: number): Promise<void> {
  await page.setViewportSize({ width: w, height: h });
  await page.setContent(
    `<style>body{margin:0}svg{display:block}</style><svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${width} ${height}">${drawing}</svg>`,
  );
  await writeFile(join(folder, file), await page.screenshot({ type: 'jpeg', quality }));
}
