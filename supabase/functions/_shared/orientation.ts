import { exifOf } from './jpeg.ts';

/** Tag of the orientation in the first directory of an EXIF block (CIPA DC-008, 4.6.4). */
const orientationTag = 0x0112;

/** An image as rows of RGBA pixels. */
interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/**
 * How a JPEG says that it is to be turned: 1 (upright) to 8, as EXIF numbers them; 1 when it says nothing, or
 * nothing that can be read.
 */
export function orientationOf(bytes: Uint8Array): number {
  const exif = exifOf(bytes);
  if (!exif || exif.byteLength < 8) return 1;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const isLittle = order === 0x4949;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, isLittle);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, isLittle) !== orientationTag) continue;
    const value = view.getUint16(at + 8, isLittle);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** The same image as it is meant to be seen, when EXIF says that it lies as `orientation`. */
export function upright(image: Pixels, orientation: number): Pixels {
  if (orientation <= 1 || orientation > 8) return image;
  const { width, height } = image;
  const isTurned = orientation >= 5;
  const turned = { width: isTurned ? height : width, height: isTurned ? width : height };
  // Whole pixels: four times fewer steps than bytes. A copy, since a view of 32 bits starts at a multiple of four.
  const from = new Uint32Array(image.data.slice().buffer);
  const to = new Uint32Array(from.length);
  // Of the pixel seen at (x, y): where it lies is start + x * across + y * down.
  const [start, across, down] = walk(orientation, width, height);
  for (let y = 0, at = 0; y < turned.height; y++)
    for (let x = 0, source = start + y * down; x < turned.width; x++, source += across)
      to[at++] = from[source] ?? 0;
  return { ...turned, data: new Uint8Array(to.buffer) };
}

function walk(orientation: number, width: number, height: number): [number, number, number] {
  const last = width * height - 1;
  switch (orientation) {
    case 2:
      return [width - 1, -1, width];
    case 3:
      return [last, -1, -width];
    case 4:
      return [last - width + 1, 1, -width];
    case 5:
      return [0, width, 1];
    case 6:
      return [last - width + 1, -width, 1];
    case 7:
      return [last, -width, -1];
    default:
      return [width - 1, width, -1];
  }
}
