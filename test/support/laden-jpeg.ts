import jpeg from 'jpeg-js';

/** Words that no public copy may hold, each hidden in another part of `ladenJpeg`. */
export const secrets = [
  'EXIF-DEVICE',
  'GPS-LATITUDE',
  'XMP-CREATOR',
  'XMP-EXTENDED',
  'IPTC-BYLINE',
  'COMMENT-TEXT',
  'JFIF-THUMBNAIL',
  'ADOBE-TAIL',
  'MPF-SECOND-IMAGE',
  'RESERVED-MARKER',
  'COMMENT-BEFORE-SCAN',
  'AFTER-THE-END',
] as const;

/** Text of the colour profile: the one part besides the image that stays. */
export const profileText = 'COLOUR-PROFILE';

/** A JPEG that tells all that cameras, editors and phones write beside the image, and the image alone. */
export function ladenJpeg(width = 64, height = 48): { bytes: Uint8Array<ArrayBuffer>; image: Uint8Array } {
  const pixels = Buffer.alloc(width * height * 4);
  for (let index = 0; index < pixels.length; index++) pixels[index] = (index * 7) % 256;
  const { data } = jpeg.encode({ data: pixels, width, height }, 80);
  const scan = data.indexOf(Buffer.from([0xff, 0xda]));
  const bytes = new Uint8Array(
    Buffer.concat([
      data.subarray(0, 2),
      segment(0xe0, 'JFIF\0', Buffer.from([1, 2, 0, 0, 1, 0, 1, 1, 1]), 'JFIF-THUMBNAIL'),
      segment(0xe1, 'Exif\0\0', exif()),
      segment(
        0xe1,
        'http://ns.adobe.com/xap/1.0/\0',
        '<x:xmpmeta><dc:creator>XMP-CREATOR</dc:creator></x:xmpmeta>',
      ),
      segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0', 'XMP-EXTENDED'),
      segment(0xe2, 'ICC_PROFILE\0', Buffer.from([1, 1]), profileText),
      segment(0xe2, 'MPF\0', 'MPF-SECOND-IMAGE'),
      segment(0xed, 'Photoshop 3.0\0', '8BIM\x04\x04\0\0\0\0\0\x10', 'IPTC-BYLINE'),
      segment(0xee, 'Adobe', Buffer.from([0, 100, 0, 0, 0, 0, 1]), 'ADOBE-TAIL'),
      segment(0xfe, 'COMMENT-TEXT'),
      segment(0xf7, 'RESERVED-MARKER'),
      data.subarray(2, scan),
      segment(0xfe, 'COMMENT-BEFORE-SCAN'),
      data.subarray(scan),
      Buffer.from('AFTER-THE-END'),
      data,
    ]),
  );
  return { bytes, image: data };
}

function segment(marker: number, ...parts: (string | Uint8Array)[]): Uint8Array {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** A TIFF directory as cameras write it: the device, then a GPS directory with a position. */
function exif(): Uint8Array {
  const gpsAt = 8 + 2 + 2 * 12 + 4;
  const textAt = gpsAt + 2 + 2 * 12 + 4;
  const device = Buffer.from('EXIF-DEVICE\0');
  const position = Buffer.from('GPS-LATITUDE\0');
  const bytes = Buffer.alloc(textAt + device.length + position.length);
  bytes.write('II*\0', 0, 'latin1');
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(2, 8);
  entry(bytes, 10, 0x010f, 2, device.length, textAt);
  entry(bytes, 22, 0x8825, 4, 1, gpsAt);
  bytes.writeUInt16LE(2, gpsAt);
  entry(bytes, gpsAt + 2, 0x0001, 2, 2, 0x4e);
  entry(bytes, gpsAt + 14, 0x001d, 2, position.length, textAt + device.length);
  device.copy(bytes, textAt);
  position.copy(bytes, textAt + device.length);
  return bytes;
}

function entry(bytes: Buffer, at: number, tag: number, type: number, count: number, value: number): void {
  bytes.writeUInt16LE(tag, at);
  bytes.writeUInt16LE(type, at + 2);
  bytes.writeUInt32LE(count, at + 4);
  bytes.writeUInt32LE(value, at + 8);
}
