/**
 * An attachment: where what holds the focus goes away (a row that was answered, a level that was left), the focus goes to
 * the container rather than to the top of the page, so that the next key is pressed where the last one was.
 */
export function keepFocus(container: HTMLElement): () => void {
  let last: EventTarget | null = null;
  const note = ({ target }: FocusEvent) => (last = target);
  const forget = ({ target }: FocusEvent) => {
    // Left for elsewhere, and still there: whoever goes away from here is not called back.
    setTimeout(() => {
      if (target === last && (target as Element).isConnected) last = null;
    });
  };
  const observer = new MutationObserver(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (last === null || !isLost || (last as Element).isConnected) return;
    last = null;
    container.focus({ preventScroll: true });
  });
  container.tabIndex = -1;
  container.addEventListener('focusin', note);
  container.addEventListener('focusout', forget);
  observer.observe(container, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    container.removeEventListener('focusin', note);
    container.removeEventListener('focusout', forget);
  };
}
