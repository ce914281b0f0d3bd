import { acceptCharter, fetchMe, updateProfile } from '../api/account.ts';
import {
  onSessionChange,
  requestCode,
  requestPasswordReset,
  requestSignUpCode,
  setPassword,
  type SignedIn,
  signInWithPassword,
  signOut,
  signUp,
  verifyCode,
} from '../api/auth.ts';
import type { SessionApi } from '../api/session.ts';
import {
  awaitedCode,
  type AwaitedCode,
  forgetMe,
  knownMe,
  lastUser,
  type LastUser,
  setAwaitedCode,
  setKnownMe,
  setLastUser,
} from '../db/meta.ts';
import type { Precious } from '../db/precious.ts';
import { type CharterText, hasAcceptedCharter, isModerator, type Me } from '../domain/account.ts';
import { ChosenPassword } from './chosen-password.ts';
import { live, type Live } from './live.svelte.ts';
import { countUnsent, NOTHING_UNSENT, type Unsent } from './unsent.ts';

/** What follows a sign-in: the app, or the charter first. */
export type NextStep = 'home' | 'charter' | 'code' | 'new_password';

interface SessionDeps {
  readonly api: SessionApi;
  readonly precious: Precious;
  /** Called when another person, or nobody, uses this device from now on. */
  readonly onUser?: (user: LastUser | null, previous: LastUser | null) => void | Promise<void>;
}

/**
 * Who uses this device. Identity comes from what is stored here, so that it holds for weeks without
 * network; what the auth server says of the session changes a banner and nothing else.
 */
export class Session {
  #api: SessionApi;
  #precious: Precious;
  #onUser: SessionDeps['onUser'];
  #user = $state.raw<LastUser | null>(null);
  #me = $state.raw<Me | null>(null);
  #isExpired = $state(false);
  #awaited = $state.raw<AwaitedCode | null>(null);
  #chosen = new ChosenPassword();
  #stopListening: (() => void) | null = null;
  #unsent: Live<Unsent>;

  readonly hasCharter: boolean = $derived(this.#me !== null && hasAcceptedCharter(this.#me));
  readonly moderatesSomething: boolean = $derived(isModerator(this.#me));

  /** Call it where effects live: in a component or an effect root. */
  constructor({ api, precious, onUser }: SessionDeps) {
    this.#api = api;
    this.#precious = precious;
    this.#onUser = onUser;
    this.#unsent = live(() => countUnsent(precious, this.#user?.id ?? null), NOTHING_UNSENT);
  }

  /** Contributions of this person that have not arrived. */
  get unsent(): Unsent {
    return this.#unsent.current;
  }

  /** The person, from this device's memory; null when nobody is signed in. */
  get user(): LastUser | null {
    return this.#user;
  }

  get isSignedIn(): boolean {
    return this.#user !== null;
  }

  /** The account as the server last described it; null until it has, once. */
  get me(): Me | null {
    return this.#me;
  }

  /** The server no longer knows the session: sending waits for a new sign-in. */
  get isExpired(): boolean {
    return this.#isExpired;
  }

  /** The code that the person was sent and has not typed yet. */
  get awaited(): AwaitedCode | null {
    return this.#awaited;
  }

  /** The charter in a language, French where there is no other; null until the account was read. */
  charterIn(language: string): CharterText | null {
    const texts = this.#me?.charter.texts;
    return texts?.[language] ?? texts?.['fr'] ?? null;
  }

  /** Reads what this device remembers. Call once, before anything asks who is there. */
  async restore(): Promise<void> {
    this.#awaited = await awaitedCode(this.#precious);
    const user = await lastUser(this.#precious);
    if (!user) return;
    this.#user = user;
    this.#me = await knownMe(this.#precious, user.id);
    await this.#onUser?.(user, null);
  }

  /** Asks the server about the account and listens for a lost session. Fails without network. */
  async refresh(): Promise<void> {
    const user = this.#user;
    if (!user) return;
    await this.#listen();
    await this.#learn(await fetchMe(this.#api));
    this.#isExpired = false;
  }

  async signIn(email: string, password: string): Promise<NextStep> {
    this.#chosen.keep(email, password);
    const user = await signInWithPassword(this.#api, email, password);
    this.#chosen.forget();
    return this.#enter(user);
  }

  /** Makes an account; most often a code must be typed first. */
  async signUp(email: string, password: string): Promise<NextStep> {
    this.#chosen.keep(email, password);
    const user = await signUp(this.#api, email, password);
    if (user) return this.#enter(user);
    await this.#await({ email, purpose: 'signup' });
    return 'code';
  }

  /** Sends a code instead of asking for the password. */
  async requestCode(email: string): Promise<void> {
    await requestCode(this.#api, email);
    await this.#await({ email, purpose: 'email' });
  }

  /** Sends a code with which a forgotten password is replaced. */
  async requestReset(email: string): Promise<void> {
    await requestPasswordReset(this.#api, email);
    await this.#await({ email, purpose: 'recovery' });
  }

  /** A new account's code again, for someone who signs in before having typed it. */
  async requestSignUpCode(email: string): Promise<void> {
    await requestSignUpCode(this.#api, email);
    await this.#await({ email, purpose: 'signup' });
  }

  /** The awaited code once more. */
  async requestAgain(): Promise<void> {
    const { email, purpose } = this.#awaited ?? {};
    if (!email) return;
    if (purpose === 'signup') await this.requestSignUpCode(email);
    else if (purpose === 'recovery') await this.requestReset(email);
    else await this.requestCode(email);
  }

  /** Types the code that was received. */
  async enterCode(code: string): Promise<NextStep> {
    const awaited = this.#awaited;
    if (!awaited) return 'home';
    const user = await verifyCode(this.#api, awaited.email, code, awaited.purpose);
    await this.#await(null);
    const next = await this.#enter(user);
    const isSettled = await this.#chosen.settle(this.#api, awaited, this.#me?.has_password);
    return isSettled ? next : 'new_password';
  }

  giveUpCode = (): Promise<void> => this.#await(null);

  async changePassword(password: string): Promise<NextStep> {
    await setPassword(this.#api, password);
    return this.#nextStep();
  }

  /** Accepts the charter that was shown. */
  async acceptCharter(): Promise<void> {
    const current = this.#me?.charter.current ?? null;
    if (current !== null) await this.#learn(await acceptCharter(this.#api, current));
  }

  async updateProfile(changes: { display_name?: string; named?: boolean }): Promise<void> {
    await this.#learn(await updateProfile(this.#api, changes));
  }

  /** Leaves this device. What waits to be sent stays, for the day the person is back. */
  async signOut(): Promise<void> {
    const user = this.#user;
    this.#stopListening?.();
    this.#stopListening = null;
    // Offline the library may fail to load: the device forgets the person all the same.
    await signOut(this.#api).catch(() => undefined);
    await setLastUser(this.#precious, null);
    if (user) await forgetMe(this.#precious, user.id);
    this.#user = null;
    this.#me = null;
    this.#isExpired = false;
    await this.#onUser?.(null, user);
  }

  async #enter({ id, email }: SignedIn): Promise<NextStep> {
    const previous = this.#user;
    const user: LastUser = { id, email, display_name: null };
    await setLastUser(this.#precious, user);
    this.#user = user;
    this.#isExpired = false;
    this.#me = await knownMe(this.#precious, id);
    if (previous?.id !== id) await this.#onUser?.(user, previous);
    // The person is in; an account that does not answer now will at the next refresh.
    await this.refresh().catch(() => undefined);
    return this.#nextStep();
  }

  #nextStep(): NextStep {
    return this.#me === null || this.hasCharter ? 'home' : 'charter';
  }

  async #learn(me: Me): Promise<void> {
    const user = this.#user;
    // An answer about somebody else must not be shown, nor kept.
    if (!user || me.user_id !== user.id) return;
    this.#me = me;
    await setKnownMe(this.#precious, me);
    if (user.display_name !== me.display_name) {
      this.#user = { ...user, display_name: me.display_name };
      await setLastUser(this.#precious, this.#user);
    }
  }

  async #await(awaited: AwaitedCode | null): Promise<void> {
    this.#awaited = awaited;
    await setAwaitedCode(this.#precious, awaited);
  }

  async #listen(): Promise<void> {
    this.#stopListening ??= await onSessionChange(this.#api, (user) => {
      if (this.#user) this.#isExpired = user?.id !== this.#user.id;
    });
  }
}
