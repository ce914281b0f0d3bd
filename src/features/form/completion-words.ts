import type { Completion } from '../../domain/form/completion.ts';
import { m } from '../../i18n/generated/messages.js';
import { plural } from '../../i18n/phrases.ts';

/** `9 questions` before the first answer, then `4 réponses sur 9`. */
export function completionWords({ answered, asked }: Completion): string {
  if (answered === 0) return plural(asked, m.capture_question_one(), m.capture_questions({ count: asked }));
  return plural(answered, m.capture_answer_one_of({ asked }), m.capture_answers_of({ answered, asked }));
}
