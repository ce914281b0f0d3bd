import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';

import { manifest } from './src/sw/manifest.ts';

export default defineConfig({
  plugins: [
    // Under vitest its watcher would keep the process alive; test/support compiles instead.
    !process.env['VITEST'] &&
      paraglideVitePlugin({
        project: './src/i18n/project.inlang',
        outdir: './src/i18n/generated',
        strategy: ['globalVariable', 'baseLocale'],
      }),
    svelte(),
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
      },
      devOptions: { enabled: false },
    }),
  ],
  build: { target: 'es2022', assetsInlineLimit: 0 },
  test: {
    globalSetup: './test/support/compile-messages.ts',
    include: ['test/{unit,property,db,integration,lint}/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
