import { m } from './generated/messages.js';

// Written out key by key: a computed key would pull every text of the app into the first load.

const PROBLEM_WORDS: Readonly<Record<string, () => string>> = {
  invalid_argument: m.domain_problem_invalid_argument,
  auth_required: m.domain_problem_auth_required,
  not_allowed: m.domain_problem_not_allowed,
  point_not_found: m.domain_problem_point_not_found,
  too_large: m.domain_problem_too_large,
  rate_limited: m.domain_problem_rate_limited,
  invalid_tile: m.domain_problem_invalid_tile,
  charter_required: m.domain_problem_charter_required,
  unknown_point: m.domain_problem_unknown_point,
  unknown_theme: m.domain_problem_unknown_theme,
  unknown_revision: m.domain_problem_unknown_revision,
  invalid_concept: m.domain_problem_invalid_concept,
  invalid_geometry: m.domain_problem_invalid_geometry,
  outside_territory: m.domain_problem_outside_territory,
  invalid_attributes: m.domain_problem_invalid_attributes,
  invalid_patch: m.domain_problem_invalid_patch,
  payload_mismatch: m.domain_problem_payload_mismatch,
  stale_review: m.domain_problem_stale_review,
  reason_required: m.domain_problem_reason_required,
  unknown_reason: m.domain_problem_unknown_reason,
  own_contribution: m.domain_problem_own_contribution,
  invalid_transition: m.domain_problem_invalid_transition,
  duplicate_cycle: m.domain_problem_duplicate_cycle,
  comment_too_long: m.domain_problem_comment_too_long,
  client_too_old: m.domain_problem_client_too_old,
  busy: m.domain_problem_busy,
  blocked: m.domain_problem_blocked,
  conflict: m.domain_problem_conflict,
  not_an_image: m.domain_problem_not_an_image,
  too_many: m.domain_problem_too_many,
  photo_missing_upload: m.domain_problem_photo_missing_upload,
  photo_mismatch: m.domain_problem_photo_mismatch,
  photo_unreadable: m.domain_problem_photo_unreadable,
  photo_bytes_lost: m.domain_problem_photo_bytes_lost,
  invalid_credentials: m.domain_problem_invalid_credentials,
  invalid_code: m.domain_problem_invalid_code,
  email_not_confirmed: m.domain_problem_email_not_confirmed,
  email_taken: m.domain_problem_email_taken,
  weak_password: m.domain_problem_weak_password,
  invalid_email: m.domain_problem_invalid_email,
  offline: m.domain_problem_offline,
  timeout: m.domain_problem_timeout,
  server_error: m.domain_problem_server_error,
  server_busy: m.domain_problem_server_busy,
  unreadable_answer: m.domain_problem_unreadable_answer,
  wrong_user: m.domain_problem_wrong_user,
  quota: m.domain_problem_quota,
  storage_closed: m.domain_problem_storage_closed,
  position_denied: m.domain_problem_position_denied,
  position_unavailable: m.domain_problem_position_unavailable,
  unreadable_file: m.domain_problem_unreadable_file,
  cancelled: m.domain_problem_cancelled,
  unknown: m.domain_problem_unknown,
};

const STATUS_WORDS: Readonly<Record<string, () => string>> = {
  draft: m.domain_status_draft,
  submitted: m.domain_status_submitted,
  to_complete: m.domain_status_to_complete,
  rejected: m.domain_status_rejected,
  withdrawn: m.domain_status_withdrawn,
  published: m.domain_status_published,
  archived: m.domain_status_archived,
  destroyed: m.domain_status_destroyed,
  duplicate: m.domain_status_duplicate,
};

const REASON_WORDS: Readonly<Record<string, () => string>> = {
  photo_missing: m.domain_reason_photo_missing,
  photo_unusable: m.domain_reason_photo_unusable,
  position_doubtful: m.domain_reason_position_doubtful,
  description_incomplete: m.domain_reason_description_incomplete,
  wrong_concept: m.domain_reason_wrong_concept,
  out_of_scope: m.domain_reason_out_of_scope,
  duplicate: m.domain_reason_duplicate,
  private_life: m.domain_reason_private_life,
  sensitive_place: m.domain_reason_sensitive_place,
  not_found_on_site: m.domain_reason_not_found_on_site,
  other: m.domain_reason_other,
};

const CONDITION_WORDS: Readonly<Record<string, () => string>> = {
  good: m.domain_condition_good,
  fair: m.domain_condition_fair,
  poor: m.domain_condition_poor,
  ruin: m.domain_condition_ruin,
  unknown: m.domain_condition_unknown,
};

/** What happened and what to do next, for a problem's code. */
export function problemWords(code: string): string {
  return (PROBLEM_WORDS[code] ?? m.domain_problem_unknown)();
}

/** The state of a point in words; the code itself when a newer server invented it. */
export function statusWords(status: string): string {
  return STATUS_WORDS[status]?.() ?? status;
}

/** A moderator's reason in words. */
export function reasonWords(reason: string): string {
  return (REASON_WORDS[reason] ?? m.domain_reason_other)();
}

/** The state of conservation in words, null for a code without words. */
export function conditionWords(condition: string): string | null {
  return CONDITION_WORDS[condition]?.() ?? null;
}

/** The words that `describeValue` asks of the interface. */
export function valueWords(): { yes: string; no: string; unsure: string } {
  return { yes: m.domain_yes(), no: m.domain_no(), unsure: m.domain_unsure() };
}

/** The words that a `Describer` asks of the interface. */
export function describerWords() {
  return {
    values: valueWords(),
    status: statusWords,
    concept: m.domain_field_concept(),
    position: m.domain_field_position(),
    sensitivity: m.domain_field_sensitivity(),
  };
}
