import jpeg from 'jpeg-js';
import { jpegSize, withoutMetadata } from '../_shared/jpeg.ts';
import { orientationOf, upright } from '../_shared/orientation.ts';

/** Megapixels of a picture at most: what one call of a function decodes and encodes within its time. */
const maximumMegapixels = 8;

/** Quality of the JPEG that is kept: detail enough to see what is wrong. */
const quality = 82;

/** Whether the headers of a JPEG say that it can be written anew: cheap, and asked before anything is counted. */
export function isReadable(bytes: Uint8Array): boolean {
  const size = jpegSize(bytes);
  return size !== null && size.width * size.height <= maximumMegapixels * 1_000_000;
}

/**
 * Writes a JPEG anew from its pixels, so that nothing else of what a stranger sent is kept, turned as the camera
 * said that it is to be seen: what says so is among what is not kept. Null when
 * the bytes are no such picture, or a larger one than a function can read.
 */
export function reencode(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  if (!isReadable(bytes)) return null;
  try {
    // The decoder stumbles over what some cameras write beside the image.
    const image = jpeg.decode(withoutMetadata(bytes), {
      useTArray: true,
      maxResolutionInMP: maximumMegapixels,
      maxMemoryUsageInMB: 200,
    });
    return new Uint8Array(jpeg.encode(upright(image, orientationOf(bytes)), quality).data);
  } catch {
    return null;
  }
}
