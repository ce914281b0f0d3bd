import { MARKER_COLOURS, MARKER_INK, MARKER_LIME, MARKER_WHITE, type ColourName } from '../ui/shapes.ts';
import type { DrawingContext } from './draw-marker.ts';

const BASE_HEIGHT = 22;
const COURSE_HEIGHT = 7;
const COURSE_STEP = 9;
const INK_EDGE = 2.6;
const WHITE_EDGE = 1.7;
const FONT = "700 15px 'Atkinson Hyperlegible Next', 'Capitelle Fallback', sans-serif";

/** A cluster's stones: the count on the base, one course per power of ten above it. */
export interface StackPlan {
  readonly text: string;
  /** From the bottom up. */
  readonly courses: readonly ColourName[];
}

/** A rounded block in CSS px, relative to the centre of the base. */
interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly fill: string;
}

/**
 * Shares the courses of a cluster among the colours of its themes, by largest remainder, the most numerous at the
 * bottom. One course per power of ten: 9 → 1, 12 → 2, 340 → 3, 12 400 → 5.
 */
export function shareCourses(
  count: number,
  byColour: readonly (readonly [ColourName, number])[],
): ColourName[] {
  const courses = Math.max(1, Math.floor(Math.log10(Math.max(1, count))) + 1);
  const total = byColour.reduce((sum, [, number]) => sum + number, 0) || 1;
  const shares = [...byColour]
    .sort((a, b) => b[1] - a[1])
    .map(([colour, number]) => ({ colour, exact: (number / total) * courses }))
    .map((share) => ({ ...share, whole: Math.floor(share.exact) }));
  let left = courses - shares.reduce((sum, share) => sum + share.whole, 0);
  for (const share of [...shares].sort((a, b) => b.exact - b.whole - (a.exact - a.whole))) {
    if (left <= 0) break;
    share.whole++;
    left--;
  }
  return shares.flatMap(({ colour, whole }) => Array.from({ length: whole }, () => colour));
}

function plan({ text, courses }: StackPlan, textWidth: number): Block[] {
  const width = Math.max(28, textWidth + 15) + (text.length > 4 ? 2 : 0);
  const base = {
    x: -width / 2,
    y: -BASE_HEIGHT / 2,
    width,
    height: BASE_HEIGHT,
    radius: 5,
    fill: MARKER_LIME,
  };
  const laid = courses.map((colour, index): Block => {
    const courseWidth = Math.max(12, width * 0.87 - index * 8);
    // stones are laid by hand: each course a little off the one below
    const shift = index % 2 === 0 ? -1.2 : 1.6;
    return {
      x: shift - courseWidth / 2,
      y: base.y - COURSE_STEP * (index + 1),
      width: courseWidth,
      height: COURSE_HEIGHT,
      radius: 3,
      fill: MARKER_COLOURS[colour],
    };
  });
  return [base, ...laid];
}

/** Room a stack takes around the centre of its base, CSS px. */
export function measureStack(
  context: DrawingContext,
  stack: StackPlan,
): { halfWidth: number; above: number } {
  context.font = FONT;
  const base = plan(stack, context.measureText(stack.text).width)[0];
  return {
    halfWidth: (base?.width ?? 0) / 2 + INK_EDGE + 1,
    above: BASE_HEIGHT / 2 + COURSE_STEP * stack.courses.length + INK_EDGE + 1,
  };
}

/** Draws a stack with the centre of its base on the origin, in CSS px. */
export function drawStack(context: DrawingContext, stack: StackPlan): void {
  context.save();
  context.font = FONT;
  const blocks = plan(stack, context.measureText(stack.text).width);
  const pass = (edge: number, fill: (block: Block) => string) => {
    for (const block of blocks) {
      context.fillStyle = fill(block);
      context.beginPath();
      context.roundRect(
        block.x - edge,
        block.y - edge,
        block.width + 2 * edge,
        block.height + 2 * edge,
        block.radius + edge,
      );
      context.fill();
    }
  };
  pass(INK_EDGE, () => MARKER_INK);
  pass(WHITE_EDGE, () => MARKER_WHITE);
  pass(0, (block) => block.fill);
  context.fillStyle = MARKER_INK;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText(stack.text, 0, 5.2);
  context.restore();
}
