import { UsageError } from './usage-error.ts';

/** How a local server is started. */
export interface LocalServerOptions {
  /** Folder of the embedded database, the photos, the mails and the secrets. */
  dataDir: string;
  /** `postgres://` address of a PostgreSQL 15+ with PostGIS; the embedded database without it. */
  databaseUrl?: string;
  /** 0 takes a free port. */
  port: number;
  host: string;
  /** Demonstration accounts and points. */
  demo: boolean;
  /** Lets others than this machine reach a demonstration, whose passwords are public. */
  demoOnNetwork?: boolean;
  /** Folder of the built application; only the API is served without it. */
  staticDir?: string;
  /** Address under which people reach the application, when it isn't the one listened on. */
  publicUrl?: string;
  publishableKey?: string;
  /** `smtp://user:password@host:port`; mails are written to the outbox folder without it. */
  smtpUrl?: string;
  mailFrom?: string;
  basemapUrl?: string;
  /** Says what a person at the console should know; nothing is said without it. */
  announce?: (line: string) => void;
}

/** Whether only this machine can reach a server that listens on this host. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Rejects a demonstration that others than this machine could reach, unless it is wanted. */
export function refuseDemoOnNetwork(options: Pick<LocalServerOptions, 'host' | 'demoOnNetwork'>): void {
  if (isLoopback(options.host) || options.demoOnNetwork === true) return;
  throw new UsageError(
    'demo_on_network',
    `Démonstration refusée sur HOST=${options.host} : ses mots de passe sont publics. Mettez DEMO=0 et un autre DATA_DIR, ou DEMO_ON_NETWORK=1 si c'est voulu.`,
  );
}
