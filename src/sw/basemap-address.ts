/** What the instance says of its base map at build time. */
export interface BasemapSettings {
  /** Address of a square with its placeholders; empty or absent: Plan IGN. */
  readonly url?: string | undefined;
  /** `1`: the licence of that other map lets it be kept. */
  readonly offline?: string | undefined;
}

/** Any square of Plan IGN, which everybody may keep. */
const IGN = 'https://data.geopf.fr/wmts';
/** Stands for a placeholder while an address is read: a browser would refuse braces in the name of a server. */
const ANYTHING = 'capitelleplaceholder';

/**
 * Tells the addresses of base map squares that may be kept on the device; none where the licence of the map does not
 * say so. A placeholder stands for anything within its part of the address: `{s}` for the name of a server, too.
 */
export function keepableSquares(
  { url, offline }: BasemapSettings,
  origin: string,
): (address: URL) => boolean {
  const template = url || IGN;
  const mayBeKept = !url || offline === '1';
  const plain = template.replace(/\{[^}]*\}/g, ANYTHING);
  if (!mayBeKept || !URL.canParse(plain, origin)) return () => false;
  const parts = new URL(plain, origin).href.split(ANYTHING).map(escaped);
  const pattern = new RegExp(`^${parts.join('[^/?&#]*')}`);
  return (address) => pattern.test(address.href);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
