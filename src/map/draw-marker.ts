import { MARKER_COLOURS, MARKER_INK, MARKER_WHITE, SHAPES, type Sign } from '../ui/shapes.ts';

/** `published` solid, `unsent` dashed, `pending` hollow. */
export type MarkerState = 'published' | 'unsent' | 'pending';

/** Side of a marker on the map, outline included, CSS px. */
export const MARKER_PX = 36;
/** From the 24 unit grid of the shapes to CSS px. */
const UNIT = 30 / 24;

const paths = new Map<string, Path2D>();

function pathOf(data: string): Path2D {
  let path = paths.get(data);
  if (!path) paths.set(data, (path = new Path2D(data)));
  return path;
}

/** Draws a theme's marker centred on the origin, in CSS px. */
export function drawMarker(context: DrawingContext, sign: Sign, state: MarkerState): void {
  const shape = SHAPES[sign.shape];
  const colour = MARKER_COLOURS[sign.colour];
  const outline = pathOf(shape.outline);
  const stroke = (style: string, width: number) => {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke(outline);
  };
  const fill = (style: string, path: Path2D) => {
    context.fillStyle = style;
    context.fill(path, 'evenodd');
  };
  context.save();
  context.scale(UNIT, UNIT);
  context.translate(-12, -12.5);
  context.lineJoin = 'round';
  if (state === 'unsent') {
    stroke(MARKER_WHITE, 5.6);
    context.setLineDash([4, 2.56]);
    stroke(MARKER_INK, 4.48);
    context.setLineDash([]);
    fill(MARKER_WHITE, outline);
    stroke(MARKER_WHITE, 1.44);
  } else {
    stroke(MARKER_INK, 4.8);
    fill(MARKER_WHITE, outline);
    stroke(MARKER_WHITE, 3.2);
  }
  if (state === 'pending') {
    stroke(colour, 2.08);
    fill(MARKER_WHITE, outline);
    fill(colour, pathOf(shape.core));
  } else {
    fill(colour, outline);
    fill(MARKER_WHITE, pathOf(shape.opening));
  }
  context.restore();
}

/** Units of the selected marker: 44 px wide without its outline. */
const SELECTED_UNIT = 44 / 24;
/** From the exact place up to the middle of the shape, in the shapes' units. */
const STEM_UNITS = 21.5;
/** Room the selected marker takes above, below and beside its exact place, CSS px. */
export const SELECTED_ROOM = { above: 66, below: 9, beside: 26 } as const;
const LETTER_FONT = "'Atkinson Hyperlegible Next', 'Capitelle Fallback', sans-serif";

/** Draws the selected marker, its stem on the origin, which is the exact place. */
export function drawSelected(context: DrawingContext, sign: Sign): void {
  const shape = SHAPES[sign.shape];
  const colour = MARKER_COLOURS[sign.colour];
  const outline = pathOf(shape.outline);
  context.save();
  context.scale(SELECTED_UNIT, SELECTED_UNIT);
  const stem = new Path2D('M0 0V-11');
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = MARKER_WHITE;
  context.lineWidth = 3.8;
  context.stroke(stem);
  context.strokeStyle = MARKER_INK;
  context.lineWidth = 1.64;
  context.stroke(stem);
  context.beginPath();
  context.arc(0, 0, 3, 0, Math.PI * 2);
  context.fillStyle = MARKER_WHITE;
  context.fill();
  context.lineWidth = 1.1;
  context.stroke();
  context.translate(-12, -12 - STEM_UNITS);
  context.strokeStyle = MARKER_INK;
  context.lineWidth = 3.27;
  context.stroke(outline);
  context.fillStyle = MARKER_WHITE;
  context.fill(outline);
  context.strokeStyle = MARKER_WHITE;
  context.lineWidth = 2.18;
  context.stroke(outline);
  context.fillStyle = colour;
  context.fill(outline);
  context.fillStyle = MARKER_WHITE;
  context.fill(pathOf(shape.frame));
  context.fillStyle = colour;
  context.font = `750 ${shape.letterSize}px ${LETTER_FONT}`;
  context.textAlign = 'center';
  context.fillText(sign.letter, 12, shape.letterY);
  context.restore();
}

export type DrawingContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
