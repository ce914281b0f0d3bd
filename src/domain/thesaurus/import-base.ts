/** A source that was moved as a whole: the bases of its addresses, before and now. */
export interface MovedBase {
  readonly from: string;
  readonly to: string;
}

interface Named {
  readonly id: string;
  readonly uri: string;
}

/**
 * Whether a source has moved: most of the addresses that are known of it are gone, and most of those terms come under another.
 * Its terms are then recognised by their ids (see `identify` of the function that reads files). Null where it stays.
 */
export function movedBase(
  origins: Readonly<Record<string, { readonly uri: string }>>,
  incoming: readonly Named[],
): MovedBase | null {
  const known = Object.entries(origins);
  const uris = new Set(incoming.map(({ uri }) => uri));
  const uriOf = new Map(incoming.map(({ id, uri }) => [id, uri]));
  const gone = known.filter(([, { uri }]) => !uris.has(uri));
  const again = gone.flatMap(([id, { uri }]) => {
    const now = uriOf.get(id);
    return now === undefined ? [] : [{ from: baseOf(uri), to: baseOf(now) }];
  });
  if (gone.length * 2 <= known.length || again.length * 2 <= gone.length) return null;
  const [from, to] = [mostOften(again.map((one) => one.from)), mostOften(again.map((one) => one.to))];
  return from === to ? null : { from, to };
}

const baseOf = (uri: string): string => uri.replace(/[^/#=:]*[/#]*$/, '');

function mostOften(texts: readonly string[]): string {
  const groups = [...Map.groupBy(texts, (text) => text)];
  return groups.toSorted(([, one], [, other]) => other.length - one.length)[0]?.[0] ?? '';
}
