import type { Describer, Naming } from '../../domain/form/describer.ts';
import type { HistoryEvent } from '../../domain/history-event.ts';
import { observedInEvent } from '../../domain/observed.ts';
import type { Point } from '../../domain/point.ts';
import { formatDay } from '../../i18n/format.ts';
import { m } from '../../i18n/generated/messages.js';
import { fieldWords, reasonIn } from './words.ts';

/** One line of the history, in words. */
export interface EventLine {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly quote: string | undefined;
}

const ACTIONS: Readonly<Record<string, () => string>> = {
  create: m.moderation_event_create,
  submit: m.moderation_event_submit,
  publish: m.moderation_event_publish,
  reject: m.moderation_event_reject,
  to_complete: m.moderation_event_to_complete,
  duplicate: m.moderation_event_duplicate,
  archive: m.moderation_event_archive,
  destroy: m.moderation_event_destroy,
  restore: m.moderation_event_restore,
  dismiss: m.moderation_event_dismiss,
  confirm: m.moderation_event_confirm,
  withdraw: m.moderation_event_withdraw,
  comment: m.moderation_event_comment,
  merge: m.moderation_event_merge,
  unmerge: m.moderation_event_unmerge,
  remap: m.moderation_event_remap,
  load: m.moderation_event_load,
  report: m.moderation_event_report,
  gone: m.moderation_event_gone,
  photo: m.moderation_event_photo,
  propose: m.moderation_event_propose,
  propose_term: m.moderation_event_propose_term,
};

/** More differences than that in one line are a wall of text. */
const MOST_CHANGES = 2;

/** The history newest first: what was done, what it changed, when, by whom and why. */
export function eventLines(
  events: readonly HistoryEvent[],
  point: Point,
  describer: Describer,
  naming: Naming,
): EventLine[] {
  return events
    .map((event, index) => ({
      key: `${index}-${event.at ?? ''}`,
      title: titleOf(event, point, describer, naming),
      detail: [
        event.at ? formatDay(event.at) : '',
        event.actor ?? '',
        event.reason ? reasonIn(naming.theme(point.theme), event.reason) : '',
      ]
        .filter(Boolean)
        .join(', '),
      quote: event.comment ?? undefined,
    }))
    .toReversed();
}

function titleOf(event: HistoryEvent, point: Point, describer: Describer, naming: Naming): string {
  const action = (ACTIONS[event.action] ?? m.moderation_event_edit)();
  const state = observedInEvent(event.diff, point, naming.theme(point.theme), describer);
  if (event.action === 'confirm' && state) return m.moderation_event_confirm_in({ state });
  if (event.action !== 'edit') return action;
  const changed = Object.entries(event.diff ?? {});
  const fields = changed.map(([path]) => describer.fieldName(point.theme, path));
  if (changed.length === 0) return action;
  if (changed.length > MOST_CHANGES) return m.moderation_event_fields({ fields: fields.join(', ') });
  return changed
    .map(([path, [before = null, after = null]], index) => {
      const say = (value: typeof before) =>
        fieldWords(point.theme, path, value, describer) || m.moderation_nothing();
      return m.moderation_event_change({
        field: fields[index] ?? path,
        before: say(before),
        after: say(after),
      });
    })
    .join(' · ');
}
