/**
 * After a navigation, puts the keyboard and the screen reader at the title of the new screen. A screen whose title waits
 * for its data is watched for a while; a screen that opens on a part of itself marks that part's title `data-arrival`; a person who has already moved elsewhere is left alone.
 */
export function focusTitle(main: HTMLElement): void {
  const before = document.activeElement;
  const isStillWaiting = () => document.activeElement === before || document.activeElement === document.body;

  const take = (): boolean => {
    const title = main.querySelector<HTMLElement>('[data-arrival]') ?? main.querySelector<HTMLElement>('h1');
    if (!title) return false;
    title.tabIndex = -1;
    if (isStillWaiting()) title.focus({ preventScroll: true });
    return true;
  };
  if (take()) return;
  const observer = new MutationObserver(() => {
    if (take() || !isStillWaiting()) observer.disconnect();
  });
  observer.observe(main, { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), TITLE_PATIENCE_MS);
}

/** After this, the person has read on: moving the focus would disturb. */
const TITLE_PATIENCE_MS = 5_000;
