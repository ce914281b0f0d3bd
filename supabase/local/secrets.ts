import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What only this data folder knows: tokens signed elsewhere are worth nothing here. */
export interface Secrets {
  jwtSecret: string;
  serviceKey: string;
}

/** Reads the secrets of a data folder, or makes them the first time; readable by their owner only. */
export async function readSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    await chmod(file, 0o600);
    return parse(text, file);
  }
  const secrets = { jwtSecret: token(48), serviceKey: `sb_secret_${token(24)}` };
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return secrets;
}

function parse(text: string, file: string): Secrets {
  const value: unknown = JSON.parse(text);
  if (
    typeof value === 'object' &&
    value !== null &&
    'jwtSecret' in value &&
    'serviceKey' in value &&
    typeof value.jwtSecret === 'string' &&
    typeof value.serviceKey === 'string'
  ) {
    return { jwtSecret: value.jwtSecret, serviceKey: value.serviceKey };
  }
  throw new Error(`${file} est illisible : restaurez-le, ou supprimez-le (chacun devra se reconnecter).`);
}

function token(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
