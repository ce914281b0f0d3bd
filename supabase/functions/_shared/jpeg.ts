/** What the headers of a JPEG say, and where its parts are. */
interface JpegPart {
  marker: number;
  start: number;
  /** Excluded; for a scan it includes the image data that follows. */
  end: number;
}

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const colourProfile = 0xe2;
const application = 0xe1;
const adobe = 0xee;

/** Largest side accepted, in pixels: twice that of the finest phone cameras. */
const maximumSide = 20_000;

/**
 * Dimensions in pixels of a whole JPEG, read from its frame header (ITU T.81); null when the bytes
 * are anything else, or when the image is cut.
 */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } | null {
  const parts = readParts(bytes);
  const frame = parts?.find((part) => isFrame(part.marker));
  if (!frame || frame.end - frame.start < 10) return null;
  const height = readUint16(bytes, frame.start + 5);
  const width = readUint16(bytes, frame.start + 7);
  return isSide(width) && isSide(height) ? { width, height } : null;
}

/**
 * The same image without what describes it: position, device, owner, thumbnails, comments and
 * whatever follows the end of the image. The colour profile stays.
 */
export function withoutMetadata(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = readParts(bytes);
  if (!parts) throw new Error('not a JPEG');
  const kept = parts.filter((part) => isKept(bytes, part)).map((part) => partBytes(bytes, part));
  const result = new Uint8Array(kept.reduce((length, part) => length + part.byteLength, 0));
  let offset = 0;
  for (const part of kept) {
    result.set(part, offset);
    offset += part.byteLength;
  }
  return result;
}

/** The EXIF block of a JPEG, from its byte order on (CIPA DC-008, 4.5.2); null without. */
export function exifOf(bytes: Uint8Array): Uint8Array | null {
  const part = readParts(bytes)?.find((one) => one.marker === application && hasName(bytes, one, 'Exif\0\0'));
  return part ? bytes.subarray(part.start + 10, part.end) : null;
}

/** The parts from the start of the image to its end, or null when they don't follow one another. */
function readParts(bytes: Uint8Array): JpegPart[] | null {
  if (bytes[0] !== 0xff || bytes[1] !== startOfImage) return null;
  const parts: JpegPart[] = [{ marker: startOfImage, start: 0, end: 2 }];
  let offset = 2;
  let hasScan = false;
  while (offset + 1 < bytes.length) {
    if (bytes[offset] !== 0xff) return null;
    const marker = bytes[offset + 1];
    if (marker === undefined) return null;
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    if (marker === endOfImage) {
      parts.push({ marker, start: offset, end: offset + 2 });
      return hasScan && parts.some((part) => isFrame(part.marker)) ? parts : null;
    }
    const length = readUint16(bytes, offset + 2);
    let end = offset + 2 + length;
    if (length < 2 || end > bytes.length || isStandalone(marker)) return null;
    if (marker === startOfScan) {
      hasScan = true;
      end = endOfScan(bytes, end);
    }
    parts.push({ marker, start: offset, end });
    offset = end;
  }
  return null;
}

/** Offset of the marker that ends the image data: neither a stuffed byte nor a restart. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let offset = start; offset + 1 < bytes.length; offset++) {
    if (bytes[offset] !== 0xff) continue;
    const next = bytes[offset + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return offset;
  }
  return bytes.length;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function isStandalone(marker: number): boolean {
  return marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= startOfImage);
}

/** What an image is decoded from: tables, restart interval, number of lines; frames and scans besides. */
const decoding = [startOfImage, endOfImage, startOfScan, 0xc4, 0xcc, 0xdb, 0xdc, 0xdd];

function isKept(bytes: Uint8Array, part: JpegPart): boolean {
  if (decoding.includes(part.marker) || isFrame(part.marker)) return true;
  if (part.marker === colourProfile) return hasName(bytes, part, 'ICC_PROFILE\0');
  // Says how the colours are encoded, without which some images turn negative.
  return part.marker === adobe && part.end - part.start === 16 && hasName(bytes, part, 'Adobe');
}

/** A colour encoding is written anew: its other bytes may hold anything. */
function partBytes(bytes: Uint8Array, part: JpegPart): Uint8Array {
  if (part.marker !== adobe) return bytes.subarray(part.start, part.end);
  const transform = bytes[part.start + 15] ?? 0;
  return Uint8Array.from([0xff, adobe, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform]);
}

function hasName(bytes: Uint8Array, part: JpegPart, name: string): boolean {
  return [...name].every((letter, index) => bytes[part.start + 4 + index] === letter.charCodeAt(0));
}

function readUint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

function isSide(pixels: number): boolean {
  return pixels > 0 && pixels <= maximumSide;
}
