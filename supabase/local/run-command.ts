import { UsageError } from './usage-error.ts';

/**
 * Runs what an administrator asked for on the command line. A failure is one sentence on the
 * error output and an exit code of 1; the stack is shown when DEBUG is set.
 */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(process.env['DEBUG'] ? error : sentence(error));
    process.exitCode = 1;
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const port = 'port' in error ? String(error.port) : '';
    return `Le port ${port} est déjà pris : arrêtez ce qui l'occupe, ou choisissez-en un autre avec PORT=4174 npm start.`;
  }
  if (code === 'ECONNREFUSED')
    return 'La base de DATABASE_URL ne répond pas : vérifiez son adresse et qu’elle est démarrée.';
  return error instanceof UsageError ? `${error.message} (${error.reason})` : error.message;
}
