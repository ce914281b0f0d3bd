import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { readBounded } from '../../supabase/functions/_shared/bounded-body.ts';
import type { FunctionEnv, Reach } from '../../supabase/functions/_shared/env.ts';
import { isPublicAddress } from '../../supabase/functions/_shared/public-address.ts';
import { exportAddresses } from '../../supabase/functions/thesaurus_import/export-addresses.ts';
import { handler } from '../../supabase/functions/thesaurus_import/handler.ts';
import { reachBy } from '../../supabase/local/reach.ts';

const TURTLE = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://terms.example.org/lavoir> a skos:Concept ; skos:prefLabel "Lavoir"@fr .`;

/** The database, as far as the function asks it: `desk` is what it answers of the caller's role. */
function envWith(
  reach?: Partial<Reach>,
  desk: () => Response = () => Response.json({ role: 'propose', origins: {} }),
): FunctionEnv {
  return {
    ...{ supabaseUrl: 'https://x.test', publishableKey: 'p', serviceKey: 's', publicUrl: 'https://x.test' },
    fetch: async (call) =>
      call.url.includes('thesaurus_desk') ? desk() : Response.json({ schemes: [], concepts: [] }),
    reach: {
      resolve: async () => ['93.184.216.34'],
      open: async () => new Response(TURTLE, { headers: { 'content-type': 'text/turtle' } }),
      ...reach,
    },
  };
}

async function posted(
  env: FunctionEnv,
  body: BodyInit | ReadableStream,
  query = '',
  headers: Record<string, string> = {},
) {
  const request = new Request(`https://x.test/functions/v1/thesaurus_import${query}`, {
    method: 'POST',
    body,
    headers: { authorization: 'Bearer t', ...headers },
    duplex: 'half',
  } as RequestInit);
  const response = await handler(request, env);
  return {
    status: response.status,
    body: (await response.json()) as { message?: string; faults?: object[]; concepts?: { id: string }[] },
  };
}
const asked = (env: FunctionEnv, url: string) =>
  posted(env, JSON.stringify({ scheme: 'petit-patrimoine', url }));

describe('who may', () => {
  it('is said by the database, before anything is read or fetched', async () => {
    const refused = (status: number, message: string) =>
      envWith({ open: () => Promise.reject(new Error('asked')) }, () =>
        Response.json({ message }, { status }),
      );
    const url = 'https://terms.example.org/x.ttl';
    expect(await asked(refused(403, 'not_allowed'), url)).toMatchObject({
      status: 403,
      body: { message: 'not_allowed' },
    });
    expect(await asked(refused(404, 'unknown_scheme'), url)).toMatchObject({
      status: 404,
      body: { message: 'unknown_scheme' },
    });
    expect(await asked(refused(500, 'relation "x" …'), url)).toMatchObject({
      status: 503,
      body: { message: 'busy' },
    });
    const nobody = await posted(envWith(), '{}', '', { authorization: '' });
    expect(nobody).toMatchObject({ status: 401, body: { message: 'auth_required' } });
  });
});

describe('a file', () => {
  it('is read as its type says', async () => {
    const { status, body } = await posted(envWith(), TURTLE, '?scheme=petit-patrimoine', {
      'content-type': 'text/turtle',
    });
    expect([status, body.faults, body.concepts?.map(({ id }) => id)]).toEqual([200, [], ['lavoir']]);
  });

  it('of 200 MB is refused by what it says, and by what it sends, of which no more than the limit is taken', async () => {
    const said = await posted(envWith(), 'x', '?scheme=petit-patrimoine', {
      'content-length': String(200 * 1024 * 1024),
    });
    expect(said).toMatchObject({ status: 413, body: { message: 'too_large' } });
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1024 * 1024;
        if (sent > 200 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const { status } = await posted(envWith(), endless, '?scheme=petit-patrimoine');
    expect(status).toBe(413);
    expect(sent).toBeLessThan(24 * 1024 * 1024);
  });

  it('without scheme or address is refused', async () => {
    expect(await posted(envWith(), TURTLE)).toMatchObject({
      status: 400,
      body: { message: 'invalid_argument' },
    });
    expect((await posted(envWith(), JSON.stringify({ scheme: 'petit-patrimoine' }))).status).toBe(400);
    expect((await posted(envWith(), TURTLE, '?scheme=../x')).status).toBe(400);
  });
});

describe('an address', () => {
  const faultOf = async (env: FunctionEnv, url: string) => (await asked(env, url)).body.faults;

  it('that is public is fetched and read', async () => {
    const { body } = await asked(envWith(), 'https://terms.example.org/x.ttl');
    expect([body.faults, body.concepts?.map(({ id }) => id)]).toEqual([[], ['lavoir']]);
  });

  it.each([
    'http://terms.example.org/',
    'https://terms.example.org:8443/',
    'https://a:b@terms.example.org/',
    'ftp://x',
    'file:///etc/passwd',
    'nowhere',
  ])('%s is not asked: https alone, its usual port, no name before it', async (url) => {
    expect(await faultOf(envWith({ open: () => Promise.reject(new Error('asked')) }), url)).toEqual([
      { code: 'address_not_https' },
    ]);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:93.184.216.34',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    'fec0::1',
    '::7f00:1',
    '2001:db8::1',
    'no address',
  ])('no host at %s is asked, whatever else it has', async (address) => {
    expect(isPublicAddress(address)).toBe(false);
    const env = envWith({
      resolve: async () => ['93.184.216.34', address],
      open: () => Promise.reject(new Error('asked')),
    });
    expect(await faultOf(env, 'https://terms.example.org/')).toEqual([{ code: 'address_not_public' }]);
  });

  it('public ones are', () => {
    expect(['93.184.216.34', '8.8.8.8', '2606:2800:220:1::1'].every(isPublicAddress)).toBe(true);
  });

  it('a literal address is checked like a name, however it is written', async () => {
    const env = envWith({ resolve: async (host) => [host], open: () => Promise.reject(new Error('asked')) });
    for (const url of [
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://0x7f.1/',
      'https://[::1]/',
      'https://[::ffff:7f00:1]/',
    ])
      expect(await faultOf(env, url)).toEqual([{ code: 'address_not_public' }]);
  });

  it('a name that has none is told', async () => {
    expect(
      await faultOf(
        envWith({ resolve: () => Promise.reject(new Error('ENOTFOUND')) }),
        'https://nowhere.example.org/',
      ),
    ).toEqual([{ code: 'address_unknown' }]);
  });

  it('leads on within its host alone, and is checked again there', async () => {
    const hops: string[] = [];
    const to = (location: string, addresses = ['93.184.216.34']) =>
      envWith({
        resolve: async () => (hops.length === 0 ? ['93.184.216.34'] : addresses),
        open: async (url) => {
          hops.push(url.href);
          return hops.length === 1
            ? new Response(null, { status: 302, headers: { location } })
            : new Response(TURTLE);
        },
      });
    const result = async (location: string, addresses?: string[]) => {
      hops.length = 0;
      return [await faultOf(to(location, addresses), 'https://terms.example.org/a'), hops.length];
    };
    expect(await result('/b.ttl')).toEqual([[], 2]);
    expect(await result('https://other.example.org/b.ttl')).toEqual([
      [{ code: 'address_elsewhere', detail: 'other.example.org' }],
      1,
    ]);
    expect(await result('http://terms.example.org/b.ttl')).toEqual([[{ code: 'address_not_https' }], 1]);
    // The name has another address the second time.
    expect(await result('/b.ttl', ['10.0.0.1'])).toEqual([[{ code: 'address_not_public' }], 1]);
    let times = 0;
    const ring = envWith({
      open: async () => ((times += 1), new Response(null, { status: 301, headers: { location: '/a' } })),
    });
    expect(await faultOf(ring, 'https://terms.example.org/a')).toMatchObject([{ code: 'address_elsewhere' }]);
    expect(times).toBe(4);
  });

  it('that sends too much is left', async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)),
    });
    const env = envWith({ open: async () => new Response(endless) });
    expect(await faultOf(env, 'https://terms.example.org/x')).toEqual([{ code: 'address_too_large' }]);
  });

  it('that refuses, or is a page for people, is told; the export beside a page is tried', async () => {
    const page = () => new Response('<!doctype html><p>', { headers: { 'content-type': 'text/html' } });
    expect(
      await faultOf(
        envWith({ open: async () => new Response('', { status: 403 }) }),
        'https://terms.example.org/',
      ),
    ).toEqual([{ code: 'address_status', detail: '403' }]);
    expect(await faultOf(envWith({ open: async () => page() }), 'https://terms.example.org/')).toEqual([
      { code: 'address_is_a_page' },
    ]);
    const skosmos = envWith({
      open: async (url) => (url.pathname.includes('/rest/v1/') ? new Response(TURTLE) : page()),
    });
    expect(await faultOf(skosmos, 'https://terms.example.org/skosmos/yso/fr/')).toEqual([]);
    expect(exportAddresses('https://o.example.org/opentheso/?idt=th12&idc=4')).toEqual([
      'https://o.example.org/opentheso/openapi/v1/thesaurus/th12',
      'https://o.example.org/opentheso/api/all/theso?id=th12&format=rdf',
    ]);
    expect(exportAddresses('https://o.example.org/openapi/v1/thesaurus/th12')).toEqual([
      'https://o.example.org/openapi/v1/thesaurus/th12',
    ]);
  });
});

describe('the local server', () => {
  it('connects to the address that was checked, under the name, and unpacks what is counted', async () => {
    const hosts: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/turtle' });
      response.end(request.url === '/bomb' ? gzipSync(new Uint8Array(64 * 1024 * 1024)) : gzipSync(TURTLE));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // Over plain HTTP: the rest of it is the same.
    const { open } = reachBy(httpRequest as typeof httpsRequest);
    const { signal } = new AbortController();
    const ask = (path: string) =>
      open(new URL(`http://terms.example.org:${port}${path}`), '127.0.0.1', {}, signal);
    expect(await (await ask('/')).text()).toBe(TURTLE);
    expect(hosts).toEqual([`terms.example.org:${port}`]);
    expect(await readBounded((await ask('/bomb')).body, 20 * 1024 * 1024)).toBeNull();
    server.closeAllConnections();
    server.close();
  });

  it('waits no longer than it was told', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { open } = reachBy(httpRequest as typeof httpsRequest);
    const stop = new AbortController();
    server.on('request', () => stop.abort(new Error('late')));
    await expect(
      open(new URL(`http://a.example.org:${port}/`), '127.0.0.1', {}, stop.signal),
    ).rejects.toThrow();
    // A body that never ends is left in its middle.
    const drip = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
    });
    const limit = new AbortController();
    const reading = readBounded(drip, 10, limit.signal);
    limit.abort(new Error('late'));
    await expect(reading).rejects.toThrow('late');
    server.closeAllConnections();
    server.close();
  });
});
