import jpeg from 'jpeg-js';
import { jpegSize, withoutMetadata } from './jpeg.ts';
import { orientationOf, upright } from './orientation.ts';

/** Megapixels of a picture at most: what one call of a function decodes and encodes within its time. */
const maximumMegapixels = 8;

/** Quality of the JPEG that is kept: detail enough to see what is wrong. */
const quality = 82;

/** Bytes that the decoder takes for each pixel at most. */
const bytesPerPixel = 25;

/**
 * Whether the headers of a JPEG say that it can be written anew: cheap, and asked before anything is counted.
 * `megapixels`: the largest that is read.
 */
export function isReadable(bytes: Uint8Array, megapixels = maximumMegapixels): boolean {
  const size = jpegSize(bytes);
  return size !== null && size.width * size.height <= megapixels * 1_000_000;
}

/**
 * Writes a JPEG anew from its pixels, so that nothing else of what the camera wrote is kept, turned as it
 * said that it is to be seen: what says so is among what is not kept. Null when
 * the bytes are no such picture, or a larger one than is read: by itself what a function can.
 */
export function reencode(
  bytes: Uint8Array<ArrayBuffer>,
  megapixels = maximumMegapixels,
): Uint8Array<ArrayBuffer> | null {
  if (!isReadable(bytes, megapixels)) return null;
  try {
    // The decoder stumbles over what some cameras write beside the image.
    const image = jpeg.decode(withoutMetadata(bytes), {
      useTArray: true,
      maxResolutionInMP: megapixels,
      maxMemoryUsageInMB: megapixels * bytesPerPixel,
    });
    return new Uint8Array(jpeg.encode(upright(image, orientationOf(bytes)), quality).data);
  } catch {
    return null;
  }
}
