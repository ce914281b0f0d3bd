/**
 * A mistake in what an administrator asked for or gave: shown as one sentence and a stable code,
 * without a stack.
 */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}
