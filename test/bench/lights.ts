import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDataFolder } from '../../supabase/local/data-folder.ts';
import { loadFile } from '../../supabase/local/load/load-file.ts';
import { createLocalServer, type LocalServer } from '../../supabase/local/server.ts';
import { timed } from './statistics.ts';

/** The real inventory that every figure is taken on. */
export const LIGHTS_FILE = join(
  import.meta.dirname,
  '../../../shared/data/lighting/VilleMTP_MTP_EclairagePublic.zip',
);
export const hasLights = (): boolean => existsSync(LIGHTS_FILE);

/** Middle of Montpellier, where the lights are. */
export const MONTPELLIER = { lon: 3.8767, lat: 43.6108 };

/** A server that holds the lights and nothing else. */
export interface LightsServer {
  readonly server: LocalServer;
  readonly points: number;
  readonly loadSeconds: number;
  close(): Promise<void>;
}

/** Loads the lights as `npm run load` does, then serves them; on PGlite without an address. */
export async function serveLights(databaseUrl?: string): Promise<LightsServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'capitelle-bench-'));
  const place = { dataDir, ...(databaseUrl === undefined ? {} : { databaseUrl }) };
  const { database, release } = await openDataFolder(place);
  const load = await timed(() =>
    loadFile(
      database,
      {
        file: LIGHTS_FILE,
        theme: 'lighting',
        producer: 'Ville de Montpellier',
        licence: 'etalab-2.0',
        srid: undefined,
        idColumn: undefined,
        concept: undefined,
        conceptColumn: undefined,
        deliveredOn: undefined,
      },
      () => undefined,
    ),
  );
  // what autovacuum does within a minute of such a load
  await database.script('vacuum analyze');
  await database.close();
  await release();
  const server = await createLocalServer({
    ...place,
    port: 0,
    host: '127.0.0.1',
    demo: false,
    staticDir: 'dist',
  });
  return {
    server,
    points: load.value.inserted,
    loadSeconds: load.ms / 1000,
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
