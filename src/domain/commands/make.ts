import { newMutationId, type RandomBytes } from '../id.ts';
import type { Mutation } from '../mutation.ts';

/** Fields of a mutation that its maker gives; the rest is identity and time. */
export type Draft<M extends Mutation = Mutation> = M extends Mutation
  ? Omit<M, 'mutation_id' | 'v' | 'captured_at'> & { captured_at?: string }
  : never;

/** Completes a mutation with its id, its version and the instant at which it was done. */
export function makeMutation(draft: Draft, now: Date, random: RandomBytes): Mutation {
  return {
    captured_at: now.toISOString(),
    ...draft,
    mutation_id: newMutationId(now, random),
    v: 1,
  } as Mutation;
}
