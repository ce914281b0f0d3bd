import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin } from 'vite';

import { ALIAS, TARGET } from './shared.ts';
import { slimLeaflet } from './slim-leaflet.ts';

/**
 * The map for other sites, `embed.html`, built after the app and apart from it: one small bundle that knows neither
 * accounts nor storage, and that the service worker does not keep.
 */
export function embedBundle(): Plugin {
  return {
    name: 'capitelle-embed',
    apply: 'build',
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        await build({
          configFile: false,
          logLevel: 'warn',
          publicDir: false,
          plugins: [svelte(), slimLeaflet()],
          resolve: { alias: ALIAS },
          build: {
            target: TARGET,
            assetsInlineLimit: 0,
            emptyOutDir: false,
            assetsDir: 'embed',
            rollupOptions: { input: 'embed.html' },
          },
        });
      },
    },
  };
}
