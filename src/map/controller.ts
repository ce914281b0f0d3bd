import { latLngBounds, type LeafletMouseEvent, map as createMap, type Map as LeafletMap } from 'leaflet';

import type { Position } from '../domain/geo/distance.ts';
import type { TileSource } from '../domain/tile.ts';
import { AreasLayer } from './areas-layer.ts';
import { addBasemap, type Coverage } from './basemap-layer.ts';
import { readGroundColours, type PlacedName } from './draw-names.ts';
import { GroundLayer } from './ground-layer.ts';
import { PointsLayer } from './points-layer.ts';
import type {
  Basemap,
  Box,
  Insets,
  MapCamera,
  MapMove,
  MapPoint,
  Outline,
  OwnPoint,
  Selection,
  Signs,
  Whereabouts,
} from './types.ts';
import { toLonLat, toWorld } from './view.ts';

/** Zooms the map accepts: a region on a phone, then a doorstep. */
const ZOOMS = { min: 5, max: 20 } as const;
/** A press on a pan button or an arrow key moves by that, CSS px. */
const PAN_PX = 120;
/** A press on a stack goes that many zooms in. */
const STACK_ZOOM_STEP = 2;
/** Names of territories are readable from here. */
const NAMES_FROM_ZOOM = 11;
const NO_NAMES: readonly PlacedName[] = [];

export interface MapOptions {
  readonly camera: MapCamera;
  readonly basemap: Basemap;
  readonly signs: Signs;
  readonly tileSource: TileSource | null;
  readonly formatCount: (count: number) => string;
  /** False for a picture of a place, which nothing moves. */
  readonly isInteractive: boolean;
  readonly onMove?: (move: MapMove) => void;
  readonly onSelect?: (point: MapPoint | null) => void;
}

const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** One Leaflet map and its layers. The components talk to this; Leaflet does not leave this folder. */
export class MapController {
  readonly map: LeafletMap;
  #options: MapOptions;
  #points: PointsLayer;
  #ground: GroundLayer;
  #areas: AreasLayer | null = null;
  #names: PlacedName[] = [];
  #coverage: Coverage = 'none';
  #light = new MutationObserver(() => {
    this.#ground.setColours(readGroundColours(this.map.getContainer()));
    this.#points.repaint();
  });

  constructor(container: HTMLElement, options: MapOptions) {
    this.#options = options;
    const still = isStill();
    const { camera, isInteractive } = options;
    this.map = createMap(container, {
      center: [camera.lat, camera.lon],
      zoom: camera.zoom,
      minZoom: ZOOMS.min,
      maxZoom: ZOOMS.max,
      zoomControl: false,
      attributionControl: false,
      keyboard: isInteractive,
      keyboardPanDelta: PAN_PX,
      dragging: isInteractive,
      touchZoom: isInteractive,
      doubleClickZoom: isInteractive,
      scrollWheelZoom: isInteractive,
      boxZoom: false,
      zoomAnimation: !still,
      fadeAnimation: !still,
      inertia: !still,
      maxBoundsViscosity: 1,
    });
    this.#ground = new GroundLayer(this.map, readGroundColours(container));
    this.#points = new PointsLayer(this.map, options);
    addBasemap(this.map, options.basemap, ZOOMS.max, (coverage) => {
      this.#coverage = coverage;
      this.#ground.show(coverage !== 'whole');
      this.#showNames();
    });
    this.#light.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.map.on('moveend', this.#reportMove);
    if (isInteractive) {
      this.map.on('click', this.#press);
      this.map.on('mousemove', this.#hover);
    }
  }

  /** Boxes of which the device keeps everything. Most maps have none: nothing is made for them. */
  setAreas(boxes: readonly Box[]): void {
    if (boxes.length === 0 && !this.#areas) return;
    this.#areas ??= new AreasLayer(this.map);
    this.#areas.set(boxes);
  }

  /** Goes somewhere, unless it is there already. */
  go(camera: MapCamera, animate = true): void {
    const center = this.map.getCenter();
    const isThere =
      Math.abs(center.lat - camera.lat) < 1e-6 &&
      Math.abs(center.lng - camera.lon) < 1e-6 &&
      this.map.getZoom() === camera.zoom;
    if (!isThere) this.map.setView([camera.lat, camera.lon], camera.zoom, { animate: animate && !isStill() });
  }

  /** Pans by one step; `x` east, `y` south, -1, 0 or 1. `stepPx` for finer moves. */
  pan(x: number, y: number, stepPx: number = PAN_PX): void {
    this.map.panBy([x * stepPx, y * stepPx], { animate: !isStill() });
  }

  zoom(step: 1 | -1): void {
    this.map.setZoom(this.map.getZoom() + step, { animate: !isStill() });
  }

  /** Brings a place into what the insets leave free, moving as little as possible. */
  reveal(lon: number, lat: number, insets: Insets): void {
    this.map.panInside([lat, lon], {
      paddingTopLeft: [insets.left + 40, insets.top + 72],
      paddingBottomRight: [insets.right + 40, insets.bottom + 40],
      animate: !isStill(),
    });
  }

  /** Shows all these places. */
  fit(places: readonly { lon: number; lat: number }[], paddingPx: number, maxZoom: number): void {
    const bounds = latLngBounds(places.map(({ lon, lat }) => [lat, lon] as [number, number]));
    this.map.fitBounds(bounds, { padding: [paddingPx, paddingPx], maxZoom, animate: false });
  }

  setTileSource(source: TileSource | null): void {
    this.#points.setSource(source);
  }

  setSigns(signs: Signs): void {
    this.#points.setSigns(signs);
  }

  setOwn(own: readonly OwnPoint[]): void {
    this.#points.setOwn(own);
  }

  setPosition(position: Whereabouts | null): void {
    this.#points.setPosition(position);
  }

  /** Draws a point larger than the others; `id` is left out of the tiles' points. */
  setSelection(selection: Selection | null, id: string | null = null): void {
    this.#points.setSelection(selection, id);
  }

  setOutlines(outlines: readonly Outline[]): void {
    this.#ground.setOutlines(outlines);
    this.#names = outlines.map((outline) => {
      const [lon, lat] = middleOf(outline);
      return { ...toWorld(lon, lat), text: outline.name };
    });
    this.#showNames();
  }

  /** A dashed line between two places, as when a position is moved; null for none. */
  setLink(link: readonly [Position, Position] | null): void {
    this.#points.setLink(link);
  }

  /** A ring of this radius on the ground around a place; null for none. */
  setRing(ring: Whereabouts | null): void {
    this.#points.setRing(ring);
  }

  /** Metres across a distance on the screen, at the centre. */
  metersPerPixel(): number {
    return (
      (40_075_016.686 * Math.cos((this.map.getCenter().lat * Math.PI) / 180)) /
      (256 * 2 ** this.map.getZoom())
    );
  }

  close(): void {
    this.#light.disconnect();
    this.#points.close();
    this.#ground.close();
    this.map.remove();
  }

  /** Names are said once: by the base map where there is one, by the ground otherwise. */
  #showNames(): void {
    const isQuiet = this.#coverage === 'none';
    this.map.getContainer().classList.toggle('quiet', isQuiet);
    this.#points.setNames(isQuiet && this.map.getZoom() >= NAMES_FROM_ZOOM ? this.#names : NO_NAMES);
  }

  /** Says where the map is, for whoever has to know before the first move. */
  tellMove(): void {
    this.#reportMove();
  }

  #reportMove = (): void => {
    this.#showNames();
    const center = this.map.getCenter();
    const bounds = this.map.getBounds();
    this.#options.onMove?.({
      lon: center.lng,
      lat: center.lat,
      zoom: this.map.getZoom(),
      bbox: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
    });
  };

  #press = (event: LeafletMouseEvent): void => {
    const touched = this.#points.at(event.containerPoint);
    if (!touched) return this.#options.onSelect?.(null);
    const { item } = touched;
    const { lon, lat } = toLonLat(touched.x, touched.y);
    if (item.id !== null) {
      this.#options.onSelect?.({ id: item.id, theme: item.themes[0]?.[0] ?? '', lon, lat });
    } else {
      const zoom = Math.min(ZOOMS.max, this.map.getZoom() + STACK_ZOOM_STEP);
      this.go({ lon, lat, zoom });
    }
  };

  #hover = (event: LeafletMouseEvent): void => {
    this.map.getContainer().classList.toggle('over-point', this.#points.at(event.containerPoint) !== null);
  };
}

/** The middle of the box of the largest ring: good enough for a name. */
function middleOf({ geometry }: Outline): [number, number] {
  const rings =
    geometry.type === 'Polygon'
      ? geometry.coordinates
      : geometry.coordinates.map((polygon) => polygon[0] ?? []);
  const largest = rings.reduce((best, ring) => (ring.length > best.length ? ring : best), rings[0] ?? []);
  const lons = largest.map(([lon = 0]) => lon);
  const lats = largest.map(([, lat = 0]) => lat);
  const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  return [middle(lons), middle(lats)];
}
