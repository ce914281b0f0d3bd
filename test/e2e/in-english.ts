import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as object;

function messages(language: 'fr' | 'en'): ReadonlyMap<string, string> {
  const slices = readdirSync(join(ROOT, 'src/i18n/messages'));
  const all = slices.flatMap((slice) => Object.entries(read(`src/i18n/messages/${slice}/${language}.json`)));
  return new Map(all.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** What a theme says in French, where it says it in English as well. */
function frenchOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { fr, en } = value as { fr?: unknown; en?: unknown };
  const own = typeof fr === 'string' && typeof en === 'string' && fr !== en ? [fr] : [];
  return [...own, ...Object.values(value).flatMap(frenchOf)];
}

const ENGLISH = messages('en');
const THEMES = readdirSync(join(ROOT, 'supabase/seed/themes')).map((name) =>
  read(`supabase/seed/themes/${name}`),
);
const ALSO_ENGLISH = new Set(ENGLISH.values());
const FRENCH = new Set(
  [...messages('fr').values(), ...THEMES.flatMap(frenchOf)].filter((text) => !ALSO_ENGLISH.has(text)),
);

/** An English text of the interface, by its key. */
export function say(key: string): string {
  const text = ENGLISH.get(key);
  if (text === undefined) throw new Error(`no text ${key}`);
  return text;
}

/** Texts of the interface and of the themes that a screen says in French, to the eye or to the ear. */
export async function frenchOn(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) found.push(walker.currentNode.textContent ?? '');
    for (const name of ['aria-label', 'alt', 'placeholder', 'title']) {
      for (const one of document.body.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name) ?? '');
    }
    return found;
  });
  return [...new Set(texts.map((text) => text.trim()))].filter((text) => FRENCH.has(text));
}
