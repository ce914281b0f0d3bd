import { outboxOf } from '../../db/outbox.ts';
import type { OutboxRow } from '../../db/rows.ts';
import { type Draft, makeMutation } from '../../domain/commands/make.ts';
import type { Decision } from '../../domain/decision.ts';
import type { DecideMutation, Mutation } from '../../domain/mutation.ts';
import { ProblemError } from '../../domain/problems.ts';
import { isAnsweredBy, itemKey, type ItemRef, type QueueItem } from '../../domain/queue-item.ts';
import { enqueueMutation } from '../../sync/enqueue.ts';
import { discardMutation, undoMutation } from '../../sync/outbox-actions.ts';
import { live, type Live } from '../live.svelte.ts';
import { type Act, answersReport, isReversible, type OfLot, standing } from './acts.ts';
import type { DeskDeps } from './deps.ts';
import { seenOf } from './seen.ts';

type Photos = 'photos' | 'photos_seen';
type Merging = 'duplicate_of' | 'seen_other_rev' | 'keep';
/** What a moderator chooses. */
export type Choice = Pick<
  DecideMutation,
  'decision' | 'reason' | 'comment' | 'fields' | Photos | Merging | 'correction'
>;

/** A decision that the server did not take: somebody has to look again. */
export interface Returned {
  readonly mutation: DecideMutation;
  /** Stable code of the refusal. */
  readonly code: string;
}

/** What was taken along: an item that is decided on is not taken along any more. */
export interface Shelved {
  release(keys: readonly string[]): Promise<void>;
  giveBack(key: string): Promise<void>;
}

/** What taking the last decision back came to. */
export type Undone = 'undone' | 'reversed' | 'too_late';

/** What this moderator decided: it waits eight seconds on the device, which is the time to take it back. */
export class Decisions {
  #deps: DeskDeps;
  #shelved: Shelved;
  #rows: Live<readonly OutboxRow[]>;
  #acts = $state.raw<readonly Act[]>([]);
  /** Keys decided here that the served queue may still list. */
  #settled = $state.raw<readonly { readonly key: string; readonly mutationId: string }[]>([]);

  readonly #unsent: readonly DecideMutation[] = $derived.by(() =>
    this.#rows.current.flatMap(({ mutation, state }) =>
      mutation.kind === 'decide' && state === 'queued' ? [mutation] : [],
    ),
  );

  /** Decisions that came back, oldest first. */
  readonly returned: readonly Returned[] = $derived.by(() =>
    this.#rows.current.flatMap(({ mutation, state, last_problem }) =>
      mutation.kind === 'decide' && state === 'refused'
        ? [{ mutation, code: last_problem?.code ?? 'unknown' }]
        : [],
    ),
  );

  /** Decisions on their way. */
  readonly waitingCount: number = $derived.by(() => this.#unsent.length);

  /** What the last decision was taken on; a decision that came back is none. */
  readonly last: Act['taken'] = $derived.by(() => {
    const came = this.returned.map(({ mutation }) => mutation.mutation_id);
    return standing(this.#acts, came).at(-1)?.taken ?? [];
  });

  /** How the last decision can be taken back: it has not left, or there is a decision that reverses it. */
  readonly undoable: 'held' | 'reversible' | null = $derived.by(() => {
    if (this.last.length === 0) return null;
    if (this.last.some(({ mutation }) => this.#isWaiting(mutation.mutation_id))) return 'held';
    return this.last.every(isReversible) ? 'reversible' : null;
  });

  /** Call it where effects live: in a component or an effect root. */
  constructor(deps: DeskDeps, shelved: Shelved) {
    this.#deps = deps;
    this.#shelved = shelved;
    this.#rows = live(async () => {
      const userId = deps.userId();
      if (userId === null) return [];
      const rows = await outboxOf(deps.precious, userId);
      return rows.filter(({ kind }) => kind === 'decide' || kind === 'comment');
    }, []);
  }

  /** Whether an item has been decided here: it waits no more for this person. */
  isDecided(item: QueueItem): boolean {
    if (this.returnedOn(item)) return false;
    const key = itemKey(item);
    return (
      this.#settled.some((one) => one.key === key) || this.#unsent.some((one) => isAnsweredBy(item, one))
    );
  }

  /** The decision on an item that came back. */
  returnedOn(item: ItemRef): Returned | undefined {
    return this.returned.find(
      ({ mutation }) =>
        mutation.point_id === item.point_id &&
        (mutation.revision_id ?? null) === (item.revision_id ?? null) &&
        (mutation.report_id ?? item.report_id ?? null) === (item.report_id ?? null),
    );
  }

  /** What this person wrote on a point that has not arrived. */
  unsentComments(pointId: string): string[] {
    return this.#rows.current.flatMap(({ mutation, point_id }) =>
      mutation.kind === 'comment' && point_id === pointId ? [mutation.text] : [],
    );
  }

  /** Takes a decision on an item that was seen as `rev`. */
  async decide(item: QueueItem, rev: number, choice: Choice): Promise<void> {
    const decide: Draft<DecideMutation> = {
      kind: 'decide',
      point_id: item.point_id,
      theme: item.theme,
      ...seenOf(item.point_id, rev, await this.#kept(), this.#acts),
      ...(item.revision_id != null && { revision_id: item.revision_id }),
      ...(item.report_id != null && answersReport(choice) && { report_id: item.report_id }),
      ...choice,
    };
    for (const stale of this.returned.filter(({ mutation }) => mutation.point_id === item.point_id)) {
      await this.discard(stale.mutation.mutation_id);
    }
    this.#note(choice.decision, [{ item, mutation: await this.#enqueue(decide) }]);
  }

  /** Takes one decision on many points, each seen as its `rev`, under one id. */
  async decideTogether(
    items: readonly OfLot[],
    choice: Pick<Choice, 'decision' | 'reason' | 'comment'>,
  ): Promise<void> {
    const bulk = crypto.randomUUID();
    const taken = [];
    for (const { item, rev, photos } of items) {
      const { point_id, theme } = item;
      const seen = { seen_rev: rev, ...(photos && { photos_seen: photos }) };
      const decide = { kind: 'decide', point_id, theme, ...seen, bulk, ...choice } as const;
      taken.push({ item, mutation: await this.#enqueue<DecideMutation>(decide) });
    }
    if (taken.length > 0) this.#note(choice.decision, taken);
  }

  /** Takes the last decision back, or reverses it when it has arrived. Too late, it stays the last. */
  async undo(): Promise<Undone> {
    const refused = (await this.#kept()).filter(({ state }) => state === 'refused');
    this.#acts = standing(
      this.#acts,
      refused.map(({ mutation_id }) => mutation_id),
    );
    const act = this.#acts.at(-1);
    if (!act) return 'too_late';
    let undone: Undone = 'too_late';
    for (const one of act.taken) {
      const key = itemKey(one.item);
      const isBack = (await undoMutation(this.#deps.precious, one.mutation.mutation_id)) !== null;
      if (isBack) await this.#shelved.giveBack(key);
      else if (!(await this.#reverse(one))) continue;
      if (undone !== 'reversed') undone = isBack ? 'undone' : 'reversed';
      this.#settled = this.#settled.filter((settled) => settled.key !== key);
    }
    if (undone !== 'too_late') this.#acts = this.#acts.filter((one) => one !== act);
    return undone;
  }

  /** Writes to the author and to the other moderators. */
  async comment(pointId: string, theme: string, text: string): Promise<void> {
    if (text.trim() === '') return;
    await this.#enqueue({ kind: 'comment', point_id: pointId, theme, text: text.trim() });
  }

  /** Gives up a decision that came back. */
  async discard(mutationId: string): Promise<void> {
    await discardMutation(this.#deps.precious, mutationId);
    this.#acts = standing(this.#acts, [mutationId]);
  }

  /** What had arrived by now: an answer of the queue asked from here on knows of it. */
  arrived(): readonly string[] {
    return this.#settled
      .filter(({ mutationId }) => !this.#isWaiting(mutationId))
      .map((one) => one.mutationId);
  }

  /** Somebody else is at the desk. */
  clear(): void {
    this.#acts = [];
    this.#settled = [];
  }

  /** Those need not be hidden any more: the queue was told without them. */
  forget(mutationIds: readonly string[]): void {
    this.#settled = this.#settled.filter(({ mutationId }) => !mutationIds.includes(mutationId));
  }

  #note(decision: Decision, taken: Act['taken']): void {
    this.#acts = [...this.#acts, { decision, taken }];
    const settled = taken.map(({ item, mutation }) => ({
      key: itemKey(item),
      mutationId: mutation.mutation_id,
    }));
    this.#settled = [...this.#settled, ...settled];
    void this.#shelved.release(settled.map(({ key }) => key));
  }

  /** The outbox of this person as the device holds it now. */
  async #kept(): Promise<OutboxRow[]> {
    const user = this.#deps.userId();
    return user === null ? [] : outboxOf(this.#deps.precious, user);
  }

  async #reverse(one: Act['taken'][number]): Promise<boolean> {
    if (!isReversible(one)) return false;
    const { point_id, theme, mutation_id } = one.mutation;
    const restore = {
      kind: 'decide',
      point_id,
      theme,
      seen_after: mutation_id,
      decision: 'restore',
    } as const;
    await this.#enqueue(restore);
    return true;
  }

  async #enqueue<M extends Mutation>(draft: Draft<M>): Promise<M> {
    const { precious, userId, now, random } = this.#deps;
    const user = userId();
    if (user === null) throw new ProblemError('auth_required');
    const mutation = makeMutation(draft as Draft, now(), random) as M;
    await enqueueMutation(precious, mutation, { userId: user, now: now() });
    return mutation;
  }

  #isWaiting(mutationId: string): boolean {
    return this.#unsent.some((one) => one.mutation_id === mutationId);
  }
}
