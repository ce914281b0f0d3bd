/** Resolves when a work, and those that took its place meanwhile, have ended. */
export async function lastOf(work: () => Promise<unknown>): Promise<void> {
  let last: Promise<unknown>;
  do {
    last = work();
    await last;
  } while (last !== work());
}
