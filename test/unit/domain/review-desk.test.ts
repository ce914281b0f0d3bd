import { describe, expect, it } from 'vitest';

import { eventsSince } from '../../../src/domain/history-event.ts';
import type { DecideMutation } from '../../../src/domain/mutation.ts';
import { isAnsweredBy, itemKey, type QueueItem, refOfKey } from '../../../src/domain/queue-item.ts';
import { reasonsOf } from '../../../src/domain/reasons.ts';
import { decisionsFor, mayCorrect, mayDecide, reviewOfPoint } from '../../../src/domain/review.ts';
import { differencesOf, suggestKeep, suggestSurvivor } from '../../../src/domain/survivor.ts';
import type { Theme } from '../../../src/domain/theme.ts';
import { aPoint } from '../../support/arbitraries.ts';

const ID = '018f0000-0000-7000-8000-000000000001';
const item = (over: Partial<QueueItem> = {}): QueueItem => ({
  point_id: ID,
  kind: 'new',
  mine: false,
  theme: 'heritage',
  concept: null,
  commune: null,
  waiting_since: '2026-05-02T10:00:00Z',
  expected_photos: 0,
  stored_photos: 0,
  candidates: 0,
  ...over,
});
const decide = (over: Partial<DecideMutation>): DecideMutation => ({
  kind: 'decide',
  mutation_id: 'm',
  v: 1,
  point_id: ID,
  captured_at: '2026-05-02T10:00:00Z',
  decision: 'publish',
  ...over,
});

describe('an item of the queue', () => {
  it('is named by its point and by what waits of it', () => {
    expect(itemKey(item())).toBe(`${ID}~new`);
    expect(itemKey(item({ kind: 'edit', revision_id: 'r' }))).toBe(`${ID}~r`);
    expect(itemKey(item({ kind: 'gone', report_id: 'g' }))).toBe(`${ID}~g`);
    expect(refOfKey(`${ID}~new`)).toEqual({ pointId: ID, rest: 'new' });
    expect(refOfKey(ID)).toEqual({ pointId: ID, rest: null });
    expect(refOfKey('<script>')).toBeNull();
  });

  it.each<[string, QueueItem, Partial<DecideMutation>, boolean]>([
    ['its own decision', item(), {}, true],
    ['a decision on another point', item({ point_id: 'other' }), {}, false],
    ['a decision on an edit of the same point', item(), { revision_id: 'r' }, false],
    ['an edit by its own', item({ kind: 'edit', revision_id: 'r' }), { revision_id: 'r' }, true],
    [
      'an edit by the archiving of its point',
      item({ kind: 'edit', revision_id: 'r' }),
      { decision: 'archive' },
      false,
    ],
    [
      'a report dismissed',
      item({ kind: 'report', report_id: 'g' }),
      { decision: 'dismiss', report_id: 'g' },
      true,
    ],
    [
      'another report',
      item({ kind: 'report', report_id: 'h' }),
      { decision: 'dismiss', report_id: 'g' },
      false,
    ],
    ['photos beside a dismissed report', item({ kind: 'photo' }), { decision: 'dismiss' }, false],
    [
      'a report by a correction',
      item({ kind: 'report', report_id: 'g' }),
      { correction: { base: {}, patch: {} } },
      true,
    ],
    ['photos by a correction that saw none', item({ kind: 'photo' }), { photos_seen: [] }, false],
    ['photos that were seen', item({ kind: 'photo' }), { photos_seen: ['f'] }, true],
    ['a report by publishing photos', item({ kind: 'report', report_id: 'g' }), {}, false],
    ['what a restore brings back', item(), { decision: 'restore' }, false],
  ])('is answered, or not: %s', (_name, one, over, isAnswered) => {
    expect(isAnsweredBy(one, decide(over))).toBe(isAnswered);
  });

  it('offers what its state allows, the usual decision first', () => {
    expect(decisionsFor('new', 'submitted')).toEqual(['publish', 'to_complete', 'duplicate', 'reject']);
    expect(decisionsFor('edit', 'published')).toEqual(['publish', 'reject']);
    expect(decisionsFor('edit', 'archived')).toEqual(['reject']);
    expect(decisionsFor('gone', 'published')[0]).toBe('dismiss');
    expect(decisionsFor(null, 'duplicate')).toEqual(['restore']);
    expect(decisionsFor(null, 'draft')).toEqual([]);
    expect(mayCorrect('new', 'submitted')).toBe(true);
    expect(mayCorrect('report', 'published')).toBe(true);
    expect(mayCorrect(null, 'rejected')).toBe(false);
  });

  it('is decided by whom its review names, which knows the rule of the theme; until then not by its author', () => {
    const own = item({ mine: true });
    const review = reviewOfPoint(aPoint({ id: ID }), own);
    expect(mayDecide(own, null)).toBe(false);
    expect(mayDecide(own, { ...review, may_decide: true })).toBe(true);
    expect(mayDecide(item(), { ...review, may_decide: false })).toBe(false);
    expect(mayDecide(own, { ...review, may_decide: null })).toBe(false);
    expect(mayDecide(null, { ...review, may_decide: null })).toBe(true);
  });

  it('is read from the device when the server is away, with what changed since its author saw it', () => {
    const point = aPoint({
      id: ID,
      status: 'published',
      attributes: { condition: 'fair', name: 'Lavoir' },
      pending: [
        {
          revision_id: 'r',
          base_rev: 1,
          base: { 'attributes.condition': 'good', 'attributes.use': null },
          patch: { 'attributes.condition': 'ruin', 'attributes.use': 'laver' },
          state: 'pending',
          mine: false,
        },
      ],
    });
    const review = reviewOfPoint(point, item({ kind: 'edit', revision_id: 'r' }));
    expect(review.candidates).toBeNull();
    expect(review.changes).toEqual([
      { path: 'attributes.condition', before: 'good', after: 'ruin', change: 'changed', now: 'fair' },
      { path: 'attributes.use', before: null, after: 'laver', change: 'added' },
    ]);
  });
});

describe('two points that are one', () => {
  const poor = aPoint({ id: 'a', status: 'submitted', attributes: { name: 'Lavoir' }, photos: [] });
  const rich = aPoint({
    id: 'b',
    status: 'submitted',
    attributes: { name: 'Lavoir', use: 'laver' },
    photos: [],
  });

  it('a published one stays, whatever the other says', () => {
    const published = { ...poor, status: 'published' as const };
    expect(suggestSurvivor(rich, published)).toMatchObject({
      stays: published,
      why: 'published',
      isFree: false,
    });
  });

  it('else the one that says more, else the older; what the server told goes first', () => {
    expect(suggestSurvivor(poor, rich)).toMatchObject({ stays: rich, why: 'richer', isFree: true });
    expect(suggestSurvivor({ ...poor, id: 'c' }, poor)).toMatchObject({ stays: poor, why: 'older' });
    expect(suggestSurvivor(poor, rich, { id: 'a', why: 'older' })).toMatchObject({ stays: poor, goes: rich });
  });

  it('keeps what the one that stays says, and what only the other says', () => {
    const stays = aPoint({ attributes: { name: 'Lavoir', condition: 'good' } });
    const goes = { ...stays, attributes: { name: 'Lavoir', condition: 'ruin', use: 'laver' } };
    const differences = differencesOf(stays, goes);
    expect(differences.map(({ path }) => path)).toEqual(['attributes.condition', 'attributes.use']);
    expect(suggestKeep(differences)).toEqual({ 'attributes.condition': 'other', 'attributes.use': 'this' });
  });
});

it('reasons of the theme come after those of the contract, "other" last, none twice', () => {
  const reasons = [
    { code: 'too_modern', labels: { fr: 'Trop récent' } },
    'plain',
    'other',
    3,
    { labels: {} },
  ];
  const codes = reasonsOf({ settings: { reasons } } as unknown as Theme);
  expect(codes.slice(-3)).toEqual([
    { code: 'too_modern', labels: { fr: 'Trop récent' } },
    { code: 'plain', labels: null },
    { code: 'other', labels: null },
  ]);
  expect(reasonsOf(undefined)).toHaveLength(11);
});

it('what made a decision old is what happened to the content after it was seen', () => {
  const events = [
    { action: 'create', rev: 1 },
    { action: 'comment', rev: null },
    { action: 'edit', rev: 2 },
  ];
  expect(eventsSince(events, 1)).toEqual([{ action: 'edit', rev: 2 }]);
});
