import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { refuseDemoOnNetwork, type LocalServerOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

/** Reads the settings of the local server from the environment (contract §1). */
export function readSettings(env: NodeJS.ProcessEnv): LocalServerOptions {
  const dataDir = resolve(env['DATA_DIR'] ?? '.capitelle');
  const host = env['HOST'] ?? '127.0.0.1';
  const options: LocalServerOptions = {
    dataDir,
    port: readPort(env['PORT'] ?? '4173'),
    host,
    demo: wantsDemo(env, dataDir),
    demoOnNetwork: env['DEMO_ON_NETWORK'] === '1',
    ...optional('databaseUrl', env['DATABASE_URL']),
    ...optional('publicUrl', env['PUBLIC_URL']),
    ...optional('publishableKey', env['SUPABASE_PUBLISHABLE_KEY']),
    ...optional('smtpUrl', env['SMTP_URL']),
    ...optional('mailFrom', env['MAIL_FROM']),
    ...optional('basemapUrl', env['VITE_BASEMAP_URL']),
  };
  if (options.demo) refuseDemoOnNetwork(options);
  return options;
}

function wantsDemo(env: NodeJS.ProcessEnv, dataDir: string): boolean {
  const asked = env['DEMO'];
  if (asked !== undefined && asked !== '') return asked !== '0';
  return env['DATABASE_URL'] === undefined && !existsSync(dataDir);
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError('invalid_port', `PORT=${text} n'est pas un numéro de port (0 à 65535).`);
}

function optional<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined || value === '' ? {} : ({ [name]: value } as Record<Name, string>);
}
