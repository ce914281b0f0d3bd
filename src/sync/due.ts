import { LIMITS } from '../domain/limits.ts';

/**
 * Whether what waits for an hour (Unix milliseconds) may leave now. An hour further away than any
 * wait that is ever asked for was noted by a clock that was wrong: it holds nothing back.
 */
export function isDue(notBefore: number, nowMs: number): boolean {
  return notBefore <= nowMs || notBefore > nowMs + LIMITS.longestWaitMs;
}
