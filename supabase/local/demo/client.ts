import type { Handle } from '../auth-shim.ts';

/** One person of the demonstration, who does things through the API as a phone would. */
export interface DemoClient {
  userId: string;
  push(mutations: Record<string, unknown>[]): Promise<void>;
  upload(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  commitPhoto(declaration: Record<string, unknown>): Promise<void>;
}

interface PushAnswer {
  results: { mutation_id: string; status: string; code?: string; message?: string }[];
}

const accepted = new Set(['applied', 'merged', 'pending']);

/**
 * Signs a person in by their token.
 * @param api the backend, functions included
 */
export function createDemoClient(api: Handle, publishableKey: string, token: string): DemoClient {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string;
  };
  const send = async (path: string, contentType: string, body: BodyInit): Promise<Response> => {
    const headers = { apikey: publishableKey, authorization: `Bearer ${token}`, 'content-type': contentType };
    const response = await api(
      new Request(`http://capitelle.internal${path}`, { method: 'POST', headers, body }),
    );
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const sendJson = async (path: string, value: unknown): Promise<unknown> =>
    (await send(path, 'application/json', JSON.stringify(value))).json();

  return {
    userId: claims.sub,
    async push(mutations) {
      const p = {
        device_id: 'demonstration',
        client: { name: 'capitelle-demo', version: '1.0.0' },
        mutations,
      };
      const { results } = (await sendJson('/rest/v1/rpc/sync_push', { p })) as PushAnswer;
      const refused = results.find(({ status }) => !accepted.has(status));
      if (refused) throw new Error(`demonstration: ${JSON.stringify(refused)}`);
    },
    async upload(path, bytes) {
      await send(`/storage/v1/object/photos/${path}`, 'image/jpeg', bytes);
    },
    async commitPhoto(declaration) {
      const outcome = (await sendJson('/functions/v1/photo_commit', declaration)) as { status: string };
      if (outcome.status !== 'stored') throw new Error(`demonstration: ${JSON.stringify(outcome)}`);
    },
  };
}
