import { availableParallelism } from 'node:os';

import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';

import { embedBundle } from './build/embed-bundle.ts';
import { firstLoad } from './build/first-load.ts';
import { ALIAS, TARGET } from './build/shared.ts';
import { slimLeaflet } from './build/slim-leaflet.ts';
import { manifest } from './src/app/manifest.ts';

export default defineConfig(async ({ command }) => ({
  plugins: [
    // Under vitest its watcher would keep the process alive; test/support compiles instead.
    !process.env['VITEST'] &&
      paraglideVitePlugin({
        project: './src/i18n/project.inlang',
        outdir: './src/i18n/generated',
        strategy: ['globalVariable', 'baseLocale'],
      }),
    svelte(),
    // loaded for `npm run dev` only: it opens a database
    command === 'serve' &&
      !process.env['VITEST'] &&
      (await import('./supabase/local/vite-plugin.ts')).localBackend(),
    slimLeaflet(),
    firstLoad(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'service-worker.ts',
      // registered by src/app/updates.svelte.ts: nothing is replaced before the person agrees
      injectRegister: false,
      registerType: 'prompt',
      manifest,
      injectManifest: {
        globPatterns: ['**/*.{js,css,html,woff2,svg}', 'icons/icon-192.png'],
        // what other sites load
        globIgnores: ['capitelle-map.js'],
      },
      devOptions: { enabled: false },
    }),
    embedBundle(),
  ],
  resolve: {
    alias: [
      ...ALIAS,
      // The same library without the code for browsers that this build leaves out anyway.
      ...(process.env['VITEST'] ? [] : [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.mjs' }]),
    ],
  },
  build: { target: TARGET, assetsInlineLimit: 0 },
  test: {
    globalSetup: './test/support/compile-messages.ts',
    include: ['test/{unit,property,model,db,integration,lint}/**/*.test.ts'],
    testTimeout: 30_000,
    // By default one processor is left idle: half of a small machine.
    maxWorkers: availableParallelism(),
  },
}));
