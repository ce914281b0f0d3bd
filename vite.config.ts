import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

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
  ],
  build: { target: 'es2022', assetsInlineLimit: 0 },
  test: {
    globalSetup: './test/support/compile-messages.ts',
    include: ['test/{unit,property,db,integration,lint}/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
