/** How the interface is lit; `auto` follows the device. */
type Appearance = 'auto' | 'light' | 'dark' | 'outdoors';

const PAGE_COLOUR = { light: '#fbf8f1', dark: '#14171e', outdoors: '#ffffff' } as const;

/**
 * Lights the document, where the tokens look for it, and follows the device while the choice is `auto`.
 * public/appearance.js does the same before the first paint. Returns the way to stop following.
 */
export function applyAppearance(choice: Appearance): () => void {
  const night = matchMedia('(prefers-color-scheme: dark)');
  const light = () => {
    const mode = choice === 'auto' ? (night.matches ? 'dark' : 'light') : choice;
    document.documentElement.dataset['theme'] = mode;
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', PAGE_COLOUR[mode]);
  };
  light();
  night.addEventListener('change', light);
  return () => night.removeEventListener('change', light);
}
