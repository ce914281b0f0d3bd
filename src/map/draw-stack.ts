import { MARKER_COLOURS, MARKER_INK, MARKER_LIME, MARKER_WHITE, type ColourName } from '../ui/shapes.ts';

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

/** A stack laid out once, to be painted at every place that has the same count. */
export interface LaidStack {
  /** Room it takes around the centre of its base, CSS px. */
  readonly halfWidth: number;
  readonly above: number;
  /** Draws it with the centre of its base on the origin, in CSS px. */
  paint(context: CanvasRenderingContext2D): void;
}

/** Lays a stack out: four or five paths to fill, whatever the number of its stones. */
export function layStack(ruler: CanvasRenderingContext2D, stack: StackPlan): LaidStack {
  ruler.font = FONT;
  const blocks = plan(stack, ruler.measureText(stack.text).width);
  const outline = (edge: number, some: readonly Block[]) => {
    const path = new Path2D();
    for (const { x, y, width, height, radius } of some) {
      path.roundRect(x - edge, y - edge, width + 2 * edge, height + 2 * edge, radius + edge);
    }
    return path;
  };
  const fills = [...new Set(blocks.map((block) => block.fill))];
  const layers: [string, Path2D][] = [
    [MARKER_INK, outline(INK_EDGE, blocks)],
    [MARKER_WHITE, outline(WHITE_EDGE, blocks)],
    ...fills.map((fill): [string, Path2D] => [
      fill,
      outline(
        0,
        blocks.filter((block) => block.fill === fill),
      ),
    ]),
  ];
  return {
    halfWidth: (blocks[0]?.width ?? 0) / 2 + INK_EDGE + 1,
    above: BASE_HEIGHT / 2 + COURSE_STEP * stack.courses.length + INK_EDGE + 1,
    paint(context) {
      for (const [fill, path] of layers) {
        context.fillStyle = fill;
        context.fill(path);
      }
      context.font = FONT;
      context.textAlign = 'center';
      context.textBaseline = 'alphabetic';
      context.fillStyle = MARKER_INK;
      context.fillText(stack.text, 0, 5.2);
    },
  };
}
