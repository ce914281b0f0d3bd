/** What somebody without account says of a point, as the function reads it. */
export interface Report {
  id: string | null;
  point_id: string;
  kind: string;
  text: string | null;
  email: string | null;
  /** Language of the answer: the one of the page. */
  lang: 'fr' | 'en';
  /** Bytes of a JPEG; null without picture. */
  photo: Uint8Array<ArrayBuffer> | null;
  /** The field that people do not see filled in: a program wrote this. */
  isTrap: boolean;
}

/** Bytes of a picture at most. */
const maximumPhotoBytes = 3 * 1024 * 1024;

/** Characters of a text at most; the database says so too. */
const maximumText = 2000;

/** Reads the body, or returns the name of the first field that is wrong; `too_large` says that a part is too long. */
export function readReport(value: unknown): Report | string {
  if (typeof value !== 'object' || value === null) return 'body';
  const body = value as Record<string, unknown>;
  const { point_id, kind } = body;
  if (typeof point_id !== 'string') return 'point_id';
  if (typeof kind !== 'string') return 'kind';
  const [id, text, email, photo] = ['id', 'text', 'email', 'photo'].map((key) => body[key] ?? null);
  if (!isText(id)) return 'id';
  if (!isText(text)) return 'text';
  if (!isText(email)) return 'email';
  if (!isText(photo)) return 'photo';
  if ((text?.length ?? 0) > maximumText) return 'too_large';
  const bytes = photo === null ? null : fromBase64(photo);
  if (photo !== null && bytes === null) return 'photo';
  if ((bytes?.byteLength ?? 0) > maximumPhotoBytes) return 'too_large';
  const trap = body['website'] ?? '';
  const lang = body['lang'] ?? 'fr';
  if (lang !== 'fr' && lang !== 'en') return 'lang';
  return { id, point_id, kind, text, email, lang, photo: bytes, isTrap: trap !== '' };
}

/** Absent, or a text that PostgreSQL stores. */
function isText(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && !/\0|\p{Surrogate}/u.test(value));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text.replace(/^data:image\/jpeg;base64,/, '')), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
