import type { Sign } from '../ui/shapes.ts';
import { drawMarker, drawSelected, MARKER_PX, type MarkerState, SELECTED_ROOM } from './draw-marker.ts';
import { layStack, type StackPlan } from './draw-stack.ts';

/** What is drawn at a place: its room around the anchor, CSS px, and how. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly anchorX: number;
  readonly anchorY: number;
  /** Draws it with its anchor on a place, CSS px. */
  paint(context: CanvasRenderingContext2D, x: number, y: number): void;
}

/** Different pictures kept; beyond, the oldest goes. */
const MOST_PICTURES = 600;
/** Room under the middle of a stack's base, CSS px. */
const BELOW_STACK = 15;

/**
 * Pictures of markers and stacks, prepared on first use. A marker is the same at thousands of places: it is drawn once
 * on a canvas of its own and copied. A stack has its own count, and a canvas for each would cost more than its paths.
 */
export class Pictures {
  #kept = new Map<string, Picture>();
  #density: number;
  #ruler = document.createElement('canvas').getContext('2d');

  /** @param density device pixels per CSS px */
  constructor(density: number) {
    this.#density = density;
  }

  marker(sign: Sign, state: MarkerState): Picture {
    return this.#keep(`${sign.shape} ${sign.colour} ${state}`, () =>
      this.#copy(MARKER_PX, MARKER_PX, MARKER_PX / 2, MARKER_PX / 2, (context) =>
        drawMarker(context, sign, state),
      ),
    );
  }

  selected(sign: Sign): Picture {
    const { above, below, beside } = SELECTED_ROOM;
    return this.#keep(`${sign.shape} ${sign.colour} ${sign.letter} selected`, () =>
      this.#copy(beside * 2, above + below, beside, above, (context) => drawSelected(context, sign)),
    );
  }

  stack(stack: StackPlan): Picture {
    return this.#keep(`${stack.text} ${stack.courses.join(' ')}`, () => {
      if (!this.#ruler) return { width: 0, height: 0, anchorX: 0, anchorY: 0, paint: () => undefined };
      const laid = layStack(this.#ruler, stack);
      return {
        width: laid.halfWidth * 2,
        height: laid.above + BELOW_STACK,
        anchorX: laid.halfWidth,
        anchorY: laid.above,
        paint(context, x, y) {
          context.translate(x, y);
          laid.paint(context);
          context.translate(-x, -y);
        },
      };
    });
  }

  #keep(key: string, make: () => Picture): Picture {
    let picture = this.#kept.get(key);
    if (!picture) {
      picture = make();
      this.#kept.set(key, picture);
      const oldest = this.#kept.keys().next().value;
      if (this.#kept.size > MOST_PICTURES && oldest !== undefined) this.#kept.delete(oldest);
    }
    return picture;
  }

  #copy(
    wantedWidth: number,
    wantedHeight: number,
    anchorX: number,
    anchorY: number,
    draw: (context: CanvasRenderingContext2D) => void,
  ): Picture {
    const image = document.createElement('canvas');
    image.width = Math.ceil(wantedWidth * this.#density);
    image.height = Math.ceil(wantedHeight * this.#density);
    const context = image.getContext('2d');
    if (context) {
      context.scale(this.#density, this.#density);
      context.translate(anchorX, anchorY);
      draw(context);
    }
    const width = image.width / this.#density;
    const height = image.height / this.#density;
    return {
      width,
      height,
      anchorX,
      anchorY,
      paint: (target, x, y) => target.drawImage(image, x - anchorX, y - anchorY, width, height),
    };
  }
}
