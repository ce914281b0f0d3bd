import { randomBytes } from 'node:crypto';

import { type Cache, openCache } from '../../src/db/cache.ts';
import { openPrecious, type Precious } from '../../src/db/precious.ts';
import type { PreparedPhoto } from '../../src/device/image-pipeline.ts';
import type { Theme } from '../../src/domain/theme.ts';
import type { DraftEditor } from '../../src/state/draft-editor.svelte.ts';
import { DraftsState } from '../../src/state/drafts.svelte.ts';
import { LocationState } from '../../src/state/location.svelte.ts';
import { photoKeeper, type Prepare } from '../../src/state/photo-keeper.ts';
import { inTurns } from '../../src/state/photo-turns.ts';
import { SeriesState } from '../../src/state/series.ts';

const field = (key: string, type: Theme['form']['sections'][number]['fields'][number]['type']) => ({
  key,
  type,
  part: 'short' as const,
  labels: {},
});

/** Two inventories, one of them in series. */
export const THEMES: readonly Theme[] = [
  {
    id: 'heritage',
    labels: {},
    form_rev: 1,
    settings: { holding_concept: 'autre', title_field: 'name', observed_field: 'condition' },
    form: {
      rev: 1,
      sections: [
        {
          id: 'all',
          labels: {},
          fields: [
            field('name', 'text'),
            field('condition', 'text'),
            field('height_m', 'decimal'),
            field('stone', 'concept'),
          ],
        },
      ],
    },
  },
  {
    id: 'lighting',
    labels: {},
    form_rev: 1,
    settings: { holding_concept: 'autre', title_field: 'ref', series: true },
    form: {
      rev: 1,
      sections: [{ id: 'all', labels: {}, fields: [field('ref', 'text'), field('support', 'text')] }],
    },
  },
];

/** A photo made ready: bytes that no test decodes. */
export const PHOTO: PreparedPhoto = {
  bytes: new ArrayBuffer(8),
  mime: 'image/jpeg',
  sha256: 'a'.repeat(64),
  width: 800,
  height: 600,
  thumb: new ArrayBuffer(4),
  isDecoded: true,
  position: null,
  takenAt: null,
};

/** What a person captures with, on stores of their own: everything but screens and network. */
export interface FieldKit {
  readonly precious: Precious;
  readonly cache: Cache;
  readonly drafts: DraftsState;
  readonly series: SeriesState;
  readonly opened: (id: string) => Promise<DraftEditor>;
  readonly close: () => void;
}

let kits = 0;

/** Makes one, whose photos are that one and whose receiver is silent. Import `fake-indexeddb/auto` before. */
export function fieldKit(
  photo: PreparedPhoto = PHOTO,
  location = new LocationState({ watch: () => () => undefined, now: Date.now }),
  prepare: Prepare = () => Promise.resolve(photo),
): FieldKit {
  kits += 1;
  const precious = openPrecious(`precious-kit-${kits}`);
  const cache = openCache(`kit-${kits}`);
  globalThis.document ??= new EventTarget() as Document;
  globalThis.addEventListener ??= () => undefined;
  globalThis.removeEventListener ??= () => undefined;
  const common = {
    precious,
    cache: () => cache,
    userId: () => 'me',
    now: () => new Date('2026-05-02T10:00:00Z'),
    random: (length: number) => new Uint8Array(randomBytes(length)),
  };
  const drafts = new DraftsState({
    ...common,
    location,
    theme: (id) => Promise.resolve(THEMES.find((theme) => theme.id === id)),
    knowsTerm: (scheme, concept) => (scheme ? concept !== 'retired' : concept === 'calcaire'),
    keeper: inTurns(photoKeeper(precious, prepare)),
    photoLicence: () => 'CC-BY-SA-4.0',
  });
  return {
    precious,
    cache,
    drafts,
    series: new SeriesState(common),
    opened: async (id) => {
      const editor = await drafts.open(id);
      if (!editor) throw new Error(`no draft ${id}`);
      return editor;
    },
    close: () => {
      precious.close();
      cache.close();
    },
  };
}
