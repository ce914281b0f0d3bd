// First of all: Dexie looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fetchThesaurus } from '../../src/api/catalogue.ts';
import type { Concept } from '../../src/domain/concept.ts';
import { Alignment } from '../../src/state/alignment.svelte.ts';
import { type Crowd, gather } from '../support/crowd.ts';
import type { Phone } from '../support/phone.ts';

const SCHEME = 'petit-patrimoine';
const SOURCE = 'CAUE 2004';
const LIST = [
  { value: 'LAVOIRS', count: 12 },
  { value: 'Lavoirs', count: 2 },
  { value: 'Croix du chemin', count: 5 },
  { value: 'Xyzzy', count: 1 },
];

/** Values of another database, against the real server. */
describe('an alignment', { timeout: 300_000 }, () => {
  let crowd: Crowd;
  let desk: Phone;
  let concepts: readonly Concept[];
  let kept: Map<string, string>;

  const workshop = () =>
    new Alignment({
      api: desk.ctx.api,
      scheme: SCHEME,
      userId: desk.ctx.userId,
      concepts: () => concepts,
      store: { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => void kept.set(key, text) },
    });
  const stands = (alignment: Alignment) => alignment.rows?.map(({ stand }) => stand);
  const decided = () =>
    crowd.server.sql<{ value: string; concept: string | null }>(
      'select value, concept from app.alignments where source = $1 order by value collate "C"',
      [SOURCE],
    );
  const cut = () => {
    for (const call of ['thesaurus_align', 'thesaurus_alignments', 'thesaurus_propose']) {
      desk.network.detours.set(call, () => Promise.reject(new TypeError('no network')));
    }
  };
  const mend = () => desk.network.detours.clear();

  beforeAll(async () => {
    crowd = await gather();
    desk = await crowd.moderator();
    kept = new Map();
    ({ concepts } = await fetchThesaurus(desk.ctx.api, {}));
  }, 300_000);
  afterAll(() => crowd.close());

  it('takes what is sure, once for all spellings, and takes it back', async () => {
    const alignment = workshop();
    await alignment.resume();
    expect(alignment.rows).toBeNull();
    await alignment.open(` ${SOURCE} `, LIST);
    expect(stands(alignment)).toEqual(['sure', 'sure', 'sure', 'unknown']);
    const { count, undo } = alignment.acceptSure();
    await alignment.send();
    expect([count, alignment.unsent, alignment.coverage.mappedRows]).toEqual([3, 0, 0.95]);
    expect((await decided()).map(({ value }) => value)).toEqual(['Croix du chemin', 'LAVOIRS', 'Lavoirs']);
    undo();
    await alignment.send();
    expect([await decided(), stands(alignment)]).toEqual([[], ['sure', 'sure', 'sure', 'unknown']]);
  });

  it('loses nothing without network, closed and opened again', async () => {
    const alignment = workshop();
    await alignment.resume();
    cut();
    alignment.decide([{ value: 'LAVOIRS', concept: 'fontaine' }]);
    alignment.decide([{ value: 'LAVOIRS', concept: 'lavoir' }]);
    alignment.propose('Xyzzy');
    await alignment.send();
    expect([alignment.unsent, alignment.problem?.code]).toEqual([2, 'offline']);
    expect(stands(alignment)).toEqual(['mapped', 'mapped', 'sure', 'proposed']);
    expect(await alignment.leave()).toBe(false);

    const closed = workshop();
    await closed.resume();
    expect([closed.rows, closed.isResuming, closed.unsent]).toEqual([null, true, 2]);
    mend();
    await closed.resume();
    expect([stands(closed), closed.unsent]).toEqual([['mapped', 'mapped', 'sure', 'proposed'], 0]);
    expect(await decided()).toEqual([{ value: 'LAVOIRS', concept: 'lavoir' }]);
    const words = await crowd.server.sql(
      'select text, uses, origin from app.term_proposals where origin is not null',
    );
    expect(words).toEqual([{ text: 'Xyzzy', uses: 1, origin: SOURCE }]);
  });

  it('is taken back under whichever spelling it was decided', async () => {
    const alignment = workshop();
    await alignment.resume();
    alignment.reopen('Lavoirs');
    await alignment.send();
    expect([stands(alignment)?.slice(0, 2), await decided()]).toEqual([['sure', 'sure'], []]);
  });

  it('helps the next source, and a word that became a term decides for its value', async () => {
    const alignment = workshop();
    await alignment.resume();
    alignment.decide([{ value: 'Xyzzy', concept: 'puits' }]);
    expect(await alignment.leave()).toBe(true);
    await alignment.open('Pays', [
      { value: 'xyzzy', count: 3 },
      { value: 'Zut', count: 1 },
    ]);
    expect(alignment.rows?.[0]).toMatchObject({
      stand: 'sure',
      suggestions: [{ concept: { id: 'puits' }, why: 'decided' }],
    });
    alignment.propose('Zut');
    await alignment.send();
    await crowd.server.sql(
      `update app.term_proposals set state = 'accepted', concept = 'croix' where text = 'Zut'`,
    );
    const later = workshop();
    await later.resume();
    expect(later.rows?.[1]).toMatchObject({ stand: 'mapped', decided: { id: 'croix' } });
  });

  it('of thousands of values leaves in several calls', async () => {
    const alignment = workshop();
    await alignment.resume();
    await alignment.leave();
    const many = Array.from({ length: 2_300 }, (_, n) => ({ value: `Lavoir ${n}`, count: 1 }));
    await alignment.open('Grande base', many);
    expect(alignment.acceptSure().count).toBe(2_300);
    await alignment.send();
    const [row] = await crowd.server.sql<{ n: number }>(
      `select count(*)::int as n from app.alignments where source = 'Grande base'`,
    );
    expect([row?.n, alignment.unsent]).toEqual([2_300, 0]);
  });
});
