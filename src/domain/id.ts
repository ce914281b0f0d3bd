/** Source of random bytes, passed in: the domain has no randomness of its own. */
export type RandomBytes = (length: number) => Uint8Array;

const DAY_MS = 86_400_000;

/** UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, 74 random bits. */
function uuidV7(unixMs: number, random: RandomBytes): string {
  const bytes = random(16).slice(0, 16);
  let time = Math.max(0, Math.floor(unixMs));
  for (let index = 5; index >= 0; index--) {
    bytes[index] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The instant's day at 00:00 UTC, in Unix milliseconds. */
function dayStart(instant: Date): number {
  return Math.floor(instant.getTime() / DAY_MS) * DAY_MS;
}

/** Id of a point: public, so it tells the day of capture and no more (contract §2). */
export function newPointId(capturedAt: Date, random: RandomBytes): string {
  return uuidV7(dayStart(capturedAt), random);
}

/** Id of a photo: public like a point's. */
export function newPhotoId(takenAt: Date, random: RandomBytes): string {
  return uuidV7(dayStart(takenAt), random);
}

/** Id of a mutation: seen by its author and moderators only, so it keeps the millisecond. */
export function newMutationId(now: Date, random: RandomBytes): string {
  return uuidV7(now.getTime(), random);
}

/** Milliseconds carried by a version 7 UUID. */
export function timeOfId(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
