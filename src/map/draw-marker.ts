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

export type DrawingContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
