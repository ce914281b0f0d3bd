import jpeg from 'jpeg-js';

/** A file as a camera or a gallery hands it over. */
export interface PhotoFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const photo = (name: string, buffer: Buffer, mimeType = 'image/jpeg'): PhotoFile => ({
  name,
  mimeType,
  buffer,
});

/** A grey JPEG of any size, made without its pixels: 60 megapixels of them would take 240 MB and ten seconds. */
export function hugeJpeg(width = 9_216, height = 6_528): PhotoFile {
  const { data } = jpeg.encode({ data: Buffer.alloc(8 * 8 * 4, 128), width: 8, height: 8 }, 85);
  const head = Buffer.from(data.subarray(0, afterScanHeader(data)));
  const frame = head.indexOf(Buffer.from([0xff, 0xc0]));
  head.writeUInt16BE(height, frame + 5);
  head.writeUInt16BE(width, frame + 7);
  // A grey block is 14 bits: nothing new and the end, of light and of both colours (ITU-T T.81, tables K.3 to K.6).
  const fourBlocks = packBits('00101000000000'.repeat(4));
  const scan = Buffer.alloc((width / 8) * (height / 8) * (14 / 8), fourBlocks);
  return photo('60-megapixels.jpg', Buffer.concat([head, scan, Buffer.from([0xff, 0xd9])]));
}

function afterScanHeader(data: Buffer): number {
  const scan = data.indexOf(Buffer.from([0xff, 0xda]));
  return scan + 2 + data.readUInt16BE(scan + 2);
}

function packBits(bits: string): Buffer {
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** A photo of an iPhone, as far as its first bytes tell: no browser but Safari decodes it. */
export function heic(): PhotoFile {
  const head = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
  return photo('IMG_1234.HEIC', Buffer.concat([head, Buffer.alloc(40_000, 7)]), 'image/heic');
}

/** A JPEG whose head is right and the rest is noise. */
export function corruptJpeg(whole: Buffer): PhotoFile {
  const noise = Buffer.from(whole);
  const from = noise.indexOf(Buffer.from([0xff, 0xdb])) + 2;
  for (let at = from; at < noise.length; at++) noise[at] = (at * 31) & 0x7f;
  return photo('corrupt.jpg', noise);
}

/** A JPEG of which only the beginning was copied. */
export function cutJpeg(whole: Buffer): PhotoFile {
  return photo('cut.jpg', whole.subarray(0, Math.floor(whole.length / 3)));
}

/** No picture at all, whatever its name says. */
export const notAPicture = photo('notes.jpg', Buffer.from('Ceci n’est pas une photo.'));

/** The same picture, heavier than a phone may be asked to keep as it came. */
export const heavy = (whole: Buffer): PhotoFile =>
  photo('heavy.jpg', Buffer.concat([whole, Buffer.alloc(21 * 1024 * 1024)]));
