import type { Point } from '../domain/point.ts';
import type { Problem } from '../domain/problems.ts';
import type { DraftEditor } from './draft-editor.svelte.ts';
import type { DraftsState } from './drafts.svelte.ts';
import type { NearbyState } from './nearby.svelte.ts';
import type { Said } from './neighbours.ts';

interface Tools {
  readonly drafts: DraftsState;
  readonly nearby: NearbyState;
}

/** What became of one tap. */
export type Seen =
  /** Nothing is left to do; `undo` while it can be taken back from here. */
  | { readonly is: 'said'; readonly undo?: () => Promise<boolean> }
  /** The photo is kept and waits for the other tap: in what state. */
  | { readonly is: 'waiting' }
  /** It needs its screen: this draft. */
  | { readonly is: 'open'; readonly draftId: string }
  | { readonly is: 'failed'; readonly problem: Problem };

/** "Still there", in one tap, with its state where that was pressed, and with the photos just taken of it. */
export async function saySeen(
  { drafts, nearby }: Tools,
  point: Point,
  condition: string | null,
): Promise<Seen> {
  const id = await drafts.visitOf(point.id);
  const editor = id === null ? null : await drafts.open(id);
  if (!editor) return { is: 'said', undo: await nearby.confirm(point, condition) };
  editor.observe({ found: true, ...(condition === null ? {} : { condition }) });
  return finish(drafts, editor);
}

/**
 * Photos of a thing, taken from the list. Before a word was said they wait for it; said from here a moment ago, it
 * is said again with them, as one: nothing is counted twice.
 */
export async function photograph(
  { drafts, nearby }: Tools,
  point: Point,
  said: Said | null,
  files: readonly File[],
): Promise<Seen> {
  const id = await drafts.observe(point);
  const editor = await drafts.open(id);
  if (!editor) return { is: 'open', draftId: id };
  await editor.photos.add(files);
  const { problem, list } = editor.photos;
  if (problem && list.length === 0) {
    await drafts.leave(editor);
    return { is: 'failed', problem };
  }
  if (!said) {
    await drafts.leave(editor);
    return { is: 'waiting' };
  }
  editor.observe({ found: said.found, condition: said.condition });
  // On the disk before the other goes: killed in between, nothing that was said is lost.
  await editor.keep();
  if (said.unsentId !== null && (await nearby.takeBack(said.unsentId))) return finish(drafts, editor);
  await drafts.leave(editor);
  return { is: 'open', draftId: id };
}

async function finish(drafts: DraftsState, editor: DraftEditor): Promise<Seen> {
  if (await editor.save()) return { is: 'said' };
  await drafts.leave(editor);
  return { is: 'open', draftId: editor.draft.id };
}
