/** How the interface is lit. `auto` follows the device. */
export const APPEARANCES = ['auto', 'light', 'dark', 'outdoors'] as const;
export type Appearance = (typeof APPEARANCES)[number];

const KEY = 'capitelle.appearance';
const PAGE_COLOUR = { light: '#fbf8f1', dark: '#14171e', outdoors: '#ffffff' } as const;

/** The choice kept on this device; public/appearance.js reads the same key before the first paint. */
export function currentAppearance(): Appearance {
  const kept = localStorage.getItem(KEY);
  return APPEARANCES.find((one) => one === kept) ?? 'auto';
}

/** Lights the interface and keeps the choice on this device. */
export function setAppearance(choice: Appearance): void {
  if (choice === 'auto') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  applyAppearance();
}

/** Puts the mode on the document, where the tokens look for it. */
export function applyAppearance(): void {
  const choice = currentAppearance();
  const isNight = matchMedia('(prefers-color-scheme: dark)').matches;
  const mode = choice === 'auto' ? (isNight ? 'dark' : 'light') : choice;
  document.documentElement.dataset['theme'] = mode;
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', PAGE_COLOUR[mode]);
}

/** Follows the device from now on, when the choice says so. Returns the way to stop. */
export function followDevice(): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', applyAppearance);
  return () => query.removeEventListener('change', applyAppearance);
}
