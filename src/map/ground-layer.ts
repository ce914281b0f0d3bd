import { type Coords, GridLayer } from 'leaflet';

import type { GroundColours } from './draw-names.ts';
import type { Outline } from './types.ts';
import { toWorld } from './view.ts';

/** A territory's outline, ready to draw at any zoom: rings in the unit square and their box. */
interface Ground {
  readonly rings: readonly Float64Array[];
  readonly west: number;
  readonly north: number;
  readonly east: number;
  readonly south: number;
}

/** Steps of the graticule, degrees: the first that leaves room between two lines. */
const STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];
const LEAST_STEP_PX = 120;

function prepare(outline: Outline): Ground {
  const polygons =
    outline.geometry.type === 'Polygon' ? [outline.geometry.coordinates] : outline.geometry.coordinates;
  let [west, north, east, south] = [1, 1, 0, 0];
  const rings = polygons.flat().map((ring) => {
    const flat = new Float64Array(ring.length * 2);
    ring.forEach(([lon = 0, lat = 0], index) => {
      const { x, y } = toWorld(lon, lat);
      flat[index * 2] = x;
      flat[index * 2 + 1] = y;
      west = Math.min(west, x);
      east = Math.max(east, x);
      north = Math.min(north, y);
      south = Math.max(south, y);
    });
    return flat;
  });
  return { rings, west, north, east, south };
}

/**
 * The quiet ground under the base map, for where and when there is none: a graticule and the outlines of the
 * territories, on canvas squares that move with the map. Never blank, never asks the network.
 */
export class GroundLayer extends GridLayer {
  #grounds: Ground[] = [];
  #colours: GroundColours;

  constructor(colours: GroundColours) {
    super({ tileSize: 256, updateWhenIdle: false, updateWhenZooming: false, keepBuffer: 1, pane: 'ground' });
    this.#colours = colours;
  }

  setOutlines(outlines: readonly Outline[]): void {
    this.#grounds = outlines.map(prepare);
    this.redraw();
  }

  setColours(colours: GroundColours): void {
    this.#colours = colours;
    this.redraw();
  }

  override createTile(coords: Coords): HTMLElement {
    const canvas = document.createElement('canvas');
    const size = this.getTileSize().x;
    const density = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = canvas.height = size * density;
    const context = canvas.getContext('2d');
    if (!context) return canvas;
    context.scale(density, density);
    context.fillStyle = this.#colours.ground;
    context.fillRect(0, 0, size, size);
    this.#drawGraticule(context, coords, size);
    this.#drawOutlines(context, coords, size);
    return canvas;
  }

  #drawGraticule(context: CanvasRenderingContext2D, coords: Coords, size: number): void {
    const scale = size * 2 ** coords.z;
    const step = STEPS.findLast((one) => (one / 360) * scale >= LEAST_STEP_PX) ?? 10;
    const left = coords.x * size;
    const top = coords.y * size;
    context.strokeStyle = this.#colours.line;
    context.lineWidth = 1;
    context.beginPath();
    const firstLon = Math.floor(((left / scale) * 360 - 180) / step) * step;
    for (let lon = firstLon; lon <= 180 + step; lon += step) {
      const x = Math.round(((lon + 180) / 360) * scale - left) + 0.5;
      if (x > size) break;
      context.moveTo(x, 0);
      context.lineTo(x, size);
    }
    const north = latOf(top / scale);
    for (let lat = Math.ceil(north / step) * step; lat > -85; lat -= step) {
      const y = Math.round(toWorld(0, lat).y * scale - top) + 0.5;
      if (y > size) break;
      context.moveTo(0, y);
      context.lineTo(size, y);
    }
    context.stroke();
  }

  #drawOutlines(context: CanvasRenderingContext2D, coords: Coords, size: number): void {
    const scale = size * 2 ** coords.z;
    const left = coords.x * size;
    const top = coords.y * size;
    context.strokeStyle = this.#colours.edge;
    context.lineWidth = coords.z >= 11 ? 1.5 : 1;
    context.lineJoin = 'round';
    context.beginPath();
    for (const ground of this.#grounds) {
      if (ground.east * scale < left || ground.west * scale > left + size) continue;
      if (ground.south * scale < top || ground.north * scale > top + size) continue;
      for (const ring of ground.rings) {
        for (let index = 0; index < ring.length; index += 2) {
          const x = (ring[index] ?? 0) * scale - left;
          const y = (ring[index + 1] ?? 0) * scale - top;
          if (index === 0) context.moveTo(x, y);
          else context.lineTo(x, y);
        }
      }
    }
    context.stroke();
  }
}

function latOf(worldY: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * worldY))) * 180) / Math.PI;
}
