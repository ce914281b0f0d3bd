import type { LocalServer } from '../../supabase/local/server.ts';

/** What accounts and phones need of a server. */
export type Reachable = Pick<LocalServer, 'url' | 'publishableKey' | 'sql'>;

export const PASSWORD = 'une phrase de passe assez longue';

interface Account {
  readonly id: string;
  readonly email: string;
}

/** Makes an account with a verified e-mail, without going through its mail. */
export async function makeAccount(server: Reachable, email: string): Promise<Account> {
  const response = await fetch(`${server.url}/auth/v1/signup`, {
    method: 'POST',
    headers: { apikey: server.publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (!response.ok) throw new Error(`sign-up: ${response.status} ${await response.text()}`);
  await server.sql('update auth.users set email_confirmed_at = now() where email = $1', [email]);
  const [row] = await server.sql<{ id: string }>('select id from auth.users where email = $1', [email]);
  if (!row) throw new Error(`no account ${email}`);
  return { id: row.id, email };
}

/** The same, having accepted the current charter. */
export async function makeContributor(server: Reachable, email: string): Promise<Account> {
  const account = await makeAccount(server, email);
  await server.sql('select private.ensure_profile($1)', [account.id]);
  await server.sql(
    'insert into app.charter_acceptances (user_id, rev) select $1, private.current_charter()',
    [account.id],
  );
  return account;
}

/** The same, moderator of every theme's group, everywhere. */
export async function makeModerator(server: Reachable, email: string): Promise<Account> {
  const account = await makeContributor(server, email);
  await server.sql(
    `insert into app.memberships (user_id, group_id, role, territories)
     select $1, id, 'moderator', '{*}' from app.groups`,
    [account.id],
  );
  return account;
}
