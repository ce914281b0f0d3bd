import { m } from './generated/messages.js';
import { plural } from './phrases.ts';

/** What the pill tells, of the outbox and of the network. */
export interface OutboxSummary {
  readonly waitingCount: number;
  readonly heedCount: number;
  readonly isOnline: boolean;
  readonly isSending: boolean;
}

/** What the component `ui/Pill.svelte` takes. */
export interface PillWords {
  readonly title: string;
  readonly detail: string;
  readonly label: string;
  readonly state: 'waiting' | 'sending' | 'done' | 'heed';
  readonly count: number;
}

/** Two short lines for the status pill: "Hors ligne / 3 en attente". */
export function outboxPill({ waitingCount, heedCount, isOnline, isSending }: OutboxSummary): PillWords {
  const waiting = plural(
    waitingCount,
    m.outbox_pill_waiting_one(),
    m.outbox_pill_waiting({ count: waitingCount }),
  );
  const heed = plural(heedCount, m.outbox_pill_heed_one(), m.outbox_pill_heed({ count: heedCount }));
  const network = isOnline ? m.outbox_pill_online() : m.outbox_pill_offline();
  if (isOnline && isSending && waitingCount > 0) {
    return pill('sending', m.outbox_pill_sending(), waiting, waitingCount);
  }
  if (heedCount > 0) return pill('heed', network, heed, heedCount);
  if (waitingCount > 0) return pill('waiting', network, waiting, waitingCount);
  return pill('done', network, m.outbox_pill_nothing(), 0);
}

function pill(state: PillWords['state'], title: string, detail: string, count: number): PillWords {
  return { state, title, detail, count, label: m.outbox_pill_label({ title, detail }) };
}
