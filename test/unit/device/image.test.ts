import jpeg from 'jpeg-js';
import { describe, expect, test } from 'vitest';

import { imageFormat } from '../../../src/device/image-format.ts';
import { preparePhoto } from '../../../src/device/image-pipeline.ts';
import { fitInside, jpegSize } from '../../../src/device/image-size.ts';
import { sha256Hex } from '../../../src/device/sha256.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { problemOf } from '../../../src/domain/problems.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function jpegOf(width: number, height: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(width * height * 4).fill(120);
  return new Uint8Array(jpeg.encode({ data, width, height }, 60).data);
}

describe('a photo is known by its bytes', () => {
  test('a JPEG', () => expect(imageFormat(jpegOf(4, 4))).toBe('image/jpeg'));
  test('a HEIC of a telephone', () => {
    expect(imageFormat(bytesOf('\0\0\0\x18ftypheic\0\0\0\0'))).toBe('image/heic');
  });
  test('a WebP', () => expect(imageFormat(bytesOf('RIFF____WEBPVP8 '))).toBe('image/webp'));
  test.each(['%PDF-1.7', '<html>', '', 'PK\x03\x04'])('%j is none', (text) => {
    expect(imageFormat(bytesOf(text))).toBeNull();
  });
});

test('the size of a JPEG is read from its header', () => {
  expect(jpegSize(jpegOf(64, 48))).toEqual({ width: 64, height: 48 });
  expect(jpegSize(bytesOf('not a photo'))).toBeNull();
  expect(jpegSize(jpegOf(64, 48).subarray(0, 30))).toBeNull();
});

test('a photo is shrunk to its longest side, and never grown', () => {
  expect(fitInside({ width: 4000, height: 3000 }, 2000)).toEqual({ width: 2000, height: 1500 });
  expect(fitInside({ width: 3000, height: 4000 }, 2000)).toEqual({ width: 1500, height: 2000 });
  expect(fitInside({ width: 640, height: 480 }, 2000)).toEqual({ width: 640, height: 480 });
  expect(fitInside({ width: 9000, height: 2 }, 320)).toEqual({ width: 320, height: 1 });
});

test('the hash is that of the standard', async () => {
  const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await sha256Hex(bytesOf('abc').buffer)).toBe(hash);
});

test('a file that is no photo is told so, and nothing is kept', async () => {
  const code = await preparePhoto(new Blob(['%PDF-1.7'])).catch((cause: unknown) => problemOf(cause).code);
  expect(code).toBe('not_an_image');
});

test('a file over 64 MB is told so before it is read', async () => {
  const heavy = { size: LIMITS.photoInputBytes + 1 } as Blob;
  const code = await preparePhoto(heavy).catch((cause: unknown) => problemOf(cause).code);
  expect(code).toBe('too_large');
});

test('a photo that cannot be decoded here keeps its own bytes, flagged', async () => {
  const original = jpegOf(64, 48);
  const photo = await preparePhoto(new Blob([original]));
  expect(photo).toMatchObject({ isDecoded: false, width: 64, height: 48, mime: 'image/jpeg', thumb: null });
  expect(new Uint8Array(photo.bytes)).toEqual(original);
  expect(photo.sha256).toBe(await sha256Hex(original.buffer));
});

test('one over 20 MB that cannot be made smaller here is told so, at 20 MB it is kept', async () => {
  const photo = jpegOf(64, 48);
  const padded = (size: number) => new Blob([photo, new Uint8Array(size - photo.length)]);
  const code = await preparePhoto(padded(LIMITS.photoKeptBytes + 1)).catch(
    (cause: unknown) => problemOf(cause).code,
  );
  expect(code).toBe('too_large');
  expect(await preparePhoto(padded(LIMITS.photoKeptBytes))).toMatchObject({ isDecoded: false });
});
