import * as z from 'zod/mini';

import { isProblemCode, problem, type Problem, problemOfCode } from '../domain/problems.ts';

const errorBodySchema = z.object({
  code: z.optional(z.nullable(z.union([z.string(), z.number()]))),
  message: z.optional(z.nullable(z.string())),
  details: z.optional(z.nullable(z.string())),
});

/** The problem of a refused call (contract §2): our own codes first, then what the status says. */
export function problemOfResponse(status: number, body: unknown): Problem {
  const parsed = errorBodySchema.safeParse(body);
  const details = parsed.success ? (parsed.data.details ?? parsed.data.message ?? '') : '';
  if (parsed.success && isProblemCode(parsed.data.message)) {
    return problem(parsed.data.message, parsed.data.details ?? undefined);
  }
  if (parsed.success && isProblemCode(parsed.data.code)) return problem(parsed.data.code, details);
  if (status === 401) return problem('auth_required', details);
  if (status === 408 || status === 504) return problem('timeout', details);
  if (status === 413) return problem('too_large', details);
  if (status === 429) return problem('rate_limited', details);
  if (status >= 500) return problem('server_error', `${status} ${details}`);
  // Not our words: a captive portal, a proxy.
  if (!parsed.success) return problem('unreadable_answer', `HTTP ${status}`);
  return problemOfCode(null, `HTTP ${status} ${String(parsed.data.code)} ${details}`);
}

const AUTH_CODES: Record<string, Problem['code']> = {
  invalid_credentials: 'invalid_credentials',
  invalid_grant: 'invalid_credentials',
  email_not_confirmed: 'email_not_confirmed',
  user_already_exists: 'email_taken',
  email_exists: 'email_taken',
  weak_password: 'weak_password',
  same_password: 'weak_password',
  email_address_invalid: 'invalid_email',
  validation_failed: 'invalid_email',
  otp_expired: 'invalid_code',
  otp_disabled: 'invalid_code',
  user_not_found: 'invalid_code',
  over_email_send_rate_limit: 'rate_limited',
  over_request_rate_limit: 'rate_limited',
  session_not_found: 'auth_required',
  refresh_token_not_found: 'auth_required',
};

/** What supabase-js's auth calls return as an error. */
export interface AuthErrorLike {
  readonly message: string;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly name?: string;
}

/** The problem of a refused sign-in, sign-up or code. */
export function problemOfAuth(error: AuthErrorLike): Problem {
  const known = error.code ? AUTH_CODES[error.code] : undefined;
  if (known) return problem(known, error.message);
  if (error.name === 'AuthSessionMissingError') return problem('auth_required', error.message);
  if (!error.status) return problem('offline', error.message);
  if (error.status === 429) return problem('rate_limited', error.message);
  if (error.status >= 500) return problem('server_error', error.message);
  return problem('unknown', `${error.code ?? error.status} ${error.message}`);
}
