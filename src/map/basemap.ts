import type { Basemap } from './types.ts';

/** Plan IGN of the Géoplateforme, open to all under Licence Ouverte. */
const IGN_PLAN =
  'https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2' +
  '&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}';

const environment = import.meta.env;

/**
 * The base map of this instance: `VITE_BASEMAP_URL`, `VITE_BASEMAP_ATTRIBUTION`, `VITE_BASEMAP_MAX_ZOOM` at build time. Whoever
 * sets another one says with `VITE_BASEMAP_OFFLINE=1` that its licence lets people keep it on their devices; Plan IGN’s does.
 */
export const BASEMAP: Basemap = {
  url: text(environment['VITE_BASEMAP_URL']) ?? IGN_PLAN,
  attribution: text(environment['VITE_BASEMAP_ATTRIBUTION']) ?? '© IGN',
  mayBeKept:
    text(environment['VITE_BASEMAP_URL']) === undefined || environment['VITE_BASEMAP_OFFLINE'] === '1',
  maxZoom: Number(text(environment['VITE_BASEMAP_MAX_ZOOM']) ?? 19),
};

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
