/** Path of a photo in Storage (contract §3): immutable, tied to its bytes, so that sending twice makes one object. */
export function photoPath(userId: string, pointId: string, photoId: string, sha256: string): string {
  return `${userId}/${pointId}/${photoId}-${sha256.slice(0, 16)}.jpg`;
}

/** Path of its thumbnail. */
export function thumbPath(path: string): string {
  return path.replace(/\.jpg$/, '-t.jpg');
}
