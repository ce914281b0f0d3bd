import type { Describer } from '../../domain/form/describer.ts';
import type { HistoryEvent } from '../../domain/history-event.ts';
import { observedInEvent } from '../../domain/observed.ts';
import type { Point } from '../../domain/point.ts';
import type { Theme } from '../../domain/theme.ts';
import { formatDay } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { reasonWords } from '../../i18n/words.ts';

/** One line of the history, in words. */
export interface HistoryLine {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
}

const ACTIONS: Readonly<Record<string, () => string>> = {
  publish: m.point_event_publish,
  edit: m.point_event_edit,
  archive: m.point_event_archive,
  destroy: m.point_event_destroy,
  restore: m.point_event_restore,
  confirm: m.point_event_confirm,
  load: m.point_event_load,
  merge: m.point_event_merge,
  unmerge: m.point_event_unmerge,
  remap: m.point_event_remap,
};

/** More differences than that in one line are a wall of text. */
const MOST_CHANGES = 2;

/** The history newest first: what changed where it says so, else what was done; when, and by whom. */
export function historyLines(
  events: readonly HistoryEvent[],
  point: Point,
  describer: Describer,
  theme: Theme | undefined,
): HistoryLine[] {
  return events
    .map((event, index) => ({
      key: `${index}-${event.at ?? ''}`,
      title: titleOf(event, point, describer, theme),
      detail: detailOf(event),
    }))
    .reverse();
}

function titleOf(event: HistoryEvent, point: Point, describer: Describer, theme: Theme | undefined): string {
  const action = (ACTIONS[event.action] ?? m.point_event_other)();
  const state = observedInEvent(event.diff, point, theme, describer);
  if (event.action === 'confirm' && state) return m.point_event_confirm_in({ state });
  if (event.action !== 'edit' && event.action !== 'remap') return action;
  const changes = Object.entries(event.diff ?? {}).map(([path, [before = null, after = null]]) => {
    if (path === 'geom') return m.point_event_moved();
    const field = describer.fieldName(point.theme, path);
    const [from, to] = [before, after].map((value) => describer.value(point.theme, path, value));
    if (!to) return m.point_event_cleared({ field });
    return from
      ? m.point_event_change({ field, before: from, after: to })
      : m.point_event_added({ field, after: to });
  });
  if (changes.length === 0 || changes.length > MOST_CHANGES) return action;
  return changes.join(' · ');
}

function detailOf(event: HistoryEvent): string {
  const date = event.at ? formatDay(event.at) : '';
  const isNamed = event.actor && event.actor_kind !== 'moderator';
  const who = isNamed ? m.point_event_by({ date, actor: event.actor ?? '' }) : date;
  return [who, event.reason ? reasonWords(event.reason) : null].filter(Boolean).join(' · ');
}
