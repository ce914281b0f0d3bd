type ToastKind = 'info' | 'ok' | 'error';

export interface ToastMessage {
  readonly id: number;
  readonly text: string;
  readonly kind: ToastKind;
  /** One thing the person may do about it, such as undo. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface ToastOptions {
  readonly kind?: ToastKind;
  readonly action?: ToastMessage['action'];
  /** How long it stays; null until dismissed. */
  readonly durationMs?: number | null;
}

/** Time to read a sentence and reach the button with a keyboard. */
const DEFAULT_DURATION_MS = 8_000;

/** Short messages above the screen, newest last. */
export class Toasts {
  #list = $state.raw<readonly ToastMessage[]>([]);
  #timers: Record<number, ReturnType<typeof setTimeout>> = {};
  #lastId = 0;

  get list(): readonly ToastMessage[] {
    return this.#list;
  }

  /** Shows a message and returns its id. */
  show(text: string, { kind = 'info', action, durationMs }: ToastOptions = {}): number {
    const id = ++this.#lastId;
    this.#list = [...this.#list, { id, text, kind, ...(action && { action }) }];
    // An error waits for the person: it says what to do next.
    const duration = durationMs === undefined ? (kind === 'error' ? null : DEFAULT_DURATION_MS) : durationMs;
    if (duration !== null) {
      this.#timers[id] = setTimeout(() => this.dismiss(id), duration);
    }
    return id;
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers[id]);
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }

  /** Runs a message's action and closes it. */
  act(id: number): void {
    const toast = this.#list.find((one) => one.id === id);
    this.dismiss(id);
    toast?.action?.run();
  }
}
