import { randomBytes } from 'node:crypto';
import type { Database } from '../database.ts';
import type { SendMail } from '../mail-drop.ts';
import { withAuthShim, type Handle } from '../auth-shim.ts';

/** Password of the accounts that the documentation names (contract §1). */
const demoPassword = 'capitelle-demo';

/** An account of the demonstration. */
export interface DemoAccount {
  email: string;
  name: string;
  /** Chose to be named as author. */
  isNamed: boolean;
  hasAcceptedCharter: boolean;
  memberships: { group: string; role: 'moderator' | 'coordinator'; territories: string[] }[];
  /** Nobody signs in with it: it is there as the author of points. */
  isExtra?: boolean;
}

const groups = ['heritage', 'accessibility', 'lighting'];

/** The four accounts of contract §1, then the fictional volunteers who captured the demo points. */
const demoAccounts = [
  {
    email: 'volontaire@capitelle.test',
    name: 'Alix',
    isNamed: false,
    hasAcceptedCharter: false,
    memberships: [],
  },
  {
    email: 'moderation@capitelle.test',
    name: 'Camille',
    isNamed: false,
    hasAcceptedCharter: true,
    memberships: groups.map((group) => ({ group, role: 'moderator', territories: ['*'] })),
  },
  {
    email: 'secteur@capitelle.test',
    name: 'Dominique',
    isNamed: false,
    hasAcceptedCharter: true,
    memberships: [{ group: 'heritage', role: 'moderator', territories: ['11'] }],
  },
  {
    email: 'coordination@capitelle.test',
    name: 'Claude',
    isNamed: false,
    hasAcceptedCharter: true,
    memberships: groups.map((group) => ({ group, role: 'coordinator', territories: ['*'] })),
  },
  {
    email: 'maylis@capitelle.test',
    name: 'Maylis R.',
    isNamed: true,
    hasAcceptedCharter: true,
    memberships: [],
    isExtra: true,
  },
  {
    email: 'joan@capitelle.test',
    name: 'Joan T.',
    isNamed: false,
    hasAcceptedCharter: true,
    memberships: [],
    isExtra: true,
  },
] as const satisfies DemoAccount[];

/** Address of a demonstration account. */
export type DemoEmail = (typeof demoAccounts)[number]['email'];

/** Takes the codes out of the mails that accounts are sent, instead of sending them. */
export function createCodeCatcher(): { sendMail: SendMail; codeFor(email: string): string } {
  const codes = new Map<string, string>();
  return {
    async sendMail(to, mail) {
      const code = /\b\d{6}\b/.exec(mail.text)?.[0];
      if (code !== undefined) codes.set(to, code);
    },
    codeFor(email) {
      const code = codes.get(email);
      if (code === undefined) throw new Error(`no code was sent to ${email}`);
      return code;
    },
  };
}

/**
 * Creates the accounts as people do, by sign-up and code, then gives them their roles.
 * @param api a server whose mails go to `codeFor`
 * @returns the access token of each account
 */
export async function createDemoAccounts(
  database: Database,
  api: Handle,
  publishableKey: string,
  codeFor: (email: string) => string,
): Promise<Map<DemoEmail, string>> {
  const auth = withAuthShim(api);
  const tokens = new Map<DemoEmail, string>();
  const post = async (path: string, body: unknown): Promise<{ access_token?: string }> => {
    const request = new Request(`http://capitelle.internal/auth/v1/${path}`, {
      method: 'POST',
      headers: { apikey: publishableKey, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const response = await auth(request);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { access_token?: string };
  };
  for (const account of demoAccounts as readonly DemoAccount[]) {
    const { email } = account;
    const password = account.isExtra ? randomBytes(24).toString('base64url') : demoPassword;
    await post('signup', { email, password });
    const session = await post('verify', { type: 'email', email, token: codeFor(email) });
    tokens.set(email as DemoEmail, session.access_token ?? '');
    await giveRoles(database, account);
  }
  return tokens;
}

async function giveRoles(database: Database, account: DemoAccount): Promise<void> {
  await database.query('select private.ensure_profile(id) from auth.users where email = $1', [account.email]);
  await database.query(
    `update app.profiles set display_name = $2, named = $3::boolean
     where user_id = (select id from auth.users where email = $1)`,
    [account.email, account.name, account.isNamed],
  );
  if (account.hasAcceptedCharter) {
    await database.query(
      `insert into app.charter_acceptances (user_id, rev)
       select id, private.current_charter() from auth.users where email = $1 on conflict do nothing`,
      [account.email],
    );
  }
  await database.query(
    `insert into app.memberships (user_id, group_id, role, territories)
     select u.id, m."group", m.role, m.territories
     from auth.users as u, jsonb_to_recordset($2::jsonb) as m ("group" text, role text, territories text[])
     where u.email = $1 on conflict do nothing`,
    [account.email, JSON.stringify(account.memberships)],
  );
}
