const LEAVE = 'desk-leave';
/** Name of the measure: from leaving one item to the next one being drawn, in milliseconds. */
const NEXT = 'desk-next-shown';

/** Notes that somebody goes on to another item. */
export function noteLeave(): void {
  performance.mark(LEAVE);
}

/** Notes that an item is drawn, once the browser has painted it. */
export function noteShown(): void {
  if (performance.getEntriesByName(LEAVE, 'mark').length === 0) return;
  requestAnimationFrame(() =>
    setTimeout(() => {
      if (performance.getEntriesByName(LEAVE, 'mark').length === 0) return;
      performance.measure(NEXT, LEAVE);
      performance.clearMarks(LEAVE);
    }),
  );
}
