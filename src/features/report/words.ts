import { problemOf } from '../../domain/problems.ts';
import type { ReportKind } from '../../domain/report.ts';
import { m } from '../../i18n/generated/messages.js';
import { problemWords } from '../../i18n/problem-words.ts';

const KINDS: Readonly<Record<ReportKind, () => string>> = {
  gone: m.report_kind_gone,
  position: m.report_kind_position,
  description: m.report_kind_description,
  photo: m.report_kind_photo,
  duplicate: m.report_kind_duplicate,
  private: m.report_kind_private,
  other: m.report_kind_other,
};

/** What is wrong, in the words of whoever sees it. */
export function reportKindWords(kind: ReportKind): string {
  return KINDS[kind]();
}

const REFUSALS: Readonly<Record<string, () => string>> = {
  offline: m.report_refused_offline,
  timeout: m.report_refused_offline,
  rate_limited: m.report_refused_rate,
  point_not_found: m.report_refused_gone,
  unknown_point: m.report_refused_gone,
  not_an_image: m.report_refused_photo,
  photo_unreadable: m.report_refused_photo,
  unreadable_file: m.report_refused_photo,
  too_large: m.report_refused_large,
  invalid_argument: m.report_refused_argument,
};

/** Why a report or its photo was not taken, and what to do. */
export function refusalWords(cause: unknown): string {
  const { code } = problemOf(cause);
  return REFUSALS[code]?.() ?? `${problemWords(code)} ${m.report_kept()}`;
}
