import 'fake-indexeddb/auto';

import { afterEach, describe, expect, it } from 'vitest';

import { openPrecious } from '../../../src/db/precious.ts';
import { askToKeepOnce } from '../../../src/state/keep-work.ts';

const device = globalThis.navigator as unknown as { storage?: { persist: () => Promise<boolean> } };
let asked = 0;
const answering = (persist: () => Promise<boolean>) =>
  Object.defineProperty(device, 'storage', {
    configurable: true,
    value: { persist: () => ((asked += 1), persist()) },
  });

describe('the first capture', () => {
  afterEach(() => {
    delete device.storage;
    asked = 0;
  });

  it.each([true, false])(
    'asks once that nothing be erased, and says what was answered: %s',
    async (answer) => {
      answering(() => Promise.resolve(answer));
      const precious = openPrecious(`keep-${String(answer)}`);
      expect(await askToKeepOnce(precious)).toBe(answer);
      expect(await askToKeepOnce(precious)).toBeNull();
      precious.close();
      // Not once a launch: once a device.
      expect(await askToKeepOnce(openPrecious(`keep-${String(answer)}`))).toBeNull();
      expect(asked).toBe(1);
    },
  );

  it('takes a browser that fails, or that cannot be asked, for one that promises nothing', async () => {
    answering(() => Promise.reject(new TypeError('no')));
    expect(await askToKeepOnce(openPrecious('keep-fails'))).toBe(false);
    delete device.storage;
    expect(await askToKeepOnce(openPrecious('keep-old'))).toBe(false);
  });
});
