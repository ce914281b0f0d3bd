import { copyFile, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { Plugin } from 'vite';

/** What a stranger who opens the map downloads, put apart so that size-limit can weigh exactly that. */
const FIRST_SCREENS = ['src/app/HomeRoute.svelte', 'src/map/MapView.svelte'];
const FIRST_LOAD = '.vite/first-load';

/** Copies it to `.vite/first-load`. */
export function firstLoad(): Plugin {
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
