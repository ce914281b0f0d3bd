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

/** Names of territories where there is no base map to say them; a name that would touch another is left out. */
export function drawNames(context: CanvasRenderingContext2D, names: readonly PlacedName[], view: View): void {
  if (names.length === 0) return;
  context.save();
  context.font = FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = colours.ground;
  context.fillStyle = colours.text;
  const taken: [number, number, number][] = [];
  for (const { x: wx, y: wy, text } of names) {
    const x = wx * view.scale - view.left;
    const y = wy * view.scale - view.top;
    if (x < -80 || y < -20 || x > view.width + 80 || y > view.height + 20) continue;
    const half = context.measureText(text).width / 2 + 6;
    const touches = taken.some(
      ([tx, ty, thalf]) => Math.abs(tx - x) < half + thalf && Math.abs(ty - y) < LINE_PX,
    );
    if (touches) continue;
    taken.push([x, y, half]);
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }
  context.restore();
}
