import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../supabase/local/database.ts';
import { openDataFolder } from '../../supabase/local/data-folder.ts';
import { readLoadArguments } from '../../supabase/local/load/arguments.ts';
import { loadFile, type LoadReport } from '../../supabase/local/load/load-file.ts';
import { deriveCodes } from '../../supabase/local/territories/codes.ts';
import { readLists } from '../../supabase/local/territories/lists.ts';
import { loadTerritories } from '../../supabase/local/territories/load-territories.ts';
import { readOutlines } from '../../supabase/local/territories/outlines.ts';
import { deleteFolder, temporaryFolder } from '../support/local-server.ts';
import { startPostgres, type PostgresCluster } from '../support/postgres.ts';

const lights = {
  type: 'FeatureCollection',
  features: [light(770_795.51, 6_279_476.13, 'LANTERNE'), light(770_900, 6_279_500, 'LANTERNE')],
};
const twins = {
  ...lights,
  features: [
    ...lights.features,
    light(770_900, 6_279_500, 'LANTERNE'),
    light(100_000, 6_900_000, 'PROJECTEUR'),
  ],
};

function light(x: number, y: number, type: string) {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [x, y] },
    properties: { type_lante: type },
  };
}

describe.each(['pglite', 'postgres'] as const)('an administrator loads files on %s', (kind) => {
  let folder: string;
  let database: Database;
  let release: () => Promise<void>;
  let cluster: PostgresCluster | undefined;

  beforeAll(async () => {
    folder = await temporaryFolder();
    if (kind === 'postgres') cluster = await startPostgres();
    const databaseUrl = await cluster?.createDatabase('load');
    ({ database, release } = await openDataFolder({
      dataDir: folder,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    }));
  }, 300_000);

  afterAll(async () => {
    await database.close();
    await release();
    await cluster?.stop();
    await deleteFolder(folder);
  });

  async function load(name: string, content: string | Uint8Array, ...more: string[]): Promise<LoadReport> {
    const file = join(folder, name);
    await writeFile(file, content);
    const args = [file, '--theme', 'lighting', '--producer', 'Ville', '--licence', 'etalab-2.0', ...more];
    return loadFile(database, readLoadArguments(args), () => undefined);
  }

  async function countPoints(): Promise<number> {
    const [row] = await database.query<{ count: number }>('select count(*)::int as count from app.points');
    return row?.count ?? -1;
  }

  test.each([
    ['empty_file', 'vide.zip', new Uint8Array()],
    ['zip_corrupt', 'abîmé.zip', new Uint8Array([0x50, 0x4b, 3, 4, 1, 2, 3])],
    ['not_a_shapefile', 'autre.zip', zipSync({ 'lisez-moi.txt': new Uint8Array([1]) })],
    ['crs_needed', 'sans-prj.zip', zipSync({ 'a.shp': new Uint8Array(100), 'a.dbf': new Uint8Array(40) })],
    ['unknown_format', 'texte.geojson', 'bonjour'],
    ['not_geojson', 'liste.geojson', '{"a":1}'],
    [
      'no_points',
      'ligne.geojson',
      '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"LineString","coordinates":[]},"properties":{}}]}',
    ],
    [
      'crs_needed',
      'mystère.geojson',
      JSON.stringify({ type: 'FeatureCollection', features: [light(5, 300, 'x')] }),
    ],
  ])('a bad file is refused as %s and leaves nothing', async (reason, name, content) => {
    await expect(load(name, content)).rejects.toMatchObject({ name: 'UsageError', reason });
    expect(await countPoints()).toBe(0);
  });

  test.each([
    ['unknown_theme', ['--theme', 'ovnis']],
    ['unknown_crs', ['--crs', 'Lambert']],
    ['unknown_crs', ['--crs', 'EPSG:9999']],
    ['unknown_column', ['--id', 'numero']],
    ['invalid_concept', ['--concept', 'soucoupe']],
    ['invalid_argument', ['--licence', '']],
  ])('a bad request is refused as %s and leaves nothing', async (reason, more) => {
    await expect(load('lumières.geojson', JSON.stringify(lights), ...more)).rejects.toMatchObject({ reason });
    expect(await countPoints()).toBe(0);
  });

  test('communes are known, those that merged as one', async () => {
    const square = (x: number) => ({
      type: 'Polygon',
      coordinates: [
        [
          [x, 43.5],
          [x + 0.1, 43.5],
          [x + 0.1, 43.7],
          [x, 43.7],
          [x, 43.5],
        ],
      ],
    });
    const file = join(folder, 'contours.geojson');
    const features = [
      ['34172', 3.8],
      ['34246', 3.9],
      ['34330', 4],
    ].map(([code, x]) => ({
      type: 'Feature',
      properties: { code },
      geometry: square(Number(x)),
    }));
    await writeFile(file, JSON.stringify({ type: 'FeatureCollection', features }));
    const lists = await readLists();
    const codes = deriveCodes(lists.communes);
    expect(codes.get('34330')).toBe('34246');
    const report = await loadTerritories(database, file, await readOutlines(file), codes, lists);
    expect(report).toMatchObject({ outlines: 2, unknownCodes: [] });
    const [merged] = await database.query(
      `select name, extensions.st_area(geom) as area, epci is not null as has_epci from app.territories where code = '34246'`,
    );
    expect(merged).toMatchObject({
      name: 'Entre-Vignes',
      has_epci: true,
      area: expect.closeTo(0.04, 6) as number,
    });
  });

  test('metres of Lambert-93 become published points with source, term and commune', async () => {
    expect(await load('lumières.geojson', JSON.stringify(lights))).toMatchObject({
      total: 2,
      inserted: 2,
      conceptColumn: 'type_lante',
    });
    const [point] = await database.query(
      `select p.status, p.concept, p.commune, p.position_source, s.producer,
         extensions.st_x(p.geom) as lon, extensions.st_y(p.geom) as lat
       from app.points as p join app.sources as s on s.id = p.source_id order by extensions.st_x(p.geom) limit 1`,
    );
    expect(point).toMatchObject({
      status: 'published',
      concept: 'lanterne',
      commune: '34172',
      position_source: 'import',
      producer: 'Ville',
    });
    expect(point?.['lon']).toBeCloseTo(3.8767, 6);
    expect(point?.['lat']).toBeCloseTo(43.6108, 6);
  });

  test('loading again changes nothing; a twin and a stray are told apart', async () => {
    expect(await load('lumières.geojson', JSON.stringify(lights))).toMatchObject({
      inserted: 0,
      updated: 0,
      unchanged: 2,
    });
    const report = await load('lumières.geojson', JSON.stringify(twins));
    expect(report).toMatchObject({ total: 4, inserted: 1, unchanged: 2 });
    expect([...report.leftOut.keys()].join()).toContain('outside_territory');
    expect(await countPoints()).toBe(3);
  });
});
