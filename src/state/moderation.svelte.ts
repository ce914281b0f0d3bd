import type { Api } from '../api/client.ts';
import { fetchQueue, type QueueItem } from '../api/moderation.ts';
import type { Cache } from '../db/cache.ts';
import { outboxOf } from '../db/outbox.ts';
import type { Precious } from '../db/precious.ts';
import { makeMutation } from '../domain/commands/make.ts';
import type { RandomBytes } from '../domain/id.ts';
import type { DecideMutation } from '../domain/mutation.ts';
import type { Point } from '../domain/point.ts';
import { type Problem, ProblemError, problemOf } from '../domain/problems.ts';
import { enqueueMutation } from '../sync/enqueue.ts';
import { discardMutation, undoMutation } from '../sync/outbox-actions.ts';
import { live, type Live } from './live.svelte.ts';

export type { QueueItem } from '../api/moderation.ts';

/** A decision that this device took and the server has not acknowledged. */
export interface WaitingDecision {
  readonly mutation: DecideMutation;
  /** Stable code of the refusal; null while it waits or travels. */
  readonly refusedAs: string | null;
}

export interface ModerationDeps {
  readonly api: Api;
  readonly precious: Precious;
  /** The signed-in user's copy. Read reactively. */
  readonly cache: () => Cache;
  readonly userId: () => string | null;
  readonly now: () => Date;
  readonly random: RandomBytes;
  /** Asks for a sync round: the device's copy follows the queue. */
  readonly wake: () => void;
}

/** `device`: the server is out of reach, the queue is what this device took along. */
export type QueuePhase = 'loading' | 'ready' | 'device' | 'failed';

/** Items asked at once; the rest is counted and comes as the first are decided. */
const PAGE = 100;

/** What one item is called in this session: a point may wait twice, for itself and for an edit. */
export function itemKey(item: Pick<QueueItem, 'point_id' | 'revision_id' | 'kind'>): string {
  return [item.point_id, item.revision_id ?? item.kind].join(' ');
}

/** What waits for a decision, oldest first, without what was just decided here. */
export class Moderation {
  #deps: ModerationDeps;
  #served = $state.raw<readonly QueueItem[]>([]);
  #total = $state(0);
  #theme = $state<string | null>(null);
  #isLoading = $state(false);
  #problem = $state.raw<Problem | null>(null);
  #decided = $state.raw<readonly { key: string; mutationId: string }[]>([]);
  #kept: Live<readonly Point[]>;
  #decisions: Live<readonly WaitingDecision[]>;
  #running: AbortController | null = null;

  /** Decisions that the server refused, with their code: the item is shown again. */
  readonly refused: readonly WaitingDecision[] = $derived.by(() =>
    this.#decisions.current.filter((one) => one.refusedAs !== null),
  );

  readonly phase: QueuePhase = $derived.by(() => {
    if (this.#isLoading && this.#served.length === 0) return 'loading';
    if (!this.#problem) return 'ready';
    return this.#kept.current.length > 0 || this.#served.length > 0 ? 'device' : 'failed';
  });

  readonly items: readonly QueueItem[] = $derived.by(() => {
    const refusedPoints = this.refused.map((one) => one.mutation.point_id);
    const hidden = new Set(
      [
        ...this.#decisions.current.filter((one) => one.refusedAs === null).map((one) => keyOf(one.mutation)),
        ...this.#decided.map((one) => one.key),
      ].filter((key) => !refusedPoints.some((id) => key.startsWith(id))),
    );
    const all = this.#problem && this.#served.length === 0 ? this.#fromDevice() : this.#served;
    return all.filter((item) => !hidden.has(itemKey(item)) && !hidden.has(item.point_id));
  });

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: ModerationDeps) {
    this.#deps = deps;
    this.#kept = live(async () => {
      const rows = await deps.cache().points.where('held').equals('m:me').toArray();
      return rows.map((row) => row.point);
    }, []);
    this.#decisions = live(async () => {
      const userId = deps.userId();
      return userId === null ? [] : decisionsOf(deps.precious, userId);
    }, []);
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Theme that the queue is narrowed to; null for all. */
  get theme(): string | null {
    return this.#theme;
  }

  /** How many wait, those not yet fetched included. */
  get total(): number {
    return Math.max(this.items.length, this.#total - (this.#served.length - this.items.length));
  }

  /** Whether the last decision can still be taken back: it has not left this device. */
  get canUndo(): boolean {
    const last = this.#decided.at(-1);
    return last !== undefined && this.#isWaiting(last.mutationId);
  }

  async narrowTo(theme: string | null): Promise<void> {
    this.#theme = theme;
    this.#served = [];
    await this.refresh();
  }

  /** Asks the server what waits. Without network the device's own copy stays. */
  async refresh(): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#isLoading = true;
    const arrived = this.#decided.filter((one) => !this.#isWaiting(one.mutationId));
    try {
      const query = { limit: PAGE, ...(this.#theme === null ? {} : { theme: this.#theme }) };
      const { items, total } = await fetchQueue(this.#deps.api, query, running);
      if (running.signal.aborted) return;
      this.#served = items;
      this.#total = total;
      this.#problem = null;
      // The answer knows of what had arrived when it was asked, a point sent again included.
      this.#decided = this.#decided.filter((one) => !arrived.includes(one));
      this.#deps.wake();
    } catch (cause) {
      if (!running.signal.aborted) this.#problem = problemOf(cause);
    } finally {
      if (this.#running === running) this.#isLoading = false;
    }
  }

  /** Takes a decision. It leaves in eight seconds, which is the time to take it back. */
  async decide(item: QueueItem, point: Point, choice: Choice): Promise<void> {
    const { precious, userId, now, random } = this.#deps;
    const user = userId();
    if (user === null) throw new ProblemError('auth_required');
    for (const stale of this.refused.filter((one) => one.mutation.point_id === item.point_id)) {
      await discardMutation(precious, stale.mutation.mutation_id);
    }
    const revision = item.revision_id == null ? {} : { revision_id: item.revision_id };
    const mutation = makeMutation(
      {
        kind: 'decide',
        point_id: item.point_id,
        theme: item.theme,
        seen_rev: point.rev,
        ...revision,
        ...choice,
      },
      now(),
      random,
    );
    await enqueueMutation(precious, mutation, { userId: user, now: now() });
    this.#decided = [...this.#decided, { key: itemKey(item), mutationId: mutation.mutation_id }];
  }

  /** Takes the last decision back; false when it has already left. */
  async undo(): Promise<boolean> {
    const last = this.#decided.at(-1);
    if (!last) return false;
    const isUndone = (await undoMutation(this.#deps.precious, last.mutationId)) !== null;
    // One that has left stays decided; nothing before it can be taken back either.
    this.#decided = isUndone ? this.#decided.slice(0, -1) : [];
    if (!isUndone) await this.refresh();
    return isUndone;
  }

  #isWaiting(mutationId: string): boolean {
    return this.#decisions.current.some((one) => one.mutation.mutation_id === mutationId);
  }

  /** The queue as this device keeps it: without the counts that only the server knows. */
  #fromDevice(): QueueItem[] {
    const theme = this.#theme;
    return this.#kept.current
      .filter((point) => theme === null || point.theme === theme)
      .flatMap((point) => itemsOf(point))
      .toSorted((a, b) => a.waiting_since.localeCompare(b.waiting_since));
  }
}

/** What a moderator chooses. */
export type Choice = Pick<
  DecideMutation,
  'decision' | 'reason' | 'comment' | 'fields' | 'photos' | 'duplicate_of'
>;

async function decisionsOf(precious: Precious, userId: string): Promise<WaitingDecision[]> {
  return (await outboxOf(precious, userId)).flatMap(({ mutation, state, last_problem }) =>
    mutation.kind === 'decide'
      ? [{ mutation, refusedAs: state === 'refused' ? (last_problem?.code ?? 'unknown') : null }]
      : [],
  );
}

function keyOf(mutation: DecideMutation): string {
  return mutation.revision_id === undefined
    ? mutation.point_id
    : itemKey({ point_id: mutation.point_id, revision_id: mutation.revision_id, kind: 'edit' });
}

function itemsOf(point: Point): QueueItem[] {
  const since = point.received_at ?? point.updated_at ?? '';
  const common = {
    point_id: point.id,
    theme: point.theme,
    concept: point.concept,
    commune: point.commune,
    title: null,
    commune_name: null,
    author: point.author,
    expected_photos: point.expected_photos,
    stored_photos: point.photos.length,
    candidates: 0,
    mine: point.mine,
    lease: null,
  };
  const edits = point.pending
    .filter((revision) => revision.state === 'pending')
    .map((revision) => ({
      ...common,
      kind: 'edit' as const,
      revision_id: revision.revision_id,
      waiting_since: revision.at ?? since,
    }));
  const others = (['new', 'photo', 'gone', 'report'] as const)
    .filter((kind) => point.waiting?.includes(kind))
    .map((kind) => ({ ...common, kind, waiting_since: since }));
  return [...others, ...edits];
}
