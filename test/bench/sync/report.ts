import { type PartyName, PARTIES } from './bundle.ts';
import { judge, type Measured } from './goals.ts';
import type { Figures } from './measure.ts';

const NAMES: Record<PartyName, string> = { ours: 'Capitelle', pouchdb: 'PouchDB', rxdb: 'RxDB' };

const COLUMNS: [head: string, cell: (figures: Figures, points: number) => string][] = [
  ['push/s', ({ push }) => whole(push.pointsPerSecond)],
  ['pull/s', ({ pull }) => whole(pull.pointsPerSecond)],
  ['1st point', ({ firstPointMs }) => `${whole(firstPointMs)} ms`],
  ['requests', ({ push, pull }) => `${push.requests} + ${pull.requests}`],
  ['B/pt up', ({ push, pull }, points) => `${per(push.bytesUp, points)} + ${per(pull.bytesUp, points)}`],
  [
    'B/pt down',
    ({ push, pull }, points) => `${per(push.bytesDown, points)} + ${per(pull.bytesDown, points)}`,
  ],
  ['save p95', ({ saveP95, saves }) => `${whole(saveP95)} ms of ${saves}`],
  ['lost', ({ lost }) => whole(lost)],
  ['doubled', ({ doubled }) => whole(doubled)],
  ['unsent', ({ unsent }) => whole(unsent)],
];

/** Prints a case beside its peers, and says plainly which goals are missed. */
export function print(measured: Measured, write: (line: string) => void): void {
  const { given, parties } = measured;
  write(`\n${given.name}`);
  write(line('', ...COLUMNS.map(([head]) => head)));
  for (const name of PARTIES) {
    write(line(NAMES[name], ...COLUMNS.map(([, cell]) => cell(parties[name], given.points))));
  }
  for (const { what, isMet } of judge(measured)) write(`  ${isMet ? 'met   ' : 'MISSED'} ${what}`);
}

const line = (name: string, ...cells: string[]) =>
  name.padEnd(10) + cells.map((cell) => cell.padStart(14)).join('');
const whole = (value: number) => (Number.isNaN(value) ? '–' : String(Math.round(value)));
const per = (bytes: number, points: number) => whole(bytes / points);
