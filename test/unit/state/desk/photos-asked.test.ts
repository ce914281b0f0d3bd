import { describe, expect, it } from 'vitest';

import type { QueueKind } from '../../../../src/domain/queue-item.ts';
import { type Review, reviewOfPoint } from '../../../../src/domain/review.ts';
import { partOf, takingOf } from '../../../../src/features/moderation/decisions.ts';
import { photosSeen } from '../../../../src/features/moderation/seen.ts';
import { aPoint } from '../../../support/arbitraries.ts';
import { anItem } from '../../../support/queue-items.ts';

const photo = (id: string, state: string) => ({ id, state, width: 4, height: 3 });
const point = aPoint({
  id: 'a',
  attributes: { name: 'Lavoir', use: 'laver' },
  photos: [photo('shown', 'published'), photo('one', 'pending'), photo('two', 'pending')],
});
const ASKED: readonly [QueueKind | null, readonly string[]][] = [
  ['new', ['one', 'two']],
  ['edit', ['one', 'two']],
  ['photo', ['one', 'two']],
  ['gone', []],
  ['report', []],
  [null, []],
];

describe('the photos of a decision', () => {
  it.each(ASKED)('that were seen with an item "%s" are those that it asks about', (kind, asked) => {
    expect(photosSeen(kind, point)).toEqual({ photos_seen: asked });
  });

  it.each(ASKED)('that are offered with an item "%s" are the same', (kind, asked) => {
    const item = kind && anItem('a', { kind });
    const review = reviewOfPoint(point, item ?? anItem('a'));
    expect(takingOf(item, review, () => true)).toMatchObject({ photos: asked, takenPhotos: asked });
  });

  it('are as many as the server takes', () => {
    const many = { photos: Array.from({ length: 300 }, (_, n) => photo(`${n}`, 'pending')) };
    expect(photosSeen('photo', many).photos_seen).toHaveLength(200);
  });
});

describe('the part of a decision', () => {
  const partLeaving = (kind: QueueKind, left: readonly string[], changes: Review['changes'] = []) => {
    const item = anItem('a', { kind });
    const review = { ...reviewOfPoint(point, item), changes };
    return partOf(
      item,
      takingOf(item, review, (what) => !left.includes(what)),
    );
  };
  const change = (path: string) => ({ path, before: null, after: 'x', change: 'added' as const });

  it('is not said of what is taken whole', () => {
    expect(partLeaving('new', [])).toEqual({});
    expect(partLeaving('edit', [], [change('attributes.use')])).toEqual({});
    expect(partLeaving('report', ['one', 'attributes.use'])).toEqual({});
  });

  it('names the photos that are taken, and of a new point the answers with its place', () => {
    expect(partLeaving('photo', ['one'])).toEqual({ photos: ['two'] });
    expect(partLeaving('photo', ['one', 'two'])).toEqual({ photos: [] });
    expect(partLeaving('new', ['attributes.use', 'two'])).toEqual({
      fields: ['geom', 'sensitivity', 'concept', 'attributes.name'],
      photos: ['one'],
    });
    const changes = [change('attributes.use'), change('attributes.name')];
    expect(partLeaving('edit', ['attributes.use'], changes)).toEqual({ fields: ['attributes.name'] });
  });
});
