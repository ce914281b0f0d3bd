import type { Sign } from '../ui/shapes.ts';
import { drawMarker, drawSelected, MARKER_PX, type MarkerState, SELECTED_ROOM } from './draw-marker.ts';
import { drawStack, measureStack, type StackPlan } from './draw-stack.ts';

/** A drawing made once, at the screen's own density. */
export interface Sprite {
  readonly image: HTMLCanvasElement;
  /** Size in CSS px, and the place of its anchor inside. */
  readonly width: number;
  readonly height: number;
  readonly anchorX: number;
  readonly anchorY: number;
}

/** Different stacks kept; beyond, the oldest goes. */
const MOST_SPRITES = 600;

/** Drawings of markers and stacks, made on first use. */
export class Sprites {
  #kept = new Map<string, Sprite>();
  #density: number;
  #ruler = document.createElement('canvas').getContext('2d');

  /** @param density device pixels per CSS px */
  constructor(density: number) {
    this.#density = density;
  }

  marker(sign: Sign, state: MarkerState): Sprite {
    return this.#keep(`${sign.shape} ${sign.colour} ${state}`, () =>
      this.#make(MARKER_PX, MARKER_PX, MARKER_PX / 2, MARKER_PX / 2, (context) =>
        drawMarker(context, sign, state),
      ),
    );
  }

  selected(sign: Sign): Sprite {
    const { above, below, beside } = SELECTED_ROOM;
    return this.#keep(`${sign.shape} ${sign.colour} ${sign.letter} selected`, () =>
      this.#make(beside * 2, above + below, beside, above, (context) => drawSelected(context, sign)),
    );
  }

  stack(stack: StackPlan): Sprite {
    return this.#keep(`${stack.text} ${stack.courses.join(' ')}`, () => {
      const ruler = this.#ruler;
      const { halfWidth, above } = ruler ? measureStack(ruler, stack) : { halfWidth: 40, above: 60 };
      return this.#make(halfWidth * 2, above + 15, halfWidth, above, (context) => drawStack(context, stack));
    });
  }

  #keep(key: string, make: () => Sprite): Sprite {
    let sprite = this.#kept.get(key);
    if (!sprite) {
      sprite = make();
      this.#kept.set(key, sprite);
      const oldest = this.#kept.keys().next().value;
      if (this.#kept.size > MOST_SPRITES && oldest !== undefined) this.#kept.delete(oldest);
    }
    return sprite;
  }

  #make(
    width: number,
    height: number,
    anchorX: number,
    anchorY: number,
    draw: (context: CanvasRenderingContext2D) => void,
  ): Sprite {
    const image = document.createElement('canvas');
    image.width = Math.ceil(width * this.#density);
    image.height = Math.ceil(height * this.#density);
    const context = image.getContext('2d');
    if (context) {
      context.scale(this.#density, this.#density);
      context.translate(anchorX, anchorY);
      draw(context);
    }
    return {
      image,
      width: image.width / this.#density,
      height: image.height / this.#density,
      anchorX,
      anchorY,
    };
  }
}
