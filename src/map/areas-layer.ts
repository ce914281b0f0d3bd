import type { Map as LeafletMap } from 'leaflet';

import type { Box } from './types.ts';

/**
 * Draws the boxes of which the device keeps everything, under the points: frames that the map carries
 * along, placed anew when it has stopped. Vector layers of Leaflet would weigh on every first load.
 */
export class AreasLayer {
  #map: LeafletMap;
  #pane: HTMLElement;
  #boxes: readonly Box[] = [];

  constructor(map: LeafletMap) {
    this.#map = map;
    this.#pane = map.createPane('areas');
    map.on('zoomstart', () => (this.#pane.hidden = true));
    map.on('zoomend viewreset', () => this.#place());
  }

  set(boxes: readonly Box[]): void {
    this.#boxes = boxes;
    this.#place();
  }

  #place(): void {
    const frames = this.#boxes.map(([west, south, east, north]) => {
      const [from, to] = [
        this.#map.latLngToLayerPoint([north, west]),
        this.#map.latLngToLayerPoint([south, east]),
      ];
      const frame = document.createElement('div');
      frame.className = 'taken-area';
      Object.assign(frame.style, {
        transform: `translate(${from.x}px, ${from.y}px)`,
        width: `${to.x - from.x}px`,
        height: `${to.y - from.y}px`,
      });
      return frame;
    });
    this.#pane.replaceChildren(...frames);
    this.#pane.hidden = false;
  }
}
