import type { CreateMutation, EditMutation, Mutation } from '../domain/mutation.ts';
import { normalizeValue } from '../domain/paths.ts';

/**
 * One mutation that does what two consecutive ones of a point do, under the id of the first, or
 * null when they stay two. Only for mutations that have never left (sync invariant: once sent, a
 * mutation is frozen).
 */
export function coalesce(first: Mutation, second: Mutation): Mutation | null {
  if (second.kind !== 'edit') return null;
  if (first.kind === 'create') return intoCreate(first, second);
  if (first.kind === 'edit') return intoEdit(first, second);
  return null;
}

function intoCreate(first: CreateMutation, second: EditMutation): CreateMutation {
  const merged = Object.entries({ ...first.patch, ...second.patch });
  const patch = Object.fromEntries(merged.filter(([, value]) => normalizeValue(value) !== null));
  return { ...first, patch, ...(second.submit ? { status: 'submitted' as const } : {}) };
}

function intoEdit(first: EditMutation, second: EditMutation): EditMutation {
  const resolves = [...new Set([...(first.resolves ?? []), ...(second.resolves ?? [])])];
  return {
    ...first,
    base: { ...second.base, ...first.base },
    patch: { ...first.patch, ...second.patch },
    ...(first.submit || second.submit ? { submit: true } : {}),
    ...(resolves.length ? { resolves } : {}),
  };
}
