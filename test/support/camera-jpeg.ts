import { randomBytes } from 'node:crypto';

import jpeg from 'jpeg-js';

/** Where and how a photo was taken. */
interface Shot {
  readonly lon: number;
  readonly lat: number;
  /** As EXIF tells it: 1 upright, 6 with the camera held upright. */
  readonly orientation?: 1 | 6;
}

type Entry = readonly [tag: number, type: 2 | 3 | 4 | 5, values: readonly number[] | string];

/** Bytes of one value: text, 16 bits, 32 bits, a fraction. */
const SIZES = { 2: 1, 3: 2, 4: 4, 5: 8 } as const;

/**
 * A photo as a camera gives it: that many pixels, as heavy as a real one (grain in each block of the image), with
 * EXIF that tells its orientation, date and position.
 */
export function cameraJpeg(width: number, height: number, shot: Shot): Buffer<ArrayBuffer> {
  return withExif(grainyJpeg(width, height), shot);
}

/** The image alone: a sky and a ground under grain. Seconds for 12 megapixels: make one, dress it several times. */
export function grainyJpeg(width: number, height: number): Buffer<ArrayBuffer> {
  const data = Buffer.alloc(width * height * 4);
  const grain = randomBytes(65_536);
  for (let at = 0; at < data.length; at++) {
    const row = Math.floor(at / 4 / width);
    data[at] = ((row * 160) / height + ((grain[(at * 7 + row) & 65_535] ?? 0) & 31)) & 255;
  }
  return Buffer.from(jpeg.encode({ data, width, height }, 90).data);
}

/** The same image, with what the camera says of it. */
export function withExif(image: Buffer, { lon, lat, orientation = 1 }: Shot): Buffer<ArrayBuffer> {
  const tiff = tiffOf(lon, lat, orientation);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(tiff.length + 8, 2);
  return Buffer.concat([
    image.subarray(0, 2),
    head,
    Buffer.from('Exif\0\0', 'latin1'),
    tiff,
    image.subarray(2),
  ]);
}

/** TIFF, little end first: the image, then its EXIF, then its GPS directory. */
function tiffOf(lon: number, lat: number, orientation: number): Buffer {
  const image = (exifAt: number, gpsAt: number): Entry[] => [
    [0x010f, 2, 'Capitelle\0'],
    [0x0112, 3, [orientation]],
    [0x8769, 4, [exifAt]],
    [0x8825, 4, [gpsAt]],
  ];
  const exif: Entry[] = [[0x9003, 2, '2026:05:02 10:00:00\0']];
  const gps: Entry[] = [
    [1, 2, lat < 0 ? 'S\0' : 'N\0'],
    [2, 5, sexagesimal(lat)],
    [3, 2, lon < 0 ? 'W\0' : 'E\0'],
    [4, 5, sexagesimal(lon)],
  ];
  const exifAt = 8 + directory(image(0, 0), 8).length;
  const gpsAt = exifAt + directory(exif, exifAt).length;
  const start = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  return Buffer.concat([
    start,
    directory(image(exifAt, gpsAt), 8),
    directory(exif, exifAt),
    directory(gps, gpsAt),
  ]);
}

/** Degrees, minutes and hundredths of seconds, as fractions. */
function sexagesimal(degrees: number): number[] {
  const whole = Math.abs(degrees);
  const minutes = (whole % 1) * 60;
  return [Math.floor(whole), 1, Math.floor(minutes), 1, Math.round((minutes % 1) * 6_000), 100];
}

/** A directory that stands at an offset; values longer than four bytes follow it. */
function directory(entries: readonly Entry[], at: number): Buffer {
  const table = Buffer.alloc(2 + entries.length * 12 + 4);
  table.writeUInt16LE(entries.length, 0);
  const after: Buffer[] = [];
  let end = at + table.length;
  for (const [index, [tag, type, values]] of entries.entries()) {
    const bytes = bytesOf(type, values);
    const place = 2 + index * 12;
    table.writeUInt16LE(tag, place);
    table.writeUInt16LE(type, place + 2);
    table.writeUInt32LE(bytes.length / SIZES[type], place + 4);
    if (bytes.length <= 4) bytes.copy(table, place + 8);
    else {
      table.writeUInt32LE(end, place + 8);
      after.push(bytes);
      end += bytes.length;
    }
  }
  return Buffer.concat([table, ...after]);
}

function bytesOf(type: Entry[1], values: Entry[2]): Buffer {
  if (typeof values === 'string') return Buffer.from(values, 'latin1');
  const width = type === 3 ? 2 : 4;
  const bytes = Buffer.alloc(values.length * width);
  for (const [index, value] of values.entries()) bytes.writeUIntLE(value, index * width, width);
  return bytes;
}
