import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import type { RoadShape } from './cases.ts';
import { Flow, Wire } from './flow.ts';
import { seededChance } from './records.ts';

/** What passed, as a phone's operator counts it: headers and all, TCP's own aside. */
export interface Traffic {
  requests: number;
  bytesUp: number;
  bytesDown: number;
}

/** A way to a server. */
export interface Road {
  readonly url: string;
  /** Traffic since the last `forget`, of the requests whose path holds the text; all of it by default. */
  traffic(part?: string): Traffic;
  forget(): void;
  /** Loses that share of the answers from now on, after the server has done its work. */
  dropAnswers(share: number): void;
  close(): Promise<void>;
}

/** One connection's exchange under way: its path, and whether its answer is on its way. */
interface Exchange {
  path: string;
  isAnswering: boolean;
}

/**
 * Opens a way to a server on this machine, shaped alike for whoever takes it. HTTP/1.1 as browsers
 * speak it: a request begins when the client speaks after the server did.
 */
export async function openRoad(target: string, shape: RoadShape, seed: number): Promise<Road> {
  const { port } = new URL(target);
  const chance = seededChance(seed);
  const up = new Wire(shape.bitsPerSecond);
  const down = new Wire(shape.bitsPerSecond);
  const isPlain = shape.rttMs === 0 && shape.loss === 0 && shape.bitsPerSecond === null;
  const sockets = new Set<Socket>();
  let counts = new Map<string, Traffic>();
  let dropShare = 0;

  const count = (path: string, add: Partial<Traffic>) => {
    const known = counts.get(path) ?? { requests: 0, bytesUp: 0, bytesDown: 0 };
    known.requests += add.requests ?? 0;
    known.bytesUp += add.bytesUp ?? 0;
    known.bytesDown += add.bytesDown ?? 0;
    counts.set(path, known);
  };

  const flow = (wire: Wire, to: Socket): Pick<Flow, 'write' | 'end' | 'close'> =>
    isPlain
      ? { write: (bytes) => void to.write(bytes), end: () => to.end(), close: () => undefined }
      : new Flow(shape, wire, chance, (bytes) => (bytes ? void to.write(bytes) : to.end()));

  const carry = (client: Socket) => {
    const server = connect(Number(port), '127.0.0.1');
    const outward = flow(up, server);
    const homeward = flow(down, client);
    const exchange: Exchange = { path: '', isAnswering: true };
    const cut = () => {
      for (const one of [outward, homeward]) one.close();
      for (const socket of [client, server]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', cut);
    }
    client.on('data', (bytes) => {
      if (exchange.isAnswering) {
        exchange.isAnswering = false;
        exchange.path = pathOf(bytes);
        count(exchange.path, { requests: 1 });
      }
      count(exchange.path, { bytesUp: bytes.length });
      outward.write(bytes);
    });
    server.on('data', (bytes) => {
      const isFirst = !exchange.isAnswering;
      exchange.isAnswering = true;
      if (isFirst && dropShare > 0 && chance() < dropShare) {
        // Half of them within the body, so that no browser sends the request again by itself.
        if (chance() < 0.5) client.write(bytes.subarray(0, bytes.indexOf('\r\n\r\n') + 5), cut);
        else cut();
        return;
      }
      count(exchange.path, { bytesDown: bytes.length });
      homeward.write(bytes);
    });
    client.on('end', () => outward.end());
    server.on('end', () => homeward.end());
    client.on('close', cut);
  };

  const listener = createServer({ allowHalfOpen: true }, carry);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    traffic(part = '') {
      const sum = { requests: 0, bytesUp: 0, bytesDown: 0 };
      for (const [path, one] of counts) {
        if (!path.includes(part)) continue;
        sum.requests += one.requests;
        sum.bytesUp += one.bytesUp;
        sum.bytesDown += one.bytesDown;
      }
      return sum;
    },
    forget: () => void (counts = new Map()),
    dropAnswers: (share) => void (dropShare = share),
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Path of a request line: `POST /rest/v1/rpc/sync_push HTTP/1.1`. */
function pathOf(bytes: Buffer): string {
  return bytes.subarray(0, 300).toString('latin1').split(' ', 2)[1] ?? '';
}
