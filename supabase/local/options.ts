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
