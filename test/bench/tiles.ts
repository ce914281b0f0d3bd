import type { LocalServer } from '../../supabase/local/server.ts';
import { MONTPELLIER } from './lights.ts';
import { largest, median, tenth, timed } from './statistics.ts';

/** Zooms of the contract that a person uses over a region. */
const ZOOMS = Array.from({ length: 15 }, (_, index) => index + 5);
/** Each tile is asked that many times: the first pays for what no cache holds yet, and counts too. */
const TURNS = 3;

interface TileKey {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Times of the tiles of a zoom, ms. */
export interface ZoomTimes {
  readonly zoom: number;
  readonly tiles: number;
  readonly kilobytes: number;
  readonly median: number;
  readonly max: number;
}

/** The tile of Montpellier at a zoom and the eight around it. */
function around(z: number): TileKey[] {
  const side = 2 ** z;
  const sine = Math.sin((MONTPELLIER.lat * Math.PI) / 180);
  const middleX = Math.floor(((MONTPELLIER.lon + 180) / 360) * side);
  const middleY = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * side);
  return [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => ({ z, x: middleX + dx, y: middleY + dy })));
}

/** Asks for the tiles of each zoom in turn. `ask` answers the size of the tile, in bytes. */
async function timeTiles(ask: (key: TileKey) => Promise<number>): Promise<ZoomTimes[]> {
  const times: ZoomTimes[] = [];
  for (const zoom of ZOOMS) {
    const keys = around(zoom);
    const all: number[] = [];
    let bytes = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      for (const key of keys) {
        const { ms, value } = await timed(() => ask(key));
        all.push(ms);
        bytes = Math.max(bytes, value);
      }
    }
    times.push({
      zoom,
      tiles: keys.length,
      kilobytes: tenth(bytes / 1024),
      median: tenth(median(all)),
      max: tenth(largest(all)),
    });
  }
  return times;
}

/** `map_tile` as a phone asks for it: over HTTP, nothing cached. */
export function timeOverHttp(server: LocalServer): Promise<ZoomTimes[]> {
  return timeTiles(async ({ z, x, y }) => {
    const response = await fetch(`${server.url}/rest/v1/rpc/map_tile?z=${z}&x=${x}&y=${y}`, {
      headers: { apikey: server.publishableKey },
    });
    if (!response.ok) throw new Error(`map_tile ${z}/${x}/${y}: ${response.status}`);
    return (await response.arrayBuffer()).byteLength;
  });
}

/** `map_tile` in SQL alone, as the peer below. */
export function timeInSql(server: LocalServer): Promise<ZoomTimes[]> {
  return timeTiles(async ({ z, x, y }) => {
    const [row] = await server.sql<{ bytes: number }>(
      'select octet_length(public.map_tile($1::int, $2::int, $3::int)::text) as bytes',
      [z, x, y],
    );
    return row?.bytes ?? 0;
  });
}

/** PostGIS's own way: the raw points of the tile as a vector tile. Needs PostgreSQL. */
export function timeVectorTiles(server: LocalServer): Promise<ZoomTimes[]> {
  return timeTiles(async ({ z, x, y }) => {
    const [row] = await server.sql<{ bytes: number }>(
      `with box as (select extensions.st_tileenvelope($1::int, $2::int, $3::int) as square)
       select octet_length(extensions.st_asmvt(t, 'points', 4096, 'geom')) as bytes from (
         select p.id::text, p.theme, p.concept,
           extensions.st_asmvtgeom(extensions.st_transform(p.public_geom, 3857), box.square, 4096, 0, true) as geom
         from app.points p, box
         where p.status = 'published'
           and p.public_geom operator(extensions.&&) extensions.st_transform(box.square, 4326)) t`,
      [z, x, y],
    );
    return row?.bytes ?? 0;
  });
}
