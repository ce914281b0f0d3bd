/**
 * Format of a picture by its first bytes: names and declared types lie. Null: not a picture that
 * a camera or a gallery would give.
 */
export function imageFormat(bytes: Uint8Array): string | null {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  if (text(0, 4) === 'GIF8') return 'image/gif';
  if (text(0, 2) === 'BM') return 'image/bmp';
  if (text(0, 4) === 'II*\0' || text(0, 4) === 'MM\0*') return 'image/tiff';
  if (text(4, 8) === 'ftyp') return isoFormat(text(8, 12));
  return null;
}

/** Brands of ISO/IEC 23008-12 (HEIF) and of AVIF. */
function isoFormat(brand: string): string | null {
  if (brand === 'avif' || brand === 'avis') return 'image/avif';
  if (['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1'].includes(brand)) return 'image/heic';
  return null;
}
