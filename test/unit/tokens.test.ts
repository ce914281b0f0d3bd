import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { MARKER_COLOURS, MARKER_INK, MARKER_LIME, MARKER_WHITE } from '../../src/ui/shapes.ts';

const css = readFileSync(new URL('../../src/styles/tokens.css', import.meta.url), 'utf8');

/** The declarations of the blocks whose selector is given, `var()` resolved once. */
function tokens(selector: string): Record<string, string> {
  const blocks = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(([, names = '']) =>
    names
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .split(',')
      .some((name) => name.trim() === selector),
  );
  return Object.fromEntries(
    blocks.flatMap(([, , body = '']) =>
      [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]),
    ),
  );
}

const LIGHTS = {
  light: tokens(':root'),
  dark: { ...tokens(':root'), ...tokens("[data-theme='dark']") },
  outdoors: { ...tokens(':root'), ...tokens("[data-theme='outdoors']") },
};
type Light = keyof typeof LIGHTS;

function colour(light: Light, name: string): string {
  const value = LIGHTS[light][name];
  if (value === undefined) throw new Error(`no token --${name}`);
  const reference = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
  return reference ? colour(light, reference) : value;
}

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((start) => {
    const part = parseInt(hex.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of WCAG 2.2, 1 to 21. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}

const INKS = ['heritage', 'accessibility', 'lighting', 'danger', 'ok', 'link', 'primary'];

/** ink, ground, least ratio */
const PAIRS: Record<Light, (readonly [string, string, number])[]> = {
  light: [
    ['text', 'page', 14],
    ['text', 'card', 12],
    ['text', 'heed', 12],
    ['text-2', 'page', 5.4],
    ['text-2', 'card', 4.9],
    ['text-2', 'heed', 4.7],
    ['text-read', 'page', 7],
    ['text-read', 'card', 7],
    ['text-read', 'heed', 7],
    ['dusk', 'page', 10.5],
    ['ochre', 'page', 5.5],
    ['garrigue', 'page', 7],
    ['oxide', 'page', 7],
    ['edge', 'page', 3],
    ['on-primary', 'primary', 7],
    ['on-primary', 'primary-hover', 7],
    ['on-danger', 'danger', 7],
    ...INKS.flatMap((ink) => ['page', 'card', 'heed'].map((ground) => [ink, ground, 4.5] as const)),
    ['text', 'added', 7],
    ['text', 'removed', 7],
    ['text', 'hover', 7],
    ['danger', 'hover', 4.5],
    ['link', 'hover', 4.5],
    ['ground-text', 'ground', 4.5],
  ],
  dark: [
    ...['text', 'text-2', 'text-read', ...INKS].flatMap((ink) => [
      [ink, 'page', 7] as const,
      [ink, 'card', 6] as const,
      [ink, 'heed', 4.5] as const,
      [ink, 'hover', 4.5] as const,
    ]),
    ['text', 'added', 7],
    ['text', 'removed', 7],
    ['edge', 'page', 3],
    ['on-primary', 'primary', 7],
    ['on-primary', 'primary-hover', 7],
    ['on-danger', 'danger', 4.5],
    ['ground-text', 'ground', 4.5],
  ],
  outdoors: [
    ...['text', 'text-2', 'text-read', ...INKS].flatMap((ink) =>
      ['page', 'card', 'heed', 'hover'].map((ground) => [ink, ground, 7] as const),
    ),
    ['edge', 'page', 7],
    ['on-primary', 'primary', 7],
    ['on-primary', 'primary-hover', 7],
    ['on-danger', 'danger', 7],
    ['ground-text', 'ground', 7],
  ],
};

describe.each(Object.keys(PAIRS) as Light[])('in the %s mode', (light) => {
  test.each(PAIRS[light])('%s on %s is at least %d', (ink, ground, least) => {
    expect(contrast(colour(light, ink), colour(light, ground))).toBeGreaterThanOrEqual(least);
  });
});

describe('a marker', () => {
  test.each(Object.entries(MARKER_COLOURS))('in %s stands out on its white line', (_, hex) => {
    expect(contrast(hex, MARKER_WHITE)).toBeGreaterThanOrEqual(4.5);
  });

  test('carries a readable number on the base of its stack', () => {
    expect(contrast(MARKER_INK, MARKER_LIME)).toBeGreaterThanOrEqual(7);
  });

  test('has two lines of which one stands out on any base map', () => {
    const greys = Array.from(
      { length: 256 },
      (_, level) => `#${level.toString(16).padStart(2, '0').repeat(3)}`,
    );
    const weakest = Math.min(
      ...greys.map((grey) => Math.max(contrast(MARKER_INK, grey), contrast(MARKER_WHITE, grey))),
    );
    expect(weakest).toBeGreaterThanOrEqual(3);
  });
});

test('the colours painted before the styles arrive are those of the tokens', () => {
  const source = readFileSync(new URL('../../src/ui/appearance.ts', import.meta.url), 'utf8');
  for (const light of ['light', 'dark', 'outdoors'] as const) {
    expect(source).toContain(`${light}: '${colour(light, 'page')}'`);
  }
});
