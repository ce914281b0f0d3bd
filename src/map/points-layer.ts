import type L from 'leaflet';

import type { Position } from '../domain/geo/distance.ts';
import type { TileSource } from '../domain/tile.ts';
import type { PlacedName } from './draw-names.ts';
import { Overlay, type Touchable } from './overlay.ts';
import { composeScene } from './scene.ts';
import { Sprites } from './sprites.ts';
import { tilesOf, TileStore, type TileItem } from './tile-store.ts';
import type { OwnPoint, Selection, Signs, Whereabouts } from './types.ts';
import { blend, type View, WORLD_PX, zoomEase } from './view.ts';

/** Leaflet's zoom transition lasts that long. */
const ZOOM_MS = 250;
/** Map kept around the screen, in parts of it, so that a pan finds its points there. */
const MARGIN = 0.25;

interface Options {
  readonly formatCount: (count: number) => string;
  readonly tileSource: TileSource | null;
  readonly signs: Signs;
}

/**
 * Points, stacks, own points, names and position, on one canvas over the map, redrawn at each frame of a gesture. One
 * canvas rather than one per tile: nothing is cut at an edge, and markers keep their size while the map zooms.
 */
export class PointsLayer {
  readonly canvas = document.createElement('canvas');
  #map: L.Map;
  #context = this.canvas.getContext('2d');
  #overlay = new Overlay();
  #sprites: Sprites;
  #density = 1;
  #options: Options;
  #store: TileStore | null = null;
  /** Tiles of the former source, shown until the new one has answered. */
  #former: TileStore | null = null;
  #own: readonly OwnPoint[] = [];
  #position: Whereabouts | null = null;
  #ring: Whereabouts | null = null;
  #link: readonly [Position, Position] | null = null;
  #names: readonly PlacedName[] = [];
  #selection: Selection | null = null;
  #hiddenId: string | null = null;
  #zooming: { frame: number } | null = null;
  #isClosed = false;
  #composing = 0;
  /** Frame that will draw what the last one had no time for. */
  #rest = 0;

  constructor(map: L.Map, options: Options) {
    this.#map = map;
    this.#options = options;
    this.#sprites = new Sprites(1);
    this.canvas.className = 'points';
    map.getContainer().append(this.canvas);
    this.#fit();
    this.setSource(options.tileSource);
    map.on('move zoom viewreset', this.#draw);
    map.on('zoomanim', this.#followZoom);
    map.on('moveend', this.#need);
    map.on('resize', this.#fit);
    // stacks drawn before the font arrived have the widths of another one
    void document.fonts.ready.then(() => this.#remake());
  }

  setSource(source: TileSource | null): void {
    this.#former?.close();
    this.#former = this.#store;
    this.#store = source ? new TileStore(source, this.#compose) : null;
    this.#need();
  }

  setSigns(signs: Signs): void {
    this.#options = { ...this.#options, signs };
    this.#compose();
  }

  setOwn(own: readonly OwnPoint[]): void {
    this.#own = own;
    this.#compose();
  }

  setPosition(position: Whereabouts | null): void {
    this.#position = position;
    this.#compose();
  }

  setRing(ring: Whereabouts | null): void {
    this.#ring = ring;
    this.#compose();
  }

  setLink(link: readonly [Position, Position] | null): void {
    this.#link = link;
    this.#compose();
  }

  setNames(names: readonly PlacedName[]): void {
    this.#names = names;
    this.#compose();
  }

  /** Draws this one larger, and leaves the point of that id out of the others. */
  setSelection(selection: Selection | null, id: string | null): void {
    this.#selection = selection;
    this.#hiddenId = id;
    this.#compose();
  }

  /** What lies at a place of the container. */
  at(point: L.Point): Touchable | null {
    return this.#overlay.at(point.x, point.y, this.#view());
  }

  close(): void {
    this.#map.off('move zoom viewreset', this.#draw);
    this.#map.off('zoomanim', this.#followZoom);
    this.#map.off('moveend', this.#need);
    this.#map.off('resize', this.#fit);
    // A tile given up may still say so after this: nothing is drawn any more.
    this.#isClosed = true;
    cancelAnimationFrame(this.#composing);
    cancelAnimationFrame(this.#rest);
    if (this.#zooming) cancelAnimationFrame(this.#zooming.frame);
    this.#store?.close();
    this.#former?.close();
    this.canvas.remove();
  }

  #view(zoom = this.#map.getZoom(), center?: L.LatLng): View {
    const size = this.#map.getSize();
    const scale = WORLD_PX * 2 ** zoom;
    if (!center) {
      const corner = this.#map.getPixelBounds().min;
      return { scale, left: corner?.x ?? 0, top: corner?.y ?? 0, width: size.x, height: size.y };
    }
    const corner = this.#map.project(center, zoom).subtract(size.divideBy(2));
    return { scale, left: corner.x, top: corner.y, width: size.x, height: size.y };
  }

  #fit = (): void => {
    const size = this.#map.getSize();
    const density = window.devicePixelRatio || 1;
    if (density !== this.#density) {
      this.#density = density;
      this.#sprites = new Sprites(density);
    }
    this.canvas.width = Math.round(size.x * density);
    this.canvas.height = Math.round(size.y * density);
    this.canvas.style.width = `${size.x}px`;
    this.canvas.style.height = `${size.y}px`;
    this.#compose();
  };

  #remake(): void {
    this.#sprites = new Sprites(this.#density);
    this.#compose();
  }

  #box() {
    const { scale, left, top, width, height } = this.#view(
      Math.round(this.#map.getZoom()),
      this.#map.getCenter(),
    );
    return {
      west: (left - width * MARGIN) / scale,
      east: (left + width * (1 + MARGIN)) / scale,
      north: (top - height * MARGIN) / scale,
      south: (top + height * (1 + MARGIN)) / scale,
    };
  }

  #need = (): void => {
    this.#store?.need(tilesOf(this.#map.getZoom(), this.#box()));
    this.#compose();
  };

  /** Builds the scene once per frame at most, however many tiles arrive. */
  #compose = (): void => {
    if (this.#composing || this.#isClosed) return;
    this.#composing = requestAnimationFrame(() => {
      this.#composing = 0;
      if (this.#zooming) return;
      const zoom = Math.round(this.#map.getZoom());
      this.#overlay.setContent(
        {
          items: composeScene(this.#items(zoom), zoom),
          own: this.#own,
          position: this.#position,
          ring: this.#ring,
          link: this.#link,
          names: this.#names,
          selection: this.#selection,
          hiddenId: this.#hiddenId,
        },
        this.#sprites,
        this.#options.signs,
        this.#options.formatCount,
        WORLD_PX * 2 ** zoom,
      );
      this.#draw();
    });
  };

  #items(zoom: number): TileItem[] {
    const keys = tilesOf(zoom, this.#box());
    const { isSettled } = this.#store ?? { isSettled: true };
    if (isSettled) {
      this.#former?.close();
      this.#former = null;
    }
    return keys.flatMap((key) => {
      const isThere = this.#store?.has(key) ?? false;
      const shown = !isThere && this.#former ? this.#former : this.#store;
      return shown?.items(key) ?? [];
    });
  }

  #draw = (): void => {
    if (!this.#zooming) this.#drawAt(this.#view());
  };

  #drawAt(view: View): void {
    const context = this.#context;
    if (!context) return;
    context.setTransform(this.#density, 0, 0, this.#density, 0, 0);
    if (!this.#overlay.draw(context, view, this.#density) && !this.#rest) {
      this.#rest = requestAnimationFrame(() => {
        this.#rest = 0;
        this.#draw();
      });
    }
  }

  #followZoom = (event: L.ZoomAnimEvent): void => {
    if (event.noUpdate) return;
    const from = this.#view();
    const to = this.#view(event.zoom, event.center);
    const start = performance.now();
    if (this.#zooming) cancelAnimationFrame(this.#zooming.frame);
    const zooming = { frame: 0 };
    this.#zooming = zooming;
    const step = () => {
      const time = (performance.now() - start) / ZOOM_MS;
      this.#drawAt(blend(from, to, zoomEase(time)));
      if (time < 1) zooming.frame = requestAnimationFrame(step);
      else {
        this.#zooming = null;
        this.#compose();
      }
    };
    step();
  };
}
