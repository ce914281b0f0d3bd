import { m } from './generated/messages.js';
import { languageName } from './phrases.ts';

// Written out key by key: a computed key would pull every text of the app into the first load.

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

const TERM_WORDS: Record<string, (said: { text: string; language: string }) => string> = {
  accepted: m.domain_term_accepted,
  refused: m.domain_term_refused,
};

/** A proposed word and what became of it: `Mot proposé : « cabane à outils » (français)`. */
export function proposedTermWords({
  state,
  text,
  lang,
}: {
  state: string;
  text: string;
  lang: string;
}): string {
  return (TERM_WORDS[state] ?? m.domain_term_proposed)({ text, language: languageName(lang) });
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
