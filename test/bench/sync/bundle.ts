import { join } from 'node:path';
import { build } from 'vite';

/** Who is measured. */
export const PARTIES = ['ours', 'pouchdb', 'rxdb'] as const;
export type PartyName = (typeof PARTIES)[number];

/** Builds a party's page for the browser, from the sources: one script. */
export async function bundle(party: PartyName): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'page'),
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: {
        input: join(import.meta.dirname, 'page', `${party}.ts`),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const output = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  const [script] = output.filter((one) => one.type === 'chunk');
  if (!script) throw new Error(`${party}: nothing was built`);
  return script.code;
}
