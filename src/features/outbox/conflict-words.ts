import { describeValue } from '../../domain/form/describe.ts';
import { fieldOf } from '../../domain/form/fields.ts';
import type { Json } from '../../domain/json.ts';
import { attributeKey } from '../../domain/paths.ts';
import type { Conflict } from '../../domain/point.ts';
import type { Form } from '../../domain/theme.ts';
import { formatPosition } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { getLocale } from '../../i18n/locale.ts';
import { formatShortDay, labelOf } from '../../i18n/phrases.ts';
import { valueWords } from '../../i18n/words.ts';

interface Terms {
  readonly conceptLabel: (id: string | null) => string | null;
}

/** The question that a field answers, as the form asks it. */
export function conflictFieldName(form: Form | undefined, path: string): string {
  if (path === 'geom') return m.outbox_field_place();
  if (path === 'concept') return m.outbox_field_term();
  if (path === 'sensitivity') return m.outbox_field_sensitivity();
  const key = attributeKey(path) ?? path;
  return labelOf(form && fieldOf(form, key)?.labels) || key;
}

/** An answer in words. */
export function conflictValue(form: Form | undefined, path: string, value: Json, terms: Terms): string {
  if (value === null) return m.outbox_no_answer();
  const label = (id: string) => terms.conceptLabel(id) ?? id;
  if (path === 'concept' && typeof value === 'string') return label(value);
  if (path === 'geom' && typeof value === 'object' && !Array.isArray(value)) {
    return formatPosition(Number(value['lon']), Number(value['lat']));
  }
  const key = attributeKey(path);
  const field = form && key !== null ? fieldOf(form, key) : undefined;
  return describeValue(field, value, getLocale(), valueWords(), label);
}

const KINDS: Record<string, () => string> = {
  self: m.outbox_by_self,
  author: m.outbox_by_author,
  moderator: m.outbox_by_moderator,
  contributor: m.outbox_by_contributor,
};

/** Who gave the other value, and when: `la modération, le 10 mai`. */
export function writerWords({ theirs_by, theirs_at, at }: Conflict, today: Date): string {
  const who = theirs_by?.name ?? KINDS[theirs_by?.kind ?? '']?.() ?? m.outbox_by_someone();
  const when = theirs_at ?? at;
  return when ? m.outbox_by_on_day({ who, day: formatShortDay(when, today) }) : who;
}
