import type { Content } from './paths.ts';
import { type Theme, titleField } from './theme.ts';

/** The name that people gave to a thing; null when its theme has no such field, or it is empty. */
export function givenName(content: Pick<Content, 'attributes'>, theme: Theme | undefined): string | null {
  const key = theme ? titleField(theme) : null;
  const name = key === null ? null : content.attributes[key];
  return typeof name === 'string' && name.trim() ? name.trim() : null;
}
