import type { Problem } from '../../src/domain/problems.ts';
import { newPointId } from '../../src/domain/id.ts';
import { type Phone, random } from './phone.ts';

/** What a phone said was saved about one point. */
interface Saved {
  /** The name that was saved last. */
  name: string;
  /** Ids of the photos, with the hash of their bytes. */
  readonly photos: Map<string, string>;
}

export interface Picture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Longer than any wait that the engine sets itself after a failure. */
const LONGER_THAN_ANY_WAIT_MS = 600_000;

/** Somebody in the field, who keeps a list of everything that the phone said was saved. */
export class Volunteer {
  readonly phone: Phone;
  /** By point. */
  readonly saved = new Map<string, Saved>();
  /** Every mutation acknowledged, joined ones under one id. */
  readonly mutations = new Set<string>();
  rounds = 0;
  /** Rounds that did not go through. */
  interrupted = 0;
  #waitedMs = 0;

  constructor(phone: Phone) {
    this.phone = phone;
    phone.clock = () => new Date(Date.now() + this.#waitedMs);
  }

  /** Captures a wash-house with its photos. Returns its id. */
  async capture(
    name: string,
    place: { lon: number; lat: number },
    pictures: Picture[] = [],
  ): Promise<string> {
    const id = newPointId(this.phone.clock(), random);
    const photos = new Map<string, string>();
    for (const { bytes, width, height } of pictures) {
      const row = await this.phone.takePhoto(id, Uint8Array.from(bytes).buffer, { width, height });
      photos.set(row.id, row.sha256);
    }
    const mutation = await this.phone.enqueue(
      {
        kind: 'create',
        point_id: id,
        theme: 'heritage',
        patch: { geom: { ...place, accuracy_m: 8, source: 'gps' }, 'attributes.name': name },
        ...(photos.size ? { expected_photos: photos.size } : {}),
      },
      { photoIds: [...photos.keys()] },
    );
    this.mutations.add(mutation);
    this.saved.set(id, { name, photos });
    return id;
  }

  /** Gives another name to one of their points, from what the phone shows. */
  async rename(id: string, name: string): Promise<void> {
    const shown = await this.phone.shown(id);
    const saved = this.saved.get(id);
    if (!shown || !saved) throw new Error(`the phone no longer shows ${id}`);
    const mutation = await this.phone.enqueue({
      kind: 'edit',
      point_id: id,
      base_rev: shown.point.rev,
      base: { 'attributes.name': shown.point.attributes['name'] ?? null },
      patch: { 'attributes.name': name },
    });
    this.mutations.add(mutation);
    saved.name = name;
  }

  /** A round of the engine, whatever it waits for. Returns what stopped it. */
  async sync(): Promise<Problem | null> {
    this.#waitedMs += LONGER_THAN_ANY_WAIT_MS;
    this.rounds += 1;
    const problem = await this.phone.sync();
    if (problem) this.interrupted += 1;
    return problem;
  }

  /** Rounds until nothing waits any more. Returns how many it took; throws when it does not end. */
  async syncToTheEnd(maximumRounds = 20): Promise<number> {
    let problem: Problem | null = null;
    for (let round = 1; round <= maximumRounds; round++) {
      problem = await this.sync();
      if (!problem && (await this.isEverythingSent())) return round;
    }
    const left = await this.phone.ctx.precious.outbox.toArray();
    throw new Error(`never at rest: ${JSON.stringify(problem)} ${JSON.stringify(left.slice(0, 3))}`);
  }

  /** Whether nothing of theirs waits on the phone, photos included. */
  async isEverythingSent(): Promise<boolean> {
    const { precious, userId } = this.phone.ctx;
    const mine = { user_id: userId };
    const photos = await precious.photos.where(mine).toArray();
    return (await precious.outbox.where(mine).count()) === 0 && photos.every((row) => row.state === 'stored');
  }
}
