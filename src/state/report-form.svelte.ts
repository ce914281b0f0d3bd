import type { Api } from '../api/client.ts';
import { sendReport } from '../api/report.ts';
import type { Precious } from '../db/precious.ts';
import { forgetReportDraft, keepReportDraft, reportDraft } from '../db/report-drafts.ts';
import type { Draft } from '../domain/commands/make.ts';
import { ProblemError } from '../domain/problems.ts';
import type { Point } from '../domain/point.ts';
import { REPORT_KINDS, type ReportKind } from '../domain/report.ts';
import { dataUrl } from './data-url.ts';
import type { InterfaceLanguage } from './preferences.svelte.ts';

interface Deps {
  readonly api: Api;
  readonly precious: Precious;
  /** Whether what this person says leaves in their name, from the outbox. */
  readonly isSigned: () => boolean;
  readonly enqueue: (draft: Draft) => Promise<unknown>;
  /** Makes a photo upright and small. Throws `not_an_image`, `photo_unreadable`, `too_large`. */
  readonly shrink: (file: File) => Promise<ArrayBuffer>;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly language: () => InterfaceLanguage;
}

/** What is typed is kept this long after the last key. */
const STILL_MS = 300;

/** A report being written about one point: kept on the device until it has arrived. */
export class ReportForm {
  #deps: Deps;
  #pointId = $state.raw<string | null>(null);
  #id = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  kind = $state<ReportKind | null>(null);
  text = $state('');
  email = $state('');
  #photo = $state.raw<ArrayBuffer | null>(null);
  #isResumed = $state(false);

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get isSigned(): boolean {
    return this.#deps.isSigned();
  }

  get photo(): ArrayBuffer | null {
    return this.#photo;
  }

  /** Whether it was begun another time. */
  get isResumed(): boolean {
    return this.#isResumed;
  }

  /** Begins a report about a point, or takes up the one that was begun. */
  async open(pointId: string): Promise<void> {
    if (this.#pointId === pointId) return;
    this.#pointId = pointId;
    this.#fill(null);
    const { precious, now } = this.#deps;
    // A device that stores nothing sends a report all the same.
    const kept = await reportDraft(precious, pointId, now()).catch(() => null);
    if (this.#pointId === pointId && kept) this.#fill(kept);
  }

  /** Takes a photo in. Throws ProblemError. */
  async attach(file: File): Promise<void> {
    this.#photo = await this.#deps.shrink(file);
    await this.keep();
  }

  detach(): void {
    this.#photo = null;
    this.keepSoon();
  }

  /** Keeps what is typed, once the hands rest. */
  keepSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), STILL_MS);
  }

  /** Keeps what is written, now. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    const { precious, now } = this.#deps;
    const pointId = this.#pointId;
    if (pointId === null) return;
    const { kind, text } = this;
    // Not the address: the next person on this device has no business with it.
    const draft = { id: this.#id, kind, text, photo: this.#photo, saved_at: now().toISOString() };
    const isEmpty = kind === null && !text && !this.#photo;
    const work = isEmpty ? forgetReportDraft(precious, pointId) : keepReportDraft(precious, pointId, draft);
    await work.catch(() => undefined);
  }

  /**
   * Sends it: in the person's name from the outbox, else at once in nobody's. Throws ProblemError; what was written is
   * kept then. `website` is the field that people do not see.
   */
  async send(point: Point, website: string): Promise<void> {
    await this.keep();
    if (this.isSigned) await this.#sign(point);
    else await this.#tell(point.id, website);
    clearTimeout(this.#timer);
    const pointId = this.#pointId;
    this.#pointId = null;
    this.#fill(null);
    if (pointId !== null) await forgetReportDraft(this.#deps.precious, pointId).catch(() => undefined);
  }

  async #sign({ id, theme }: Point): Promise<void> {
    const { enqueue, now } = this.#deps;
    const text = this.text.trim();
    if (this.kind === 'gone') {
      const observed_at = now().toISOString();
      await enqueue({ kind: 'confirm', point_id: id, theme, observed_at, found: false });
      if (text) await enqueue({ kind: 'comment', point_id: id, theme, text });
    } else {
      await enqueue({ kind: 'comment', point_id: id, theme, text, about: this.kind ?? 'other' });
    }
  }

  async #tell(point_id: string, website: string): Promise<void> {
    const [text, email] = [this.text.trim(), this.email.trim()];
    if (!navigator.onLine) throw new ProblemError('offline');
    await sendReport(this.#deps.api, {
      id: this.#id,
      point_id,
      kind: this.kind ?? 'other',
      lang: this.#deps.language(),
      ...(text && { text }),
      ...(email && { email }),
      ...(this.#photo && { photo: await dataUrl(this.#photo) }),
      ...(website && { website }),
    });
  }

  #fill(kept: Awaited<ReturnType<typeof reportDraft>>): void {
    this.#id = kept?.id ?? this.#deps.newId();
    this.kind = REPORT_KINDS.find((one) => one === kept?.kind) ?? null;
    this.text = kept?.text ?? '';
    this.email = '';
    this.#photo = kept?.photo ?? null;
    this.#isResumed = kept !== null;
  }
}
