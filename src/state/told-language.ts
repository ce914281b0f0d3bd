import type { Api } from '../api/client.ts';
import { setLanguage } from '../api/preferences.ts';
import { setToldLanguage, toldLanguage } from '../db/meta.ts';
import type { Precious } from '../db/precious.ts';
import type { InterfaceLanguage } from './preferences.svelte.ts';

interface Deps {
  readonly api: Api;
  readonly precious: Precious;
}

/** In which the server writes to somebody who has told it nothing. */
const UNTOLD: InterfaceLanguage = 'fr';

/**
 * Tells the server in which language a person uses the app, once: they are written to in it. Throws ProblemError; the
 * next start tries again.
 */
export async function tellLanguage(
  { api, precious }: Deps,
  userId: string,
  language: InterfaceLanguage,
): Promise<void> {
  if (((await toldLanguage(precious, userId)) ?? UNTOLD) === language) return;
  await setLanguage(api, language, { asUser: userId });
  await setToldLanguage(precious, userId, language);
}
