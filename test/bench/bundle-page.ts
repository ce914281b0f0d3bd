import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

/** What a page of a benchmark is made of, by the path it asks for: its script first, then its workers. */
export async function bundlePage(entry: string): Promise<{ script: string; files: Map<string, string> }> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [svelte({ configFile: false })],
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: { input: entry, output: { format: 'es', codeSplitting: false } },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  const script = outputs.find((one) => one.type === 'chunk');
  if (!script) throw new Error(`${entry}: nothing was built`);
  const assets = outputs.filter((one) => one.type === 'asset');
  const files = new Map(assets.map((one) => [`/${one.fileName}`, String(one.source)]));
  return { script: script.code, files };
}
