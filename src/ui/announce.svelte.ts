let text = $state('');
let timer: ReturnType<typeof setTimeout> | undefined;

/** A screen reader hears at most one message in this time: a map that moves would never stop talking. */
const THROTTLE_MS = 600;

/** Says something politely to a screen reader, through the region that App draws. The last of a burst wins. */
export function announce(message: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    text = '';
    // a text equal to the last one is only heard if the region was emptied in between
    setTimeout(() => (text = message), 50);
  }, THROTTLE_MS);
}

/** What the live region holds. */
export const announcement = {
  get text() {
    return text;
  },
};
