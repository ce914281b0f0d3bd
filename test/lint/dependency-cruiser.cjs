/** Who may import whom: the table of CONTRIBUTING.md, as rules. */
const layer = (name) => `^src/${name}/`;
const only = (from, allowed, packages) => [
  {
    name: `${from}-layers`,
    severity: 'error',
    from: { path: layer(from) },
    to: { path: '^src/', pathNot: [layer(from), ...allowed.map(layer)] },
  },
  {
    name: `${from}-packages`,
    severity: 'error',
    from: { path: layer(from) },
    to: { path: 'node_modules', pathNot: packages.map((p) => `node_modules/${p}/`) },
  },
];

const rules = [
  ...only('domain', [], ['zod']),
  ...only('db', ['domain'], ['dexie']),
  ...only('api', ['domain'], ['@supabase/[^/]+', 'zod']),
  ...only('device', ['domain'], ['exifr', 'fflate', 'papaparse']),
  ...only('sync', ['domain', 'db', 'api', 'device'], ['dexie']),
  ...only('state', ['domain', 'db', 'sync', 'api', 'device'], ['svelte', 'dexie', 'kdbush', 'geokdbush']),
  ...only('map', ['domain', 'i18n', 'ui'], ['svelte', 'leaflet', 'kdbush', 'geokdbush']),
  ...only('ui', ['styles', 'i18n'], ['svelte', '@lucide/svelte', 'bits-ui']),
  ...only(
    'features',
    ['domain', 'state', 'map', 'ui', 'i18n'],
    ['svelte', 'svelte-spa-router', '@lucide/svelte'],
  ),
  ...only('i18n', [], []),
  ...only('sw', [], ['workbox-[^/]+']),
];

module.exports = {
  forbidden: [
    ...rules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      // The form of an inventory is asked in the field and corrected at the desk: one renderer.
      name: 'features-apart',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: ['^src/features/$1/', '^src/features/form/'] },
    },
    {
      name: 'no-tests-in-code',
      severity: 'error',
      from: { path: '^(src|supabase)/' },
      to: { path: '^test/' },
    },
    {
      // The page holds the session and asks for tokens; the worker would carry the library for nothing.
      name: 'no-session-in-sync',
      severity: 'error',
      from: { path: '^src/sync/' },
      to: { path: '@supabase/|^src/api/(session|auth)\\.ts$' },
    },
    { name: 'no-server-in-app', severity: 'error', from: { path: '^src/' }, to: { path: '^supabase/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'src/i18n/generated' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'browser', 'import', 'types', 'default'],
      extensions: ['.ts', '.js', '.svelte', '.svelte.ts', '.json'],
    },
  },
};
