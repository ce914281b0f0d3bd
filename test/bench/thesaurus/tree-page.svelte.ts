import { mount, tick, unmount } from 'svelte';

import { deskConceptSchema, type DeskTerms } from '../../../src/domain/thesaurus/desk-concept.ts';
import { type Outline, outlineOf } from '../../../src/domain/thesaurus/outline.ts';
import TermTree from '../../../src/features/vocabulary/TermTree.svelte';
import { largeThesaurus } from '../../support/thesaurus.ts';
import type { Opening } from './tree-chapter.ts';

const SIZE = 5_000;

const terms: DeskTerms = new Map(largeThesaurus(SIZE).map((one) => [one.id, deskConceptSchema.parse(one)]));

/** Until what was done is on the screen: the frame after the next has begun. */
const painted = () =>
  new Promise<void>((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    }),
  );

function place(): HTMLElement {
  const target = document.createElement('div');
  target.style.cssText = 'display: grid; height: 700px; width: 420px';
  document.body.replaceChildren(target);
  return target;
}

/** Ours: the component of the app, from the terms as the server gave them; then everything unfolded. */
async function ours(): Promise<Opening> {
  const target = place();
  await painted();
  const start = performance.now();
  const outline = outlineOf(terms, 'fr', false);
  const tree = mount(TermTree, {
    target,
    props: {
      outline,
      selected: null,
      usesOf: () => 12,
      badgesOf: () => [],
      onSelect: () => undefined,
      onDrop: () => undefined,
      canDrop: () => true,
    },
  });
  await tick();
  await painted();
  const openedMs = performance.now() - start;
  const before = performance.now();
  target.querySelector('button')?.click();
  await tick();
  await painted();
  const unfoldedMs = performance.now() - before;
  const height = target.querySelector('[role=tree]')?.scrollHeight ?? 0;
  await unmount(tree);
  return { openedMs, unfoldedMs, height };
}

/** The peer: every term in nested lists of the browser, each branch a `<details>`; closed, then all opened. */
async function peer(): Promise<Opening> {
  const target = place();
  await painted();
  const start = performance.now();
  const outline = outlineOf(terms, 'fr', false);
  target.append(listOf(outline, null));
  target.style.overflow = 'auto';
  await painted();
  const openedMs = performance.now() - start;
  const before = performance.now();
  for (const branch of target.querySelectorAll('details')) branch.open = true;
  await painted();
  const unfoldedMs = performance.now() - before;
  return { openedMs, unfoldedMs, height: target.scrollHeight };
}

function listOf(outline: Outline, above: string | null): HTMLElement {
  const list = document.createElement('ul');
  for (const id of outline.children.get(above) ?? []) {
    const line = document.createElement('li');
    const words = `${outline.labels.get(id) ?? id} 12`;
    if (outline.children.has(id)) {
      const branch = document.createElement('details');
      const name = document.createElement('summary');
      name.textContent = words;
      branch.append(name, listOf(outline, id));
      line.append(branch);
    } else {
      line.textContent = words;
    }
    list.append(line);
  }
  return list;
}

(globalThis as unknown as { bench: unknown }).bench = { ours, peer };
