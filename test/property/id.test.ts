import * as fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';

import { newMutationId, newPhotoId, newPointId, timeOfId } from '../../src/domain/id.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));
const instant = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true });
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it('ids of points and photos tell the day and nothing finer', () => {
  fc.assert(
    fc.property(instant, (at) => {
      for (const id of [newPointId(at, random), newPhotoId(at, random)]) {
        expect(id).toMatch(UUID_V7);
        expect(new Date(timeOfId(id)).toISOString()).toBe(`${at.toISOString().slice(0, 10)}T00:00:00.000Z`);
      }
    }),
  );
});

it('ids of mutations tell the millisecond, and sort by it', () => {
  fc.assert(
    fc.property(instant, instant, (one, two) => {
      const [a, b] = [newMutationId(one, random), newMutationId(two, random)];
      expect(timeOfId(a)).toBe(one.getTime());
      if (one < two) expect(a < b).toBe(true);
    }),
  );
});

it('a clock set before 1970 makes ids all the same, dated 1970, and each its own', () => {
  const before = fc.date({ min: new Date('1900-01-01'), max: new Date(-1), noInvalidDate: true });
  fc.assert(
    fc.property(before, (at) => {
      const ids = [newPointId, newPhotoId, newMutationId].map((make) => make(at, random));
      for (const id of ids) expect(id).toMatch(UUID_V7);
      expect(ids.map(timeOfId)).toEqual([0, 0, 0]);
      expect(new Set(ids).size).toBe(3);
    }),
  );
});

it('random bits never repeat', () => {
  const day = new Date('2026-05-02');
  expect(new Set(Array.from({ length: 2_000 }, () => newPointId(day, random))).size).toBe(2_000);
});
