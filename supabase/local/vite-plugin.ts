import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Plugin, ViteDevServer } from 'vite';
import type { Backend } from './backend.ts';
import { openBackend } from './open-backend.ts';
import { readSettings } from './settings.ts';

/** `npm run dev`: Vite serves the application with hot reload over the same backend as `npm start`. */
export function localBackend(): Plugin {
  let backend: Backend | undefined;
  return {
    name: 'capitelle-local-backend',
    apply: (_config, { command, isPreview }) =>
      command === 'serve' && isPreview !== true && process.env['VITEST'] === undefined,
    async configureServer(server) {
      backend = await open(server);
      const api = backend;
      const listener = getRequestListener(
        async (request) => (await api.handle(request)) ?? new Response(null, { status: 404 }),
      );
      server.middlewares.use((request, response, next) => {
        if (isApi(request.url ?? '')) void listener(request, response);
        else next();
      });
    },
    async closeBundle() {
      await backend?.close();
      backend = undefined;
    },
  };
}

async function open(server: ViteDevServer): Promise<Backend> {
  const settings = readSettings({
    ...process.env,
    DATA_DIR: process.env['DATA_DIR'] ?? join(server.config.root, '.capitelle'),
  });
  const announce = (line: string) => server.config.logger.info(line);
  return openBackend(
    { ...settings, announce },
    settings.publicUrl ?? `http://127.0.0.1:${server.config.server.port}`,
  );
}

function isApi(url: string): boolean {
  return url === '/healthz' || /^\/(auth|rest|storage|functions)\/v1\//.test(url);
}
