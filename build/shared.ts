/** What browsers are built for. */
export const TARGET = 'es2022';

/** Its package names only the old module format. */
export const ALIAS = [{ find: /^leaflet$/, replacement: 'leaflet/dist/leaflet-src.esm.js' }];
