// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { sha256Hex } from '../../src/device/sha256.ts';
import type { DraftEditor } from '../../src/state/draft-editor.svelte.ts';
import { DraftsState } from '../../src/state/drafts.svelte.ts';
import { giveUp } from '../../src/state/give-up.ts';
import { LocationState } from '../../src/state/location.svelte.ts';
import { photoKeeper } from '../../src/state/photo-keeper.ts';
import { exportUnsent } from '../../src/sync/export.ts';
import { importUnsent } from '../../src/sync/import.ts';
import { PHOTO, THEMES } from '../support/field-kit.ts';
import { random } from '../support/phone.ts';
import type { Hand } from './engine/cast.ts';
import { ModelCast } from './engine/model-cast.ts';

globalThis.document ??= new EventTarget() as Document;
globalThis.addEventListener ??= () => undefined;
globalThis.removeEventListener ??= () => undefined;

const INSTANCE = null;
const RUNS = Number(process.env['STORIES'] ?? 40);
const SEED = Number(process.env['DRAFTS_SEED'] ?? 5);

/** What somebody was told is kept of one capture. */
interface Told {
  readonly names: string[];
  readonly photos: Set<string>;
  /** Given up on the only device that had it: nothing of it may come back. */
  isGone: boolean;
}

/** One person, two phones, archives that go from one to the other, and the model's server. */
class Field {
  readonly cast = new ModelCast();
  readonly told = new Map<string, Told>();
  readonly archives: { readonly blob: Blob; readonly points: ReadonlySet<string> }[] = [];
  #count = 0;

  hand(n: number): Hand {
    return this.cast.hand(n % 2);
  }

  /** The app as it starts: what is on the disk is all that it knows. */
  drafts({ phone }: Hand): DraftsState {
    const { precious, cache, userId } = phone.ctx;
    return new DraftsState({
      precious,
      cache: () => cache,
      userId: () => userId,
      location: new LocationState({ watch: () => () => undefined, now: Date.now }),
      theme: (id) => Promise.resolve(THEMES.find((theme) => theme.id === id)),
      knowsTerm: () => true,
      keeper: photoKeeper(precious, async (file) => {
        const bytes = await file.arrayBuffer();
        return { ...PHOTO, bytes, sha256: await sha256Hex(bytes) };
      }),
      photoLicence: () => 'CC-BY-SA-4.0',
      now: () => phone.clock(),
      random,
    });
  }

  async open(hand: Hand, a: number): Promise<DraftEditor | null> {
    const list = await hand.phone.ctx.precious.drafts.orderBy('id').toArray();
    const draft = list[a % Math.max(1, list.length)];
    return draft ? this.drafts(hand).open(draft.id) : null;
  }

  async begin(hand: Hand): Promise<void> {
    const drafts = this.drafts(hand);
    const editor = (await drafts.open(await drafts.start('heritage'))) as DraftEditor;
    editor.name('lavoir');
    editor.place({ lon: 2.5512, lat: 43.3215 }, 'map', null);
    this.told.set(editor.draft.id, { names: [], photos: new Set(), isGone: false });
    await this.#say(editor);
  }

  async #say(editor: DraftEditor): Promise<void> {
    const name = `Nom ${++this.#count}`;
    editor.answer('name', name);
    await editor.keep();
    this.told.get(editor.draft.id)?.names.push(name);
  }

  async write(hand: Hand, a: number): Promise<void> {
    const editor = await this.open(hand, a);
    if (editor) await this.#say(editor);
  }

  async photograph(hand: Hand, a: number): Promise<void> {
    const editor = await this.open(hand, a);
    if (!editor) return;
    const before = new Set(editor.draft.photo_ids);
    await editor.photos.add([new File([random(12) as Uint8Array<ArrayBuffer>], 'a.jpg')]);
    // Nothing is held of one that was given up on a phone and taken up on the other.
    const told = this.told.get(editor.draft.id);
    for (const id of editor.draft.photo_ids) if (!before.has(id)) told?.photos.add(id);
  }

  /** Saved, or killed while it is being saved: then it is a draft, or in the outbox, never neither. */
  async finish(hand: Hand, a: number, writes: number | null): Promise<void> {
    const editor = await this.open(hand, a);
    if (writes !== null) hand.dieAfter(writes);
    await editor?.save().catch(() => false);
    if (writes !== null) hand.reopen();
  }

  async reopen(hand: Hand, a: number): Promise<void> {
    const rows = await hand.phone.ctx.precious.outbox.orderBy('n').toArray();
    const row = rows[a % Math.max(1, rows.length)];
    if (row?.kind === 'create' || row?.kind === 'edit') {
      // On its way, or settled in another way meanwhile: it says so, and nothing changes.
      await this.drafts(hand)
        .reopen(row.mutation_id)
        .catch(() => undefined);
    }
  }

  async edit(hand: Hand, a: number): Promise<void> {
    const ids = [...this.told.keys()];
    const id = ids[a % Math.max(1, ids.length)];
    if (id === undefined) return;
    const drafts = this.drafts(hand);
    const begun = await drafts.edit(id).catch(() => null);
    const editor = begun && (await drafts.open(begun));
    if (editor) await this.#say(editor);
  }

  /** Thrown away, for good or until the way back is taken. */
  async discard(hand: Hand, a: number, isUndone: boolean): Promise<void> {
    const editor = await this.open(hand, a);
    if (!editor) return;
    const { id, seen } = editor.draft;
    const undo = await this.drafts(hand).discard(id);
    if (isUndone) await undo();
    else if (seen === null) await this.#giveUp(id);
    else for (const photo of editor.draft.photo_ids) this.told.get(id)?.photos.delete(photo);
  }

  async abandon(hand: Hand, a: number): Promise<void> {
    const { precious } = hand.phone.ctx;
    const rows = (await precious.outbox.orderBy('n').toArray()).filter((one) => one.kind === 'create');
    const row = rows[a % Math.max(1, rows.length)];
    if (!row) return;
    const deps = { precious, now: () => hand.phone.clock(), random };
    const shown = await hand.phone.shown(row.point_id);
    if ((await giveUp(deps, row, shown?.point ?? null)) === 'deleted') await this.#giveUp(row.point_id);
    else this.told.delete(row.point_id);
  }

  /** Gone, unless the other phone, an archive or the server has it too: then both ends are right. */
  async #giveUp(id: string): Promise<void> {
    const told = this.told.get(id);
    if (!told) return;
    const isElsewhere =
      this.archives.some(({ points }) => points.has(id)) ||
      (await Promise.all([0, 1].map((n) => this.#has(this.hand(n), id)))).some(Boolean);
    if (isElsewhere) this.told.delete(id);
    else told.isGone = true;
  }

  async #has({ phone }: Hand, id: string): Promise<boolean> {
    const { precious } = phone.ctx;
    const counts = [
      precious.drafts.where('id').equals(id).count(),
      precious.outbox.where('point_id').equals(id).count(),
      precious.sent.filter((row) => row.point_id === id).count(),
    ];
    return (await Promise.all(counts)).some((count) => count > 0);
  }

  async handOver({ phone }: Hand): Promise<void> {
    const { precious, userId } = phone.ctx;
    const blob = await exportUnsent(precious, { userId, instance: INSTANCE, now: phone.clock() });
    const points = [
      ...(await precious.drafts.toCollection().primaryKeys()),
      ...(await precious.outbox.toArray()).map((row) => row.point_id),
    ];
    this.archives.push({ blob, points: new Set(points) });
  }

  async takeOver({ phone }: Hand, a: number): Promise<void> {
    const archive = this.archives[a % Math.max(1, this.archives.length)];
    const { precious, userId } = phone.ctx;
    if (archive) await importUnsent(precious, { userId, instance: INSTANCE }, archive.blob);
  }

  /** Everything begun is finished, and everything that waits leaves, from both phones. */
  async settle(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      for (const n of [0, 1]) {
        const hand = this.hand(n);
        while ((await hand.phone.ctx.precious.drafts.count()) > 0) {
          const editor = (await this.open(hand, 0)) as DraftEditor;
          // An edit that changes nothing has nothing to say.
          if (editor.hasSomethingToSend) expect(await editor.save()).toBe(true);
          else await this.drafts(hand).leave(editor);
        }
        await hand.phone.sync();
        this.cast.waitedMs += 600_000;
      }
    }
  }

  async check(): Promise<void> {
    for (const n of [0, 1]) {
      const { precious } = this.hand(n).phone.ctx;
      const left = await precious.photos.filter((photo) => photo.state !== 'stored').toArray();
      expect(left, 'no photo waits for a point that will never be').toEqual([]);
    }
    const { points } = this.cast.server.tables;
    for (const [id, { names, photos, isGone }] of this.told) {
      const point = points.get(id);
      if (isGone) expect(point, `${id} was given up`).toBeUndefined();
      else {
        const name = point?.content.attributes['name'];
        expect(names, `${id} says one of what was said of it`).toContain(name);
        const there = point?.photos.map((photo) => photo.id) ?? [];
        expect(there.toSorted(), `photos of ${id}`).toEqual([...photos].toSorted());
      }
    }
  }
}

type Turn = readonly [verb: string, n: number, a: number, b: number];
const VERBS = ['begin', 'begin', 'write', 'photograph', 'photograph', 'finish', 'finish', 'killed finish'];
const MORE = [
  'reopen',
  'reopen',
  'edit',
  'discard',
  'abandon',
  'hand over',
  'take over',
  'take over',
  'sync',
];
const turn: fc.Arbitrary<Turn> = fc.tuple(
  fc.constantFrom(...VERBS, ...MORE),
  fc.nat({ max: 1 }),
  fc.nat({ max: 3 }),
  fc.nat({ max: 6 }),
);

async function play(field: Field, [verb, n, a, b]: Turn): Promise<void> {
  const hand = field.hand(n);
  field.cast.waitedMs += 1_000;
  if (verb === 'begin') await field.begin(hand);
  if (verb === 'write') await field.write(hand, a);
  if (verb === 'photograph') await field.photograph(hand, a);
  if (verb === 'finish') await field.finish(hand, a, null);
  if (verb === 'killed finish') await field.finish(hand, a, b);
  if (verb === 'reopen') await field.reopen(hand, a);
  if (verb === 'edit') await field.edit(hand, a);
  if (verb === 'discard') await field.discard(hand, a, b % 2 === 0);
  if (verb === 'abandon') await field.abandon(hand, a);
  if (verb === 'hand over') await field.handOver(hand);
  if (verb === 'take over') await field.takeOver(hand, a);
  if (verb === 'sync') await hand.phone.sync();
}

it(
  'whatever is begun, photographed, reopened, handed over and finished is there once, and nothing else',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 6, maxLength: 24 }), async (story) => {
        const field = new Field();
        for (const each of story) await play(field, each);
        await field.settle();
        await field.check();
        await field.cast.close();
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: false },
    );
  },
  180_000 + RUNS * 10_000,
);
