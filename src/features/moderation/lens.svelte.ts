const MOST = 8;
const STEP = 1.5;
const PUSH_PX = 80;
/** A press that moved less than that is no drag. */
const STILL_PX = 6;

/** What a step nearer, or further, multiplies by. */
export function closer(steps: number): number {
  return STEP ** steps;
}

/** How one looks at a photo: how near, and which part. Shared by photos that are compared. */
export class Lens {
  #scale = $state(1);
  #x = $state(0);
  #y = $state(0);
  #fingers = new Map<number, { x: number; y: number }>();
  #moved = 0;

  get scale(): number {
    return this.#scale;
  }

  get transform(): string {
    return `translate(${this.#x}px, ${this.#y}px) scale(${this.#scale})`;
  }

  reset(): void {
    this.#scale = 1;
    this.#x = 0;
    this.#y = 0;
  }

  /** Nearer or further around a place, CSS px from the middle. */
  zoom(factor: number, x = 0, y = 0): void {
    const scale = Math.min(MOST, Math.max(1, this.#scale * factor));
    const grown = scale / this.#scale;
    this.#x = x - (x - this.#x) * grown;
    this.#y = y - (y - this.#y) * grown;
    this.#scale = scale;
    if (scale === 1) this.reset();
  }

  /** Moves by steps, as arrows do. */
  push(x: number, y: number): void {
    this.#x += x * PUSH_PX;
    this.#y += y * PUSH_PX;
  }

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { x, y } = fromMiddle(event);
    this.zoom(Math.exp(-event.deltaY / 400), x, y);
  };

  readonly down = (event: PointerEvent): void => {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.#moved = 0;
  };

  readonly move = (event: PointerEvent): void => {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, now);
    this.#moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (other) {
      const { x, y } = fromMiddle(event);
      this.zoom(apart(now, other) / Math.max(1, apart(before, other)), x, y);
    } else if (this.#scale > 1) {
      this.#x += now.x - before.x;
      this.#y += now.y - before.y;
    }
  };

  /** A press without a drag looks nearer there: dragging is one way among others (WCAG 2.5.7). */
  readonly up = (event: PointerEvent): void => {
    const wasAlone = this.#fingers.delete(event.pointerId) && this.#fingers.size === 0;
    if (!wasAlone || this.#moved > STILL_PX || event.type !== 'pointerup') return;
    const { x, y } = fromMiddle(event);
    if (this.#scale >= MOST) this.reset();
    else this.zoom(2, x, y);
  };
}

function apart(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function fromMiddle(event: MouseEvent): { x: number; y: number } {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
}
