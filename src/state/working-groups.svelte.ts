import type { Api } from '../api/client.ts';
import {
  fetchMembers,
  invite,
  removeMember,
  revokeInvitation,
  type Role,
  setMember,
  type WorkingGroup,
} from '../api/members.ts';
import { type Problem, problemOf } from '../domain/problems.ts';

export type { Invitation, Member, Role, RoleChange, WorkingGroup } from '../api/members.ts';

interface Deps {
  readonly api: Api;
  readonly userId: () => string | null;
  /** Learns anew who the person is: they may have left a group. */
  readonly refreshMe: () => Promise<void>;
}

/** The groups that the person coordinates: who is in them, who was invited. Nothing of it is kept on the device. */
export class WorkingGroups {
  #deps: Deps;
  #told = $state.raw<{ readonly by: string | null; readonly groups: readonly WorkingGroup[] } | null>(null);
  #problem = $state.raw<Problem | null>(null);

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Null until the server told who is signed in now: the next person on this device reads nothing of it. */
  get list(): readonly WorkingGroup[] | null {
    return this.#told?.by === this.#deps.userId() ? (this.#told?.groups ?? null) : null;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  group(id: string): WorkingGroup | undefined {
    return this.list?.find((one) => one.group === id);
  }

  /** Asks the server. Never throws: see `problem`. */
  async load(): Promise<void> {
    const by = this.#deps.userId();
    try {
      this.#told = { by, groups: await fetchMembers(this.#deps.api) };
      this.#problem = null;
    } catch (cause) {
      this.#problem = problemOf(cause);
    }
  }

  /** Offers a role by mail. Throws ProblemError. */
  async invite(group: string, email: string, role: Role): Promise<void> {
    await this.#do(() => invite(this.#deps.api, group, email.trim(), role));
  }

  /** Takes an offer back. Throws ProblemError. */
  async revoke(invitationId: string): Promise<void> {
    await this.#do(() => revokeInvitation(this.#deps.api, invitationId));
  }

  /** Changes somebody's role and territories. Throws ProblemError. */
  async change(group: string, userId: string, role: Role): Promise<void> {
    await this.#do(() => setMember(this.#deps.api, group, userId, role));
  }

  /** Ends somebody's role. Throws ProblemError. */
  async remove(group: string, userId: string): Promise<void> {
    await this.#do(() => removeMember(this.#deps.api, group, userId));
  }

  /** Ends one's own. Throws ProblemError `last_coordinator`. */
  async leave(group: string, userId: string): Promise<void> {
    await this.remove(group, userId);
    await this.#deps.refreshMe().catch(() => undefined);
  }

  /** Whatever came of it, what is shown is what the server now says. */
  async #do(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } finally {
      await this.load();
    }
  }
}
