/** What the person can do about a problem. */
export type Recovery =
  'sign_in' | 'wait_network' | 'fix_field' | 'accept_charter' | 'retry' | 'contact' | 'none';

/** Every code that the product shows, with its one recovery. Closed: a new one gets its words. */
export const PROBLEMS = {
  // whole calls (contract §2)
  invalid_argument: 'contact',
  auth_required: 'sign_in',
  not_allowed: 'none',
  point_not_found: 'none',
  too_large: 'retry',
  rate_limited: 'retry',
  invalid_tile: 'contact',
  // one mutation (contract §3)
  charter_required: 'accept_charter',
  unknown_point: 'contact',
  unknown_theme: 'contact',
  unknown_revision: 'none',
  invalid_concept: 'fix_field',
  invalid_geometry: 'fix_field',
  outside_territory: 'fix_field',
  invalid_attributes: 'fix_field',
  invalid_patch: 'contact',
  payload_mismatch: 'contact',
  stale_review: 'fix_field',
  reason_required: 'fix_field',
  unknown_reason: 'fix_field',
  own_contribution: 'none',
  invalid_transition: 'none',
  not_bulk_safe: 'none',
  duplicate_cycle: 'fix_field',
  comment_too_long: 'fix_field',
  client_too_old: 'retry',
  busy: 'retry',
  blocked: 'retry',
  conflict: 'fix_field',
  // photos (contract §3)
  not_an_image: 'fix_field',
  too_many: 'fix_field',
  photo_missing_upload: 'retry',
  photo_mismatch: 'retry',
  photo_unreadable: 'fix_field',
  photo_bytes_lost: 'contact',
  // working groups, what one follows
  beyond_scope: 'none',
  own_role: 'none',
  last_coordinator: 'none',
  unknown_group: 'none',
  unknown_member: 'none',
  unknown_invitation: 'none',
  unknown_territory: 'fix_field',
  release_moved: 'none',
  nothing_to_release: 'none',
  unknown_scheme: 'none',
  unknown_target: 'none',
  // vocabularies
  concept_moved: 'fix_field',
  unknown_concept: 'none',
  unknown_edit: 'none',
  built_upon: 'none',
  released: 'none',
  already_answered: 'none',
  holding_term: 'none',
  // sign-in
  invalid_credentials: 'fix_field',
  invalid_code: 'fix_field',
  email_not_confirmed: 'fix_field',
  email_taken: 'fix_field',
  weak_password: 'fix_field',
  invalid_email: 'fix_field',
  // this device
  offline: 'wait_network',
  timeout: 'wait_network',
  server_error: 'retry',
  server_busy: 'retry',
  unreadable_answer: 'retry',
  wrong_user: 'sign_in',
  quota: 'contact',
  storage_closed: 'retry',
  engine_stopped: 'retry',
  position_denied: 'fix_field',
  position_unavailable: 'retry',
  position_frozen: 'retry',
  unreadable_file: 'fix_field',
  other_instance: 'fix_field',
  foreign_draft: 'retry',
  cancelled: 'none',
  unknown: 'contact',
} as const satisfies Record<string, Recovery>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Something that failed, told once, with what to do next. `details` is for support, not for show. */
export interface Problem {
  readonly code: ProblemCode;
  readonly recovery: Recovery;
  readonly details?: string;
  /** Path of the field to correct, where one is known. */
  readonly field?: string;
}

/** Whether a code is one this version knows. */
export function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(PROBLEMS, code);
}

/** Makes the problem of a code. */
export function problem(code: ProblemCode, details?: string, field?: string): Problem {
  return {
    code,
    recovery: PROBLEMS[code],
    ...(details === undefined ? {} : { details }),
    ...(field === undefined ? {} : { field }),
  };
}

/** The problem of a code received from a server, which may be newer than this version. */
export function problemOfCode(code: string | null | undefined, details?: string): Problem {
  if (isProblemCode(code)) return problem(code, details);
  return problem('unknown', [code, details].filter(Boolean).join(': '));
}

/** A problem on its way up: the only error that api, db and sync throw on purpose. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(cause: Problem | ProblemCode, details?: string) {
    const told = typeof cause === 'string' ? problem(cause, details) : cause;
    super(told.details ? `${told.code}: ${told.details}` : told.code);
    this.name = 'ProblemError';
    this.problem = told;
  }
}

/** The problem inside any thrown value. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  return problem('unknown', thrown instanceof Error ? thrown.message : String(thrown));
}
