import * as z from 'zod/mini';

import { signInWithPassword } from '../../../../src/api/auth.ts';
import { createApi } from '../../../../src/api/session.ts';
import { type Cache, openCache } from '../../../../src/db/cache.ts';
import { saveDraft } from '../../../../src/db/drafts.ts';
import { setLastPosition } from '../../../../src/db/meta.ts';
import { openPrecious } from '../../../../src/db/precious.ts';
import { newDraft } from '../../../../src/domain/draft.ts';
import type { JsonRecord } from '../../../../src/domain/json.ts';
import type { CreateMutation } from '../../../../src/domain/mutation.ts';
import { enqueueMutation } from '../../../../src/sync/enqueue.ts';
import { ProblemError } from '../../../../src/domain/problems.ts';
import type { RunnerReport } from '../../../../src/sync/report.ts';
import type { Runner } from '../../../../src/sync/runner.ts';
import EngineWorker from './unbounded-worker.ts?worker&inline';
import { createRemoteRunner } from '../../../../src/sync/worker/remote-runner.ts';
import { captureOf, MIDDLE, THEMES } from '../records.ts';
import { present } from './page.ts';
import type { Party, PartyConfig } from './party.ts';

// As the app has it: its content security policy forbids compiling code.
z.config({ jitless: true });

/** A runner that has said nothing for so long has nothing under way. */
const AT_REST_MS = 200;

/** Our engine as the app starts it: the runner in its worker, on the two databases of a phone. */
class Ours implements Party {
  readonly #precious = openPrecious();
  #opened: { cache: Cache; userId: string; runner: Runner } | undefined;
  #isOnline = true;
  #hear: (report: RunnerReport) => void = () => undefined;
  #phase: RunnerReport['phase'] = 'idle';
  #isPersistent = false;

  get #phone() {
    if (!this.#opened) throw new Error('not open');
    return this.#opened;
  }

  async open({ url, publishableKey, email, password, userId, isPersistent }: PartyConfig): Promise<void> {
    const api = createApi({ url, publishableKey, hasUser: () => true });
    await signInWithPassword(api, email, password);
    this.#isPersistent = isPersistent;
    const sender = { deviceId: crypto.randomUUID(), version: '1.0.0' };
    const cache = openCache(userId);
    await this.#precious.open();
    await cache.open();
    const runner = createRemoteRunner(
      { userId, url, publishableKey, sender },
      {
        open: () => new EngineWorker(),
        // While nothing is measured the phone is out of reach of any network.
        token: (asUser, signal) =>
          this.#isOnline ? api.token(asUser, signal) : Promise.reject(new ProblemError('offline')),
        tell: (report) => {
          this.#phase = report.phase;
          this.#hear(report);
        },
      },
    );
    this.#opened = { cache, userId, runner };
    // A phone in use: it knows its account and the words, and comes to a new area.
    await this.#run(
      ({ phase, problem, lastSuccessAt }) => phase === 'idle' && !problem && lastSuccessAt !== null,
    );
    await this.#rest();
  }

  /** Whether a round runs: nothing is measured until the one that was asked for meanwhile is over. */
  async #rest(): Promise<void> {
    let since = performance.now();
    while (performance.now() - since < AT_REST_MS) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (this.#phase !== 'idle') since = performance.now();
    }
  }

  async stock(run: number, from: number, to: number): Promise<void> {
    const precious = this.#precious;
    // One transaction around the saves of the app: what the stock costs is not measured.
    await precious.transaction('rw', precious.tables, async () => {
      for (let n = from; n < to; n++) await this.save(run, n);
    });
    await this.#rest();
  }

  async save(run: number, n: number): Promise<void> {
    const { id, mutation_id, theme, captured_at, geom, attributes } = captureOf(run, n);
    const patch: CreateMutation['patch'] = { geom: { ...geom } as JsonRecord };
    for (const [key, value] of Object.entries(attributes)) patch[`attributes.${key}`] = value;
    const mutation: CreateMutation = {
      mutation_id,
      v: 1,
      kind: 'create',
      point_id: id,
      theme,
      captured_at,
      patch,
    };
    await enqueueMutation(this.#precious, mutation, { userId: this.#phone.userId, now: new Date() });
  }

  /** Until the runner goes on to the photos with nothing left to send. */
  push(): Promise<void> {
    return this.#run(({ phase }) => phase === 'photos');
  }

  async pull(): Promise<void> {
    const precious = this.#precious;
    const { userId } = this.#phone;
    await setLastPosition(precious, MIDDLE);
    for (const theme of THEMES) {
      const draft = newDraft({ userId, formRev: 1, pointId: crypto.randomUUID(), theme }, new Date());
      await saveDraft(precious, { ...draft, geom: { ...MIDDLE, source: 'gps' } });
    }
    await this.#run(
      ({ phase, problem, lastSuccessAt }) => phase === 'idle' && !problem && lastSuccessAt !== null,
    );
  }

  /** The network is there until `isOver` is told: a phone in use, that was out of reach of it. */
  #run(isOver: (report: RunnerReport) => boolean): Promise<void> {
    let hasBegun = false;
    return new Promise((resolve, reject) => {
      this.#hear = (report) => {
        const { phase, problem } = report;
        hasBegun ||= phase !== 'idle';
        if (hasBegun && isOver(report)) {
          this.#hear = () => undefined;
          this.#isOnline = false;
          resolve();
        } else if (phase === 'idle' && problem) {
          // What the app does when the network is said to be back.
          if (this.#isPersistent || problem.code === 'offline') setTimeout(this.#phone.runner.wake, 20);
          else reject(new Error(JSON.stringify(problem)));
        }
      };
      this.#isOnline = true;
      this.#phone.runner.wake();
    });
  }

  waiting(): Promise<number> {
    return this.#precious.outbox.count();
  }

  async isMapUsable(): Promise<boolean> {
    return (await this.#phone.cache.points.limit(1).primaryKeys()).length > 0;
  }

  held(): Promise<number> {
    return this.#phone.cache.points.count();
  }
}

present(new Ours());
