import * as z from 'zod/mini';

import { parseJson } from '../domain/json.ts';
import { LIMITS } from '../domain/limits.ts';
import { problem, ProblemError } from '../domain/problems.ts';
import { problemOfResponse } from './problems.ts';

/** How a call is bounded. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** In whose name: another user's session is refused before anything leaves. */
  readonly asUser?: string | undefined;
}

/** Rejects when the signal fires, whatever the promise does: some libraries wait on their own. */
export function bounded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortProblem(signal));
    if (signal.aborted) {
      // Nobody waits for it any more: that it fails as well is no news.
      work.catch(() => undefined);
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function abortProblem(signal: AbortSignal): ProblemError {
  const isTimeout = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  return new ProblemError(isTimeout ? 'timeout' : 'cancelled');
}

/** The caller's signal and the time limit in one. */
export function limitOf({ signal, timeoutMs }: CallOptions): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs ?? LIMITS.callTimeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** An answer as it came; `body` is undefined when it is not JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const isOk = (status: number) => status >= 200 && status < 300;

/**
 * What an answer says, in the shape that is expected. Throws ProblemError: what the server said, or
 * `unreadable_answer` when the shape is not ours.
 */
export function readAnswer<T>({ status, body }: Answer, schema: z.ZodMiniType<T>): T {
  if (!isOk(status)) throw new ProblemError(problemOfResponse(status, body));
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ProblemError(problem('unreadable_answer', z.prettifyError(parsed.error)));
}

/**
 * Sends a request and takes its answer, whatever it says. Throws ProblemError `offline`, `timeout`
 * or `cancelled` when none came whole.
 */
export async function exchangeJson(
  fetcher: typeof fetch,
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Answer> {
  const { response, text } = await bounded(exchange(fetcher, url, init), init.signal);
  return { status: response.status, body: parseJson(withWholeAddresses(text, new URL(url).origin)) };
}

/** How an answer names a file that everybody may see. */
const PUBLIC_FILE = '"/storage/v1/object/public/';

/** Files are named by their path at the backend: whole, where the page came from another host. */
function withWholeAddresses(text: string, backend: string): string {
  const page = (globalThis as { location?: Location }).location?.origin;
  return page === undefined || page === backend
    ? text
    : text.replaceAll(PUBLIC_FILE, `"${backend}${PUBLIC_FILE.slice(1)}`);
}

async function exchange(fetcher: typeof fetch, url: string, init: RequestInit & { signal: AbortSignal }) {
  try {
    const response = await fetcher(url, init);
    // Read here: a network that dies within the body is the same failure.
    return { response, text: await response.text() };
  } catch (cause) {
    if (init.signal.aborted) throw abortProblem(init.signal);
    throw new ProblemError('offline', String(cause));
  }
}
