import { LIMITS } from '../domain/limits.ts';
import { problem, ProblemError } from '../domain/problems.ts';
import { type PhotoOrigin, readOrigin } from './exif.ts';
import { imageFormat } from './image-format.ts';
import { fitInside, type ImageSize, jpegSize } from './image-size.ts';
import { sha256Hex } from './sha256.ts';

/** A photo ready to be kept: ArrayBuffers, never Blobs, which Safari loses. */
export interface PreparedPhoto extends PhotoOrigin {
  readonly bytes: ArrayBuffer;
  readonly mime: string;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** JPEG of at most 320 px; null when this browser cannot decode the photo. */
  readonly thumb: ArrayBuffer | null;
  /** False: the original bytes, kept because this browser cannot decode them. */
  readonly isDecoded: boolean;
}

/**
 * Turns whatever the camera gave into a JPEG of at most 2 000 px without metadata, its hash and its
 * thumbnail. Throws `too_large` (over 64 MB) or `not_an_image`. A photo that cannot be decoded is
 * kept as it came, and flagged: it may be the only one ever taken. So is one that must not be decoded.
 * Over 20 MB such a one is `too_large`.
 */
export async function preparePhoto(file: Blob, { asItCame = false } = {}): Promise<PreparedPhoto> {
  if (file.size > LIMITS.photoInputBytes) throw new ProblemError(problem('too_large', `${file.size}`));
  const original = await file.arrayBuffer();
  const mime = imageFormat(new Uint8Array(original));
  if (!mime) throw new ProblemError(problem('not_an_image', file.type));
  const origin = await readOrigin(original);
  try {
    if (asItCame) throw new Error('not to be decoded');
    return { ...(await reencode(original, mime)), ...origin, isDecoded: true };
  } catch (cause) {
    if (file.size > LIMITS.photoKeptBytes) {
      throw new ProblemError(problem('too_large', `${file.size} ${String(cause)}`));
    }
    const sha256 = await sha256Hex(original);
    const size = jpegSize(new Uint8Array(original)) ?? { width: 1, height: 1 };
    return { bytes: original, mime, sha256, ...size, thumb: null, ...origin, isDecoded: false };
  }
}

async function reencode(original: ArrayBuffer, mime: string) {
  const bitmap = await decode(original, mime);
  try {
    const size = fitInside(bitmap, LIMITS.photoSidePixels);
    const bytes = await drawJpeg(bitmap, size);
    const thumb = await drawJpeg(bitmap, fitInside(bitmap, LIMITS.thumbSidePixels));
    return { bytes, thumb, mime: 'image/jpeg', sha256: await sha256Hex(bytes), ...size };
  } finally {
    bitmap.close();
  }
}

/**
 * Decodes upright. One side is capped while decoding, so that a 60-megapixel photo never sits whole
 * in memory; only one, so that the shape is kept whichever way the camera was held.
 */
function decode(original: ArrayBuffer, mime: string): Promise<ImageBitmap> {
  const blob = new Blob([original], { type: mime });
  const size = mime === 'image/jpeg' ? jpegSize(new Uint8Array(original)) : null;
  const isLarge = size !== null && Math.min(size.width, size.height) > LIMITS.photoSidePixels;
  return createImageBitmap(blob, {
    imageOrientation: 'from-image',
    ...(isLarge ? { resizeWidth: LIMITS.photoSidePixels, resizeQuality: 'high' } : {}),
  });
}

async function drawJpeg(bitmap: ImageBitmap, { width, height }: ImageSize): Promise<ArrayBuffer> {
  const options = { type: 'image/jpeg', quality: LIMITS.photoQuality };
  if (typeof OffscreenCanvas !== 'undefined') {
    const canvas = new OffscreenCanvas(width, height);
    paint(canvas.getContext('2d'), bitmap, width, height);
    return (await canvas.convertToBlob(options)).arrayBuffer();
  }
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  paint(canvas.getContext('2d'), bitmap, width, height);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, options.type, options.quality),
  );
  if (!blob) throw new Error('canvas gave no image');
  return blob.arrayBuffer();
}

function paint(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null,
  bitmap: ImageBitmap,
  width: number,
  height: number,
): void {
  if (!context) throw new Error('no canvas context');
  // JPEG has no transparency: what was transparent becomes white, not black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
}
