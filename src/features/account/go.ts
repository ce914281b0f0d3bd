import { keepEmail } from './fields.ts';
import type { AppState } from '../../state/app-state.ts';
import type { NextStep } from '../../state/session.svelte.ts';

const ADDRESSES: Record<NextStep, string> = {
  home: '#/',
  charter: '#/charter',
  code: '#/code',
  new_password: '#/new-password',
};

/** Leads on after a sign-in: whoever was given a role meanwhile learns of it before anything else. */
export async function arrive(app: AppState, step: NextStep): Promise<void> {
  // What tells it is loaded with whoever signs in, and not before.
  const isIn = step === 'home' && app.session.isSignedIn;
  const untold = isIn ? await app.people.roleNews.untold().catch(() => []) : [];
  if (untold.length > 0) {
    keepEmail('');
    location.replace('#/welcome');
  } else {
    goTo(step);
  }
}

/** Leads to the screen that follows. The form left behind is not a place to come back to. */
export function goTo(step: NextStep): void {
  if (step !== 'code') keepEmail('');
  location.replace(ADDRESSES[step]);
}
