import type { Precious } from './precious.ts';

/** A report as it is being written, kept until it has arrived. */
export interface ReportDraft {
  /** Made once, so that a retry is the same report. */
  readonly id: string;
  readonly kind: string | null;
  readonly text: string;
  /** Small JPEG, or null without picture. */
  readonly photo: ArrayBuffer | null;
  readonly saved_at: string;
}

const PREFIX = 'report:';
/** Whoever left a report unsent that long does not come back to it. */
const KEPT_DAYS = 30;

/** The report that was begun about a point, or null. Older ones are forgotten on the way. */
export async function reportDraft(store: Precious, pointId: string, now: Date): Promise<ReportDraft | null> {
  const oldest = new Date(now.getTime() - KEPT_DAYS * 86_400_000).toISOString();
  await store.meta
    .where('key')
    .startsWith(PREFIX)
    .filter(({ value }) => (value as ReportDraft).saved_at < oldest)
    .delete();
  return ((await store.meta.get(PREFIX + pointId))?.value as ReportDraft | undefined) ?? null;
}

/** Keeps it as it is. */
export async function keepReportDraft(store: Precious, pointId: string, draft: ReportDraft): Promise<void> {
  await store.meta.put({ key: PREFIX + pointId, value: draft });
}

/** Forgets it, once it has arrived or was given up. */
export async function forgetReportDraft(store: Precious, pointId: string): Promise<void> {
  await store.meta.delete(PREFIX + pointId);
}
