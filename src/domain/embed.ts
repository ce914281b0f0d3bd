/** What a map on somebody else's page shows, as its address says it. */
export interface EmbedOptions {
  /** Theme ids; none means all. */
  readonly themes: readonly string[];
  /** Concept id, its narrower ones included. */
  readonly concept: string | null;
  /** INSEE code of a commune, a grouping, a département or a region. */
  readonly territory: string | null;
  /** Null: what the reader's browser asks for. */
  readonly language: 'fr' | 'en' | null;
  readonly appearance: 'auto' | 'light' | 'dark';
}

/** A map on somebody's page, with the room it takes there. */
export interface EmbedSnippet extends EmbedOptions {
  /** CSS px. */
  readonly height: number;
  /** What the map is called, for those who do not see it. */
  readonly title: string;
}

/** Smaller, the buttons cover the map; taller, one scrolls past nothing. CSS px. */
export const EMBED_HEIGHT = { least: 320, usual: 480, most: 1200 } as const;

const isSlug = (value: string): boolean => /^[a-z0-9][a-z0-9-]{0,80}$/.test(value);
const isCode = (value: string): boolean => /^[0-9A-Z]{2,9}$/.test(value);

/** Reads the part of the address behind `?`. Whatever it cannot read counts as not asked. */
export function parseEmbed(search: string): EmbedOptions {
  const parameters = new URLSearchParams(search);
  const text = (name: string) => parameters.get(name)?.trim() ?? '';
  const themes = [
    ...new Set(
      text('theme')
        .split(',')
        .map((one) => one.trim()),
    ),
  ].filter(isSlug);
  const [concept, territory] = [text('concept'), text('territory').toUpperCase()];
  const [language, appearance] = [text('lang'), text('appearance')];
  return {
    themes,
    concept: isSlug(concept) ? concept : null,
    territory: isCode(territory) ? territory : null,
    language: language === 'fr' || language === 'en' ? language : null,
    appearance: appearance === 'light' || appearance === 'dark' ? appearance : 'auto',
  };
}

/** What is asked, by the names that the address and the element share; nothing of what is not asked. */
function asked(options: EmbedOptions): [string, string][] {
  const { themes, concept, territory, language, appearance } = options;
  const all: [string, string][] = [
    ['theme', themes.join(',')],
    ['concept', concept ?? ''],
    ['territory', territory ?? ''],
    ['lang', language ?? ''],
    ['appearance', appearance === 'auto' ? '' : appearance],
  ];
  return all.filter(([, value]) => value !== '');
}

/** The part of the address behind `?`; empty for the plain map. */
export function formatEmbed(options: EmbedOptions): string {
  return new URLSearchParams(asked(options)).toString().replaceAll('%2C', ',');
}

/** A height that a map can be read at. CSS px. */
export function embedHeight(asked: number): number {
  if (!Number.isFinite(asked)) return EMBED_HEIGHT.usual;
  return Math.round(Math.min(EMBED_HEIGHT.most, Math.max(EMBED_HEIGHT.least, asked)));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Two lines of HTML that put the map on a page. `origin`: where this app is served, without a trailing slash. */
export function embedSnippet(origin: string, snippet: EmbedSnippet): string {
  const { height, title } = snippet;
  const attributes = [...asked(snippet), ['height', String(embedHeight(height))], ['title', title]]
    .map(([name, value = '']) => ` ${name}="${escaped(value)}"`)
    .join('');
  return [
    `<script src="${escaped(origin)}/capitelle-map.js" async></script>`,
    `<capitelle-map${attributes}><a href="${escaped(origin)}/">${escaped(title)}</a></capitelle-map>`,
  ].join('\n');
}
