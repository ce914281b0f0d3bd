import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { deleteFolder, lastCode, startServer, temporaryFolder } from '../support/local-server.ts';

const slow = 180_000;

function client(server: LocalServer) {
  return createClient(server.url, server.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, flowType: 'pkce' },
  });
}

describe('the local server', () => {
  let folder: string;
  let server: LocalServer;
  const email = 'nouvelle@capitelle.test';

  const reached = new Set<string>();
  const { connect } = Socket.prototype;

  beforeAll(async () => {
    // Every connection of this process goes through here: HTTP, databases, mails, telemetry.
    Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
      const [target] = args.flat();
      const host =
        typeof target === 'object' && target !== null && 'host' in target ? target.host : undefined;
      reached.add(typeof host === 'string' ? host : 'local');
      return Reflect.apply(connect, this, args) as Socket;
    } as typeof connect;
    folder = await temporaryFolder();
    server = await startServer(folder, { staticDir: join(import.meta.dirname, '../../public') });
  }, slow);

  afterAll(async () => {
    Socket.prototype.connect = connect;
    await server.close();
    await deleteFolder(folder);
  });

  test('says when it is ready, and on what', async () => {
    const health: unknown = await (await fetch(`${server.url}/healthz`)).json();
    expect(health).toMatchObject({
      status: 'ok',
      contract: 1,
      database: 'pglite',
      horizon_age_s: 0,
      pending_jobs: 0,
    });
    expect(health).toHaveProperty('postgis', expect.stringMatching(/^3\.\d/));
  });

  test('sends rows gzipped to who takes it, and as they are to who does not', async () => {
    const ask = (encoding: string) =>
      fetch(`${server.url}/rest/v1/rpc/themes`, {
        headers: { apikey: server.publishableKey, 'accept-encoding': encoding },
      });
    const [zipped, plain] = [await ask('gzip'), await ask('identity')];
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    const text = await plain.text();
    expect(await zipped.text()).toBe(text);
    expect(Number(zipped.headers.get('content-length'))).toBeLessThan(text.length / 4);
    expect(zipped.headers.get('vary')).toMatch(/accept-encoding/i);
  });

  test('keeps its secrets to their owner', async () => {
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  test('an account is opened with a code received by e-mail', async () => {
    const { auth } = client(server);
    expect((await auth.signUp({ email, password: 'mot-de-passe' })).error).toBeNull();
    expect((await auth.signInWithPassword({ email, password: 'mot-de-passe' })).error?.code).toBe(
      'email_not_confirmed',
    );
    expect((await auth.verifyOtp({ email, token: '000000', type: 'email' })).error).not.toBeNull();
    const { data } = await auth.verifyOtp({ email, token: await lastCode(server, email), type: 'email' });
    expect(data.user?.email).toBe(email);
    expect((await auth.signInWithPassword({ email, password: 'mot-de-passe' })).error).toBeNull();
  });

  test('a second sign-up does not tell that the address is known, and its code signs in', async () => {
    const { auth } = client(server);
    const { data, error } = await auth.signUp({ email, password: 'un-autre-mot' });
    expect(error).toBeNull();
    expect(data.session).toBeNull();
    expect(
      (await auth.verifyOtp({ email, token: await lastCode(server, email), type: 'email' })).data.user?.email,
    ).toBe(email);
    expect((await auth.signInWithPassword({ email, password: 'un-autre-mot' })).error).not.toBeNull();
  });

  test('a code can be asked for again while the address is not confirmed', async () => {
    const { auth } = client(server);
    const other = 'distraite@capitelle.test';
    await auth.signUp({ email: other, password: 'mot-de-passe' });
    const first = await lastCode(server, other);
    expect((await auth.resend({ type: 'signup', email: other })).error).toBeNull();
    const second = await lastCode(server, other);
    expect(second).not.toBe(first);
    expect((await auth.verifyOtp({ email: other, token: second, type: 'email' })).error).toBeNull();
  });

  test('people sign in with a code, and change a forgotten password with another', async () => {
    const { auth } = client(server);
    expect((await auth.signInWithOtp({ email })).error).toBeNull();
    expect(
      (await auth.verifyOtp({ email, token: await lastCode(server, email), type: 'email' })).error,
    ).toBeNull();
    expect((await auth.resetPasswordForEmail(email)).error).toBeNull();
    expect(
      (await auth.verifyOtp({ email, token: await lastCode(server, email), type: 'recovery' })).error,
    ).toBeNull();
    expect((await auth.updateUser({ password: 'tout-nouveau' })).error).toBeNull();
    expect((await auth.signInWithPassword({ email, password: 'tout-nouveau' })).error).toBeNull();
  });

  test('a code cannot be guessed by trying', async () => {
    const { auth } = client(server);
    const victim = 'devinée@capitelle.test';
    const codes: (string | undefined)[] = [];
    for (let attempt = 0; attempt < 21; attempt++) {
      codes.push((await auth.verifyOtp({ email: victim, token: '123456', type: 'email' })).error?.code);
    }
    expect(codes.slice(0, 20)).not.toContain('over_request_rate_limit');
    expect(codes[20]).toBe('over_request_rate_limit');
  });

  test('requests at the same time each keep the rights of who sent them', async () => {
    const signedIn = client(server);
    await signedIn.auth.signInWithPassword({ email, password: 'tout-nouveau' });
    const anonymous = client(server);
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) => (index % 2 ? anonymous : signedIn).rpc('me', { p: {} })),
    );
    answers.forEach(({ error }, index) =>
      expect(error?.message).toBe(index % 2 ? 'auth_required' : undefined),
    );
  });

  test('without a key nothing is answered: the admin mode is off', async () => {
    expect((await fetch(`${server.url}/rest/v1/rpc/themes`)).status).toBe(401);
    expect(await (await fetch(`${server.url}/storage/v1/bucket`)).json()).toEqual([]);
    for (const path of ['/_system/info', '/_system/schema', '/studio']) {
      expect((await fetch(server.url + path)).status, path).toBe(404);
    }
  });

  test('the worker obeys the service key only', async () => {
    const call = (apikey: string) =>
      fetch(`${server.url}/functions/v1/worker`, { method: 'POST', headers: { apikey } });
    expect((await call(server.publishableKey)).status).toBe(403);
    expect((await call(server.serviceKey)).status).toBe(200);
  });

  test('pages carry a strict policy, files and functions are never run', async () => {
    const page = await fetch(`${server.url}/robots.txt`);
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const directive of [
      `script-src 'self'`,
      `object-src 'none'`,
      `base-uri 'none'`,
      `frame-ancestors 'none'`,
    ]) {
      expect(policy).toContain(directive);
    }
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    for (const path of ['/storage/v1/object/public/published/none.jpg', '/functions/v1/none']) {
      const { headers } = await fetch(server.url + path);
      expect(headers.get('content-security-policy'), path).toContain('sandbox');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });

  test('serves nothing from outside of its folder', async () => {
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/%00']) {
      expect((await fetch(server.url + path)).status, path).toBe(404);
    }
  });

  test('shared addresses lead to the application', async () => {
    const { status, headers } = await fetch(`${server.url}/p/01a2008d-7400-75b6-bbae-b112bc0f6ff5`, {
      redirect: 'manual',
    });
    expect(status).toBe(302);
    expect(headers.get('location')).toBe('/#/p/01a2008d-7400-75b6-bbae-b112bc0f6ff5');
  });

  test('a body that is too large is refused before it is stored', async () => {
    const response = await fetch(`${server.url}/rest/v1/rpc/sync_push`, {
      method: 'POST',
      headers: { apikey: server.publishableKey, 'content-type': 'application/json' },
      body: 'x'.repeat(9 * 1024 * 1024 + 1),
    });
    expect(response.status).toBe(413);
  });

  test('a folder has one server at a time', async () => {
    await expect(startServer(folder)).rejects.toMatchObject({ reason: 'folder_in_use' });
  });

  test(
    'what was written is there after a restart',
    async () => {
      await server.close();
      server = await startServer(folder);
      expect(
        (await client(server).auth.signInWithPassword({ email, password: 'tout-nouveau' })).error,
      ).toBeNull();
    },
    slow,
  );

  test(
    'a port that is taken is said in one line',
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => other.once('listening', resolve));
      const { port } = other.address() as AddressInfo;
      const elsewhere = await temporaryFolder();
      const env = {
        ...process.env,
        PORT: String(port),
        DATA_DIR: join(elsewhere, 'data'),
        DEMO: '0',
        HOST: '127.0.0.1',
      };
      const { code, errors } = await run('start.ts', [], env);
      other.close();
      await deleteFolder(elsewhere);
      expect(code).toBe(1);
      expect(errors.trim().split('\n')).toHaveLength(1);
      expect(errors).toContain(`Le port ${port} est déjà pris`);
    },
    slow,
  );

  test('a demonstration is refused where others could reach it', async () => {
    const { code, errors } = await run('start.ts', [], {
      ...process.env,
      HOST: '0.0.0.0',
      DEMO: '1',
      DATA_DIR: join(folder, 'none'),
    });
    expect(code).toBe(1);
    expect(errors).toContain('demo_on_network');
  });
});

function run(
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../../supabase/local', script), ...args],
      { env },
    );
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.once('exit', (code) => resolve({ code, errors }));
  });
}
