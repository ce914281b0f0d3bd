import { keepEmail } from './fields.ts';
import type { NextStep } from '../../state/session.svelte.ts';

const ADDRESSES: Record<NextStep, string> = {
  home: '#/',
  charter: '#/charter',
  code: '#/code',
  new_password: '#/new-password',
};

/** Leads to the screen that follows. The form left behind is not a place to come back to. */
export function goTo(step: NextStep): void {
  if (step !== 'code') keepEmail('');
  location.replace(ADDRESSES[step]);
}
