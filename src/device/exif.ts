import exifr from 'exifr';

/** What a photo says about itself before it is re-encoded, which erases it. */
export interface PhotoOrigin {
  readonly position: {
    readonly lon: number;
    readonly lat: number;
    readonly accuracyMeters: number | null;
  } | null;
  /** When it was taken, ISO 8601 UTC; EXIF tells local time, read as the device's. */
  readonly takenAt: string | null;
}

const NOTHING: PhotoOrigin = { position: null, takenAt: null };

/** Reads position and date from EXIF. Whatever is unreadable is simply absent. */
export async function readOrigin(bytes: ArrayBuffer): Promise<PhotoOrigin> {
  try {
    const tags: unknown = await exifr.parse(bytes, {
      tiff: true,
      exif: { pick: ['DateTimeOriginal'] },
      gps: true,
    });
    return originOf((tags ?? {}) as Record<string, unknown>);
  } catch {
    return NOTHING;
  }
}

function originOf(tags: Record<string, unknown>): PhotoOrigin {
  const { latitude: lat, longitude: lon, DateTimeOriginal: date } = tags;
  const error = tags['GPSHPositioningError'];
  const isPlace =
    typeof lat === 'number' &&
    typeof lon === 'number' &&
    Math.abs(lat) <= 90 &&
    Math.abs(lon) <= 180 &&
    // 0, 0 is what a camera without a fix writes
    (lat !== 0 || lon !== 0);
  const accuracyMeters = typeof error === 'number' && error > 0 ? error : null;
  const isDate = date instanceof Date && !Number.isNaN(date.getTime());
  return {
    position: isPlace ? { lon, lat, accuracyMeters } : null,
    takenAt: isDate ? date.toISOString() : null,
  };
}
