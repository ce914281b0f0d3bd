import type { PreferenceStore } from '../preferences.svelte.ts';

const KEY = 'capitelle.desk-keys';

/** Whether single keys decide: somebody who speaks to their computer turns them off (WCAG 2.1.4). */
export class KeySwitch {
  #store: PreferenceStore | null;
  #isOn = $state(true);

  constructor(store: PreferenceStore | null) {
    this.#store = store;
    this.#isOn = store?.getItem(KEY) !== 'off';
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  turn(isOn: boolean): void {
    this.#isOn = isOn;
    try {
      this.#store?.setItem(KEY, isOn ? 'on' : 'off');
    } catch {
      // Full or forbidden storage: the choice holds for this visit.
    }
  }
}
