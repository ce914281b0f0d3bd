import { DomUtil, type LatLng, type Map as LeafletMap, type Point, type ZoomAnimEvent } from 'leaflet';

import { type View, WORLD_PX } from './view.ts';

/** Drawn around the screen, in parts of it: a pan this long shows nothing undrawn. */
const MARGIN = 0.1;
/**
 * Enlarged or shrunk beyond that, drawings look wrong or leave the edges empty: they are drawn again in mid-gesture.
 * Not sooner: a crowd of markers that zooms out is drawn at its heaviest just before it becomes a few stacks.
 */
const MOST_ENLARGED = 2.2;
const MOST_SHRUNK = 0.4;

/** Draws everything for a view in CSS px. */
type Draw = (context: CanvasRenderingContext2D, view: View) => void;

/**
 * A canvas that rides in Leaflet's panes: a little wider than the screen, the compositor moves and scales it while the
 * fingers do, and it is drawn again when they went beyond what is drawn; who made it draws when they rest. A phone
 * several years old follows a gesture so, which it does not when each frame is drawn.
 */
export class RidingCanvas {
  readonly canvas = document.createElement('canvas');
  /** Device pixels per CSS px. */
  density = 1;
  #map: LeafletMap;
  #draw: Draw;
  #context = this.canvas.getContext('2d');
  /** What was drawn last: its north-western corner, its zoom, and its place among the layers. */
  #drawn: { readonly corner: LatLng; readonly zoom: number; readonly at: Point } | null = null;
  #isZooming = false;
  /** A drawing was asked for while the map zoomed by itself. */
  #isDue = false;
  /** A map that is being taken down still tells of its tiles. */
  #isClosed = false;
  #frame = 0;

  constructor(map: LeafletMap, paneName: string, draw: Draw) {
    this.#map = map;
    this.#draw = draw;
    this.canvas.className = 'leaflet-zoom-animated';
    const pane = map.createPane(paneName);
    pane.classList.add(paneName);
    pane.append(this.canvas);
    map.on('move', this.#followMove);
    map.on('zoom', this.#followZoom);
    map.on('zoomanim', this.#followZoomAnimation);
    map.on('moveend viewreset', this.#rest);
    this.fit();
  }

  /** True while the map goes from a zoom to another by itself: what is drawn then would jump. */
  get isZooming(): boolean {
    return this.#isZooming;
  }

  /** Takes the size of the map and the density of the screen. The canvas is empty after that. */
  fit(): void {
    this.density = window.devicePixelRatio || 1;
    const size = this.#map.getSize().add(this.#margin().multiplyBy(2));
    this.canvas.width = Math.round(size.x * this.density);
    this.canvas.height = Math.round(size.y * this.density);
    this.canvas.style.width = `${size.x}px`;
    this.canvas.style.height = `${size.y}px`;
  }

  /** Asks for a drawing in the next frame. */
  invalidate = (): void => {
    if (this.#isClosed) return;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#isZooming) this.#isDue = true;
      else this.#redraw();
    });
  };

  /** Asks for a drawing only if the map went where the last one does not reach. */
  refresh(): void {
    if (this.#drawn?.zoom !== this.#map.getZoom() || this.#isBeyond()) this.invalidate();
  }

  /** Draws now, around what the screen shows. */
  #redraw(): void {
    if (!this.#context) return;
    const map = this.#map;
    const zoom = map.getZoom();
    const margin = this.#margin();
    const at = map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
    const corner = at.add(map.getPixelOrigin());
    const { x: width, y: height } = map.getSize().add(margin.multiplyBy(2));
    this.#drawn = { corner: map.unproject(corner, zoom), zoom, at };
    DomUtil.setTransform(this.canvas, at, 1);
    this.#context.setTransform(this.density, 0, 0, this.density, 0, 0);
    this.#draw(this.#context, { scale: WORLD_PX * 2 ** zoom, left: corner.x, top: corner.y, width, height });
  }

  close(): void {
    this.#isClosed = true;
    this.#map.off('move', this.#followMove);
    this.#map.off('zoom', this.#followZoom);
    this.#map.off('zoomanim', this.#followZoomAnimation);
    this.#map.off('moveend viewreset', this.#rest);
    cancelAnimationFrame(this.#frame);
    this.canvas.remove();
  }

  #margin(): Point {
    return this.#map.getSize().multiplyBy(MARGIN).round();
  }

  /** Puts what is drawn where it belongs when the map is there. */
  #place(center: LatLng, zoom: number): void {
    if (!this.#drawn) return;
    const map = this.#map;
    const pane = map.getPane('mapPane');
    if (!pane) return;
    const origin = map
      .project(center, zoom)
      .subtract(map.getSize().divideBy(2))
      .add(DomUtil.getPosition(pane))
      .round();
    const at = map.project(this.#drawn.corner, zoom).subtract(origin);
    DomUtil.setTransform(this.canvas, at, map.getZoomScale(zoom, this.#drawn.zoom));
  }

  /** True when the screen shows more than what was drawn. */
  #isBeyond(): boolean {
    if (!this.#drawn) return true;
    const margin = this.#margin();
    const seen = this.#map.containerPointToLayerPoint([0, 0]).subtract(this.#drawn.at).subtract(margin);
    return Math.abs(seen.x) > margin.x || Math.abs(seen.y) > margin.y;
  }

  #followMove = (): void => {
    if (this.#drawn?.zoom === this.#map.getZoom() && this.#isBeyond()) this.invalidate();
  };

  #followZoom = (): void => {
    if (!this.#drawn) return;
    const zoom = this.#map.getZoom();
    this.#place(this.#map.getCenter(), zoom);
    const stretch = this.#map.getZoomScale(zoom, this.#drawn.zoom);
    if (stretch > MOST_ENLARGED || stretch < MOST_SHRUNK) this.invalidate();
  };

  #followZoomAnimation = (event: ZoomAnimEvent): void => {
    if (event.noUpdate) return;
    this.#isZooming = true;
    this.#place(event.center, event.zoom);
  };

  #rest = (): void => {
    this.#isZooming = false;
    if (this.#isDue) this.invalidate();
    this.#isDue = false;
  };
}
