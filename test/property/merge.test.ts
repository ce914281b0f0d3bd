import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { diff, patchBetween } from '../../src/domain/diff.ts';
import { jsonEquals } from '../../src/domain/json.ts';
import { mergePatch, mergeSets, sameValue } from '../../src/domain/merge.ts';
import { normalizeValue, writePatch } from '../../src/domain/paths.ts';
import { ownPoint, patch, value } from '../support/arbitraries.ts';

describe('merging on base values', () => {
  const isSet = (path: string) => path === 'attributes.materials';

  it('overwrites nothing in silence: each field is applied, already so, or in a conflict', () => {
    fc.assert(
      fc.property(patch, patch, patch, (server, base, mine) => {
        const merged = mergePatch((path) => server[path] ?? null, base, mine, isSet);
        for (const [path, wanted] of Object.entries(mine)) {
          const theirs = normalizeValue(server[path]);
          const isApplied = path in merged.apply;
          const conflict = merged.conflicts.find((one) => one.field === path);
          const isSame = jsonEquals(theirs, normalizeValue(wanted));
          expect(Number(isApplied) + Number(!!conflict) + Number(!isApplied && !conflict && isSame)).toBe(1);
          // What someone else wrote is only replaced where I had seen it, or joined with mine.
          if (isApplied && !isSet(path)) expect(jsonEquals(theirs, normalizeValue(base[path]))).toBe(true);
          if (conflict) expect(conflict).toMatchObject({ theirs, mine: normalizeValue(wanted) });
        }
        expect(Object.keys(merged.apply).every((path) => path in mine)).toBe(true);
      }),
    );
  });

  it('says the same when asked again after it was applied', () => {
    fc.assert(
      fc.property(patch, patch, patch, (server, base, mine) => {
        const once = mergePatch((path) => server[path] ?? null, base, mine);
        const after = { ...server, ...once.apply };
        const again = mergePatch((path) => after[path] ?? null, base, mine);
        expect(again.conflicts).toEqual(once.conflicts);
        for (const [path, one] of Object.entries(again.apply)) {
          expect(sameValue(path, after[path] ?? null, one)).toBe(true);
        }
      }),
    );
  });

  it('joins lists as sets: additions of both stay, what either took away is gone', () => {
    const list = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(list, list, list, (base, mine, theirs) => {
        const result = mergeSets(base, mine, theirs);
        const merged = Array.isArray(result) ? result : [];
        for (const item of ['a', 'b', 'c', 'd', 'e']) {
          const isWanted = base.includes(item)
            ? mine.includes(item) && theirs.includes(item)
            : mine.includes(item) || theirs.includes(item);
          expect(merged.includes(item)).toBe(isWanted);
        }
      }),
    );
  });

  it('takes positions nearer than their accuracy for one', () => {
    const at = (lat: number, accuracy_m: number) => ({ lon: 2, lat, accuracy_m, source: 'gps' });
    expect(sameValue('geom', at(43, 8), at(43.00006, 8))).toBe(true);
    expect(sameValue('geom', at(43, 8), at(43.0001, 8))).toBe(false);
    expect(sameValue('geom', at(43, 0), at(43.000005, 0))).toBe(true);
    expect(sameValue('geom', at(43, 8), null)).toBe(false);
  });
});

describe('differences', () => {
  it('lead from one content to the other, and back', () => {
    fc.assert(
      fc.property(ownPoint, ownPoint, (before, after) => {
        const there = patchBetween(before, after);
        expect(diff(writePatch(before, there.patch), after)).toEqual([]);
        expect(diff(writePatch(after, there.base), before)).toEqual([]);
        expect(diff(before, before)).toEqual([]);
      }),
    );
  });

  it('compare values whatever the order of their keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (one) => {
        const turned = Object.fromEntries(Object.entries(one).reverse());
        expect(jsonEquals(one, turned)).toBe(true);
      }),
    );
  });
});
