import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './src/i18n/project.inlang',
      outdir: './src/i18n/generated',
      strategy: ['globalVariable', 'baseLocale'],
    }),
    svelte(),
  ],
  build: { target: 'es2022', assetsInlineLimit: 0 },
  test: { include: ['test/{unit,property,db,integration,lint}/**/*.test.ts'], testTimeout: 30_000 },
});
