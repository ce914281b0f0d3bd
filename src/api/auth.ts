import { ProblemError } from '../domain/problems.ts';
import type { SessionApi } from './session.ts';
import { type AuthErrorLike, problemOfAuth } from './problems.ts';

/** Who is signed in, as the auth server knows them. */
export interface SignedIn {
  readonly id: string;
  readonly email: string;
}

interface UserLike {
  readonly id: string;
  readonly email?: string | undefined;
}

function signedIn(user: UserLike | null | undefined): SignedIn | null {
  return user ? { id: user.id, email: user.email ?? '' } : null;
}

interface AuthAnswer {
  readonly data: unknown;
  readonly error: AuthErrorLike | null;
}

function settle<A extends AuthAnswer>(answer: A): Extract<A, { error: null }>['data'] {
  if (answer.error) throw new ProblemError(problemOfAuth(answer.error));
  return answer.data;
}

/** Makes an account. Null when the e-mail must be confirmed first: a code was sent. */
export async function signUp(api: SessionApi, email: string, password: string): Promise<SignedIn | null> {
  const { auth } = await api.supabase();
  const data = settle(await auth.signUp({ email, password }));
  return data.session ? signedIn(data.user) : null;
}

/** Signs in with a password. */
export async function signInWithPassword(
  api: SessionApi,
  email: string,
  password: string,
): Promise<SignedIn> {
  const { auth } = await api.supabase();
  const { user } = settle(await auth.signInWithPassword({ email, password }));
  return { id: user.id, email: user.email ?? email };
}

/** Sends a code by e-mail to whoever has an account. */
export async function requestCode(api: SessionApi, email: string): Promise<void> {
  const { auth } = await api.supabase();
  settle(await auth.signInWithOtp({ email, options: { shouldCreateUser: false } }));
}

/** Sends a new account's confirmation code again. */
export async function requestSignUpCode(api: SessionApi, email: string): Promise<void> {
  const { auth } = await api.supabase();
  settle(await auth.resend({ type: 'signup', email }));
}

export type CodePurpose = 'email' | 'signup' | 'recovery';

/** Signs in with a code received by e-mail. */
export async function verifyCode(
  api: SessionApi,
  email: string,
  code: string,
  purpose: CodePurpose = 'email',
): Promise<SignedIn> {
  const { auth } = await api.supabase();
  const data = settle(await auth.verifyOtp({ email, token: code.trim(), type: purpose }));
  const user = signedIn(data.user);
  if (!user) throw new ProblemError('invalid_code');
  return user;
}

/** Sends a code with which a forgotten password can be replaced. */
export async function requestPasswordReset(api: SessionApi, email: string): Promise<void> {
  const { auth } = await api.supabase();
  settle(await auth.resetPasswordForEmail(email));
}

/** Makes this the signed-in user's password, whichever it was before. */
export async function setPassword(api: SessionApi, password: string): Promise<void> {
  const { auth } = await api.supabase();
  const answer = await auth.updateUser({ password });
  if (answer.error?.code !== 'same_password') settle(answer);
}

/** Signs this device out. The server may be out of reach: the local session goes in any case. */
export async function signOut(api: SessionApi): Promise<void> {
  const { auth } = await api.supabase();
  await auth.signOut({ scope: 'local' });
}

/**
 * Tells of sign-ins and lost sessions. Returns how to stop. An initial session that could not be
 * read says nothing: offline it is only out of reach.
 */
export async function onSessionChange(
  api: SessionApi,
  tell: (user: SignedIn | null) => void,
): Promise<() => void> {
  const { auth } = await api.supabase();
  const { data } = auth.onAuthStateChange((event, session) => {
    if (session || event === 'SIGNED_OUT') tell(signedIn(session?.user));
  });
  return () => data.subscription.unsubscribe();
}
