import { expect, test } from 'vitest';

import { Preferences } from '../../src/state/preferences.svelte.ts';

function memoryStore(text?: string) {
  const map = new Map(text === undefined ? [] : [['capitelle.preferences', text]]);
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
}

test('choices outlive the visit', () => {
  const store = memoryStore();
  const first = new Preferences(store, ['en-GB', 'fr']);
  expect(first.language).toBe('en');
  expect(first.appearance).toBe('auto');
  first.setLanguage('fr');
  first.setAppearance('outdoors');
  first.rememberMapView({ lon: 2.5, lat: 43.3, zoom: 13 });
  const second = new Preferences(store, ['en-GB']);
  expect([second.language, second.appearance]).toEqual(['fr', 'outdoors']);
  expect(second.mapView).toEqual({ lon: 2.5, lat: 43.3, zoom: 13 });
});

test('an unknown language falls back to French', () => {
  expect(new Preferences(null, ['de-DE', 'oc']).language).toBe('fr');
});

test.each(['not json', 'null', '[]', '{"appearance":"neon","language":7,"mapView":{"lon":"x"}}'])(
  'what was damaged in storage is ignored: %s',
  (text) => {
    const preferences = new Preferences(memoryStore(text));
    expect([preferences.appearance, preferences.language]).toEqual(['auto', 'fr']);
    expect(preferences.mapView).toBeNull();
  },
);

test('a storage that refuses keeps the choice for the visit', () => {
  const refusing = {
    getItem: () => {
      throw new Error('blocked');
    },
    setItem: () => {
      throw new Error('blocked');
    },
  };
  const preferences = new Preferences(refusing);
  preferences.setAppearance('dark');
  expect(preferences.appearance).toBe('dark');
});
