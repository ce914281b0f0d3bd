import { copyFile, mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';

import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';

import { manifest } from './src/app/manifest.ts';

/**
 * Leaflet without what this app draws itself: popups, tooltips, vector layers, GeoJSON, controls. It is one module whose
 * classes are made by calls, which a bundler must keep; told that these calls do nothing else, it drops what nobody
 * names. Statements that give the map a part we do without go first.
 */
const LEAFLET = /leaflet-src\.esm\.js$/;
const LEAFLET_UNUSED =
  /Popup|Tooltip|getRenderer|GeoJSON|vmlMixin|BoxZoom|boxZoom|TapHold|tapHold|zoomControl|attributionControl|Marker\b/;

function slimLeaflet(): Plugin {
  return {
    name: 'capitelle-slim-leaflet',
    apply: 'build',
    transform(code, id) {
      if (!LEAFLET.test(id)) return null;
      let slim = code;
      for (const statement of [...this.parse(code).body].reverse()) {
        const isCall = statement.type === 'ExpressionStatement' || statement.type === 'IfStatement';
        const text = code.slice(statement.start, statement.end).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
        if (isCall && LEAFLET_UNUSED.test(text)) {
          slim = slim.slice(0, statement.start) + slim.slice(statement.end);
        }
      }
      return { code: slim.replace(/= (\w+\.extend\()/g, '= /*#__PURE__*/ $1'), map: null };
    },
  };
}

/** What a stranger who opens the map downloads, put apart so that size-limit can weigh exactly that. */
const FIRST_SCREENS = ['src/app/HomeRoute.svelte', 'src/map/MapView.svelte'];
const FIRST_LOAD = '.vite/first-load';

function firstLoad(): Plugin {
  return {
    name: 'capitelle-first-load',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
      const holds = (screen: string) =>
        chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith(screen)));
      const screens = FIRST_SCREENS.map((screen) => {
        const chunk = holds(screen);
        if (!chunk) throw new Error(`${screen} has moved: say where in FIRST_SCREENS`);
        return chunk;
      });
      const starts = [...chunks.filter((chunk) => chunk.isEntry), ...screens];
      const names = new Set<string>();
      const visit = (name: string) => {
        if (names.has(name)) return;
        names.add(name);
        chunks.find((chunk) => chunk.fileName === name)?.imports.forEach(visit);
      };
      starts.forEach((chunk) => visit(chunk.fileName));
      await rm(FIRST_LOAD, { recursive: true, force: true });
      await mkdir(FIRST_LOAD, { recursive: true });
      await Promise.all(
        [...names].map((name) => copyFile(join(dir, name), join(FIRST_LOAD, basename(name)))),
      );
    },
  };
}

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
      },
      devOptions: { enabled: false },
    }),
  ],
  resolve: {
    alias: [
      // its package names only the old module format
      { find: /^leaflet$/, replacement: 'leaflet/dist/leaflet-src.esm.js' },
      // The same library without the code for browsers that this build leaves out anyway.
      ...(process.env['VITEST'] ? [] : [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.mjs' }]),
    ],
  },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  test: {
    globalSetup: './test/support/compile-messages.ts',
    include: ['test/{unit,property,model,db,integration,lint}/**/*.test.ts'],
    testTimeout: 30_000,
    // By default one processor is left idle: half of a small machine.
    maxWorkers: availableParallelism(),
  },
}));
