import { rolesToldAt, setRolesToldAt } from '../db/meta.ts';
import type { Precious } from '../db/precious.ts';
import type { Me, Membership } from '../domain/account.ts';
import { newRoles } from '../domain/new-roles.ts';

interface Deps {
  readonly precious: Precious;
  readonly me: () => Me | null;
  readonly now: () => Date;
}

/** The roles that an invitation gave to somebody, until they were told. */
export class RoleNews {
  #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What the person was given and does not know of yet, as far as this device can tell. */
  async untold(): Promise<readonly Membership[]> {
    const { precious, me, now } = this.#deps;
    const account = me();
    if (!account) return [];
    return newRoles(account.memberships, await rolesToldAt(precious, account.user_id), now());
  }

  /** They read it. */
  async told(): Promise<void> {
    const { precious, me, now } = this.#deps;
    const account = me();
    if (account) await setRolesToldAt(precious, account.user_id, now().toISOString());
  }
}
