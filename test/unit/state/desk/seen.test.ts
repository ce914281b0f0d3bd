import 'fake-indexeddb/auto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openCache } from '../../../../src/db/cache.ts';
import { outboxOf } from '../../../../src/db/outbox.ts';
import { openPrecious, type Precious } from '../../../../src/db/precious.ts';
import type { DecideMutation } from '../../../../src/domain/mutation.ts';
import { Decisions } from '../../../../src/state/desk/decisions.svelte.ts';
import type { DeskDeps } from '../../../../src/state/desk/deps.ts';
import { random } from '../../../support/phone.ts';
import { anItem } from '../../../support/queue-items.ts';

let precious: Precious;
let decisions: Decisions;

beforeEach(() => {
  precious = openPrecious('seen');
  const cache = openCache('me', 'seen-cache-');
  const deps = { precious, cache: () => cache, userId: () => 'me', now: () => new Date(), random };
  const shelved = { release: () => Promise.resolve(), giveBack: () => Promise.resolve() };
  decisions = new Decisions(deps as unknown as DeskDeps, shelved);
});
afterEach(() => precious.delete());

test('a decision follows those of this moderator on the same content that have not arrived', async () => {
  const edit = (revision_id: string) => anItem('a', { kind: 'edit', revision_id });
  await decisions.decide(edit('r1'), 7, { decision: 'publish' });
  await decisions.decide(edit('r2'), 7, { decision: 'publish' });
  await decisions.decide(edit('r3'), 7, { decision: 'publish' });
  // Another content than theirs, another point: on its own.
  await decisions.decide(edit('r4'), 8, { decision: 'publish' });
  await decisions.decide(anItem('b'), 7, { decision: 'publish' });
  const sent = (await outboxOf(precious, 'me')).map(({ mutation }) => mutation);
  const seen = sent.map((one) => ('seen_rev' in one ? one.seen_rev : 'seen_after' in one && one.seen_after));
  expect(seen).toEqual([7, sent[0]?.mutation_id, sent[1]?.mutation_id, 8, 7]);
});

test('it follows one that has arrived since the point was read, and none that came back', async () => {
  const decide = async (revision_id: string) => {
    await decisions.decide(anItem('a', { kind: 'edit', revision_id }), 7, { decision: 'publish' });
    return (await outboxOf(precious, 'me')).at(-1)?.mutation as DecideMutation;
  };
  const arrived = await decide('r1');
  await precious.outbox.clear();
  expect(await decide('r2')).toMatchObject({ seen_after: arrived.mutation_id });
  await precious.outbox.toCollection().modify({ state: 'refused' });
  expect(await decide('r3')).toMatchObject({ seen_after: arrived.mutation_id });
});
