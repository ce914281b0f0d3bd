import { type LayerGroup, layerGroup, type Map as LeafletMap, rectangle, svg } from 'leaflet';

import type { Box } from './types.ts';

/** Draws the boxes of which the device keeps everything, under the points. */
export class AreasLayer {
  #layer: LayerGroup;
  #shown = '';

  constructor(map: LeafletMap) {
    const pane = map.createPane('areas');
    pane.style.zIndex = '350';
    pane.style.pointerEvents = 'none';
    this.#layer = layerGroup().addTo(map);
  }

  set(boxes: readonly Box[]): void {
    const asked = JSON.stringify(boxes);
    if (asked === this.#shown) return;
    this.#shown = asked;
    this.#layer.clearLayers();
    for (const [west, south, east, north] of boxes) {
      const corners: [number, number][] = [
        [south, west],
        [north, east],
      ];
      const options = { pane: 'areas', renderer: svg({ pane: 'areas' }), interactive: false, fill: false };
      this.#layer.addLayer(rectangle(corners, { ...options, className: 'taken-area' }));
    }
  }
}
