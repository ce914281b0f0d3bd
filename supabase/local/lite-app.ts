import { App, setExperimental } from '@supabase/lite';
import type { Database } from './database.ts';
import type { SendMail } from './mail-drop.ts';
import { mailTexts } from './mail-texts.ts';
import type { Secrets } from './secrets.ts';
import { createStorageAdapter } from './storage-adapter.ts';

export interface LiteOptions {
  database: Database;
  secrets: Secrets;
  publishableKey: string;
  publicUrl: string;
  storageDir: string;
  sendMail: SendMail;
}

/**
 * @supabase/lite as a library: auth, REST and storage over our database. Its admin mode, its
 * studio and its command line (which sends telemetry) stay out of it.
 */
export async function createLiteApp(options: LiteOptions): Promise<App> {
  setExperimental('storage', true);
  shortenErrors(options.database);
  const app = new App({
    connection: options.database.connection,
    api: { schemas: ['public'], extra_search_path: [] },
    studio: { enabled: false },
    storage: { enabled: true, file_size_limit: '8MiB' },
    db: { migrations: { enabled: false } },
    auth: {
      enabled: true,
      enable_signup: true,
      jwt_secret: options.secrets.jwtSecret,
      secret_key: options.secrets.serviceKey,
      publishable_key: options.publishableKey,
      site_url: options.publicUrl,
      minimum_password_length: 8,
      email: { enable_signup: true, enable_confirmations: true, otp_length: 6, otp_expiry: 3600 },
    },
    options: {
      server: { admin: false, disableStudio: true },
      drivers: { sms: { send: async () => undefined } },
    },
  });
  app._storageAdapter = createStorageAdapter(options.storageDir);
  app._mailer = createMailer(options.sendMail);
  await initQuietly(app);
  return app;
}

/** lite warns at each start that its storage is experimental: CONTRIBUTING says it once. */
async function initQuietly(app: App): Promise<void> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    await app.init();
  } finally {
    console.warn = warn;
  }
}

function createMailer(send: SendMail): NonNullable<App['_mailer']> {
  return {
    sendConfirmation: (email, _token, code) => send(email, mailTexts.confirmation(code)),
    sendMagicLink: (email, _token, code) => send(email, mailTexts.signIn(code)),
    sendRecovery: (email, _token, code) => send(email, mailTexts.recovery(code)),
    sendEmailChange: (email, _token, code) => send(email, mailTexts.emailChange(code)),
    sendReauthentication: (email, code) => send(email, mailTexts.reauthentication(code)),
  };
}

/** Errors that were raised on purpose as an answer: lite prints them all the same. */
const answers = new WeakSet<object>();
const inspect = Symbol.for('nodejs.util.inspect.custom');
const printError = console.error;
console.error = (...parts: unknown[]) => {
  const [first] = parts;
  if (typeof first !== 'object' || first === null || !answers.has(first)) printError(...parts);
};

/** lite prints every database error: an answer (PT4xx) needs no line, the rest one. */
function shortenErrors(database: Database): void {
  const { connection } = database;
  const normalize = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error) => {
    const normalized = normalize(error);
    if (typeof normalized === 'object' && normalized !== null) {
      const { code = '', message = '' } = normalized as { code?: string; message?: string };
      if (/^PT4\d\d$/.test(code)) answers.add(normalized);
      Object.defineProperty(normalized, inspect, {
        value: () => `[sql] ${code} ${message}`,
        configurable: true,
      });
    }
    return normalized;
  };
}
