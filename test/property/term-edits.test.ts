import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { deskConceptSchema, type DeskTerms } from '../../src/domain/thesaurus/desk-concept.ts';
import { changesOf, rebase, saysSame, type TermFields } from '../../src/domain/thesaurus/fields.ts';
import { mergeRefusal, moveRefusal } from '../../src/domain/thesaurus/operations.ts';
import { above, branches, outlineOf, outlineRows, treeStep } from '../../src/domain/thesaurus/outline.ts';
import { ancestors } from '../../src/domain/thesaurus/tree.ts';

const text = fc.constantFrom('', 'Lavoir', 'Fontaine', 'Croix');
const list = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
const fields: fc.Arbitrary<TermFields> = fc.record({
  'labels.fr': text,
  'definition.fr': text,
  'alt.fr': list,
  related: list,
});

/** What the server makes of a change: texts must be as they were seen, lists merge as sets. */
function applied(now: TermFields, changes: ReturnType<typeof changesOf>): TermFields {
  const next: Record<string, string | readonly string[]> = { ...now };
  for (const [path, { from, to }] of Object.entries(changes)) {
    const current = now[path] ?? '';
    if (typeof current === 'string') {
      if ((from ?? '') !== current && (to ?? '') !== current) throw new Error(`concept_moved ${path}`);
      next[path] = (to as string | null) ?? '';
    } else {
      const [was, wanted] = [from as string[], to as string[]];
      const kept = current.filter((one) => !was.includes(one) || wanted.includes(one));
      next[path] = [...kept, ...wanted.filter((one) => !was.includes(one) && !kept.includes(one))];
    }
  }
  return next;
}

const sameFields = (one: TermFields, other: TermFields) =>
  Object.keys(one).every((path) => saysSame(one[path] ?? '', other[path] ?? ''));

test('what is sent makes of what was seen what was typed', () => {
  fc.assert(
    fc.property(fields, fields, (seen, typed) => sameFields(applied(seen, changesOf(seen, typed)), typed)),
  );
});

test('what was typed over what somebody else wrote is taken by the server, and loses neither', () => {
  fc.assert(
    fc.property(fields, fields, fields, (seen, mine, theirs) => {
      const { typed, conflicts } = rebase(seen, mine, theirs);
      const written = applied(theirs, changesOf(theirs, typed));
      for (const [path, now] of Object.entries(written)) {
        const [was, my, their] = [seen[path] ?? '', mine[path] ?? '', theirs[path] ?? ''];
        if (typeof now === 'string') {
          // My text where I changed it, theirs where I did not; both told where both did, and differently.
          expect(now).toBe(saysSame(was, my) ? their : my);
          const bothChanged = was !== my && was !== their && my !== their;
          expect(conflicts.some((one) => one.path === path)).toBe(bothChanged);
        } else {
          for (const word of my as string[]) if (!was.includes(word)) expect(now).toContain(word);
          for (const word of their as string[]) {
            if (!was.includes(word)) expect(now).toContain(word);
          }
          for (const word of was as string[]) {
            expect(now.includes(word)).toBe(my.includes(word) && their.includes(word));
          }
        }
      }
    }),
  );
});

/** A tree: each term below one of those before it, or at the top. */
const aTree: fc.Arbitrary<DeskTerms> = fc
  .array(fc.tuple(fc.option(fc.nat()), fc.boolean()), { minLength: 2, maxLength: 14 })
  .map((all) => {
    const made = all.map(([under, isUsed], index) =>
      deskConceptSchema.parse({
        id: `c${index}`,
        scheme: 's',
        labels: { fr: `Terme ${index}` },
        broader: under === null || index === 0 ? null : `c${under % index}`,
        status: isUsed || index % 3 > 0 ? 'accepted' : 'deprecated',
      }),
    );
    return new Map(made.map((one) => [one.id, one]));
  });

const anEdit = fc.record({ tree: aTree, a: fc.nat(), b: fc.nat() });
const idAt = (terms: DeskTerms, n: number) => [...terms.keys()][n % terms.size] ?? '';

test('a move that is allowed never makes the tree go round in circles, one refused as "below" would', () => {
  fc.assert(
    fc.property(anEdit, ({ tree, a, b }) => {
      const [id, under] = [idAt(tree, a), idAt(tree, b)];
      const refusal = moveRefusal(tree, id, under);
      const moved = new Map(tree);
      const term = tree.get(id);
      if (term) moved.set(id, { ...term, broader: under });
      // Up from where it went, one comes back to it only where the tree has a circle.
      const chain = [under, ...ancestors(moved, under)];
      if (refusal === null) expect(chain).not.toContain(id);
      if (refusal === 'below') expect(chain).toContain(id);
    }),
  );
});

test('a merge that is allowed leaves no circle once what lay below has gone under the other', () => {
  fc.assert(
    fc.property(anEdit, ({ tree, a, b }) => {
      const [gone, kept] = [idAt(tree, a), idAt(tree, b)];
      const refusal = mergeRefusal(tree, gone, kept);
      const after = new Map(
        [...tree.values()]
          .map((one) => {
            if (one.id === kept)
              return {
                ...one,
                broader: one.broader === gone ? (tree.get(gone)?.broader ?? null) : one.broader,
              };
            return one.broader === gone ? { ...one, broader: kept } : one;
          })
          .map((one) => [one.id, one]),
      );
      const isRound = [...after.keys()].some((id) => {
        const seen = new Set<string>();
        for (let at = after.get(id)?.broader ?? null; at !== null; at = after.get(at)?.broader ?? null) {
          if (seen.has(at)) return true;
          seen.add(at);
        }
        return false;
      });
      if (refusal === null) expect(isRound).toBe(false);
      if (refusal === 'below') expect(isRound).toBe(true);
    }),
  );
});

test('the tree shows each term once, whole, where it stands; every line is reached by the down arrow', () => {
  fc.assert(
    fc.property(aTree, fc.boolean(), (terms, withDeprecated) => {
      const outline = outlineOf(terms, 'fr', withDeprecated);
      const rows = outlineRows(outline, new Set(branches(outline)));
      const shown = [...terms.values()].filter((one) => withDeprecated || one.status === 'accepted');
      expect(rows.map(({ id }) => id).toSorted()).toEqual(shown.map(({ id }) => id).toSorted());
      for (const { id, level } of rows) expect(level).toBe(above(outline, id).length + 1);
      const walked: string[] = [];
      for (let at: string | null = null; walked.length < rows.length;) {
        at = treeStep(rows, at, at === null ? 'Home' : 'ArrowDown')?.go ?? null;
        if (at === null) break;
        walked.push(at);
      }
      expect(walked).toEqual(rows.map(({ id }) => id));
    }),
  );
});
