import { lookup } from 'node:dns/promises';
import { request as overTls } from 'node:https';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import type { Reach } from '../functions/_shared/env.ts';

/** Reaches addresses that people give: the connection goes to the address that was checked, under the name that was asked. */
export const reachBy = (request: typeof overTls): Reach => ({
  async resolve(host) {
    if (isIP(host) !== 0) return [host];
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  },
  open: (url, address, headers, signal) =>
    new Promise((resolve, reject) => {
      const asking = request(
        url,
        {
          headers: { ...headers, 'user-agent': 'Capitelle' },
          signal,
          agent: false,
          lookup: (_host, options, answer) => {
            const family = isIP(address);
            if (options.all) answer(null, [{ address, family }]);
            else answer(null, address, family);
          },
        },
        (incoming) => {
          const told = Object.entries(incoming.headers).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, String(value)] as [string, string]],
          );
          const isPacked = incoming.headers['content-encoding'] === 'gzip';
          const body = isPacked ? incoming.pipe(createGunzip()) : incoming;
          // What breaks off on the way breaks off for whoever reads.
          if (isPacked) incoming.on('error', (cause) => body.destroy(cause));
          const status = incoming.statusCode ?? 502;
          const hasNoBody = [204, 205, 304].includes(status);
          const stream = hasNoBody ? null : (Readable.toWeb(body) as ReadableStream<Uint8Array>);
          resolve(new Response(stream, { status, headers: told }));
        },
      );
      asking.on('error', reject);
      asking.end();
    }),
});

/** The same as the functions have it. */
export const reach = reachBy(overTls);
