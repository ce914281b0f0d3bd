import type { ManifestOptions } from 'vite-plugin-pwa';

/** What the phone knows of the app before it opens. No orientation lock: a tablet on a stand is held its own way. */
export const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Capitelle, inventaire de terrain',
  short_name: 'Capitelle',
  description: 'Capturer sur place, même sans réseau, relire, publier : l’inventaire d’un territoire.',
  lang: 'fr',
  dir: 'ltr',
  start_url: '/#/',
  scope: '/',
  display: 'standalone',
  background_color: '#fbf8f1',
  theme_color: '#fbf8f1',
  categories: ['utilities', 'navigation', 'government'],
  icons: [
    { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    { src: '/icons/maskable-192.png', sizes: '192x192', type: 'image/png', purpose: 'maskable' },
    { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: '/icons/mark.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
  ],
  shortcuts: [
    {
      name: 'Ajouter un point',
      url: '/#/add',
      icons: [{ src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' }],
    },
    {
      name: 'Mes envois',
      url: '/#/outbox',
      icons: [{ src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' }],
    },
  ],
  screenshots: [
    {
      src: '/screenshots/phone.jpg',
      sizes: '780x1688',
      type: 'image/jpeg',
      form_factor: 'narrow',
      label: 'La liste des points autour de soi',
    },
    {
      src: '/screenshots/desktop.jpg',
      sizes: '1280x800',
      type: 'image/jpeg',
      form_factor: 'wide',
      label: 'La carte et la liste, côte à côte',
    },
  ],
};
