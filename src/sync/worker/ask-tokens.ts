import type { TokenSource } from '../../api/client.ts';
import { bounded } from '../../api/request.ts';
import { ProblemError } from '../../domain/problems.ts';
import type { FromEngine, Line, ToEngine } from './protocol.ts';

type TokenAnswer = Extract<ToEngine, { type: 'token' | 'no_token' }>;

/**
 * Tokens from the page, which holds the session: one question a call. A page that never answers
 * holds a call no longer than its own time limit.
 */
export function askTokens(page: Line<FromEngine>): {
  readonly ask: TokenSource;
  readonly take: (answer: TokenAnswer) => void;
} {
  const asked = new Map<number, (answer: TokenAnswer) => void>();
  let last = 0;
  return {
    async ask(asUser, signal) {
      const id = ++last;
      const answered = new Promise<TokenAnswer>((resolve) => asked.set(id, resolve));
      page.postMessage({ type: 'token', id, asUser });
      try {
        const answer = await bounded(answered, signal);
        if (answer.type === 'no_token') throw new ProblemError(answer.problem);
        return answer.token;
      } finally {
        asked.delete(id);
      }
    },
    take: (answer) => asked.get(answer.id)?.(answer),
  };
}
