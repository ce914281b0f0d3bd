import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { choiceKey, importAction, type ImportChoices } from '../../src/domain/thesaurus/import-action.ts';
import {
  type HereTerm,
  importDiff,
  type ImportDiff,
  type IncomingTerm,
} from '../../src/domain/thesaurus/import-diff.ts';
import { fieldsOf, isListField, listIn, sameValue } from '../../src/domain/thesaurus/import-fields.ts';
import { coming, imported, type Shelf } from '../support/imported.ts';
import { aVocabulary, whole } from '../support/vocabularies.ts';

const EMPTY: Shelf = { here: [], origins: {} };
const NO_CHOICE: ImportChoices = { conflicts: new Map(), vanished: new Map() };
/** In everything the source is right. */
const allTheirs = ({ rows }: ImportDiff): ImportChoices => ({
  conflicts: new Map(
    rows.flatMap(({ id, fields }) => fields.map(({ field }) => [choiceKey(id, field), 'theirs'] as const)),
  ),
  vanished: new Map(rows.map(({ id }) => [id, 'deprecate'])),
});
const compare = (shelf: Shelf, incoming: readonly IncomingTerm[]) => importDiff({ ...shelf, incoming });
function bringIn(
  shelf: Shelf,
  incoming: readonly IncomingTerm[],
  choose: (diff: ImportDiff) => ImportChoices = allTheirs,
): Shelf {
  const diff = compare(shelf, incoming);
  return imported(shelf, importAction(diff, choose(diff), '1.1'));
}

const terms = (count: number) =>
  aVocabulary(count).map((any) => whole(any).concepts.map((one) => coming(one)));
/** A source, the same later, and what people made of it here meanwhile: the second half are edits, field by field. */
const story = fc.tuple(
  terms(5),
  terms(6),
  terms(5),
  fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
);
/** Terms as people here left them: some fields of theirs, others as the source had said. */
function edited(
  here: readonly HereTerm[],
  edits: readonly IncomingTerm[],
  isEdited: readonly boolean[],
): HereTerm[] {
  const names = [
    'labels',
    'alt',
    'definition',
    'scope_note',
    'notation',
    'broader',
    'related',
    'matches',
    'unverified',
    'position',
  ] as const;
  return here.map((term, n) => {
    const other = edits[n];
    if (!other) return term;
    const own = names
      .filter((_, index) => isEdited[n * names.length + index])
      .map((name) => [name, other[name]]);
    return { ...term, ...Object.fromEntries(own) } as HereTerm;
  });
}
/** Words that are said twice on the two sides are taken out: they are compared without. */
const withoutWords = (fields: ReturnType<typeof fieldsOf>) =>
  [...fields].filter(([field]) => !/^(alt|hidden)/.test(field));

describe('an import', () => {
  it('into an empty vocabulary gives the source', () => {
    fc.assert(
      fc.property(terms(6), (source) => {
        const accepted = source.filter(({ status }) => status === 'accepted');
        const { here, origins } = bringIn(EMPTY, source);
        expect(here.map(({ id }) => id)).toEqual(accepted.map(({ id }) => id));
        const isHere = new Set(here.map(({ id }) => id));
        for (const [index, term] of accepted.entries()) {
          const found = here[index];
          const { uri } = term;
          expect({ ...found, uri, broader: 0, related: 0 }).toEqual({ ...term, broader: 0, related: 0 });
          expect(found?.broader).toBe(
            term.broader !== null && isHere.has(term.broader) ? term.broader : null,
          );
          expect(origins[term.id]?.uri).toBe(term.uri);
        }
      }),
    );
  });

  it('twice gives nothing to do, whatever was chosen', () => {
    fc.assert(
      fc.property(story, fc.infiniteStream(fc.boolean()), ([before, after, edits, isEdited], coins) => {
        const first = bringIn(EMPTY, before);
        const shelf = { ...first, here: edited(first.here, edits, isEdited) };
        const toss = <A, B>(one: A, other: B) => (coins.next().value ? one : other);
        const second = bringIn(shelf, after, ({ rows }) => ({
          conflicts: new Map(
            rows.flatMap(({ id, fields }) =>
              fields.map(({ field }) => [choiceKey(id, field), toss('ours', 'theirs')] as const),
            ),
          ),
          vanished: new Map(rows.map(({ id }) => [id, toss('keep', 'deprecate')] as const)),
        }));
        const again = compare(second, after);
        expect(again.rows.filter(({ kind }) => kind !== 'same')).toEqual([]);
        expect(importAction(again, allTheirs(again), '1.1')).toMatchObject({ concepts: [], deprecated: [] });
      }),
    );
  });

  it('with all from the source gives what it says wherever it changed its mind or nobody else did', () => {
    fc.assert(
      fc.property(story, ([before, after, edits, isEdited]) => {
        const first = bringIn(EMPTY, before);
        const shelf = { ...first, here: edited(first.here, edits, isEdited) };
        const { here } = bringIn(shelf, after);
        const { rows } = compare(shelf, after);
        for (const { incoming, origin, here: was, id } of rows) {
          if (!incoming || !was || !origin || incoming.status === 'deprecated') continue;
          const now = fieldsOf(here.find((one) => one.id === id) ?? {});
          const [theirs, said, mine] = [fieldsOf(incoming), fieldsOf(origin), fieldsOf(was)];
          for (const [field] of withoutWords(new Map([...now, ...theirs, ...said, ...mine]))) {
            const isUntouched = sameValue(mine.get(field), said.get(field));
            const hasChanged = !sameValue(theirs.get(field), said.get(field));
            if (isListField(field)) {
              const gone = listIn(said.get(field)).filter((one) => !listIn(theirs.get(field)).includes(one));
              const added = listIn(theirs.get(field)).filter((one) => !listIn(said.get(field)).includes(one));
              expect(listIn(now.get(field))).toEqual(expect.arrayContaining(added));
              expect(listIn(now.get(field)).filter((one) => gone.includes(one))).toEqual([]);
              if (isUntouched) expect(sameValue(now.get(field), theirs.get(field)), field).toBe(true);
            } else if (isUntouched || (hasChanged && field !== 'position')) {
              expect(now.get(field), field).toEqual(theirs.get(field));
            } else if (!hasChanged) {
              expect(now.get(field), field).toEqual(mine.get(field));
            }
          }
        }
      }),
    );
  });

  it('writes over nothing of people here, and touches no term of theirs, unless they say so', () => {
    fc.assert(
      fc.property(story, ([before, after, edits, isEdited]) => {
        const first = bringIn(EMPTY, before);
        const own = coming({
          ...edits[0],
          id: 'own',
          scheme: 's',
          broader: 'c0',
          replaced_by: null,
          position: 1,
        } as Parameters<typeof coming>[0]);
        const shelf = {
          ...first,
          here: [...edited(first.here, edits, isEdited), { ...own, status: 'accepted' as const }],
        };
        const { here, origins } = bringIn(shelf, after, () => NO_CHOICE);
        expect(here.find(({ id }) => id === 'own')).toEqual(shelf.here.at(-1));
        for (const was of shelf.here) {
          const now = here.find(({ id }) => id === was.id);
          const [mine, said, is] = [
            fieldsOf(was),
            fieldsOf(first.origins[was.id] ?? {}),
            fieldsOf(now ?? {}),
          ];
          for (const [field, value] of withoutWords(mine)) {
            if (isListField(field)) {
              const added = listIn(value).filter((one) => !listIn(said.get(field)).includes(one));
              expect(listIn(is.get(field))).toEqual(expect.arrayContaining(added));
            } else if (!sameValue(value, said.get(field))) {
              expect(is.get(field), field).toEqual(value);
            }
          }
        }
        // What has vanished stays until somebody chooses.
        const there = new Set(after.map(({ id }) => id));
        for (const { id, status } of first.here)
          if (!there.has(id))
            expect([id, here.find((one) => one.id === id)?.status, !!origins[id]]).toEqual([
              id,
              status,
              true,
            ]);
      }),
    );
  });
});

describe('a comparison', () => {
  const term = (id: string, more: Partial<IncomingTerm> = {}): IncomingTerm => ({
    ...{
      id,
      uri: `https://source.example.org/${id}`,
      labels: { fr: id },
      alt: {},
      hidden: {},
      definition: {},
      scope_note: {},
      example: {},
    },
    ...{
      change_note: {},
      broader: null,
      related: [],
      matches: {},
      notation: null,
      unverified: [],
      position: null,
      status: 'accepted',
    },
    ...more,
  });
  const kinds = (diff: ImportDiff) => diff.rows.map(({ id, kind }) => [id, kind]);

  it('tells a conflict by its three sides', () => {
    const shelf = bringIn(EMPTY, [term('a')]);
    const here = shelf.here.map((one) => ({ ...one, labels: { fr: 'ici' } }));
    const diff = compare({ ...shelf, here }, [term('a', { labels: { fr: 'là', en: 'there' } })]);
    expect(diff.rows[0]?.fields).toEqual([
      { field: 'labels.fr', from: 'a', to: 'là', local: 'ici' },
      { field: 'labels.en', from: null, to: 'there' },
    ]);
    expect(kinds(diff)).toEqual([['a', 'conflict']]);
  });

  it('of terms that were never imported asks about what differs, and takes what is missing', () => {
    const here = term('a', {
      labels: { fr: 'A' },
      alt: { fr: ['b'] },
      broader: null,
      position: 4,
    });
    const diff = compare({ here: [here], origins: {} }, [
      term('a', { labels: { fr: 'Á' }, alt: { fr: ['c'] }, notation: '1', position: 9 }),
    ]);
    expect(diff.rows[0]?.fields).toEqual([
      { field: 'labels.fr', from: null, to: 'Á', local: 'A' },
      { field: 'alt.fr', from: ['b'], to: ['b', 'c'] },
      { field: 'notation', from: null, to: '1' },
    ]);
  });

  it('of what has vanished, or was given up, proposes to use it no more, and counts the group’s own terms below', () => {
    const shelf = bringIn(EMPTY, [term('a'), term('b'), term('c')]);
    const own = { ...term('own', { broader: 'b' }), position: 1 };
    const diff = compare({ ...shelf, here: [...shelf.here, own] }, [
      term('a'),
      term('c', { status: 'deprecated' }),
      term('d', { status: 'deprecated' }),
    ]);
    expect(diff.rows.map(({ id, kind, localBelow }) => [id, kind, localBelow])).toEqual([
      ['a', 'same', 0],
      ['c', 'changed', 0],
      ['b', 'vanished', 1],
    ]);
    expect(importAction(diff, allTheirs(diff), '1.1')).toEqual({
      action: 'import',
      concepts: [],
      deprecated: ['c', 'b'],
      replaced: {},
      seen: '1.1',
    });
    const kept = importAction(diff, { ...NO_CHOICE, vanished: new Map([['b', 'keep']]) }, '1.1');
    expect(kept.concepts).toEqual([{ id: 'b', origin: null }]);
  });

  it('follows a source that replaces a term, and later uses it again; not where the group gave it up itself', () => {
    const shelf = bringIn(EMPTY, [term('a'), term('b'), term('c')]);
    const replaced = [{ ...term('a', { status: 'deprecated' }), replaced_by: 'b' }, term('b'), term('c')];
    expect(importAction(compare(shelf, replaced), NO_CHOICE, '1.1')).toMatchObject({
      concepts: [],
      deprecated: ['a'],
      replaced: { a: 'b' },
    });
    const later = bringIn(shelf, replaced);
    later.here.splice(2, 1, { ...(later.here[2] as HereTerm), status: 'deprecated' });
    const again = compare(later, [term('a'), term('b'), term('c')]);
    expect(again.rows.map(({ id, kind }) => [id, kind])).toEqual([
      ['a', 'changed'],
      ['b', 'same'],
      ['c', 'same'],
    ]);
    expect(importAction(again, NO_CHOICE, '1.1')).toMatchObject({
      concepts: [{ id: 'a', status: 'accepted', origin: { uri: term('a').uri } }],
      deprecated: [],
    });
  });

  it('of a term that is no longer used says nothing more where the source has lost it', () => {
    const shelf = bringIn(EMPTY, [term('a'), term('b')]);
    const without = bringIn(shelf, [term('b')]);
    expect(without.here.find(({ id }) => id === 'a')?.status).toBe('deprecated');
    expect(compare(without, [term('b')]).rows.map(({ id, kind }) => [id, kind])).toEqual([['b', 'same']]);
  });

  it('recognises a source whose addresses have another base', () => {
    const source = ['a', 'b', 'c'].map((id) => term(id));
    const shelf = bringIn(EMPTY, source);
    const moved = source.map((one) => ({ ...one, uri: `https://new.example.org/v2#${one.id}` }));
    const diff = compare(shelf, moved);
    expect(diff.moved).toEqual({ from: 'https://source.example.org/', to: 'https://new.example.org/v2#' });
    expect(kinds(diff)).toEqual([
      ['a', 'same'],
      ['b', 'same'],
      ['c', 'same'],
    ]);
    expect(bringIn(shelf, moved).origins['a']?.uri).toBe('https://new.example.org/v2#a');
    expect(compare(shelf, source).moved).toBeNull();
    expect(compare(shelf, [...source.slice(0, 2), term('z')]).moved).toBeNull();
  });

  it('says a word once where it is a name on one side and a synonym on the other', () => {
    const shelf = bringIn(EMPTY, [term('a', { labels: { fr: 'Lavoir' } })]);
    const here = shelf.here.map((one) => ({ ...one, labels: { fr: 'Bassin' } }));
    const diff = compare({ ...shelf, here }, [
      term('a', { labels: { fr: 'Lavoir couvert' }, alt: { fr: ['Bassin', 'Lavadou'] } }),
    ]);
    expect(importAction(diff, NO_CHOICE, '1.1').concepts[0]?.alt).toEqual({ fr: ['Lavadou'] });
  });
});
