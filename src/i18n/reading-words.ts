import { m } from './generated/messages.js';

/** What may go wrong for someone who only reads: the rest of the words comes with the other screens. */
const READING_WORDS: Readonly<Record<string, () => string>> = {
  offline: m.domain_problem_offline,
  timeout: m.domain_problem_timeout,
  server_error: m.domain_problem_server_error,
  server_busy: m.domain_problem_server_busy,
  rate_limited: m.domain_problem_rate_limited,
  unreadable_answer: m.domain_problem_unreadable_answer,
  invalid_argument: m.domain_problem_invalid_argument,
  point_not_found: m.domain_problem_point_not_found,
  position_denied: m.domain_problem_position_denied,
  position_unavailable: m.domain_problem_position_unavailable,
};

/** What happened while reading the map or the list, and what to do next. */
export function readingWords(code: string): string {
  return (READING_WORDS[code] ?? m.domain_problem_unknown)();
}
