import type { TileItem } from './tile-store.ts';

/** Side of the cell in which crowded points become one stack, CSS px: the room a stack takes. */
const CELL_PX = 64;
/** More points than that in a cell would hide each other. */
const POINTS_IN_CELL = 4;
/** From this zoom everything is shown apart: what still touches is at one place on the ground. */
const LAST_CLUSTER_ZOOM = 18;
/** Room of a stack, CSS px: its base, wider with each digit of its count, and the stones above it. */
const STACK_GAP_X = 34;
const DIGIT_PX = 6;
const STACK_GAP_Y = 34;
const COURSE_PX = 8;
/** A point nearer than that to the base of a stack is under it, CSS px. */
const STACK_COVER_PX = 28;
const STACK_COVER_ABOVE_PX = 52;

/** Joins things into one, at their common centre. */
function join(items: readonly TileItem[]): TileItem {
  const themes = new Map<string, number>();
  let count = 0;
  let x = 0;
  let y = 0;
  for (const item of items) {
    count += item.count;
    x += item.x * item.count;
    y += item.y * item.count;
    for (const [theme, number] of item.themes) themes.set(theme, (themes.get(theme) ?? 0) + number);
  }
  return { id: null, x: x / count, y: y / count, count, themes: [...themes] };
}

function gatherCells(items: readonly TileItem[], cell: number): TileItem[] {
  const cells = new Map<string, TileItem[]>();
  for (const item of items) {
    const key = `${Math.floor(item.x / cell)} ${Math.floor(item.y / cell)}`;
    const inside = cells.get(key);
    if (inside) inside.push(item);
    else cells.set(key, [item]);
  }
  return [...cells.values()].flatMap((inside) => {
    const isCrowded = inside.length > POINTS_IN_CELL || inside.some((item) => item.count > 1);
    return isCrowded && inside.length > 1 ? [join(inside)] : inside;
  });
}

/** True when a stack's stones would hide most of a point's marker. */
function covers(stack: TileItem, point: TileItem, pixel: number): boolean {
  const south = (point.y - stack.y) / pixel;
  return (
    Math.abs(stack.x - point.x) < STACK_COVER_PX * pixel &&
    south < STACK_COVER_PX &&
    south > -STACK_COVER_ABOVE_PX
  );
}

/** Digits of a count, without writing it: asked for each pair of stacks. */
function digitsOf(count: number): number {
  let digits = 1;
  for (let rest = count; rest >= 10; rest /= 10) digits++;
  return digits;
}

/** True when the drawings of two stacks would hide part of each other; the first is the larger. */
function overlap(larger: TileItem, other: TileItem, pixel: number): boolean {
  const digits = digitsOf(larger.count);
  return (
    Math.abs(larger.x - other.x) < (STACK_GAP_X + digits * DIGIT_PX) * pixel &&
    Math.abs(larger.y - other.y) < (STACK_GAP_Y + digits * COURSE_PX) * pixel
  );
}

/** Joins stacks that would overlap, the larger taking the smaller, and the points that one would hide. */
function joinNeighbours(items: readonly TileItem[], pixel: number): TileItem[] {
  const stacks = items.filter((item) => item.count > 1).sort((a, b) => b.count - a.count);
  const placed: TileItem[][] = [];
  for (const stack of stacks) {
    const near = placed.find(([first]) => first && overlap(first, stack, pixel));
    if (near) near.push(stack);
    else placed.push([stack]);
  }
  const apart: TileItem[] = [];
  for (const point of items) {
    if (point.count > 1) continue;
    const over = placed.find(([first]) => first && covers(first, point, pixel));
    if (over) over.push(point);
    else apart.push(point);
  }
  return [...apart, ...placed.flatMap((group) => (group.length > 1 ? [join(group)] : group))];
}

/**
 * What the map draws of these things at a zoom: points apart where there is room, stacks where there is not, from
 * north to south so that what is in front covers what is behind.
 */
export function composeScene(items: readonly TileItem[], zoom: number): TileItem[] {
  const pixel = 1 / (256 * 2 ** zoom);
  const composed =
    zoom > LAST_CLUSTER_ZOOM ? [...items] : joinNeighbours(gatherCells(items, CELL_PX * pixel), pixel);
  return composed.sort((a, b) => a.y - b.y);
}
