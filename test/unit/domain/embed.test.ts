import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  embedHeight,
  embedSnippet,
  type EmbedOptions,
  formatEmbed,
  parseEmbed,
} from '../../../src/domain/embed.ts';

const options: fc.Arbitrary<EmbedOptions> = fc.record({
  themes: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/), { maxLength: 3 }),
  concept: fc.option(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/)),
  territory: fc.option(fc.constantFrom('11', '2A', '11041', '2A004', '200042604', '76')),
  language: fc.constantFrom('fr' as const, 'en' as const, null),
  appearance: fc.constantFrom('auto' as const, 'light' as const, 'dark' as const),
});

describe('a map on another site', () => {
  it('is asked for by its address, and nothing else', () => {
    fc.assert(
      fc.property(options, (asked) => {
        expect(parseEmbed(`?${formatEmbed(asked)}`)).toEqual(asked);
      }),
    );
  });

  it('takes what it cannot read for not asked, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const address = new URLSearchParams({ theme: text, concept: text, territory: text, lang: text });
        const read = parseEmbed(`?${address}`);
        expect([...read.themes, read.concept ?? 'a'].every((one) => /^[a-z0-9-]+$/.test(one))).toBe(true);
      }),
    );
  });

  it('is put on a page by code that no title breaks', () => {
    fc.assert(
      fc.property(options, fc.string(), fc.double(), (asked, title, height) => {
        const code = embedSnippet('https://carte.exemple.fr', { ...asked, title, height });
        expect(code.match(/</g)).toHaveLength(6);
        expect(code.split('"').length % 2).toBe(1);
      }),
    );
  });

  it('is tall enough to be read', () => {
    expect([embedHeight(Number.NaN), embedHeight(10), embedHeight(600.4), embedHeight(1e9)]).toEqual([
      480, 320, 600, 1200,
    ]);
  });
});
