/** An Android phone of some years, beside this machine. */
export const CPU_SLOWDOWN = 6;
export const SAVE_GOAL_MS = 50;
/** Later than that, a person feels that they wait. */
export const ANSWER_GOAL_MS = 100;
/** Somebody who goes on with the form while photos are made smaller. */
export const PRESS_EVERY_MS = 200;

/** A figure in milliseconds, and what it must stay under. */
interface Held {
  readonly what: string;
  readonly value: number;
  readonly goal: number;
}

/** Says which goals are met; one that is not makes the command fail. */
export function judge(all: readonly Held[]): void {
  for (const { what, value, goal } of all) {
    const isMet = value < goal;
    console.info(`${what}: goal ${goal} ms ${isMet ? 'met' : 'MISSED'}`);
    if (!isMet) process.exitCode = 1;
  }
}
