import type { Map as LeafletMap } from 'leaflet';

import type { GroundColours } from './draw-names.ts';
import { RidingCanvas } from './riding-canvas.ts';
import type { Outline } from './types.ts';
import { toWorld, type View, WORLD_PX } from './view.ts';

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
/** Communes are as wide as the screen from zoom 11 on: their outlines are drawn thicker. */
const THICK_FROM_SCALE = WORLD_PX * 2 ** 11;

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
 * territories. Never blank, never asks the network.
 */
export class GroundLayer {
  #map: LeafletMap;
  #canvas: RidingCanvas;
  #grounds: Ground[] = [];
  #colours: GroundColours;
  #isShown = true;

  constructor(map: LeafletMap, colours: GroundColours) {
    this.#map = map;
    this.#colours = colours;
    this.#canvas = new RidingCanvas(map, 'ground', (context, view) => this.#draw(context, view));
    map.on('moveend', this.#follow);
    map.on('resize', this.#fit);
    this.#refresh();
  }

  setOutlines(outlines: readonly Outline[]): void {
    this.#grounds = outlines.map(prepare);
    this.#refresh();
  }

  setColours(colours: GroundColours): void {
    this.#colours = colours;
    this.#refresh();
  }

  /** Hidden where a base map covers everything: what nobody sees is not drawn. */
  show(isShown: boolean): void {
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    this.#canvas.canvas.hidden = !isShown;
    this.#refresh();
  }

  close(): void {
    this.#map.off('moveend', this.#follow);
    this.#map.off('resize', this.#fit);
    this.#canvas.close();
  }

  #refresh = (): void => {
    this.#canvas.invalidate();
  };

  #follow = (): void => {
    this.#canvas.refresh();
  };

  #fit = (): void => {
    this.#canvas.fit();
    this.#refresh();
  };

  #draw(context: CanvasRenderingContext2D, view: View): void {
    if (!this.#isShown) return;
    context.fillStyle = this.#colours.ground;
    context.fillRect(0, 0, view.width, view.height);
    this.#drawGraticule(context, view);
    this.#drawOutlines(context, view);
  }

  #drawGraticule(context: CanvasRenderingContext2D, { scale, left, top, width, height }: View): void {
    const step = STEPS.findLast((one) => (one / 360) * scale >= LEAST_STEP_PX) ?? 10;
    context.strokeStyle = this.#colours.line;
    context.lineWidth = 1;
    context.beginPath();
    const firstLon = Math.floor(((left / scale) * 360 - 180) / step) * step;
    for (let lon = firstLon; lon <= 180 + step; lon += step) {
      const x = Math.round(((lon + 180) / 360) * scale - left) + 0.5;
      if (x > width) break;
      context.moveTo(x, 0);
      context.lineTo(x, height);
    }
    const north = latOf(top / scale);
    for (let lat = Math.ceil(north / step) * step; lat > -85; lat -= step) {
      const y = Math.round(toWorld(0, lat).y * scale - top) + 0.5;
      if (y > height) break;
      context.moveTo(0, y);
      context.lineTo(width, y);
    }
    context.stroke();
  }

  #drawOutlines(context: CanvasRenderingContext2D, { scale, left, top, width, height }: View): void {
    context.strokeStyle = this.#colours.edge;
    context.lineWidth = scale >= THICK_FROM_SCALE ? 1.5 : 1;
    context.lineJoin = 'round';
    context.beginPath();
    for (const ground of this.#grounds) {
      if (ground.east * scale < left || ground.west * scale > left + width) continue;
      if (ground.south * scale < top || ground.north * scale > top + height) continue;
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
