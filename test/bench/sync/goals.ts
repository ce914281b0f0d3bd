import type { PartyName } from './bundle.ts';
import type { RoadShape, SyncCase } from './cases.ts';
import type { Figures } from './measure.ts';

/** A case with what was measured. */
export interface Measured {
  readonly given: SyncCase;
  readonly parties: Record<PartyName, Figures>;
}

export interface Goal {
  readonly what: string;
  readonly isMet: boolean;
}

const PEERS = ['pouchdb', 'rxdb'] as const;
/** Longest save that a person does not notice. */
const SAVE_P95_MS = 50;

/** What issue 3 asks of our engine, held against what was measured. */
export function judge({ given, parties }: Measured): Goal[] {
  const { ours } = parties;
  const all = (isBetter: (peer: Figures) => boolean) => PEERS.every((name) => isBetter(parties[name]));
  const goals: Goal[] = [];
  if (!Number.isNaN(ours.saveP95)) {
    goals.push(
      { what: `a save under ${SAVE_P95_MS} ms`, isMet: ours.saveP95 < SAVE_P95_MS },
      { what: 'nothing lost, nothing doubled', isMet: ours.lost === 0 && ours.doubled === 0 },
    );
  }
  if (isMobile(given.road)) {
    goals.push(
      { what: 'push ahead of both', isMet: all((peer) => ours.push.ms < peer.push.ms) },
      { what: 'pull ahead of both', isMet: all((peer) => ours.pull.ms < peer.pull.ms) },
      { what: 'push twice as fast as PouchDB', isMet: ours.push.ms * 2 <= parties.pouchdb.push.ms },
    );
  }
  if (isEdge(given.road)) {
    goals.push(
      { what: 'fewer requests than both', isMet: all((peer) => requests(ours) < requests(peer)) },
      { what: 'fewer bytes than both', isMet: all((peer) => bytes(ours) < bytes(peer)) },
    );
  }
  return goals;
}

const isMobile = (road: RoadShape) => road.rttMs === 50;
const isEdge = (road: RoadShape) => road.rttMs === 400;
const requests = ({ push, pull }: Figures) => push.requests + pull.requests;
const bytes = ({ push, pull }: Figures) => push.bytesUp + push.bytesDown + pull.bytesUp + pull.bytesDown;
