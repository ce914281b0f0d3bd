import { setPassword } from '../api/auth.ts';
import type { SessionApi } from '../api/session.ts';
import type { AwaitedCode } from '../db/meta.ts';

/** The password typed on this device for an account whose address is not proven yet: in memory only. */
export class ChosenPassword {
  #kept: { email: string; password: string } | null = null;

  keep(email: string, password: string): void {
    this.#kept = { email, password };
  }

  forget(): void {
    this.#kept = null;
  }

  /**
   * Once the code was accepted, makes it the password of a new account: somebody else who had signed
   * up with the address before may have left theirs, or none. Answers whether the account needs no
   * other: one that is being recovered does.
   */
  async settle(api: SessionApi, code: AwaitedCode, hasPassword: boolean | undefined): Promise<boolean> {
    const kept = this.#kept;
    this.forget();
    if (code.purpose !== 'signup') return code.purpose === 'email';
    if (kept?.email !== code.email) return hasPassword !== false;
    return setPassword(api, kept.password).then(
      () => true,
      () => false,
    );
  }
}
