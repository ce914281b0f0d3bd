import { EPOCH_CHANGED, type PushResult } from '../../src/api/push.ts';
import type { JsonRecord } from '../../src/domain/json.ts';
import { mergePatch } from '../../src/domain/merge.ts';
import type { CreateMutation, DecideMutation, EditMutation, Mutation } from '../../src/domain/mutation.ts';
import { type Path, readPath, writePatch } from '../../src/domain/paths.ts';
import { transition } from '../../src/domain/states.ts';
import { rowFor } from './server-read.ts';
import { type Server, Transaction } from './server.ts';
import { BLANK_ROW, isSet, type Receipt, type StoredPoint, type User, type Write } from './state.ts';

export interface PushRequest {
  readonly user: User;
  readonly device: number;
  readonly texts: readonly string[];
  /** Life of the server that it is meant for; any, when null. */
  readonly epoch?: string | null;
}

/** What one mutation does: its result, or a refusal. */
type Outcome = Pick<PushResult, 'status'> & { readonly code?: string; readonly rev?: number };

const NOT_STORED = ['unknown_point'];

/** Opens a transaction and applies mutations in it. Nothing shows before the caller commits. */
export function beginPush(server: Server, request: PushRequest): { tx: Transaction; results: PushResult[] } {
  const mutations = request.texts.map((text) => ({ text, mutation: JSON.parse(text) as Mutation }));
  const held = [...server.open];
  const tx = new Transaction(server);
  if (request.epoch != null && request.epoch !== String(server.epoch)) {
    const results = mutations.map(({ mutation: { mutation_id } }): PushResult => {
      return { mutation_id, status: 'retry', code: EPOCH_CHANGED };
    });
    return { tx, results };
  }
  const halted = new Set<string>();
  const results = mutations.map(({ text, mutation }): PushResult => {
    const { mutation_id, point_id } = mutation;
    const isBusy = held.some((other) => other.holds(point_id));
    const outcome = isBusy
      ? ({ status: 'retry', code: 'busy' } as const)
      : pushOne(server, tx, request, mutation, text, halted);
    if (outcome.status === 'rejected' || outcome.status === 'retry') halted.add(point_id);
    const point = tx.point(point_id);
    const isTold =
      outcome.status !== 'retry' && (outcome.status !== 'rejected' || outcome.code === 'stale_review');
    return { mutation_id, ...outcome, point: isTold && point ? rowFor(server, point, request.user) : null };
  });
  return { tx, results };
}

function pushOne(
  server: Server,
  tx: Transaction,
  { user, device }: PushRequest,
  mutation: Mutation,
  text: string,
  halted: ReadonlySet<string>,
): Outcome {
  const known = server.mutant === 'no_receipts' ? undefined : tx.receipt(mutation.mutation_id);
  if (known) return replayed(known, user, text);
  if (halted.has(mutation.point_id)) return { status: 'retry', code: 'blocked' };
  const outcome = new Doing(server, tx, user, device, mutation).run();
  const { status, code = null, rev = null } = outcome;
  if (status !== 'retry' && !NOT_STORED.includes(code ?? '')) {
    tx.keepReceipt(mutation.mutation_id, { user, text, status, code, rev });
  }
  return outcome;
}

function replayed(receipt: Receipt, user: User, text: string): Outcome {
  if (receipt.user !== user || receipt.text !== text) return { status: 'rejected', code: 'payload_mismatch' };
  const { status, code, rev } = receipt;
  return { status, ...(code === null ? {} : { code }), ...(rev === null ? {} : { rev }) };
}

const refused = (code: string): Outcome => ({ status: 'rejected', code });

/** One mutation of one person at work on one point. */
class Doing {
  readonly #server: Server;
  readonly #tx: Transaction;
  readonly #user: User;
  readonly #lane: string;
  readonly #mutation: Mutation;

  constructor(server: Server, tx: Transaction, user: User, device: number, mutation: Mutation) {
    this.#server = server;
    this.#tx = tx;
    this.#user = user;
    this.#lane = `${device}|${mutation.point_id}`;
    this.#mutation = mutation;
  }

  run(): Outcome {
    const mutation = this.#mutation;
    const was = this.#tx.point(mutation.point_id);
    if (mutation.kind === 'create') return this.#create(mutation, was);
    if (!was || !this.#server.canSee(was, this.#user)) return refused('unknown_point');
    switch (mutation.kind) {
      case 'edit':
        return this.#edit(mutation, was);
      case 'decide':
        return this.#decide(mutation, was);
      case 'withdraw':
        return this.#withdraw(was, mutation.revision_id);
      case 'comment':
        if (!this.#server.isInsider(was, this.#user)) return refused('not_allowed');
        return this.#save(was, { ...was, comments: [...was.comments, mutation.mutation_id] });
      default:
        return refused('invalid_patch');
    }
  }

  #actor(point: StoredPoint | undefined) {
    const isAuthor = point?.author === this.#user;
    const isModerator = !!point && this.#server.moderates(this.#user, point);
    return { isContributor: true, isAuthor, isModerator };
  }

  #save(was: StoredPoint | null, next: StoredPoint, writes: Write[] = []): Outcome {
    const saved = this.#tx.save(was, next);
    this.#tx.note(this.#mutation.mutation_id, this.#lane, writes);
    return { status: 'applied', rev: saved.rev };
  }

  #create(create: CreateMutation, was: StoredPoint | undefined): Outcome {
    const isNamedHere = this.#server.mutant === 'server_made_ids';
    if (was && !isNamedHere) return refused(was.author === this.#user ? 'invalid_transition' : 'not_allowed');
    const { geom, ...patch } = create.patch;
    const content = writePatch({ ...BLANK_ROW, geom: geom as StoredPoint['content']['geom'] }, patch);
    const { concept, sensitivity, attributes } = content;
    return this.#save(null, {
      id: isNamedHere ? `made-${this.#tx.xid}` : create.point_id,
      author: this.#user,
      status: create.status ?? 'submitted',
      rev: 1,
      v: 1,
      content: { concept, sensitivity, attributes, geom: content.geom },
      revisions: [],
      conflicts: [],
      photos: [],
      comments: [],
      origin: create.mutation_id,
    });
  }

  #edit(edit: EditMutation, was: StoredPoint): Outcome {
    const { mutation_id } = edit;
    const outcome = transition(was.status, this.#actor(was), edit);
    if (!outcome.allowed || outcome.to === 'before') return refused('invalid_transition');
    const isInPlace = outcome.effect === 'applied';
    const live = was.revisions.find((one) => one.user === this.#user && one.state === 'pending');
    const server = (path: Path) => live?.patch[path] ?? readPath(was.content, path);
    const isBlind = this.#server.mutant === 'row_last_write_wins';
    const { apply, conflicts } = isBlind
      ? { apply: edit.patch, conflicts: [] }
      : mergePatch(server, edit.base, edit.patch, isSet);
    const writes = Object.entries(apply).map(([path, now]) => ({
      mutation: mutation_id,
      path,
      was: server(path),
      now,
    }));
    const kept = conflicts.map((one) => ({ ...one, mutation_id, user: this.#user, isOpen: true }));
    const resolved = was.conflicts.filter((one) => one.isOpen && edit.resolves?.includes(one.mutation_id));
    const isChanged =
      writes.length > 0 || kept.length > 0 || resolved.length > 0 || outcome.to !== was.status;
    if (!isChanged) return { status: 'applied', rev: was.rev };
    const closed = was.conflicts.map((one) => (resolved.includes(one) ? { ...one, isOpen: false } : one));
    const next = {
      ...was,
      conflicts: [...closed, ...kept],
      ...(isInPlace
        ? { status: outcome.to, content: writes.length ? writePatch(was.content, apply) : was.content }
        : { revisions: this.#propose(edit, was, apply) }),
    };
    const { rev } = this.#save(was, next, writes) as { rev: number };
    if (kept.length > 0) return { status: 'conflict', rev };
    if (!isInPlace && writes.length > 0) return { status: 'pending', rev };
    return { status: edit.base_rev === was.rev ? 'applied' : 'merged', rev };
  }

  /** One live revision per author and point: the union of what they proposed. */
  #propose(edit: EditMutation, was: StoredPoint, taken: JsonRecord): StoredPoint['revisions'] {
    if (Object.keys(taken).length === 0) return was.revisions;
    const live = was.revisions.find((one) => one.user === this.#user && one.state === 'pending');
    const others = was.revisions.map((one) =>
      one === live ? { ...one, state: 'superseded' as const } : one,
    );
    const revision = {
      revision_id: edit.mutation_id,
      base_rev: edit.base_rev,
      base: { ...edit.base, ...live?.base },
      patch: { ...live?.patch, ...taken },
      user: this.#user,
      state: 'pending' as const,
    };
    return [...others, revision];
  }

  #withdraw(was: StoredPoint, revisionId: string | undefined): Outcome {
    if (revisionId !== undefined) {
      const mine = was.revisions.find((one) => one.revision_id === revisionId && one.user === this.#user);
      if (mine?.state !== 'pending') return refused('invalid_transition');
      const revisions = was.revisions.map((one) =>
        one === mine ? { ...one, state: 'withdrawn' as const } : one,
      );
      return this.#save(was, { ...was, revisions });
    }
    const outcome = transition(was.status, this.#actor(was), { kind: 'withdraw' });
    if (!outcome.allowed || outcome.to === 'before') return refused('invalid_transition');
    return this.#save(was, { ...was, status: outcome.to });
  }

  #decide(decide: DecideMutation, was: StoredPoint): Outcome {
    if (!this.#server.moderates(this.#user, was)) return refused('not_allowed');
    const after = decide.seen_after === undefined ? undefined : this.#tx.receipt(decide.seen_after)?.rev;
    if ((decide.seen_rev ?? after ?? -1) !== was.rev) return refused('stale_review');
    if (decide.revision_id !== undefined) return this.#decideRevision(decide, was);
    const outcome = transition(was.status, this.#actor(was), decide);
    if (!outcome.allowed) return refused(outcome.code);
    if (outcome.to === 'before') return refused('invalid_transition');
    return this.#save(was, { ...was, status: outcome.to });
  }

  #decideRevision(decide: DecideMutation, was: StoredPoint): Outcome {
    const revision = was.revisions.find((one) => one.revision_id === decide.revision_id);
    if (!revision) return refused('unknown_revision');
    if (revision.user === this.#user) return refused('own_contribution');
    if (revision.state !== 'pending') return refused('stale_review');
    const isAccepted = decide.decision === 'publish';
    if (isAccepted && was.status !== 'published') return refused('invalid_transition');
    const state = isAccepted ? ('accepted' as const) : ('refused' as const);
    return this.#save(was, {
      ...was,
      content: isAccepted ? writePatch(was.content, revision.patch) : was.content,
      revisions: was.revisions.map((one) => (one === revision ? { ...one, state } : one)),
    });
  }
}
