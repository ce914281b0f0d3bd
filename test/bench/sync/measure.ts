import type { PostgresCluster } from '../../support/postgres.ts';
import { PASSWORD } from '../../support/accounts.ts';
import { median, p95 } from '../statistics.ts';
import { PARTIES, type PartyName } from './bundle.ts';
import type { RoadShape, SyncCase } from './cases.ts';
import { openCouchServer } from './couch-server.ts';
import { type Ground, type Kept, prepareGround } from './our-server.ts';
import type { Timing } from './page/party.ts';
import { type BenchPhone, openPhone } from './phone.ts';
import { captureOf, nameOf } from './records.ts';
import { openRoad, type Road, type Traffic } from './road.ts';

/** A processor of a phone several years old. */
const SLOWDOWN = 6;
/** Saves are watched that long at most, once while sending and once while receiving. */
const SAVES_LIMIT_MS = 20_000;
/** Captures that a server receives before those that are timed. */
const WARM_UP = 400;
const DROPPED_ANSWERS = 0.2;
/** What has not gone through by then is told as unsent. */
const DROP_LIMIT_MS = 240_000;

/** One way of the sync: medians over the runs. */
export interface Way extends Traffic {
  readonly pointsPerSecond: number;
  readonly ms: number;
}

/** What a party did in a case. */
export interface Figures {
  readonly push: Way;
  readonly pull: Way;
  readonly firstPointMs: number;
  /** Not measured: NaN, and so are the three that follow. */
  readonly saveP95: number;
  readonly saves: number;
  /** Under dropped answers: captures that the server lacks while the phone believes them sent. */
  readonly lost: number;
  readonly doubled: number;
  /** Captures that had not gone through at the time limit, and that the phone still knows of. */
  readonly unsent: number;
}

export interface Bench {
  readonly cluster: PostgresCluster;
  readonly scripts: Record<PartyName, string>;
  readonly runs: number;
  /** Push and pull alone: without the saves meanwhile, nor the dropped answers. */
  readonly isShort: boolean;
  readonly tell: (line: string) => void;
}

const UNKNOWN = { lost: Number.NaN, doubled: Number.NaN, unsent: Number.NaN };

type Sample = Omit<Way, 'pointsPerSecond'> & Pick<Timing, 'firstPointMs'>;

/** A server as one party needs it. */
interface Server {
  readonly url: string;
  /** The peer's name for it; ours has one alone. */
  readonly database: string;
  readonly publishableKey: string;
  kept(ids: readonly string[], names: string): Promise<Kept>;
  close(): Promise<void>;
}

let runsSoFar = 0;

/** Measures the three parties in one case, in turn, so that a slow minute of the machine hits them all. */
export async function measureCase(bench: Bench, given: SyncCase): Promise<Record<PartyName, Figures>> {
  const ground = await prepareGround(bench.cluster, `bench_${++runsSoFar}`, given.points);
  const places = PARTIES.map((name) => new Place(name, bench.scripts[name], given, ground));
  const pushes = new Map<PartyName, Sample[]>();
  const pulls = new Map<PartyName, Sample[]>();
  for (let turn = 0; turn < bench.runs; turn++) {
    for (const place of places) {
      const push = await place.push(turn);
      const pull = await place.pull(turn);
      pushes.set(place.name, [...(pushes.get(place.name) ?? []), push]);
      pulls.set(place.name, [...(pulls.get(place.name) ?? []), pull]);
      const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
      bench.tell(`${given.name}, ${place.name}: push ${seconds(push.ms)}, pull ${seconds(pull.ms)}`);
    }
  }
  const figures = {} as Record<PartyName, Figures>;
  for (const place of places) {
    const saves = bench.isShort ? [] : await place.saves();
    const pull = pulls.get(place.name) ?? [];
    figures[place.name] = {
      push: middle(pushes.get(place.name) ?? [], given.points),
      pull: middle(pull, given.points),
      firstPointMs: median(pull.map((sample) => sample.firstPointMs)),
      saveP95: bench.isShort ? Number.NaN : p95(saves),
      saves: saves.length,
      ...(bench.isShort ? UNKNOWN : await place.underDrops()),
    };
    if (!bench.isShort) bench.tell(`${given.name}, ${place.name}: saves and dropped answers done`);
  }
  await ground.close();
  return figures;
}

function middle(samples: readonly Sample[], points: number): Way {
  const of = (key: keyof Sample) => median(samples.map((sample) => sample[key]));
  return {
    ms: of('ms'),
    pointsPerSecond: (points * 1000) / of('ms'),
    requests: of('requests'),
    bytesUp: of('bytesUp'),
    bytesDown: of('bytesDown'),
  };
}

/** A party in a case: its servers, its phones, its road. */
class Place {
  readonly name: PartyName;
  readonly #script: string;
  readonly #points: number;
  readonly #shape: RoadShape;
  readonly #ground: Ground;

  constructor(name: PartyName, script: string, given: SyncCase, ground: Ground) {
    this.name = name;
    this.#script = script;
    this.#points = given.points;
    this.#shape = given.road;
    this.#ground = ground;
  }

  /** Captures made beforehand, sent. */
  push(seed: number): Promise<Sample> {
    return this.#visit({ seed, area: [] }, async (phone, road, server) => {
      await warmUp(phone);
      const run = ++runsSoFar;
      await stock(phone, run, this.#points);
      road.forget();
      const timing = await phone.page.evaluate(() => window.party.push());
      const traffic = road.traffic(this.name === 'pouchdb' ? '' : 'sync_push');
      const { byId } = await server.kept(this.#ids(run), nameOf(run, 0).slice(0, -1));
      if (byId !== this.#points) throw new Error(`${this.name}: ${byId} of ${this.#points} arrived`);
      return { ...traffic, ms: timing.ms, firstPointMs: Number.NaN };
    });
  }

  /** The area, brought to an empty phone. */
  pull(seed: number): Promise<Sample> {
    return this.#visit({ seed, area: this.#ground.area }, async (phone, road) => {
      road.forget();
      const { ms, firstPointMs, held } = await phone.page.evaluate(() => window.party.pull());
      if (held !== this.#points) throw new Error(`${this.name}: ${held} of ${this.#points} held`);
      return { ...road.traffic(), ms, firstPointMs };
    });
  }

  /** Times of saves made during a push, then during a pull, on a slow processor. */
  async saves(): Promise<number[]> {
    const times: number[] = [];
    for (const verb of ['push', 'pull'] as const) {
      const area = verb === 'pull' ? this.#ground.area : [];
      const timing = await this.#visit({ seed: 7, area }, async (phone) => {
        // An app in use: what its first save costs, compiling its code, is no matter of the sync.
        if (verb === 'push') await warmUp(phone);
        else await stock(phone, ++runsSoFar, 1);
        const run = ++runsSoFar;
        if (verb === 'push') await stock(phone, run, this.#points);
        await phone.slowDown(SLOWDOWN);
        return phone.page.evaluate(({ way, number, limit }) => window.party.saveDuring(way, number, limit), {
          way: verb,
          number: run,
          limit: SAVES_LIMIT_MS,
        });
      });
      times.push(...timing.saves);
    }
    return times;
  }

  /** A push of which one answer in five is lost: what is then missing or twice on the server. */
  underDrops(): Promise<Pick<Figures, 'lost' | 'doubled' | 'unsent'>> {
    return this.#visit({ seed: 11, area: [], isPersistent: true }, async (phone, road, server) => {
      const run = ++runsSoFar;
      await stock(phone, run, this.#points);
      road.dropAnswers(DROPPED_ANSWERS);
      const isDone = await Promise.race([
        phone.page.evaluate(() => window.party.push()).then(() => true),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), DROP_LIMIT_MS).unref()),
      ]);
      road.dropAnswers(0);
      const names = nameOf(run, 0).slice(0, -1);
      const { byId, byContent, distinctContents } = await server.kept(this.#ids(run), names);
      const waiting = isDone ? await phone.page.evaluate(() => window.party.waiting()) : this.#points - byId;
      const missing = this.#points - Math.min(byId, distinctContents);
      return {
        lost: Math.max(0, missing - waiting),
        doubled: byContent - distinctContents,
        unsent: isDone ? waiting : missing,
      };
    });
  }

  #ids(run: number): string[] {
    return Array.from({ length: this.#points }, (_, n) => captureOf(run, n).id);
  }

  /** The peer's server with these rows alone. Ours: what is sent goes to a copy of its own. */
  async #openServer(area: readonly { id: string }[]): Promise<Server> {
    if (this.name === 'pouchdb') return { ...(await openCouchServer(area)), publishableKey: '' };
    const isRead = area.length > 0;
    const { server, kept, close } = await (isRead ? this.#ground.shared() : this.#ground.open());
    const { url, publishableKey } = server;
    return { url, database: '', publishableKey, kept, close: isRead ? () => Promise.resolve() : close };
  }

  async #visit<T>(
    {
      seed,
      area,
      isPersistent = false,
    }: { seed: number; area: readonly { id: string }[]; isPersistent?: boolean },
    work: (phone: BenchPhone, road: Road, server: Server) => Promise<T>,
  ): Promise<T> {
    const server = await this.#openServer(area);
    const road = await openRoad(server.url, this.#shape, seed);
    const person = area.length > 0 ? this.#ground.reader : this.#ground.writer;
    const phone = await openPhone(this.#script, {
      url: road.url,
      database: server.database,
      publishableKey: server.publishableKey,
      email: person.email,
      password: PASSWORD,
      userId: person.id,
      isPersistent,
    });
    try {
      return await work(phone, road, server);
    } finally {
      await phone.close();
      await road.close();
      await server.close();
    }
  }
}

/** A server that has been running for a while: its connections are open, its functions compiled. */
async function warmUp(phone: BenchPhone): Promise<void> {
  await stock(phone, ++runsSoFar, WARM_UP);
  await phone.page.evaluate(() => window.party.push());
}

async function stock(phone: BenchPhone, run: number, points: number): Promise<void> {
  await phone.page.evaluate(([number, count]) => window.party.stock(number, count), [run, points] as const);
}
