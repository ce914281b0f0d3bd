import type { Browse } from '../../state/browse.svelte.ts';
import type { BrowseQuery } from '../../domain/browse-query.ts';

/** The part of the hash behind `?`. */
export function searchOfHash(hash: string = location.hash): string {
  return hash.split('?')[1] ?? '';
}

/**
 * Changes the query and the address with it. `replace` for what is being typed, so that the way back
 * does not spell it out letter by letter.
 */
export function changeQuery(
  browse: Browse,
  change: Partial<BrowseQuery>,
  how: 'push' | 'replace' = 'push',
): void {
  const address = browse.addressOf(change);
  if (location.hash.startsWith('#/p/')) {
    // From a sheet it is a way out: the router has to know.
    location.hash = address;
    return;
  }
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(history.state, '', address);
  browse.open(searchOfHash(address));
}
