import KDBush from 'kdbush';

import type { Position } from '../domain/geo/distance.ts';
import { MARKER_COLOURS, signOf, type ColourName } from '../ui/shapes.ts';
import type { MarkerState } from './draw-marker.ts';
import { drawAccuracy, drawArrow, drawLink } from './draw-position.ts';
import { shareCourses } from './draw-stack.ts';
import { drawNames, type LaidName, layNames, type PlacedName } from './draw-names.ts';
import type { Picture, Pictures } from './pictures.ts';
import type { TileItem } from './tile-store.ts';
import type { OwnPoint, Selection, Signs, Whereabouts } from './types.ts';
import { metersToPx, toWorld, type View } from './view.ts';

/** A thing drawn, which a finger may touch. */
export interface Touchable {
  readonly x: number;
  readonly y: number;
  readonly item: TileItem;
}

/** Everything that lies over the base map. */
export interface Content {
  readonly items: readonly TileItem[];
  readonly own: readonly OwnPoint[];
  readonly position: Whereabouts | null;
  /** The accuracy of a point, which is not the person's. */
  readonly ring: Whereabouts | null;
  /** From where to where a point is moved. */
  readonly link: readonly [Position, Position] | null;
  readonly names: readonly PlacedName[];
  /** Drawn last, over the others. */
  readonly selection: Selection | null;
  /** Left out, because the selection draws it. */
  readonly hiddenId: string | null;
}

/** Half of a target of 48 px. */
const TOUCH_PX = 24;
/** Thousands beyond that are written short. */
const LONG_COUNT = 100_000;

const EMPTY: Content = {
  items: [],
  own: [],
  position: null,
  ring: null,
  link: null,
  names: [],
  selection: null,
  hiddenId: null,
};

/** Room of a thing before it was drawn, CSS px. */
const USUAL = { width: 44, height: 56, anchorX: 22, anchorY: 42 } as const;
const SINGLE = { width: 36, height: 36, anchorX: 18, anchorY: 18 } as const;

interface Drawn extends Touchable {
  picture: Picture | null;
  readonly make: () => Picture;
}

/** Turns content into drawings once, then draws them at any view. */
export class Overlay {
  #drawn: Drawn[] = [];
  #names: LaidName[] = [];
  #selected: Omit<Drawn, 'item'> | null = null;
  #index: KDBush | null = null;
  #content: Content = EMPTY;

  /** Prepares the drawings of a content, for a scale in CSS px per unit square. */
  setContent(
    content: Content,
    pictures: Pictures,
    signs: Signs,
    formatCount: (count: number) => string,
    scale: number,
  ): void {
    this.#content = content;
    const ownIds = new Set(content.own.map((point) => point.id));
    const published = content.items
      .filter((item) => item.id === null || (!ownIds.has(item.id) && item.id !== content.hiddenId))
      .map((item) => ({
        x: item.x,
        y: item.y,
        item,
        picture: null,
        make: () => pictureOf(item, pictures, signs, formatCount),
      }));
    const own = content.own
      .filter((point) => point.id !== content.hiddenId)
      .map((point) => {
        const { x, y } = toWorld(point.lon, point.lat);
        const item: TileItem = { id: point.id, x, y, count: 1, themes: [[point.theme, 1]] };
        const state: MarkerState = point.state;
        return {
          x,
          y,
          item,
          picture: null,
          make: () => pictures.marker(signs[point.theme] ?? signOf(null), state),
        };
      });
    this.#drawn = [...published, ...own];
    this.#layNames(scale);
    const { selection } = content;
    this.#selected = selection && {
      ...toWorld(selection.lon, selection.lat),
      picture: null,
      make: () => pictures.selected(selection.sign),
    };
    this.#index = null;
  }

  /** Draws the content in a context already scaled to CSS px. What is out of sight is not drawn. */
  draw(context: CanvasRenderingContext2D, view: View, density: number): void {
    context.clearRect(0, 0, view.width, view.height);
    drawNames(context, this.#names, view);
    this.#drawPlaces(context, view);
    // on a whole device pixel, or the drawing is blurred
    const sharp = (value: number) => Math.round(value * density) / density;
    for (const drawn of this.#selected ? [...this.#drawn, this.#selected] : this.#drawn) {
      const x = drawn.x * view.scale - view.left;
      const y = drawn.y * view.scale - view.top;
      if (x < -60 || y < -20 || x > view.width + 60 || y > view.height + 90) continue;
      drawn.picture ??= drawn.make();
      drawn.picture.paint(context, sharp(x), sharp(y));
    }
  }

  #drawPlaces(context: CanvasRenderingContext2D, view: View): void {
    const { position, ring, link } = this.#content;
    const place = ({ lon, lat }: Position) => {
      const { x, y } = toWorld(lon, lat);
      return [x * view.scale - view.left, y * view.scale - view.top] as const;
    };
    if (link) drawLink(context, place(link[0]), place(link[1]));
    for (const one of [ring, position]) {
      if (!one) continue;
      context.save();
      context.translate(...place(one));
      drawAccuracy(context, metersToPx(one.accuracyMeters, one.lat, view.scale));
      if (one === position) drawArrow(context, position.headingDegrees ?? 0);
      context.restore();
    }
  }

  /** What a finger at this place of the container touches: the nearest thing within a target's reach. */
  at(containerX: number, containerY: number, view: View): Touchable | null {
    this.#index ??= this.#buildIndex();
    if (!this.#index) return null;
    const x = (containerX + view.left) / view.scale;
    const y = (containerY + view.top) / view.scale;
    const candidates = this.#index.within(x, y, (TOUCH_PX * 2.2) / view.scale);
    let best: { drawn: Drawn; distance: number } | null = null;
    for (const candidate of candidates) {
      const drawn = this.#drawn[candidate];
      if (!drawn) continue;
      const dx = Math.abs(drawn.x - x) * view.scale;
      const dy = (y - drawn.y) * view.scale;
      // the drawing rises above its anchor: a stack is touched on its stones too
      const room = drawn.picture ?? USUAL;
      const above = Math.max(TOUCH_PX, room.anchorY);
      const isInside = dx <= Math.max(TOUCH_PX, room.width / 2) && dy <= TOUCH_PX && dy >= -above;
      const distance = Math.hypot(dx, dy);
      if (isInside && (!best || distance < best.distance)) best = { drawn, distance };
    }
    return best?.drawn ?? null;
  }

  #layNames(scale: number): void {
    const obstacles = this.#drawn.map(({ x, y, item }) => {
      const { width, height, anchorX, anchorY } = item.count > 1 ? USUAL : SINGLE;
      return { x, y, left: anchorX, top: anchorY, right: width - anchorX, bottom: height - anchorY };
    });
    this.#names = layNames(this.#content.names, obstacles, scale);
  }

  #buildIndex(): KDBush | null {
    if (this.#drawn.length === 0) return null;
    const index = new KDBush(this.#drawn.length);
    for (const { x, y } of this.#drawn) index.add(x, y);
    return index.finish();
  }
}

function pictureOf(
  item: TileItem,
  pictures: Pictures,
  signs: Signs,
  formatCount: (count: number) => string,
): Picture {
  if (item.count === 1) return pictures.marker(signs[item.themes[0]?.[0] ?? ''] ?? signOf(null), 'published');
  const byColour = new Map<ColourName, number>();
  for (const [theme, number] of item.themes) {
    const colour = signs[theme]?.colour ?? 'stone';
    byColour.set(colour, (byColour.get(colour) ?? 0) + number);
  }
  const known = [...byColour].filter(([colour]) => colour in MARKER_COLOURS);
  const text =
    item.count < LONG_COUNT ? formatCount(item.count) : `${formatCount(Math.round(item.count / 1000))} k`;
  return pictures.stack({ text, courses: shareCourses(item.count, known) });
}
