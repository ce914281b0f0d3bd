import type L from 'leaflet';

import type { Position } from '../domain/geo/distance.ts';
import type { TileSource } from '../domain/tile.ts';
import type { PlacedName } from './draw-names.ts';
import { Overlay, type Touchable } from './overlay.ts';
import { RidingCanvas } from './riding-canvas.ts';
import { composeScene } from './scene.ts';
import { Pictures } from './pictures.ts';
import { tilesOf, TileStore, type TileItem, type TileKey } from './tile-store.ts';
import type { OwnPoint, Selection, Signs, Whereabouts } from './types.ts';
import { type View, WORLD_PX } from './view.ts';

/** Map kept around the screen, in parts of it, so that a pan finds its points there. */
const MARGIN = 0.25;
/** Wait for more tiles before drawing those that came, ms. */
const GATHER_MS = 60;

interface Options {
  readonly formatCount: (count: number) => string;
  readonly tileSource: TileSource | null;
  readonly signs: Signs;
}

/**
 * Points, stacks, own points, names and position, on one canvas over the map. One canvas rather than one per tile:
 * nothing is cut at an edge.
 */
export class PointsLayer {
  #map: L.Map;
  #canvas: RidingCanvas;
  #overlay = new Overlay();
  #pictures: Pictures;
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
  #isClosed = false;
  /** Which tiles the scene was made of; it is made again when there are others, or when something else changed. */
  #scene = '';
  #isChanged = true;
  #composing = 0;
  #gathering = 0;

  constructor(map: L.Map, options: Options) {
    this.#map = map;
    this.#options = options;
    this.#canvas = new RidingCanvas(map, 'points', (context, view) =>
      this.#overlay.draw(context, view, this.#canvas.density),
    );
    this.#pictures = new Pictures(this.#canvas.density);
    this.setSource(options.tileSource);
    map.on('moveend', this.#need);
    map.on('resize', this.#fit);
    // stacks drawn before the font arrived have the widths of another one
    void document.fonts.ready.then(() => this.#remake());
  }

  setSource(source: TileSource | null): void {
    this.#former?.close();
    this.#former = this.#store;
    this.#store = source ? new TileStore(source, this.#composeSoon) : null;
    this.#isChanged = true;
    this.#need();
  }

  setSigns(signs: Signs): void {
    this.#options = { ...this.#options, signs };
    this.#change();
  }

  setOwn(own: readonly OwnPoint[]): void {
    this.#own = own;
    this.#change();
  }

  setPosition(position: Whereabouts | null): void {
    this.#position = position;
    this.#change();
  }

  setRing(ring: Whereabouts | null): void {
    this.#ring = ring;
    this.#change();
  }

  setLink(link: readonly [Position, Position] | null): void {
    this.#link = link;
    this.#change();
  }

  setNames(names: readonly PlacedName[]): void {
    if (names === this.#names) return;
    this.#names = names;
    this.#change();
  }

  /** Draws this one larger, and leaves the point of that id out of the others. */
  setSelection(selection: Selection | null, id: string | null): void {
    this.#selection = selection;
    this.#hiddenId = id;
    this.#change();
  }

  /** Draws again, in the colours of another light. */
  repaint(): void {
    this.#change();
  }

  /** What lies at a place of the container. */
  at(point: L.Point): Touchable | null {
    return this.#overlay.at(point.x, point.y, this.#view());
  }

  close(): void {
    this.#map.off('moveend', this.#need);
    this.#map.off('resize', this.#fit);
    // A tile given up may still say so after this: nothing is drawn any more.
    this.#isClosed = true;
    clearTimeout(this.#composing);
    clearTimeout(this.#gathering);
    this.#store?.close();
    this.#former?.close();
    this.#canvas.close();
  }

  #view(): View {
    const { x: width, y: height } = this.#map.getSize();
    const corner = this.#map.getPixelBounds().min;
    return {
      scale: WORLD_PX * 2 ** this.#map.getZoom(),
      left: corner?.x ?? 0,
      top: corner?.y ?? 0,
      width,
      height,
    };
  }

  #fit = (): void => {
    const { density } = this.#canvas;
    this.#canvas.fit();
    if (this.#canvas.density !== density) this.#remake();
    else this.#change();
  };

  #remake(): void {
    this.#pictures = new Pictures(this.#canvas.density);
    this.#change();
  }

  #box() {
    const { scale, left, top, width, height } = this.#view();
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

  #change(): void {
    this.#isChanged = true;
    this.#compose();
  }

  /** Tiles arrive in handfuls: they are drawn together. */
  #composeSoon = (): void => {
    this.#gathering ||= window.setTimeout(() => {
      this.#gathering = 0;
      this.#compose();
    }, GATHER_MS);
  };

  /** Builds the scene once, however many tiles arrive, and in a task of its own: drawing it is another. */
  #compose = (): void => {
    if (this.#composing || this.#isClosed) return;
    this.#composing = window.setTimeout(() => {
      this.#composing = 0;
      if (this.#canvas.isZooming) return;
      const zoom = Math.round(this.#map.getZoom());
      const keys = tilesOf(zoom, this.#box());
      const scene = `${zoom} ${keys.map((key) => `${key.x}/${key.y}${this.#isThere(key) ? '' : '?'}`).join(' ')}`;
      if (scene === this.#scene && !this.#isChanged) return this.#canvas.refresh();
      this.#scene = scene;
      this.#isChanged = false;
      this.#overlay.setContent(
        {
          items: composeScene(this.#items(keys), zoom),
          own: this.#own,
          position: this.#position,
          ring: this.#ring,
          link: this.#link,
          names: this.#names,
          selection: this.#selection,
          hiddenId: this.#hiddenId,
        },
        this.#pictures,
        this.#options.signs,
        this.#options.formatCount,
        WORLD_PX * 2 ** zoom,
      );
      this.#canvas.invalidate();
    });
  };

  #isThere(key: TileKey): boolean {
    return this.#store?.has(key) ?? false;
  }

  #items(keys: readonly TileKey[]): TileItem[] {
    const { isSettled } = this.#store ?? { isSettled: true };
    if (isSettled) {
      this.#former?.close();
      this.#former = null;
    }
    return keys.flatMap((key) => {
      const shown = !this.#isThere(key) && this.#former ? this.#former : this.#store;
      return shown?.items(key) ?? [];
    });
  }
}
