import type { View } from './view.ts';

/** A name at its place in the world (unit square). */
export interface PlacedName {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Colours of the ground in the current light, read from the tokens. */
export interface GroundColours {
  readonly ground: string;
  readonly line: string;
  readonly edge: string;
  readonly text: string;
}

let colours: GroundColours = { ground: '#efe8d8', line: '#ddd3be', edge: '#a99c84', text: '#5f5747' };

/** Reads the tokens again, after the light changed. */
export function readGroundColours(element: Element): GroundColours {
  const style = getComputedStyle(element);
  const token = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  colours = {
    ground: token('--ground', colours.ground),
    line: token('--ground-line', colours.line),
    edge: token('--ground-edge', colours.edge),
    text: token('--ground-text', colours.text),
  };
  return colours;
}

const FONT = "600 15px 'Atkinson Hyperlegible Next', 'Capitelle Fallback', sans-serif";
const LINE_PX = 20;
/** Where a name is tried, CSS px below its place: a marker that covers it would make it unreadable. */
const TRIES_PX = [0, 30, -34, 52];

/** A marker's box around its place, CSS px. */
export interface Obstacle {
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A name where it is drawn: so many CSS px below its place. */
export interface LaidName extends PlacedName {
  readonly below: number;
}

/**
 * Finds room for names among the markers and among themselves, at a scale (CSS px per unit square). A name that has none
 * is left out.
 */
export function layNames(
  names: readonly PlacedName[],
  obstacles: readonly Obstacle[],
  scale: number,
): LaidName[] {
  const ruler = document.createElement('canvas').getContext('2d');
  if (!ruler || names.length === 0) return [];
  ruler.font = FONT;
  const taken: { x: number; y: number; half: number }[] = [];
  return names.flatMap((name) => {
    const half = ruler.measureText(name.text).width / 2 + 4;
    const x = name.x * scale;
    const below = TRIES_PX.find((shift) => {
      const y = name.y * scale + shift;
      const touchesMarker = obstacles.some(
        (one) =>
          x + half > one.x * scale - one.left &&
          x - half < one.x * scale + one.right &&
          y + LINE_PX / 2 > one.y * scale - one.top &&
          y - LINE_PX / 2 < one.y * scale + one.bottom,
      );
      const touchesName = taken.some(
        (other) => Math.abs(other.x - x) < half + other.half && Math.abs(other.y - y) < LINE_PX,
      );
      return !touchesMarker && !touchesName;
    });
    if (below === undefined) return [];
    taken.push({ x, y: name.y * scale + below, half });
    return [{ ...name, below }];
  });
}

/** Draws names of territories where there is no base map to say them. */
export function drawNames(context: CanvasRenderingContext2D, names: readonly LaidName[], view: View): void {
  if (names.length === 0) return;
  context.save();
  context.font = FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = colours.ground;
  context.fillStyle = colours.text;
  for (const { x: wx, y: wy, below, text } of names) {
    const x = wx * view.scale - view.left;
    const y = wy * view.scale - view.top + below;
    if (x < -80 || y < -20 || x > view.width + 80 || y > view.height + 20) continue;
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }
  context.restore();
}
