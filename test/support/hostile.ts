/** Arguments of each call of the contract, with the least that makes it answer. */
export const calls: Readonly<Record<string, { base?: Record<string, unknown>; keys: string[] }>> = {
  themes: { keys: [] },
  thesaurus: { keys: ['scheme', 'since'] },
  points_search: {
    keys: ['q', 'bbox', 'themes', 'concept', 'commune', 'near', 'statuses', 'after', 'limit'],
  },
  point_sheet: { keys: ['id'] },
  territories: { keys: ['level', 'within', 'q', 'bbox', 'outlines', 'limit'] },
  stats: { keys: ['theme', 'territory'] },
  me: { keys: [] },
  charter_accept: { keys: ['rev'] },
  profile_update: { keys: ['display_name', 'named'] },
  sync_push: {
    base: { device_id: 'd', client: { name: 'x', version: '1' }, mutations: [] },
    keys: ['device_id', 'client', 'mutations'],
  },
  sync_pull: {
    base: { buckets: [{ id: 'u:me' }] },
    keys: ['epoch', 'visibility_epoch', 'buckets', 'limit'],
  },
  sync_snapshot: { base: { bucket: 'u:me' }, keys: ['bucket', 'after', 'limit', 'horizon'] },
  sync_digest: { keys: ['buckets'] },
  sync_ids: { base: { bucket: 'u:me' }, keys: ['bucket', 'after', 'limit'] },
  sync_receipts: { keys: ['mutation_ids'] },
  moderation_queue: { keys: ['theme', 'territory', 'kind', 'order', 'after', 'limit'] },
  moderation_lease: { keys: ['point_id', 'release'] },
  moderation_candidates: { keys: ['point_id'] },
  point_history: { keys: ['point_id'] },
};

/** Calls of the service: nobody else may even try. */
export const serviceCalls = ['photo_record', 'worker_take', 'worker_done'];

/** Values that no argument expects, or that many would stumble over. */
export const values: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  9_007_199_254_740_993,
  1e300,
  '',
  "'; drop table app.points; --",
  '%_\\',
  '(((',
  '😀'.repeat(5_000),
  '00000000-0000-0000-0000-000000000000',
  '99999-13-45',
  'c:heritage:120222303232',
  [],
  [null],
  [['x']],
  [{ id: 'u:me', cursor: '99999999999999999999.9' }],
  [{ id: 'c:heritage:120222303232', cursor: 5 }],
  Array.from({ length: 2_000 }, () => 'x'),
  {},
  { lon: 'x', lat: 1e300 },
];

/** Bodies that are no call at all. */
export const bodies: readonly [what: string, body: string][] = [
  ['no JSON', '{"p":'],
  ['a list', '[]'],
  ['a text', '"p"'],
  ['p is a text', '{"p":"x"}'],
  ['p is a list', '{"p":[]}'],
  ['p is a number', '{"p":1e400}'],
  ['a null character', '{"p":{"q":"a\\u0000b","id":"\\u0000"}}'],
  ['half of a character', '{"p":{"q":"\\ud800","id":"\\ud800"}}'],
  ['depth', `{"p":{"q":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`],
  ['two megabytes', `{"p":{"q":"${'x'.repeat(2_000_000)}"}}`],
];

/** Fields of each kind of mutation, as a sound one has them. */
export const mutations: Readonly<Record<string, Record<string, unknown>>> = {
  create: {
    theme: 'heritage',
    patch: { geom: { lon: 2.55, lat: 43.32, accuracy_m: 8, source: 'gps' } },
    status: 'draft',
    expected_photos: 1,
    form_rev: 1,
  },
  edit: { base_rev: 1, base: {}, patch: { 'attributes.name': 'x' }, submit: false, resolves: [] },
  confirm: { observed_at: '2026-05-02', found: true, condition: 'good', expected_photos: 1 },
  withdraw: { revision_id: null },
  comment: { text: 'x' },
  decide: {
    seen_rev: 1,
    seen_after: null,
    decision: 'publish',
    reason: 'other',
    comment: 'x',
    fields: [],
    photos: [],
    duplicate_of: null,
    keep: {},
    correction: { base: {}, patch: {} },
    revision_id: null,
    report_id: null,
  },
};
