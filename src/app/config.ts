/** Where the backend answers, set at build time; by default the origin that served the app. */
export interface Config {
  readonly url: string;
  readonly publishableKey: string;
  readonly version: string;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value ? value : null);

/** Reads the settings of this build. */
export function readConfig(env: Record<string, unknown>, origin: string): Config {
  return {
    url: (text(env['VITE_SUPABASE_URL']) ?? origin).replace(/\/+$/, ''),
    publishableKey: text(env['VITE_SUPABASE_PUBLISHABLE_KEY']) ?? 'sb_publishable_local',
    version: text(env['VITE_APP_VERSION']) ?? '0.1.0',
  };
}
