import { clientsClaim, type WorkboxPlugin } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { StaleWhileRevalidate } from 'workbox-strategies';

import { keepableSquares } from './basemap-address.ts';
import { BasemapCache } from './basemap-cache.ts';

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

/** Addresses that another program answers: never the app's page. */
const NOT_THE_APP = /^\/(rest|auth|storage|functions|healthz|p|c|t|thesaurus|ogc|feeds|embed\.html)(\/|$|\?)/;
const PUBLISHED_PHOTOS = /\/storage\/v1\/object\/public\/published\//;
const PHOTOS_KEPT = 150;
const PHOTO_DAYS = 7;

/**
 * Ends what is still being asked of the network. A browser puts a new version in place only once the old one has
 * answered everything: without this, one square that never comes would hold the accepted version up for minutes.
 */
const giveWay = new AbortController();

cleanupOutdatedCaches();
precacheAndRoute(self.__WB_MANIFEST);

// The app starts offline: any address of its own is the same page, which then reads what follows `#`.
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [NOT_THE_APP] }));

const basemap = new BasemapCache('basemap', giveWay.signal);
const isKeepable = keepableSquares(
  { url: import.meta.env['VITE_BASEMAP_URL'], offline: import.meta.env['VITE_BASEMAP_OFFLINE'] },
  self.location.origin,
);
registerRoute(
  ({ request, url }) => request.destination === 'image' && isKeepable(url),
  ({ request }) => basemap.answer(request),
);

// Published photos already seen. One that was taken back is gone at the next sight of it, and in a week at most. What the
// app fetches to keep it itself is not kept twice.
registerRoute(
  ({ request, url }) => request.destination === 'image' && PUBLISHED_PHOTOS.test(url.pathname),
  new StaleWhileRevalidate({
    cacheName: 'published-photos',
    fetchOptions: { signal: giveWay.signal },
    plugins: [
      // the package's own two types differ by an `undefined`
      new ExpirationPlugin({
        maxEntries: PHOTOS_KEPT,
        maxAgeSeconds: PHOTO_DAYS * 24 * 3600,
        purgeOnQuotaError: true,
      }) as WorkboxPlugin,
      {
        fetchDidSucceed: async ({ request, response }) => {
          if (response.status >= 400 && response.status < 500) {
            await (await caches.open('published-photos')).delete(request);
          }
          return response;
        },
      },
    ],
  }),
);

// What was kept of a map that may not be, before this instance said so or before this version asked.
self.addEventListener('activate', (event) => {
  event.waitUntil(basemap.keepOnly(isKeepable));
});

// The first installation serves the page that made it; a later one waits until the person agrees.
clientsClaim();
self.addEventListener('message', (event) => {
  const { type } = (event.data as { type?: string } | null) ?? {};
  if (type === 'SKIP_WAITING') void self.skipWaiting();
  if (type === 'GIVE_WAY') giveWay.abort();
});
