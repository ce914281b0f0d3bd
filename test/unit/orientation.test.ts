import jpeg from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { orientationOf, upright } from '../../supabase/functions/_shared/orientation.ts';
import { reencode } from '../../supabase/functions/_shared/reencode.ts';

/** How the upright image «ab / cd / ef» is stored under each orientation (CIPA DC-008, 4.6.4, figure 11). */
const stored: readonly [orientation: number, rows: string][] = [
  [1, 'ab cd ef'],
  [2, 'ba dc fe'],
  [3, 'fe dc ba'],
  [4, 'ef cd ab'],
  [5, 'ace bdf'],
  [6, 'bdf ace'],
  [7, 'fdb eca'],
  [8, 'eca fdb'],
];

const pixels = (rows: string) => {
  const lines = rows.split(' ');
  const data = new Uint8Array(lines.join('').length * 4);
  [...lines.join('')].forEach((letter, at) => data.fill(letter.charCodeAt(0), at * 4, at * 4 + 4));
  return { width: lines[0]?.length ?? 0, height: lines.length, data };
};

/** An EXIF block that says nothing but an orientation. */
function exif(orientation: number, isLittle: boolean): Buffer {
  const block = Buffer.alloc(26);
  const write = (value: number, at: number, bytes: 2 | 4) =>
    isLittle ? block.writeUIntLE(value, at, bytes) : block.writeUIntBE(value, at, bytes);
  block.write(isLittle ? 'II' : 'MM', 'latin1');
  write(42, 2, 2);
  write(8, 4, 4);
  write(1, 8, 2);
  write(0x0112, 10, 2);
  write(3, 12, 2);
  write(1, 14, 4);
  write(orientation, 18, 2);
  return block;
}

/** A picture with its left half red and its right half blue, and an EXIF block. */
function picture(block: Uint8Array): Buffer {
  const [width, height] = [64, 32];
  const data = Buffer.alloc(width * height * 4);
  for (let at = 0; at < width * height; at++) data[at * 4 + (at % width < width / 2 ? 0 : 2)] = 255;
  const image = jpeg.encode({ width, height, data }, 90).data;
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([image.subarray(0, 2), head, content, image.subarray(2)]);
}

describe('the orientation of a picture', () => {
  test.each(stored)('%i is turned upright', (orientation, rows) => {
    expect(upright(pixels(rows), orientation)).toEqual(pixels('ab cd ef'));
  });

  test('is read in both orders of bytes', () => {
    const read = (block: Uint8Array) => orientationOf(picture(block));
    for (const isLittle of [true, false])
      for (const [orientation] of stored) expect(read(exif(orientation, isLittle))).toBe(orientation);
    expect([0, 9, 65_535].map((nonsense) => read(exif(nonsense, true)))).toEqual([1, 1, 1]);
  });

  test('that is cut anywhere, or written over, is upright', () => {
    const whole = exif(6, true);
    for (let length = 0; length < 22; length++)
      expect(orientationOf(picture(whole.subarray(0, length)))).toBe(1);
    const lost = exif(6, true);
    lost.writeUInt32LE(0xffffffff, 4);
    expect(orientationOf(picture(lost))).toBe(1);
    expect(orientationOf(Uint8Array.from([1, 2, 3]))).toBe(1);
  });

  test('is in the pixels of what the public reports, and nowhere else', () => {
    const kept = reencode(new Uint8Array(picture(exif(6, true))));
    expect(kept).not.toBeNull();
    const image = jpeg.decode(kept ?? new Uint8Array());
    expect([image.width, image.height]).toEqual([32, 64]);
    // Turned to the right: what was on the left is at the top.
    const [red, , blue] = image.data.subarray(0, 3);
    const [redBelow, , blueBelow] = image.data.subarray((60 * 32 + 16) * 4);
    expect([red, blueBelow].map((value) => (value ?? 0) > 200)).toEqual([true, true]);
    expect([blue, redBelow].map((value) => (value ?? 255) < 50)).toEqual([true, true]);
    expect(orientationOf(kept ?? new Uint8Array())).toBe(1);
  });
});
