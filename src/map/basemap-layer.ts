import { type Map as LeafletMap, type TileErrorEvent, type TileEvent, tileLayer } from 'leaflet';

import type { Basemap } from './types.ts';

/** A base map that takes longer than that to come shows the ground meanwhile, ms. */
const PATIENCE_MS = 800;

/** How much of the screen the base map covers. */
export type Coverage = 'none' | 'part' | 'whole';

/**
 * Adds a raster base map and tells how much of the screen it covers: where it covers all, nothing has to be drawn
 * under it, and where it covers nothing, something else has to say the names of places.
 */
export function addBasemap(
  map: LeafletMap,
  { url, maxZoom }: Basemap,
  maxMapZoom: number,
  onCoverage: (coverage: Coverage) => void,
): void {
  let shown = 0;
  let isComplete = false;
  let told: Coverage | null = null;
  let patience: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    const coverage = isComplete ? 'whole' : shown > 0 ? 'part' : 'none';
    if (coverage !== told) onCoverage((told = coverage));
  };
  const complete = (value: boolean) => {
    clearTimeout(patience);
    isComplete = value;
    tell();
  };
  const isMissing = () => map.getPane('tilePane')?.querySelector('.missing') != null;

  const tiles = tileLayer(url, {
    maxNativeZoom: maxZoom,
    maxZoom: maxMapZoom,
    crossOrigin: 'anonymous',
    keepBuffer: 1,
    updateWhenZooming: false,
    className: 'basemap',
  });
  // a missing square shows the ground, not the browser's broken image
  tiles.on('tileerror', ({ tile }: TileErrorEvent) => {
    tile.classList.add('missing');
    complete(false);
  });
  tiles.on('tileload', () => {
    shown++;
    tell();
  });
  tiles.on('tileunload', ({ tile }: TileEvent) => {
    if (tile instanceof HTMLImageElement && tile.naturalWidth > 0) shown = Math.max(0, shown - 1);
    tell();
  });
  tiles.on('loading', () => {
    clearTimeout(patience);
    patience = setTimeout(() => complete(false), PATIENCE_MS);
  });
  tiles.on('load', () => complete(!isMissing()));
  tiles.on('remove', () => clearTimeout(patience));
  tiles.addTo(map);
  tell();
}
