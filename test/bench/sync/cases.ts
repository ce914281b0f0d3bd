/** What lies between a phone and its server. */
export interface RoadShape {
  readonly name: string;
  readonly rttMs: number;
  /** Share of TCP segments lost, each way. */
  readonly loss: number;
  /** Each way; null: as fast as the machine. */
  readonly bitsPerSecond: number | null;
}

export interface SyncCase {
  readonly name: string;
  readonly points: number;
  readonly road: RoadShape;
}

const LOOPBACK: RoadShape = { name: 'loopback', rttMs: 0, loss: 0, bitsPerSecond: null };
const MOBILE: RoadShape = { name: '50 ms, 1 % loss', rttMs: 50, loss: 0.01, bitsPerSecond: null };
const EDGE: RoadShape = {
  name: '400 ms, 5 % loss, 200 kbit/s',
  rttMs: 400,
  loss: 0.05,
  bitsPerSecond: 200_000,
};

const caseOf = (points: number, road: RoadShape): SyncCase => ({
  name: `${points} points, ${road.name}`,
  points,
  road,
});

/** The cases of the issue. */
export const CASES: readonly SyncCase[] = [
  caseOf(1_000, LOOPBACK),
  caseOf(1_000, MOBILE),
  caseOf(1_000, EDGE),
  caseOf(10_000, LOOPBACK),
  caseOf(10_000, MOBILE),
  caseOf(100_000, LOOPBACK),
];

/** Enough to see that nothing is broken, in two minutes. */
export const QUICK_CASES: readonly SyncCase[] = [caseOf(1_000, LOOPBACK), caseOf(1_000, MOBILE)];
