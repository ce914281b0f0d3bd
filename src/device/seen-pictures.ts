/**
 * What the service worker keeps of pictures that were merely looked at: squares of the base map, and published
 * photos. Those of the sectors taken along are elsewhere, and stay.
 */
const SEEN = ['basemap', 'published-photos'];

/** Deletes them: they come again with the network. Answers whether there were any. */
export async function dropSeenPictures(): Promise<boolean> {
  if (typeof caches === 'undefined') return false;
  const held = await Promise.all(
    SEEN.map(async (name) => (await caches.has(name)) && (await (await caches.open(name)).keys()).length > 0),
  );
  await Promise.all(SEEN.map((name) => caches.delete(name)));
  return held.includes(true);
}
