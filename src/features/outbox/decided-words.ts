import { readOwnReasons } from '../../domain/theme-rules.ts';
import type { Theme } from '../../domain/theme.ts';
import { formatNumber } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { labelOf, plural } from '../../i18n/phrases.ts';
import { reasonWords } from '../../i18n/words.ts';
import type { Contribution } from '../../state/contributions.svelte.ts';

const DECIDED: Readonly<Record<string, () => string>> = {
  to_complete: m.contributions_to_complete,
  duplicate: m.contributions_duplicate,
  archive: m.contributions_archived,
  destroy: m.contributions_destroyed,
  restore: m.contributions_restored,
};

/** What was decided on a contribution, with the reason where one was given. */
export function decidedWords(item: Contribution, theme: Theme | undefined): string {
  const outcome = outcomeWords(item);
  if (!item.reason || item.decision === 'publish') return outcome;
  return m.contributions_because({ outcome, reason: reasonLabel(item.reason, theme) });
}

function outcomeWords(item: Contribution): string {
  const { kind, decision, outcome, reason } = item;
  if (kind === 'photo') return photoWords(item);
  if (kind === 'edit') return editWords(item);
  if (decision === 'publish') {
    if (reason === 'trust') return m.contributions_trust();
    // Of what was published before: a report that was right, or what a moderator put right.
    if (kind !== 'new') return m.contributions_put_right();
    return outcome === 'corrected' ? m.contributions_corrected() : m.contributions_published();
  }
  if (decision === 'reject') return m.contributions_refused();
  return (DECIDED[decision] ?? m.contributions_read)();
}

function editWords({ decision, outcome, reason }: Contribution): string {
  if (decision === 'reject') return m.contributions_edit_refused();
  if (reason === 'trust') return m.contributions_edit_trust();
  return outcome === 'corrected' ? m.contributions_edit_corrected() : m.contributions_edit_taken();
}

function photoWords({ decision, outcome, reason }: Contribution): string {
  if (isRefused({ decision, outcome })) return m.contributions_photos_refused();
  if (reason === 'trust') return m.contributions_photos_trust();
  return outcome === 'corrected' ? m.contributions_photos_part() : m.contributions_photos_taken();
}

/** Refused: the whole, or one's own photos where those of others were taken. */
function isRefused({ decision, outcome }: Pick<Contribution, 'decision' | 'outcome'>): boolean {
  return decision === 'reject' || outcome === 'refused';
}

/** A reason in words: the theme's own, else that of everywhere. */
function reasonLabel(code: string, theme: Theme | undefined): string {
  const own = readOwnReasons(theme?.settings ?? {}).find((one) => one.code === code);
  return own ? labelOf(own.labels) : reasonWords(code).toLowerCase();
}

/** How much a decision asks of its reader. */
export function decidedTone({ decision, outcome }: Contribution): 'ok' | 'heed' | 'danger' | 'plain' {
  if (isRefused({ decision, outcome })) return 'danger';
  if (decision === 'to_complete' || outcome === 'corrected') return 'heed';
  return decision === 'publish' ? 'ok' : 'plain';
}

/** `Fiche ouverte 12 fois en 2026`; null where nobody opened it. */
export function viewsWords(views: Readonly<Record<string, number>> | null | undefined): string | null {
  const [latest] = byYear(views);
  if (!latest) return null;
  const [year, count] = latest;
  return plural(
    count,
    m.contributions_views_one({ year }),
    m.contributions_views({ year, count: formatNumber(count) }),
  );
}

/** How often the sheets of a person were opened, this year and before; null where it is not known. */
export function allViewsWords(views: Readonly<Record<string, number>> | null): string | null {
  const [latest, ...before] = byYear(views);
  if (!latest) return null;
  const [year, count] = latest;
  const first = plural(
    count,
    m.contributions_views_all_one({ year }),
    m.contributions_views_all({ year, count: formatNumber(count) }),
  );
  if (before.length === 0) return first;
  const years = before.map(([past, times]) =>
    plural(
      times,
      m.contributions_views_before_one({ year: past }),
      m.contributions_views_before({ year: past, count: formatNumber(times) }),
    ),
  );
  return `${first} ${m.contributions_views_others({ years: years.join(', ') })}`;
}

function byYear(views: Readonly<Record<string, number>> | null | undefined): [string, number][] {
  return Object.entries(views ?? {})
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => b.localeCompare(a));
}
