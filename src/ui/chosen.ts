/** What is chosen of several once one of them is ticked or unticked. Those that stand `alone` exclude all others. */
export function chosenAfter(
  before: readonly string[],
  one: string,
  isTicked: boolean,
  alone: readonly string[],
): string[] {
  const others = before.filter((other) => other !== one);
  if (!isTicked) return others;
  return alone.includes(one) ? [one] : [...others.filter((other) => !alone.includes(other)), one];
}
