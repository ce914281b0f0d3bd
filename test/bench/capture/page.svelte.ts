import imageCompression from 'browser-image-compression';
import * as z from 'zod/mini';

import { openCache } from '../../../src/db/cache.ts';
import { photosToFinish } from '../../../src/db/photos.ts';
import { openPrecious } from '../../../src/db/precious.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { type Theme, themeSchema } from '../../../src/domain/theme.ts';
import { DraftsState } from '../../../src/state/drafts.svelte.ts';
import { photoKeeperInWorker } from '../../../src/state/photo-keeper-in-worker.ts';
import { LocationState } from '../../../src/state/location.svelte.ts';
import type { Answers, CapturePage, Prepared } from './chapter.ts';

// As the app has it: its content security policy forbids compiling code.
z.config({ jitless: true });

const PLACE = { lon: 2.5512, lat: 43.3215 };

const precious = openPrecious('bench-precious');
const cache = openCache('bench-cache');
let theme: Theme;
const keeper = photoKeeperInWorker(precious);

const openDrafts = () =>
  new DraftsState({
    precious,
    cache: () => cache,
    location: new LocationState({ watch: () => () => undefined, now: Date.now }),
    userId: () => 'bench',
    theme: () => Promise.resolve(theme),
    keeper,
    knowsTerm: () => true,
    photoLicence: () => 'CC-BY-SA-4.0',
    now: () => new Date(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
let drafts: DraftsState;
$effect.root(() => {
  drafts = openDrafts();
});

async function begin() {
  const editor = await drafts.open(await drafts.start(theme.id));
  if (!editor) throw new Error('no draft');
  editor.place(PLACE, 'map', null);
  return editor;
}

async function filesOf(urls: readonly string[]): Promise<File[]> {
  const blobs = await Promise.all(urls.map(async (url) => (await fetch(url)).blob()));
  return blobs.map((blob, at) => new File([blob], `IMG_${at}.jpg`, { type: 'image/jpeg' }));
}

/** Between the last answer and the press. */
const LAST_LOOK_MS = 500;

/** What a person waits for: from the press to the next frame, for each press; and the tasks that held the page. */
function watch(): () => Answers {
  const presses: number[] = [];
  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.entryType === 'longtask') tasks.push(entry.duration);
      else if (entry.name === 'click') presses.push(entry.duration);
    }
  });
  observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  observer.observe({ type: 'longtask' });
  return () => {
    observer.disconnect();
    return { presses, tasks };
  };
}

/** The press of a tile: an answer that the draft takes, and that the screen shows. */
function listen(answer: (count: number) => void): () => void {
  let count = 0;
  const press = () => {
    count += 1;
    answer(count);
    document.body.textContent = String(count);
  };
  document.addEventListener('click', press);
  return () => document.removeEventListener('click', press);
}

async function whilePressed(
  work: () => Promise<unknown>,
  answer: (count: number) => void,
): Promise<Prepared> {
  const forget = listen(answer);
  const end = watch();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  // What was pressed last is told a little later.
  await new Promise((resolve) => setTimeout(resolve, 500));
  forget();
  return { ms, ...end() };
}

/** What the browser itself takes for one row that is on the disk when it answers. */
function oneWrite(n: number): Promise<void> {
  const transaction = precious.backendDB().transaction('meta', 'readwrite', { durability: 'strict' });
  transaction.objectStore('meta').put({ key: `bench-${n}`, value: n });
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error('not written'));
  });
}

const page: CapturePage = {
  async open(given) {
    theme = themeSchema.parse(given);
    await Promise.all([precious.open(), cache.open()]);
  },

  async saves(count, url) {
    const files = await filesOf([url]);
    const times: number[] = [];
    const floor: number[] = [];
    for (let n = 0; n < count; n++) {
      const editor = await begin();
      await editor.photos.add(files);
      editor.answer('name', `Lavoir ${n}`);
      editor.name('lavoir');
      // The last look at the form: nobody presses within half a second of a photo.
      await new Promise((resolve) => setTimeout(resolve, LAST_LOOK_MS));
      const before = performance.now();
      const isSaved = await editor.save();
      times.push(performance.now() - before);
      if (!isSaved) throw new Error(JSON.stringify([editor.faults, editor.problem]));
      const bare = performance.now();
      await oneWrite(n);
      floor.push(performance.now() - bare);
    }
    return { times, floor };
  },

  async savesAtOnce(count, urls) {
    const files = await filesOf(urls);
    const times: number[] = [];
    for (let n = 0; n < count; n++) {
      const editor = await begin();
      const made = editor.photos.add(files);
      await editor.photos.kept();
      editor.answer('name', `Lavoir ${n}`);
      editor.name('lavoir');
      await new Promise((resolve) => setTimeout(resolve, LAST_LOOK_MS));
      const before = performance.now();
      const isSaved = await editor.save();
      times.push(performance.now() - before);
      if (!isSaved) throw new Error(JSON.stringify([editor.faults, editor.problem]));
      if ((await photosToFinish(precious, 'bench')).length === 0) throw new Error('nothing was left to make');
      await made;
      if ((await photosToFinish(precious, 'bench')).length > 0)
        throw new Error('a photo was left as it came');
      await Promise.all([
        precious.photos.clear(),
        precious.photo_bytes.clear(),
        precious.photo_thumbs.clear(),
      ]);
    }
    return times;
  },

  async photos(urls) {
    const files = await filesOf(urls);
    const editor = await begin();
    const told = await whilePressed(
      () => editor.photos.add(files).then(() => editor.photos.settled()),
      (count) => editor.answer('name', `Lavoir ${count}`),
    );
    const ready = editor.photos.list.filter((photo) => photo.isReady && !photo.isUnreadable);
    if (ready.length !== urls.length) throw new Error(`${ready.length} photos of ${urls.length}`);
    if (editor.draft.attributes['name'] === undefined) throw new Error('nobody pressed anything');
    await drafts.discard(editor.draft.id);
    return told;
  },

  async peerPhotos(urls) {
    const files = await filesOf(urls);
    const options = { useWebWorker: false, initialQuality: LIMITS.photoQuality, maxSizeMB: 8 };
    return whilePressed(
      async () => {
        for (const file of files) {
          await imageCompression(file, { ...options, maxWidthOrHeight: LIMITS.photoSidePixels });
          await imageCompression(file, { ...options, maxWidthOrHeight: LIMITS.thumbSidePixels });
        }
      },
      () => undefined,
    );
  },
};
Object.assign(globalThis, { capture: page });
