/** What a device declares about a photo that it has uploaded (contract §3). */
export interface PhotoDeclaration {
  photo_id: string;
  point_id: string;
  path: string;
  sha256: string;
  size: number;
  licence: string;
  taken_at: string | null;
  caption: string | null;
  /** Where it was taken. */
  position: unknown;
  /** Its place among the photos that its author gave the point, from 0; null where they gave none. */
  rank: number | null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads the declaration, or returns the name of the first field that is wrong. */
export function readDeclaration(value: unknown): PhotoDeclaration | string {
  if (typeof value !== 'object' || value === null) return 'body';
  const body = value as Record<string, unknown>;
  const { photo_id, point_id, path, sha256, size, licence } = body;
  if (typeof photo_id !== 'string' || !uuid.test(photo_id)) return 'photo_id';
  if (typeof point_id !== 'string' || !uuid.test(point_id)) return 'point_id';
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return 'sha256';
  if (typeof path !== 'string') return 'path';
  if (typeof size !== 'number' || !Number.isInteger(size) || size <= 0) return 'size';
  if (typeof licence !== 'string' || licence === '' || licence.length > 80) return 'licence';
  const taken_at = optionalText(body['taken_at']);
  if (taken_at === undefined || (taken_at !== null && Number.isNaN(Date.parse(taken_at)))) return 'taken_at';
  const caption = optionalText(body['caption']);
  if (caption === undefined || (caption?.length ?? 0) > 400) return 'caption';
  const position = body['position'] ?? null;
  if (!isPosition(position)) return 'position';
  const rank = body['rank'] ?? null;
  if (!isRank(rank)) return 'rank';
  if (![licence, caption ?? ''].every(isStorable)) return 'caption';
  return { photo_id, point_id, path, sha256, size, licence, taken_at, caption, position, rank };
}

function isRank(value: unknown): value is number | null {
  return (
    value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1000)
  );
}

/** Where a photo was taken, as a device writes it: a small object. */
function isPosition(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.values(value).every(
    (part) =>
      part === null ||
      typeof part === 'number' ||
      (typeof part === 'string' && part.length <= 40 && isStorable(part)),
  );
}

/** PostgreSQL stores neither the null character nor half of a character. */
function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}

/** Whether the path is where this person puts this photo (contract §3), whatever hash it bears. */
export function isOwnPath(userId: string, photo: PhotoDeclaration): boolean {
  const folder = `${userId}/${photo.point_id}/${photo.photo_id}-`;
  return photo.path.startsWith(folder) && /^[0-9a-f]{16}\.jpg$/.test(photo.path.slice(folder.length));
}

/** Path of the thumbnail beside a photo. */
export function thumbnailPath(path: string): string {
  return path.replace(/\.jpg$/, '-t.jpg');
}

function optionalText(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : undefined;
}
