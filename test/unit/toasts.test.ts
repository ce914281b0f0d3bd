import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Toasts } from '../../src/state/toasts.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a message leaves by itself, an error waits for the person', () => {
  const toasts = new Toasts();
  toasts.show('Enregistré', { kind: 'ok' });
  const error = toasts.show('Pas de réseau', { kind: 'error' });
  vi.advanceTimersByTime(60_000);
  expect(toasts.list.map((toast) => toast.text)).toEqual(['Pas de réseau']);
  toasts.dismiss(error);
  expect(toasts.list).toEqual([]);
});

test('acting runs the action once and closes the message', () => {
  const toasts = new Toasts();
  const run = vi.fn();
  const id = toasts.show('Retiré', { action: { label: 'Annuler', run } });
  toasts.act(id);
  toasts.act(id);
  expect(run).toHaveBeenCalledOnce();
  expect(toasts.list).toEqual([]);
});
